import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from scripts.fill_templates import (
    LANGUAGES,
    Filled,
    fill,
    fill_all,
    load_fillers,
    load_templates,
    write_number,
)

FOLDER = Path(__file__).parents[2] / "corpus/templates"


@pytest.fixture(scope="module")
def filled() -> list[Filled]:
    return list(fill_all(FOLDER, per_template=1))


def test_every_template_is_filled_whole(filled: list[Filled]) -> None:
    assert len(filled) == len(load_templates(FOLDER)) > 1200
    for example in filled:
        for text in example.texts.values():
            assert not re.search(
                r"[{}]|\[\[|\]\]|<<|>>|\b(?:de|a) el (?:\w+ )?(?:trimestre|semestre)", text
            ), text


def test_spans_slice_the_text_and_do_not_overlap(filled: list[Filled]) -> None:
    for example in filled:
        for lang in LANGUAGES:
            text, end = example.texts[lang], 0
            for span in example.spans[lang]:
                assert text[span.start : span.end] == span.surface
                assert span.start >= end
                end = span.end
            for start, end in example.triggers[lang]:
                assert text[start:end].strip()


def test_slots_hold_the_same_value_in_every_language(filled: list[Filled]) -> None:
    for example in filled:
        values = [
            {(span.slot, str(span.value)) for span in example.spans[lang] if span.label != "FIXED"}
            for lang in LANGUAGES
        ]
        assert values[0] == values[1] == values[2]


def test_deals_point_at_what_stands_in_the_text(filled: list[Filled]) -> None:
    for example in filled:
        for deal in example.deals:
            fills = [fill for fills in deal["roles"].values() for fill in fills]
            fills += [deal[key] for key in ("amount", "valuation", "stake", "capacity") if deal[key]]
            for entry in [*fills, *deal["dates"].values()]:
                assert all(entry["text"][lang] in example.texts[lang] for lang in LANGUAGES)


def test_filling_is_reproducible() -> None:
    first = [next(iter(fill_all(FOLDER, 1, seed=seed))) for seed in (1, 1, 2)]
    assert first[0] == first[1] != first[2]


@pytest.mark.parametrize(
    ("template", "expect"),
    [
        ("Afronding in {quarter}.", r"Afronding in het (eerste|tweede|derde|vierde) kwartaal van 20\d\d\."),
        ("{half} wordt zwaar.", r"De (eerste|tweede) helft van 20\d\d wordt zwaar\."),
        ("Klaar. {quarter} volgt.", r"Klaar\. Het (eerste|tweede|derde|vierde) kwartaal van 20\d\d volgt\."),
    ],
)
def test_articles_stand_outside_the_span(template: str, expect: Any) -> None:
    row = {"id": "x", "deals": [], "en": template, "nl": template, "es": template}
    example = fill(row, load_fillers(FOLDER), random.Random(4))
    assert re.fullmatch(expect, example.texts["nl"])
    assert not example.spans["nl"][0].surface.lower().startswith(("het", "de "))


def test_spanish_article_melts_into_the_preposition() -> None:
    row = {"id": "x", "deals": [], **dict.fromkeys(LANGUAGES, "a partir de {half}, y no a {quarter}")}
    text = fill(row, load_fillers(FOLDER), random.Random(4)).texts["es"]
    assert re.fullmatch(r"a partir del \w+ semestre de \d+, y no al \w+ trimestre de \d+", text)


def test_a_spanish_billion_is_counted_in_millions(filled: list[Filled]) -> None:
    amounts = [span for example in filled for span in example.spans["es"] if span.label == "MONEY"]
    amounts = [span for span in amounts if "millones" in span.surface]
    assert len(amounts) > 300
    for span in amounts:
        match = re.search(r"[\d.,]+", span.surface)
        assert match
        assert span.value
        digits = match[0].replace(".", "").replace(",", ".")
        assert Decimal(digits) * 10**6 == Decimal(span.value["amount"])


def test_an_unknown_slot_is_an_error() -> None:
    row = {"id": "x", "deals": [], **dict.fromkeys(LANGUAGES, "{colour}")}
    with pytest.raises(ValueError, match="colour"):
        fill(row, load_fillers(FOLDER), random.Random(1))


def test_given_names_are_used() -> None:
    row = {"id": "x", "deals": [], **dict.fromkeys(LANGUAGES, "{acquirer} buys {target}")}
    texts = [
        fill(row, load_fillers(FOLDER), random.Random(n), ["Zzyzx", "Qwxyz"]).texts["en"] for n in range(20)
    ]
    assert any("Zzyzx" in text for text in texts)


@pytest.mark.parametrize(
    ("number", "point", "group", "expect"),
    [("1234567", ",", ".", "1.234.567"), ("0.5", ",", ".", "0,5"), ("1500.25", ".", ",", "1,500.25")],
)
def test_write_number(number: str, point: str, group: str, expect: Any) -> None:
    assert write_number(Decimal(number), {"point": point, "group": group}) == expect
