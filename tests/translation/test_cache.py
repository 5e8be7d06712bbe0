"""The cache: shared, keyed by the model, safe with several processes."""

import multiprocessing
from pathlib import Path

import pytest

from dealfacts.errors import ModelError
from dealfacts.translation.cache import TranslationCache


def test_what_is_put_is_got(tmp_path: Path) -> None:
    cache = TranslationCache(tmp_path / "deep" / "cache.sqlite", "model")
    key = cache.key("nl", "Het bod is hoog.")
    assert cache.get([key]) == {}
    cache.put([(key, ("The offer is high.", "ok"))])
    assert cache.get([key]) == {key: ("The offer is high.", "ok")}


def test_another_model_or_language_has_other_keys(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    one, two = TranslationCache(path, "one"), TranslationCache(path, "two")
    assert len({one.key("nl", "a"), two.key("nl", "a"), one.key("es", "a"), one.key("nl", "b")}) == 4


def test_the_first_translation_stays() -> None:
    cache = TranslationCache(None, "model")
    cache.put([(b"k", ("first", "ok"))])
    cache.put([(b"k", ("second", "ok"))])
    assert cache.get([b"k"]) == {b"k": ("first", "ok")}


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"this is no database, but a text that is long enough to look like one" * 20)
    with pytest.raises(ModelError, match=r"cache\.sqlite"):
        TranslationCache(path, "model").get([b"k"])


def _fill(path: Path, worker: int) -> None:
    cache = TranslationCache(path, "model")
    for i in range(100):
        cache.put([(f"{i}".encode(), (f"text {i}", "ok"))])
        cache.put([(f"{worker}-{i}".encode(), (f"text {i}", "ok"))])


def test_several_processes_open_and_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_fill, args=(path, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    keys = [f"{i}".encode() for i in range(100)] + [f"{w}-{i}".encode() for w in range(3) for i in range(100)]
    assert len(TranslationCache(path, "model").get(keys)) == 400


def test_a_connection_does_not_cross_a_fork(tmp_path: Path) -> None:
    cache = TranslationCache(tmp_path / "cache.sqlite", "model")
    cache.put([(b"k", ("text", "ok"))])
    context = multiprocessing.get_context("fork")
    worker = context.Process(target=cache.put, args=([(b"child", ("text", "ok"))],))
    worker.start()
    worker.join(30)
    assert worker.exitcode == 0
    assert set(cache.get([b"k", b"child"])) == {b"k", b"child"}
