"""Where models are found, and how they are told apart."""

from pathlib import Path
from typing import Any

import pytest

from dealfacts import models
from dealfacts.errors import ModelError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(models.MODELS_VARIABLE, str(tmp_path))
    return tmp_path


def test_find_model_prefers_the_named_folder(folder: Any) -> None:
    (folder / "ner").mkdir()
    (folder / "ner" / "meta.json").write_text("{}")
    assert models.find_model("ner") == folder / "ner"


def test_find_model_passes_over_an_empty_folder(folder: Any) -> None:
    (folder / "nothing-here").mkdir()
    with pytest.raises(ModelError, match="DEALFACTS_MODELS"):
        models.find_model("nothing-here")


@pytest.mark.parametrize("name", ["", "..", "../ner", "/etc", "a/b"])
@pytest.mark.usefixtures("folder")
def test_find_model_refuses_names_that_lead_elsewhere(name: Any) -> None:
    with pytest.raises(ModelError):
        models.find_model(name)


def test_find_model_looks_in_the_repository_when_installed_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(models.MODELS_VARIABLE, raising=False)
    assert next(path.name for path in models.model_folders()) == "_models"


def test_model_digest_follows_names_and_bytes(tmp_path: Path) -> None:
    digests = set()
    for index, (name, content) in enumerate([("a", b"x"), ("b", b"x"), ("a", b"y")]):
        model = tmp_path / str(index)
        model.mkdir()
        (model / name).write_bytes(content)
        (model / ".cache").write_bytes(b"not part of it")
        digests.add(models.model_digest(model))
    assert len(digests) == 3


def test_model_digest_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        models.model_digest(tmp_path)
