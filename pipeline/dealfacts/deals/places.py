"""Where a name stands towards a trigger: subject, object, or behind which preposition.

A reading without a parser: names are governed by the nearest preposition before their noun phrase,
or else stand as subject (before the verb) or object (after it); a passive swaps the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dealfacts.deals.lexicon import concepts

if TYPE_CHECKING:
    from dealfacts.deals.features import SentenceView
    from dealfacts.deals.reading import Trigger

EDGE = "<edge>"
"""What stands for the word before the first and after the last of a sentence."""
_REACH = 7
_PASSIVE_REACH = 4
_STOPS = frozenset(';:()[]«»“”"—–')


@dataclass(frozen=True)
class Place:
    """The place of a name: `relation` is subject, object, possessor or a preposition's functions."""

    relation: str
    governor: str
    head: str
    """The word before the governing preposition, or its concept."""
    attached: bool
    """True when the preposition follows the trigger itself."""
    passive: bool
    breaks: int
    """Clause borders between the name and the trigger, at most 2."""
    guess: str | None
    """The side that the trigger's frame gives to this place."""


def place_of(view: SentenceView, trigger: Trigger, position: int) -> Place:
    """Read off where the name at a token position stands towards a trigger."""
    head_of_list = list_head(view, position)
    preposition = _governor(view, trigger, head_of_list)
    left = position < trigger.anchor
    passive = is_passive(view, trigger)
    if preposition is not None:
        word = view.word(preposition)
        relation = "/".join(view.reading.lexicon.prepositions[word])
        before = preposition - 1
        attached = before in trigger.tokens or view.word(before).startswith(("<money", "<percent"))
        found = view.concepts_at.get(before)
        head = found[0] if found else view.word(before) if view.word(before).startswith("<") else "-"
    else:
        word, head, attached = "-", "-", False
        possessive = view.word(position + 1) == "'s"
        relation = "possessor" if possessive else "subject" if left else "object"
        if relation == "subject" and _second_of_two(view, trigger, position):
            relation = "object"
    if left and _before_antecedent(view, trigger, head_of_list):
        relation, word = "outside", "-"
    return Place(
        relation,
        word,
        head,
        attached,
        passive,
        _breaks(view, trigger, position),
        _guess(trigger, relation, passive),
    )


def _guess(trigger: Trigger, relation: str, passive: bool) -> str | None:
    frame = concepts()["triggers"][trigger.concept]["frame"]
    if passive and relation in {"subject", "object"}:
        relation = "object" if relation == "subject" else "subject"
    for function in relation.split("/"):
        if function in frame:
            return str(frame[function])
    return None


def list_head(view: SentenceView, position: int) -> int:
    """Step back over `A, B and C` to A, whose place the others share."""
    prepositions = view.reading.lexicon.prepositions
    head = position
    for _ in range(12):
        before = view.skip(head, -1)
        if "and" not in prepositions.get(view.word(before), ()):
            break
        # In `a mine in Orla, Peru, to Acme` a preposition opens another place, in `of Acme and of Zeta` none.
        if view.word(before) == "," and any(view.word(i) in prepositions for i in range(before + 1, head)):
            break
        other = before - 1
        if view.word(other) == ",":
            other -= 1
        if not view.word(other).startswith(("<org", "<person", "<gpe", "<product", "<loc")):
            break
        head = other
    return head


def _governor(view: SentenceView, trigger: Trigger, position: int) -> int | None:
    prepositions = view.reading.lexicon.prepositions
    # In `the sale of its British arm, Thornbury Bank, to ...` the name shares the place of what it explains.
    apposed = view.word(position - 1) == "," and view.word(position + 1) in {",", ".", EDGE}
    for index in range(position - 1, max(-1, position - 1 - _REACH), -1):
        word = view.word(index)
        if (
            index in trigger.tokens
            or word in _STOPS
            or (word == "," and not (apposed and index == position - 1))
        ):
            return None
        if word == "'s":
            continue
        functions = prepositions.get(word, ())
        if functions and "and" not in functions:
            return index
        if word.startswith("<") and view.word(index + 1) != "'s":
            return None
    return None


def _second_of_two(view: SentenceView, trigger: Trigger, position: int) -> bool:
    """Tell whether a verb-final clause has its object here: two bare names before the verb, none after."""
    bare = [
        i
        for i in view.sentence.names
        if i < trigger.anchor and _governor(view, trigger, list_head(view, i)) is None
    ]
    after = [
        i
        for i in view.sentence.names
        if i > trigger.tokens[-1] and _governor(view, trigger, list_head(view, i)) is None
    ]
    return len(bare) >= 2 and not after and position == bare[-1] and list_head(view, position) == position


def _before_antecedent(view: SentenceView, trigger: Trigger, position: int) -> bool:
    """Tell whether a trigger stands in a relative clause that speaks of a later name than this one.

    In `rivals of Acme like Zeta, which has received ...` the clause is about Zeta, not Acme.
    """
    relatives = view.reading.lexicon.relative
    for index in range(trigger.anchor - 1, position + 1, -1):
        if view.word(index) in relatives:
            antecedent = index - 2 if view.word(index - 1) == "," else index - 1
            if antecedent in view.sentence.names:
                return position < list_head(view, antecedent)
    return False


def is_passive(view: SentenceView, trigger: Trigger) -> bool:
    """Tell whether a trigger is a participle behind a passive auxiliary."""
    words = view.reading.lexicon
    if view.word(trigger.anchor).endswith(words.never_passive):
        return False
    low = max(0, trigger.anchor - _PASSIVE_REACH)
    return any(view.word(i) in words.passive for i in range(low, trigger.anchor))


def _breaks(view: SentenceView, trigger: Trigger, position: int) -> int:
    low, high = sorted((position, trigger.anchor))
    clause = view.reading.lexicon.clause
    return min(2, sum(view.word(i) in clause or view.word(i) in _STOPS for i in range(low + 1, high)))
