"""The generated month and weekday names are what Babel has."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", ["en", "nl", "es"])
def test_cldr_dates_are_fresh(language: str) -> None:
    spec = importlib.util.spec_from_file_location(
        "build_cldr_dates", ROOT / "scripts" / "build_cldr_dates.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    path = ROOT / "pipeline" / "dealfacts" / "lang" / language / "cldr_dates.json"
    assert path.read_bytes() == script.encoded(language)
