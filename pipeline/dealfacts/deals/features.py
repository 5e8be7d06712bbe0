"""What the scorers see: named features of triggers, of names and of figures beside a trigger.

Features are strings such as `prep=by|takeover|R`; those made of concepts and functions rather than
words mean the same in every language, so that what is learnt in one helps the others.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.lexicon import concepts
from dealfacts.deals.path_features import hanging_features, path_features
from dealfacts.deals.paths import DependencyPath, Structure
from dealfacts.deals.places import EDGE, Place, is_passive, place_of
from dealfacts.deals.reading import Reading, Sentence, Token, Trigger, entity_of
from dealfacts.deals.shares import likeliest
from dealfacts.deals.syntax import Arcs
from dealfacts.records import Money, Timex, publication_day

NO_ARCS = Arcs((), ())
_NEAR = 5


def bucket(distance: int) -> str:
    """Name a distance in tokens coarsely: exact up to 3, then 5, 8, 14 and more."""
    for limit in (1, 2, 3, 5, 8, 14):
        if distance <= limit:
            return str(limit)
    return "15"


@cache
def types_of(trigger_concepts: tuple[str, ...]) -> tuple[str, ...]:
    """Return every deal type that any of these concepts may mean, in order."""
    table = concepts()["triggers"]
    return tuple(dict.fromkeys(kind for concept in trigger_concepts for kind in table[concept]["types"]))


class SentenceView:
    """Look-ups on one sentence that many features share."""

    def __init__(self, reading: Reading, sentence: Sentence) -> None:
        self.reading = reading
        self.sentence = sentence
        self.words = sentence.words
        self.concepts_at = sentence.concepts_at
        self.bag = sorted({concept for found in sentence.concepts_at.values() for concept in found})
        self.embedded: NDArray[np.float32] | None = None
        """The tokens as the network embeds them, once it has."""
        self._places: dict[tuple[int, int], Place] = {}
        self._paths: dict[tuple[int, int], DependencyPath | None] = {}

    @cached_property
    def structure(self) -> Structure:
        """The dependencies of the sentence."""
        arcs = self.reading.arcs.get(self.sentence.index, NO_ARCS)
        return Structure(arcs, self.words, self.function, self.reading.lexicon.relative)

    def head(self, trigger: Trigger) -> int | None:
        """Return the word of a trigger on which its other words hang."""
        return self.structure.head_of(trigger.tokens)

    def path(self, trigger: Trigger, position: int) -> DependencyPath | None:
        """Return the way from a trigger to a token through the dependencies."""
        key = (trigger.anchor, position)
        if key not in self._paths:
            head = self.head(trigger)
            self._paths[key] = None if head is None else self.structure.path(head, position)
        return self._paths[key]

    def place(self, trigger: Trigger, position: int) -> Place:
        """Return where the name at a position stands towards a trigger."""
        key = (trigger.anchor, position)
        if key not in self._places:
            self._places[key] = place_of(self, trigger, position)
        return self._places[key]

    def word(self, index: int) -> str:
        """Return the word at a position, or the edge mark outside the sentence."""
        return self.words[index] if 0 <= index < len(self.words) else EDGE

    def skip(self, index: int, step: int) -> int:
        """Return the next position from `index` in the direction of `step` that is no determiner."""
        determiners = self.reading.lexicon.determiners
        position = index + step
        for _ in range(4):
            if self.word(position) not in determiners:
                break
            position += step
        return position

    def is_passive(self, trigger: Trigger) -> bool:
        """Tell whether a trigger is a participle behind a passive auxiliary."""
        return is_passive(self, trigger)

    def function(self, word: str) -> str:
        """Return what a preposition does (`by`, `from/of`), or the word itself."""
        functions = self.reading.lexicon.prepositions.get(word)
        return "/".join(functions) if functions else word

    def concepts_between(self, low: int, high: int) -> list[str]:
        """Return the concepts on the tokens from `low` up to `high`, each once, sorted."""
        found = {
            concept
            for token in range(max(low, 0), min(high, len(self.words)))
            for concept in self.concepts_at.get(token, ())
        }
        return sorted(found)


def trigger_features(view: SentenceView, trigger: Trigger) -> Iterator[str]:
    """Describe a trigger, its words and its surroundings, for telling which type it states, if any."""
    sentence, anchor, last = view.sentence, trigger.tokens[0], trigger.tokens[-1]
    concept = trigger.concept
    form = " ".join(view.word(token) for token in trigger.tokens)
    yield f"c={concept}"
    yield f"f={form}"
    for other in trigger.concepts[1:]:
        yield f"c={other}"
    before, after = view.skip(anchor, -1), view.skip(last, 1)
    for name, index in (("w-1", anchor - 1), ("w-2", anchor - 2), ("w+1", last + 1), ("w+2", last + 2)):
        yield f"{name}={view.word(index)}"
    yield f"k-1={concept}|{view.function(view.word(before))}"
    yield f"k+1={concept}|{view.function(view.word(after))}"
    for side, low, high in (("L", anchor - _NEAR, anchor), ("R", last + 1, last + 1 + _NEAR)):
        for found in view.concepts_between(low, high):
            yield f"near={side}|{found}"
            yield f"cnear={concept}|{side}|{found}"
    for found in view.bag:
        yield f"s={found}"
        yield f"cs={concept}|{found}"
    yield from _company_of(sentence, view, concept, anchor)
    yield from hanging_features(view, trigger, concept)
    for token in sentence.tokens:
        if token.mention is None and len(token.word) > 2:
            yield f"b={token.word[:7]}"
    for found in _article_concepts(view.reading):
        yield f"doc={found}"
        yield f"cdoc={concept}|{found}"
    yield "bias"


def _company_of(sentence: Sentence, view: SentenceView, concept: str, anchor: int) -> Iterator[str]:
    """Describe the names and figures that a trigger has around it."""
    left = [view.word(i) for i in sentence.names if i < anchor]
    right = [view.word(i) for i in sentence.names if i > anchor]
    yield f"n={concept}|{min(len(left), 2)}|{min(len(right), 2)}"
    yield f"nl={concept}|{left[-1] if left else '-'}"
    yield f"nr={concept}|{right[0] if right else '-'}"
    for kind in sorted({view.word(i) for i in sentence.values}):
        yield f"v={kind}"
        yield f"cv={concept}|{kind}"
    if sentence.headline:
        yield "headline"
        yield f"headline|{concept}"


def _article_concepts(reading: Reading) -> list[str]:
    counts: dict[str, int] = {}
    for sentence in reading.sentences[:4]:
        for trigger in sentence.triggers:
            counts[trigger.concept] = counts.get(trigger.concept, 0) + 1
    return sorted(concept for concept, count in counts.items() if count >= 1)


def name_features(view: SentenceView, trigger: Trigger, type_: str, position: int) -> Iterator[str]:
    """Describe a name in the trigger's own sentence, for telling which side of the deal it is."""
    sentence = view.sentence
    anchor, last, concept = trigger.anchor, trigger.tokens[-1], trigger.concept
    side = "L" if position < anchor else "R"
    low, high = (position + 1, anchor) if side == "L" else (anchor + 1, position)
    between = [i for i in sentence.names if low <= i < high]
    order = sentence.names.index(position)
    label = view.word(position)
    before, after = view.skip(position, -1), position + 1
    prep = view.function(view.word(before))
    form = view.word(anchor)
    count = min(len(between), 3)
    place = view.place(trigger, position)
    yield from _place_features(place, type_, concept, form, side, count)
    yield from path_features(view, trigger, position, type_)
    yield from _vote_features(view, trigger, type_, position, place.guess or "-")
    yield f"label={label}"
    yield f"tl={type_}|{label}"
    yield f"d={side}|{count}"
    yield f"td={type_}|{side}|{count}"
    yield f"cd={concept}|{side}|{count}"
    yield f"fd={form}|{side}|{count}"
    yield f"ctd={concept}|{type_}|{side}|{min(count, 1)}"
    yield f"dist={side}|{bucket(abs(position - anchor))}"
    yield f"cdist={concept}|{side}|{bucket(abs(position - anchor))}"
    yield f"prep={prep}|{side}"
    yield f"prep={prep}|{type_}"
    yield f"prep={prep}|{concept}|{side}"
    yield f"prep={prep}|{form}|{side}"
    yield f"prep2={prep}|{view.function(view.word(view.skip(before, -1)))}|{side}"
    yield f"w-1={view.word(position - 1)}|{side}"
    yield f"w+1={view.word(after)}|{side}"
    yield f"w+1={view.word(after)}|{concept}|{side}"
    yield f"w+2={view.word(after)} {view.word(after + 1)}"
    yield f"aux={view.word(anchor - 1)}|{concept}|{side}"
    yield f"aux2={view.word(anchor - 2)}|{concept}|{side}"
    yield f"next={view.function(view.word(view.skip(last, 1)))}|{concept}|{side}|{min(count, 1)}"
    yield f"order={min(order, 3)}of{min(len(sentence.names), 4)}|{side}"
    yield f"corder={concept}|{min(order, 3)}of{min(len(sentence.names), 4)}|{side}"
    yield from _surroundings(view, position, type_, concept, (low, high))
    yield from _list_features(view, position, side)
    if sentence.headline:
        yield f"headline|{side}|{count}"
    mention = sentence.tokens[position].mention
    if mention is not None:
        entity = entity_of(mention)
        yield from _own_words(entity, type_)
        yield f"rank={min(view.reading.rank.get(entity, 9), 4)}|{type_}"
        yield f"title={entity in view.reading.headline_entities}|{type_}"
    yield f"bias|{type_}"


