"""The network reads statements alone as it reads them together, and comes back from bytes as it was."""

from __future__ import annotations

import numpy as np
import pytest

from dealfacts import Article
from dealfacts.deals.features import SentenceView
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.network import (
    REACH,
    SIDES,
    STATUSES,
    Network,
    name_keys,
    offset_of,
    pack,
    statement_keys,
    token_keys,
    type_key,
    unpack,
)
from dealfacts.deals.reading import Reading, Trigger, read_article
from dealfacts.records import Mention, Name

WIDTH, HIDDEN, INNER = 6, 4, 5
TEXT = "Acme bought Zeta last week. In a statement the board said Zeta will be sold to Iota Holding by Acme."


def reading() -> Reading:
    mentions = []
    for name in ("Acme", "Zeta", "Iota Holding"):
        start = TEXT.find(name)
        while start >= 0:
            span = {"start": start, "end": start + len(name), "text": name}
            mentions.append(
                Mention(id=f"{name}{start}", **span, label="ORG", value=Name(name=name), stage="t")
            )
            start = TEXT.find(name, start + 1)
    words = lexicon("en")
    assert words is not None
    ordered = sorted(mentions, key=lambda mention: mention.start)
    return read_article(Article(id="a", text=TEXT, lang="en", mentions=ordered), "en", words)


def statements() -> list[tuple[SentenceView, Trigger]]:
    found = reading()
    views = [SentenceView(found, sentence) for sentence in found.sentences]
    return [(view, trigger) for view in views for trigger in view.sentence.triggers]


def network(*told: tuple[SentenceView, Trigger]) -> Network:
    """A network of random weights that knows the keys of some statements."""
    words: dict[str, int] = {}
    names: dict[str, int] = {}
    for view, trigger in told:
        keys = [key for position in range(len(view.words)) for key in token_keys(view, position)]
        for key in (*keys, *statement_keys(view, trigger), type_key("acquisition")):
            words.setdefault(key, len(words) + 1)
        for position in view.sentence.names:
            for key in name_keys(view, trigger, position):
                names.setdefault(key, len(names) + 1)
    draw = np.random.default_rng(7)
    shapes = {
        "embedding": (len(words) + 1, WIDTH), "name": (len(names) + 1, WIDTH),
        "offset": (2 * REACH + 1, WIDTH), "mark": (2, WIDTH),
        "side inner": (6 * HIDDEN + 2 * WIDTH, INNER), "side inner bias": (INNER,),
        "side": (INNER, len(SIDES)), "side bias": (len(SIDES),),
        "status inner": (4 * HIDDEN + WIDTH, INNER), "status inner bias": (INNER,),
        "status": (INNER, len(STATUSES)), "status bias": (len(STATUSES),),
    }  # fmt: skip
    for direction in ("ahead", "back"):
        shapes[f"{direction} input"] = (WIDTH, 4 * HIDDEN)
        shapes[f"{direction} inner"] = (HIDDEN, 4 * HIDDEN)
        shapes[f"{direction} bias"] = (4 * HIDDEN,)
    weights = {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return Network(words, names, weights)


def test_network_reads_alone_as_together() -> None:
    told = statements()
    assert len({len(view.words) for view, _ in told}) > 1
    trained = network(*told)
    together = trained.read(told)
    for one, read in zip(told, together, strict=True):
        (alone,) = trained.read([one])
        np.testing.assert_allclose(alone.states, read.states, rtol=1e-5)
        np.testing.assert_allclose(alone.summary, read.summary, rtol=1e-5)


def test_network_reads_both_ways() -> None:
    view, trigger = statements()[0]
    trained = network((view, trigger))
    (before,) = trained.read([(view, trigger)])
    last = trained.words[token_keys(view, len(view.words) - 1)[0]]
    trained.weights["embedding"][last] += 1
    view.embedded = None
    (after,) = trained.read([(view, trigger)])
    changed = np.abs(before.states[0] - after.states[0])
    assert changed[:HIDDEN].max() == 0  # ahead, the first token knows nothing of the last
    assert changed[HIDDEN:].max() > 0


def test_network_shares_add_up() -> None:
    view, trigger = statements()[0]
    trained = network((view, trigger))
    (read,) = trained.read([(view, trigger)])
    sides = trained.sides(read, view, trigger, "acquisition", view.sentence.names)
    assert sides.shape == (len(view.sentence.names), len(SIDES))
    assert sides.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert trained.statuses(read, view, trigger, "acquisition").sum() == pytest.approx(1, abs=1e-5)


def test_network_nothing_to_read() -> None:
    assert network(*statements()).read([]) == []


def test_network_places_are_numbered_up_to_a_reach() -> None:
    trigger = Trigger("buy", (20,))
    assert [offset_of(place, trigger) for place in (0, 19, 20, 21, 99)] == [
        0,
        REACH - 1,
        REACH,
        REACH + 1,
        2 * REACH,
    ]


def test_network_comes_back_from_bytes() -> None:
    trained = network(*statements())
    content = pack(trained)
    again = unpack(content)
    assert (again.words, again.names) == (trained.words, trained.names)
    for name, weights in trained.weights.items():
        np.testing.assert_allclose(again.weights[name], weights, rtol=1e-3)
    assert pack(again) == content
