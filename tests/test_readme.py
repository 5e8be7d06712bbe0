"""The README's example is what the program really does."""

import re
from pathlib import Path

from dealfacts import Article, load
from dealfacts.merge import merge

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def test_readme_example_gives_the_deal_it_shows() -> None:
    dutch, english = re.findall(r"(?:in  |   )\s+\d+ \w+ 2026\s+(.+)", README)
    articles = [
        Article(id="1", published="2026-02-03", text=dutch),
        Article(id="2", published="2026-01-27", text=english),
    ]
    for stage in ("detect", "extract", "dates", "facts"):
        articles = list(load(stage).pipe(articles))
    (deal,) = merge(articles)
    assert (deal.type, deal.status, deal.n_articles, deal.languages) == (
        "acquisition",
        "announced",
        2,
        ["en", "nl"],
    )
    assert {role: [party.name for party in parties] for role, parties in deal.roles.items()} == {
        "acquirer": ["Heijmans"],
        "target": ["Van Wanrooij"],
    }
    assert deal.amount is not None
    assert (deal.amount.amount, deal.amount.currency, deal.amount.modifier) == (
        "275000000",
        "EUR",
        "more_than",
    )
    assert deal.dates["announced"].timex == "2026-02-03"
    first = deal.status_history[0]
    assert (first.status, first.date) == ("rumoured", "2026-01-27")
