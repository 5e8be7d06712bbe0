"""Signs of a translation gone wrong."""

import pytest

from dealfacts.translation.guard import faults, invents_figures, loops

SOURCE = "De raad van bestuur heeft het bod van de concurrent unaniem afgewezen"


@pytest.mark.parametrize(
    ("source", "output", "expect"),
    [
        (SOURCE, "The board has unanimously rejected the offer of its rival", []),
        (SOURCE, "", ["empty"]),
        (SOURCE, "...", ["empty"]),
        ("!!!", "...", []),
        (SOURCE, "The board of the board of the board of the board of the rival", ["loop"]),
        (SOURCE, "The The The The board rejected the offer of its rival", ["loop"]),
        (SOURCE, "The board rejected the offer of its Banananananananans rival", ["loop"]),
        (SOURCE, "The board of its rival has, the board of its rival has rejected it", ["loop"]),
        (SOURCE, SOURCE, ["copy"]),
        (SOURCE, "De raad van bestuur has het bod unaniem afgewezen", ["copy"]),
        (SOURCE, "The board", ["length"]),
        (SOURCE, " ".join(f"word{i}" for i in range(60)), ["length"]),
        ("Nee, nee, nee, nee, zei hij toen", "No, no, no, no, he said then", []),
        ("Foto: Jan de Vries", "Photo: Jan de Vries", []),
        ("Royal Dutch Shell, Unilever, Philips en ING", "Royal Dutch Shell, Unilever, Philips and ING", []),
        ("Mooi", "Beautiful", []),
        ("Mooi", "Beautiful and good and nice and well and so on and more", ["length"]),
        (SOURCE, "The board ⁇ has unanimously rejected the offer of its rival", ["unknown"]),
        (SOURCE, "The board \ufffd has unanimously rejected the offer of its rival", ["unknown"]),
    ],
)
def test_faults(source: str, output: str, expect: list[str]) -> None:
    assert faults(source, output) == expect


def test_loops_counts_repeats_in_a_row() -> None:
    assert loops(["a", "b", "a", "b", "a", "b"]) == 3
    assert loops(["a", "b", "c"]) == 1
    assert loops([]) == 1


@pytest.mark.parametrize(
    ("source", "output", "expect"),
    [
        ("<e0> betaalt veel", "<e0> pays $5 million", True),
        ("<e0> betaalt <n0>", "<e0> pays <n0>", False),
        ("<e0> betaalt 5 <n0>", "<e0> pays 6 <n0>", False),
    ],
)
def test_figures_that_the_source_does_not_have_are_invented(source: str, output: str, expect: bool) -> None:
    assert invents_figures(source, output) is expect
