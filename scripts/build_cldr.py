"""Write the currency data of every language from CLDR, as Babel carries it.

Makes `cldr_currencies.json` in each folder of `dealfacts/lang`: what currencies and countries are
called there. The one in `_root` holds what no language decides: the tender of each country, the
codes, and the decimal mark of each region. Run it after an upgrade of Babel; a test fails when the
files are stale.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import orjson
from babel import Locale, localedata
from babel.core import get_global
from babel.numbers import get_currency_name

from dealfacts.lang import languages

LANG_ROOT = Path(__file__).parents[1] / "pipeline" / "dealfacts" / "lang"
OLDEST_TENDER = 1960
NOT_MONEY = {"XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XDR", "XSU", "XUA", "XBA", "XBB", "XBC", "XBD", "XRE"}


def tender() -> dict[str, str]:
    """Return the currency each territory pays in today."""
    found = {}
    for territory, history in sorted(get_global("territory_currencies").items()):
        current = [code for code, _, end, is_tender in history if end is None and is_tender]
        if current:
            found[territory] = current[0]
    return found


def known_codes() -> dict[str, bool]:
    """Return every code that was money since 1960, and whether it still is."""
    codes: dict[str, bool] = {}
    for history in get_global("territory_currencies").values():
        for code, _, end, is_tender in history:
            if is_tender and code not in NOT_MONEY and (end is None or end[0] >= OLDEST_TENDER):
                codes[code] = codes.get(code, False) or end is None
    return dict(sorted(codes.items()))


def decimal_marks(codes: tuple[str, ...]) -> dict[str, str]:
    """Return the decimal mark of each language and of each of its regions (`es-MX`)."""
    marks = {}
    for identifier in sorted(localedata.locale_identifiers()):
        parts = identifier.split("_")
        if parts[0] in codes and len(parts) <= 2:
            symbols = Locale.parse(identifier).number_symbols
            marks["-".join(parts)] = symbols.get("latn", symbols)["decimal"]
    return marks


def names(language: str, codes: dict[str, bool]) -> dict[str, Any]:
    """Return what a language calls each currency and each country."""
    locale = Locale(language)
    currencies, display = {}, {}
    for code in codes:
        forms = {get_currency_name(code, count, locale) for count in (None, 1, 2)} - {code}
        if plain := sorted(form for form in forms if form and "(" not in form):
            currencies[code] = plain
            display[code] = [get_currency_name(code, count, locale) for count in (1, 2)]
    places = {
        territory: name for territory, name in sorted(locale.territories.items()) if len(territory) == 2
    }
    return {"currencies": currencies, "display": display, "places": places}


def build() -> dict[Path, bytes]:
    """Return each file this script writes, with its content."""
    codes = known_codes()
    root = {"tender": tender(), "codes": codes, "decimal": decimal_marks(languages())}
    tables = {LANG_ROOT / "_root": root} | {LANG_ROOT / code: names(code, codes) for code in languages()}
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {
        folder / "cldr_currencies.json": orjson.dumps(table, option=options)
        for folder, table in tables.items()
    }


def main() -> None:
    """Write the files."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for path, content in build().items():
        path.write_bytes(content)


if __name__ == "__main__":
    main()