def _place_features(
    place: Place, type_: str, concept: str, form: str, side: str, count: int
) -> Iterator[str]:
    """Describe where a name stands towards its trigger."""
    guess = place.guess or "-"
    yield f"guess={guess}"
    yield f"guess={guess}|{type_}"
    yield f"guess={guess}|{concept}"
    yield f"guess={guess}|{place.attached}|{place.breaks}|{count}"
    yield f"rel={place.relation}|{side}|{place.passive}"
    yield f"rel={place.relation}|{concept}|{place.passive}"
    yield f"rel={place.relation}|{concept}|{place.passive}|{side}{min(count, 1)}"
    yield f"rel={place.relation}|{type_}|{side}"
    yield f"rel={place.relation}|{form}|{side}"
    yield f"gov={place.governor}|{concept}|{side}"
    yield f"gov={place.governor}|{place.head}"
    yield f"head={place.head}|{place.relation}"
    yield f"breaks={place.breaks}|{side}|{place.relation}"


def _surroundings(
    view: SentenceView, position: int, type_: str, concept: str, between: tuple[int, int]
) -> Iterator[str]:
    """Describe what stands around a name, and between it and its trigger."""
    low, high = between
    side = "R" if high == position else "L"
    for found in view.concepts_between(position - 4, position):
        yield f"pre={found}"
        yield f"pret={type_}|{found}"
    for found in view.concepts_between(position + 1, position + 4):
        yield f"post={found}"
        yield f"postt={type_}|{found}"
    for found in view.concepts_between(low, high):
        yield f"mid={found}|{side}"
        yield f"midc={concept}|{found}|{side}"
    for word in view.words[low:high] if high - low <= 6 else ():
        yield f"midw={word}|{side}"


