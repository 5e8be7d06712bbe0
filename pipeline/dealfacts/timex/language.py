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
from dealfacts.timex.tables import split_phrases, word_tables
from dealfacts.timex.tense import Tense

EMITTED = ("date", "mexp", "yexp", "pexp", "texp", "xexp", "dur", "dura", "durn", "range")
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
        words, phrases = split_phrases(word_tables(data, cldr))
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
        self.tense = Tense(data["tense"], data.get("articles", ()))
        self.foreign = tuple(data.get("foreign", ()))
        self.articles = frozenset(data.get("articles", ()))
        self.joiners = frozenset(data.get("joiners", ()))
        self.until = frozenset(data.get("until", ()))

    def nodes(self, text: str, *, join_ranges: bool) -> list[Node]:
        """Cut a text into tokens and run the levels of rules over them, those that join ranges on wish."""
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
    code = language.split("-", maxsplit=1)[0].lower()
    return TimexLanguage(lang_data(code, "timex.toml"), lang_data(code, "cldr_dates.json"))


def _expand(text: str, macros: dict[str, str]) -> str:
    """Replace `{name}` by the macro of that name; macros may use macros."""
    for _ in range(4):
        expanded = re.sub(r"\{([a-z]\w*)\}", lambda found: macros[found[1]], text)
        if expanded == text:
            return text
        text = expanded
    raise ConfigError(f"macros nest too deeply: {text!r}")


def _compile(rule: RuleText, codes: Codes) -> Rule:
    if rule.action not in ACTIONS:
        raise ConfigError(f"no grammar action {rule.action!r}; there are: {', '.join(sorted(ACTIONS))}")
    return Rule(rule, codes, ACTIONS[rule.action])
