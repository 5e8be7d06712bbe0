"""The grammar engine, and that a language needs data only."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from dealfacts.errors import ConfigError
from dealfacts.timex import find_timexes, format_timex
from dealfacts.timex import language as language_module
from dealfacts.timex.actions import ACTIONS
from dealfacts.timex.grammar import Codes, Level, Node, Rule, RuleText

TOY = {
    "date_order": "DMY",
    "ordinal_suffixes": ["a"],
    "decade_suffixes": ["j"],
    "weak_capital": [],
    "joiners": ["kaj"],
    "words": {"unit": {"jaro": "Y", "monato": "M"}, "deictic": {"hieraŭ": -1}},
    "level": [
        {"rules": ["date calendar <- 'la'? day=dd|dth 'de' month=month ( 'de'? year=yyyy )?"]},
        {
            "rules": [
                "date deictic <- n=deictic",
                "pexp relative n=-1 <- 'pasinta' unit=unit",
                "mexp calendar <- month=month year=yyyy?",
                "yexp calendar <- <'en' year=yyyy",
            ]
        },
    ],
    "tense": {"past": [], "future": [], "past_endings": ["is"], "future_endings": ["os"], "near": {}},
    "write": {"D": "la {day}a de {month} de {year}", "Y": "{year}"},
}
TOY_CLDR = {
    "words": {"month": {"marto": 3, "majo": 5}, "mon": {}, "weekday": {}, "wd": {}},
    "months": ["januaro", "februaro", "marto", "aprilo", "majo", *[""] * 7],
    "weekdays": [""] * 7,
}


@pytest.fixture
def esperanto(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    files = {"timex.toml": TOY, "cldr_dates.json": TOY_CLDR}
    monkeypatch.setattr(language_module, "lang_data", lambda _code, name: files[name])
    language_module.timex_language.cache_clear()
    yield "eo"
    language_module.timex_language.cache_clear()


def test_a_new_language_needs_data_only(esperanto: str) -> None:
    text = "Ĝi aĉetis ĝin en majo kaj vendos ĝin la 3a de marto de 2027; hieraŭ kaj pasinta jaro, en 2019."
    spans = find_timexes(text, esperanto, dt.date(2026, 2, 3))
    assert [(s.text, s.value.timex) for s in spans] == [
        ("majo", "2025-05"),
        ("la 3a de marto de 2027", "2027-03-03"),
        ("hieraŭ", "2026-02-02"),
        ("pasinta jaro", "2025"),
        ("2019", "2019"),
    ]
    assert format_timex(spans[1].value, esperanto) == "la 3a de marto de 2027"


def make(rules: list[str], *tokens: tuple[str, dict[str, Any]]) -> list[Any]:
    """Run rules over tokens given as (text, classes) and return what stands where."""
    codes = Codes()
    for _, values in tokens:
        codes.code(values)
    texts = [RuleText.parse(rule) for rule in rules]
    for text in texts:
        codes.code((text.out,))
    level = Level([Rule(text, codes, lambda **slots: slots or True) for text in texts], codes, 1)
    nodes = [Node(i, i + 1, codes.code(values), values) for i, (_, values) in enumerate(tokens)]
    return [(n.start, n.end, n.values) for n in level.apply(nodes)]


DAY, OF, MONTH = ("3", {"dd": 3}), ("of", {"'of'": "of"}), ("May", {"month": 5})


def test_the_longest_match_wins_whatever_the_order() -> None:
    rules = ["a keep <- day=dd", "b keep <- day=dd 'of'? month=month"]
    assert make(rules, DAY, OF, MONTH) == [(0, 3, {"b": {"day": 3, "month": 5}})]
    assert make(rules[::-1], DAY, OF, MONTH) == [(0, 3, {"b": {"day": 3, "month": 5}})]


def test_what_stands_around_stays_outside() -> None:
    assert make(["m keep <- <'of' month=month"], OF, MONTH)[1] == (1, 2, {"m": {"month": 5}})
    assert make(["m keep <- <!'of' month=month"], OF, MONTH)[1][2] == {"month": 5}
    assert make(["d keep <- day=dd >'of' >month"], DAY, OF, MONTH)[0] == (0, 1, {"d": {"day": 3}})
    assert make(["m keep <- <dd <'of' month=month"], DAY, OF, MONTH)[2] == (2, 3, {"m": {"month": 5}})


def test_groups_have_alternatives_and_repeats() -> None:
    rule = "x keep <- ( 'of' / dd ){0,2} month=month"
    assert make([rule], DAY, OF, MONTH) == [(0, 3, {"x": {"month": 5}})]
    assert make([rule], MONTH) == [(0, 1, {"x": {"month": 5}})]


@pytest.mark.parametrize("line", ["date calendar month", "<- month", "date <- month", ""])
def test_a_line_that_is_no_rule_is_refused(line: str) -> None:
    with pytest.raises(ConfigError, match="not a grammar rule"):
        RuleText.parse(line)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [("month?", "matches nothing"), ("( month", "unclosed group"), ("mo;nth", "not a pattern element")],
)
def test_a_wrong_pattern_is_refused(pattern: str, reason: str) -> None:
    codes = Codes()
    codes.code(("month",))
    with pytest.raises(ConfigError, match=reason):
        Rule(RuleText("x", "keep", {}, pattern), codes, ACTIONS["keep"])


@pytest.mark.parametrize("language", ["en", "nl", "es"])
def test_every_rule_of_a_language_can_match(language: str) -> None:
    tools = language_module.timex_language(language)
    dead = [
        rule.text.pattern
        for level in tools._levels
        for rules in level._by_first.values()
        for rule in rules
        if "(?!)" in rule.regex.pattern and "|" not in rule.regex.pattern
    ]
    assert dead == []


def test_an_unknown_action_is_named() -> None:
    wrong = {**TOY, "level": [{"rules": ["x fly <- month"]}]}
    with pytest.raises(ConfigError, match="no grammar action 'fly'"):
        language_module.TimexLanguage(wrong, TOY_CLDR)


def test_a_regional_code_uses_its_language() -> None:
    assert [s.value.timex for s in find_timexes("el 3 de mayo de 2025", "es-MX", None)] == ["2025-05-03"]


def test_a_language_without_data_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no timex\.toml"):
        find_timexes("2025", "xx", None)
