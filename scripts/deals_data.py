"""Labelled examples for the deal finder: trilingual templates filled with names, and labelled articles."""

from __future__ import annotations

import hashlib
import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dealfacts.deals.lexicon import concepts
from dealfacts.entities import NameSpan, link_names
from dealfacts.evaluate.gold import GoldArticle, GoldMention
from dealfacts.evaluate.gold import GoldDeal as LabelledDeal
from dealfacts.evaluate.gold import read_gold as read_gold_file
from dealfacts.mentions import combine
from dealfacts.quantities import find_quantities
from dealfacts.records import (
    NAME_LABELS,
    Article,
    Cardinal,
    Label,
    Mention,
    Money,
    Name,
    Percent,
    Quantity,
    Timex,
    Value,
)

LANGUAGES = ("en", "nl", "es")
SIDES: dict[str, dict[str, str]] = concepts()["sides"]


@dataclass
class GoldDeal:
    """A labelled deal of one article in one language."""

    type: str
    status: str
    roles: dict[str, list[set[str]]]
    amount: dict[str, Any] | None = None
    valuation: dict[str, Any] | None = None
    stake: str | None = None
    capacity: dict[str, Any] | None = None
    dates: dict[str, str] = field(default_factory=dict)
    core: bool = True
    evidence: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Example:
    """An article with mentions and its labelled deals; `marks` are marked trigger spans, if any."""

    article: Article
    deals: list[GoldDeal]
    marks: list[tuple[int, int]] | None = None
    group: str = ""
    gold: GoldArticle | None = None
    partial: bool = False
    """True when only the two parties are labelled: good for learning sides, not for anything else."""

    @property
    def weight(self) -> float:
        """How much a row of it counts in training: labelled articles most."""
        return 0.5 if self.marks is not None else 1.0 if self.gold is not None else 0.6


def read_gold(folder: Path, languages: Iterable[str] = LANGUAGES) -> Iterator[Example]:
    """Read hand-labelled articles (`{language}.jsonl`): labelled names, sums and dates, found figures."""
    for language in languages:
        for gold in read_gold_file(folder / f"{language}.jsonl"):
            yield gold_example(gold)


def gold_example(gold: GoldArticle) -> Example:
    """Make an example of a labelled article."""
    labelled = [
        Mention(id="m", stage="gold", **mention.model_dump(exclude={"value"}), value=_label_value(mention))
        for mention in gold.gold.mentions
    ]
    figures = [
        Mention(id="m", start=q.start, end=q.end, text=q.text, label=q.label, value=q.value, stage="gold")
        for q in find_quantities(gold.text or "", gold.lang)
        if q.label in {"PERCENT", "QUANTITY", "CARDINAL"}
    ]
    article = Article(
        id=gold.id,
        text=gold.text,
        lang=gold.lang,
        published=gold.published,
        title=gold.title,
        mentions=combine(labelled, figures, _nominals(gold, labelled)),
    )
    return Example(
        article,
        [_gold_deal(deal) for deal in gold.gold.deals],
        group=str((gold.model_extra or {}).get("story") or gold.id),
        gold=gold,
    )


def _nominals(gold: GoldArticle, labelled: list[Mention]) -> Iterator[Mention]:
    """Find the noun phrases and pronouns that stand for the labelled names, as the extract stage does."""
    spans = [NameSpan(m.start, m.end, m.text, m.label) for m in labelled if m.label in NAME_LABELS]
    labelled_names = {(m.start, m.end): m.value for m in labelled}
    canonical: dict[str, Name] = {}
    for link in link_names(gold.text or "", gold.lang, spans):
        value = labelled_names.get((link.start, link.end))
        if isinstance(value, Name):
            canonical.setdefault(link.value.name, value)
        elif link.value.kind != "name" and link.value.name in canonical:
            name = Name(name=canonical[link.value.name].name, kind=link.value.kind)
            yield Mention(
                id="m", start=link.start, end=link.end, text=link.text, label="ORG", value=name, stage="gold"
            )


def _label_value(mention: GoldMention) -> Value | None:
    value = dict(mention.value or {})
    if mention.label == "MONEY":
        return Money(**value)
    return Timex(**value) if mention.label == "DATE" else Name(name=value.get("name", mention.text))


