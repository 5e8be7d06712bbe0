"""Tables of cases: what agrees, what is one, what stands for whom, who leads what."""

import json
from pathlib import Path
from typing import Any

import pytest

from dealfacts.entities import NameSpan, affiliations, link_names
from dealfacts.entities.clusters import cluster
from dealfacts.entities.consistency import settle

DATA = Path(__file__).parent.parent / "data" / "entities"


def rows(name: Any) -> Any:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [pytest.param(row, id=row["why"]) for row in map(json.loads, lines)]


def spans_of(text: Any, names: Any) -> Any:
    """Place each name where it first stands as a word and no longer name stands."""
    taken: set[int] = set()
    spans = []
    for name, label in sorted(names, key=lambda pair: -len(pair[0])):
        start = text.find(name)
        while start >= 0:
            place = range(start, start + len(name))
            if taken.isdisjoint(place) and not text[place.stop : place.stop + 1].isalpha():
                taken.update(place)
                spans.append(NameSpan(start, place.stop, name, label))
            start = text.find(name, start + 1)
    assert len({span.text for span in spans}) == len({name for name, _ in names})
    return sorted(spans)


@pytest.mark.parametrize("row", rows("settle"))
def test_settle(row: Any) -> None:
    raw = []
    for name, _ in row["raw"]:
        # One mention each: the first that stands by itself.
        raw.append(next(span for span in spans_of(row["text"], row["raw"]) if span.text == name))
    found = settle(row["text"], row["language"], raw)
    assert [[span.text, span.label] for span in found] == row["expect"]
    assert settle(row["text"], row["language"], found) == found


@pytest.mark.parametrize("row", rows("clusters"))
def test_cluster(row: Any) -> None:
    entities = cluster(row["text"], spans_of(row["text"], row["names"]))
    found = {span.text: entity.name for entity in entities for span in entity.spans}
    assert {name: found[name] for name in row["expect"]} == row["expect"]


@pytest.mark.parametrize("row", rows("nominals"))
def test_nominals(row: Any) -> None:
    linked = link_names(row["text"], row["language"], spans_of(row["text"], row["names"]))
    assert [
        [mention.text, mention.value.name, mention.value.kind]
        for mention in linked
        if mention.value.kind != "name"
    ] == row["expect"]
    assert all(row["text"][mention.start : mention.end] == mention.text for mention in linked)


@pytest.mark.parametrize("row", rows("affiliations"))
def test_affiliations(row: Any) -> None:
    linked = link_names(row["text"], row["language"], spans_of(row["text"], row["names"]))
    assert affiliations(row["text"], row["language"], linked) == row["expect"]
