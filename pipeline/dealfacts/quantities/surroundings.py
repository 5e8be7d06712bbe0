"""Judge an amount by what stands around it: modifiers, what it counts, what it is counted by, ellipsis."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from dealfacts.quantities.figures import ONE
from dealfacts.quantities.grammar import CHANGE_WINDOW, DASHES, Item
from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Entry, Lexicon
from dealfacts.records import Modifier

MILLION = Decimal(1_000_000)
SMALLEST_SUM = Decimal(1000)
MAX_NOUN_WORDS = 4
NEGATION_REACH = 8
SLANG_REACH = 80
ANTECEDENT_REACH = 400
"""How many characters back an amount without a currency may find one."""

_YEAR = re.compile(r"(?:1[89]|20|21)\d\d$")
_NO_NOUN = frozenset({"function", "time", "months", "money_noun"})
_WEAK: frozenset[Modifier] = frozenset({"about"})
_SENTENCE_END = frozenset(".!?…")


class Surroundings:
    """Looks around the items of one text."""

    def __init__(self, text: str, tokens: list[Token], lexicon: Lexicon) -> None:
        """Take a text and its tokens."""
        self.text = text
        self.tokens = tokens
        self.lexicon = lexicon

    def entry(self, at: int) -> Entry | None:
        """Return the entry of a token near the one before it, or None."""
        if 0 <= at < len(self.tokens) and self.tokens[at].near:
            return self.tokens[at].entry
        return None

    # Modifiers

    def modifier(self, item: Item) -> Modifier:
        """Return how an amount is qualified: "up to a total of $5 billion" is `up_to`."""
        after = self._after(item)
        if after is not None and after not in _WEAK:
            return after
        before = self._before(item)
        if before is not None:
            return before
        if after is not None:
            return after
        return "about" if item.vague else "exact"

    def _after(self, item: Item) -> Modifier | None:
        entry = self.entry(item.last)
        return entry.after if entry is not None else None

    def _before(self, item: Item) -> Modifier | None:
        found: Modifier | None = None
        fillers = 0
        summed = False
        at = item.first - 1
        while at >= 0 and fillers <= self.lexicon.max_fillers:
            token = self.tokens[at]
            if at + 1 < len(self.tokens) and not self.tokens[at + 1].near:
                break
            entry = token.entry
            if entry is None:
                if token.text in "(“”„\"'«‘" and at == item.first - 1:
                    at -= 1
                    continue
                break
            if entry.before is not None and not (fillers and not summed and "adjacent" in entry.roles):
                directed = "direction" in entry.roles and not summed and self._changes(at)
                if not directed and (found is None or found in _WEAK):
                    found = entry.before
                if found not in _WEAK:
                    break
            elif "filler" not in entry.roles and "between" not in entry.roles:
                break
            elif found is not None:
                break
            else:
                fillers += 1
                summed = summed or "total" in entry.roles
            at -= 1
        return found

    def _changes(self, at: int) -> bool:
        """Whether "up to" only says where something went: "rose 8%, to ...", "zakte tot ..."."""
        if at and self.tokens[at - 1].text == ",":
            return True
        for back in range(at - 1, max(-1, at - CHANGE_WINDOW), -1):
            token = self.tokens[back]
            if token.text in ".;:":
                return False
            if token.entry is not None and "change" in token.entry.roles:
                return True
        return False

    # Prices

    def per(self, item: Item) -> str | None:
        """Return what a sum is counted by: "$70 a share"."""
        entry = self.entry(item.last)
        return entry.per if entry is not None else None

    # Plain numbers

    def settle_cardinal(self, item: Item) -> Item | None:
        """Decide whether a bare figure is a number worth giving, and what it counts; None if it is not."""
        figure = item.figure
        if figure is None or self._times(item) or self._dates(item):
            return None
        noun, known = self._noun(item)
        if figure.scale == ONE and not known and self._qualifies(item):
            return None
        modified = self._before(item) is not None or self._after(item) is not None
        if figure.plain or (item.ranged and figure.digits.isdigit() and figure.scale == ONE):
            if _YEAR.match(figure.digits) and not known and not self._counts_modified(item, modified):
                return None
            if self._named(item, known) or self._listed(item):
                return None
        elif figure.digits and figure.scale == ONE and self._labelled(item.first):
            return None
        elif not figure.digits and self._in_a_name(item):
            return None
        return replace(item, counted=noun)

    def _qualifies(self, item: Item) -> bool:
        """Whether a hyphen ties the figure to a word it only qualifies: "five-star", "twenty-first"."""
        at = item.last
        if at + 1 >= len(self.tokens) or self.tokens[at].text not in DASHES or not self.tokens[at].glued:
            return False
        return self.tokens[at + 1].glued and self.tokens[at + 1].kind == "word"

    def _counts_modified(self, item: Item, modified: bool) -> bool:
        """Whether a modifier shows that what looks like a year is a number ("more than 2000 shops")."""
        return (
            modified
            and self._before(item) in ("more_than", "at_least", "about")
            and bool(self._noun(item)[0])
        )

    def _times(self, item: Item) -> bool:
        """Whether a unit of time follows: durations and ages belong to the dates."""
        at = item.last
        if at < len(self.tokens) and self.tokens[at].text in DASHES and self.tokens[at].glued:
            at += 1
        for ahead in (at, at + 1):
            entry = self.entry(ahead)
            if entry is None:
                return False
            if "time" in entry.roles:
                return True
            if not entry.roles & {"adjective", "of"} or ahead > at:
                return False
        return False

    def _dates(self, item: Item) -> bool:
        """Whether a month stands beside: then the figure is a day."""
        before = self.entry(item.first - 1)
        if before is not None and "months" in before.roles and item.low <= 31:
            return True
        at = item.last
        entry = self.entry(at)
        if entry is not None and "of" in entry.roles:
            entry = self.entry(at + 1)
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
        before = self.entry(item.first - 1)
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
        at = item.last
        figure = item.figure
        big = figure is not None and (figure.scale >= MILLION or figure.high is not None)
        entry = self.entry(at)
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
                if token.text.isupper() or (self.lexicon.verbs_last and self._ends_clause(at)):
                    return None, False
                return self._words(start, at), False
            at += 1
        return None, False

    def _ends_clause(self, at: int) -> bool:
        """Whether a clause ends after a token: there a Dutch word in -en is more likely a verb."""
        return at + 1 >= len(self.tokens) or self.tokens[at + 1].text in ".,;:!?)"

    def _words(self, first: int, last: int) -> str:
        return " ".join(self.text[self.tokens[first].start : self.tokens[last].end].split())

    # Doubtful sums

    def denied(self, item: Item) -> bool:
        """Whether one coin only stands for nothing at all: "sin un peso", "niemand heeft een cent betaald"."""
        if item.figure is None or not item.figure.shy or item.low > 1:
            return False
        for back in range(item.first - 1, max(-1, item.first - NEGATION_REACH), -1):
            token = self.tokens[back]
            if token.text in ".;:":
                return False
            if token.entry is not None and "negation" in token.entry.roles:
                return True
        return False

    def settle_slang(self, item: Item, items: list[Item]) -> Item:
        """Read "drie ton" as three hundred thousand euros where the sentence speaks of money, not of weight."""
        entry = self.tokens[item.last - 1].entry
        if entry is None or entry.slang is None or item.high is not None or item.low > self.lexicon.slang_max:
            return item
        following = self.tokens[item.last].text.lower() if item.last < len(self.tokens) else "."
        word = self.entry(item.last)
        if following.isalpha() and not (word is not None and word.roles & {"function", "of"}):
            return item
        start, end = item.span(self.tokens)
        around = self.text[max(0, start - SLANG_REACH) : end + SLANG_REACH].lower()
        if not any(cue in self.lexicon.slang_cues for cue in re.findall(r"[^\W\d_]+|€", around)):
            return item
        worth, currency = entry.slang
        return replace(item, label="MONEY", low=item.low * worth, currency=currency, unit="", inferred=True)

    # Ellipsis

    def fill_in(self, items: list[Item]) -> list[Item]:
        """Give amounts without a currency that of the nearest sum before, or else after, in their sentence.

        A bare "50 million" is money when nothing says what it counts and the last large figure
        before it was money; a nearer counted figure ("40 million users") makes it a number.
        """
        filled: list[Item] = []
        for index, item in enumerate(items):
            if self._elliptic(item):
                source = self._antecedent(filled, item) or self._following(items[index + 1 :], item)
                if source is not None and self._alike(source, item):
                    filled.append(replace(item, label="MONEY", currency=source.currency, inferred=True))
                    continue
            filled.append(item)
        return filled

    def _elliptic(self, item: Item) -> bool:
        figure = item.figure
        if item.label != "CARDINAL" or item.counted or figure is None or self._counts_names(item):
            return False
        return figure.scale >= MILLION or self._grouped(item)

    def _grouped(self, item: Item) -> bool:
        """Whether a figure is written with a group mark, like a sum: "25.000 dollar en 50.000 zonder"."""
        figure = item.figure
        return figure is not None and not figure.plain and figure.scale == ONE and item.low >= SMALLEST_SUM

    def _alike(self, source: Item, item: Item) -> bool:
        """Whether an amount may be meant in the currency of another: near, and of like size if it has no scale."""
        first, last = sorted((source, item), key=lambda one: one.first)
        gap = self.text[self.tokens[first.last - 1].end : self.tokens[last.first].start]
        if item.figure is not None and item.figure.scale >= MILLION:
            return True
        return not re.search(r"[.!?]\s", gap) and source.low / 20 <= item.low <= source.low * 20

    def _counts_names(self, item: Item) -> bool:
        """Whether "of" and a noun follow although the noun is not known as countable."""
        entry = self.entry(item.last)
        if entry is None or "of" not in entry.roles or not self.lexicon.scale_needs_of:
            return False
        if item.last + 1 >= len(self.tokens) or self.tokens[item.last + 1].kind != "word":
            return False
        noun = self.tokens[item.last + 1].entry
        return noun is None or not noun.roles & {"money_noun", "function", "time"}

    def _antecedent(self, before: list[Item], item: Item) -> Item | None:
        start = self.tokens[item.first].start
        small: Item | None = None
        for other in reversed(before):
            end = self.tokens[other.last - 1].end
            if start - end > ANTECEDENT_REACH or "\n\n" in self.text[end:start]:
                break
            if other.label == "MONEY":
                if other.low >= SMALLEST_SUM:
                    return other
                small = small or other
            if other.label in ("CARDINAL", "QUANTITY") and other.figure and other.figure.scale >= MILLION:
                break
        return small

    def _following(self, after: list[Item], item: Item) -> Item | None:
        end = self.tokens[item.last - 1].end
        for other in after:
            gap = self.text[end : self.tokens[other.first].start]
            if len(gap) > ANTECEDENT_REACH or re.search(r"[.!?]\s", gap):
                return None
            if other.label == "MONEY" and other.figure is not None and other.figure.scale >= MILLION:
                return other
        return None
