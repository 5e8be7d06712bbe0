"""Names by their shape, and sentences that are English already."""

import pytest

from dealfacts.translation.foreign import is_english
from dealfacts.translation.names import find_names


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        ("nl", "Volgens Philips koopt ASML een belang in Mistral AI.", ["Philips", "ASML", "Mistral AI"]),
        ("nl", "De Nederlandse bank ING groeit in Duitsland.", ["ING", "Duitsland"]),
        ("nl", "Topman Frits van der Berg van Van Lanschot Kempen vertrekt.", ["Frits van der Berg van Van Lanschot Kempen"]),
        ("nl", "Omzet daalt. De omzet van Ahold stijgt.", ["Ahold"]),
        ("nl", "OpenAI groeit. iPhone-maker Apple ook.", ["OpenAI", "iPhone", "Apple"]),
        ("nl", "Berichtgeving van The Wall Street Journal schokt.", ["The Wall Street Journal"]),
        ("nl", "Nvidia’s AI-chips en Nvidia-hardware, van Hart-Scott.", ["Nvidia", "Nvidia", "Hart-Scott"]),
        ("nl", "Critici zeggen dat de Europese markt krimpt.", []),
        ("es", "El Gobierno aprobó la compra de Celsa por Cristian Lay.", ["Celsa", "Cristian Lay"]),
        ("es", "La empresa Amazon Web Services y Procter & Gamble pactan.", ["Amazon Web Services", "Procter & Gamble"]),
        ("es", "Fuentes de Banco de Sabadell lo niegan.", ["Sabadell"]),
        ("es", "La ministra habló. Según ella, nada cambia.", []),
    ],
)  # fmt: skip
def test_find_names_cases(language: str, text: str, expect: list[str]) -> None:
    assert [text[start:end] for start, end in find_names(text, language)] == expect


@pytest.mark.parametrize(
    ("language", "sentence", "expect"),
    [
        ("nl", "We will invest a large amount of money in the company.", True),
        ("nl", "“This is the biggest deal we have ever done,” Huang said.", True),
        ("nl", "Nvidia is een partner van de start-up.", False),
        ("nl", "Over the counter is een begrip in de handel.", False),
        ("nl", "Apple, Google, Amazon en Meta.", False),
        ("nl", "Big Tech en Wall Street.", False),
        ("nl", "Wat was de prijs in die tijd?", False),
        ("es", "The company did not respond to a request for comment.", True),
        ("es", "La empresa no respondió a la solicitud.", False),
        ("es", "El private equity y el venture capital crecen.", False),
        ("es", "No comment.", False),
    ],
)
def test_is_english_cases(language: str, sentence: str, expect: bool) -> None:
    assert is_english(sentence, language) is expect
