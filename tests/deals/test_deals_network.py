"""The network reads statements alone as together, with their surroundings, and comes back from bytes as it was."""

from __future__ import annotations

import numpy as np
import pytest
from named_text import figured_article, named_article

from dealfacts.deals.encoder import load_encoder
from dealfacts.deals.events import value_candidates
from dealfacts.deals.features import SentenceView
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.network import (
    DISTANCES,
    HEADLINE,
    MAX_AROUND,
    MEANINGS,
    NAME_KEYS,
    NEXT,
    OWN,
    REACH,
    SIDES,
    STATUSES,
    TYPES,
    Network,
    Told,
    Window,
    distances_of,
    far_name_keys,
    marks_of,
    name_keys,
    offsets_of,
    pack,
    sees,
    start_of,
    statement_keys,
    token_keys,
    type_key,
    unpack,
    value_keys,
    window_of,
)
from dealfacts.deals.reading import Reading, Trigger, read_article
from dealfacts.deals.syntax import load_parser
from dealfacts.records import Money

WIDTH, HIDDEN, INNER = 6, 4, 5
TEXT = "Acme bought Zeta last week. In a statement the board said Zeta will be sold to Iota Holding by Acme."


def reading() -> Reading:
    words = lexicon("en")
    assert words is not None
    return read_article(named_article(TEXT, ("Acme", "Zeta", "Iota Holding")), "en", words)


def views_of(found: Reading) -> list[SentenceView]:
    return [SentenceView(found, sentence) for sentence in found.sentences]


def own_view(window: Window) -> SentenceView:
    return next(stretch.view for stretch in window if stretch.distance == OWN)


def statements() -> list[tuple[Window, Trigger]]:
    views = views_of(reading())
    return [
        (window_of(views, index), trigger)
        for index, view in enumerate(views)
        for trigger in view.sentence.triggers
    ]


