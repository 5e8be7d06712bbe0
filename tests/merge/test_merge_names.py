import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dealfacts.merge import merge_corpus, read_corpus
from dealfacts.merge.names import fold, name_form, sound_key

ROWS = "names.jsonl"
Plain = dict[str, Any]


def _entities(row: Plain, article: Callable[..., Plain]) -> dict[tuple[str, str], str]:
    """Let each first name buy each second one, in an article of its own; return (name, kind) -> entity id."""
    articles = []
    for number, (buyer, bought) in enumerate(row["deals"]):
        name, _, label = buyer.partition("@")
        mention = {
            "id": "m1",
            "start": 0,
            "end": len(name),
            "text": name,
            "label": label or "ORG",
            "stage": "x",
        }
        party = {"name": name, "mention_ids": ["m1"]}
        fact = {"roles": {"acquirer": [party], "target": [bought]}}
        articles.append(article(f"a{number}", fact, text=name, mentions=[mention]))
    merged = merge_corpus(read_corpus(articles))
    return {
        (entry.text, entry.kind): merged.entities.ids[merged.entities.entity_of[number]]
        for number, entry in enumerate(merged.corpus.names)
    }


def test_names_who_is_who(row: Plain, article: Callable[..., Plain]) -> None:
    found = _entities(row, article)
    entity = {text: entity_id for (text, _), entity_id in found.items()}
    for a, b in row.get("one", ()):
        assert entity[a] == entity[b], f"{a} and {b} are one"
    for a, b in row.get("two", ()):
        assert entity[a] != entity[b], f"{a} and {b} are two"
    for name in row.get("kinds_apart", ()):
        ids = {entity_id for (text, _), entity_id in found.items() if text == name}
        assert len(ids) == 2


def test_names_do_not_depend_on_the_order_of_facts(row: Plain, article: Callable[..., Plain]) -> None:
    turned = row | {"deals": row["deals"][::-1]}
    assert _entities(row, article) == _entities(turned, article)


@given(st.text(max_size=60))
def test_names_of_any_kind_are_read(text: str) -> None:
    form = name_form(text)
    assert fold(" ".join(form.core)) == form.core
    assert sound_key(form.squashed) == sound_key(form.squashed)


def test_names_short_form_means_whom_it_deals_with(article: Callable[..., Plain]) -> None:
    said = [("Apollo Capital", "Alfa"), ("Apollo Foods", "Beta"), ("Apollo", "Alfa"), ("Apollo", "Beta")]
    sums = {"Alfa": "500 EUR", "Beta": "70 EUR"}
    articles = [
        article(f"a{n}", {"roles": {"acquirer": [buyer], "target": [bought]}, "amount": sums[bought]})
        for n, (buyer, bought) in enumerate(said)
    ]
    rows = merge_corpus(read_corpus(articles)).rows
    parties = sorted([player["name"] for player in itertools.chain(*row["roles"].values())] for row in rows)
    assert parties == [["Apollo Capital", "Alfa"], ["Apollo Foods", "Beta"]]
