"""Read an article as the deal finder sees it: sentences of words, with names and figures as one token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.encoder import Encoder, load_encoder
from dealfacts.deals.goods import with_goods
from dealfacts.deals.lexicon import Hit, Lexicon, concepts
from dealfacts.deals.syntax import Arcs, load_parser, word_keys
from dealfacts.entities.gazetteer import phrases
from dealfacts.records import NAME_LABELS, Article, Mention, Name, Percent, Timex
from dealfacts.sentences import split_sentences

TOKEN = re.compile(r"\w+(?:[-'’.](?!s\b)\w+)*|['’]s\b|[^\w\s]")
"""A word, a possessive ending or a mark."""
MAX_SENTENCE_TOKENS = 400
"""What follows in a longer sentence (a table, a list of links) is not read."""
_PROMINENT = 3
"""How many entities are prominent enough to be meant from anywhere in an article."""
_REPORTING = frozenset({"c:says", "s:rumour", "s:background"})
REPORT_REACH = 4
"""How many tokens from a newspaper's name a word of reporting may stand."""
_READ_OFF = frozenset({"binding", "part"})
"""Kinds of patterns that the network does not learn from; what they say is read off."""
_PART_REACH = {"vehicle": 5, "absent": 0}
"""How many words may stand between `through its` or `without` and the name it speaks of."""
_DATELINE, _DASHES = 10, frozenset("-–—")
"""How many tokens a dateline may have, and what ends it."""


@dataclass(frozen=True)
class Token:
    """A word (lower case), or a whole name or figure (`<org>`, `<money>`...)."""

    word: str
    start: int
    end: int
    mention: Mention | None = None


@dataclass
class Trigger:
    """A word or phrase that may state a deal."""

    concept: str
    tokens: tuple[int, ...]
    concepts: tuple[str, ...] = ()
    """Every trigger concept that starts at the same token."""

    @property
    def anchor(self) -> int:
        """The token that stands for the trigger."""
        return self.tokens[0]


@dataclass
class Sentence:
    """A sentence with its tokens, the patterns found in it and its place in the article."""

    index: int
    start: int
    end: int
    tokens: list[Token]
    hits: list[Hit] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    """Positions of the tokens that are names or nominal mentions."""
    values: list[int] = field(default_factory=list)
    """Positions of the tokens that are figures or dates."""
    headline: bool = False
    concepts_at: dict[int, list[str]] = field(default_factory=dict)
    """Kind-marked concepts by the tokens they cover, such as `s:cancel`."""

    def concepts_near(self, position: int, reach: int) -> set[str]:
        """Return the concepts on the tokens up to `reach` away on either side."""
        places = range(position - reach, position + reach + 1)
        return {concept for place in places for concept in self.concepts_at.get(place, ())}

    @property
    def words(self) -> list[str]:
        """The words of the sentence."""
        return [token.word for token in self.tokens]

    @cached_property
    def aside(self) -> set[str]:
        """The entities that a party acts through (`via its subsidiary X`), or that are named as absent."""
        return {
            name
            for hit in self.hits
            if hit.kind == "part"
            for name in self._first_name(hit.tokens[-1], _PART_REACH[hit.concept])
        }

    def _first_name(self, place: int, reach: int) -> Iterator[str]:
        """Yield the first name from a token on, if no mark comes before it."""
        for token in self.tokens[place : place + reach + 2]:
            if token.mention is not None:
                yield entity_of(token.mention)
                return
            if not token.word[0].isalnum():
                return


