"""Make the names of one article agree: clean edges, one label a name, found wherever they stand.

What a model says of a name in one sentence is weak; what it says of all mentions of that name in an article
is strong. The label of a name is the one most of its mentions have, short forms vote with their full name,
and a name seen in one place is looked up in the whole text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from babel import Locale

from dealfacts.entities.gazetteer import WORD_CLASSES, phrases, words
from dealfacts.entities.spans import NameSpan, without_overlaps
from dealfacts.entities.tokens import token_spans
from dealfacts.lang import lang_data, languages
from dealfacts.records import Label

_LABEL_ORDER: tuple[Label, ...] = ("ORG", "PERSON", "GPE", "PRODUCT", "LOC")
_EDGES = " \t\r\n\"'“”‘’«»‹›()[]{}<>,;:!?¡¿|*_#–—-/·•…"
_NOT_NAMES = sum(1 << WORD_CLASSES.index(name) for name in ("demonym", "calendar"))
_PERSON_WORD = sum(1 << WORD_CLASSES.index(name) for name in ("first_name", "last_name"))
_PART_OF_NAME = _PERSON_WORD | 1 << WORD_CLASSES.index("organisation_word")
_TICKER = re.compile(r"[(\[][A-Z][\w .]{1,20}: ?$")
_MAX_NAME = 120
_VOTES = 4
_MAX_SMALL_WORD = 20
_SHORTEST_INFLECTED = 3
_SIBILANTS = ("s", "x", "z")


def settle(text: str, language: str | None, spans: Iterable[NameSpan]) -> list[NameSpan]:
    """Return the names of an article after cleaning, voting and looking up.

    Args:
        text: the article.
        language: its language, or None; used for the articles that begin noun phrases.
        spans: what a model found, in any order.

    Returns:
        Spans in text order, none overlapping; running it on its own result changes nothing more.
    """
    cleaned = without_overlaps(
        span for raw in spans for span in [_clean(text, raw, language)] if span is not None
    )
    names = {span.text for span in cleaned}
    bare = [_undescribed(text, span, names) for span in cleaned]
    apart = [part for span in bare for part in _parts(span, names)]
    whole = [_with_legal_form(text, span) for span in apart]
    labels = _vote(whole)
    genitives = _genitives(labels, language)
    return without_overlaps([*_relabel(whole, labels), *_look_up(text, {**genitives, **labels})])


@cache
def _articles(language: str | None) -> frozenset[str]:
    if language is None:
        return frozenset()
    return frozenset(lang_data(language, "names.toml").get("articles", ()))


def _clean(text: str, span: NameSpan, language: str | None) -> NameSpan | None:
    """Trim signs and a leading article off a span; None if no name is left."""
    start, end = span.start, span.end
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        # `Yahoo!` and `De Lage Landen (DLL)` end in signs of their own only inside.
        end -= 1
    if text[start:end].endswith(("'s", "’s")) and span.label != "PRODUCT" and not _is_known(text[start:end]):
        end -= 2
    if "\n" in text[start:end]:
        end = start + text[start:end].index("\n")
        end = start + len(text[start:end].rstrip())
    first, _, rest = text[start:end].partition(" ")
    known = _is_known(text[start:end])
    if rest and first in _articles(language) and rest[0].isalnum() and not known:
        start += len(first) + 1
    start, end = _without_neighbours(text, start, end, language)
    name = text[start:end]
    if _TICKER.search(text, max(0, start - 24), start):
        return None
    if not any(sign.isalpha() for sign in name) or len(name) > _MAX_NAME:
        return None
    if len(name) > _MAX_SMALL_WORD and name.islower() and name.isalpha():
        return None
    if words().get(name, 0) & _NOT_NAMES and not _is_known(name):
        return None
    return NameSpan(start, end, name, span.label)


def _without_neighbours(text: str, start: int, end: int, language: str | None) -> tuple[int, int]:
    """Drop a title behind a name (`Pfizer Chairman`), and what it is before it (`Chipmaker ASML`)."""
    tokens = [text[start:end][low:high] for low, high in token_spans(text[start:end])]
    if len(tokens) < 2 or _is_known(text[start:end]):
        return start, end
    if tokens[-1].lower() in _particles():
        end = start + text[start:end].rindex(tokens[-1])
        return start, start + len(text[start:end].rstrip(_EDGES))
    if tokens[-1].lower() in _titles():
        end = start + text[start:end].rindex(tokens[-1])
        return start, start + len(text[start:end].rstrip())
    heads = _descriptions(language)
    if tokens[1][0].isupper() and tokens[0][0].isupper() and tokens[0].lower().endswith(heads):
        start += len(tokens[0])
        start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, end


@cache
def _particles() -> frozenset[str]:
    """Return the small words that no name ends in."""
    return frozenset(word for word in lang_data("_shared", "names.toml")["particles"] if len(word) > 1)


@cache
def _titles() -> frozenset[str]:
    """Return the words that stand before or behind people's names, in small letters."""
    found: set[str] = set()
    for language in languages():
        data = lang_data(language, "names.toml")
        found.update(word.lower() for word in [*data["titles"], *data["executives"]])
    return frozenset(found)


