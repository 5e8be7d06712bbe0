"""The word tables of a language: what is written by hand, what CLDR has, and what follows from both.

A table maps each word or phrase to its classes, and each class to a value.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from dealfacts.timex.grammar import RuleText
from dealfacts.timex.meaning import Relative

Tables = dict[str, dict[str, Any]]

_CLASSES_TO_WEAKEN = ("month", "mon", "weekday", "wd", "unit")
_NUMBER_CLASSES = ("card", "ones", "teens", "tens")


def word_tables(data: dict[str, Any], cldr: dict[str, Any]) -> Tables:
    """Join all word tables of a language.

    Args:
        data: the content of `timex.toml`.
        cldr: the content of `cldr_dates.json`.
    """
    tables = _written(data, cldr)
    if data.get("fold_accents"):
        for word in list(tables):
            tables.setdefault(_without_accents(word), tables[word])
    _weaken(tables, data.get("weak", ()))
    _mark_singular(tables, data["words"].get("plural", {}))
    for word, number in _joined_numbers(data.get("joined_numbers")).items():
        tables.setdefault(word, {})["card"] = number
    _join_durations(tables, data.get("joined_durations", {}))
    for ending, part in data.get("joined_dayparts", {}).items():
        for name, weekday in cldr["words"]["weekday"].items():
            tables.setdefault(f"{name}{ending}", {})["wdpart"] = (weekday, part)
    for phrase in data["words"].get("yearend", ()):
        tables[phrase.casefold()]["yearend"] = Relative("Y", 0)
    return tables


def split_phrases(tables: Tables) -> tuple[Tables, list[RuleText]]:
    """Tell single words from phrases; a phrase becomes a rule, and its words become known."""
    words: Tables = {}
    phrases = []
    for phrase, values in tables.items():
        tokens = re.findall(r"[^\W\d_]+|\d+|['’][^\W\d_]+|[^\w\s]", phrase)
        if len(tokens) == 1:
            words[phrase] = values
            continue
        for token in tokens:
            words.setdefault(token, {})
        pattern = " ".join(f'"{token}"' if "'" in token else f"'{token}'" for token in tokens)
        phrases += [RuleText(name, "keep", {"x": value}, pattern) for name, value in values.items()]
    return words, phrases


def _written(data: dict[str, Any], cldr: dict[str, Any]) -> Tables:
    """Turn class -> word -> value into word -> class -> value; what is written by hand wins."""
    tables: Tables = {}
    dropped = set(data.get("cldr_drop", ()))
    for name, table in cldr["words"].items():
        for word, value in table.items():
            if word not in dropped:
                tables.setdefault(word.casefold(), {})[name] = value
    for name, table in data["words"].items():
        for word, value in table.items():
            tables.setdefault(word.casefold(), {})[name] = value
    return tables


def _without_accents(word: str) -> str:
    """Drop the accents of a word, as capitals and hasty writers do."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _weaken(tables: Tables, weak: list[str]) -> None:
    """Give words that are dates only in company classes of their own: `wmonth` for `month`."""
    for word in weak:
        values = tables.get(word, {})
        for name in _CLASSES_TO_WEAKEN:
            if name in values:
                values[f"w{name}"] = values.pop(name)


def _mark_singular(tables: Tables, plural: dict[str, str]) -> None:
    """Give units that are no plurals the class `unit1` too."""
    plurals = {word.casefold() for word in plural} | {_without_accents(word.casefold()) for word in plural}
    for word, values in tables.items():
        if "unit" in values and word not in plurals and "unit1" not in values:
            values["unit1"] = values["unit"]
            if " " in word:  # a phrase can have one class only
                del values["unit"]


def _joined_numbers(spec: dict[str, Any] | None) -> dict[str, int]:
    """Spell numbers written as one word from their parts (`drieëntwintig`)."""
    if spec is None:
        return {}
    return {
        f"{unit}{link}{ten}": units + tens
        for ten, tens in spec["tens"].items()
        for unit, units in spec["units"].items()
        for link in spec["links"]
    }


def _join_durations(tables: Tables, endings: dict[str, str]) -> None:
    """Spell lengths of time written as one word (`vierdaagse`)."""
    numbers = {
        word: values[name] for word, values in tables.items() for name in _NUMBER_CLASSES if name in values
    }
    for ending, unit in endings.items():
        for word, number in numbers.items():
            tables.setdefault(f"{word}{ending}", {})["joineddur"] = (number, unit)
