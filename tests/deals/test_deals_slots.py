"""Every entity of an article is a candidate for a side; what it says of each does not depend on look-ups."""

from __future__ import annotations

import numpy as np
import pytest
from named_text import named_article
from stumps import stump

from dealfacts.deals import salience as salience_module
from dealfacts.deals import slots
from dealfacts.deals.events import Event
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.network import NONE
from dealfacts.deals.reading import read_article
from dealfacts.deals.salience import Salience, salience_of
from dealfacts.deals.slots import COLUMNS, open_slots, rank_fillers, slot_of

TEXT = (
    "Acme agreed to buy Zeta. Acme is led by Iota.\n\n"
    "Omega had also looked at Zeta. The deal was announced by Acme."
)
NAMES = ("Acme", "Zeta", "Iota", "Omega")


def salience(text: str = TEXT, names: tuple[str, ...] = NAMES) -> Salience:
    """Read a text; each trigger is an event that puts the first name left of it on A and the rest on T."""
    words = lexicon("en")
    assert words is not None
    reading = read_article(named_article(text, names), "en", words)
    events = []
    for sentence in reading.sentences:
        for trigger in sentence.triggers:
            event = Event(sentence, trigger, 0.9, {"acquisition": 1.0})
            for position in sentence.names:
                mention = sentence.tokens[position].mention
                assert mention is not None
                left = position < trigger.anchor
                event.sides[mention.text] = {"A": 0.8 if left else 0.1, "T": 0.1 if left else 0.7, NONE: 0.1}
            events.append(event)
    return salience_of(reading, events)


def column(found: slots.Slot, name: str) -> dict[str, float]:
    return dict(zip(found.names, found.rows[:, COLUMNS.index(name)].tolist(), strict=True))


def slot(found: Salience, number: int, side: str = "A") -> slots.Slot:
    return slot_of(found, found.events[number], "takeover", side, 1.0)


def test_slots_offer_every_organisation_once() -> None:
    found = salience()
    for _, each in open_slots(found):
        assert sorted(each.names) == sorted(NAMES)
        assert each.rows.shape == (len(NAMES), len(COLUMNS))
        assert np.isfinite(each.rows).all()


@pytest.mark.parametrize(
    ("name", "expect"),
    [
        ("near", {"Acme": 1, "Zeta": 1, "Iota": 0, "Omega": 0}),
        ("namings", {"Acme": 3, "Zeta": 2, "Iota": 1, "Omega": 1}),
        ("sentences back", {"Acme": 99, "Zeta": 99, "Iota": 99, "Omega": 99}),
        ("sentences ahead", {"Acme": 1, "Zeta": 2, "Iota": 1, "Omega": 2}),
        ("first of article", {"Acme": 1, "Zeta": 0, "Iota": 0, "Omega": 0}),
        ("is the other party", {"Acme": 0, "Zeta": 1, "Iota": 0, "Omega": 0}),
    ],
)
def test_slots_describe_candidates_of_the_first_sentence(name: str, expect: dict[str, float]) -> None:
    assert column(slot(salience(), 0), name) == expect


@pytest.mark.parametrize(
    ("name", "expect"),
    [
        ("sentences back", {"Acme": 2, "Zeta": 1, "Iota": 2, "Omega": 1}),
        ("names since", {"Acme": 4, "Zeta": 2, "Iota": 4, "Omega": 2}),
        ("first of paragraph", {"Acme": 0, "Zeta": 0, "Iota": 0, "Omega": 1}),
        ("among latest names", {"Acme": 0, "Zeta": 1, "Iota": 0, "Omega": 1}),
        ("named here", {"Acme": 1, "Zeta": 0, "Iota": 0, "Omega": 0}),
    ],
)
def test_slots_describe_candidates_of_the_last_sentence(name: str, expect: dict[str, float]) -> None:
    found = salience()
    last = len(found.events) - 1
    assert found.events[last].sentence.index == 3
    assert column(slot(found, last), name) == expect


def test_slots_lead_is_over_the_best_other_name() -> None:
    lead = column(slot(salience(), 0), "lead over others")
    assert lead["Acme"] == pytest.approx(0.8 - 0.1)
    assert lead["Zeta"] == pytest.approx(0.1 - 0.8)
    assert lead["Omega"] == pytest.approx(-0.8)


def test_slots_side_does_not_change_how_a_candidate_stands() -> None:
    found = salience()
    first, second = slot(found, 0, "A"), slot(found, 0, "T")
    again = slot(salience(), 0, "T")
    assert (second.rows == again.rows).all()
    for name in ("namings", "offset", "names since", "label"):
        assert column(first, name) == column(second, name)


def test_slots_bound_the_candidates_of_name_heavy_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple(f"Firm{number:03}" for number in range(200))
    text = f"Acme agreed to buy Zeta. {' and '.join(names)} looked on. The deal was announced by Acme."
    found = salience(text, ("Acme", "Zeta", *names))
    assert len(slot(found, 0).names) == len(names) + 2
    monkeypatch.setattr(salience_module, "MAX_CANDIDATES", 10)
    few = slot(salience(text, ("Acme", "Zeta", *names)), 0)
    assert set(few.names) >= {"Acme", "Zeta"}
    assert len(few.names) <= 2 + 2 * salience_module.MIN_CANDIDATES


def test_slots_rank_the_likeliest_first_and_ties_by_name() -> None:
    forest = stump(COLUMNS, "near")
    ranked = rank_fillers(salience(), forest)[0, "takeover", "A"]
    assert [filler.entity for filler in ranked] == ["Acme", "Zeta", "Iota", "Omega"]
    assert [filler.near for filler in ranked] == [True, True, False, False]
    assert rank_fillers(salience("Nothing is told here.", ()), forest) == {}
