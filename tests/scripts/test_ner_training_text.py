"""The training text of the name finder: spans stay true through every change."""

import random
from typing import Any

import pytest
from scripts.ner import augment
from scripts.ner.invent import load_names
from scripts.ner.scoring import score_spans
from scripts.ner.sources import Example, iob_spans, join_tokens, map_labels, project

TEXT = "Corvane buys Lumenry.\n\nCorvane Semiconductor said the deal closes soon. Ana Ruiz of Corvane agreed in Gent."
NAMES = [
    ("Corvane", "ORG"),
    ("Lumenry", "ORG"),
    ("Corvane Semiconductor", "ORG"),
    ("Ana Ruiz", "PERSON"),
    ("Gent", "GPE"),
]


@pytest.fixture(scope="module")
def names() -> Any:
    return load_names()


@pytest.fixture
def example() -> Any:
    spans = []
    position = 0
    for name, label in NAMES:
        start = TEXT.index(name, position)
        position = start + len(name)
        spans.append((start, position, label))
    return Example(TEXT, spans, "en", "test")


def surfaces(example: Any) -> Any:
    return [example.text[start:end] for start, end, _ in example.spans]


def test_join_tokens_writes_natural_text() -> None:
    tokens = ["``", "De", "prijs", "(", "3", "%", ")", "van", '"', "Zorva", '"', "."]
    text, spans = join_tokens(tokens[1:], ["O"] * 8 + ["B-ORG", "O", "O"])
    assert text == 'De prijs (3%) van "Zorva".'
    assert [text[start:end] for start, end, _ in spans] == ["Zorva"]


def test_iob_spans_joins_only_what_belongs_together() -> None:
    tags = ["B-ORG", "I-ORG", "B-ORG", "I-PER", "O", "I-PER"]
    offsets = [(i, i + 1) for i in range(6)]
    assert iob_spans(tags, offsets) == [(0, 2, "ORG"), (2, 3, "ORG"), (3, 4, "PER"), (5, 6, "PER")]


def test_map_labels_tells_places_apart() -> None:
    text = "Spanje Noordzee Zorva-rivier iets"
    spans = [(0, 6, "LOC"), (7, 15, "LOC"), (29, 33, "MISC")]
    assert map_labels(text, spans, frozenset()) == [(0, 6, "GPE"), (7, 15, "LOC")]


def test_rename_keeps_short_forms_short(example: Any, names: Any) -> None:
    for seed in range(20):
        renamed = augment.rename(example, names, random.Random(seed))
        first, _, long, _, _ = surfaces(renamed)
        assert long == first or long.startswith(first)


def test_every_change_keeps_spans_true(example: Any) -> None:
    rng = random.Random(5)
    for changed in (
        augment.rewrite(example, lambda name, _: name),
        augment.add_headings(example, rng),
        augment.change_signs(example, rng),
        augment.join([example, example], rng),
    ):
        assert set(surfaces(changed)) == {name for name, _ in NAMES}
    assert surfaces(augment.change_case(example, str.upper)) == [name.upper() for name, _ in NAMES]


def test_case_that_changes_the_length_is_left_out() -> None:
    assert augment.change_case(Example("straße", [], "en", "test"), str.upper) is None


def test_projection_marks_what_it_cannot_explain() -> None:
    source = Example("Corvane koopt in Spanje.", [(0, 7, "ORG"), (17, 23, "GPE")], "nl", "test")
    english = project(source, "In Spain, Corvane buys Other Things.", {"Spanje": "Spain"})
    assert english is not None
    assert surfaces(english) == ["Spain", "Corvane"]
    assert [english.text[start:end] for start, end in english.unknown] == ["Other", "Things"]
    assert project(source, "It buys in Spain.", {"Spanje": "Spain"}) is None


def test_invented_names_have_many_shapes(names: Any) -> None:
    rng = random.Random(1)
    drawn = [names.invented("nl", rng) for _ in range(300)]
    assert len(set(drawn)) > 250
    assert not any("{" in name or "  " in name for name in drawn)
    assert {True, False} == {" " in name for name in drawn}


def test_score_spans() -> None:
    gold = [(0, 3, "ORG"), (5, 8, "GPE"), (9, 12, "PRODUCT")]
    found = [(0, 3, "ORG"), (5, 8, "LOC"), (20, 22, "ORG")]
    fine = score_spans([(gold, found)])
    assert (fine["ORG"]["p"], fine["ORG"]["r"], fine["GPE"]["r"]) == (0.5, 1.0, 0.0)
    coarse = score_spans([(gold, found)], coarse=True)
    assert (coarse["LOC"]["f"], coarse["all"]["n"]) == (1.0, 2)
