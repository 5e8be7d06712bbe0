#!/usr/bin/env python3
"""Turn sheets of labelled trilingual articles into a set of the corpus.

A sheet is plain text, quick to write and to read. Articles begin with a line of `=`: id, day of publication
and style. Sentences follow, each under its number (with `¶` where a paragraph begins), in English, Dutch and
Spanish; then the labels, whose parts `|` divides. Wording that all three languages share is written once.

    = t7-001 | 2026-03-03 | agency
    0
    Corvane buys Veldkom
    Corvane koopt Veldkom
    Corvane compra Veldkom
    1 ¶
    Corvane said on Monday that it would pay €5 million for the Utrecht firm.
    Corvane zei maandag dat het 5 miljoen euro betaalt voor het Utrechtse bedrijf.
    Corvane dijo el lunes que pagará 5 millones de euros por la firma de Utrecht.
    ORG Corvane Semiconductor; Corvane
    ORG Ministry of Health | ministerie van Volksgezondheid | Ministerio de Sanidad
    MONEY 1 | 5000000 EUR | €5 million | 5 miljoen euro | 5 millones de euros
    DATE 1 | 2026-03-02 | Monday | maandag | lunes
    DEAL acquisition announced 0 1
    acquirer Corvane
    target Veldkom
    amount 5000000 EUR
    announced 2026-03-02

Names of one thing are divided by `;`; a language that does without a name or a sum leaves its part empty.
`DEAL` has the type, the status and the sentences that state it; under it come its parties (by any of their
English names), sums, `stake`, `capacity` (`about 40 megawatt`), dates, and `background` where it is not core.
A fourth part of the first line, such as `t7-s01`, names the story where several articles share one.

    scripts/build_parallel.py t7.txt

writes `corpus/parallel/t7.jsonl` and `corpus/gold/sources/parallel-t7.json`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import orjson
from scripts.build_gold import CORPUS, DATE_ROLES, LANGUAGES, occurrences, read_money

from dealfacts.records import NAME_LABELS, Role

Json = dict[str, Any]
_NUMBER = re.compile(r"(\d+)( ¶)?")


def main() -> int:
    """Write the files of every sheet; the exit code is 1 when one cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sheets", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=CORPUS)
    options = parser.parse_args()
    failed = False
    for sheet in options.sheets:
        try:
            articles = list(read_sheet(sheet.read_text(encoding="utf-8").splitlines()))
        except ValueError as error:
            print(f"{sheet}: {error}", file=sys.stderr)
            failed = True
            continue
        texts = b"".join(orjson.dumps(text) + b"\n" for text, _ in articles)
        (options.out / "parallel" / f"{sheet.stem}.jsonl").write_bytes(texts)
        labels = orjson.dumps([labels for _, labels in articles], option=orjson.OPT_INDENT_2)
        (options.out / "gold" / "sources" / f"parallel-{sheet.stem}.json").write_bytes(labels + b"\n")
    return int(failed)


def read_sheet(lines: Iterable[str]) -> Iterator[tuple[Json, Json]]:
    """Yield the text of every article of a sheet, as `corpus/parallel` has it, and its labels.

    Raises:
        ValueError: when a line cannot be read, with the article and the line.
    """
    article: Article | None = None
    for line in (line.strip() for line in lines):
        if line.startswith("="):
            if article is not None:
                yield article.records()
            article = Article(line)
        elif line and article is not None:
            try:
                article.read(line)
            except (KeyError, ValueError, IndexError) as error:
                raise ValueError(f"{article.text['id']}: {line!r}: {error}") from error
    if article is not None:
        yield article.records()


