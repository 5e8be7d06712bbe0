"""The model in the repository: there, small, and read without torch."""

import subprocess
import sys

import pytest

from dealfacts.models import find_model
from dealfacts.translation import Translator
from dealfacts.translation.manifest import Manifest

NAME = "mt-nl-es-en"


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator("shipped")


def test_it_is_small_and_says_what_it_is() -> None:
    folder = find_model(NAME)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 30 * 2**20
    manifest = Manifest.read(folder)
    assert manifest.name == NAME
    assert manifest.languages == ["nl", "es"]
    assert {"nl", "es"} == set(manifest.bleu)
    assert manifest.licence
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize(
    ("language", "text", "expect"),
    [
        (
            "nl",
            "Philips koopt een belang van 12,5 procent voor anderhalf miljard euro.",
            ["12.5%", "€1.5 billion"],
        ),
        ("es", "La empresa invertirá 100.000 millones de dólares el 3 de mayo.", ["$100 billion", "May 3"]),
        (
            "es",
            "El contrato se firmó en Luxemburgo el 9 de septiembre.",
            ["contract", "signed", "September 9"],
        ),
        ("nl", "Het bedrijf heeft de overname aangekondigd.", ["company", "announced"]),
    ],
)
def test_it_translates(language: str, text: str, expect: list[str], translator: Translator) -> None:
    english = translator(text, language)
    assert [form for form in expect if english.count(form) != 1] == []


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from dealfacts.translation import Translator\n"
        "print(Translator('shipped')('Het bod is hoog.', 'nl'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
