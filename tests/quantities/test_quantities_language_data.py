"""The data files agree with each other, with pint and with CLDR; a new language needs no code."""

from __future__ import annotations

import copy
import importlib.util
import tomllib
from pathlib import Path
from typing import Any

import pint
import pytest

from dealfacts.errors import ConfigError
from dealfacts.lang import lang_data, languages
from dealfacts.quantities import compile as compiling
from dealfacts.quantities import find_quantities, format_value
from dealfacts.quantities.compile import lexicon, unit_name
from dealfacts.records import Money

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_cldr.py"
# Counted by the industry, unknown to pint.
NOT_IN_PINT = {"TEU"}


def test_cldr_files_are_fresh() -> None:
    spec = importlib.util.spec_from_file_location("build_cldr", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    stale = [str(path) for path, content in script.build().items() if path.read_bytes() != content]
    assert not stale, "run scripts/build_cldr.py"


def test_units_are_pint_names() -> None:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    names = set(lang_data("_root", "quantities.toml")["units"].values())
    for code in languages():
        names |= {unit_name(key) for key in lang_data(code, "quantities.toml")["units"]}
    for name in names - NOT_IN_PINT:
        registry.parse_units(name)


def test_families_hold_codes_of_cldr() -> None:
    codes = set(lang_data("_root", "cldr_currencies.json")["codes"])
    for name, family in lang_data("_root", "quantities.toml")["families"].items():
        assert set(family["codes"]) <= codes | {"XCG", "IEP"}, name
        assert family.get("default") in {None, *family["codes"]}, name


@pytest.mark.parametrize("code", languages())
def test_currency_words_name_codes_or_families(code: str) -> None:
    tables = lexicon(code)
    known = set(lang_data("_root", "cldr_currencies.json")["codes"]) | {"XBT", "CLF", "XCG"}
    entries = [*tables.exact.values()]
    for head in tables.phrases.values():
        entries += [head.single] if head.single else []
        entries += [entry for phrases in head.longer.values() for _, entry in phrases]
    for entry in entries:
        assert entry.currency is None or entry.currency in known or entry.currency in tables.families


def test_contradicting_modifiers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = copy.deepcopy(lang_data("nl", "quantities.toml"))
    broken["modifiers"]["before"]["less_than"].append("ruim")
    monkeypatch.setattr(
        compiling,
        "lang_data",
        lambda code, name: broken if (code, name) == ("nl", "quantities.toml") else lang_data(code, name),
    )
    with pytest.raises(ConfigError, match="ruim"):
        lexicon.__wrapped__("nl")


# A language of nothing but data: Esperanto, as far as a test needs it.
TOY = """
[numbers]
"1" = ["unu"]
"2" = ["du"]
"3" = ["tri"]
"20" = ["dudek"]
[number_rules]
articles = []
shy = []
joiners = {}
inverted = false
compounds = false
compound_fractions = []
point = ["komo"]
negative = ["minus"]
[scales]
"1e3" = ["mil"]
"1e6" = ["miliono", "milionoj"]
[scale_plurals]
[scale_suffixes.sure]
[scale_suffixes.shy]
[groups]
[fractions]
"1/2" = ["duono"]
[vague]
[figures]
nouns = []
sums = []
[words]
of = ["da"]
and = ["kaj"]
or = ["aŭ"]
to = ["ĝis"]
between = ["inter"]
from = ["de"]
change = []
[modifiers]
fillers = []
totals = []
max_fillers = 2
adjacent = []
direction = []
[modifiers.before]
more_than = ["pli ol"]
[modifiers.after]
[percent]
percent = ["%", "procentoj"]
[currency]
EUR = ["eŭro", "eŭroj"]
[subunits]
[subunit_rules]
glued = []
not_glued = []
[currency_names]
before = []
shy = []
[coins]
[units]
gigawatt = ["gigavato", "gigavatoj"]
[multiples]
[multiple_rules]
before = []
shy = []
occasions = []
cues = []
[fraction_rules]
shy = []
[per]
share = ["por akcio"]
[counts]
plural_endings = ["oj"]
scale_needs_of = true
verb_endings = []
nouns = []
adjectives = []
money_nouns = []
money_cues = []
[stop]
function = []
time = []
months = []
labels = []
[places]
[format]
money = "{number} {currency}"
money_scaled = "{number} da {currency}"
symbols = {}
names = { EUR = ["eŭro", "eŭroj"] }
units = {}
scales = [["1e6", "miliono", "milionoj"]]
percent = "{number}%"
point = ["{number} poentoj", "{number} poentoj"]
quantity = "{number} {unit}"
quantity_scaled = "{number} da {unit}"
range = "{low} ĝis {high}"
modifiers = { more_than = "pli ol {text}" }
per = {}
"""


def test_a_language_is_data_only(monkeypatch: pytest.MonkeyPatch) -> None:
    toy: dict[str, Any] = tomllib.loads(TOY)

    def data(code: str, name: str) -> dict[str, Any]:
        if code != "eo":
            return lang_data(code, name)
        return toy if name == "quantities.toml" else {"currencies": {}, "display": {}, "places": {}}

    monkeypatch.setattr(compiling, "lang_data", data)
    monkeypatch.setattr(compiling, "languages", lambda: (*languages(), "eo"))
    monkeypatch.setattr("dealfacts.quantities.formatting.lang_data", data)
    lexicon.cache_clear()
    try:
        spans = find_quantities(
            "Ĝi pagis pli ol dudek tri milionojn, du milionoj da eŭroj kaj 3 gigavatoj.", "eo"
        )
        assert [(span.text, span.label) for span in spans][-2:] == [
            ("du milionoj da eŭroj", "MONEY"),
            ("3 gigavatoj", "QUANTITY"),
        ]
        value = Money(amount="2000000", currency="EUR", modifier="more_than")
        assert format_value(value, "eo") == "pli ol 2 milionoj da eŭroj"
        assert [span.value for span in find_quantities("pli ol 2 milionoj da eŭroj", "eo")] == [value]
    finally:
        lexicon.cache_clear()