@cache
def _descriptions(language: str | None) -> tuple[str, ...]:
    """Return the nouns that say what a company is, one word each, in small letters."""
    if language is None:
        return ("\0",)
    nominals = lang_data(language, "names.toml")["nominals"]
    nouns = [noun for group in nominals["kinds"].values() for noun in group] + nominals.get("trailing", [])
    weak = {
        word.lower() for name in languages() for word in lang_data(name, "names.toml")["organisation_words"]
    }
    return tuple(sorted({noun.lower() for noun in nouns if " " not in noun} - weak)) or ("\0",)


@cache
def _classes() -> dict[str, frozenset[str]]:
    """Return the classes of every known name; countries are told from other places."""
    classes: dict[str, set[str]] = defaultdict(set)
    for name, name_class in phrases():
        classes[name].add(name_class)
    for language in languages():
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2:
                classes[name].discard("place")
                classes[name].add("country")
    return {name: frozenset(found) for name, found in classes.items()}


def _is_known(name: str) -> bool:
    return name.replace("’", "'") in _classes()


@cache
def _legal_forms() -> re.Pattern[str]:
    data = lang_data("_shared", "names.toml")
    forms = sorted([*data["long_legal_forms"], *data["legal_forms"]], key=len, reverse=True)
    return re.compile(rf",? (?:{'|'.join(map(re.escape, forms))})(?!\w)")


def _with_legal_form(text: str, span: NameSpan) -> NameSpan:
    """Take a legal form that follows a company's name into the span."""
    if span.label != "ORG":
        return span
    match = _legal_forms().match(text, span.end)
    if match is None:
        return span
    return NameSpan(span.start, match.end(), text[span.start : match.end()], span.label)


def _vote(spans: Sequence[NameSpan]) -> dict[str, Label]:
    """Choose one label for each name: its own mentions count fully, a full name's for its short form half."""
    votes: dict[str, Counter[Label]] = defaultdict(Counter)
    for span in spans:
        votes[span.text][span.label] += _VOTES
    totals = {name: counter.copy() for name, counter in votes.items()}
    for name in votes:
        for longer, others in votes.items():
            if name != longer and _may_shorten(name, longer):
                for label, count in others.items():
                    if _short_form_of(name, longer, label):
                        totals[name][label] += count // 2 + 1
    _weigh_knowledge(totals)
    return {name: _winner(counter) for name, counter in totals.items()}


def _weigh_knowledge(totals: dict[str, Counter[Label]]) -> None:
    """Add what is known of a name: a country is a country whatever the model says."""
    for name, counter in totals.items():
        known = _classes().get(name.replace("’", "'"), frozenset())
        if known == {"country"}:
            counter["GPE"] += 100
        elif known == {"location"}:
            counter["LOC"] += 6
        elif known <= {"organisation", "media"} and known:
            counter["ORG"] += 3
        elif _looks_like_company(name):
            counter["ORG"] += counter["PERSON"] + 1


def _looks_like_company(name: str) -> bool:
    """Tell a company from a person by its `&` or its legal form: `Kohlberg Kravis Roberts & Co.`."""
    return "&" in name or re.search(_legal_forms().pattern + "$", name) is not None


