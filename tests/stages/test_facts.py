"""The facts stage as the runner sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealfacts.deals import MODELS
from dealfacts.models import MODELS_VARIABLE
from dealfacts.stages.facts import Facts


@pytest.mark.parametrize("changed", MODELS)
def test_another_model_is_another_fingerprint(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts of an earlier run are not taken over when any model that they hang on has changed."""
    for run in ("one", "other"):
        for name in MODELS:
            folder = tmp_path / run / name
            folder.mkdir(parents=True)
            (folder / "weights").write_text(run if name == changed else "same")
    prints = []
    for run in ("one", "other"):
        monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / run))
        prints.append(Facts().fingerprint())
    assert prints[0] != prints[1]