def _own_words(entity: str, type_: str) -> Iterator[str]:
    """Name the words of a name: a `Commission` seldom buys, `Ventures` invest."""
    words = entity.lower().split()
    for word in words[:5]:
        yield f"nw={word}"
    yield f"nw={words[-1] if words else ''}|{type_}"
    yield f"name={' '.join(words)}"


def _vote_features(
    view: SentenceView, trigger: Trigger, type_: str, position: int, guess: str
) -> Iterator[str]:
    """Ask the sentence's other triggers that may state the same type where they put the name."""
    votes: dict[str, int] = {}
    for other in view.sentence.triggers:
        if other is trigger or type_ not in types_of(other.concepts):
            continue
        place = view.place(other, position)
        found = place.guess or "-"
        yield f"other={other.concept}|{found}"
        yield f"otherrel={other.concept}|{place.relation}|{place.passive}|{type_}"
        if found != "-" and not concepts()["triggers"][other.concept].get("generic", False):
            votes[found] = votes.get(found, 0) + 1
    generic = concepts()["triggers"][trigger.concept].get("generic", False)
    best = likeliest(votes) if votes else "-"
    yield f"vote={best}|{type_}"
    yield f"vote={best}|{guess}|{generic}"
    yield f"vote={best}|{len(votes)}|{generic}"
    if not generic and guess != "-":
        votes[guess] = votes.get(guess, 0) + 1
    top = likeliest(votes) if votes else "-"
    yield f"all={top}|{type_}"
    yield f"all={top}|{min(votes.get(top, 0), 3)}|{len(votes)}"


