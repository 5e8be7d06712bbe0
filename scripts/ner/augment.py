"""Make training text more varied: other names, other cases, other quotes, small slips of the pen."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from scripts.fill_templates import fill
from scripts.ner.invent import NameSource
from scripts.ner.sources import Example, Span

_SLOT = re.compile(r"\{(\w+)\}")


def rewrite(example: Example, replace: Callable[[str, str], str]) -> Example:
    """Replace the text of each name by what `replace(name, label)` says, keeping spans in step."""
    text, spans, unknown, last = "", [], [], 0
    pieces = sorted([*example.spans, *((start, end, "") for start, end in example.unknown)])
    for start, end, label in pieces:
        text += example.text[last:start]
        name = example.text[start:end]
        new = replace(name, label) if label else name
        if label:
            spans.append((len(text), len(text) + len(new), label))
        else:
            unknown.append((len(text), len(text) + len(new)))
        text += new
        last = end
    return Example(text + example.text[last:], spans, example.language, example.source, unknown)


def rename(example: Example, names: NameSource, rng: random.Random, share: float = 1.0) -> Example:
    """Give the companies, people and towns of an article new names: a short form stays a short form."""
    surfaces = {(example.text[start:end], label) for start, end, label in example.spans}
    new: dict[tuple[str, str], str] = {}
    for name, label in sorted(surfaces, key=lambda pair: (-len(pair[0]), pair)):
        long = next((key for key in new if key[1] == label and _is_short_form(name, key[0], label)), None)
        if rng.random() > share:
            new[name, label] = name
        elif long is not None and new[long] != long[0]:
            new[name, label] = _shorten(new[long], label)
        elif label == "ORG":
            new[name, label] = names.organisation(example.language, rng)
        elif label == "PERSON":
            full = names.person(example.language, rng)
            new[name, label] = full if " " in name else _shorten(full, "PERSON")
        elif label == "PRODUCT":
            new[name, label] = names.product(rng)
        elif label == "GPE" and rng.random() < 0.5:
            new[name, label] = names.place(rng)
        else:
            new[name, label] = name
    return rewrite(example, lambda name, label: new[name, label])


def _is_short_form(name: str, long: str, label: str) -> bool:
    return long.endswith(" " + name) if label == "PERSON" else long.startswith(name + " ")


def _shorten(name: str, label: str) -> str:
    if label == "PERSON":
        return name.partition(" ")[2] or name
    first = name.split(" ", maxsplit=1)[0]
    return first if len(first) > 3 else name


def change_case(example: Example, case: Callable[[str], str]) -> Example | None:
    """Change the case of a text; None where that would change its length."""
    text = case(example.text)
    if len(text) != len(example.text):
        return None
    return Example(text, example.spans, example.language, example.source, example.unknown)


_WORD = re.compile(r"[^\W\d_]+")


def title_case(text: str) -> str:
    """Write a text as an English headline: every longer word with a capital."""
    return _WORD.sub(lambda m: m[0][0].upper() + m[0][1:] if len(m[0]) > 3 else m[0], text)


_SMALL_WORDS = re.compile(r"(?:\b[a-zà-þ]{3,}\b ?){2,5}")


def add_headings(example: Example, rng: random.Random) -> Example:
    """Put a heading before one or two paragraphs: small words of the text itself, with capitals, no name."""
    phrases = [match[0].strip() for match in _SMALL_WORDS.finditer(example.text)]
    breaks = [match.end() for match in re.finditer(r"\n+", example.text)]
    if not phrases or not breaks:
        return example
    for place in sorted(rng.sample(breaks, min(len(breaks), rng.choice([1, 2]))), reverse=True):
        phrase = rng.choice(phrases)
        heading = rng.choice([title_case(phrase), phrase.title(), phrase.capitalize(), phrase.upper()]) + "\n"
        moved = len(heading)
        example = Example(
            example.text[:place] + heading + example.text[place:],
            [(s + moved * (s >= place), e + moved * (s >= place), label) for s, e, label in example.spans],
            example.language,
            example.source,
            [(s + moved * (s >= place), e + moved * (s >= place)) for s, e in example.unknown],
        )
    return example


_QUOTES = [("“", "”"), ("«", "»"), ("‘", "’"), ('"', '"'), ("'", "'")]


def change_signs(example: Example, rng: random.Random) -> Example:
    """Swap one kind of quotation mark or apostrophe for another of the same length."""
    text = example.text
    if rng.random() < 0.5:
        text = re.sub(r"(?<=\w)['’](?=\w)", rng.choice("'’"), text)
    opening, closing = rng.choice(_QUOTES)
    if rng.random() < 0.5:
        text = text.replace("“", opening).replace("”", closing).replace("«", opening).replace("»", closing)
    return Example(text, example.spans, example.language, example.source, example.unknown)


def misspell(example: Example, rng: random.Random, rate: float = 0.01) -> Example:
    """Swap neighbouring small letters here and there, as hurried writers do; lengths stay."""
    signs = list(example.text)
    for index in range(1, len(signs) - 2):
        if rng.random() < rate and all(
            sign.isalpha() and sign.islower() for sign in signs[index : index + 2]
        ):
            signs[index], signs[index + 1] = signs[index + 1], signs[index]
    return Example("".join(signs), example.spans, example.language, example.source, example.unknown)


def join(examples: list[Example], rng: random.Random) -> Example:
    """Put short texts one after the other, as sentences or paragraphs of one document."""
    text, spans, unknown = "", [], []
    for example in examples:
        text += rng.choice([" ", " ", "\n", "\n\n"]) if text else ""
        base = len(text)
        spans += [(start + base, end + base, label) for start, end, label in example.spans]
        unknown += [(start + base, end + base) for start, end in example.unknown]
        text += example.text
    return Example(text, spans, examples[0].language, examples[0].source, unknown)


def fill_frame(
    frame: str, language: str, frames: dict[str, list[str]], names: NameSource, rng: random.Random
) -> Example:
    """Fill one sentence frame."""
    person = names.person(language, rng)
    drawn = {"person": (person, "PERSON"), "last": (_shorten(person, "PERSON"), "PERSON")}
    text, spans, last = "", [], 0
    for match in _SLOT.finditer(frame):
        text += frame[last : match.start()]
        if match[1] not in drawn:
            drawn[match[1]] = _draw(match[1].rstrip("234"), language, frames, names, rng)
        name, label = drawn[match[1]]
        if label:
            spans.append((len(text), len(text) + len(name), label))
        text += name
        last = match.end()
    text += frame[last:]
    # `Het {place}se bedrijf` and `De {country}e overheid` are adjectives, no places.
    spans = [span for span in spans if not text[span[1] : span[1] + 1].isalpha()]
    return Example(text, spans, language, "frames")


def _draw(
    kind: str, language: str, frames: dict[str, list[str]], names: NameSource, rng: random.Random
) -> tuple[str, str]:
    """Draw the name for a slot of a frame, and its label."""
    last = rng.choice(names.last_names[language])
    tongue = language if rng.random() < 0.6 else "en"
    makers: dict[str, Callable[[], tuple[str, str]]] = {
        "org": lambda: (names.organisation(language, rng), "ORG"),
        "person": lambda: (names.person(language, rng), "PERSON"),
        "surname": lambda: (last[0].upper() + last[1:], "PERSON"),
        "place": lambda: (names.place(rng), "GPE"),
        "upplace": lambda: (names.place(rng).upper(), "GPE"),
        "country": lambda: (rng.choice(names.countries[language]), "GPE"),
        "loc": lambda: (rng.choice(names.locations), "LOC"),
        "product": lambda: (names.product(rng), "PRODUCT"),
        "media": lambda: (rng.choice(names.media[tongue]), "ORG"),
        "ticker": lambda: ("".join(rng.choices("ABCDEFGHIKLMNOPRSTUVWX", k=rng.choice([2, 3, 4]))), ""),
        "exchange": lambda: (rng.choice(frames["exchanges"]), "ORG"),
    }
    return makers[kind]()


def _in_turn(names: Iterator[str]) -> Callable[[str, str], str]:
    return lambda _name, _label: next(names)


def fill_template(
    template: dict[str, object], fillers: dict[str, object], names: NameSource, rng: random.Random
) -> list[Example]:
    """Fill a deal template in the three languages with our own names, one name a slot."""
    filled = fill(template, fillers, rng)
    examples = []
    for language, text in filled.texts.items():
        slots = [span for span in filled.spans[language] if span.label in {"ORG", "PERSON", "GPE"}]
        spans: list[Span] = [(span.start, span.end, span.label) for span in slots]
        slot_of = {(span.start, span.end): span for span in slots}
        new: dict[str, str] = {}
        for span in slots:
            if span.slot in new:
                continue
            if span.label == "PERSON":
                new[span.slot] = names.person(language, rng)
            elif span.slot == "source":
                new[span.slot] = rng.choice(names.media[language if rng.random() < 0.6 else "en"])
            elif span.label == "ORG" and span.slot != "regulator":
                new[span.slot] = names.organisation(language, rng)
            elif span.slot.startswith("city") and rng.random() < 0.6:
                new[span.slot] = names.place(rng)
            else:
                new[span.slot] = span.surface
        queue = iter([new[slot_of[start, end].slot] for start, end, _ in sorted(spans)])
        example = Example(text, spans, language, f"template-{filled.id}")
        examples.append(rewrite(example, _in_turn(queue)))
    return examples
