"""What a run was made of and what it made: versions, options, digests, counts, seconds."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from dealfacts.documents.corpus import corpus_files, file_name
from dealfacts.jsonl import atomic_output
from dealfacts.run.stored import file_digest

MANIFEST = "manifest.json"
_PACKAGE = Path(__file__).resolve().parent.parent
_LIBRARIES = (
    "ctranslate2",
    "dateparser",
    "duckdb",
    "langdetect",
    "py3langid",
    "pydantic",
    "spacy",
    "trafilatura",
)


@cache
def package_digest() -> str:
    """Return the digest of code and language data: after an upgrade, everything is done again."""
    total = hashlib.sha256()
    files = (
        path for path in _PACKAGE.rglob("*") if path.suffix in {".py", ".toml", ".json", ".txt", ".html"}
    )
    for path in sorted(files):
        total.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file_digest(path))
    return total.hexdigest()


def corpus_digest(corpus: Path) -> str:
    """Return the digest of the names and contents of all files of a corpus."""
    total = hashlib.sha256()
    for path in corpus_files(corpus):
        try:
            content = file_digest(path)
        except OSError:  # ingest says so, and reads the other files
            content = b"unreadable"
        total.update(file_name(corpus, path).encode() + b"\0" + content)
    return total.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of dealfacts, Python and the libraries whose output shows in ours."""
    return {
        "dealfacts": version("dealfacts"),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def output_digests(folder: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """Return size and SHA-256 of each output that is there."""
    return {
        name: {"bytes": path.stat().st_size, "sha256": file_digest(path).hex()}
        for name in names
        if (path := folder / name).is_file()
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of an earlier run; empty when there is none that can be read."""
    try:
        loaded = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, the last file of a run."""
    with atomic_output(folder / MANIFEST) as file:
        file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def still_stands(folder: Path, manifest: dict[str, Any], request: str) -> bool:
    """Say whether an earlier run was asked the same and all it wrote is still there, unchanged."""
    outputs = manifest.get("outputs")
    if manifest.get("request") != request or not outputs:
        return False
    return bool(output_digests(folder, list(outputs)) == outputs)