def _list_features(view: SentenceView, position: int, side: str) -> Iterator[str]:
    joiners = view.reading.lexicon.joiners
    if view.word(position - 1) in joiners and view.word(position - 2).startswith("<"):
        yield f"list=after|{side}"
        head = position - 2
        while view.word(head - 1) in joiners and view.word(head - 2).startswith("<"):
            head -= 2
        yield f"listprep={view.function(view.word(view.skip(head, -1)))}|{side}"
    if view.word(position + 1) in joiners and view.word(position + 2).startswith("<"):
        yield f"list=before|{side}"
    if view.word(position - 1) == "(":
        yield "parenthesis"


def far_name_features(
    view: SentenceView, trigger: Trigger, type_: str, other: Sentence, position: int
) -> Iterator[str]:
    """Describe a name outside the trigger's sentence: how recent and how prominent it is."""
    reading, sentence, concept = view.reading, view.sentence, trigger.concept
    mention = other.tokens[position].mention
    entity = entity_of(mention) if mention else ""
    offset = max(-4, min(other.index - sentence.index, 2))
    rank = min(reading.rank.get(entity, 9), 4)
    names = min(len([i for i in sentence.names if view.word(i) == "<org>"]), 3)
    left = any(i < trigger.anchor for i in sentence.names)
    right = any(i > trigger.anchor for i in sentence.names)
    order = min(other.names.index(position), 2)
    first = view.word(0)
    yield f"label={other.tokens[position].word}|{type_}"
    yield f"off={offset}|{type_}"
    yield f"rank={rank}|{type_}"
    yield f"offrank={offset}|{rank}|{names}"
    yield f"rank={rank}|{concept}|{left}{right}"
    yield f"lr={left}{right}|{type_}|{rank}"
    yield f"lr={left}{right}|{concept}|{offset}"
    yield f"title={entity in reading.headline_entities}|{type_}"
    yield f"title={entity in reading.headline_entities}|{names}|{type_}"
    yield f"order={order}|{offset}"
    yield f"order={order}|{offset}|{concept}"
    yield f"first={first}|{rank}"
    yield f"first={first}|{offset}|{order}"
    yield f"prev={view.word(trigger.anchor - 1)}|{rank}"
    yield f"prev2={view.word(trigger.anchor - 2)}|{rank}"
    yield f"next={view.word(trigger.tokens[-1] + 1)}|{rank}"
    yield f"count={min(reading.mentions_of.get(entity, 0), 4)}|{min(sentence.index, 4)}|{type_}"
    yield from _own_words(entity, type_)
    yield from _open_sides(view, trigger, type_, f"{rank}", f"{offset}|{order}")
    for found in sorted({t.concept for t in other.triggers}):
        yield f"othertrigger={found}|{type_}"
    yield f"bias|{type_}"


