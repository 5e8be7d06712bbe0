"""Plain texts: titles, datelines and the lines that are not the story."""

import pytest

from dealfacts.documents import read_plain

STORY = (
    "The harbour company will take a 30 per cent stake in the shipyard, the two said in a joint statement."
)


def marked(text: str) -> dict[str, str]:
    draft = read_plain(text)
    assert draft.text == text
    return {text[part.start : part.end]: part.kind for part in draft.boilerplate}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Log In", "form"),
        ("Forgot password?", "form"),
        ("Privacy Policy", "legal"),
        ("Image | A. Photographer | Agency", "caption"),
        ("Share this article", "share"),
        ("Lees ook: Scheepswerf zoekt partner", "related"),
        ("Foto: ANP", "caption"),
        ("Wachtwoord vergeten?", "form"),
        ("Compartir en Facebook", "share"),
        ("Todos los derechos reservados", "legal"),
    ],
)
def test_plain_marks_boilerplate(line: str, kind: str) -> None:
    assert marked(f"{STORY}\n\n{line}\n\n{STORY}") == {line: kind}


def test_plain_marks_the_strangers_in_a_tail_of_forms() -> None:
    tail = ["Leave your vote", "Log In", "Forgot password?", "Harbour Herald Plus", "Privacy Policy"]
    found = marked("\n".join([STORY] * 6 + tail))
    assert set(found) == set(tail)


def test_plain_marks_captions_said_twice() -> None:
    assert marked(f"{STORY}\n\nThe yard in 1998\nThe yard in 1998\n\n{STORY}") == {
        "The yard in 1998": "caption"
    }


def test_plain_leaves_a_story_alone() -> None:
    assert marked(f"{STORY}\n\n{STORY.replace('shipyard', 'ferry line')}") == {}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Harbour company buys into shipyard\n\n{STORY}", "Harbour company buys into shipyard"),
        (f"# Harbour company buys into shipyard\n\n{STORY}", "Harbour company buys into shipyard"),
        (
            f"Herald\n\nHarbour firm buys into yard\n\nHarbour firm buys into yard\n{STORY}",
            "Harbour firm buys into yard",
        ),
        (f"Introduction\n{STORY}", None),
        (f"date 2026-02-03 Harbour firm buys into yard\n\n{STORY}", "Harbour firm buys into yard"),
        (
            f"Fecha: 3 de febrero de 2026\n\nEl puerto compra el astillero\n\n{STORY}",
            "El puerto compra el astillero",
        ),
        (STORY, None),
    ],
)
def test_plain_finds_the_title(text: str, title: str | None) -> None:
    assert read_plain(text).title == title


def test_plain_believes_front_matter_and_marks_it() -> None:
    text = f'---\ntitle: "Yard sold"\ndate: 2026-02-03\nsource: The Ledger\n---\n{STORY}'
    draft = read_plain(text)
    assert (draft.title, draft.published, draft.source) == ("Yard sold", "2026-02-03", "The Ledger")
    assert [part.kind for part in draft.boilerplate] == ["meta"]
