"""Whatever a model does, every item comes out exactly once, and the quality says what it took."""

# ruff: noqa: ARG001, ARG002, ARG005

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search
from dealfacts.translation.decoding import Decoder, Outcome
from dealfacts.translation.masking import Masked

SOURCE = Masked(
    "<e0> betaalt <n0> voor <e1> , zegt de topman", ("<e0>", "<n0>", "<e1>"), ("Ahold", "€5 billion", "Coop")
)
GOOD = "<e0> pays <n0> for <e1>, its boss says"


def translate(backend: Backend, sentence: Masked = SOURCE) -> Outcome:
    return Decoder(backend).translate([sentence], "nl")[0]


def test_a_good_translation_is_taken_as_it_is(scripted: Any) -> None:
    backend = scripted(lambda source, search, prefix: [GOOD])
    assert translate(backend).text == GOOD
    assert translate(backend).quality == "ok"
    assert len(backend.calls) == 2


def test_a_lost_item_is_found_in_another_hypothesis(scripted: Any) -> None:
    def script(source: str, search: Search, prefix: Pieces) -> list[str]:
        return ["<e0> pays for <e1> , its boss says", GOOD][: search.hypotheses]

    outcome = translate(scripted(script))
    assert (outcome.text, outcome.quality) == (GOOD, "repaired")


def test_a_lost_item_is_forced_where_its_neighbours_say(scripted: Any) -> None:
    def script(source: str, search: Search, prefix: Pieces) -> list[str]:
        if prefix:
            return [" ".join(prefix) + " for <e1> , its boss says"]
        return ["<e0> pays for <e1> , its boss says"]

    backend = scripted(script)
    outcome = translate(backend)
    assert outcome.quality == "repaired"
    assert not SOURCE.excess(outcome.text)
    assert backend.calls[-1][2][-1] == "<n0>"


def test_a_repeated_item_is_forbidden_from_there_on(scripted: Any) -> None:
    def script(source: str, search: Search, prefix: Pieces) -> list[str]:
        if prefix:
            return [" ".join(prefix) + " for <e1> , its boss says"]
        return ["<e0> pays <n0> <n0> for <e1> , its boss says"]

    backend = scripted(script)
    outcome = translate(backend)
    assert (outcome.text, outcome.quality) == (GOOD, "repaired")
    assert set(backend.calls[-1][1].forbidden) == {"<e0>", "<n0>"}


def test_clauses_are_tried_when_the_sentence_fails(scripted: Any) -> None:
    parts = {"<e0> betaalt <n0> voor <e1> ,": "<e0> pays <n0> for <e1>.", "zegt de topman": "Its boss says"}
    backend = scripted(lambda source, search, prefix: [parts.get(source, "nothing of use here at all")])
    outcome = translate(backend)
    assert (outcome.text, outcome.quality) == (GOOD, "repaired")


def test_a_lost_item_is_put_back_by_hand_in_the_end(scripted: Any) -> None:
    outcome = translate(
        scripted(lambda source, search, prefix: ["it pays a lot for its rival , the boss says"])
    )
    assert outcome.quality == "suspect"
    assert [word for word in outcome.text.split() if word.startswith("<")] == ["<e0>", "<n0>", "<e1>"]


def test_a_loop_is_searched_again_with_repetition_forbidden(scripted: Any) -> None:
    def script(source: str, search: Search, prefix: Pieces) -> list[str]:
        return [GOOD if search.no_repeat else "<e0> pays <n0> for <e1> and says and says and says and says"]

    assert translate(scripted(script)).quality == "repaired"


def test_a_copy_of_the_source_is_marked(scripted: Any) -> None:
    sentence = Masked("de raad van bestuur wijst het bod af", (), ())
    outcome = translate(scripted(lambda source, search, prefix: [source]), sentence)
    assert outcome.quality == "suspect"


def test_an_attention_row_decides_where_a_lost_item_goes(scripted: Any) -> None:
    class Looking(scripted):  # type: ignore[misc]
        def generate(self, inputs: Any, language: str, search: Search, prefixes: Any = None) -> Any:
            if prefixes:
                return [[Hypothesis([*prefixes[0], "<e1>", ",", "its", "boss", "says"])]]
            pieces = ["<e0>", "pays", "for", "<e1>", ",", "its", "boss", "says"]
            rows = [[0.0] * len(inputs[0]) for _ in pieces]
            rows[2][inputs[0].index("<n0>")] = 0.9
            return [[Hypothesis(pieces, 0.0, rows)]]

    outcome = translate(Looking(lambda *_: []))
    assert outcome.text.startswith("<e0> pays <n0>")


@pytest.mark.parametrize("placeholders", [True, False])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_items_come_out_exactly_once_from_any_model(placeholders: bool, seed: int, scripted: Any) -> None:
    rng = random.Random(seed)
    words = [
        "the",
        "a",
        ",",
        ";",
        "and",
        "<n0>",
        "<n1>",
        "<e0>",
        "<n9>",
        "$5",
        "$5 billion",
        "5%",
        "billion",
        ".",
    ]

    def script(source: str, search: Search, prefix: list[str]) -> list[str]:
        return [
            " ".join([*prefix, *rng.choices(words, k=rng.randrange(9))]) for _ in range(search.hypotheses)
        ]

    english = ("$5 billion", "5%", "$5 billion", "5")
    tokens = ("<n0>", "<n1>", "<n2>", "<e0>") if placeholders else english
    text = "kost {} en, ja, {} ; of {} bij {} dus".format(*tokens)
    sentence = Masked(text, tokens, english)
    outcome = translate(scripted(script, placeholders), sentence)
    assert not sentence.excess(outcome.text), outcome


@pytest.mark.parametrize(("limit", "expect"), [(None, "ok"), (-1.0, "ok"), (0.5, "suspect")])
def test_a_score_that_the_model_calls_doubtful_makes_the_sentence_suspect(
    limit: float | None, expect: str, scripted: Any
) -> None:
    backend = scripted(lambda source, search, prefix: [GOOD])
    backend.doubtful_below = limit
    assert translate(backend) == Outcome(GOOD, expect)  # type: ignore[arg-type]
