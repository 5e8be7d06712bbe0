"""Web pages: the story is found, the rest is marked, nothing is cut."""

import pytest

from dealfacts.documents import read_html
from dealfacts.errors import InputError

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lindemeer buys rival | The Ledger</title>
<meta property="og:title" content="Lindemeer buys rival"><meta property="og:site_name" content="The Ledger">
<meta property="article:published_time" content="2026-02-03T08:00:00Z"><script>var x = "menu";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/markets">Markets</a></li></ul></nav>
<article><h1>Lindemeer buys rival</h1>
<figure><img src="a.jpg"><figcaption>The brewery in Ghent. Photo: A. Peeters</figcaption></figure>
<p>Brewer Lindemeer has agreed to buy its <b>Ghent rival</b> Oude Gracht for €12 million, the firms said on Tuesday.</p>
<div class="share-buttons"><a>Facebook</a> <a>WhatsApp</a></div>
<p>The sale should close before the summer, once the works councils of both companies have given their views.</p>
<p>Lindemeer employs 240 people and had sales of €61 million last year; Oude Gracht is about a fifth of its size.</p>
</article>
<form><label>E-mail</label><input><button>Subscribe to our newsletter</button></form>
<footer>© 2026 The Ledger. Privacy policy</footer></body></html>"""


def story(page: str) -> list[str]:
    draft = read_html(page)
    marked = {(part.start, part.end) for part in draft.boilerplate}
    offset, kept = 0, []
    for block in draft.text.split("\n\n"):
        if (offset, offset + len(block)) not in marked:
            kept.append(block)
        offset += len(block) + 2
    return kept


def test_html_story_is_what_is_not_marked() -> None:
    assert story(PAGE) == [
        "Lindemeer buys rival",
        "Brewer Lindemeer has agreed to buy its Ghent rival Oude Gracht for €12 million, the firms said on Tuesday.",
        "The sale should close before the summer, once the works councils of both companies have given their views.",
        "Lindemeer employs 240 people and had sales of €61 million last year; Oude Gracht is about a fifth of its size.",
    ]


def test_html_keeps_all_visible_text_and_nothing_invisible() -> None:
    text = read_html(PAGE).text
    for visible in ("Home", "Photo: A. Peeters", "WhatsApp", "Subscribe to our newsletter", "Privacy policy"):
        assert visible in text
    assert "var x" not in text


def test_html_kinds_of_boilerplate() -> None:
    draft = read_html(PAGE)
    kinds = {draft.text[part.start : part.end]: part.kind for part in draft.boilerplate}
    assert kinds["Home"] == "menu"
    assert kinds["Subscribe to our newsletter"] == "form"
    assert kinds["The brewery in Ghent. Photo: A. Peeters"] == "caption"


def test_html_metadata() -> None:
    draft = read_html(PAGE)
    assert (draft.title, draft.published, draft.published_from) == (
        "Lindemeer buys rival",
        "2026-02-03",
        "meta",
    )
    assert draft.source == "The Ledger"


def test_html_takes_the_date_of_its_address_when_it_has_none() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2026-02-03T08:00:00Z">', "")
    page = page.replace("© 2026", "©")
    draft = read_html(page, url="https://ledger.example/2026/02/04/lindemeer")
    assert (draft.published, draft.published_from) in (("2026-02-04", "url"), ("2026-02-04", "meta"))


@pytest.mark.parametrize(
    "page", ["<html></html>", "<p></p>", "<html><body><nav>Home Markets</nav></body></html>"]
)
def test_html_without_text_is_an_error(page: str) -> None:
    with pytest.raises(InputError):
        read_html(page)
