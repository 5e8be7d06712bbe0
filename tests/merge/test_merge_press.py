"""The accuracy gate on the synthetic press: a seed that no weight was chosen on."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.merge import b_cubed, pairwise  # noqa: E402
from scripts.build_press import Press  # noqa: E402

from dealfacts.merge import Corpus, merge_corpus  # noqa: E402


def test_press_is_grouped_well() -> None:
    corpus = Corpus()
    truth: dict[str, str] = {}
    for article, told in Press(ROOT / "corpus" / "templates", 11, 120, with_text=False).articles(1200):
        corpus.add_article(article)
        truth |= told
    rows = merge_corpus(corpus).rows
    found = {fact: row["id"] for row in rows for fact in row["fact_ids"]}
    precision, recall, f1 = b_cubed(found, truth)
    assert precision >= 0.98
    assert recall >= 0.94
    assert f1 >= 0.95
    assert pairwise(found, truth)[2] >= 0.93


def test_press_is_the_same_for_the_same_seed() -> None:
    one, two = (list(Press(ROOT / "corpus" / "templates", 3, 20).articles(60)) for _ in range(2))
    assert one == two


def test_scores_of_a_grouping() -> None:
    truth = {"a": "x", "b": "x", "c": "y", "d": "y"}
    assert b_cubed(truth, truth) == (1, 1, 1)
    precision, recall, _ = b_cubed(dict.fromkeys(truth, "all"), truth)
    assert (precision, recall) == (0.5, 1)
    assert pairwise(dict.fromkeys(truth, "all"), truth)[:2] == (2 / 6, 1)
