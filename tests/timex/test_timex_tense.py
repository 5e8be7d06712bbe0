"""Tense read off the words around a date."""

import pytest

from dealfacts.timex.language import timex_language


@pytest.mark.parametrize(
    ("language", "text", "sign"),
    [
        ("en", "The deal was signed in *March*.", -1),
        ("en", "The deal will be signed in *March*.", 1),
        ("en", "It is expected to be completed in *March*.", 1),
        ("en", "It is said to have been completed in *March*.", -1),
        ("en", "Announced in January, it will close in *March*.", 1),
        ("en", "Since *March* it has been closed.", -1),
        ("en", "*March*", 1),
        ("nl", "De deal wordt in *maart* afgerond.", 1),
        ("nl", "De deal werd in *maart* afgerond.", -1),
        ("nl", "Het bedrijf kocht in *maart* een rivaal.", -1),
        ("es", "La operación se cerrará en *marzo*.", 1),
        ("es", "La operación se cerró en *marzo*.", -1),
        ("es", "Había anunciado la operación en *marzo*.", -1),
        ("es", "El cierre está previsto para *marzo*.", 1),
    ],
)
def test_direction(language: str, text: str, sign: int) -> None:
    before, date, after = text.split("*")
    direction = timex_language(language).tense.direction(
        before + date + after, len(before), len(before) + len(date)
    )
    assert (direction > 0) - (direction < 0) == sign


def test_quarters_are_past_beside_results() -> None:
    tense = timex_language("en").tense
    text = "It will publish the results of the fourth quarter"
    start = text.index("the fourth")
    assert (
        tense.direction(text, start, len(text), reported=True) < 0 < tense.direction(text, start, len(text))
    )
