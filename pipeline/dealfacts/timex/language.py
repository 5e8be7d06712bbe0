"""A language as the finder uses it: its tables and rules read, checked and compiled once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from dealfacts.errors import ConfigError
from dealfacts.lang import lang_data
from dealfacts.timex.actions import ACTIONS
from dealfacts.timex.grammar import Codes, Level, Node, Rule, RuleText
from dealfacts.timex.lexer import Lexer
from dealfacts.timex.meaning import Relative
from dealfacts.timex.tense import Tense

EMITTED = ("date", "mexp", "yexp", "pexp", "texp", "xexp", "dur", "dura", "range")
"""The classes whose nodes are time expressions; the others only help to make them."""

_OUTSIDE = ("other", "break", *EMITTED)


class TimexLanguage:
    """The lexer, the levels of rules and the tense cues of one language.

    Args:
        data: the content of `timex.toml`.
        cldr: the content of `cldr_dates.json`.
    """

    def __init__(self, data: dict[str, Any], cldr: dict[str, Any]) -> None:
        self.data = data
        self.cldr = cldr
        macros = {name: _expand(text, data["macros"]) for name, text in data.get("macros", {}).items()}
        levels = [
            ([RuleText.parse(_expand(line, macros)) for line in level["rules"]], level.get("passes", 1))
            for level in data["level"]
        ]
        self._joins_ranges = [False] + [level.get("ranges", False) for level in data["level"]]
        tables = _tables(data, cldr)
        words, phrases = _split_phrases(tables)
        for rules, _ in levels:
            for rule in rules:
                for word in rule.words():
                    words.setdefault(word, {})
        codes = Codes()
        compact = [(re.compile(form["re"]), form["class"]) for form in data.get("compact", [])]
        self.lexer = Lexer(words, codes, data, compact)
        for name in (*_OUTSIDE, *(rule.out for rules, _ in [*levels, (phrases, 1)] for rule in rules)):
            codes.code((name,))
        self._levels = [
            Level([_compile(rule, codes) for rule in rules], codes, passes)
            for rules, passes in [(phrases, 1), *levels]
        ]
        self.emitted = {codes.code((name,)): name for name in EMITTED}
        for name in ("date", "mexp", "texp"):  # figures give these straight from the lexer
            self.emitted[codes.code((name,))] = name
        self.tense = Tense(data["tense"])
        self.articles = frozenset(data.get("articles", ()))
        self.joiners = frozenset(data.get("joiners", ()))

    def nodes(self, text: str, *, join_ranges: bool) -> list[Node]:
        """Cut a text into tokens and run the levels of rules over them, with or without those that join ranges."""
        nodes = self.lexer.nodes(text)
        for level, joins_ranges in zip(self._levels, self._joins_ranges, strict=True):
            if join_ranges or not joins_ranges:
                nodes = level.apply(nodes)
        return nodes


@cache
def timex_language(language: str) -> TimexLanguage:
    """Load a language's time grammar; regional codes such as `es-MX` use the language's own.

    Raises:
        ConfigError: when there is no such language, or its data is wrong.
    """
    code = language.split("-")[0].lower()
    return TimexLanguage(lang_data(code, "timex.toml"), lang_data(code, "cldr_dates.json"))


def _expand(text: str, macros: dict[str, str]) -> str:
    """Replace `{name}` by the macro of that name; macros may use macros."""
    for _ in range(4):
        expanded = re.sub(r"\{([a-z]\w*)\}", lambda found: macros[found[1]], text)
        if expanded == text:
            return text
        text = expanded
    raise ConfigError(f"macros nest too deeply: {text!r}")


def _tables(data: dict[str, Any], cldr: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Join the word tables: phrase -> class -> value."""
    tables: dict[str, dict[str, Any]] = {}
    drop = set(data.get("cldr_drop", ()))
    for source in (cldr["words"], data["words"]):
        for name, table in source.items():
            for phrase, value in table.items():
                if source is cldr["words"] and phrase in drop:
                    continue
                tables.setdefault(phrase.casefold(), {})[name] = value
    for phrase in data.get("weak", ()):
        values = tables.get(phrase, {})
        for name in ("month", "mon", "weekday", "wd", "unit"):
            if name in values:
                values[f"w{name}"] = values.pop(name)
    plural = {phrase.casefold() for phrase in data["words"].get("plural", ())}
    for phrase, values in tables.items():
        if "unit" in values and phrase not in plural:
            values["unit1"] = values["unit"]
    for phrase, value in _joined_numbers(data.get("joined_numbers")).items():
        tables.setdefault(phrase, {})["card"] = value
    for ending, part in data.get("joined_dayparts", {}).items():
        for name, weekday in cldr["words"]["weekday"].items():
            tables.setdefault(f"{name}{ending}", {})["wdpart"] = (weekday, part)
    numbers: dict[str, Any] = {
        word: values.get("card") or values.get("ones") or values.get("teens") or values.get("tens")
        for word, values in tables.items()
    }
    for ending, unit in data.get("joined_durations", {}).items():
        for word, number in numbers.items():
            if number:
                tables.setdefault(f"{word}{ending}", {})["joineddur"] = (number, unit)
    for phrase in data["words"].get("yearend", {}):
        tables[phrase]["yearend"] = Relative("Y", 0)
    return tables


def _joined_numbers(spec: dict[str, Any] | None) -> dict[str, int]:
    """Spell numbers written as one word from their parts (`drieentwintig`)."""
    if spec is None:
        return {}
    return {
        f"{unit}{link}{ten}": units + tens
        for ten, tens in spec["tens"].items()
        for unit, units in spec["units"].items()
        for link in spec["links"]
    }


def _split_phrases(
    tables: dict[str, dict[str, Any]],
) -> tuple[dict[str, dict[str, Any]], list[RuleText]]:
    """Tell single words from phrases; a phrase becomes a rule."""
    words: dict[str, dict[str, Any]] = {}
    phrases = []
    for phrase, values in tables.items():
        tokens = re.findall(r"[^\W\d_]+|\d+|['’][^\W\d_]+|[^\w\s]", phrase)
        if len(tokens) == 1:
            words[phrase] = values
            continue
        for token in tokens:
            words.setdefault(token, {})
        for name, value in values.items():
            pattern = " ".join(f'"{token}"' if "'" in token else f"'{token}'" for token in tokens)
            phrases.append(RuleText(name, "keep", {"x": value}, pattern))
    return words, phrases


def _compile(rule: RuleText, codes: Codes) -> Rule:
    if rule.action not in ACTIONS:
        raise ConfigError(f"no grammar action {rule.action!r}; there are: {', '.join(sorted(ACTIONS))}")
    return Rule(rule, codes, ACTIONS[rule.action])
