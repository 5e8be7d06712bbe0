"""Write `lang/*/cldr_dates.json`: the month and weekday names of each language, from CLDR by way of Babel.

Run `python scripts/build_cldr_dates.py` after a change of Babel; `--check` only says whether the
files are as Babel would have them (exit code 1 when not).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson
from babel import Locale

LANG = Path(__file__).resolve().parent.parent / "pipeline" / "dealfacts" / "lang"


def date_words(language: str) -> dict[str, Any]:
    """Collect the names of a language: `words` by class for the grammar, `months` and `weekdays` to write.

    Classes: `month` and `weekday` are full names, `mon` and `wd` abbreviations without their dots.
    Months count from 1, weekdays from 1 for Monday.
    """
    locale = Locale.parse(language)
    words: dict[str, dict[str, int]] = {"month": {}, "mon": {}, "weekday": {}, "wd": {}}
    for context in ("format", "stand-alone"):
        for number, name in locale.months[context]["wide"].items():
            words["month"][name.lower()] = number
        for number, name in locale.days[context]["wide"].items():
            words["weekday"][name.lower()] = number + 1
        for number, name in locale.months[context]["abbreviated"].items():
            words["mon"][name.lower().rstrip(".")] = number
        for width in ("abbreviated", "short"):
            for number, name in locale.days[context][width].items():
                words["wd"][name.lower().rstrip(".")] = number + 1
    for short, full in (("mon", "month"), ("wd", "weekday")):
        words[short] = {
            name: n for name, n in words[short].items() if name not in words[full] and len(name) > 1
        }
    return {
        "words": words,
        "months": [locale.months["format"]["wide"][n] for n in range(1, 13)],
        "weekdays": [locale.days["format"]["wide"][n] for n in range(7)],
    }


def encoded(language: str) -> bytes:
    """Return the file of a language as bytes."""
    return orjson.dumps(date_words(language), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def main() -> int:
    """Write or check the files of every language that has a `timex.toml`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    check = parser.parse_args().check
    stale = 0
    for folder in sorted(path.parent for path in LANG.glob("*/timex.toml")):
        path = folder / "cldr_dates.json"
        content = encoded(folder.name)
        if path.is_file() and path.read_bytes() == content:
            continue
        stale += 1
        if check:
            print(f"{path} is stale: run scripts/build_cldr_dates.py", file=sys.stderr)
        else:
            path.write_bytes(content)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