@dataclass
class Reading:
    """An article as sentences, with how prominent each entity is."""

    article: Article
    language: str
    lexicon: Lexicon
    sentences: list[Sentence]
    mentions_of: dict[str, int] = field(default_factory=dict)
    rank: dict[str, int] = field(default_factory=dict)
    """Entities by how often and how early they are named: 0 is the most prominent."""
    headline_entities: set[str] = field(default_factory=set)
    encoder: Encoder = field(default_factory=load_encoder)
    """What sees the words in their context."""

    @cached_property
    def names(self) -> list[Mention]:
        """Every mention of a name that is read, in order."""
        tokens = [sentence.tokens[place] for sentence in self.sentences for place in sentence.names]
        return [token.mention for token in tokens if token.mention is not None]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The number of the paragraph that each sentence stands in."""
        numbers, number = [], 0
        for index, sentence in enumerate(self.sentences):
            if index and "\n" in self.article.text[self.sentences[index - 1].end : sentence.start]:
                number += 1
            numbers.append(number)
        return numbers

    @cached_property
    def paragraphs_of(self) -> dict[str, set[int]]:
        """The paragraphs that name each entity."""
        found: dict[str, set[int]] = {}
        for sentence, paragraph in zip(self.sentences, self.paragraphs, strict=True):
            for position in sentence.names:
                if (mention := sentence.tokens[position].mention) is not None:
                    found.setdefault(entity_of(mention), set()).add(paragraph)
        return found

    @cached_property
    def arcs(self) -> dict[int, Arcs]:
        """The dependencies of the sentences that may state a deal, by number."""
        stating = [sentence.index for sentence in self.sentences if sentence.triggers]
        states = [self._parsed[index] for index in stating]
        return dict(zip(stating, load_parser().arcs_of(states), strict=True))

    def states_of(self, index: int, length: int) -> NDArray[np.float32]:
        """Return how the parser and the encoder see the first tokens of a sentence near a statement.

        Returns:
            Shape (length, width of the parser + width of the encoder); zeros where one does not read a token.
        """
        parsed = self._parsed[index][1 : length + 1]
        parsed = np.pad(parsed, ((0, length - len(parsed)), (0, 0)))
        return np.concatenate([parsed, self._encoded[index][:length]], axis=1)

    @cached_property
    def near(self) -> list[int]:
        """The numbers of the sentences that may state a deal or are read with one."""
        return sorted(
            {
                index
                for sentence in self.sentences
                if sentence.triggers
                for index in sentences_around(sentence.index, len(self.sentences))
            }
        )

    @cached_property
    def _parsed(self) -> dict[int, NDArray[np.float32]]:
        """The parser's states of the sentences near a statement, by number."""
        sentences = [self.sentences[index].words for index in self.near]
        keys = [[word_keys(self.lexicon, word) for word in words] for words in sentences]
        return dict(zip(self.near, load_parser().read(keys), strict=True))

    @cached_property
    def _encoded(self) -> dict[int, NDArray[np.float32]]:
        """The encoder's states of the tokens of the sentences near a statement, by number."""
        return dict(zip(self.near, self.encoder.read(self.pieces), strict=True))

    @cached_property
    def pieces(self) -> list[list[list[int]]]:
        """The pieces of each token of the sentences near a statement, as the encoder knows them."""
        return [
            [self._pieces_of(token, place == 0) for place, token in enumerate(self.sentences[index].tokens)]
            for index in self.near
        ]

    def _pieces_of(self, token: Token, starts: bool) -> list[int]:
        """Return the pieces of a token: of its word, or of all words of a name or figure."""
        mention = token.mention
        named = mention is not None and mention.label in NAME_LABELS and kind_of(mention) == "name"
        words = TOKEN.findall(self.article.text, token.start, token.end)
        pieces = self.encoder.pieces
        return [row for word in words for row in pieces.of(word, self.language, starts=starts, names=named)]

    @cached_property
    def prominent(self) -> dict[str, list[tuple[int, int]]]:
        """The most prominent entities, each with its first token in every sentence that names it."""
        places: dict[str, list[tuple[int, int]]] = {name: [] for name in islice(self.rank, _PROMINENT)}
        for sentence in self.sentences:
            for position in sentence.names:
                mention = sentence.tokens[position].mention
                held = places.get(entity_of(mention)) if mention else None
                if held is not None and (not held or held[-1][0] != sentence.index):
                    held.append((sentence.index, position))
        return places


def sentences_around(index: int, count: int) -> list[int]:
    """Return which of an article's sentences a statement in one of them is read with, its own among them.

    They are the headline, the two sentences before and the next one, in order.

    >>> sentences_around(4, 9), sentences_around(1, 9), sentences_around(8, 9)
    ([0, 2, 3, 4, 5], [0, 1, 2], [0, 6, 7, 8])
    """
    near = range(max(index - 2, 0), min(index + 2, count))
    return [*near] if 0 in near else [0, *near]


def entity_of(mention: Mention) -> str:
    """Return the within-article name a mention stands for."""
    return mention.value.name if isinstance(mention.value, Name) else mention.text


def kind_of(mention: Mention) -> str:
    """Return `name`, `nominal` or `pronoun` for a name mention."""
    return mention.value.kind if isinstance(mention.value, Name) else "name"


