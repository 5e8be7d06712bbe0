"""Judge bare figures: which are numbers worth giving, what they count, which are names, dates or marks."""

from __future__ import annotations

import re
from dataclasses import replace

from dealfacts.quantities.figures import MILLION, ONE
from dealfacts.quantities.items import DASHES, Item
from dealfacts.quantities.numerals import CLOCK
from dealfacts.quantities.surroundings import Surroundings

MAX_NOUN_WORDS = 4
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d$")
_SENTENCE_END = frozenset(".!?…")
_NO_NOUN = frozenset({"function", "time", "months", "money_noun"})


class CardinalJudge:
    """Judges the bare figures of one text."""

    def __init__(self, around: Surroundings) -> None:
        """Take the surroundings of the same text."""
        self.around = around
        self.text = around.text
        self.tokens = around.tokens
        self.lexicon = around.lexicon

    def settle(self, item: Item) -> Item | None:
        """Decide whether a bare figure is a number worth giving, and what it counts; None if it is not."""
        figure = item.figure
        if figure is None or self._times(item) or self._dates(item):
            return None
        noun, known = self._noun(item)
        if figure.scale == ONE and not known and self._qualifies(item):
            return None
        if self._on_the_clock(item):
            return None
        if figure.plain or (item.ranged and figure.digits.isdigit() and figure.scale == ONE):
            if _YEAR.match(figure.digits) and not known and not self._counts_modified(item):
                return None
            if self._named(item, known) or self._listed(item):
                return None
        elif self._labelled(item.first) if figure.digits else self._in_a_name(item):
            return None
        return replace(item, counted=noun)

    def measures(self, item: Item) -> bool:
        """Whether a quantity is one: not a name ("Three Mile Island"), not a count of occasions."""
        return self._multiplies(item) and not self._names_a_place(item)

    def _multiplies(self, item: Item) -> bool:
        """Whether "three times" is a multiple ("three times sales") rather than a count of occasions."""
        figure = item.figure
        if item.unit != "dimensionless" or figure is None or item.low % 1:
            return True
        entry = self.tokens[item.last - 1].entry
        if entry is None or "occasion" not in entry.roles:
            return True
        around = [*range(item.last, item.last + 3), *range(item.first - 1, item.first - 4, -1)]
        return any(
            0 <= at < len(self.tokens)
            and (near := self.tokens[at].entry) is not None
            and "multiple_cue" in near.roles
            for at in around
        )

    def _names_a_place(self, item: Item) -> bool:
        """Whether figure and unit are capitalised words: "Three Mile Island"."""
        if item.figure is None or item.figure.digits:
            return False
        words = [self.tokens[at].text for at in (item.first, item.last - 1)]
        return all(word.istitle() for word in words) and not all(word.isupper() for word in words)

    def _qualifies(self, item: Item) -> bool:
        """Whether a hyphen ties the figure to a word it only qualifies: "five-star", "twenty-first"."""
        at = item.last
        if at + 1 >= len(self.tokens) or self.tokens[at].text not in DASHES or not self.tokens[at].glued:
            return False
        return self.tokens[at + 1].glued and self.tokens[at + 1].kind == "word"

    def _counts_modified(self, item: Item) -> bool:
        """Whether a modifier shows that what looks like a year is a number ("more than 2000 shops")."""
        modified = self.around.before(item) in ("more_than", "at_least", "about")
        return modified and bool(self._noun(item)[0])

    def _times(self, item: Item) -> bool:
        """Whether a unit of time follows: durations and ages belong to the dates."""
        at = item.last
        if at < len(self.tokens) and self.tokens[at].text in DASHES and self.tokens[at].glued:
            at += 1
        for ahead in (at, at + 1):
            entry = self.around.entry(ahead)
            if entry is None:
                return False
            if "time" in entry.roles:
                return True
            if not entry.roles & {"adjective", "of"} or ahead > at:
                return False
        return False

    def _on_the_clock(self, item: Item) -> bool:
        """Whether it is a time of day: "a las 23,51", "om 20.00"."""
        before, figure = self.around.entry_before(item.first), item.figure
        if before is None or figure is None or "clock" not in before.roles:
            return False
        return bool(CLOCK.match(figure.digits.replace(",", "."))) and figure.scale == ONE and item.low < 25

    def _dates(self, item: Item) -> bool:
        """Whether a month stands beside: then the figure is a day."""
        before = self.around.entry_before(item.first)
        if before is not None and "months" in before.roles and item.low <= 31:
            return True
        at = item.last
        entry = self.around.entry(at)
        if entry is not None and "of" in entry.roles:
            entry = self.around.entry(at + 1)
        return entry is not None and "months" in entry.roles and item.low <= 31

    def _labelled(self, first: int) -> bool:
        """Whether the word before names what the figure numbers: "Article 5", "No. 7"."""
        at = first - 1
        if at >= 0 and self.tokens[at].text == "." and self.tokens[at].glued:
            at -= 1
        if at < 0:
            return False
        entry = self.tokens[at].entry
        return entry is not None and "labels" in entry.roles

    def _named(self, item: Item, known: bool) -> bool:
        """Whether a plain figure is part of a name: "iPhone 15", "Boeing 737", "Studio 54"."""
        if self._labelled(item.first):
            return True
        first = item.first
        if not first:
            return self._starts_a_name(item)
        before = self.tokens[first - 1]
        if before.text in "#§№" or (before.text == "[" and self.tokens[item.last : item.last + 1]):
            return True
        known_word = before.entry is not None and not (before.entry.shy and before.text.isupper())
        capital = before.kind == "word" and before.text[0].isupper() and not known_word
        if capital and self.tokens[first].near and not known:
            return True
        return self._starts_a_name(item)

    def _starts_a_name(self, item: Item) -> bool:
        """Whether a capitalised word that is tied on follows: "7-Eleven", "3 Suisses"."""
        at = item.last
        if at + 1 < len(self.tokens) and self.tokens[at].text in DASHES and self.tokens[at].glued:
            return self.tokens[at + 1].glued and self.tokens[at + 1].text[:1].isupper()
        return False

    def _opens_sentence(self, at: int) -> bool:
        return at == 0 or self.tokens[at - 1].text in _SENTENCE_END or not self.tokens[at].near

    def _in_a_name(self, item: Item) -> bool:
        """Whether number words are capitalised inside a name: "Four Seasons", "Banco de los Tres"."""
        word = self.tokens[item.first].text
        if item.figure is None or item.figure.scale != ONE:
            return False
        before = self.around.entry_before(item.first)
        bare = not self._noun(item)[0]
        if bare and (not item.low or (before is not None and before.roles & {"definite", "labels"})):
            return True  # "net zero", "one of the three", "number two", "eran las siete"
        if not word[:1].isupper():
            return False
        at = item.last
        followed = at < len(self.tokens) and self.tokens[at].text[:1].isupper() and self.tokens[at].near
        return followed or not self._opens_sentence(item.first)

    def _listed(self, item: Item) -> bool:
        """Whether a figure only numbers a line ("1. ", "2) "), gives an age (", 49,") or a note ("[3]")."""
        tokens, last = self.tokens, item.last
        after = tokens[last].text if last < len(tokens) else ""
        opens = item.first == 0 or "\n" in self.text[tokens[item.first - 1].end : tokens[item.first].start]
        if opens and after in (".", ")", ":") and last + 1 < len(tokens):
            return True
        before = tokens[item.first - 1].text if item.first else ""
        if before in "([" and after in ")]" and before and item.low < MILLION and after:
            return item.low < 100
        return (
            before == ","
            and after in (",", ".")
            and 15 <= item.low < 100
            and self._follows_name(item.first - 2)
        )

    def _follows_name(self, at: int) -> bool:
        return at >= 0 and self.tokens[at].kind == "word" and self.tokens[at].text[:1].isupper()

    def _noun(self, item: Item) -> tuple[str | None, bool]:
        """Return the noun a figure counts, as written, and whether the word lists know it."""
        part = self._part_of(item)
        return (part, True) if part is not None else self._noun_behind(item)

    def _noun_behind(self, item: Item) -> tuple[str | None, bool]:
        at = item.last
        figure = item.figure
        big = figure is not None and (figure.scale >= MILLION or figure.high is not None)
        entry = self.around.entry(at)
        if entry is not None and "of" in entry.roles and (big or (figure and figure.scale != ONE)):
            at += 1
        elif big and self.lexicon.scale_needs_of:
            return None, False
        start = at
        for _ in range(MAX_NOUN_WORDS):
            if at >= len(self.tokens) or not self.tokens[at].near:
                return None, False
            token = self.tokens[at]
            entry = token.entry
            if token.text in DASHES and token.glued:
                at += 1
                continue
            if token.kind != "word" or (entry is not None and entry.roles & _NO_NOUN):
                return None, False
            if entry is not None and "count" in entry.roles:
                return self._words(start, at), True
            if entry is None and token.text.endswith(self.lexicon.plural_endings) and len(token.text) > 3:
                if token.text.isupper() or self._closing_verb(at):
                    return None, False
                return self._words(start, at), False
            at += 1
        return None, False

    def _part_of(self, item: Item) -> str | None:
        """Return the known noun of which a large figure counts a part: "4 million of its shares"."""
        of, whose = self.around.entry(item.last), self.around.entry(item.last + 1)
        large = item.figure is not None and item.figure.scale >= MILLION
        if not large or of is None or "of" not in of.roles or whose is None or "partitive" not in whose.roles:
            return None
        at = item.last + 1
        for place in range(at + 1, min(at + 1 + MAX_NOUN_WORDS, len(self.tokens))):
            token = self.tokens[place]
            roles = token.entry.roles if token.entry is not None else set()
            if not token.near or roles & _NO_NOUN:
                return None
            if "count" in roles:
                return self._words(place, place)
        return None

    def _closing_verb(self, at: int) -> bool:
        """Whether a clause ends after a token that may be a verb: a Dutch word in -en is one there."""
        if not self.tokens[at].text.endswith(self.lexicon.verb_endings):
            return False
        return at + 1 >= len(self.tokens) or self.tokens[at + 1].text in ".,;:!?)"

    def _words(self, first: int, last: int) -> str:
        return " ".join(self.text[self.tokens[first].start : self.tokens[last].end].split())
