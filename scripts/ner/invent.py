"""Draw names of every shape, real and invented."""

from __future__ import annotations

import csv
import lzma
import random
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale

from dealfacts.lang import lang_data, languages

SHAPES = Path(__file__).parent / "shapes.toml"
_SLOT = re.compile(r"\{(\w+)\}")
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


@dataclass
class NameSource:
    """Where names are drawn from; `organisations` holds real ones by language, `catalogue` a long list."""

    organisations: dict[str, list[str]]
    media: dict[str, list[str]]
    first_names: dict[str, list[str]]
    last_names: dict[str, list[str]]
    people: list[str]
    places: list[str]
    locations: list[str]
    products: list[str]
    countries: dict[str, list[str]]
    shapes: dict[str, Any]
    catalogue: list[str] = field(default_factory=list)

    def organisation(self, language: str, rng: random.Random) -> str:
        """Draw an organisation: real, from the catalogue, or invented."""
        kind = rng.random()
        if kind < 0.38:
            return rng.choice(self.organisations[_tongue(language, rng)])
        if kind < 0.55 and self.catalogue:
            return rng.choice(self.catalogue)
        return self.invented(_tongue(language, rng), rng)

    def invented(self, language: str, rng: random.Random) -> str:
        """Make up an organisation of one of many shapes."""
        shapes = self.shapes["shapes"]
        shape = rng.choices(list(shapes), list(shapes.values()))[0]
        name = self._fill(shape, language, rng)
        if rng.random() < 0.12:
            name += " " + rng.choice(self.shapes["forms"][rng.choice([language, language, "any"])])
        return name

    def _fill(self, shape: str, language: str, rng: random.Random) -> str:
        return _SLOT.sub(lambda match: self._part(match[1].rstrip("2"), language, rng), shape)

    def _part(self, slot: str, language: str, rng: random.Random) -> str:
        """Draw one part of an invented name."""
        data = self.shapes
        if slot in {"coined", "lower", "upper"}:
            coined = rng.choice(data["onsets"]) + "".join(
                rng.choices(data["middles"], k=rng.choice([0, 1, 1, 2]))
            )
            coined += rng.choice(data["endings"])
            return str({"coined": coined, "lower": coined.lower(), "upper": coined.upper()}[slot])
        if slot in {"tail", "head"}:
            return str(rng.choice(data[f"{slot}s"][language]))
        if slot in {"office", "phrase"}:
            return self._fill(rng.choice(data[f"{slot}s"][language]), language, rng)
        letters = "".join(rng.choices("ABCDEFGHIKLMNOPRSTUVWX", k=rng.choice([2, 3, 3, 3, 4, 4, 5])))
        last = rng.choice(self.last_names[language])
        code = letters[: rng.choice([1, 2, 3])] + rng.choice(["-", "", ""]) + str(rng.randint(1, 9))
        parts = {
            "word": rng.choice(data["words"]),
            "other": rng.choice(data["words"]),
            "last": last[0].upper() + last[1:],
            "place": rng.choice(self.places),
            "country": rng.choice(self.countries[language]),
            "field": rng.choice(data["fields"][language]),
            "acronym": letters,
            "number": str(rng.randint(2, 99)),
            "code": code + rng.choice(["00", "00", "01", "10", "50"]),
        }
        return str(parts[slot])

    def person(self, language: str, rng: random.Random) -> str:
        """Draw a person's full name, mostly of the language's own stock."""
        if rng.random() < 0.25:
            return rng.choice(self.people)
        tongue = _tongue(language, rng)
        first, last = rng.choice(self.first_names[tongue]), rng.choice(self.last_names[tongue])
        if rng.random() < 0.08:
            last += "-" + rng.choice(self.last_names[tongue]).split()[-1]
        elif tongue == "es" and rng.random() < 0.4:
            last += " " + rng.choice(self.last_names["es"])
        elif tongue == "en" and rng.random() < 0.08:
            first += f" {rng.choice('ABCDEFGHJKLMNPRSTW')}."
        return f"{first} {last}"

    def product(self, rng: random.Random) -> str:
        """Draw a product: real, or a coined word, code or drug."""
        chance = rng.random()
        if chance < 0.5:
            return rng.choice(self.products)
        data = self.shapes["products"]
        if chance < 0.55:
            return self._part("lower", "en", rng) + str(rng.choice(data["drug_endings"]))
        return self._fill(rng.choice(data["shapes"]), "en", rng)

    def place(self, rng: random.Random) -> str:
        """Draw a town or region."""
        return rng.choice(self.places)


def _tongue(language: str, rng: random.Random) -> str:
    """Return the language mostly, another one at times: news is about foreign companies too."""
    return language if rng.random() < 0.6 else rng.choice(["en", "en", "nl", "es"])


def load_names(catalogue: Path | None = None) -> NameSource:
    """Gather names from the language data and, if given, a CSV catalogue with a `name` column."""
    shared = lang_data("_shared", "gazetteer.toml")
    own = {language: lang_data(language, "gazetteer.toml") for language in languages()}
    countries = {
        language: [
            name
            for code, name in Locale.parse(language).territories.items()
            if len(code) == 2 and code not in _NO_COUNTRY
        ]
        for language in own
    }
    return NameSource(
        organisations={language: data["organisations"] for language, data in own.items()},
        media={language: data["media"] for language, data in own.items()},
        first_names={language: data["first_names"] for language, data in own.items()},
        last_names={language: data["last_names"] for language, data in own.items()},
        people=shared["people"],
        places=shared["places"],
        locations=shared["locations"],
        products=shared["products"],
        countries=countries,
        shapes=tomllib.loads(SHAPES.read_text("utf-8")),
        catalogue=_read_catalogue(catalogue) if catalogue else [],
    )


_NAME = re.compile(r"(?=.*[A-Z])[\w&.'+!-]+(?: [\w&.'+!-]+){0,3}")


def _read_catalogue(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8", errors="replace", newline=None) as file:
        rows = csv.DictReader(file)
        names = {row["name"].strip() for row in rows if row.get("name")}
    return sorted(name for name in names if _NAME.fullmatch(name) and 2 < len(name) < 36)


def load_frames(path: Path) -> dict[str, list[str]]:
    """Read the sentence frames."""
    return tomllib.loads(path.read_text("utf-8"))