def _gold_deal(deal: LabelledDeal) -> GoldDeal:
    plain = deal.model_dump()
    return GoldDeal(
        type=deal.type,
        status=deal.status,
        roles={role: [set(names) for names in parties] for role, parties in deal.roles.items()},
        amount=plain["amount"],
        valuation=plain["valuation"],
        stake=deal.stake,
        capacity=plain["capacity"],
        dates={str(role): timex for role, timex in deal.dates.items()},
        core=deal.core,
        evidence=[] if isinstance(deal.evidence, str) else list(deal.evidence),
    )


def _mentions(text: str, found: dict[tuple[int, int], tuple[Label, Value]]) -> list[Mention]:
    taken: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0] - span[1], span)):
        if not any(start < high and low < end for low, high in taken):
            taken.append((start, end))
    return [
        Mention(
            id=f"m{i}",
            start=s,
            end=e,
            text=text[s:e],
            label=found[s, e][0],
            value=found[s, e][1],
            stage="gold",
        )
        for i, (s, e) in enumerate(sorted(taken), 1)
    ]


_SLOT = re.compile(r"\{(\w+)\}|\[\[(\w+)\|([^\]]+)\]\]|<<|>>")
_MONEY_SLOTS = {
    "amount", "amount2", "amount3", "valuation", "upfront", "milestones", "revenue", "debt",
    "price_per_share", "market_value",
}  # fmt: skip
_DATE_SLOTS = {"date", "day", "month", "year", "year2", "quarter", "half", "weekday", "rel_date"}
_PLACE_SLOTS = {"city", "city2", "country"}
_DATES = {
    "date": {"en": "22 September 2025", "nl": "22 september 2025", "es": "22 de septiembre de 2025"},
    "day": {"en": "14 May", "nl": "14 mei", "es": "14 de mayo"},
    "month": {"en": "June 2024", "nl": "juni 2024", "es": "junio de 2024"},
    "year": {"en": "2023", "nl": "2023", "es": "2023"},
    "year2": {"en": "2019", "nl": "2019", "es": "2019"},
    "quarter": {
        "en": "the third quarter of 2026",
        "nl": "het derde kwartaal van 2026",
        "es": "el tercer trimestre de 2026",
    },
    "half": {
        "en": "the second half of 2026",
        "nl": "de tweede helft van 2026",
        "es": "el segundo semestre de 2026",
    },
    "weekday": {"en": "Monday", "nl": "maandag", "es": "lunes"},
}
_SYLLABLES = (
    "Bra",
    "vel",
    "Tor",
    "quin",
    "Sol",
    "mar",
    "Dex",
    "ria",
    "Nor",
    "lux",
    "Kam",
    "bio",
    "Vel",
    "tek",
)