class Article:
    """One article of a sheet while it is read, line by line."""

    def __init__(self, head: str):
        name, published, style, *story = parts_of(head.removeprefix("="))
        prefix, _, number = name.rpartition("-")
        self.text: Json = {
            "id": name,
            "story": story[0] if story else f"{prefix}-s{number[-2:]}",
            "published": published,
            "style": style,
            "sentences": [],
        }
        self.labels: Json = {"id": name, "deals": [], "money": [], "timex": [], "entities": []}

    def read(self, line: str) -> None:
        """Read a line of text or a label."""
        word, _, rest = line.partition(" ")
        if match := _NUMBER.fullmatch(line):
            self._begin_sentence(int(match[1]), paragraph=bool(match[2]))
        elif not self._is_whole():
            self._sentence[LANGUAGES[len(self._sentence.keys() & set(LANGUAGES))]] = line
        elif word in NAME_LABELS:
            self._add_name(word, rest)
        elif word in {"MONEY", "DATE"}:
            self._add_value(word, rest)
        elif word == "DEAL":
            self._begin_deal(rest)
        else:
            self._add_to_deal(word, rest)

    def records(self) -> tuple[Json, Json]:
        """Return text and labels; the translation model wants names, sums and dates with the text."""
        rows = [("MONEY", row) for row in self.labels["money"]] + [
            ("DATE", row) for row in self.labels["timex"]
        ]
        protected = [
            {"sent": row["sent"], "label": label} | {language: row[language] for language in LANGUAGES}
            for label, row in sorted(rows, key=lambda each: each[1]["sent"])
            if all(row[language] for language in LANGUAGES)
        ]
        text = {**self.text, "protected": protected, "names": self.labels["entities"]}
        return text, self.labels

    @property
    def _sentence(self) -> Json:
        sentence: Json = self.text["sentences"][-1]
        return sentence

    def _is_whole(self) -> bool:
        return all(language in self._sentence for language in LANGUAGES)

    def _begin_sentence(self, number: int, *, paragraph: bool) -> None:
        if self.text["sentences"] and not self._is_whole():
            raise ValueError("the sentence before lacks a language")
        if number != len(self.text["sentences"]):
            raise ValueError(f"sentence {len(self.text['sentences'])} is missing")
        self.text["sentences"].append({"para": True} if paragraph else {})

    def _add_name(self, label: str, rest: str) -> None:
        forms = in_all_languages(parts_of(rest))
        names = {
            language: self._that_occur(language, parts_of(form, ";")) if form else []
            for language, form in zip(LANGUAGES, forms, strict=True)
        }
        self.labels["entities"].append({"label": label, **names})

    def _that_occur(self, language: str, names: list[str]) -> list[str]:
        """Return the names that stand in the text of a language: not every language uses every one."""
        text = " ".join(sentence[language] for sentence in self.text["sentences"])
        found = [name for name in names if any(occurrences(text, name))]
        if not found:
            raise ValueError(f"the {language} text has none of {', '.join(names)}")
        return found

    def _add_value(self, label: str, rest: str) -> None:
        sentence, value, *wordings = parts_of(rest)
        row = {"sent": int(sentence)} | dict(zip(LANGUAGES, in_all_languages(wordings), strict=True))
        for language in LANGUAGES:
            if row[language] not in self.text["sentences"][int(sentence)][language]:
                raise ValueError(f"the {language} sentence does not have {row[language]!r}")
        if label == "MONEY":
            self.labels["money"].append(row | read_money(value))
        else:
            self.labels["timex"].append(row | {"value": value})

    def _begin_deal(self, rest: str) -> None:
        kind, status, *evidence = rest.split()
        self.labels["deals"].append(
            {
                "type": kind,
                "status": status,
                "roles": {},
                "amount": None,
                "valuation": None,
                "stake": None,
                "capacity": None,
                "dates": {},
                "core": True,
                "evidence": [int(number) for number in evidence],
            }
        )

    def _add_to_deal(self, key: str, rest: str) -> None:
        if not self.labels["deals"]:
            raise ValueError("a deal must be begun first")
        deal = self.labels["deals"][-1]
        if key in get_args(Role):
            deal["roles"].setdefault(key, []).append(self._party(rest))
        elif key in {"amount", "valuation"}:
            deal[key] = read_money(rest)
        elif key == "stake":
            deal[key] = rest
        elif key == "capacity":
            *modifier, value, unit = rest.split()
            deal[key] = {"value": value, "unit": unit, "modifier": modifier[0] if modifier else "exact"}
        elif key in DATE_ROLES:
            deal["dates"][key] = rest
        elif key == "background":
            deal["core"] = False
        else:
            raise ValueError("neither a label nor part of a deal")

    def _party(self, name: str) -> Json:
        """Return all names of the party that has this English name, this one first."""
        for entity in self.labels["entities"]:
            if name in entity["en"]:
                names = {language: list(entity[language]) for language in LANGUAGES}
                for forms in names.values():
                    forms.sort(key=lambda form: form != name)
                return names
        raise ValueError("no name of the article")


def parts_of(line: str, divider: str = "|") -> list[str]:
    """Divide a line.

    >>> parts_of("Corvane Semiconductor; Corvane", ";")
    ['Corvane Semiconductor', 'Corvane']
    """
    return [part.strip() for part in line.split(divider)]


def in_all_languages(wordings: list[str]) -> list[str]:
    """Return a wording for each language: one that is given alone holds for all.

    >>> in_all_languages(["2021"])
    ['2021', '2021', '2021']
    """
    if len(wordings) == 1:
        return wordings * len(LANGUAGES)
    if len(wordings) != len(LANGUAGES):
        raise ValueError(f"one wording or {len(LANGUAGES)} are needed, not {len(wordings)}")
    return wordings


if __name__ == "__main__":
    sys.exit(main())
