import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from scripts.mt import corpora
from scripts.mt.corpora import Pair
from scripts.mt.placeholders import mask

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize(
    ("source", "target", "expect"),
    [
        ("De winst steeg.", "Profit rose.", True),
        ("Zie http://a.nl", "See http://a.nl", False),
        ("Hetzelfde", "Hetzelfde", False),
        ("Een", "One two three four five six seven eight", False),
        ("1.2.3.4 5 6 7 8", "numbers 1.2.3.4 5 6 7 8", False),
        (" ".join(["woord"] * 80), " ".join(["word"] * 80), False),
    ],
)
def test_is_clean(source: str, target: str, expect: Any) -> None:
    assert corpora.is_clean(source, target) is expect


def test_read_found_drops_doubles_and_groups(tmp_path: Path) -> None:
    for name, lines in {
        "news-nl-en.tsv.xz": ["conll-news\tDe winst steeg.\tProfit rose."],
        "nl-en.tsv.xz": [
            "tatoeba\tDe winst steeg!\tProfit rose!",
            "msdocs-smb\tKies een item.\tChoose an item.",
        ],
    }.items():
        with lzma.open(tmp_path / name, "wt", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
    assert [(p.group, p.source) for p in corpora.read_found(tmp_path, "nl")] == [
        ("news", "De winst steeg."),
        ("docs", "Kies een item."),
    ]


def test_articles_are_masked_from_their_annotation() -> None:
    rows = [pair for _, pair in corpora.read_articles(CORPUS / "parallel") if pair.lang == "es"]
    texts = [mask(pair.source, pair.target, pair.items) for pair in rows]
    assert len(texts) > 1500
    for source, target in texts:
        tokens = [token for token in ("<n0>", "<e0>", "<n1>") if token in source]
        assert all(source.count(token) == target.count(token) == 1 for token in tokens)
    assert sum("<n0>" in source for source, _ in texts) > 600
    assert sum("<e0>" in source for source, _ in texts) > 600


def test_prose_rows_are_two_pairs_each(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("It rains.\tHet regent.\tLlueve.\n", "utf-8")
    pairs = list(corpora.read_prose(tmp_path))
    assert [(p.lang, p.source, p.target) for p in pairs] == [
        ("nl", "Het regent.", "It rains."),
        ("es", "Llueve.", "It rains."),
    ]
    (tmp_path / "b.tsv").write_text("It rains.\tHet regent.\n", "utf-8")
    with pytest.raises(ValueError, match=r"b\.tsv, row 1: 2 fields"):
        list(corpora.read_prose(tmp_path))


def test_our_prose_is_clean_and_has_no_sentence_twice() -> None:
    pairs = list(corpora.read_prose(CORPUS / "prose"))
    assert len(pairs) > 2000
    assert [p for p in pairs if not corpora.is_clean(p.source, p.target)] == []
    assert len({(p.lang, p.target.lower()) for p in pairs}) == len(pairs)


def test_about_one_story_in_seven_is_held_back() -> None:
    lines = (line for path in (CORPUS / "parallel").glob("*.jsonl") for line in path.open(encoding="utf-8"))
    articles = map(json.loads, lines)
    stories = {article.get("story") or article["id"] for article in articles}
    share = sum(map(corpora.is_held_back, stories)) / len(stories)
    assert 0.12 < share < 0.17


def test_templates_mask_slots_but_not_countries() -> None:
    pair = next(p for p in corpora.read_templates(CORPUS / "templates", 1, seed=1) if p.items)
    source, target = mask(pair.source, pair.target, pair.items)
    assert "<e0>" in source
    assert "<e0>" in target


def test_closest_prefers_text_like_the_model() -> None:
    pool = [
        Pair("docs", "nl", "a", "click the button to open the dialog"),
        Pair("docs", "nl", "b", "the company reported higher profit this year"),
    ]
    assert corpora.closest(pool, ["the company said profit rose this year"], 1)[0].source == "b"


def test_common_words_are_those_mostly_lower_case() -> None:
    is_common = corpora.common_words(["De man zag de hond", "hij zag de kat", "Philips"])
    assert is_common("De")
    assert not is_common("Philips")