def _open_sides(view: SentenceView, trigger: Trigger, type_: str, rank: str, where: str) -> Iterator[str]:
    """Tell which sides the sentence's own names leave open, by the trigger's frame."""
    filled = {view.place(trigger, i).guess for i in view.sentence.names}
    frame = concepts()["triggers"][trigger.concept]["frame"]
    missing = "".join(sorted(set(concepts()["sides"][type_]) - filled))
    subject = frame.get("subject", "-")
    if view.is_passive(trigger):
        subject = frame.get("object", "-")
    lacking = subject if subject not in filled else "-"
    yield f"open={missing}|{type_}|{rank}"
    yield f"open={missing}|{where}"
    yield f"subject={lacking}|{type_}"
    yield f"subject={lacking}|{rank}"
    yield f"subject={lacking}|{where}"
    yield f"subject={lacking}|{missing}|{trigger.concept}"


def value_features(
    view: SentenceView, trigger: Trigger, type_: str, other: SentenceView, position: int
) -> Iterator[str]:
    """Describe a figure or date in or near the trigger's sentence, for telling what it says of the deal."""
    sentence, concept = other.sentence, trigger.concept
    offset = sentence.index - view.sentence.index
    same = offset == 0
    kind = other.word(position)
    side = ("L" if position < trigger.anchor else "R") if same else str(max(-2, min(offset, 3)))
    alike = [i for i in sentence.values if other.word(i) == kind]
    before = other.skip(position, -1)
    yield f"o={side}"
    yield f"co={concept}|{side}"
    yield f"to={type_}|{side}"
    yield f"w-1={other.word(position - 1)}"
    yield f"w-2={other.word(position - 2)} {other.word(position - 1)}"
    yield f"w+1={other.word(position + 1)}"
    yield f"w+2={other.word(position + 1)} {other.word(position + 2)}"
    yield f"prep={other.function(other.word(before))}|{side}"
    yield f"prep={other.function(other.word(before))}|{type_}"
    yield f"prep={other.function(other.word(before))}|{concept}|{side}"
    yield f"pw={other.word(before - 1)}"
    for found in other.concepts_between(position - 5, position):
        yield f"pre={found}"
        yield f"pret={type_}|{found}"
        yield f"preo={side}|{found}"
    for found in other.concepts_between(position + 1, position + 5):
        yield f"post={found}"
        yield f"posto={side}|{found}"
    for found in other.bag:
        yield f"bag={found}|{same}"
        yield f"bagt={found}|{type_}|{same}"
    yield f"many={min(len(alike), 3)}|{min(3, alike.index(position))}|{side}"
    if same:
        low, high = min(position, trigger.anchor) + 1, max(position, trigger.anchor)
        yield f"dist={bucket(high - low + 1)}|{side}"
        yield f"cdist={concept}|{bucket(high - low + 1)}|{side}"
        values = len([i for i in alike if low <= i < high])
        yield f"nearest={values == 0}|{side}"
        names = len([i for i in sentence.names if low <= i < high])
        yield f"names={min(names, 3)}|{side}"
        rivals = [t for t in sentence.triggers if low <= t.anchor < high and t.concept != concept]
        for rival in rivals:
            yield f"rival={rival.concept}|{side}"
        for found in other.concepts_between(low, high):
            yield f"mid={found}|{side}"
        yield f"breaks={sum(word in {',', ';', ':', '–', '—'} for word in other.words[low:high]) > 0}|{side}"
        yield from path_features(view, trigger, position, type_)
    else:
        own = [i for i in view.sentence.values if view.word(i) == kind]
        yield f"own={len(own) > 0}|{side}"
        yield f"owntriggers={min(len(sentence.triggers), 3)}|{side}"
        for other_trigger in sentence.triggers:
            yield f"there={other_trigger.concept}|{type_}"
        yield f"therenames={min(len(sentence.names), 2)}|{side}"
    yield from magnitude_features(view.reading, other.sentence.tokens[position], type_)
    if sentence.headline:
        yield f"headline|{kind}"
    yield f"bias|{type_}"


def magnitude_features(reading: Reading, token: Token, type_: str) -> Iterator[str]:
    """Describe how large a sum is, or how exact a date and how far from the day of publication."""
    value = token.mention.value if token.mention else None
    if isinstance(value, Money):
        size = value.amount or value.min
        if size:
            digits = len(str(int(abs(Decimal(size)))))
            yield f"size={digits}"
            yield f"size={digits}|{type_}"
        if value.per:
            yield "per"
        yield f"mod={value.modifier}"
    elif isinstance(value, Timex):
        yield f"timex={value.type}|{_shape(value.timex)}"
        if when := _when(value.timex, reading.article.published):
            yield f"when={when}"
            yield f"when={when}|{_shape(value.timex)}"


