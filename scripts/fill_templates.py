"""Fill the trilingual deal-news templates with names, amounts and dates in each language's own style.

The templates (`corpus/templates/*.jsonl`) say one thing in English, Dutch and Spanish with slots; this
module draws one value per slot and writes it the way each language would, keeping the character span of
every slot and trigger, so that the result can train a name finder, a deal reader or a translator.

    fillers = load_fillers(Path("corpus/templates"))
    for template in load_templates(Path("corpus/templates")):
        example = fill(template, fillers, random.Random(template["id"]))
        example.texts["nl"], example.spans["nl"], example.deals

Run as a program it writes filled examples as JSON lines:

    python -m scripts.fill_templates corpus/templates --per-template 2 > filled.jsonl
"""

from __future__ import annotations

import argparse
import bisect
import json
import random
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "nl", "es")

_PARTY_SLOTS = (
    "acquirer target seller investor investor2 investor3 lead_investor investee lender borrower licensor "
    "licensee supplier customer partner partner2 issuer parent advisor rival other_org other_org2"
)
_MONEY_SLOTS = "amount amount2 amount3 valuation upfront milestones revenue debt price_per_share market_value"
ORGANISATIONS = frozenset(_PARTY_SLOTS.split())
FUNDS = frozenset({"investor", "investor2", "investor3", "lead_investor", "lender", "advisor"})
MONEY = frozenset(_MONEY_SLOTS.split())
PERCENT = frozenset({"stake", "percent"})
DATES = frozenset({"date", "day", "month", "year", "year2", "quarter", "half", "weekday"})

_PIECE = re.compile(
    r"\{(?P<slot>\w+)\}|\[\[(?P<fixed>\w+)\|(?P<surface>[^\]]+)\]\]|(?P<open><<)|(?P<close>>>)"
)
_FIRST_DAY, _LAST_DAY = date(2015, 1, 1), date(2027, 12, 31)


@dataclass(frozen=True)
class SlotSpan:
    """One slot as it stands in a text: `text[start:end] == surface`.

    `label` is a mention label of the record contract (ORG, PERSON, GPE, MONEY, PERCENT, QUANTITY,
    CARDINAL, DATE) or `FIXED` for wording that belongs to the template; `value` is the normalised value
    in the contract's form, null for names and fixed wording.
    """

    start: int
    end: int
    slot: str
    label: str
    surface: str
    value: dict[str, str] | None


@dataclass(frozen=True)
class Filled:
    """One template, filled: a text per language, spans per language, and the deals it states.

    `deals` has the template's shape with every slot name replaced by `{"slot": name, "text": {language:
    surface}, "value": value}`; `triggers` are the spans of the words that state the deal.
    """

    id: str
    texts: dict[str, str]
    spans: dict[str, list[SlotSpan]]
    triggers: dict[str, list[tuple[int, int]]]
    deals: list[dict[str, Any]]


@dataclass(frozen=True)
class Filler:
    """A drawn value: its wording per language, with an article that stays outside the span."""

    label: str
    surface: dict[str, str]
    value: dict[str, str] | None = None
    article: dict[str, str] = field(default_factory=dict)