def read_article(
    article: Article, language: str, lexicon: Lexicon, encoder: Encoder | None = None
) -> Reading:
    """Split an article into sentences of tokens and find all patterns in them.

    Args:
        article: with `text` and `mentions`; its boilerplate, if known, is left out.
        language: the language to read it in.
        lexicon: that language's patterns.
        encoder: what sees the words in their context; by default the shipped one.
    """
    skipped = [(span.start, span.end) for span in article.boilerplate or () if span.kind != "title"]
    mentions = _non_overlapping(with_goods(article.mentions or (), language))
    sentences: list[Sentence] = []
    for whole in split_sentences(article.text, language):
        start, end = _without(whole, skipped)
        if start >= end:
            continue
        inside = _within(mentions, start, end)
        tokens = list(_tokens(article.text, start, end, inside))[:MAX_SENTENCE_TOKENS]
        tokens = _with_fractions(article.text, tokens, lexicon)
        if tokens:
            sentences.append(_sentence(len(sentences), start, end, tokens, lexicon))
    reading = Reading(article, language, lexicon, sentences, encoder=encoder or load_encoder())
    _mark_headlines(reading)
    _rank_entities(reading)
    _set_reporters_aside(reading)
    return reading


def _without(sentence: tuple[int, int], skipped: list[tuple[int, int]]) -> tuple[int, int]:
    """Cut boilerplate, such as a dateline, off either end of a sentence; what is left may be empty."""
    start, end = sentence
    for low, high in skipped:
        if low <= start < high:
            start = high
        elif low < end <= high:
            end = low
    return start, end


def _non_overlapping(mentions: Sequence[Mention]) -> list[Mention]:
    """Keep figures before names and longer before shorter where mentions overlap."""
    order = sorted(mentions, key=lambda m: (m.label in NAME_LABELS, -(m.end - m.start), m.start, m.label))
    taken: list[Mention] = []
    spans: set[tuple[int, int]] = set()
    covered: set[int] = set()
    for mention in order:
        span = range(mention.start, mention.end)
        # `both companies` is there twice, once for each.
        if not covered.intersection(span) or (mention.start, mention.end) in spans:
            covered.update(span)
            spans.add((mention.start, mention.end))
            taken.append(mention)
    return sorted(taken, key=lambda m: (m.start, entity_of(m)))


def _within(mentions: list[Mention], start: int, end: int) -> list[Mention]:
    return [mention for mention in mentions if start <= mention.start and mention.end <= end]


def _tokens(text: str, start: int, end: int, mentions: list[Mention]) -> Iterator[Token]:
    position = start
    for mention in mentions:
        if mention.start < position:
            yield Token(",", mention.start, mention.start)
        yield from _words(text, position, mention.start)
        label = kind_of(mention) if mention.label in NAME_LABELS else "name"
        word = mention.label.lower() if label == "name" else label
        yield Token(f"<{word}>", mention.start, mention.end, mention)
        position = mention.end
    yield from _words(text, position, end)


