"""Small slips of English: mended where the source does not explain them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealfacts.translation.masking import TAG
from dealfacts.translation.polish import polish


@pytest.mark.parametrize(
    ("source", "output", "expect"),
    [
        ("een aanbod", "a offer and an deal", "an offer and a deal"),
        ("una oferta europea", "an European bid by an university", "a European bid by an university"),
        ("el mayor crédito", "the largest credit credit", "the largest credit"),
        ("bronnen", "the sector's sector's sources", "the sector's sources"),
        ("zeer, zeer groot", "very very large", "very very large"),
        ("hij had gehad", "he had had it", "he had had it"),
        ("nee nee nee", "no so no so no so", "no so no so no so"),
        ("Nvidia-hardware", "<e0> -hardware", "<e0>-hardware"),
        ("AI-chips", "AIchips", "AI chips"),
        ("de bank", "the bank , he said .", "the bank, he said."),
        ("<n0> <n0>", "<n0> <n0>", "<n0> <n0>"),
    ],
)
def test_polish(source: str, output: str, expect: str) -> None:
    assert polish(source, output) == expect


@given(st.text(alphabet="ab <>n0e1,.-'", max_size=40))
def test_placeholders_stay_as_many(output: str) -> None:
    assert TAG.findall(polish("x", output)) == TAG.findall(output)
