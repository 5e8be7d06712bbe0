"""Read labelled text of several kinds into one form: natural text with character spans."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dealfacts.entities.gazetteer import WORD_CLASSES, phrases, words
from dealfacts.entities.tokens import token_spans
from dealfacts.lang import lang_data

Span = tuple[int, int, str]


@dataclass
class Example:
    """A text with its names. `unknown` marks stretches that nobody has labelled: no loss is taken there."""

    text: str
    spans: list[Span]
    language: str
    source: str
    unknown: list[tuple[int, int]] = field(default_factory=list)


def open_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a text file, unpacking `.xz`."""
    content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    yield from content.decode("utf-8").removesuffix("\n").split("\n")


_NO_SPACE_BEFORE = frozenset(".,;:!?)]}»”%") | {"'s", "’s", "n't", "'", "..."}
_NO_SPACE_AFTER = frozenset("([{«“¿¡$€£#")


def join_tokens(tokens: Sequence[str], tags: Sequence[str]) -> tuple[str, list[Span]]:
    """Write IOB-tagged tokens as running text with spans; straight quotes open and close in turn."""
    text, glue, quotes = "", True, {'"': False, "'": False}
    offsets: list[tuple[int, int]] = []
    for token in tokens:
        opens = token in quotes and not quotes[token]
        closes = token in quotes and quotes[token]
        if not (glue or closes or (token in _NO_SPACE_BEFORE and not opens)):
            text += " "
        offsets.append((len(text), len(text) + len(token)))
        text += token
        if token in quotes:
            quotes[token] = opens
        glue = opens or token in _NO_SPACE_AFTER
    return text, iob_spans(tags, offsets)


def iob_spans(tags: Sequence[str], offsets: Sequence[tuple[int, int]]) -> list[Span]:
    """Turn IOB2 tags into spans (an `I-` without a beginning begins one)."""
    spans: list[Span] = []
    previous = "O"
    for tag, (start, end) in zip(tags, offsets, strict=True):
        if tag != "O":
            label = tag[2:]
            if tag.startswith("I-") and previous[2:] == label and spans:
                spans[-1] = (spans[-1][0], end, label)
            else:
                spans.append((start, end, label))
        previous = tag
    return spans


_ORDINARY = sum(1 << WORD_CLASSES.index(name) for name in ("demonym", "calendar", "title"))
_PLACE_WORD = 1 << WORD_CLASSES.index("place_word")


def is_ordinary(word: str) -> bool:
    """Tell whether a word bears its capital by spelling alone (nationalities, months, titles)."""
    return bool(words().get(word, 0) & _ORDINARY)


def place_label(name: str) -> str:
    """Tell a geopolitical place from any other, for corpora that call both LOC."""
    known = {name_class for phrase, name_class in phrases() if phrase == name}
    if "place" in known:
        return "GPE"
    if "location" in known:
        return "LOC"
    return "LOC" if any(words().get(token, 0) & _PLACE_WORD for token in name.split()) else "GPE"


_place_cache: dict[str, str] = {}


def map_labels(text: str, spans: Iterable[Span], products: frozenset[str]) -> list[Span]:
    """Map PER, ORG, LOC, MISC and OTH to our labels; what is no product of ours is no name."""
    mapped: list[Span] = []
    for start, end, label in spans:
        name = text[start:end]
        if label in {"MISC", "OTH"}:
            if name in products:
                mapped.append((start, end, "PRODUCT"))
        elif label == "LOC":
            if name not in _place_cache:
                _place_cache[name] = place_label(name)
            mapped.append((start, end, _place_cache[name]))
        elif label in {"PER", "ORG"}:
            mapped.append((start, end, {"PER": "PERSON"}.get(label, label)))
    return mapped


def read_conll(
    path: Path, token_column: int = 0, tag_column: int = -1
) -> Iterator[list[list[tuple[str, str]]]]:
    """Yield documents as lists of sentences of (token, tag); files without -DOCSTART- are one document."""
    document: list[list[tuple[str, str]]] = []
    sentence: list[tuple[str, str]] = []
    for line in [*open_lines(path), ""]:
        fields = line.split("\t") if "\t" in line else line.split(" ")
        if fields[0] == "-DOCSTART-":
            if document:
                yield document
            document = []
        elif line.strip() and not line.startswith("# "):
            sentence.append((fields[token_column], fields[tag_column]))
        elif sentence:
            document.append(sentence)
            sentence = []
    if document:
        yield document


def conll_examples(
    path: Path, language: str, products: frozenset[str], per_document: int = 8, **columns: int
) -> Iterator[Example]:
    """Yield examples of a few sentences each from a CoNLL file."""
    for document in read_conll(path, **columns):
        for first in range(0, len(document), per_document):
            text, spans = "", []
            for sentence in document[first : first + per_document]:
                words_, tags = zip(*sentence, strict=True)
                part, found = join_tokens(words_, tags)
                text += " " if text else ""
                spans += [(start + len(text), end + len(text), label) for start, end, label in found]
                text += part
            yield Example(text, map_labels(text, spans, products), language, path.name.split(".")[0])


