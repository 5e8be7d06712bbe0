"""The errors dealfacts raises: one small tree, so that callers can tell whose fault it was."""

from __future__ import annotations


class DealfactsError(Exception):
    """Base of every error raised on purpose; the message names the place and the remedy."""


class ConfigError(DealfactsError):
    """A wrong option, an unknown stage or an impossible order of stages."""


class InputError(DealfactsError):
    """An input file or record that cannot be used."""


class ModelError(DealfactsError):
    """A model that is missing, damaged or of the wrong kind."""
