"""Link the mentions of an article: what stands for one company or person gets one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealfacts.entities.affiliations import find_affiliations
from dealfacts.entities.clusters import Entity, cluster
from dealfacts.entities.nominals import find_nominals
from dealfacts.entities.spans import NameSpan
from dealfacts.records import Label, Name


@dataclass(frozen=True)
class LinkedName:
    """A mention and whom it stands for: `value.name` is the same for all mentions of one entity."""

    start: int
    end: int
    text: str
    label: Label
    value: Name


def link_names(text: str, language: str, names: Sequence[NameSpan]) -> list[LinkedName]:
    """Give every mention its canonical name, and find the noun phrases and pronouns that stand for companies.

    Args:
        text: the article.
        language: the language its words are read in; it must have data.
        names: what `NameFinder` found in it.

    Returns:
        Names, nominals and pronouns in text order. `both companies` comes twice, once for each company.

    >>> finder_found = [NameSpan(0, 12, "Nvidia Corp.", "ORG"), NameSpan(22, 28, "NVIDIA", "ORG")]
    >>> [name.value.name for name in link_names("Nvidia Corp. rose and NVIDIA fell.", "en", finder_found)]
    ['NVIDIA', 'NVIDIA']
    """
    entities = cluster(text, names)
    linked = [
        LinkedName(span.start, span.end, span.text, span.label, Name(name=entity.name))
        for entity in entities
        for span in entity.spans
    ]
    people = find_affiliations(text, language, entities)
    for nominal in find_nominals(text, language, entities, people):
        value = Name(name=nominal.name, kind=nominal.kind)
        linked.append(LinkedName(nominal.start, nominal.end, text[nominal.start : nominal.end], "ORG", value))
    return sorted(linked, key=lambda name: (name.start, name.end, name.value.name))


def affiliations(text: str, language: str, linked: Sequence[LinkedName]) -> dict[str, str]:
    """Tell which organisation each person of an article leads: what a chief does, the company does.

    Args:
        text: the article.
        language: its language.
        linked: what `link_names` returned.

    Returns:
        Canonical name of the person to canonical name of the organisation, sure ones only.
    """
    entities: dict[tuple[Label, str], Entity] = {}
    for mention in linked:
        if mention.value.kind == "name":
            entity = entities.setdefault(
                (mention.label, mention.value.name), Entity(mention.label, name=mention.value.name)
            )
            entity.spans.append(NameSpan(mention.start, mention.end, mention.text, mention.label))
    return find_affiliations(text, language, list(entities.values()))