def _winner(counter: Counter[Label]) -> Label:
    return max(_LABEL_ORDER, key=lambda label: (counter[label], -_LABEL_ORDER.index(label)))


def _may_shorten(name: str, longer: str) -> bool:
    return len(name) < len(longer) and (longer.startswith(name) or longer.endswith(name))


def _short_form_of(name: str, longer: str, label: Label) -> bool:
    """Tell whether `name` is how an article would shorten `longer`: a last name, a company's first words."""
    if label == "PERSON":
        return longer.endswith(" " + name)
    return label == "ORG" and longer.startswith(name + " ") and len(name) > 2


def _relabel(spans: Iterable[NameSpan], labels: dict[str, Label]) -> Iterator[NameSpan]:
    for span in spans:
        yield NameSpan(span.start, span.end, span.text, labels[span.text])


def _genitives(labels: dict[str, Label], language: str | None) -> dict[str, Label]:
    """Return the genitives of an article's companies and people, where a language writes them in one word."""
    if language is None or not (ending := lang_data(language, "names.toml").get("genitive")):
        return {}
    return {
        name + ending: label
        for name, label in labels.items()
        if label in {"ORG", "PERSON"} and len(name) > _SHORTEST_INFLECTED and not name.endswith(_SIBILANTS)
    }


def _look_up(text: str, labels: dict[str, Label]) -> Iterator[NameSpan]:
    """Find the other places where the names stand, token by token."""
    tokens = token_spans(text)
    written = [text[start:end] for start, end in tokens]
    small = {token for token in written if token.islower()}
    by_first: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    full: dict[tuple[str, ...], str] = {}
    for name in labels:
        parts = tuple(name[start:end] for start, end in token_spans(name))
        if _is_telling(name, parts, small):
            by_first[parts[0]].add(parts)
            full[parts] = name
    lengths = {
        first: sorted({len(parts) for parts in group}, reverse=True) for first, group in by_first.items()
    }
    for index, token in enumerate(written):
        for length in lengths.get(token, ()):
            parts = tuple(written[index : index + length])
            if len(parts) == length and parts in by_first[token]:
                start, end = tokens[index][0], tokens[index + length - 1][1]
                if text[start:end] == full[parts]:
                    yield NameSpan(start, end, full[parts], labels[full[parts]])
                break


_HUMP = re.compile(r"(?<=[a-zà-þ])(?=[A-ZÀ-Þ])")


def _undescribed(text: str, span: NameSpan, names: set[str]) -> NameSpan:
    """Drop the first word of a sentence from a name that the article also has without it.

    Dutch and Spanish put what a company is right before its name: `Betaaldienstverlener Mollie`.
    """
    first, _, rest = span.text.partition(" ")
    if span.label != "ORG" or rest not in names or _is_known(span.text) or first in names:
        return span
    if not first.isalpha() or words().get(first, 0) & _PART_OF_NAME or text.count(span.text) > 1:
        return span
    before = text[max(0, span.start - 3) : span.start].rstrip(" “\"'«‘")
    if not before or before[-1] in ".!?:–—-\n":
        return NameSpan(span.end - len(rest), span.end, rest, span.label)
    return span


def _parts(span: NameSpan, names: set[str]) -> list[NameSpan]:
    """Split `SoftBankOracle` where both halves are names, of this article or well known."""
    if not _is_known(span.text):
        for hump in _HUMP.finditer(span.text):
            cut = hump.start()
            left, right = span.text[:cut], span.text[cut:]
            if all(part in names or _is_known(part) for part in (left, right)):
                middle = span.start + cut
                return [
                    NameSpan(span.start, middle, left, span.label),
                    NameSpan(middle, span.end, right, span.label),
                ]
    return [span]


def _is_telling(name: str, parts: Sequence[str], small: set[str]) -> bool:
    """Tell whether a name can be looked up by its spelling alone: it has a capital and is no common word."""
    if not parts or len(name) < 2 or not any(sign.isupper() or sign.isdigit() for sign in name):
        return False
    if len(parts) > 1:
        return True
    return parts[0].lower() not in small and not words().get(parts[0], 0) & _NOT_NAMES
