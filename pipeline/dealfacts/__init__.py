"""dealfacts: structured deal facts from business news in English, Dutch and Spanish."""

from dealfacts.errors import ConfigError, DealfactsError, InputError, ModelError
from dealfacts.records import Article, Deal, Fact, Mention
from dealfacts.stage import Stage, load

__version__ = "0.1.0"
__all__ = [
    "Article",
    "ConfigError",
    "Deal",
    "DealfactsError",
    "Fact",
    "InputError",
    "Mention",
    "ModelError",
    "Stage",
    "load",
]
