import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.errors import InputError
from dealfacts.merge import (
    Decision,
    Settings,
    load_memory,
    make_decisions,
    merge_corpus,
    merge_with_memory,
    read_corpus,
    save_memory,
)
from dealfacts.merge import resolve as resolve_module
from dealfacts.merge.evidence import score_pair

Plain = dict[str, Any]
Told = tuple[list[Plain], dict[str, str]]


@given(st.randoms(use_true_random=False), st.integers(0, 300))
@settings(max_examples=8, deadline=None)
def test_memory_gives_the_table_of_a_full_run(told_stories: Told, rng: random.Random, new: int) -> None:
    articles = list(told_stories[0])
    rng.shuffle(articles)
    yesterday = merge_corpus(read_corpus(articles[new:])).memory()
    full = merge_corpus(read_corpus(articles))
    grown = merge_corpus(read_corpus(articles), memory=yesterday)
    assert grown.rows == full.rows
    assert grown.memory() == full.memory()


@given(st.randoms(use_true_random=False))
@settings(max_examples=4, deadline=None)
def test_memory_holds_where_only_neighbours_are_compared(told_stories: Told, rng: random.Random) -> None:
    narrow = Settings(bucket_all_pairs=3, bucket_window=2, part_all_pairs=4)
    articles = list(told_stories[0])
    rng.shuffle(articles)
    yesterday = merge_corpus(read_corpus(articles[40:]), settings=narrow).memory()
    full = merge_corpus(read_corpus(articles), settings=narrow)
    assert merge_corpus(read_corpus(articles), settings=narrow, memory=yesterday).rows == full.rows


def test_memory_spares_work(told_stories: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = told_stories[0]
    yesterday = merge_corpus(read_corpus(articles[:-3])).memory()
    calls = 0

    def counted(*args: Any) -> float:
        nonlocal calls
        calls += 1
        return score_pair(*args)

    monkeypatch.setattr(resolve_module, "score_pair", counted)
    merge_corpus(read_corpus(articles))
    full, calls = calls, 0
    merge_corpus(read_corpus(articles), memory=yesterday)
    assert calls < full / 10


def test_memory_forgets_articles_that_are_gone_or_changed(told_stories: Told) -> None:
    articles = list(told_stories[0])
    yesterday = merge_corpus(read_corpus(articles)).memory()
    changed = articles[0] | {"published": "2020-01-01"}
    today = [changed, *articles[2:]]
    assert merge_corpus(read_corpus(today), memory=yesterday).rows == merge_corpus(read_corpus(today)).rows


def test_memory_of_other_decisions_or_settings_is_not_used(article: Callable[..., Plain]) -> None:
    roles = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}
    articles = [article(f"a{n}", {"id": f"f-{n}", "roles": roles}) for n in range(3)]
    yesterday = merge_corpus(read_corpus(articles)).memory()
    apart = make_decisions([Decision(decision="not_same", facts=["f-0", "f-1"])])
    assert len(merge_corpus(read_corpus(articles), memory=yesterday).rows) == 1
    assert len(merge_corpus(read_corpus(articles), apart, memory=yesterday).rows) == 2


def test_memory_is_kept_in_a_file(tmp_path: Path, told_stories: Told) -> None:
    path = tmp_path / "merge.memory"
    assert load_memory(path) is None
    memory = merge_corpus(read_corpus(told_stories[0][:60])).memory()
    save_memory(path, memory)
    assert load_memory(path) == memory
    grown = merge_with_memory(told_stories[0], path)
    assert grown.rows == merge_corpus(read_corpus(told_stories[0])).rows
    assert load_memory(path) == grown.memory()
    path.write_bytes(b"no memory")
    with pytest.raises(InputError, match="not a memory"):
        load_memory(path)
