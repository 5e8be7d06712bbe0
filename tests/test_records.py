"""The record contract: what is kept, what is refused, and what the JSON looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dealfacts.records import Article, Mention, Money, Percent, Timex, canonical_decimal, content_id


@pytest.mark.parametrize(
    ("given_text", "expect"),
    [
        ("1.50E+9", "1500000000"),
        ("12.50", "12.5"),
        ("0.0", "0"),
        ("100", "100"),
        ("-3.10", "-3.1"),
        ("007", "7"),
    ],
)
def test_records_decimal_is_canonical(given_text: str, expect: str) -> None:
    assert canonical_decimal(given_text) == expect


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1,5"])
def test_records_decimal_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        canonical_decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_records_decimal_keeps_the_value(number: object) -> None:
    from decimal import Decimal

    assert Decimal(canonical_decimal(str(number))) == Decimal(str(number))


def test_records_unknown_keys_survive() -> None:
    record = {"id": "a", "text": "t", "desk": "economy", "mentions": []}
    assert Article.model_validate(record).model_dump(mode="json") == record


def test_records_write_a_key_only_once_a_stage_set_it() -> None:
    article = Article(id="a", text="t")
    assert article.model_dump() == {"id": "a", "text": "t"}
    article.lang = None
    assert article.model_dump() == {"id": "a", "text": "t", "lang": None}


def test_records_id_comes_first() -> None:
    assert next(iter(Article.model_validate({"text": "t", "url": "u", "id": "a"}).model_dump())) == "id"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"amount": "5", "currency": "EUR", "modifier": "exact", "min": None, "max": None}, Money),
        ({"percent": "5", "modifier": "exact"}, Percent),
        ({"type": "DATE", "timex": "2025-09"}, Timex),
    ],
)
def test_records_tell_values_apart_by_their_keys(value: dict[str, object], kind: type) -> None:
    mention = {"id": "m1", "start": 0, "end": 1, "text": "t", "label": "MONEY", "value": value, "stage": "x"}
    assert isinstance(Mention.model_validate(mention).value, kind)


@pytest.mark.parametrize(
    "change",
    [{"label": "MONEYS"}, {"start": -1}, {"value": {"amount": 1.5, "currency": "EUR"}}, {"value": {"a": 1}}],
)
def test_records_refuse_what_breaks_the_contract(change: dict[str, object]) -> None:
    mention = {"id": "m1", "start": 0, "end": 1, "text": "t", "label": "MONEY", "stage": "x", **change}
    with pytest.raises(ValidationError):
        Mention.model_validate(mention)


def test_records_content_ids_depend_on_every_part() -> None:
    assert content_id("f", "a", "b") == content_id("f", "a", "b")
    assert (
        len(
            {
                content_id("f", "a", "b"),
                content_id("f", "b", "a"),
                content_id("f", "ab"),
                content_id("d", "a", "b"),
            }
        )
        == 4
    )