def uner_examples(path: Path, products: frozenset[str]) -> Iterator[Example]:
    """Yield examples from Universal NER: the text as it was, a document at a time."""
    text, spans = "", []
    sentence = ""
    tokens: list[tuple[str, str]] = []

    def place() -> None:
        nonlocal text, sentence
        if not sentence:
            return
        text += " " if text else ""
        base, position, offsets, tags = len(text), 0, [], []
        for token, tag in tokens:
            found = sentence.find(token, position)
            if found < 0:
                continue
            offsets.append((base + found, base + found + len(token)))
            tags.append(tag)
            position = found + len(token)
        spans.extend(iob_spans(tags, offsets))
        text += sentence
        sentence = ""
        tokens.clear()

    for line in open_lines(path):
        if line.startswith("# newdoc") and (text or sentence):
            place()
            yield Example(text, map_labels(text, spans, products), "en", "uner-ewt")
            text, spans = "", []
        elif line.startswith("# text = "):
            place()
            sentence = line.removeprefix("# text = ")
        elif line and not line.startswith("#"):
            fields = line.split("\t")
            tokens.append((fields[1], fields[2]))
    place()
    yield Example(text, map_labels(text, spans, products), "en", "uner-ewt")


_CAPITAL = re.compile(r"[^\W\d_]")


def project(source: Example, english: str, country_names: dict[str, str]) -> Example | None:
    """Carry the names of a sentence over to its English translation by their spelling.

    Returns:
        The English example, or None where a name was not found. Capitalised words inside the sentence
        that no name explains are marked unknown.
    """
    spans: list[Span] = []
    for start, end, label in sorted(source.spans, key=lambda span: span[0] - span[1]):
        name = source.text[start:end]
        for candidate in (name, country_names.get(name, name)):
            places = [
                match.start() for match in re.finditer(rf"(?<!\w){re.escape(candidate)}(?!\w)", english)
            ]
            free = [
                place
                for place in places
                if not any(place < other[1] and other[0] < place + len(candidate) for other in spans)
            ]
            if free:
                spans.append((free[0], free[0] + len(candidate), label))
                break
        else:
            return None
    return Example(english, sorted(spans), "en", "news-en", _unexplained(english, spans))


def _unexplained(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    unknown: list[tuple[int, int]] = []
    first = True
    for start, end in token_spans(text):
        token = text[start:end]
        covered = any(start < other_end and other_start < end for other_start, other_end, _ in spans)
        if token[0].isupper() and not first and not covered and not is_ordinary(token):
            unknown.append((start, end))
        first = token in {".", "!", "?", '"', "“", ":"}
    return unknown


_NOT_BOTH_COMPANIES = frozenset(
    {"brand_of", "product_or_service_of", "undefined", "traded_on", "regulated_by"}
)


def _names_a_company(surface: str) -> bool:
    """Tell a name from a pronoun or noun phrase (`It`, `The company`)."""
    names = lang_data("en", "names.toml")
    small = {
        *names["articles"],
        *names["nominals"]["pronouns"]["singular"],
        *names["nominals"]["plural_words"],
    }
    first, *rest = surface.split()
    if any(token[:1].isupper() for token in rest):
        return True
    return first.lower() not in small and not first.islower()


def core_examples(path: Path) -> Iterator[Example]:
    """Yield company-relation sentences: two companies are labelled, other capitalised words unknown."""
    by_text: dict[str, list[tuple[int, int]]] = {}
    for row in json.loads(path.read_text("utf-8")):
        if row["relation"] in _NOT_BOTH_COMPANIES:
            continue
        tokens: list[str] = row["context"]
        text, _ = join_tokens(tokens, ["O"] * len(tokens))
        position, offsets = 0, []
        for token in tokens:
            found = text.index(token, position)
            offsets.append((found, found + len(token)))
            position = found + len(token)
        for entity in ("e1", "e2"):
            start, end = offsets[row[f"{entity}_start"]][0], offsets[row[f"{entity}_end"]][1]
            if _names_a_company(text[start:end]):
                by_text.setdefault(text, []).append((start, end))
    for text, places in by_text.items():
        spans = [(start, end, "ORG") for start, end in _longest(places)]
        yield Example(text, spans, "en", "core", _unexplained(text, spans))


def _longest(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(found), key=lambda span: (span[0] - span[1], span)):
        if not any(start < other_end and other_start < end for other_start, other_end in kept):
            kept.append((start, end))
    return sorted(kept)


def gold_examples(path: Path) -> Iterator[Example]:
    """Yield our own labelled articles (the record contract with a `gold` key)."""
    for line in open_lines(path):
        article = json.loads(line)
        spans = [
            (mention["start"], mention["end"], mention["label"])
            for mention in article["gold"]["mentions"]
            if mention["label"] in {"ORG", "PERSON", "GPE", "LOC", "PRODUCT"}
            and (mention.get("value") or {}).get("kind", "name") == "name"
        ]
        spans = [
            (s, e, next(x[2] for x in spans if x[:2] == (s, e))) for s, e in _longest([x[:2] for x in spans])
        ]
        yield Example(article["text"], spans, article["lang"], article["id"])
