"""What is protected, and how English writes it."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.quantities import find_quantities, format_value
from dealfacts.records import Money
from dealfacts.translation.masking import mask
from dealfacts.translation.protect import find_items, settle

DAY = datetime.date(2025, 6, 3)


def protected(text: str, language: str, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return [(text[i.start : i.end], i.english) for i in find_items(text, language, DAY, spans)]


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        ("es", "Invertirá hasta 100.000 millones de dólares.", ["$100 billion"]),
        ("nl", "Het kost anderhalf miljard euro.", ["€1.5 billion"]),
        ("es", "Será en el segundo semestre de 2026.", ["the second half of 2026"]),
        ("nl", "Dat is 2,5 mln. euro, of 12,5 procent.", ["€2.5 million", "12.5%"]),
        ("nl", "Drie bedrijven boden.", ["three"]),
        ("nl", "De 1.200 werknemers blijven.", ["1,200"]),
        ("nl", "Zij bouwt 10 gigawatt.", ["10 gigawatts"]),
        ("nl", "De sluiting volgt op 3 mei.", ["May 3"]),
        ("nl", "De sluiting volgde op 3 mei 2024.", ["May 3, 2024"]),
        ("nl", "Dat was in maart vorig jaar.", ["March 2024"]),
        ("es", "El pago será a finales de septiembre.", ["late September"]),
        ("nl", "Op maandag sprak de raad.", ["Monday"]),
        ("es", "Lo dijo el viernes.", ["Friday"]),
        ("nl", "In het derde kwartaal steeg de winst.", ["the third quarter"]),
        ("es", "Abre de 2 a 7 de febrero de 2026.", ["from February 2, 2026 to February 7, 2026"]),
        ("nl", "Het gaat om tientallen miljarden dollars.", ["tens of billions of US dollars"]),
        ("nl", "Hij schudde duizenden handen.", ["thousands"]),
        ("es", "Tardó veintiún meses, el mayor retraso en siete años.", ["21 months", "seven years"]),
        ("nl", "Het duurt een half jaar.", []),
        ("nl", "Zij betaalt 32 miljard peso.", ["32 billion pesos"]),
        ("nl", "Twee keer zo veel als 22,50 euro per aandeel.", ["twice", "€22.50"]),
        ("es", "Vale 1,3 veces más.", ["1.3 times"]),
        ("nl", "Om 15.30 uur begint het.", ["15:30"]),
    ],
)
def test_figures_and_dates_in_english(language: str, text: str, expect: list[str]) -> None:
    assert [english for _, english in protected(text, language)] == expect


@pytest.mark.parametrize("text", ["Dat was vorige week.", "Gisteren zweeg hij.", "Het dubbele."])
def test_words_alone_are_left_to_the_model(text: str) -> None:
    assert protected(text, "nl") == []


def test_names_stay_as_they_are_written_but_for_those_english_has_its_own_word_for() -> None:
    text = "Philips en de Europese Commissie praten in Duitsland en Den Haag."
    names = ("Philips", "Europese Commissie", "Duitsland", "Den Haag")
    assert [english for _, english in protected(text, "nl", names)] == [
        "Philips",
        "European Commission",
        "Germany",
        "The Hague",
    ]


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        ("nl", "De Tweede Kamer en de Hoge Raad zwegen.", ["House of Representatives", "Supreme Court"]),
        ("nl", "Een tweede kamer is er niet.", []),
        ("es", "El Tribunal de Justicia de la Unión Europea", ["Court of Justice of the European Union"]),
    ],
)
def test_names_of_several_words_are_known_in_english(language: str, text: str, expect: list[str]) -> None:
    assert [item.english for item in find_items(text, language) if item.kind == "e"] == expect


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        ("es", "Pagó 29 millones de dólares (cerca de 27 millones de euros).", ["$29 million", "about €27 million"]),
        ("es", "Pagó cerca de 27 millones de euros.", ["€27 million"]),
        ("nl", "Het kost 29 miljoen dollar (ruim 27 miljoen euro).", ["$29 million", "over €27 million"]),
    ],
)  # fmt: skip
def test_a_rough_figure_in_brackets_takes_its_word_along(language: str, text: str, expect: list[str]) -> None:
    assert [item.english for item in find_items(text, language)] == expect


def test_english_has_its_items_too() -> None:
    found = find_items("It paid $29 million (about €27 million) in the United States.", "en")
    assert [item.english for item in found] == ["$29 million", "€27 million", "United States"]


@pytest.mark.parametrize(
    ("name", "expect"), [("LONDEN", "LONDON"), ("Londen", "London"), ("VK", "UK"), ("ASML", "ASML")]
)
def test_names_in_capitals_stay_in_capitals(name: str, expect: str) -> None:
    assert protected(f"{name} zwijgt.", "nl", (name,)) == [(name, expect)]


def test_a_figure_inside_a_name_belongs_to_the_name() -> None:
    assert protected("Zij kijkt naar Channel 5 en 7 anderen.", "nl", ("Channel 5",)) == [
        ("Channel 5", "Channel 5"),
        ("7", "7"),
    ]


def test_a_figure_wins_over_a_guessed_name() -> None:
    text = "Zij kijkt naar iPod 30GB."
    [item] = find_items(text, "nl", DAY, [(15, 24)], names_yield=True)
    assert (text[item.start : item.end], item.kind) == ("30GB", "n")


@pytest.mark.parametrize(
    "output",
    [
        "It will invest $100 billion in it.",
        "It will invest 100 billion dollars in it.",
        "It will invest US$100,000 million in it.",
    ],
)
def test_settle_accepts_another_spelling_of_the_same_value(output: str) -> None:
    text = "Invertirá 100.000 millones de dólares."
    masked = mask(text, find_items(text, "es", DAY), tags=False)
    settled = settle(masked, output)
    assert not masked.excess(settled)
    assert "$100 billion" in settled


def test_settle_leaves_another_value_alone() -> None:
    text = "Invertirá 100.000 millones de dólares."
    masked = mask(text, find_items(text, "es", DAY), tags=False)
    assert settle(masked, "It will invest $100 million.") == "It will invest $100 million."


@settings(deadline=None)
@given(
    amount=st.decimals("0.5", "999", places=1),
    scale=st.sampled_from([10**6, 10**9]),
    currency=st.sampled_from(["EUR", "USD", "GBP", "CHF"]),
    language=st.sampled_from(["nl", "es"]),
)
def test_a_sum_has_the_same_value_in_english(
    amount: Decimal, scale: int, currency: str, language: str
) -> None:
    value = Money(amount=str(amount * scale), currency=currency)
    [item] = find_items(f"x {format_value(value, language)} x", language, DAY)
    [found] = find_quantities(item.english, "en")
    assert isinstance(found.value, Money)
    assert (found.value.amount, found.value.currency) == (value.amount, value.currency)


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        ("nl", "Redactie, 14 april 2025, 18:20", ["April 14, 2025", "18:20"]),
        ("es", "Lo dijo en la noche del martes.", ["Tuesday"]),
        ("es", "El contrato se firmó el viernes 10 de octubre.", ["Friday, October 10"]),
        ("es", "Será en la segunda semana de septiembre.", []),
    ],
)
def test_a_date_with_no_plain_form_gives_what_it_is_made_of(
    language: str, text: str, expect: list[str]
) -> None:
    assert [english for _, english in protected(text, language)] == expect


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        ("nl", "De A320neo vloog.", ["A320neo"]),
        ("nl", "Het werd 2-1.", ["2-1"]),
        ("nl", "Zij haalt een order van 310 miljoen binnen.", ["310 million"]),
        ("nl", "Zij verkocht vorig jaar 214.000 fietsen.", ["214,000"]),
        ("es", "La 3ª edición y la 21.ª fase.", ["3rd", "21st"]),
    ],
)
def test_no_digit_is_left_to_the_model(language: str, text: str, expect: list[str]) -> None:
    assert [english for _, english in protected(text, language)] == expect
