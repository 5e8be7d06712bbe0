from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin

from dealfacts.errors import InputError
from dealfacts.evaluate.formats import FORMATS, doccano, iob2, labelstudio
from dealfacts.evaluate.gold import GoldArticle, read_gold

GOLD = Path(__file__).parent.parent.parent / "corpus" / "gold"


@st.composite
def articles(draw: st.DrawFn) -> GoldArticle:
    text = draw(st.text("ab é\n.€😀1'", min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [
        (start, end)
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        if text[start:end].strip() == text[start:end]
    ]
    mentions = [
        {"start": s, "end": e, "text": text[s:e], "label": "ORG", "value": {"name": text[s:e]}}
        for s, e in spans
    ]
    deal = {"type": "ipo", "status": "denied", "roles": {"issuer": [["x"]]}, "evidence": [[0, 1]]}
    return GoldArticle.model_validate(
        {
            "id": "a",
            "lang": "nl",
            "text": text,
            "gold": {"labels": ["ORG"], "mentions": mentions, "deals": [deal]},
        }
    )


@pytest.mark.parametrize("name", FORMATS)
@given(article=articles())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_formats_round_trip_any_article(name: str, article: GoldArticle, tmp_path: Path) -> None:
    path = tmp_path / "file"
    FORMATS[name].write([article, article], path)
    assert FORMATS[name].read(path) == [article, article]


@pytest.mark.parametrize("name", FORMATS)
def test_formats_round_trip_our_gold(name: str, tmp_path: Path) -> None:
    gold = read_gold(GOLD / "test" / "es.jsonl")[:20]
    FORMATS[name].write(gold, tmp_path / "file")
    assert FORMATS[name].read(tmp_path / "file") == gold


def test_formats_spacy_file_is_ready_for_training(gold: list[GoldArticle], tmp_path: Path) -> None:
    FORMATS["spacy"].write(gold, tmp_path / "gold.spacy")
    docs = list(DocBin().from_disk(tmp_path / "gold.spacy").get_docs(spacy.blank("xx").vocab))
    assert [(ent.text, ent.label_) for ent in docs[1].ents][:2] == [
        ("Stelvio", "ORG"),
        ("20 miljoen dollar", "MONEY"),
    ]


def test_formats_iob2_tags_tokens(gold: list[GoldArticle], tmp_path: Path) -> None:
    iob2.write(gold[1:2], tmp_path / "gold.iob2")
    rows = [
        line.split("\t")[:2]
        for line in (tmp_path / "gold.iob2").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert rows[:5] == [
        ["Stelvio", "B-ORG"],
        ["haalt", "O"],
        ["20", "B-MONEY"],
        ["miljoen", "I-MONEY"],
        ["dollar", "I-MONEY"],
    ]


def test_formats_iob2_mention_that_begins_inside_is_refused(gold: list[GoldArticle], tmp_path: Path) -> None:
    path = tmp_path / "gold.iob2"
    iob2.write(gold[1:2], path)
    path.write_text(path.read_text(encoding="utf-8").replace("haalt\tO", "haalt\tI-GPE"), encoding="utf-8")
    with pytest.raises(InputError, match="line 4: I-GPE does not follow a B-GPE"):
        iob2.read(path)


def test_formats_label_studio_offsets_of_a_browser_are_understood(tmp_path: Path) -> None:
    region = {"type": "labels", "value": {"start": 3, "end": 6, "text": "Fox", "labels": ["ORG"]}}
    task = {
        "data": {"text": "😀 Fox", "article": {"id": "a", "lang": "en"}},
        "annotations": [{"result": [region]}],
    }
    (tmp_path / "export.json").write_bytes(orjson.dumps([task]))
    (article,) = labelstudio.read(tmp_path / "export.json")
    mention = article.gold.mentions[0]
    assert (mention.start, mention.end, mention.value) == (2, 5, {"name": "Fox"})


def test_formats_doccano_export_with_entities_is_read(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "text": "Fox zwijgt",
        "entities": [{"id": 1, "label": "ORG", "start_offset": 0, "end_offset": 3}],
        "relations": [],
        "article": {"id": "a", "lang": "nl"},
    }
    (tmp_path / "export.jsonl").write_bytes(orjson.dumps(row))
    assert doccano.read(tmp_path / "export.jsonl")[0].gold.mentions[0].text == "Fox"


@pytest.mark.parametrize(
    ("name", "content"),
    [("labelstudio", "{}}"), ("doccano", '{"text": 1}'), ("labelstudio", '[{"data": {}}]')],
)
def test_formats_foreign_file_is_refused_by_name(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="wrong"):
        FORMATS[name].read(tmp_path / "wrong")
