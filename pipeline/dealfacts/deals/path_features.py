"""Features of syntax: the way from a trigger to a name or figure, and what a trigger hangs from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealfacts.deals.features import SentenceView
    from dealfacts.deals.reading import Trigger

_STEPS_UP = 2


def path_features(view: SentenceView, trigger: Trigger, position: int, type_: str) -> Iterator[str]:
    """Describe the way from a trigger to a token through the sentence's dependencies."""
    for feature in _way_features(view, trigger, position):
        yield feature
        yield f"{feature}|{type_}"


def _way_features(view: SentenceView, trigger: Trigger, position: int) -> Iterator[str]:
    path = view.path(trigger, position)
    if path is None:
        yield "path=none"
        return
    structure, concept = view.structure, trigger.concept
    passive = structure.is_passive(path.start)
    yield f"path={path.whole}"
    yield f"path={path.whole}|{concept}"
    yield f"short={path.short}|{passive}"
    yield f"short={path.short}|{concept}|{passive}"
    yield f"short={path.short}|{view.word(trigger.anchor)}"
    yield f"clauses={path.clauses}|{concept}"
    if path.top != path.start:
        top = _name_of(view, path.top)
        yield f"top={top}|{path.short}|{structure.is_passive(path.top)}"
        yield f"top={top}|{path.short}|{concept}"
    above = structure.above(position)
    if above is not None:
        yield f"hangs={structure.step(position)}|{_name_of(view, above)}"
        yield f"hangs={structure.step(position)}|{_concept_at(view, above)}|{concept}"


def hanging_features(view: SentenceView, trigger: Trigger, key: str) -> Iterator[str]:
    """Describe what a trigger hangs from, and what its clause has for a subject.

    Args:
        view: the trigger's sentence.
        trigger: a trigger.
        key: what the features are joined with: the trigger's concept or the type of deal.
    """
    place = view.head(trigger)
    if place is None:
        return
    structure = view.structure
    yield f"subject={structure.subject(place)}|{key}"
    steps = ""
    for _ in range(_STEPS_UP):
        steps += f"^{structure.step(place)}"
        yield f"up={steps}|{key}"
        above = structure.above(place)
        if above is None:
            return
        yield f"up={steps}|{view.word(above)}"
        for found in view.concepts_at.get(above, ()):
            yield f"up={steps}|{found}"
            yield f"upc={found}|{key}"
        place = above


def _name_of(view: SentenceView, position: int) -> str:
    """Return a token's first concept, or its word."""
    return _concept_at(view, position, view.word(position))


def _concept_at(view: SentenceView, position: int, otherwise: str = "-") -> str:
    found = view.concepts_at.get(position)
    return found[0] if found else otherwise
