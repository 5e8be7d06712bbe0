"""Draw names of every shape, real and invented."""

from __future__ import annotations

import csv
import lzma
import random
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from dealfacts.lang import lang_data, languages
from dealfacts.lang import lang_data as _data

_ONSETS = (
    "Al An Ar As Av Bel Ben Bio Bor Bra Cal Cas Cel Cer Cla Cor Cru Dal Del Den Dor Ed El En Er Ev Fal Fen Fi Flo "
    "For Gal Gen Glo Gra Hel Hol Ib In Is Jav Kal Kel Kin Kor La Lan Len Lo Lu Ma Mar Med Mer Mi Mon Na Nav Neo "
    "Nex Nor No Nu Ob Ol Om On Or Pa Pel Per Pha Pi Plu Pol Pri Pro Qua Ra Ren Ri Ro Ru Sa Sal Sen Ser Si Sol Sta "
    "Ste Sun Syn Ta Tal Tel Ter Ti Tor Tra Tri Tru Ul Un Va Val Ve Ver Vi Vol Wa Wes Xe Ya Yo Za Zen Zu"
).split()
_MIDDLES = "a e i o u an ar el en er il in on or ta te ti to va ve vi la le li ra ri sa ma me mi da de do ber cor".split()
_ENDINGS = (
    "a o x ex ix on is us ia ium or um eo ys ant ent ora iva alis tech gen med soft net pay cell flow ly fy ify io eon "
    "ica ara era ona ista ando ello ina ent era well ford stone field berg stad huis dam bouw zorg kracht werk"
).split()
_WORDS = (
    "Anchor Arrow Atlas Aurora Beacon Blue Bright Canal Cedar Clear Copper Delta Eagle Ember Falcon Forge Frontier "
    "Golden Granite Green Harbor Horizon Iron Juniper Lantern Liberty Maple Meridian Nimbus North Oak Ocean Open Orbit "
    "Pearl Phoenix Pine Pioneer Prime Quantum Rapid Red River Silver Sky Solid Spark Stone Summit Swift Terra Titan "
    "True Unity Vector Velvet Vertex Victory White Wild Zenith Happy Simple Smart Fresh Pure Magic Lucky Brave Hello "
    "Molen Haven Brug Kroon Tulp Zon Ster Wolk Vonk Roos Duin Veld Berg Bos Kade Toren Sol Luna Mar Viento Fuego Norte "
    "Puente Roble Faro Estrella Plata Oro Monte Nube Raíz Cumbre Encina Olivo"
).split()
_TAILS = {
    "en": "Group Holdings Capital Partners Ventures Energy Bank Foods Pharma Therapeutics Biosciences Technologies "
    "Systems Software Labs Robotics Motors Airlines Media Entertainment Studios Health Insurance Financial Investments "
    "Resources Mining Metals Oil Gas Power Solar Chemicals Materials Logistics Shipping Rail Properties Hotels Telecom "
    "Networks Semiconductor Electronics Aerospace Industries International Global Brands Retail Stores Consulting "
    "Analytics Security Cloud AI Games Mobile Payments Diagnostics Devices Genomics Water Steel Cement Timber".split(),
    "nl": "Groep Group Holding Beheer Participaties Capital Energie Zorg Bouw Vastgoed Verzekeringen Bank Techniek "
    "Logistiek Transport Zuivel Vlees Bakkerijen Brouwerij Media Uitgevers Reizen Hotels Chemie Staal Software Systemen "
    "Installaties Tuinbouw Supermarkten Scheepvaart Baggerwerken Interieur Kaas Fietsen Advies Pensioenfonds Invest".split(),
    "es": "Energía Renovables Inversiones Capital Seguros Inmobiliaria Construcciones Hoteles Alimentación Alimentos "
    "Farma Laboratorios Química Industrias Tecnologías Sistemas Telecom Logística Transportes Minera Petróleo Solar "
    "Bodegas Cárnicas Pesca Foods Ventures Partners Retail Moda Media Salud Gestión Servicios Ingeniería Motor".split(),
}
_HEADS = {
    "en": "Bank of|University of|Port of|City of|Royal|First National|Royal Bank of|Institute of".split("|"),
    "nl": "Koninklijke|Gemeente|Universiteit|Havenbedrijf|Gebroeders|Stichting|Bouwbedrijf|Provincie|Ziekenhuis|Van der|"
    "De|Brouwerij|Ministerie van|Pensioenfonds|Coöperatie|Scheepswerf".split("|"),
    "es": "Banco|Grupo|Banco de|Caja|Universidad de|Ayuntamiento de|Puerto de|Inmobiliaria|Constructora|Laboratorios|"
    "Bodegas|Minera|Cementos|Aerolíneas|Compañía de|Fundación|Hermanos|Ministerio de|Financiera|Almacenes|Gobierno de".split(
        "|"
    ),
}
_FORMS = {
    "en": "Inc Inc. Corp Corp. Ltd Ltd. plc LLC LP Co. Limited Corporation Company".split(),
    "nl": "NV N.V. BV B.V. SE".split(),
    "es": "S.A. SA S.L. SL S.A.U. SAB".split(),
    "any": "AG SE GmbH AB ASA A/S Oyj SpA KK SA NV Ltd".split(),
}
_FIELDS = {
    "en": "Energy|Finance|Agriculture|Trade|Health|Transport|Justice|Defence".split("|"),
    "nl": "Klimaat|Landbouw|Volksgezondheid|Onderwijs|Justitie|Buitenlandse Zaken|Infrastructuur".split("|"),
    "es": "Energía|Agricultura|Comercio|Sanidad|Transportes|Justicia|Fomento|Educación".split("|"),
}


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
    catalogue: list[str] = field(default_factory=list)

    def organisation(self, language: str, rng: random.Random) -> str:
        """Draw an organisation: real, from the catalogue, or invented."""
        kind = rng.random()
        if kind < 0.38:
            return rng.choice(self.organisations[self._tongue(language, rng)])
        if kind < 0.55 and self.catalogue:
            return rng.choice(self.catalogue)
        return self.invented(self._tongue(language, rng), rng)

    @staticmethod
    def _tongue(language: str, rng: random.Random) -> str:
        return language if rng.random() < 0.6 else rng.choice(["en", "en", "nl", "es"])

    def invented(self, language: str, rng: random.Random) -> str:
        """Make up an organisation of one of many shapes."""
        stem = rng.choice(_ONSETS) + "".join(rng.choices(_MIDDLES, k=rng.choice([0, 1, 1, 2])))
        coined = stem + rng.choice(_ENDINGS)
        word, tail = rng.choice(_WORDS), rng.choice(_TAILS[language])
        surname = rng.choice(self.last_names[language])
        surname = surname[0].upper() + surname[1:]
        place = rng.choice(self.places)
        acronym = "".join(rng.choices("ABCDEFGHIKLMNOPRSTUVWX", k=rng.choice([2, 3, 3, 3, 4, 4, 5])))
        shapes = {
            "coined": (18, coined),
            "coined tail": (12, f"{coined} {tail}"),
            "word": (5, word),
            "word tail": (10, f"{word} {tail}"),
            "words": (3, f"{word} {rng.choice(_WORDS)}"),
            "words tail": (4, f"{word} {rng.choice(_WORDS)} {tail}"),
            "surname": (5, surname),
            "surname tail": (5, f"{surname} {tail}"),
            "pair": (3, f"{surname} & {rng.choice(self.last_names[language]).title()}"),
            "partners": (4, f"{surname} {rng.choice(self.last_names[language]).split()[-1].capitalize()}"),
            "coined coined": (3, f"{coined} {rng.choice(_ONSETS)}{rng.choice(_ENDINGS)}"),
            "place place": (1, f"{place} {rng.choice(_WORDS)}"),
            "word voor": (2, self._phrase(language, word, place, rng)),
            "sons": (1, f"{surname} & {rng.choice(['Co', 'Co.', 'Sons', 'Zonen', 'Hijos'])}"),
            "place tail": (4, f"{place} {tail}"),
            "acronym": (8, acronym),
            "acronym tail": (3, f"{acronym} {tail}"),
            "camel": (5, rng.choice(_WORDS) + rng.choice(_WORDS)),
            "camel coined": (
                3,
                coined + rng.choice(["Bio", "AI", "Pay", "Tech", "Bank", "Labs", "X", "One", "Med"]),
            ),
            "domain": (
                3,
                (coined if rng.random() < 0.5 else word).lower()
                + rng.choice([".com", ".nl", ".es", ".ai", ".io"]),
            ),
            "Domain": (2, coined + rng.choice([".com", ".ai", ".io", ".nl"])),
            "lower": (3, coined.lower()),
            "digit": (2, f"{rng.randint(2, 99)}{rng.choice(['', ' ', '-'])}{word}"),
            "word digit": (1, f"{word} {rng.randint(1, 99)}"),
            "dash": (2, f"{coined}-{rng.choice(_WORDS)}"),
            "upper": (3, coined.upper()),
            "ampersand": (2, f"{word} & {rng.choice(_WORDS)}"),
            "apostrophe": (1, f"{rng.choice(['L', 'D', 'O'])}'{surname.split()[-1].capitalize()}"),
            "possessive": (1, f"{surname}'s"),
            "head place": (5, f"{rng.choice(_HEADS[language])} {place}"),
            "head coined": (4, f"{rng.choice(_HEADS[language])} {coined}"),
            "club": (
                1,
                rng.choice(
                    [f"FC {place}", f"{place} United", f"Real {place}", f"SC {surname}", f"CF {place}"]
                ),
            ),
            "field": (2, self._office(language, rng)),
            "country unit": (2, f"{coined} {rng.choice(self.countries[language])}"),
        }
        names = list(shapes.values())
        name = rng.choices([text for _, text in names], [weight for weight, _ in names])[0]
        if rng.random() < 0.12:
            name += " " + rng.choice(_FORMS[rng.choice([language, language, "any"])])
        return name

    @staticmethod
    def _phrase(language: str, word: str, place: str, rng: random.Random) -> str:
        """Make a name with a small word in it: `Hart voor Merwe`, `Casa de Plata`, `Friends of the River`."""
        other = rng.choice(_WORDS)
        return {
            "en": rng.choice([f"{word} of {place}", f"{word} & {other} of {place}", f"The {word} {other}", f"{word} for {other}"]),
            "nl": rng.choice([f"{word} voor {place}", f"De {word}", f"Het {word}", f"De {word} van {place}", f"{word} en {other}"]),
            "es": rng.choice([f"{word} de {place}", f"La {word}", f"El {word}", f"{word} y {other}", f"{word} del {other}"]),
        }[language]

    @staticmethod
    def _office(language: str, rng: random.Random) -> str:
        name = rng.choice(_FIELDS[language])
        return {
            "en": rng.choice(
                [f"Department of {name}", f"Ministry of {name}", f"{name} Department", f"{name} Commission"]
            ),
            "nl": f"ministerie van {name}",
            "es": rng.choice([f"Ministerio de {name}", f"Secretaría de {name}", f"Consejería de {name}"]),
        }[language]

    def person(self, language: str, rng: random.Random) -> str:
        """Draw a person's full name, mostly of the language's own stock."""
        if rng.random() < 0.25:
            return rng.choice(self.people)
        tongue = self._tongue(language, rng)
        first, last = rng.choice(self.first_names[tongue]), rng.choice(self.last_names[tongue])
        if rng.random() < 0.08:
            last += "-" + rng.choice(self.last_names[tongue]).split()[-1]
        elif tongue == "es" and rng.random() < 0.4:
            last += " " + rng.choice(self.last_names["es"])
        elif tongue == "en" and rng.random() < 0.08:
            first += f" {rng.choice('ABCDEFGHJKLMNPRSTW')}."
        return f"{first} {last}"

    def product(self, rng: random.Random) -> str:
        """Draw a product: real, or a coined word or code."""
        if rng.random() < 0.5:
            return rng.choice(self.products)
        coined = rng.choice(_ONSETS) + rng.choice(_MIDDLES) + rng.choice(_ENDINGS)
        code = "".join(rng.choices("ABCDEGHKLMNPRSTVXZ", k=rng.choice([1, 2, 3]))) + rng.choice(["-", "", ""])
        return rng.choice(
            [
                coined,
                f"{coined} {rng.randint(2, 12)}",
                f"{coined} {rng.choice(['Pro', 'One', 'Max', 'Plus', 'X', 'Go', 'Cloud'])}",
                f"{code}{rng.randint(1, 9) * 100 + rng.choice([0, 0, 1, 10, 50])}",
                f"{rng.choice(_WORDS)} {rng.randint(2, 9)}",
                rng.choice(["mab", "nib", "tide", "vir", "stat"]).join([coined, ""]).lower(),
            ]
        )

    def place(self, rng: random.Random) -> str:
        """Draw a town or region."""
        return rng.choice(self.places)


def load_names(catalogue: Path | None = None) -> NameSource:
    """Gather names from the language data and, if given, a CSV catalogue with a `name` column."""
    from babel import Locale

    shared = _data("_shared", "gazetteer.toml")
    own = {language: lang_data(language, "gazetteer.toml") for language in languages()}
    countries = {
        language: [
            name
            for code, name in Locale.parse(language).territories.items()
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}
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
