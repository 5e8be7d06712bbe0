"""The documentation says what the program does."""

import subprocess
import sys
from pathlib import Path

from dealfacts.records import Article, Deal, Fact, Reject

ROOT = Path(__file__).resolve().parent.parent


def test_docs_commands_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/build_docs.py"), "--check"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_docs_describe_every_key_of_the_contract() -> None:
    text = (ROOT / "docs/records.md").read_text(encoding="utf-8")
    for model in (Article, Fact, Deal, Reject):
        missing = [key for key in model.model_fields if key not in text]
        assert missing == [], model.__name__


def test_docs_readme_names_only_make_targets_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("make "):
            target = line.split()[1]
            assert f"\n{target}:" in makefile or f"\n.PHONY: {target}" in makefile, line