def _with_fractions(text: str, tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Put one token, a percentage, in the place of each fraction of a company."""
    for first, after, percent in reversed(lexicon.fractions.find([token.word for token in tokens])):
        start, end = tokens[first].start, tokens[after - 1].end
        mention = Mention(
            id=f"fraction-{start}", start=start, end=end, text=text[start:end], label="PERCENT",
            value=Percent(percent=percent), stage="facts",
        )  # fmt: skip
        tokens = [*tokens[:first], Token("<percent>", start, end, mention), *tokens[after:]]
    return tokens


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    for match in TOKEN.finditer(text, start, end):
        yield Token(match[0].lower().replace("’", "'"), match.start(), match.end())


def _sentence(index: int, start: int, end: int, tokens: list[Token], lexicon: Lexicon) -> Sentence:
    sentence = Sentence(index, start, end, tokens)
    sentence.hits = lexicon.find(sentence.words)
    sentence.triggers = _triggers(sentence.hits)
    for hit in sentence.hits:
        for index_of_token in hit.tokens if hit.kind not in _READ_OFF else ():
            sentence.concepts_at.setdefault(index_of_token, []).append(f"{hit.kind[0]}:{hit.concept}")
    for position, token in enumerate(tokens):
        if token.mention is None or _stands_for_no_day(token.mention):
            continue
        (sentence.names if token.mention.label in NAME_LABELS else sentence.values).append(position)
    return sentence


def _stands_for_no_day(mention: Mention) -> bool:
    """Say whether a time expression (`now`, `for ten days`, `weekly`) dates nothing."""
    value = mention.value
    return isinstance(value, Timex) and (value.type in {"DURATION", "SET"} or value.timex.endswith("_REF"))


def _triggers(hits: list[Hit]) -> list[Trigger]:
    """Choose the longest trigger at each place; shorter ones inside it are not triggers of their own."""
    order = list(concepts()["triggers"])
    found = [hit for hit in hits if hit.kind == "trigger"]
    found.sort(key=lambda hit: (-len(hit.tokens), hit.tokens[0], order.index(hit.concept)))
    chosen: list[Trigger] = []
    covered: dict[int, Trigger] = {}
    for hit in found:
        if owner := next((covered[token] for token in hit.tokens if token in covered), None):
            if hit.tokens == owner.tokens:
                owner.concepts = (*owner.concepts, hit.concept)
            continue
        trigger = Trigger(hit.concept, hit.tokens, (hit.concept,))
        chosen.append(trigger)
        for token in hit.tokens:
            covered[token] = trigger
    return sorted(chosen, key=lambda trigger: trigger.tokens)


def _mark_headlines(reading: Reading) -> None:
    titles = [(span.start, span.end) for span in reading.article.boilerplate or () if span.kind == "title"]
    for sentence in reading.sentences[:3]:
        ends_open = sentence.tokens[-1].word not in {".", "!", "?", "…", "”", "»", '"'}
        in_title = any(low < sentence.end and sentence.start < high for low, high in titles)
        first = sentence.index == 0 and ends_open and len(sentence.tokens) < 30
        sentence.headline = in_title or first


@cache
def media_names() -> frozenset[str]:
    """Return the names of newspapers, agencies and broadcasters."""
    return frozenset(name for name, name_class in phrases() if name_class == "media")


def _set_reporters_aside(reading: Reading) -> None:
    """Leave newspapers and agencies out that report here: `sources told Reuters`, `meldt het FD`."""
    reporters = {
        entity_of(mention)
        for sentence in reading.sentences
        for position in sentence.names
        if (mention := sentence.tokens[position].mention) and _reports(reading, sentence, position, mention)
    }
    for sentence in reading.sentences:
        words = [token.word for token in sentence.tokens if token.mention is None and token.word.isalpha()]
        if all("by" in reading.lexicon.prepositions.get(word, ()) for word in words):
            sentence.names = []  # the head of a site, a byline: nothing is said of these names
        end = _end_of_dateline(sentence)
        sentence.names = [
            position
            for position in sentence.names
            if position > end
            and (mention := sentence.tokens[position].mention)
            and entity_of(mention) not in reporters
        ]


def _end_of_dateline(sentence: Sentence) -> int:
    """Return the token that ends a dateline (`PORTLAND, Ore., March 4 -`), or -1: names in it do nothing."""
    first = sentence.tokens[0].mention
    in_capitals = first is not None and first.text.isupper() and sentence.words[1:2] == [","]
    if first is None or not (first.label in {"GPE", "LOC"} or in_capitals):
        return -1
    for position, token in enumerate(sentence.tokens[:_DATELINE]):
        if token.word in _DASHES:
            return position
        if token.mention is None and token.word.isalpha():
            break
    return -1


def _reports(reading: Reading, sentence: Sentence, position: int, mention: Mention) -> bool:
    """Tell whether a name is a newspaper's, not told of in the headline, beside a word of reporting."""
    entity = entity_of(mention)
    if media_names().isdisjoint({mention.text, entity}) or entity in reading.headline_entities:
        return False
    return not sentence.concepts_near(position, REPORT_REACH).isdisjoint(_REPORTING)


def _rank_entities(reading: Reading) -> None:
    first: dict[str, int] = {}
    for sentence in reading.sentences:
        for position in sentence.names:
            mention = sentence.tokens[position].mention
            if mention is None or mention.label not in {"ORG", "PERSON"}:
                continue
            name = entity_of(mention)
            first.setdefault(name, mention.start)
            reading.mentions_of[name] = reading.mentions_of.get(name, 0) + 1
            if sentence.headline:
                reading.headline_entities.add(name)
    by_weight = sorted(first, key=lambda name: (-reading.mentions_of[name], first[name]))
    reading.rank = {name: rank for rank, name in enumerate(by_weight)}
