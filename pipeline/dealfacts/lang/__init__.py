"""Language data: every word list, pattern and name lives here as data, one folder a language.

A language is a folder named by its BCP 47 code with TOML files (kept by hand) and JSON files
(made by a script). The code asks for a file by name and knows no language by heart.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from dealfacts.errors import ConfigError


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages with data, sorted."""
    return tuple(
        sorted(entry.name for entry in files(__name__).iterdir() if entry.is_dir() and entry.name[0] != "_")
    )


@cache
def lang_data(language: str, name: str) -> dict[str, Any]:
    """Read one data file of a language; treat the result as read-only, it is shared.

    Args:
        language: a code such as `nl`.
        name: the file's name with its ending: `quantities.toml`, `cldr.json`.

    Raises:
        ConfigError: when there is no such language or file.
    """
    path = files(__name__).joinpath(language, name)
    if not path.is_file():
        raise ConfigError(
            f"no {name} for language {language!r}; languages with data: {', '.join(languages())}"
        )
    content = path.read_bytes()
    loaded: dict[str, Any] = (
        orjson.loads(content) if name.endswith(".json") else tomllib.loads(content.decode())
    )
    return loaded
