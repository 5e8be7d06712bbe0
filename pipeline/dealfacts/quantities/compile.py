"""Fold the data files of a language into the tables of a lexicon; knows no language by heart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from dealfacts.errors import ConfigError
from dealfacts.lang import lang_data, languages
from dealfacts.quantities.lexicon import Entry, Family, Head, Lexicon, fold

WORD = re.compile(r"(?:[^\W\d_]\.){2,4}(?![^\W\d_])|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|\d+|_")


def without_accents(word: str) -> str:
    """Return a word without its accents: `dólares` as hurried writers type it."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


class _Builder:
    """Folds the data files of one language into the tables of a lexicon."""

    def __init__(self, language: str) -> None:
        self.root = lang_data("_root", "quantities.toml")
        self.root_cldr = lang_data("_root", "cldr_currencies.json")
        self.data = lang_data(language, "quantities.toml")
        self.cldr = lang_data(language, "cldr_currencies.json")
        self.exact: dict[str, Entry] = {}
        self.by_key: dict[tuple[str, ...], Entry] = {}

    def entry(self, phrase: str) -> Entry:
        key = tuple(fold(word) for word in WORD.findall(phrase) if word != ".")
        return self.by_key.setdefault(key, Entry())

    def each(self, table: Mapping[str, Iterable[str]], put: Callable[[Entry, str], None]) -> None:
        for value, words in table.items():
            for word in words:
                put(self.entry(word), value)

    def role(self, words: Iterable[str], role: str) -> None:
        for word in words:
            entry = self.entry(word)
            entry.roles |= {role}

    def shy(self, words: Iterable[str]) -> None:
        for word in words:
            self.entry(word).shy = True

    # Each method below reads one part of the data.

    def numbers(self) -> None:
        data, rules = self.data, self.data["number_rules"]
        self.each(data["numbers"], _set_number)
        self.each(data["fractions"], _set_fraction)
        self.each(data["multiples"], _set_multiple)
        for sign, value in self.root["fraction_signs"].items():
            _set_fraction(self.exact.setdefault(sign, Entry()), value)
        for phrase, (low, high) in data["vague"].items():
            self.entry(phrase).vague = (low, high)
        for role, words in (
            ("article", rules["articles"]),
            ("joiner", rules["joiners"]),
            ("point", rules["point"]),
            ("negative", rules["negative"]),
            ("compound", rules["compound_fractions"]),
        ):
            self.role(words, role)
        self.shy(rules["shy"])
        self.shy(data["multiple_rules"]["shy"])
        self.shy(data["fraction_rules"]["shy"])
        self.role(data["multiple_rules"]["occasions"], "occasion")
        self.role(data["multiple_rules"]["cues"], "multiple_cue")

    def scales(self) -> None:
        data = self.data
        for kind, table in (
            ("word", data["scales"]),
            ("plural", data["scale_plurals"]),
            ("group", data["groups"]),
            ("sure", data["scale_suffixes"]["sure"]),
        ):
            for value, words in table.items():
                for word in words:
                    entry = self.entry(word)
                    # A plural that is also the plain form ("millones") keeps its meaning after a figure.
                    entry.scale_kind = "both" if entry.scale is not None and kind == "plural" else kind
                    entry.scale = Decimal(value)
        for value, words in data["scale_suffixes"]["shy"].items():
            for word in words:
                entry = self.exact.setdefault(word, Entry())
                entry.scale, entry.scale_kind = Decimal(value), "shy"

    def words(self) -> None:
        data = self.data
        for role, words in data["words"].items():
            self.role(words, role)
        for role, words in data["stop"].items():
            self.role(words, role)
        self.role(data["counts"]["nouns"], "count")
        self.role(data["counts"]["adjectives"], "adjective")
        self.role(data["figures"]["nouns"], "figure")
        self.role(data["figures"]["sums"], "sum")
        self.role(data["counts"]["money_nouns"], "money_noun")
        self.role(data["counts"]["money_cues"], "money_cue")
        self.role(data["modifiers"]["fillers"], "filler")
        self.role(data["modifiers"]["totals"], "total")
        for side in ("before", "after"):
            for modifier, phrases in data["modifiers"][side].items():
                for phrase in phrases:
                    entry = self.entry(phrase)
                    if getattr(entry, side) not in (None, modifier):
                        raise ConfigError(f"{phrase!r} is both {getattr(entry, side)} and {modifier}")
                    setattr(entry, side, modifier)
        self.role(data["modifiers"]["adjacent"], "adjacent")
        self.role(data["modifiers"]["direction"], "direction")
        for unit, phrases in data["per"].items():
            for phrase in phrases:
                self.entry(phrase).per = unit_name(unit)

    def money(self) -> None:
        families: dict[str, Any] = self.root["families"]
        nouns = self.data["currency"]
        for key, forms in nouns.items():
            for form in forms:
                self.entry(form).currency = key
        self._names_from_cldr(families, nouns)
        for form in self.data["currency_names"]["before"]:
            self.entry(form).leading = True
        self.shy(self.data["currency_names"]["shy"])
        self._symbols()

    def small_money(self) -> None:
        """Read the subunits, the coins, and what joins a scale and a currency in one word."""
        rules = self.data["subunit_rules"]
        for key, forms in self.data["subunits"].items():
            for form in forms:
                entry = self.entry(form)
                entry.currency, entry.subunit = key, Decimal(rules.get("worth", {}).get(form, 1)) / 100
        for form in rules["glued"]:
            self.entry(form).glued = True
        for form, (scale, key) in self.data.get("scale_currencies", {}).items():
            entry = self.entry(form)
            entry.scaled, entry.currency = Decimal(scale), key
        for form, (amount, key) in self.data["coins"].items():
            self.entry(form).coin = (Decimal(amount), key)
        for form, (amount, key) in self.data.get("slang", {}).items():
            self.entry(form).slang = (Decimal(amount), key)

    def _names_from_cldr(self, families: dict[str, Any], nouns: dict[str, list[str]]) -> None:
        """Add "Norwegian kroner" and its like: CLDR's adjective with every form of the noun."""
        current = self.root_cldr["codes"]
        for code in sorted(self.cldr["currencies"], key=lambda code: not current[code]):
            forms = {
                form for key in families if code in families[key]["codes"] for form in nouns.get(key, ())
            }
            forms |= set(nouns.get(code, ()))
            single = {fold(form) for form in forms if " " not in form}
            for name in self.cldr["currencies"][code]:
                words = fold(name).split()
                inflected = self._inflected(words)
                if inflected and self.entry(inflected).currency is None:
                    self.entry(inflected).currency = code
                if len(words) < 2:
                    if self.entry(name).currency is None:
                        self.entry(name).currency = code
                    continue
                for at, word in enumerate(words):
                    for form in single if word in single else {word}:
                        variant = " ".join([*words[:at], form, *words[at + 1 :]])
                        if self.entry(variant).currency is None:
                            self.entry(variant).currency = code

    def _inflected(self, words: list[str]) -> str | None:
        """Return a name with the ending its adjective takes after a figure: "Egyptische pond"."""
        ending = self.data["currency_names"].get("adjective_ending", "")
        if len(words) != 2 or not ending or words[0].endswith(ending):
            return None
        return f"{words[0]}{ending} {words[1]}"

    def _symbols(self) -> None:
        rules = self.root["symbol_rules"]
        for symbol, key in self.root["symbols"].items():
            for form in {symbol, symbol.upper(), symbol.lower()} if "$" in symbol else {symbol}:
                entry = self.exact.setdefault(form, Entry())
                entry.currency, entry.leading = key, True
        for symbol in rules["shy"]:
            self.exact[symbol].shy = True
        for form, key in zip(rules["gapped"], rules["gapped_codes"], strict=True):
            entry = self.entry(form)
            entry.currency, entry.leading = key, True
        # Codes that were money long ago are read only from names: no reader meets "RHD 5".
        codes = [code for code, current in self.root_cldr["codes"].items() if current]
        codes += rules["old_codes"]
        for code, key in (dict(zip(codes, codes, strict=True)) | rules["other_codes"]).items():
            entry = self.exact.setdefault(code, Entry())
            entry.currency, entry.leading, entry.shy = key, True, code in rules["shy_codes"]
        for code in rules["lower_codes"]:
            self.exact.setdefault(code, Entry()).currency = code.upper()
            self.exact[code].leading = True
        for letters, scale in rules["code_scales"].items():
            for code in rules["scaled_codes"]:
                entry = self.exact.setdefault(letters + code, Entry())
                if entry.currency is None:
                    entry.currency = self.root["symbols"].get(code, code)
                    entry.scaled = Decimal(scale)

    def units(self) -> None:
        rules = self.root["unit_rules"]
        for symbol, unit in self.root["units"].items():
            tokens = WORD.findall(symbol)
            if len(tokens) == 1:
                entry = self.exact.setdefault(symbol, Entry())
                entry.unit = unit
                if symbol in rules["glued_only"]:
                    entry.glued = True
            else:
                self.entry(symbol).unit = unit
        for symbol in rules["loose"]:
            unit = next(unit for known, unit in self.root["units"].items() if known.lower() == symbol)
            entry = self.entry(symbol)
            entry.unit = entry.unit or unit
        for name, forms in self.data["units"].items():
            for form in forms:
                self.entry(form).unit = unit_name(name)
        for kind, forms in self.data["percent"].items():
            for form in forms:
                self.entry(form).percent = kind

    def places(self) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        names: dict[str, str] = {}
        for country, name in self.cldr["places"].items():
            if country in self.root_cldr["tender"]:
                names[name.lower()] = country
        for country, words in self.data["places"].items():
            names |= dict.fromkeys(words, country)
        return (
            {name: country for name, country in names.items() if " " not in name},
            tuple((name, country) for name, country in names.items() if " " in name),
        )

    def phrases(self) -> dict[str, Head]:
        for key in list(self.by_key):
            plain = tuple(without_accents(word) for word in key)
            if plain not in self.by_key:
                self.by_key[plain] = self.by_key[key]
        table: dict[str, Head] = {}
        for key, entry in sorted(self.by_key.items(), key=lambda item: (-len(item[0]), item[0])):
            if not key:
                continue
            head = table.setdefault(key[0], Head())
            if len(key) == 1:
                head.single = entry
            else:
                head.longer[key[1]] = (*head.longer.get(key[1], ()), (key[2:], entry))
        return table


