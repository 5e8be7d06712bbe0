"""Placeholders: put in, checked, written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealfacts.translation.masking import Item, Masked, mask, tidy_tags

TEXT = "Nvidia steekt 5 miljard euro in OpenAI en 3 in X"
ITEMS = [
    Item(0, 6, "e", "Nvidia"),
    Item(14, 28, "n", "€5 billion"),
    Item(32, 38, "e", "OpenAI"),
    Item(42, 43, "n", "three"),
]


def test_mask_numbers_each_kind_in_source_order() -> None:
    masked = mask(TEXT, ITEMS, tags=True)
    assert masked.text == "<e0> steekt <n0> in <e1> en <n1> in X"
    assert masked.tokens == ("<e0>", "<n0>", "<e1>", "<n1>")
    assert masked.english == ("Nvidia", "€5 billion", "OpenAI", "three")


def test_mask_without_placeholders_writes_the_english_form() -> None:
    masked = mask(TEXT, ITEMS, tags=False)
    assert masked.text == "Nvidia steekt €5 billion in OpenAI en three in X"
    assert not masked.has_tags


@pytest.mark.parametrize(("tags", "expect"), [(True, "x <n0> y"), (False, "x €5 million y")])
def test_mask_sets_a_figure_apart_from_words_it_stands_against(tags: bool, expect: str) -> None:
    assert mask("x5 mln.euroy", [Item(1, 11, "n", "€5 million")], tags=tags).text == expect


def test_mask_refuses_more_items_than_placeholders() -> None:
    text = " ".join("9" * 11)
    with pytest.raises(ValueError, match="more than 10"):
        mask(text, [Item(i * 2, i * 2 + 1, "n", "9") for i in range(11)], tags=True)


@pytest.mark.parametrize(
    ("output", "expect"),
    [
        ("<e0> puts <n0> into <e1> and <n1>", {}),
        ("<e0> puts <n0> into <e1>", {"<n1>": -1}),
        ("<e0> puts <n0> <n0> into <e1> and <n1>", {"<n0>": 1}),
        ("<e0> puts <n0> into <e1> and <n1> <n7>", {"<n7>": 1}),
        ("", {"<e0>": -1, "<n0>": -1, "<e1>": -1, "<n1>": -1}),
    ],
)
def test_excess_counts_lost_repeated_and_foreign_placeholders(output: str, expect: dict[str, int]) -> None:
    assert dict(mask(TEXT, ITEMS, tags=True).excess(output)) == expect


@pytest.mark.parametrize(
    ("output", "expect"),
    [
        ("It pays $5 billion and 5%", {}),
        ("It pays $5 billion and 5 percent", {"5%": -1}),
        ("It pays $5 billion, US$5 billion, 15% and 5.5%", {"5%": -1}),
        ("It pays $5 billion and $5 billion and 5%", {"$5 billion": 1}),
    ],
)
def test_excess_of_plain_english_forms_counts_whole_words(output: str, expect: dict[str, int]) -> None:
    items = [Item(0, 3, "n", "$5 billion"), Item(7, 8, "n", "5%")]
    assert dict(mask("vvv en w", items, tags=False).excess(output)) == expect


def test_plain_english_forms_that_stand_in_the_rest_of_the_source_too_are_expected_there() -> None:
    masked = mask("Channel 5 wint 5", [Item(15, 16, "n", "5")], tags=False)
    assert not masked.excess("Channel 5 wins 5")
    assert masked.excess("Channel wins 5") == {"5": -1}


@pytest.mark.parametrize(
    ("output", "english", "expect"),
    [
        ("The company buys a <n0> stake.", "8%", "The company buys an 8% stake."),
        ("The company buys an <n0> stake.", "50%", "The company buys a 50% stake."),
        ("It signed a <n0> deal.", "$11 billion", "It signed an $11 billion deal."),
        ("It signed an <n0> deal.", "$110 billion", "It signed a $110 billion deal."),
        ("It closes in the <n0>.", "the second half of 2026", "It closes in the second half of 2026."),
        ("It closes in <n0>.", "the second half of 2026", "It closes in the second half of 2026."),
        ("<n0> companies bid.", "three", "Three companies bid."),
        ("An <n0> offer.", "18 %", "An 18 % offer."),
    ],
)
def test_restore_fits_the_form_to_the_sentence(output: str, english: str, expect: str) -> None:
    assert Masked("x <n0>", ("<n0>",), (english,)).restore(output) == expect


def test_tidy_tags_mends_spaces_inside_and_words_glued_on() -> None:
    assert tidy_tags("a < n0 > b<n1>c<e0>'s <n2><n3>") == "a <n0> b <n1> c <e0>'s <n2> <n3>"


@given(st.text(alphabet="ab <n0>1", max_size=30))
def test_restore_writes_a_value_once_when_nothing_is_in_excess(output: str) -> None:
    masked = Masked("x <n0>", ("<n0>",), ("€7 billion",))
    if not masked.excess(output):
        assert masked.restore(output).count("€7 billion") == 1
