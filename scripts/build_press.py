"""Write a synthetic press: known deals told by many articles in three languages, to measure the merge on.

A world of invented companies does deals; newsrooms tell each step of a deal (rumour, talks, signing,
completion or collapse) with the names, figures and dates as newsrooms write them: short forms and legal
forms, lost accents, capitals, abbreviations, slips of the pen, rounded and converted sums, "up to" dropped,
wrong figures and their corrections, look-backs at older deals, and copies of agency text. Which article
tells which deal is known, so that grouping can be scored.

What newsrooms do to names and figures is written here from how papers write, without a look at how the
merge reads them.

    python -m scripts.build_press corpus/templates work/press --deals 2000 --articles 20000
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scripts.fill_templates import LANGUAGES, Filled, fill, load_fillers, load_templates

from dealfacts.quantities import format_value
from dealfacts.records import Money, Percent, Timex, content_id
from dealfacts.timex import format_timex

Plain = dict[str, Any]

_FIRST_DAY = date(2015, 1, 1)
_DAYS = 365 * 7
_ROLES: dict[str, tuple[str, ...]] = {
    "acquisition": ("acquirer", "target"),
    "merger": ("partner", "partner"),
    "equity_stake": ("investor", "investee"),
    "investment": ("investor", "investee"),
    "funding_round": ("lead_investor", "investee"),
    "debt_financing": ("lender", "borrower"),
    "ipo": ("issuer",),
    "licensing": ("licensor", "licensee"),
    "supply_contract": ("supplier", "customer"),
    "partnership": ("partner", "partner"),
    "joint_venture": ("partner", "partner"),
    "asset_purchase": ("acquirer", "target"),
    "divestiture": ("seller", "target"),
}
_SHARES = {
    "acquisition": 24,
    "supply_contract": 14,
    "funding_round": 12,
    "debt_financing": 9,
    "equity_stake": 9,
    "investment": 8,
    "merger": 5,
    "licensing": 5,
    "asset_purchase": 4,
    "ipo": 3,
    "divestiture": 3,
    "joint_venture": 2,
    "partnership": 2,
}
_REPEATED = ("supply_contract", "funding_round", "debt_financing", "equity_stake", "investment", "licensing")
_CONFUSED = {
    "acquisition": ("merger", "equity_stake"),
    "merger": ("acquisition",),
    "investment": ("funding_round", "equity_stake"),
    "equity_stake": ("investment", "acquisition"),
    "funding_round": ("investment",),
    "divestiture": ("acquisition",),
    "asset_purchase": ("acquisition",),
    "licensing": ("partnership",),
    "supply_contract": ("partnership",),
    "joint_venture": ("partnership",),
}
_CONFUSED_ROLES = {
    ("merger", "acquisition"): ("acquirer", "target"),
    ("divestiture", "acquisition"): ("seller", "target"),
}
_SITES = ("Point", "Hill", "Street", "River", "Peak", "Lane", "Gate", "Crown")
_SUFFIXES = ("ra", "lis", "no", "ven", "mar", "cio", "del", "zon", "qui", "ska")
_DATE_SLOTS = {"date": 10, "month": 7, "year": 4}
_CURRENCIES = {"en": ("USD", "GBP", "USD"), "nl": ("EUR",), "es": ("EUR", "MXN", "USD")}
_RATES = {"USD": 1.0, "EUR": 1.09, "GBP": 1.27, "MXN": 0.055}


@dataclass
class Company:
    """An invented company: `stem` tells who it is, `tail` what it does, `form` its legal form."""

    stem: str
    tail: str
    form: str
    home: str
    group: bool
    acronym: str | None
    rival_stem: bool = False
    """Another company has the same stem, so that papers seldom use it alone."""
    daughter: bool = False

    @property
    def common(self) -> str:
        """The name in common use."""
        return f"{self.stem} {self.tail}".strip()


@dataclass
class Event:
    """A step of a deal."""

    day: int
    status: str


@dataclass
class Bargain:
    """A deal as it happened."""

    id: str
    type: str
    parties: list[tuple[str, Company]]
    amount: float | None
    modifier: str
    currency: str
    stake: str | None
    valuation: float | None
    events: list[Event] = field(default_factory=list)
    weight: float = 1.0

    @property
    def announced(self) -> int | None:
        """The day it was signed, if ever."""
        return next((event.day for event in self.events if event.status == "announced"), None)


@dataclass(frozen=True)
class Angle:
    """How a newsroom comes to a deal: what it knows that day, and whether it is the news or a look back."""

    status: str
    day: int
    lang: str
    wrong: bool = False
    background: bool = False


class Press:
    """Makes the world and its articles; the same seed gives the same press."""

    def __init__(self, folder: Path, seed: int, deals: int, with_text: bool = True) -> None:
        self.rng = random.Random(seed)  # noqa: S311 -- not for secrets
        self.fillers = load_fillers(folder)
        self.templates: dict[tuple[str, str], list[Plain]] = {}
        self.asides: list[Plain] = []
        self._names: dict[str, str] = {}
        if with_text:
            for template in load_templates(folder):
                if len(template["deals"]) == 1:
                    told = template["deals"][0]
                    self.templates.setdefault((told["type"], told["status"]), []).append(template)
                elif not template["deals"]:
                    self.asides.append(template)
        self.companies = self._found_companies(max(20, deals * 3 // 4))
        self.bargains = self._strike(deals)
        self._deals_of: dict[str, list[Bargain]] = {}
        for bargain in self.bargains:
            for _, company in bargain.parties:
                self._deals_of.setdefault(company.stem, []).append(bargain)

    # -- the world ---------------------------------------------------------------------------------

    def _found_companies(self, count: int) -> list[Company]:
        rng, data = self.rng, self.fillers["organisations"]
        stems: set[str] = set()
        companies: list[Company] = []
        while len(companies) < count:
            kind = rng.random()
            if kind < 0.10 and companies:  # a namesake in another trade
                other = rng.choice(companies)
                tail = rng.choice(data["sectors"])
                if tail == other.tail or not other.tail or other.acronym:
                    continue
                other.rival_stem = True
                companies.append(
                    Company(
                        other.stem, tail, rng.choice(data["forms"]), rng.choice(LANGUAGES), False, None, True
                    )
                )
                continue
            if kind < 0.14 and companies:  # a daughter that is not its mother
                mother = rng.choice(companies)
                place = rng.choice(self.fillers["places"]["countries"])["en"].removeprefix("the ")
                if mother.acronym or mother.daughter:
                    continue
                companies.append(Company(mother.stem, place, "", mother.home, False, None, True, True))
                continue
            stem = self._stem()
            if stem.casefold() in stems:
                continue
            stems.add(stem.casefold())
            words = rng.sample(data["sectors"], 2)
            if rng.random() < 0.05:
                companies.append(self._initialled(stem, words))
                continue
            tail = "" if rng.random() < 0.35 else words[0]
            companies.append(
                Company(
                    stem, tail, rng.choice(data["forms"]), rng.choice(LANGUAGES), rng.random() < 0.15, None
                )
            )
        return companies

    def _initialled(self, stem: str, words: Sequence[str]) -> Company:
        tail = " ".join(words)
        letters = "".join(word[0] for word in f"{stem} {tail}".split()).upper()
        return Company(stem, tail, "", self.rng.choice(LANGUAGES), False, letters)

    def _stem(self) -> str:
        rng, data = self.rng, self.fillers["organisations"]
        kind = rng.random()
        if kind < 0.65:
            stem: str = rng.choice(data["onsets"]) + rng.choice(data["middles"]) + rng.choice(data["endings"])
            if rng.random() < 0.3:
                stem += rng.choice(_SUFFIXES)
            if rng.random() < 0.12:
                stem = _accented(stem, rng)
            return stem
        if kind < 0.85:
            return f"{rng.choice(data['words'])} {rng.choice(_SITES)}"
        first, second = rng.sample(self.fillers["people"]["last"], 2)
        return f"{first} & {second}"

    def _strike(self, count: int) -> list[Bargain]:
        rng = self.rng
        bargains: list[Bargain] = []
        kinds, shares = list(_SHARES), list(_SHARES.values())
        # A few companies are in the news all the time.
        weights = list(itertools.accumulate(1 / (rank + 3) ** 0.6 for rank in range(len(self.companies))))
        while len(bargains) < count:
            chance = rng.random()
            known = rng.choice(bargains) if bargains else None
            if known and chance < 0.12 and known.type in _REPEATED:
                bargains.append(self._again(known, len(bargains)))
                continue
            if known and chance < 0.15 and known.type == "acquisition":
                rival = rng.choice(self.companies)
                if rival not in [company for _, company in known.parties]:
                    parties = [
                        ("acquirer", rival),
                        *[party for party in known.parties if party[0] != "acquirer"],
                    ]
                    bargains.append(
                        self._bargain(len(bargains), "acquisition", parties, known.events[0].day + 5)
                    )
                continue
            kind = rng.choices(kinds, shares)[0]
            roles = list(_ROLES[kind])
            if kind in ("acquisition", "equity_stake", "asset_purchase") and rng.random() < 0.3:
                roles.append("seller")
            if kind in ("funding_round", "debt_financing") and rng.random() < 0.5:
                roles.append("investor" if kind == "funding_round" else "lender")
            players = rng.choices(self.companies, cum_weights=weights, k=len(roles))
            if len({company.stem for company in players}) < len(players):
                continue
            parties = list(zip(roles, players, strict=True))
            bargains.append(self._bargain(len(bargains), kind, parties, rng.randrange(_DAYS)))
        return bargains

    def _again(self, known: Bargain, number: int) -> Bargain:
        """Let the same parties do another deal of the kind, some time later and for another sum."""
        later = known.events[-1].day + self.rng.randrange(90, 900)
        made = self._bargain(number, known.type, known.parties, later)
        while made.amount and known.amount and 0.7 < made.amount / known.amount < 1.45:
            made.amount = _round_to(made.amount * self.rng.choice([0.4, 0.5, 1.8, 2.5]), 3)
        return made

    def _bargain(self, number: int, kind: str, parties: list[tuple[str, Company]], day: int) -> Bargain:
        rng = self.rng
        home = parties[-1][1].home
        amount = (
            _round_to(10 ** rng.uniform(6.7, 10.6), rng.choice([1, 2, 2, 3, 3]))
            if rng.random() < 0.85
            else None
        )
        bargain = Bargain(
            id=f"b{number:06d}",
            type=kind,
            parties=parties,
            amount=amount,
            modifier=rng.choices(["exact", "up_to", "about", "more_than", "at_least"], [80, 10, 5, 3, 2])[0],
            currency=rng.choice(_CURRENCIES[home]),
            stake=str(rng.randrange(5, 50)) if kind == "equity_stake" else None,
            valuation=_round_to(amount * rng.uniform(4, 12), 2)
            if amount and kind == "funding_round"
            else None,
            weight=min(rng.paretovariate(1.3), 12.0),
        )
        bargain.events = self._course(day)
        return bargain

    def _course(self, day: int) -> list[Event]:
        rng = self.rng
        events = []
        if rng.random() < 0.35:
            events.append(Event(day, "rumoured"))
            day += rng.randrange(1, 40)
            if rng.random() < 0.15:
                return [*events, Event(day, "denied")]
        if rng.random() < 0.25:
            events.append(Event(day, "in_talks"))
            day += rng.randrange(2, 60)
            if rng.random() < 0.15:
                return [*events, Event(day, "cancelled")]
        events.append(Event(day, "announced"))
        end = rng.random()
        if end < 0.45:
            events.append(Event(day + rng.randrange(5, 280), "completed"))
        elif end < 0.55:
            events.append(Event(day + rng.randrange(20, 200), "stalled"))
        elif end < 0.65:
            events.append(Event(day + rng.randrange(20, 300), "cancelled"))
        return events

    # -- the papers --------------------------------------------------------------------------------

    def articles(self, count: int) -> Iterator[tuple[Plain, dict[str, str]]]:
        """Yield articles, each with its facts and, by fact id, the deal each fact tells of."""
        total = sum(bargain.weight for bargain in self.bargains)
        made = 0
        owed = 0.0
        for bargain in self.bargains:
            owed += bargain.weight / total * count
            quota = max(1, round(owed))
            owed -= quota
            for article, truth in self._cover(bargain, quota, made):
                made += 1
                yield article, truth

    def _cover(self, bargain: Bargain, quota: int, made: int) -> Iterator[tuple[Plain, dict[str, str]]]:
        rng = self.rng
        left = quota
        while left > 0:
            event = rng.choice(bargain.events)
            lang = rng.choice(LANGUAGES)
            wrong = rng.random() < 0.03
            day = event.day + rng.choice([0, 0, 0, 1, 1, 2, 4])
            story = self._story(bargain, event, day, lang, wrong)
            copies = min(left, 1 + (rng.randrange(1, 7) if rng.random() < 0.25 else 0))
            for copy in range(copies):
                yield self._print(story, made + quota - left, copy)
                left -= 1
            if wrong and left > 0:
                yield self._print(self._story(bargain, event, day + 1, lang, False), made + quota - left, 0)
                left -= 1

    def _story(self, bargain: Bargain, event: Event, day: int, lang: str, wrong: bool) -> Plain:
        """Write one newsroom's article: the news and now and then a look back at another deal."""
        rng = self.rng
        self._names.clear()
        told = [self._tell(bargain, Angle(event.status, day, lang, wrong))]
        if rng.random() < 0.3:
            _, company = rng.choice(bargain.parties)
            other = rng.choice(self._deals_of[company.stem])
            if other is not bargain and other.events[0].day < day:
                past = [step for step in other.events if step.day <= day][-1]
                told.append(self._tell(other, Angle(past.status, day, lang, background=True)))
        text = ""
        if self.templates:
            text = " ".join(self._word(fact, kind, lang) for fact, _, kind in told)
            for _ in range(rng.randrange(2, 5)):
                text += "\n\n" + fill(rng.choice(self.asides), self.fillers, rng).texts[lang]
        return {"lang": lang, "day": day, "text": text, "told": told}

    def _print(self, story: Plain, number: int, copy: int) -> tuple[Plain, dict[str, str]]:
        """Print a story: copies drop the last paragraph or add a line of their own."""
        rng = self.rng
        article_id = f"p{number:07d}"
        text = story["text"]
        if copy and text:
            paragraphs = text.split("\n\n")
            text = "\n\n".join(paragraphs[: max(2, len(paragraphs) - rng.randrange(0, 2))])
            text += f"\n\n{rng.choice(self.fillers['press']['sources'])}."
        day = _FIRST_DAY + timedelta(days=story["day"] + (rng.randrange(0, 2) if copy else 0))
        facts, truth = [], {}
        for index, (fact, bargain_id, _) in enumerate(story["told"]):
            fact_id = content_id("f", article_id, str(index))
            facts.append({"id": fact_id, "article_id": article_id, **fact})
            truth[fact_id] = bargain_id
        article = {
            "id": article_id,
            "source": rng.choice(self.fillers["press"]["sources"]),
            "published": day.isoformat() if rng.random() > 0.04 else None,
            "text": text,
            "lang": story["lang"],
            "facts": facts,
        }
        return article, truth

    def _tell(self, bargain: Bargain, angle: Angle) -> tuple[Plain, str, str]:
        rng = self.rng
        kind, parties = self._angled(bargain)
        roles: dict[str, list[Plain]] = {}
        for role, company in parties:
            roles.setdefault(role, []).append({"name": self.name(company, angle.lang), "mention_ids": []})
        with_stake = bargain.stake and rng.random() < 0.6
        with_valuation = bargain.valuation if not angle.background and rng.random() < 0.5 else None
        fact: Plain = {
            "type": kind,
            "status": angle.status,
            "roles": roles,
            "amount": self._sum(bargain, angle),
            "valuation": _money(with_valuation, bargain.currency, "exact") if with_valuation else None,
            "stake": {"percent": bargain.stake, "modifier": "exact"} if with_stake else None,
            "quantities": [],
            "dates": self._dates(bargain, angle),
            "confidence": round(rng.uniform(0.5, 1), 2),
            "evidence": [],
        }
        return fact, bargain.id, bargain.type

    def _angled(self, bargain: Bargain) -> tuple[str, list[tuple[str, Company]]]:
        """Choose what kind of deal a newsroom takes it for and which of the parties it names."""
        rng = self.rng
        kind, parties = bargain.type, list(bargain.parties)
        if kind in _CONFUSED and rng.random() < 0.03:
            kind = rng.choice(_CONFUSED[kind])
            roles = _CONFUSED_ROLES.get((bargain.type, kind), _ROLES[kind])
            parties = [(role, company) for role, (_, company) in zip(roles, bargain.parties, strict=False)]
        if len(parties) > 2 and rng.random() < 0.4:
            parties = parties[:2]
        may_be_alone = kind in ("acquisition", "funding_round", "debt_financing")
        if may_be_alone and len(parties) >= 2 and rng.random() < 0.04:
            parties = parties[1:2]  # only the one that is bought or gets the money
        return kind, parties

    def name(self, company: Company, lang: str) -> str:
        """Write a company's name the way a newsroom does that day, the same all through an article."""
        known = self._names.get(company.common)
        if known is None:
            known = self._names[company.common] = self._new_name(company, lang)
        return known

    def _new_name(self, company: Company, lang: str) -> str:
        rng = self.rng
        forms = _forms(company, lang)
        form = rng.choices(list(forms), list(forms.values()))[0]
        if rng.random() < 0.10:
            form = "".join(c for c in unicodedata.normalize("NFD", form) if not unicodedata.combining(c))
        if rng.random() < 0.03:
            form = form.upper()
        if rng.random() < 0.02 and " " in company.stem and company.stem in form:
            form = form.replace(company.stem, company.stem.replace(" ", rng.choice(["", "-"])))
        if rng.random() < 0.006 and len(form) > 6:
            form = _slip(form, rng)
        return form

    def _sum(self, bargain: Bargain, angle: Angle) -> Plain | None:
        rng = self.rng
        if bargain.amount is None or rng.random() < (0.45 if angle.background else 0.2):
            return None
        amount, modifier = bargain.amount, bargain.modifier
        if angle.status in ("rumoured", "in_talks"):
            amount = _round_to(amount * rng.uniform(0.85, 1.2), 2)
            modifier = rng.choice(["about", "exact", "more_than", "up_to"])
            if rng.random() < 0.08:
                return {"amount": None, "currency": bargain.currency, "modifier": "about", **_range(amount)}
        if angle.wrong:
            amount = amount * 10 if rng.random() < 0.5 else _round_to(amount * rng.choice([0.66, 1.54]), 3)
        return self._written_sum(amount, bargain.currency, modifier, angle.lang)

    def _written_sum(self, amount: float, currency: str, modifier: str, lang: str) -> Plain:
        """Round, convert or simplify a sum the way papers do."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.12:
            amount, modifier = _round_to(amount, 2), rng.choice(["about", "exact", "about"])
        elif chance < 0.16:
            amount, modifier = _round_to(amount, 1), "about"
        elif chance < 0.20 and (others := [c for c in _CURRENCIES[lang] if c != currency]):
            other = rng.choice(others)
            rate = _RATES[currency] / _RATES[other] * rng.uniform(0.95, 1.05)
            amount, currency, modifier = _round_to(amount * rate, 2), other, "about"
        if modifier != "exact" and rng.random() < 0.3:
            modifier = "exact"
        return _money(amount, currency, modifier)

    def _dates(self, bargain: Bargain, angle: Angle) -> Plain:
        rng, day = self.rng, angle.day
        dates: Plain = {}
        signed = bargain.announced
        if signed is not None and signed <= day and rng.random() < (0.6 if angle.background else 0.5):
            signed += rng.choice([-40, 31]) if rng.random() < 0.03 else 0
            dates["announced"] = self._timex(signed, angle.background)
        done = next((e.day for e in bargain.events if e.status == "completed" and e.day <= day), None)
        if angle.status == "completed" and done is not None and rng.random() < 0.6:
            dates["completed"] = self._timex(done, angle.background)
        return dates

    def _timex(self, day: int, background: bool) -> Plain:
        when = (_FIRST_DAY + timedelta(days=day)).isoformat()
        length = self.rng.choices([10, 7, 4], [2, 5, 3] if background else [7, 2, 0])[0]
        timex = when[:length]
        if length == 7 and self.rng.random() < 0.05:
            timex = f"XXXX-{when[5:7]}"
        return {"type": "DATE", "timex": timex}

    def _word(self, fact: Plain, kind: str, lang: str) -> str:
        """Put a fact into words: the template that has room for most of it, filled with it."""
        fitting = self.templates.get((fact["type"], fact["status"])) or self.templates.get(
            (kind, "announced")
        )
        if not fitting:
            return ""
        misfit = [_misfit(template["deals"][0], fact) for template in fitting]
        best = [t for t, missed in zip(fitting, misfit, strict=True) if missed == min(misfit)]
        return _with_fact(fill(self.rng.choice(best), self.fillers, self.rng), fact, lang)


def _misfit(told: Plain, fact: Plain) -> int:
    """Count what a template says that the fact does not, or lacks that the fact has."""
    slots = {role: len(names) if isinstance(names, list) else 1 for role, names in told["roles"].items()}
    given = {role: len(players) for role, players in fact["roles"].items()}
    missed: int = 3 * sum(abs(slots.get(role, 0) - given.get(role, 0)) for role in slots | given)
    missed += 3 * ((told["amount"] is None) != (_figure(fact["amount"]) is None))
    missed += 2 * ((told["stake"] is None) != (fact["stake"] is None))
    missed += int((told["amount_modifier"] or "exact") != (fact["amount"] or {}).get("modifier", "exact"))
    return missed + ("announced" in told["dates"]) + (told["valuation"] is not None)


def _figure(amount: Plain | None) -> str | None:
    return amount["amount"] if amount else None


def _forms(company: Company, lang: str) -> dict[str, float]:
    """List what a company is called in a language, and how often."""
    forms = {company.common: 10.0}
    if company.tail and not company.daughter:
        forms[company.stem] = 1.0 if company.rival_stem else 6.0
    if company.form:
        forms |= {f"{company.common} {company.form}": 3.0, f"{company.common}, {company.form}": 0.7}
    if company.group:
        group = {"en": f"{company.stem} Group", "nl": f"{company.stem} Groep", "es": f"Grupo {company.stem}"}
        forms[group[lang]] = 3.0
    if company.acronym:
        forms[company.acronym] = 6.0
    if "&" in company.stem:
        forms[company.common.replace("&", {"en": "and", "nl": "en", "es": "y"}[lang])] = 3.0
    return forms


def _with_fact(filled: Filled, fact: Plain, lang: str) -> str:
    """Put a fact's own names, sums and dates where the template's stand."""
    told = filled.deals[0]
    wording: dict[str, str] = {}
    for role, slots in told["roles"].items():
        for slot, party in zip(slots, fact["roles"].get(role) or (), strict=False):
            wording[slot["slot"]] = party["name"]
    for name, model in (("amount", Money), ("valuation", Money), ("stake", Percent)):
        if told[name] and fact[name] and (name == "stake" or _figure(fact[name])):
            exact = {**fact[name], "modifier": "exact"}
            wording[told[name]["slot"]] = format_value(model.model_validate(exact), lang)
    for role, date_slot in told["dates"].items():
        length = _DATE_SLOTS.get(date_slot["slot"] if date_slot else "")
        timex = fact["dates"].get(role, {}).get("timex", "X")
        if length and len(timex) >= length and not timex.startswith("X"):
            timex = timex[:length]
            wording[date_slot["slot"]] = format_timex(Timex(type="DATE", timex=timex), lang)
    text = filled.texts[lang]
    for span in sorted(filled.spans[lang], key=lambda span: -span.start):
        if span.slot in wording:
            text = text[: span.start] + wording[span.slot] + text[span.end :]
    return text


def _accented(stem: str, rng: random.Random) -> str:
    vowels = [i for i, c in enumerate(stem) if c in "aeiou"]
    if not vowels:
        return stem
    place = rng.choice(vowels)
    return stem[:place] + {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ú"}[stem[place]] + stem[place + 1 :]


def _slip(form: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(form) - 1)
    kind = rng.random()
    if kind < 0.4:
        return form[:place] + form[place + 1 :]
    if kind < 0.7:
        return form[:place] + form[place + 1] + form[place] + form[place + 2 :]
    return form[:place] + form[place] + form[place:]


def _round_to(number: float, digits: int) -> float:
    return float(f"{number:.{digits - 1}e}")


def _range(amount: float) -> Plain:
    return {"min": f"{_round_to(amount * 0.9, 2):.0f}", "max": f"{_round_to(amount * 1.15, 2):.0f}"}


def _money(amount: float, currency: str, modifier: str) -> Plain:
    return {"amount": f"{amount:.0f}", "currency": currency, "modifier": modifier, "min": None, "max": None}


def main() -> None:
    """Write articles.jsonl and truth.jsonl."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("templates", type=Path, help="folder of the templates and fillers.toml")
    parser.add_argument("out", type=Path)
    parser.add_argument("--deals", type=int, default=2000)
    parser.add_argument("--articles", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    press = Press(options.templates, options.seed, options.deals)
    with (
        (options.out / "articles.jsonl").open("w") as articles,
        (options.out / "truth.jsonl").open("w") as truth,
    ):
        for article, told in press.articles(options.articles):
            articles.write(json.dumps(article, ensure_ascii=False) + "\n")
            for fact, deal in told.items():
                truth.write(json.dumps({"fact": fact, "deal": deal}) + "\n")


if __name__ == "__main__":
    main()