def read_templates(folder: Path, seed: int = 7) -> Iterator[Example]:
    """Fill every template once a language with invented names and figures; deterministic for a seed."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for language in LANGUAGES:
                digest = hashlib.sha256(f"{seed}{record['id']}{language}".encode()).hexdigest()
                yield _template_example(record, language, random.Random(digest))  # noqa: S311


def _template_example(record: dict[str, Any], language: str, rng: random.Random) -> Example:
    fills: dict[str, tuple[str, Label, Value]] = {}
    text, marks, open_at, position = "", [], 0, 0
    found: dict[tuple[int, int], tuple[Label, Value]] = {}
    source = record[language]
    for match in _SLOT.finditer(source):
        text += source[position : match.start()]
        position = match.end()
        if match[0] == "<<":
            open_at = len(text)
        elif match[0] == ">>":
            marks.append((open_at, len(text)))
        else:
            slot = match[1] or match[2]
            if match[1]:
                fill = fills.setdefault(slot, _fill(slot, language, len(fills), rng, None))
            else:
                fill = _fill(slot, language, len(fills), rng, match[3])
                fills.setdefault(slot, fill)
            if fill[1] in {"DATE", "MONEY"} and match[2]:
                fill = (match[3], fill[1], fills[slot][2])
            found[(len(text), len(text) + len(fill[0]))] = (fill[1], fill[2])
            text += fill[0]
    text += source[position:]
    article = Article(
        id=f"{record['id']}-{language}", text=text, lang=language, mentions=_mentions(text, found)
    )
    deals = [_template_deal(deal, fills, len(text)) for deal in record["deals"]]
    return Example(article, deals, marks, group=record["id"])


def _fill(
    slot: str, language: str, number: int, rng: random.Random, literal: str | None
) -> tuple[str, Label, Value]:
    if slot in _MONEY_SLOTS:
        scale = {"en": "million", "nl": "miljoen", "es": "millones de"}[language]
        currency = {"en": "euros", "nl": "euro", "es": "euros"}[language]
        amount = 110 + 17 * number
        if slot == "price_per_share":
            return f"{amount} {currency}", "MONEY", Money(amount=str(amount), currency="EUR")
        return (
            literal or f"{amount} {scale} {currency}",
            "MONEY",
            Money(amount=f"{amount}000000", currency="EUR"),
        )
    if slot in _DATE_SLOTS:
        value = Timex(type="DATE", timex=f"{2000 + number}-01-0{1 + number % 9}")
        return literal or _DATES[slot][language], "DATE", value
    if slot in {"stake", "percent"}:
        percent = str(11 + number)
        return literal or f"{percent}%", "PERCENT", Percent(percent=percent)
    if slot == "capacity":
        return literal or f"{4 + number} GW", "QUANTITY", Quantity(value=str(4 + number), unit="gigawatt")
    if slot == "count":
        return literal or f"{300 + number}", "CARDINAL", Cardinal(value=str(300 + number))
    label: Label = "PERSON" if slot.startswith("person") else "GPE" if slot in _PLACE_SLOTS else "ORG"
    if literal:
        return literal, "ORG", Name(name=literal, kind="nominal")
    name = "".join(rng.sample(_SYLLABLES, 2)).capitalize() + f"{number}"
    if label == "ORG" and rng.random() < 0.06:
        # The name finder is not perfect: companies come out as persons, places or products now and then.
        label = rng.choice(("PERSON", "GPE", "PRODUCT"))
    return name, label, Name(name=name)


def _template_deal(deal: dict[str, Any], fills: dict[str, tuple[str, Label, Value]], length: int) -> GoldDeal:
    def value(slot: str | None) -> Any:
        return fills[slot][2] if slot in fills else None

    roles: dict[str, list[set[str]]] = {}
    for role, slots in deal["roles"].items():
        named = [slots] if isinstance(slots, str) else slots or []
        roles[role] = [{fills[slot][0]} for slot in named if slot in fills]
    money, worth = value(deal.get("amount")), value(deal.get("valuation"))
    stake, capacity = value(deal.get("stake")), value(deal.get("capacity"))
    return GoldDeal(
        type=deal["type"],
        status=deal["status"],
        roles={role: parties for role, parties in roles.items() if parties},
        amount={"value": money.amount, "currency": money.currency} if isinstance(money, Money) else None,
        valuation={"value": worth.amount, "currency": worth.currency} if isinstance(worth, Money) else None,
        stake=stake.percent if isinstance(stake, Percent) else None,
        capacity={"value": capacity.value, "unit": capacity.unit} if isinstance(capacity, Quantity) else None,
        dates={
            key: fills[slot][2].timex  # type: ignore[union-attr]
            for key, slot in (deal.get("dates") or {}).items()
            if slot in fills and isinstance(fills[slot][2], Timex)
        },
        evidence=[(0, length)],
    )


_CORE_TYPES = {
    "acquired_by": ("acquisition",),
    "shareholder_of": ("equity_stake", "funding_round", "investment"),
    "merged_with": ("merger",),
}


def read_core(path: Path) -> Iterator[Example]:
    """Read company relations (CORE, CC BY 4.0) as partial examples: a sentence with two labelled parties."""
    if not path.exists():
        return
    for record in json.loads(path.read_text(encoding="utf-8")):
        for type_ in _CORE_TYPES.get(record["relation"], ()):
            yield _core_example(record, type_)


def _core_example(record: dict[str, Any], type_: str) -> Example:
    text, starts = "", []
    for word in record["context"]:
        text += (
            " " if text and word not in {",", ".", "'s", ")", "%"} and not text.endswith(("(", "$")) else ""
        )
        starts.append((len(text), len(text) + len(word)))
        text += word
    found: dict[tuple[int, int], tuple[Label, Value]] = {}
    for key in ("e1", "e2"):
        span = (starts[record[f"{key}_start"]][0], starts[record[f"{key}_end"]][1])
        found[span] = ("ORG", Name(name=key))
    mentions = _mentions(text, found)
    first, second = ("e1", "e2") if record["invert_relation"] else ("e2", "e1")
    if record["relation"] == "shareholder_of":
        first, second = second, first
    roles: dict[str, list[set[str]]]
    if type_ == "merger":
        roles = {"partner": [{"e1"}, {"e2"}]}
    elif type_ == "acquisition":
        roles = {"acquirer": [{first}], "target": [{second}]}
    else:
        roles = {"investor": [{first}], "investee": [{second}]}
    article = Article(id=f"{record['id']}-{type_}", text=text, lang="en", mentions=mentions)
    return Example(article, [GoldDeal(type_, "completed", roles)], group=record["id"], partial=True)


PLAIN_PUBLISHED = "2025-06-16"
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_PLAIN_SLOT = re.compile(r"\{(\w2?)\}|\[\[(\w)\|([^\]]+)\]\]")
_PRONOUNS = {"it", "It", "het", "Het", "Ze", "Hij", "zij"}
_PLAIN_SIDES = {"A": "A", "B": "A", "L": "L", "T": "T", "S": "S", "P": "P", "Q": "P"}
_DAY_BEFORE = {"en": ("on",), "nl": ("op",), "es": ("el",)}
_PLAIN_DATES: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "day": {
        "en": (("Monday", "2025-06-16"), ("Friday", "2025-06-13"), ("12 June", "2025-06-12")),
        "nl": (("maandag", "2025-06-16"), ("vrijdag", "2025-06-13"), ("12 juni", "2025-06-12")),
        "es": (("lunes", "2025-06-16"), ("viernes", "2025-06-13"), ("12 de junio", "2025-06-12")),
    },
    "past": {
        "en": (("2019", "2019"), ("2023", "2023"), ("March 2021", "2021-03"), ("May", "2025-05")),
        "nl": (("2019", "2019"), ("2023", "2023"), ("maart 2021", "2021-03"), ("mei", "2025-05")),
        "es": (("2019", "2019"), ("2023", "2023"), ("marzo de 2021", "2021-03"), ("mayo", "2025-05")),
    },
    "future": {
        "en": (("the third quarter", "2025-Q3"), ("early 2026", "2026-Q1"), ("2027", "2027")),
        "nl": (("het derde kwartaal", "2025-Q3"), ("begin 2026", "2026-Q1"), ("2027", "2027")),
        "es": (("el tercer trimestre", "2025-Q3"), ("2026", "2026"), ("2027", "2027")),
    },
}
_SCALES = {
    "en": (("million", 6), ("billion", 9)),
    "nl": (("miljoen", 6), ("miljard", 9)),
    "es": (("millones", 6),),
}


def read_plain(folder: Path, copies: int = 4, seed: int = 11) -> Iterator[Example]:
    """Fill the plain sentences of `{language}.toml`, each a few times with other words and names."""
    for language in LANGUAGES:
        data = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        for section in [*data["deal"], *data["none"]]:
            for number, text in enumerate(section["text"]):
                for copy in range(copies):
                    key = f"{seed}|{language}|{section.get('type')}|{section.get('status')}|{number}|{copy}"
                    rng = random.Random(hashlib.sha256(key.encode()).hexdigest())  # noqa: S311
                    yield _plain_example(data, section, text, language, rng, key)


def _plain_example(
    data: dict[str, Any], section: dict[str, Any], text: str, language: str, rng: random.Random, key: str
) -> Example:
    text = text.replace("({after})", rng.choice(data["after"])).replace(
        "{before}", rng.choice(data["before"])
    )
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
    text = re.sub(
        r"\{(\w)\+\}",
        lambda m: rng.choice(data["describe"]) + "{" + m[1] + "}" + rng.choice(data["apposition"]),
        text,
    )
    text = re.sub(r" +", " ", text).strip()
    story = text[:1].upper() + text[1:]
    parts = [story]
    parts += [
        rng.choice(data["noise"]).replace("{N}", "{N2}").replace("{X}", "{Z}")
        for chance in (0.5, 0.3)
        if rng.random() < chance
    ]
    found: dict[tuple[int, int], tuple[Label, Value]] = {}
    fills: dict[str, tuple[str, Label, Value]] = {}
    written, first_end = "", 0
    for part in parts:
        written += " " if written else ""
        position = 0
        for match in _PLAIN_SLOT.finditer(part):
            written += part[position : match.start()]
            position = match.end()
            slot = match[1] or match[2]
            if slot not in fills:
                previous = written.split()[-1].lower() if written.split() else ""
                fills[slot] = _plain_fill(slot, language, len(fills), rng, previous)
            surface, label, value = fills[slot]
            if match[3] and isinstance(value, Name):
                kind: Literal["nominal", "pronoun"] = "pronoun" if match[3] in _PRONOUNS else "nominal"
                surface, label, value = match[3], "ORG", Name(name=value.name, kind=kind)
            found[(len(written), len(written) + len(surface))] = (label, value)
            written += surface
        written += part[position:]
        first_end = first_end or len(written)
    article = Article(
        id=key, text=written, lang=language, published=PLAIN_PUBLISHED, mentions=_mentions(written, found)
    )
    deals = [_plain_deal(section, fills, first_end)] if "type" in section else []
    return Example(article, deals, group=key)


def _plain_fill(
    slot: str, language: str, number: int, rng: random.Random, previous: str
) -> tuple[str, Label, Value]:
    if slot in {"M", "V", "X", "Z"}:
        word, zeros = rng.choice(_SCALES[language])
        amount = rng.randint(2, 900) if zeros == 6 else rng.randint(1, 60)
        sign = rng.random() < 0.5
        surface = {
            "en": f"${amount} {word}" if sign else f"{amount} {word} euros",
            "nl": f"{amount} {word} {'dollar' if sign else 'euro'}",
            "es": f"{amount} {word} de {'dólares' if sign else 'euros'}",
        }[language]
        value = Money(amount=str(amount * 10**zeros), currency="USD" if sign else "EUR")
        return surface, "MONEY", value
    if slot in {"D", "E", "F"}:
        kind = "future" if slot == "E" else "day" if previous in _DAY_BEFORE[language] else "past"
        surface, timex = rng.choice(_PLAIN_DATES[kind][language])
        return surface, "DATE", Timex(type="DATE", timex=timex)
    if slot in {"K", "Y"}:
        percent = str(rng.randint(1, 60) + (0 if slot == "K" else 0.5))
        return f"{percent}%", "PERCENT", Percent(percent=percent)
    if slot == "C":
        amount = rng.randint(1, 900)
        return f"{amount} MW", "QUANTITY", Quantity(value=str(amount), unit="megawatt")
    label: Label = "PERSON" if slot == "W" else "GPE" if slot == "G" else "ORG"
    name = "".join(rng.sample(_SYLLABLES, 2)).capitalize() + str(number)
    if slot in {"N", "N2"} and rng.random() < 0.6:
        name = rng.choice(_BYSTANDERS)
    elif slot in {"A", "B", "L"} and rng.random() < 0.3:
        name = f"{name} {rng.choice(_INVESTOR_WORDS)}"
    if label == "ORG" and rng.random() < 0.06:
        label = rng.choice(("PERSON", "GPE", "PRODUCT"))
    return name, label, Name(name=name)


_INVESTOR_WORDS = ("Capital", "Ventures", "Partners", "Bank", "Group", "Holdings", "Investments", "Fund")
_BYSTANDERS = (
    "Reuters", "Bloomberg", "the Financial Times", "The Wall Street Journal",
    "Het Financieele Dagblad", "El País", "Expansión", "De Tijd", "Nikkei", "Nasdaq", "Euronext",
    "NYSE", "CNMV", "Goldman Sachs", "Morgan Stanley", "JPMorgan", "Lazard", "Rothschild", "ING",
    "European Commission", "Comisión Europea", "Europese Commissie", "FTC", "SEC", "ACM", "AFM",
    "CNMC", "Competition and Markets Authority", "Cofece", "Consejo de Ministros", "Tweede Kamer",
    "Ministerio de Economía", "Ministerie van Financiën", "Supreme Court", "Tribunal Supremo",
    "Federal Trade Commission", "Comisión Nacional de los Mercados y la Competencia",
    "Autoriteit Consument & Markt",
)  # fmt: skip


def _plain_deal(section: dict[str, Any], fills: dict[str, tuple[str, Label, Value]], end: int) -> GoldDeal:
    sides = SIDES[section["type"]]
    roles: dict[str, list[set[str]]] = {}
    for slot, side in _PLAIN_SIDES.items():
        if slot in fills and side in sides:
            roles.setdefault(sides[side], []).append({fills[slot][0]})

    def value(slot: str) -> Any:
        return fills[slot][2] if slot in fills else None

    money, worth, stake, capacity = value("M"), value("V"), value("K"), value("C")
    return GoldDeal(
        type=section["type"],
        status=section["status"],
        roles=roles,
        amount={"value": money.amount, "currency": money.currency} if money else None,
        valuation={"value": worth.amount, "currency": worth.currency} if worth else None,
        stake=stake.percent if stake else None,
        capacity={"value": capacity.value, "unit": capacity.unit} if capacity else None,
        dates={role: fills[slot][2].timex for slot, role in section["dates"].items() if slot in fills},  # type: ignore[union-attr]
        evidence=[(0, end)],
    )
