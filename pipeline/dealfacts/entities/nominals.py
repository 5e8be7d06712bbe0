"""Noun phrases and pronouns that stand for a company: `the chipmaker`, `la firma de Redmond`, `it`.

Only what is fairly sure is resolved. A candidate earns points for being near, for having begun a sentence
(subjects are picked up again), for having been called the same kind of company, and for the place named
with it; the best one wins if it is clearly ahead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from dealfacts.entities.clusters import Entity
from dealfacts.entities.gazetteer import WORD_CLASSES, phrases, words
from dealfacts.entities.spans import NameSpan
from dealfacts.lang import lang_data
from dealfacts.sentences import split_sentences

_DEMONYM = 1 << WORD_CLASSES.index("demonym")
_REACH = 4
_DESCRIBED = 40
_NEEDED, _AHEAD = 4.0, 1.5


@dataclass(frozen=True)
class Nominal:
    """A noun phrase or pronoun and the company it stands for."""

    start: int
    end: int
    name: str
    kind: Literal["nominal", "pronoun"]


@dataclass
class _Candidate:
    """A company of the article, and what the article calls it."""

    entity: Entity
    kinds: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Phrase:
    start: int
    end: int
    kind: str
    """The kind of company, `any`, or `plural`."""
    place: str


@dataclass(frozen=True)
class _Patterns:
    noun_phrase: re.Pattern[str]
    plural: re.Pattern[str]
    heads: Mapping[str, str]
    contracted: frozenset[str]
    pronoun: re.Pattern[str] | None
    idioms: re.Pattern[str] | None
    """Wordings in which the noun is no company, whatever follows: the signing of a contract."""
    owned_by: re.Pattern[str]
    possessed: re.Pattern[str]
    described_before: re.Pattern[str]
    endings: tuple[str, ...]
    """What `described_before` can end in, in small letters."""
    described_after: re.Pattern[str]
    boundary: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    data = lang_data(language, "names.toml")
    nominals = data["nominals"]
    heads = dict.fromkeys(nominals["any"], "any")
    for kind, nouns in nominals["kinds"].items():
        heads |= dict.fromkeys(nouns, kind)
    determiners = "|".join(sorted(nominals["determiners"], key=len, reverse=True))
    nouns = "|".join(sorted(map(re.escape, heads), key=len, reverse=True))
    plurals = "|".join(map(re.escape, nominals["plural"]))
    plural_words = "|".join(map(re.escape, nominals["plural_words"]))
    barred = "|".join(sorted({*nominals["determiners"], *data["articles"], *nominals["joiners"]}))
    modifier = rf"(?:(?!(?:{barred})\b)[\w’'.-]{{2,24}} ){{0,3}}?"
    seat = "|".join(map(re.escape, nominals["seat_words"]))
    capital = r"[A-ZÀ-Þ][\w’'-]+"
    place = rf"(?:,? (?:{seat}) (?P<place>{capital}(?: {capital})?))?"
    clause = "|".join(map(re.escape, data["clause_words"]))
    return _Patterns(
        noun_phrase=re.compile(
            rf"\b(?P<det>{determiners}) (?P<mod>{modifier})(?P<head>{nouns})(?![\w-]){place}", re.IGNORECASE
        ),
        plural=re.compile(rf"\b(?:{plural_words}) (?:[\w-]{{2,20}} )?(?:{plurals})\b", re.IGNORECASE),
        heads={head.lower(): kind for head, kind in heads.items()},
        contracted=frozenset(nominals["contracted"]),
        pronoun=_pronoun_pattern(nominals["pronouns"]),
        idioms=_idiom_pattern(nominals.get("idioms", [])),
        owned_by=re.compile(rf" (?:{'|'.join(map(re.escape, nominals['owner_words']))}) "),
        possessed=re.compile(rf"['’]s? (?:[\w-]{{2,20}} )?(?P<head>{nouns})(?![\w-])"),
        described_before=re.compile(rf"(?:^|[^\w-])(?P<mod>{modifier})(?P<head>{nouns}) $", re.IGNORECASE),
        endings=tuple(f"{head.lower()} " for head in heads),
        described_after=re.compile(
            rf"^, (?:\w{{1,4}} )?(?P<mod>(?:[\w’'.-]{{2,24}} ){{0,4}}?)(?P<head>{nouns})(?![\w-])",
            re.IGNORECASE,
        ),
        boundary=re.compile(rf"[,;:“”\"«»—–]|\b(?:{clause})\b", re.IGNORECASE),
    )


def _idiom_pattern(idioms: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, idioms))})\b", re.IGNORECASE) if idioms else None


def _pronoun_pattern(data: Mapping[str, Any]) -> re.Pattern[str] | None:
    if not data["singular"]:
        return None
    pronouns = "|".join(map(re.escape, data["singular"]))
    if "after" in data:
        before = "|".join(map(re.escape, data["after"]))
        follows = "|".join(map(re.escape, data["next"]))
        return re.compile(rf"\b(?:{before}) (?P<pronoun>{pronouns}) (?=(?:{follows})\b|[A-ZÀ-Þ\d€$£])")
    empty = "|".join(map(re.escape, data["empty_next"]))
    return re.compile(rf"\b(?P<pronoun>(?i:{pronouns})) (?!(?:{empty})\b)(?=[a-z])")


def find_nominals(
    text: str, language: str, entities: Sequence[Entity], affiliations: Mapping[str, str]
) -> list[Nominal]:
    """Find and resolve the noun phrases and pronouns that stand for the article's companies.

    Args:
        text: the article.
        language: its language.
        entities: what it names.
        affiliations: person to organisation, for `Altman's company`.

    Returns:
        The resolved ones in text order; `both companies` gives one for each of the two.
    """
    reader = _Reader(text, language, entities, affiliations)
    return sorted(reader.resolve(), key=lambda nominal: (nominal.start, nominal.name))


class _Reader:
    """Resolves the nominals of one article."""

    def __init__(
        self, text: str, language: str, entities: Sequence[Entity], affiliations: Mapping[str, str]
    ) -> None:
        self.text = text
        self.patterns = _patterns(language)
        self.affiliations = affiliations
        self.sentences = split_sentences(text, language) or [(0, len(text))]
        self._starts = [start for start, _ in self.sentences]
        self.people = {
            span.start: entity for entity in entities if entity.label == "PERSON" for span in entity.spans
        }
        self.names = sorted(
            ((span, entity) for entity in entities for span in entity.spans), key=lambda pair: pair[0].start
        )
        self._name_starts = [span.start for span, _ in self.names]
        self.candidates = [
            self._describe(entity)
            for entity in entities
            if entity.label == "ORG" and not is_public(entity) and not self._is_dateline(entity)
        ]
        self._by_name = {candidate.entity.name: candidate for candidate in self.candidates}
        self._in_sentence = self._companies_by_sentence()
        self._starts_of = {
            candidate.entity.name: [span.start for span in candidate.entity.spans]
            for candidate in self.candidates
        }

    def resolve(self) -> Iterator[Nominal]:
        """Yield every nominal that can be resolved."""
        taken: set[int] = set()
        for match in self.patterns.plural.finditer(self.text):
            taken.update(range(*match.span()))
            for candidate in self._pair(match.start()):
                yield Nominal(*match.span(), candidate.entity.name, "nominal")
        for phrase in self._phrases(taken):
            if (name := self._apposed(phrase) or self._owner(phrase) or self._antecedent(phrase)) is not None:
                yield Nominal(phrase.start, phrase.end, name, "nominal")
        yield from self._possessed()
        if self.patterns.pronoun is not None:
            for match in self.patterns.pronoun.finditer(self.text):
                start, end = match.span("pronoun")
                if (name := self._speaker(start)) is not None:
                    yield Nominal(start, end, name, "pronoun")

    def _is_dateline(self, entity: Entity) -> bool:
        """Tell whether a name stands in brackets only, as news agencies do: `NEW YORK (Market Desk) -`."""
        return all(
            self.text[: span.start].endswith("(") and self.text.startswith(")", span.end)
            for span in entity.spans
        )

    def _sentence(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def _companies_by_sentence(self) -> dict[int, list[tuple[int, str]]]:
        """Return the companies that each sentence names, with where, in order."""
        found: dict[int, list[tuple[int, str]]] = {}
        for span, entity in self.names:
            if entity.name in self._by_name and entity.label == "ORG":
                found.setdefault(self._sentence(span.start), []).append((span.start, entity.name))
        return found

    def _first_of(self, sentence: int) -> str | None:
        companies = self._in_sentence.get(sentence)
        return companies[0][1] if companies else None

    def _describe(self, entity: Entity) -> _Candidate:
        """Collect what an article calls a company: `chipmaker X`, `the Japanese X`, `X, a bank`."""
        candidate = _Candidate(entity)
        for span in entity.spans[:_DESCRIBED]:
            before, after = (
                self.text[max(0, span.start - 60) : span.start],
                self.text[span.end : span.end + 80],
            )
            described = before.lower().endswith(self.patterns.endings)
            for match in (
                self.patterns.described_before.search(before) if described else None,
                self.patterns.described_after.match(after) if after.startswith(", ") else None,
            ):
                if match is not None:
                    kind = self.patterns.heads.get(match["head"].lower(), "any")
                    candidate.kinds.update({kind} - {"any"})
                    candidate.places.update(filter(None, [_place_in(match["mod"])]))
            words_before = before.split()
            if words_before and (
                place := _place_in(words_before[-1].removesuffix("'s").removesuffix("’s") + " ")
            ):
                candidate.places.add(place)
        candidate.places.update(filter(None, [_known_places().get(entity.name.casefold())]))
        return candidate

    def _phrases(self, taken: set[int]) -> Iterator[_Phrase]:
        for match in self.patterns.noun_phrase.finditer(self.text):
            start, end = match.start(), match.end("head")
            if match["det"].lower() in self.patterns.contracted:
                start += len(match["det"]) + 1
            if taken.intersection((start, end - 1)) or self._covers_organisation(start, end):
                continue
            if self._is_description(end) or self._is_idiom(start, end):
                continue
            kind = self.patterns.heads[match["head"].lower()]
            place = _place_in(match["mod"]) or (_place_in(f"{match['place']} ") if match["place"] else "")
            yield _Phrase(start, end, kind, place or "")

    def _covers_organisation(self, start: int, end: int) -> bool:
        index = bisect_right(self._name_starts, start - 1)
        before = self.names[index - 1] if index else None
        if before is not None and before[0].end > start:
            return True
        return (
            index < len(self.names)
            and self.names[index][0].start < end
            and self.names[index][1].label == "ORG"
        )

    def _is_description(self, end: int) -> bool:
        """Tell whether a name follows: `the chipmaker Nvidia` names its company itself."""
        index = bisect_right(self._name_starts, end - 1)
        if index == len(self.names):
            return False
        span, entity = self.names[index]
        between = self.text[end : span.start]
        nationality = words().get(between.strip(), 0) & _DEMONYM
        return entity.label == "ORG" and (between in {" ", ", "} or bool(nationality))

    def _is_idiom(self, start: int, end: int) -> bool:
        """Tell whether a phrase stands in an idiom: `la firma del contrato` is no company."""
        if self.patterns.idioms is None:
            return False
        sentence = self.sentences[self._sentence(start)]
        return any(
            match.start() <= start and end <= match.end()
            for match in self.patterns.idioms.finditer(self.text, *sentence)
        )

    def _apposed(self, phrase: _Phrase) -> str | None:
        """Resolve `Adobe, the company whose ...`: the phrase stands right behind the name it explains."""
        index = bisect_right(self._name_starts, phrase.start - 1) - 1
        if index < 0:
            return None
        span, entity = self.names[index]
        apposed = self.text[span.end : phrase.start] == ", " and entity.name in self._by_name
        return entity.name if apposed and entity.label == "ORG" else None

    def _owner(self, phrase: _Phrase) -> str | None:
        """Resolve `Altman's company` and `het bedrijf van Altman` through the person."""
        match = self.patterns.owned_by.match(self.text, phrase.end)
        if match is not None and match.end() in self.people:
            return self.affiliations.get(self.people[match.end()].name)
        return None

    def _possessed(self) -> Iterator[Nominal]:
        """Resolve `Altman's company` through the person."""
        for entity in {entity.name: entity for entity in self.people.values()}.values():
            organisation = self.affiliations.get(entity.name)
            for span in entity.spans if organisation else ():
                match = self.patterns.possessed.match(self.text, span.end)
                if match is not None and organisation is not None:
                    yield Nominal(match.start("head"), match.end("head"), organisation, "nominal")

    def _antecedent(self, phrase: _Phrase) -> str | None:
        here = self._sentence(phrase.start)
        scores: dict[str, float] = {}
        for candidate in self.candidates:
            score = self._score(candidate, phrase, here)
            if score is not None:
                scores[candidate.entity.name] = score
        return _clear_winner(scores)

    def _score(self, candidate: _Candidate, phrase: _Phrase, here: int) -> float | None:
        earlier = bisect_right(self._starts_of[candidate.entity.name], phrase.start - 1)
        if not earlier:
            return None
        last = candidate.entity.spans[earlier - 1]
        sentence = self._sentence(last.start)
        distance = here - sentence
        if distance > _REACH or (distance == 0 and not self._other_clause(last, phrase)):
            return None
        score = 3.0 - distance + min(1.0, earlier / 8)
        if self._first_of(sentence) == candidate.entity.name:
            score += 2
        if candidate.entity.name in self._led_before(phrase.start, here):
            score += 2.5
        if phrase.kind != "any" and candidate.kinds:
            score += 4 if phrase.kind in candidate.kinds else -3
        elif phrase.kind != "any":
            score -= 1
        if phrase.place:
            score += (4 if phrase.place in candidate.places else -3) if candidate.places else -1
        return score

    def _led_before(self, offset: int, here: int) -> set[str]:
        """Return the companies of the people named before: `Field keeps running the company`."""
        start = self.sentences[here][0]
        return {
            self.affiliations[entity.name]
            for place, entity in self.people.items()
            if start <= place < offset and entity.name in self.affiliations
        }

    def _other_clause(self, span: NameSpan, phrase: _Phrase) -> bool:
        """Tell whether a clause ends between a name and a phrase: `Nvidia buys the chipmaker` names two."""
        return self.patterns.boundary.search(self.text, span.end, phrase.start) is not None

    def _pair(self, offset: int) -> list[_Candidate]:
        """Return the two companies that `both companies` means, if just two are near."""
        here = self._sentence(offset)
        recent: dict[str, int] = {}
        for sentence in (here - 2, here - 1, here):
            for start, name in self._in_sentence.get(sentence, ()):
                if start < offset:
                    recent[name] = sentence
        if len(recent) != 2:
            nearest = {name for name, sentence in recent.items() if sentence >= here - 1}
            recent = {name: 0 for name in recent if name in nearest}
        return [self._by_name[name] for name in recent] if len(recent) == 2 else []

    def _speaker(self, offset: int) -> str | None:
        """Return the company `it` means: the first of this sentence, else the first of the one before."""
        here = self._sentence(offset)
        companies = self._in_sentence.get(here, ())
        inside = {name for start, name in companies if start < offset}
        if inside:
            return inside.pop() if len(inside) == 1 else None
        follows = self.text[self.sentences[here][0] : offset].strip(" \"'“”‘’«»\n") == ""
        return self._first_of(here - 1) if follows else None


def _clear_winner(scores: Mapping[str, float]) -> str | None:
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _NEEDED:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _AHEAD:
        return None
    return ranked[0][0]


def is_public(entity: Entity) -> bool:
    """Tell whether an organisation is a public body, an exchange or a newspaper: no `company` here."""
    data = lang_data("_shared", "names.toml")
    public, bodies = _public()
    return any(
        span.text in bodies or any(word in public for word in span.text.split()) for span in entity.spans[:3]
    ) or any(span.text in data["public_bodies"] for span in entity.spans)


@cache
def _public() -> tuple[frozenset[str], frozenset[str]]:
    data = lang_data("_shared", "names.toml")
    media = {name for name, name_class in phrases() if name_class == "media"}
    organisations = {name for name, name_class in phrases() if name_class == "organisation"}
    return frozenset(data["public_words"]), frozenset(data["public_bodies"]) | (media - organisations)


@cache
def _known_places() -> dict[str, str]:
    """Return where well-known companies are from, as the stem of the place."""
    seats: dict[str, list[str]] = lang_data("_shared", "names.toml")["seats"]
    return {company.casefold(): _stem(place) for place, companies in seats.items() for company in companies}


def _place_in(modifier: str) -> str | None:
    """Return the place that a modifier names, as a stem: `Utrecht-based`, `Eindhovense`, `Japanese`."""
    for word in modifier.split():
        bare = re.sub(r"[-–](?:based|gebaseerde)$", "", word)
        if words().get(bare, 0) & _DEMONYM or (bare[:1].isupper() and bare in _place_names()):
            return _stem(bare)
    return None


@cache
def _place_names() -> frozenset[str]:
    return frozenset(name for name, name_class in phrases() if name_class == "place")


def _stem(place: str) -> str:
    """Cut a place or nationality to what its forms share: Japan, Japanese, japonesa."""
    folded = place.casefold().translate(str.maketrans("áéíóúüñëïè", "aeiouuneie"))
    return folded[:4]
