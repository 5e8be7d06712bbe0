"""Counted goods: `60 dubbeldekstreinen` is a capacity of 60 trains as `50 MW` is one of 50 megawatts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dealfacts.lang import lang_data
from dealfacts.records import Cardinal, Mention, Quantity


def with_goods(mentions: Iterable[Mention], language: str) -> list[Mention]:
    """Read the numbers that count goods as quantities of them.

    Args:
        mentions: those of an article.
        language: BCP 47 code of its language.

    Returns:
        The mentions; those of goods with a Quantity, whose unit is the singular English noun (`train`).
    """
    return [_as_quantity(mention, language) for mention in mentions]


def _as_quantity(mention: Mention, language: str) -> Mention:
    value = mention.value
    unit = unit_of(value.counted, language) if isinstance(value, Cardinal) and value.counted else None
    if unit is None or not isinstance(value, Cardinal):
        return mention
    quantity = Quantity(value=value.value, unit=unit, modifier=value.modifier, min=value.min, max=value.max)
    return mention.model_copy(update={"label": "QUANTITY", "value": quantity})


def unit_of(counted: str, language: str) -> str | None:
    """Return what a counted noun is a unit of, or None where it is nothing that deals deliver.

    >>> unit_of("nieuwe dubbeldekstreinen", "nl")
    'train'
    """
    last = counted.rsplit(maxsplit=1)[-1].casefold()
    units, glued = _units(language)
    if last in units:
        return units[last]
    # Dutch writes a compound as one word, English and Dutch some with a hyphen.
    return next((units[noun] for noun in glued if last.endswith(noun)), None)


@cache
def _units(language: str) -> tuple[dict[str, str], list[str]]:
    """Return the unit of every noun, and the nouns that may end a compound, the longest first."""
    data = lang_data(language, "goods.toml")
    units = {noun: unit for unit, nouns in data["units"].items() for noun in nouns}
    glued = [noun for noun in units if data["compounds"]]
    return units, sorted(glued, key=lambda noun: (-len(noun), noun))