def _set_number(entry: Entry, value: str) -> None:
    entry.number = Decimal(value)


def _set_fraction(entry: Entry, value: str) -> None:
    entry.fraction = Fraction(value)


def _set_multiple(entry: Entry, value: str) -> None:
    entry.multiple = Decimal(value)


def unit_name(name: str) -> str:
    """Return the pint expression for a key of the data: `meter2` is `meter ** 2`."""
    if name.endswith(("2", "3")) and name[:-1].isalpha():
        return f"{name[:-1]} ** {name[-1]}"
    return name.replace("_per_", " / ") if name.startswith(("kilometer_per", "mile_per")) else name


def _starts(entry: Entry, *, shy_ok: bool = True) -> bool:
    return bool(
        entry.number is not None
        or entry.scale_kind in ("word", "plural", "both", "group")
        or entry.fraction is not None
        or entry.vague
        or (entry.currency and entry.leading)
        or entry.multiple is not None
        or entry.coin
        or "sum" in entry.roles
        or "negative" in entry.roles
        or ("article" in entry.roles and shy_ok)
    )


@cache
def lexicon(language: str) -> Lexicon:
    """Return the compiled tables of a language.

    Args:
        language: a code with data, such as `nl`; a region (`es-MX`) is not looked at.

    Raises:
        ConfigError: when there is no data for the language, or the data contradict themselves.
    """
    if language not in languages():
        raise ConfigError(
            f"no quantity data for language {language!r}; languages with data: {', '.join(languages())}"
        )
    build = _Builder(language)
    build.numbers()
    build.scales()
    build.words()
    build.money()
    build.small_money()
    build.units()
    places, long_places = build.places()
    phrases = build.phrases()
    for entry in (*build.exact.values(), *build.by_key.values()):
        entry.starts = _starts(entry)
    data, rules = build.data, build.data["number_rules"]
    numerals: dict[str, Entry] = {}
    if rules["compounds"]:
        numerals = {
            key[0]: entry
            for key, entry in build.by_key.items()
            if len(key) == 1
            and (
                entry.number is not None
                or entry.scale_kind == "word"
                or "joiner" in entry.roles
                or "compound" in entry.roles
            )
        }
    return Lexicon(
        language=language,
        exact=build.exact,
        phrases=phrases,
        families={
            name: Family(
                codes=tuple(family["codes"]),
                default=family.get("default"),
                by_place=family.get("by_place", False),
                by_mention=family.get("by_mention", False),
                firm=family.get("firm", False),
                peso_sign=family.get("peso_sign", False),
            )
            for name, family in build.root["families"].items()
        },
        tender=build.root_cldr["tender"],
        decimals=build.root_cldr["decimal"],
        places=places,
        long_places=long_places,
        compounds=rules["compounds"],
        inverted=rules["inverted"],
        scale_stems=tuple(
            sorted(key for key, entry in numerals.items() if entry.scale is not None and entry.scale > 1000)
        ),
        max_fillers=data["modifiers"]["max_fillers"],
        joiners=rules["joiners"],
        plural_endings=tuple(data["counts"]["plural_endings"]),
        scale_needs_of=data["counts"]["scale_needs_of"],
        verb_endings=tuple(data["counts"]["verb_endings"]),
        peso_sign=data["currency_names"].get("peso_sign", False),
        not_glued=frozenset(data["subunit_rules"]["not_glued"]),
        coin_worth=data["subunit_rules"].get("worth", {}),
        multiple_needs=frozenset(data["multiple_rules"]["before"]),
        slang_max=data.get("slang_rules", {}).get("max", 0),
        slang_cues=frozenset(data.get("slang_rules", {}).get("cues", ())),
        bare_meter=not data["number_rules"].get("bare_m_is_million", False),
        numerals=numerals,
        longest_numeral=max(map(len, numerals), default=0),
    )
