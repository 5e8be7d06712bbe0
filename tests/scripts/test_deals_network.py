"""The network in torch, which is trained, and in numpy, which ships, say the same of a statement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from named_text import figured_article, named_article  # noqa: E402
from scripts.deals_data import Example, GoldDeal  # noqa: E402
from scripts.deals_network import (  # noqa: E402
    IGNORED,
    Reader,
    Statement,
    as_shipped,
    as_trained,
    batch_of,
    statements_of,
    train_network,
)

from dealfacts.deals.events import value_candidates  # noqa: E402
from dealfacts.deals.features import SentenceView  # noqa: E402
from dealfacts.deals.lexicon import lexicon  # noqa: E402
from dealfacts.deals.network import MEANINGS, TYPES, Told, sees, window_of  # noqa: E402
from dealfacts.deals.reading import entity_of, read_article  # noqa: E402
from dealfacts.records import Money  # noqa: E402

TEXT = (
    "Iota Holding sells Zeta. The group said on Monday that Acme pays $5 million. "
    "Acme bought Zeta from Iota Holding. The board approved the takeover. Iota Holding keeps its name."
)


def example() -> Example:
    named = named_article(TEXT, ("Acme", "Zeta", "Iota Holding"))
    figured = figured_article(TEXT, [("$5 million", Money(amount="5000000", currency="USD"))])
    mentions = sorted([*(named.mentions or []), *(figured.mentions or [])], key=lambda each: each.start)
    article = named.model_copy(update={"mentions": mentions})
    roles = {
        "acquirer": [{"Acme"}],
        "target": [{"Zeta"}],
        "seller": [{"Iota Holding"}],
    }
    deal = GoldDeal("acquisition", "completed", roles, evidence=[(0, len(TEXT))], amount={"value": "5000000"})
    return Example(article, [deal])


def test_torch_and_numpy_read_alike() -> None:
    told = example()
    statements = list(statements_of([told]))
    words = {key: row for row, key in enumerate(_keys_of(statements), start=1)}
    names = {
        key: row
        for row, key in enumerate(
            sorted({k for s in statements for each in [*s.names, *s.values] for k in each.keys}), start=1
        )
    }
    torch.manual_seed(3)
    reader = Reader(len(words), len(names), statements[0].sight.states.shape[1]).eval()
    with torch.no_grad():
        reader.embedding.weight[0] = 0
        reader.name.weight[0] = 0
    shipped = as_shipped(reader, words, names)

    found = lexicon("en")
    assert found is not None
    reading = read_article(told.article, "en", found)
    views = [SentenceView(reading, sentence) for sentence in reading.sentences]
    asked = [(view, trigger) for view in views for trigger in view.sentence.triggers]
    reads = shipped.read([(window_of(views, view.sentence.index), trigger) for view, trigger in asked])
    for statement, (view, trigger), read in zip(statements, asked, reads, strict=True):
        with torch.no_grad():
            scores = reader(batch_of([statement], words, names))
        sides, meanings, types, statuses = (each.softmax(1).numpy() for each in scores)
        each = Told(read, view, trigger, "acquisition")
        np.testing.assert_allclose(shipped.statuses([each]), statuses, atol=1e-5)
        np.testing.assert_allclose(shipped.types([(read, view, trigger)]), types, atol=1e-5)
        figures = [place for place in value_candidates(views, view) if sees(read, place[0].sentence.index, 0)]
        np.testing.assert_allclose(shipped.meanings([(each, figures)]), meanings, atol=1e-5)
        places = _asked_places(views, view)
        for expected, place in zip(sides, places, strict=True):
            own = place[0] is view
            answer = shipped.sides([(each, [place[1]])]) if own else shipped.far_sides([(each, [place])])
            np.testing.assert_allclose(answer[0], expected, atol=1e-5)


def test_every_trigger_is_a_statement_of_a_deal_or_of_none() -> None:
    stated = list(statements_of([example()]))
    assert {TYPES[each.type] for each in stated} == {"acquisition"}
    assert {MEANINGS[figure.label] for each in stated for figure in each.values} == {"amount"}
    silent = list(statements_of([replace(example(), deals=[])]))
    assert len(silent) == len(stated)
    assert {(TYPES[each.type], each.status, len(each.names), len(each.values)) for each in silent} == {
        ("none", IGNORED, 0, 0)
    }


def test_network_is_read_back_from_what_ships() -> None:
    statements = list(statements_of([example()])) * 20
    first = train_network(statements)
    again = as_shipped(as_trained(first), first.words, first.names)
    assert again.weights.keys() == first.weights.keys()
    for name, array in again.weights.items():
        np.testing.assert_allclose(array, first.weights[name], err_msg=name, atol=1e-6)


def test_filling_up_changes_nothing() -> None:
    """A statement is read alike alone and beside one with a longer window."""
    short = list(statements_of([example()]))
    extended = replace(example(), article=named_article(f"{TEXT} Acme and Zeta agreed.", ("Acme", "Zeta")))
    longest = max(statements_of([extended]), key=lambda each: len(each.rows))
    assert all(len(each.rows) < len(longest.rows) for each in short)
    network = train_network(short)
    reader = as_trained(network).eval()
    with torch.no_grad():
        alone = reader(batch_of(short, network.words, network.names))
        together = reader(batch_of([*short, longest], network.words, network.names))
    for one, both in zip(alone, together, strict=True):
        np.testing.assert_allclose(both[: len(one)], one, atol=1e-5)


def _keys_of(statements: list[Statement]) -> list[str]:
    return sorted({key for s in statements for keys in [*s.tokens, s.whole] for key in keys})


def _asked_places(views: list[SentenceView], view: SentenceView) -> list[tuple[SentenceView, int]]:
    """The names around a statement in the order of reading: others' only where it does not name them."""

    def entity(other: SentenceView, position: int) -> str:
        mention = other.sentence.tokens[position].mention
        assert mention is not None
        return entity_of(mention)

    here = {entity(view, position) for position in view.sentence.names}
    return [
        (stretch.view, position)
        for stretch in window_of(views, view.sentence.index)
        for position in stretch.view.sentence.names
        if stretch.view is view or entity(stretch.view, position) not in here
    ]
