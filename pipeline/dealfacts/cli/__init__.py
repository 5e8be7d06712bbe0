"""The command `dealfacts`. Standard output carries records only; all else goes to standard error."""

from dealfacts.cli.app import main

__all__ = ["main"]
