from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from dealfacts.jsonl import read_records
from dealfacts.records import Article

CORPUS = Path(__file__).parent.parent.parent / "corpus"
SAMPLE = CORPUS / "sample"


def test_sample_has_every_kind_of_file() -> None:
    kinds = {"".join(file.suffixes) for file in SAMPLE.rglob("*") if file.is_file()}
    assert {".txt", ".md", ".html", ".jsonl", ".jsonl.gz", ".jsonl.zst"} <= kinds


def test_sample_has_as_many_articles_as_its_readme_says() -> None:
    packed = [article for file in sorted(SAMPLE.glob("*.jsonl*")) for article in read_records(file, Article)]
    single = [file for folder in ("en", "nl", "es") for file in (SAMPLE / folder).iterdir()]
    stated = re.search(r"(\d+) articles to try", (CORPUS / "README.md").read_text(encoding="utf-8"))
    assert stated is not None
    assert len(packed) + len(single) == int(stated[1]) >= 36
    languages = Counter(file.parent.name for file in single) + Counter(
        match[1] for article in packed if (match := re.search(r"-(en|nl|es)$", article.id))
    )
    assert min(languages.values()) >= 10


def test_sample_ids_are_unique() -> None:
    ids = [article.id for file in SAMPLE.glob("*.jsonl*") for article in read_records(file, Article)]
    assert len(ids) == len(set(ids))