def _shape(timex: str) -> str:
    return "".join("9" if c.isdigit() else c for c in timex[:10])


def _when(timex: str, published: str | None) -> str | None:
    """Say where a date lies from the day of publication: `past-year`, `past`, `recent`, `same`, `future`."""
    day, text = publication_day(published), timex[:10]
    if day is None or len(text) < 4 or not text[:4].isdigit():
        return None
    year = int(text[:4])
    if len(text) == 10 and text[5:7].isdigit():
        try:
            gap = (datetime.date.fromisoformat(text) - day).days
        except ValueError:  # no such day, such as 2025-02-30
            return None
        if gap > 0:
            return "future"
        return "same" if gap >= -1 else "recent" if gap >= -10 else "past" if gap > -300 else "past-year"
    if len(text) == 7 and text[5:7].isdigit():
        months = (year - day.year) * 12 + int(text[5:7]) - day.month
        return (
            "future" if months > 0 else "recent" if months == 0 else "past" if months > -10 else "past-year"
        )
    return "future" if year > day.year else "thisyear" if year == day.year else "past-year"


def status_features(view: SentenceView, trigger: Trigger, type_: str) -> Iterator[str]:
    """Describe what the trigger's sentence and its neighbours say of how far the deal has come."""
    sentence, anchor, last, concept = view.sentence, trigger.anchor, trigger.tokens[-1], trigger.concept
    form = " ".join(view.word(token) for token in trigger.tokens)
    yield f"c={concept}"
    yield f"f={form}"
    yield f"t={type_}"
    yield f"w-1={view.word(anchor - 1)}"
    yield f"w-2={view.word(anchor - 2)} {view.word(anchor - 1)}"
    yield f"w-2={view.word(anchor - 2)}"
    yield f"w+1={view.word(last + 1)}"
    yield f"f-1={view.word(anchor - 1)}|{form}"
    yield from _status_words(view, concept, anchor, last)
    for token in sentence.tokens:
        if token.mention is None and len(token.word) > 2:
            yield f"b={token.word[:8]}"
    yield from _status_nearby(view, concept)
    yield from hanging_features(view, trigger, type_)
    if sentence.headline:
        yield "headline"
        yield f"headline|{form}"
    yield f"early={sentence.index < 3}"
    yield "bias"


def _status_words(view: SentenceView, concept: str, anchor: int, last: int) -> Iterator[str]:
    for side, low, high in (("L", anchor - 7, anchor), ("R", last + 1, last + 7)):
        for found in view.concepts_between(low, high):
            if found[0] == "s":
                yield f"near={side}|{found}"
                yield f"cnear={concept}|{side}|{found}"
    for found in view.bag:
        if found[0] == "s":
            yield f"s={found}"
            yield f"cs={concept}|{found}"
        else:
            yield f"x={found}"


def _status_nearby(view: SentenceView, concept: str) -> Iterator[str]:
    """Describe the status words of the neighbouring sentences and the headline, and the sentence's dates."""
    sentence, sentences = view.sentence, view.reading.sentences
    for offset in (-1, 1, 2):
        if 0 <= sentence.index + offset < len(sentences):
            near = sentences[sentence.index + offset]
            for hit in near.hits:
                if hit.kind == "status":
                    yield f"n{offset}={hit.concept}"
    if sentences and sentences[0] is not sentence:
        for hit in sentences[0].hits:
            if hit.kind == "status":
                yield f"head={hit.concept}|{sentence.index < 3}"
    for position in sentence.values:
        token = sentence.tokens[position]
        if token.mention is not None and isinstance(token.mention.value, Timex):
            when = _when(token.mention.value.timex, view.reading.article.published)
            yield f"when={when}"
            yield f"when={when}|{concept}"
