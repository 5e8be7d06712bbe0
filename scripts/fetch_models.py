"""Fetch Helsinki-NLP's opus-mt models from the model hub and convert them for CTranslate2.

    python scripts/fetch_models.py [--output models] [--models NAME ...]

Needs neither torch nor transformers. Every file is checked against the checksum that the hub declares
for it, and the checksums and the revision are recorded in the model's `translation.json`; a later fetch
of the same revision must give the same bytes. Exits 1, and says what to do, where the hub cannot be
reached. The hub is https://huggingface.co or what `HF_ENDPOINT` names; `HF_TOKEN` is sent when it is set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dealfacts.errors import ModelError
from dealfacts.translation.convert import convert_marian
from dealfacts.translation.manifest import Manifest

REPOSITORY = Path(__file__).resolve().parents[1]
FILES = ("config.json", "vocab.json", "source.spm", "target.spm")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
TIMEOUT_S = 30
CHUNK = 2**20


@dataclass(frozen=True)
class Source:
    """A model of the hub: which language it reads, and its published BLEU on FLORES-200 devtest."""

    name: str
    language: str
    bleu: str
    licence: str = "Apache-2.0"


SOURCES = (
    Source("Helsinki-NLP/opus-mt-nl-en", "nl", "29.2"),
    Source("Helsinki-NLP/opus-mt-es-en", "es", "27.6"),
)


class Hub:
    """The model hub's files, over HTTP.

    Args:
        endpoint: its address.
    """

    def __init__(self, endpoint: str) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise ModelError(f"HF_ENDPOINT must be a web address, not {endpoint!r}")
        self._endpoint = endpoint.rstrip("/")

    def describe(self, name: str) -> tuple[str, dict[str, dict[str, Any]]]:
        """Return the current revision of a model and what the hub says about each of its files."""
        with self._open(f"/api/models/{name}?blobs=true") as answer:
            described = json.load(answer)
        return described["sha"], {entry["rfilename"]: entry for entry in described["siblings"]}

    def download(self, name: str, revision: str, file: str, target: Path, declared: dict[str, Any]) -> str:
        """Download a file, check it against what the hub declares, and return its SHA-256.

        Raises:
            ModelError: when it is not what the hub says it is.
        """
        sha256 = hashlib.sha256()
        with self._open(f"/{name}/resolve/{revision}/{file}") as answer, target.open("wb") as out:
            while chunk := answer.read(CHUNK):
                sha256.update(chunk)
                out.write(chunk)
        wanted = (declared.get("lfs") or {}).get("sha256")
        if wanted is not None:
            matches = wanted == sha256.hexdigest()
        else:
            # Small files are declared by their git blob id.
            content = target.read_bytes()
            blob = hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False)
            matches = declared.get("blobId") in {None, blob.hexdigest()}
        if not matches:
            raise ModelError(f"{name}/{file} came with another checksum than the hub declares; fetch again")
        return sha256.hexdigest()

    def _open(self, path: str) -> Any:
        request = urllib.request.Request(self._endpoint + path)  # noqa: S310 - the scheme is checked above
        if token := os.environ.get("HF_TOKEN"):
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        try:
            return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
        except urllib.error.HTTPError as error:
            raise ModelError(f"{self._endpoint}{path} answers {error.code} {error.reason}") from error
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise ModelError(
                f"the model hub at {self._endpoint} cannot be reached ({reason}). Run this where there is a "
                "network, set HF_ENDPOINT to a mirror, or copy the folders models/opus-mt-* from a machine "
                "that has them; until then dealfacts uses the models it ships"
            ) from error


def fetch(source: Source, output: Path, hub: Hub) -> tuple[Path, bool]:
    """Fetch and convert one model.

    Returns:
        Its folder, and whether anything had to be done: a model of the current revision stays.

    Raises:
        ModelError: when the hub cannot be reached, a file is missing or is not what it should be.
    """
    folder = output / source.name.rsplit("/", 1)[-1]
    revision, files = hub.describe(source.name)
    origin = f"{source.name}@{revision}"
    before = Manifest.read(folder) if folder.is_dir() else None
    if before is not None and before.source == origin:
        return folder, False
    weights = next((name for name in WEIGHTS if name in files), None)
    if missing := [name for name in FILES if name not in files] or ([] if weights else list(WEIGHTS)):
        raise ModelError(f"{source.name} on the hub has no {', '.join(missing)}; it is no Marian model")
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".fetch-") as scratch:
        checksums = {
            name: hub.download(source.name, revision, name, Path(scratch) / name, files[name])
            for name in (*FILES, str(weights))
        }
        manifest = Manifest(
            name=folder.name,
            languages=[source.language],
            bleu={source.language: source.bleu},
            source=origin,
            licence=source.licence,
            sha256=checksums,
        )
        convert_marian(Path(scratch), folder, manifest)
    return folder, True


def main(arguments: Iterable[str] | None = None) -> int:
    """Fetch the models asked for; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=REPOSITORY / "models", help="folder of models")
    names = [source.name for source in SOURCES]
    parser.add_argument(
        "--models", nargs="+", choices=names, default=names, metavar="NAME", help="which ones"
    )
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        hub = Hub(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
        for source in SOURCES:
            if source.name in options.models:
                folder, is_new = fetch(source, options.output, hub)
                print(f"{folder}: {'fetched and converted' if is_new else 'up to date'}", file=sys.stderr)
    except ModelError as error:
        print(f"fetch_models: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