def load_templates(folder: Path) -> list[dict[str, Any]]:
    """Read every template of a folder, in the order of file name and line."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def load_fillers(folder: Path) -> dict[str, Any]:
    """Read `fillers.toml`, the names and number styles that slots are filled with."""
    return tomllib.loads((folder / "fillers.toml").read_text("utf-8"))


def fill(
    template: dict[str, Any],
    fillers: dict[str, Any],
    rng: random.Random,
    organisations: Sequence[str] = (),
) -> Filled:
    """Fill one template; the same generator state gives the same example.

    Args:
        template: one line of the template files.
        fillers: what `load_fillers` returned.
        rng: where the choices come from.
        organisations: real organisation names to draw half of the organisations from, if any.
    """
    slots = sorted({m["slot"] for lang in LANGUAGES for m in _PIECE.finditer(template[lang]) if m["slot"]})
    values: dict[str, Filler] = {}
    taken: set[str] = set()
    currency = _weighted(fillers["numbers"]["currencies"], rng)
    for slot in slots:
        value = _draw(slot, fillers, rng, organisations, currency)
        for _ in range(20):
            if value.label not in {"ORG", "PERSON", "GPE", "DATE"} or value.surface["en"] not in taken:
                break
            value = _draw(slot, fillers, rng, organisations, currency)
        taken.add(value.surface["en"])
        values[slot] = value
    texts, spans, triggers = {}, {}, {}
    for lang in LANGUAGES:
        joins = fillers["joins"].get(lang, {})
        texts[lang], spans[lang], triggers[lang] = _write(template[lang], lang, values, joins)
    return Filled(template["id"], texts, spans, triggers, _resolve_deals(template["deals"], spans))


def fill_all(
    folder: Path, per_template: int, seed: int = 0, organisations: Sequence[str] = ()
) -> Iterator[Filled]:
    """Yield `per_template` fillings of every template in a folder, reproducibly."""
    fillers = load_fillers(folder)
    for template in load_templates(folder):
        for turn in range(per_template):
            rng = random.Random(f"{seed}/{turn}/{template['id']}")  # noqa: S311 -- not for secrets
            yield fill(template, fillers, rng, organisations)


def write_number(number: Decimal, style: dict[str, str]) -> str:
    """Write a number with a locale's point and grouping: 1500.5 as `1.500,5`.

    >>> write_number(Decimal("1500.5"), {"point": ",", "group": "."})
    '1.500,5'
    """
    whole, _, decimals = format(number, ",f").partition(".")
    return whole.replace(",", style["group"]) + (style["point"] + decimals if decimals else "")


def _write(
    template: str, lang: str, values: dict[str, Filler], joins: dict[str, str]
) -> tuple[str, list[SlotSpan], list[tuple[int, int]]]:
    text, spans, triggers, opened, last = "", [], [], 0, 0
    for match in _PIECE.finditer(template):
        text += template[last : match.start()]
        last = match.end()
        if match["open"]:
            opened = len(text)
        elif match["close"]:
            triggers.append((opened, len(text)))
        elif match["fixed"]:
            surface = match["surface"]
            span = SlotSpan(len(text), len(text) + len(surface), match["fixed"], "FIXED", surface, None)
            spans.append(span)
            text += surface
        else:
            value = values[match["slot"]]
            text = _with_article(text, value.article.get(lang), joins)
            surface = value.surface[lang]
            if not value.article and _starts_sentence(text) and value.label in {"GPE", "DATE"}:
                surface = surface[0].upper() + surface[1:]
            span = SlotSpan(
                len(text), len(text) + len(surface), match["slot"], value.label, surface, value.value
            )
            spans.append(span)
            text += surface
    return text + template[last:], spans, triggers


def _with_article(text: str, article: str | None, joins: dict[str, str]) -> str:
    if not article:
        return text
    if _starts_sentence(text):
        return f"{text}{article.capitalize()} "
    for pair, melted in joins.items():
        before = pair.removesuffix(f" {article}")
        if before != pair and re.search(rf"\b{before} $", text):
            return f"{text[: -len(before) - 1]}{melted} "
    return f"{text}{article} "


def _starts_sentence(text: str) -> bool:
    return not text or re.search(r"[.!?][”\"»’)]* $", text) is not None


def _draw(
    slot: str, fillers: dict[str, Any], rng: random.Random, organisations: Sequence[str], currency: str
) -> Filler:
    if slot in MONEY:
        return _money(slot, fillers["numbers"], rng, currency)
    if slot in PERCENT:
        return _percent(slot, fillers["numbers"], rng)
    if slot in {"count", "capacity"}:
        return _counted(slot, fillers["numbers"], rng)
    if slot in DATES:
        return _date(slot, fillers["dates"], rng)
    if slot == "country":
        return Filler("GPE", dict(rng.choice(fillers["places"]["countries"])))
    label, name = _name(slot, fillers, rng, organisations)
    return Filler(label, dict.fromkeys(LANGUAGES, name))


def _name(
    slot: str, fillers: dict[str, Any], rng: random.Random, organisations: Sequence[str]
) -> tuple[str, str]:
    """Draw a name that is written alike in every language, and its label."""
    if slot in {"person", "person2"}:
        people = fillers["people"]
        return "PERSON", f"{rng.choice(people['first'])} {rng.choice(people['last'])}"
    if slot in {"city", "city2"}:
        return "GPE", rng.choice(fillers["places"]["cities"])
    if slot in {"source", "regulator"}:
        return "ORG", rng.choice(fillers["press"][f"{slot}s"])
    if slot not in ORGANISATIONS:
        raise ValueError(f"no filler for the slot {slot!r}")
    if organisations and rng.random() < 0.5:
        return "ORG", rng.choice(organisations)
    return "ORG", _organisation(slot, fillers, rng)


def _organisation(slot: str, fillers: dict[str, Any], rng: random.Random) -> str:
    data = fillers["organisations"]
    invented = rng.choice(data["onsets"]) + rng.choice(data["middles"]) + rng.choice(data["endings"])
    tail = rng.choice(data["investor_words"] if slot in FUNDS and rng.random() < 0.6 else data["sectors"])
    shape = rng.choices(
        [  # how often each shape stands in the news, roughly
            "invented",
            "invented tail",
            "word tail",
            "surname",
            "place",
            "acronym",
            "pair",
            "camel",
            "lower",
            "digit",
        ],
        [26, 16, 16, 8, 6, 10, 4, 8, 3, 3],
    )[0]
    surname, word = rng.choice(fillers["people"]["last"]), rng.choice(data["words"])
    letters = "".join(rng.choices(data["acronym_letters"], k=rng.choice([2, 3, 3, 3, 4])))
    place = rng.choice(fillers["places"]["cities"])
    capital = surname[0].upper() + surname[1:]
    name = {
        "invented": invented,
        "invented tail": f"{invented} {tail}",
        "word tail": f"{word} {tail}",
        "surname": f"{capital} {tail}",
        "place": f"{place} {tail}",
        "acronym": letters,
        "pair": f"{capital} & {rng.choice(fillers['people']['last']).title()}",
        "camel": word.split()[0] + rng.choice(data["endings"]).capitalize(),
        "lower": invented.lower(),
        "digit": f"{rng.randint(2, 99)}{word.split()[0]}",
    }[shape]
    return f"{name} {rng.choice(data['forms'])}" if rng.random() < 0.15 else name


def _money(slot: str, numbers: dict[str, Any], rng: random.Random, currency: str) -> Filler:
    if rng.random() < 0.15:
        currency = _weighted(numbers["currencies"], rng)
    scale = "unit" if slot == "price_per_share" else rng.choice(["million", "million", "billion"])
    if scale == "unit":
        number = Decimal(rng.randint(50, 40000)).scaleb(-2)
    elif rng.random() < 0.6:
        number = Decimal(rng.choice(numbers["round"]))
    else:
        number = Decimal(rng.randint(1, 9999)).scaleb(-rng.choice([0, 1, 1, 2]))
    power = {"unit": 0, "million": 6, "billion": 9}[scale]
    if (
        scale != "unit"
    ):  # 2.5 billion and 900 million are common, 789 billion is not, 0.04 million is not written
        while number >= (1000 if scale == "million" else 100):
            number = number.scaleb(-1)
        number = max(number, Decimal(1))
    surface = {}
    for lang in LANGUAGES:
        styles = next(style for style in numbers["money"][lang] if style["currency"] == currency)
        shown = number * 1000 if lang == "es" and scale == "billion" else number
        written = write_number(_plain(shown), numbers["decimal"][lang])
        surface[lang] = rng.choice(styles[scale]).replace("{n}", written)
    return Filler("MONEY", surface, {"amount": str(_plain(number.scaleb(power))), "currency": currency})


def _percent(slot: str, numbers: dict[str, Any], rng: random.Random) -> Filler:
    high = 100 if slot == "stake" else 60
    tenths = rng.randint(1, high) * 10 if rng.random() < 0.6 else rng.randint(1, high * 10)
    number = _plain(Decimal(tenths).scaleb(-1))
    written = {lang: write_number(number, numbers["decimal"][lang]) for lang in LANGUAGES}
    surface = {lang: rng.choice(numbers["percent"][lang]).replace("{n}", written[lang]) for lang in LANGUAGES}
    return Filler("PERCENT", surface, {"percent": str(number)})


def _counted(slot: str, numbers: dict[str, Any], rng: random.Random) -> Filler:
    points = numbers["decimal"]
    if slot == "count":
        number = Decimal(round(10 ** rng.uniform(0.5, 4.7)))
        surface = {lang: write_number(number, points[lang]) for lang in LANGUAGES}
        return Filler("CARDINAL", surface, {"value": str(number)})
    kind = rng.choice(numbers["capacity"])
    number = Decimal(rng.randint(kind["low"], kind["high"]))
    if number >= 1000:
        number = _plain(number.quantize(Decimal("1e3")))
    style = rng.randrange(2)
    surface = {}
    for lang in LANGUAGES:
        form = kind[lang][min(style, len(kind[lang]) - 1)]
        surface[lang] = form.replace("{n}", write_number(number, points[lang]))
    return Filler("QUANTITY", surface, {"value": str(number), "unit": kind["unit"]})


def _date(slot: str, dates: dict[str, Any], rng: random.Random) -> Filler:
    day = _FIRST_DAY + timedelta(days=rng.randrange((_LAST_DAY - _FIRST_DAY).days + 1))
    if slot in {"year", "year2"}:
        return Filler("DATE", dict.fromkeys(LANGUAGES, str(day.year)), {"timex": str(day.year)})
    if slot == "weekday":
        surface = {lang: dates["weekdays"][lang][day.weekday()] for lang in LANGUAGES}
        return Filler("DATE", surface, {"timex": f"XXXX-WXX-{day.isoweekday()}"})
    if slot in {"quarter", "half"}:
        parts = 4 if slot == "quarter" else 2
        index = (day.month - 1) * parts // 12
        surface = {
            lang: form["form"].replace("{o}", form["ordinals"][index]).replace("{y}", str(day.year))
            for lang, form in dates[slot].items()
        }
        articles = {lang: form["article"] for lang, form in dates[slot].items()}
        timex = f"{day.year}-{'Q' if slot == 'quarter' else 'H'}{index + 1}"
        return Filler("DATE", surface, {"timex": timex}, articles)
    timex = {"date": day.isoformat(), "day": f"XXXX-{day:%m-%d}", "month": f"{day:%Y-%m}"}[slot]
    surface = {
        lang: rng.choice(dates[slot][lang])
        .replace("{d}", str(day.day))
        .replace("{m}", dates["months"][lang][day.month - 1])
        .replace("{y}", str(day.year))
        for lang in LANGUAGES
    }
    return Filler("DATE", surface, {"timex": timex})


def _resolve_deals(deals: list[dict[str, Any]], spans: dict[str, list[SlotSpan]]) -> list[dict[str, Any]]:
    first = {lang: {span.slot: span for span in reversed(spans[lang])} for lang in LANGUAGES}

    def resolve(slot: str | None) -> dict[str, Any] | None:
        if slot is None:
            return None
        text = {lang: first[lang][slot].surface for lang in LANGUAGES}
        return {"slot": slot, "text": text, "value": first["en"][slot].value}

    return [
        {
            **deal,
            "roles": {
                role: [resolve(slot) for slot in ([slots] if isinstance(slots, str) else slots)]
                for role, slots in deal["roles"].items()
            },
            "dates": {role: resolve(slot) for role, slot in deal["dates"].items()},
            **{key: resolve(deal[key]) for key in ("amount", "valuation", "stake", "capacity")},
        }
        for deal in deals
    ]


def _weighted(currencies: list[dict[str, Any]], rng: random.Random) -> str:
    edges = [sum(entry["share"] for entry in currencies[: index + 1]) for index in range(len(currencies))]
    return str(currencies[bisect.bisect(edges, rng.random() * edges[-1])]["code"])


def _plain(number: Decimal) -> Decimal:
    number = number.normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral() else number


def main() -> None:
    """Write filled templates as JSON lines on stdout."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, help="folder with the templates and fillers.toml")
    parser.add_argument("--per-template", type=int, default=1, help="fillings of each template")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--organisations", type=Path, help="file with one organisation name a line")
    options = parser.parse_args()
    names = options.organisations.read_text("utf-8").splitlines() if options.organisations else ()
    for example in fill_all(options.folder, options.per_template, options.seed, names):
        sys.stdout.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