def network(*told: tuple[Window, Trigger]) -> Network:
    """A network of random weights that knows the keys of some statements."""
    words: dict[str, int] = {}
    names: dict[str, int] = {}
    for window, trigger in told:
        keys = [
            key for each in window for place in range(each.length) for key in token_keys(each.view, place)
        ]
        for key in (*keys, *statement_keys(own_view(window), trigger), type_key("acquisition")):
            words.setdefault(key, len(words) + 1)
        for each in window:
            for position in each.view.sentence.names:
                known = (
                    name_keys(each.view, trigger, position)
                    if each.distance == OWN
                    else far_name_keys(each.view, trigger, position, each.distance)
                )
                for key in known:
                    names.setdefault(key, len(names) + 1)
    draw = np.random.default_rng(7)
    shapes = {
        "embedding": (len(words) + 1, WIDTH), "name": (len(names) + 1, WIDTH),
        "offset": (2 * REACH + 1, WIDTH), "mark": (2, WIDTH), "distance": (DISTANCES, WIDTH),
        "states": (load_parser().width + load_encoder().width, WIDTH), "states bias": (WIDTH,),
        "side inner": (6 * HIDDEN + 2 * WIDTH, INNER), "side inner bias": (INNER,),
        "side": (INNER, len(SIDES)), "side bias": (len(SIDES),),
        "status inner": (4 * HIDDEN + WIDTH, INNER), "status inner bias": (INNER,),
        "status": (INNER, len(STATUSES)), "status bias": (len(STATUSES),),
        "type inner": (4 * HIDDEN + WIDTH, INNER), "type inner bias": (INNER,),
        "type": (INNER, len(TYPES)), "type bias": (len(TYPES),),
        "meaning inner": (6 * HIDDEN + 2 * WIDTH, INNER), "meaning inner bias": (INNER,),
        "meaning": (INNER, len(MEANINGS)), "meaning bias": (len(MEANINGS),),
    }  # fmt: skip
    for direction in ("ahead", "back"):
        shapes[f"{direction} input"] = (WIDTH, 4 * HIDDEN)
        shapes[f"{direction} inner"] = (HIDDEN, 4 * HIDDEN)
        shapes[f"{direction} bias"] = (4 * HIDDEN,)
    weights = {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return Network(words, names, weights)


def test_network_reads_alone_as_together() -> None:
    told = statements()
    trained = network(*told)
    together = trained.read(told)
    assert len({len(read.states) for read in together}) == 1  # both windows hold both sentences
    (short,) = trained.read([([stretch for stretch in told[0][0] if stretch.distance == OWN], told[0][1])])
    (first, again) = trained.read([([told[0][0][0]], told[0][1]), told[-1]])
    np.testing.assert_allclose(first.states, short.states, rtol=1e-5)
    np.testing.assert_allclose(again.states, together[-1].states, rtol=1e-5)
    np.testing.assert_allclose(again.summary, together[-1].summary, rtol=1e-5)


def test_network_reads_both_ways_and_the_next_sentence() -> None:
    window, trigger = statements()[0]
    assert [stretch.distance for stretch in window] == [OWN, NEXT]
    trained = network((window, trigger))
    (before,) = trained.read([(window, trigger)])
    view = window[-1].view
    last = trained.words[token_keys(view, len(view.words) - 2)[0]]  # "Acme" closes both sentences
    trained.weights["embedding"][last] += 1
    for stretch in window:
        stretch.view.embedded = None
    (after,) = trained.read([(window, trigger)])
    middle = start_of(window, NEXT) - 1
    changed = np.abs(before.states[middle] - after.states[middle])
    assert changed[HIDDEN:].max() > 0  # behind, what follows is known


def test_network_shares_add_up() -> None:
    window, trigger = statements()[0]
    view, other = own_view(window), window[-1].view
    trained = network((window, trigger))
    (read,) = trained.read([(window, trigger)])
    told = Told(read, view, trigger, "acquisition")
    sides = trained.sides([(told, view.sentence.names)])
    assert sides.shape == (len(view.sentence.names), len(SIDES))
    assert sides.sum(axis=1) == pytest.approx(1, abs=1e-5)
    far = [(other, position) for position in other.sentence.names]
    assert all(sees(read, place.sentence.index, position) for place, position in far)
    shares = trained.far_sides([(told, far)])
    assert shares.shape == (len(far), len(SIDES))
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert trained.statuses([told]).sum() == pytest.approx(1, abs=1e-5)
    types = trained.types([(read, view, trigger)])
    assert types.shape == (1, len(TYPES))
    assert types.sum() == pytest.approx(1, abs=1e-5)


def test_network_tells_figures_apart_by_their_size() -> None:
    text = "Acme bought Zeta for $5 million, it said. A year ago it paid $7 for Iota."
    money = [
        ("$5 million", Money(amount="5000000", currency="USD")),
        ("$7", Money(amount="7", currency="USD")),
    ]
    words = lexicon("en")
    assert words is not None
    views = views_of(read_article(figured_article(text, money), "en", words))
    trigger = views[0].sentence.triggers[0]
    window = window_of(views, 0)
    large, small = list(value_candidates(views, views[0]))
    keys = [value_keys(views[0], trigger, "acquisition", *place) for place in (large, small)]
    assert len(set(keys[0]) & set(keys[1])) < len(keys[0]) <= NAME_KEYS
    trained = network((window, trigger))
    trained.names = dict.fromkeys(set(keys[0]) - set(keys[1]), 1)
    trained.weights["name"] = np.array([np.zeros(WIDTH), np.ones(WIDTH)], dtype=np.float32)
    (read,) = trained.read([(window, trigger)])
    told = Told(read, views[0], trigger, "acquisition")
    together = trained.meanings([(told, [large, small])])
    assert together.shape == (2, len(MEANINGS))
    np.testing.assert_allclose(together[1:], trained.meanings([(told, [small])]), rtol=1e-5)
    trained.names = {}
    unsized = trained.meanings([(told, [large, small])])
    assert np.abs(unsized[0] - together[0]).max() > 1e-3
    np.testing.assert_allclose(unsized[1], together[1], rtol=1e-5)


def test_network_answers_alone_as_together() -> None:
    told = statements()
    trained = network(*told)
    reads = trained.read(told)
    asked = [
        Told(read, own_view(window), trigger, "acquisition")
        for read, (window, trigger) in zip(reads, told, strict=True)
    ]
    names = [(each, each.view.sentence.names) for each in asked]
    alone = [trained.sides([each]) for each in names]
    np.testing.assert_allclose(trained.sides(names), np.concatenate(alone), rtol=1e-5)
    np.testing.assert_allclose(
        trained.statuses(asked), np.concatenate([trained.statuses([each]) for each in asked]), rtol=1e-5
    )
    assert trained.far_sides([(asked[0], [])]).shape == (0, len(SIDES))
    assert trained.meanings([(asked[0], [])]).shape == (0, len(MEANINGS))
    assert trained.types([]).shape == (0, len(TYPES))


def test_network_nothing_to_read() -> None:
    assert network(*statements()).read([]) == []


def many_sentences(count: int, words: int) -> list[SentenceView]:
    text = " ".join(f"Acme bought {'parts ' * words}number {number}." for number in range(count))
    found = lexicon("en")
    assert found is not None
    return views_of(read_article(named_article(text, ()), "en", found))


def test_window_holds_the_headline_two_sentences_before_and_the_next() -> None:
    views = many_sentences(7, words=2)
    seen = {
        index: [(stretch.distance, stretch.view.sentence.index) for stretch in window_of(views, index)]
        for index in (0, 2, 4, 6)
    }
    assert seen == {
        0: [(OWN, 0), (NEXT, 1)],
        2: [(2, 0), (1, 1), (OWN, 2), (NEXT, 3)],
        4: [(HEADLINE, 0), (2, 2), (1, 3), (OWN, 4), (NEXT, 5)],
        6: [(HEADLINE, 0), (2, 4), (1, 5), (OWN, 6)],
    }


def test_window_numbers_its_tokens() -> None:
    views = many_sentences(3, words=70)
    window = window_of(views, 1)
    trigger = views[1].sentence.triggers[0]
    offsets, marks, distances = offsets_of(window, trigger), marks_of(window, trigger), distances_of(window)
    assert len(offsets) == len(marks) == len(distances) == sum(stretch.length for stretch in window)
    assert [distances.count(distance) for distance in (1, NEXT)] == [MAX_AROUND, MAX_AROUND]
    anchor = start_of(window) + trigger.anchor
    assert anchor == MAX_AROUND + trigger.anchor
    assert [offsets[place] for place in (0, anchor - 1, anchor, anchor + 1, len(offsets) - 1)] == [
        0, REACH - 1, REACH, REACH + 1, 2 * REACH,
    ]  # fmt: skip
    assert [place for place, mark in enumerate(marks) if mark] == [
        start_of(window) + token for token in trigger.tokens
    ]


def test_network_sees_what_is_in_the_window_only() -> None:
    views = many_sentences(9, words=70)
    told = [(window_of(views, 5), views[5].sentence.triggers[0])]
    (read,) = network(*told).read(told)
    assert sees(read, 0, 0)
    assert sees(read, 6, MAX_AROUND - 1)
    assert not sees(read, 6, MAX_AROUND)
    assert not sees(read, 2, 0)
    assert not sees(read, 7, 0)


def test_network_comes_back_from_bytes() -> None:
    trained = network(*statements())
    content = pack(trained)
    again = unpack(content)
    assert (again.words, again.names) == (trained.words, trained.names)
    for name, weights in trained.weights.items():
        np.testing.assert_allclose(again.weights[name], weights, rtol=1e-3)
    assert pack(again) == content
