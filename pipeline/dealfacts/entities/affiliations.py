"""Which person speaks and acts for which organisation, by apposition: `Nvidia's CEO, Jensen Huang`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from dealfacts.entities.clusters import Entity
from dealfacts.entities.spans import NameSpan
from dealfacts.entities.tokens import token_spans
from dealfacts.lang import lang_data

_MAX_GAP = 70


@cache
def _words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    data = lang_data(language, "names.toml")
    executives = frozenset(word.lower() for word in data["executives"])
    parts = {part for word in executives for part in word.split("-")}
    return executives, executives | parts | frozenset(word.lower() for word in data["affiliation_glue"])


def find_affiliations(text: str, language: str, entities: Sequence[Entity]) -> dict[str, str]:
    """Link people to the organisation they lead.

    Args:
        text: the article.
        language: its language.
        entities: its people and organisations.

    Returns:
        Canonical name of the person to that of the organisation; people with no sure link are left out.
    """
    named = sorted(
        ((span, entity) for entity in entities if entity.label in {"ORG", "PERSON"} for span in entity.spans),
        key=lambda pair: pair[0].start,
    )
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for (left, one), (right, two) in pairwise(named):
        if {one.label, two.label} == {"ORG", "PERSON"} and _belong_together(text, language, left, right):
            person, organisation = (one, two) if one.label == "PERSON" else (two, one)
            votes[person.name][organisation.name] += 1
    said = {
        person: max(counter, key=lambda name: (counter[name], -list(counter).index(name)))
        for person, counter in votes.items()
    }
    return _known_chiefs(entities) | said


def _known_chiefs(entities: Sequence[Entity]) -> dict[str, str]:
    """Link the chiefs every reader knows, where the article names their company too."""
    chiefs: dict[str, list[str]] = lang_data("_shared", "names.toml")["chiefs"]
    seats = {chief: company.casefold() for company, names in chiefs.items() for chief in names}
    companies = {
        span.text.casefold(): entity.name
        for entity in entities
        if entity.label == "ORG"
        for span in entity.spans
    }
    return {
        entity.name: companies[seats[entity.name]]
        for entity in entities
        if entity.label == "PERSON" and seats.get(entity.name) in companies
    }


def _belong_together(text: str, language: str, left: NameSpan, right: NameSpan) -> bool:
    """Tell whether only titles and small words stand between two names, with a title between or beside."""
    gap = text[left.end : right.start]
    if len(gap) > _MAX_GAP or "\n" in gap or any(sign in gap for sign in ".;:!?"):
        return False
    executives, allowed = _words(language)
    between = [gap[start:end].lower() for start, end in token_spans(gap)]
    if not all(token in allowed for token in between):
        return False
    if any(token in executives for token in between):
        return True
    if _title_after(text, right.end, executives):
        return True
    before = _tokens_before(text, left.start)
    if left.label == "ORG":
        # `El presidente de Lumenria, Ana Ruiz`: the title stands before the company, tied by small words.
        while before and before[-1] in allowed - executives:
            before.pop()
    elif between == [","]:
        return False
    return bool(between) and bool(before) and before[-1] in executives


def _tokens_before(text: str, start: int) -> list[str]:
    """Return the last words before an offset in its clause; a comma between title and name is passed over."""
    piece = text[max(0, start - 40) : start].rstrip(" ,")
    return [piece[low:high].lower() for low, high in token_spans(piece)][-4:]


def _title_after(text: str, end: int, executives: frozenset[str]) -> bool:
    """Tell whether a title is tied to the end of a name: `Sam Altman, OpenAI's CEO`, `OpenAI-topman`."""
    piece = text[end : end + 40]
    for link in ("-", "'s ", "’s "):
        if piece.startswith(link):
            rest = piece[len(link) :]
            tokens = [rest[start:stop].lower() for start, stop in token_spans(rest)[:3]]
            return any(token in executives for token in tokens[:1] if link == "-") or (
                link != "-" and any(token in executives for token in tokens)
            )
    return False
