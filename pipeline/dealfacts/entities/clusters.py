"""Which names of an article are one: `NVIDIA`, `Nvidia Corp.` and `Nvidia's`; `Altman` and `Sam Altman`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from dealfacts.entities.gazetteer import WORD_CLASSES, phrases, words
from dealfacts.entities.spans import NameSpan
from dealfacts.entities.tokens import token_spans
from dealfacts.lang import lang_data
from dealfacts.records import Label

_ORGANISATION_WORD = 1 << WORD_CLASSES.index("organisation_word")
_DEMONYM = 1 << WORD_CLASSES.index("demonym")
_INTRODUCTION = 40
"""How many letters before a name are looked at for what it is."""


@dataclass
class Entity:
    """Someone or something an article names, with all mentions by name."""

    label: Label
    spans: list[NameSpan] = field(default_factory=list)
    name: str = ""
    """The fullest form the article uses, without legal form where it also does without."""

    @property
    def first(self) -> int:
        """Where the entity is first named."""
        return min(span.start for span in self.spans)


def cluster(text: str, spans: Sequence[NameSpan]) -> list[Entity]:
    """Group the names of an article into entities, in the order of their first mention.

    A short form joins a longer name only where it can mean no other: `Tata` stays by itself beside
    `Tata Steel` and `Tata Motors`.
    """
    by_key: dict[tuple[Label, str], Entity] = {}
    for span in sorted(spans):
        by_key.setdefault((span.label, _key(span.text)), Entity(span.label)).spans.append(span)
    parents = {key: key for key in by_key}
    for key in by_key:
        longer = [
            other
            for other in by_key
            if other != key
            and _is_short_for(key, other, by_key, text)
            and not _rest_is_named(key[1], other[1], by_key)
            and not _is_called_unit(by_key[other], text)
        ]
        families = {_root(parents, other) for other in longer} - {_root(parents, key)}
        if len(families) == 1 or (families and _nested(longer)):
            parents[_root(parents, key)] = families.pop()
    groups: dict[tuple[Label, str], Entity] = {}
    for key, entity in by_key.items():
        groups.setdefault(_root(parents, key), Entity(entity.label)).spans.extend(entity.spans)
    for entity in groups.values():
        entity.spans.sort()
        entity.name = _canonical(entity)
    return sorted(groups.values(), key=lambda entity: entity.first)


def _rest_is_named(short: str, long: str, entities: Mapping[tuple[Label, str], Entity]) -> bool:
    """Tell whether what a short form leaves out is named by itself.

    `Ahold` and `Delhaize` are two beside `Ahold Delhaize`; `Akzo Nobel India` is a branch beside `India`. The
    owners of a company go by a word of their own: `familia Grifols` is not `Grifols`.
    """
    rest = long.removeprefix(f"{short} ") if long.startswith(f"{short} ") else long.removesuffix(f" {short}")
    owners = lang_data("_shared", "names.toml")["owner_words"]
    return rest != long and (("ORG", rest) in entities or ("GPE", rest) in entities or rest in owners)


def _is_called_unit(entity: Entity, text: str) -> bool:
    """Tell whether an article calls somebody a part of a company: `its checkout business, Acme Pay`."""
    starts = [span.start for span in entity.spans]
    return any(_unit_before().search(text, max(0, at - _INTRODUCTION), at) for at in starts)


@cache
def _unit_before() -> re.Pattern[str]:
    nouns = "|".join(map(re.escape, lang_data("_shared", "names.toml")["unit_nouns"]))
    return re.compile(rf"\b(?:{nouns}),? [\"“«'‘]?\Z", re.IGNORECASE)


def _root(parents: dict[tuple[Label, str], tuple[Label, str]], key: tuple[Label, str]) -> tuple[Label, str]:
    while parents[key] != key:
        key = parents[key]
    return key


def _nested(keys: Sequence[tuple[Label, str]]) -> bool:
    """Tell whether each of the longer names contains the next shorter one."""
    names = sorted((name for _, name in keys), key=len)
    return all(short in long for short, long in pairwise(names))


@cache
def _legal_forms() -> re.Pattern[str]:
    data = lang_data("_shared", "names.toml")
    forms = sorted([*data["long_legal_forms"], *data["legal_forms"]], key=len, reverse=True)
    return re.compile(rf",? (?:{'|'.join(map(re.escape, forms))})$")


@cache
def _domain() -> re.Pattern[str]:
    domains = "|".join(map(re.escape, lang_data("_shared", "names.toml")["domains"]))
    return re.compile(rf"\.(?:{domains})$")


def without_legal_form(name: str) -> str:
    """Drop a legal form from the end of a name.

    >>> without_legal_form("Nvidia Corp.")
    'Nvidia'
    """
    shorter = _legal_forms().sub("", name)
    return shorter or name


def _key(name: str) -> str:
    """Fold a name so that its spellings are equal."""
    bare = _domain().sub("", without_legal_form(name.replace("’", "'").removesuffix("'s")))
    bare = re.sub(r"^(?:The|the) ", "", bare)
    return re.sub(r"[^\w ]+", "", re.sub(r"[-–—]", " ", bare)).casefold().strip() or name.casefold()


def _is_short_for(
    key: tuple[Label, str], other: tuple[Label, str], entities: dict[tuple[Label, str], Entity], text: str
) -> bool:
    if key[0] != other[0]:
        return False
    short, long = entities[key].spans[0].text, entities[other].spans[0].text
    if key[0] == "PERSON":
        return _shortens_person(key[1], other[1])
    if key[0] == "ORG":
        return _shortens_organisation(key[1], short, other[1], long) or _is_acronym(
            entities[key], entities[other], text
        )
    return False


def _shortens_person(short: str, long: str) -> bool:
    few, many = short.split(), long.split()
    if long == short + "s":
        return True
    if len(few) < len(many):
        return any(many[index : index + len(few)] == few for index in range(len(many) - len(few) + 1))
    # A slip of the pen: `Sam Atlman`. One of the two has to be the short form; the smaller string is.
    return (
        len(few) == len(many) > 1
        and few[0] == many[0]
        and short < long
        and len(short) > 7
        and OSA.distance(short, long) == 1
    )


def _shortens_organisation(short: str, surface: str, long: str, long_surface: str) -> bool:
    few, many = short.split(), long.split()
    if not few or len(few) >= len(many):
        return _is_variant(short, long)
    tail = long_surface.split()[len(surface.split()) :]
    if many[: len(few)] == few:
        known = _known_organisations()
        if without_legal_form(long_surface) in known and surface not in known:
            return True
        if len(few) == 1 and words().get(surface, 0) & (_ORGANISATION_WORD | _DEMONYM):
            return False
        return not _makes_another(surface, tail)
    # `Santander` for `Banco Santander`, `Iruña` for `Talleres Iruña`.
    generic = words().get(surface, 0) & (_ORGANISATION_WORD | _DEMONYM)
    return many[-len(few) :] == few and len(surface) > 3 and not generic


def _is_variant(short: str, long: str) -> bool:
    """Tell whether two names differ by spaces, a genitive s, or an ending such as `group` only."""
    if short.replace(" ", "") == long.replace(" ", ""):
        return short != long and len(short) > len(long)
    if long == short + "s":
        return len(short) > 3
    endings = lang_data("_shared", "names.toml")["glued_endings"]
    return len(short) > 3 and any(long == short + ending for ending in endings)


@cache
def _places() -> frozenset[str]:
    return frozenset(name for name, name_class in phrases() if name_class in {"place", "location"})


@cache
def _known_organisations() -> frozenset[str]:
    return frozenset(name for name, name_class in phrases() if name_class in {"organisation", "media"})


def _makes_another(surface: str, tail: Sequence[str]) -> bool:
    """Tell whether what follows makes it another company: a country's branch, a known firm's unit."""
    rest = " ".join(tail)
    if rest in _places() or rest.removeprefix("de ") in _places() or words().get(rest, 0) & _DEMONYM:
        return True
    if len(tail) == 2 and tail[1] in _places() and words().get(tail[0], 0) & _ORGANISATION_WORD:
        return True  # `Thyssenkrupp Steel Europe`
    return surface in _known_organisations() and rest in lang_data("_shared", "names.toml")["unit_words"]


_BRACKET = re.compile(r"(?:,? [\w.]{1,8}){0,4} \([\"“«']?")
_CLOSING = frozenset(")\"”»'")


def _fold(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].casefold()


def _is_acronym(short: Entity, long: Entity, text: str) -> bool:
    """Tell whether one name is made of the other's initials, or stands right behind it in brackets."""
    letters = short.spans[0].text.replace(".", "")
    if not (2 <= len(letters) <= 6 and letters[0].isupper() and sum(c.isupper() for c in letters) >= 2):
        return False
    name = long.spans[0].text.removeprefix("The ")
    starts = {span.start: span.end for span in short.spans}
    for span in long.spans:
        bracket = _BRACKET.match(text, span.end)
        end = starts.get(bracket.end()) if bracket is not None else None
        if end is not None and text[end : end + 1] in _CLOSING and _fold(letters[0]) == _fold(name[0]):
            return True
    tokens = [name[start:end] for start, end in token_spans(name)]
    initials = "".join(token[0] for token in tokens if token[0].isupper())
    return initials == letters.upper()


def _canonical(entity: Entity) -> str:
    """Choose the fullest form that is common: most words, then the most frequent, then the first."""
    counts = Counter(_display(span.text) for span in entity.spans)
    first = {_display(span.text): span.start for span in reversed(entity.spans)}
    forms = [
        name
        for name in counts
        if (without_legal_form(name) == name or without_legal_form(name) not in counts)
        and not (name.endswith("s") and name[:-1] in counts)  # a genitive: `Googles bod`
    ]
    usual = max(counts[name] for name in forms)
    common = [name for name in forms if counts[name] * 6 >= usual]

    def fullness(name: str) -> tuple[int, bool, int, int]:
        bare = without_legal_form(name)
        return len(token_spans(bare)), bare == name, counts[name], -first[name]

    return max(common, key=fullness)


def _display(name: str) -> str:
    """Return a name without its genitive s, which Dutch glues to it: `Ahold Delhaizes winkels`."""
    if name.endswith(("'s", "’s")):
        return name[:-2]
    known = _known_organisations()
    return name[:-1] if name.endswith("s") and name not in known and name[:-1] in known else name
