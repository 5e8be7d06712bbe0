"""Fetching from a hub that runs inside the test."""

# ruff: noqa: ARG001
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from scripts import fetch_models

from dealfacts.translation import Translator
from dealfacts.translation.manifest import Manifest

NAME = "Helsinki-NLP/opus-mt-nl-en"


class FakeHub:
    """Serves one model folder as the hub does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.revision, self.requests = folder, "r1", []  # type: ignore[var-annotated]
        self.spoiled: set[str] = set()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.requests.append(self.path)
                content = hub.answer(self.path)
                self.send_response(200 if content is not None else 404)
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> bytes | None:
        if path == f"/api/models/{NAME}?blobs=true":
            return json.dumps(
                {"sha": self.revision, "siblings": [self.entry(p) for p in self.folder.iterdir()]}
            ).encode()
        prefix = f"/{NAME}/resolve/{self.revision}/"
        file = self.folder / path.removeprefix(prefix)
        if not path.startswith(prefix) or not file.is_file():
            return None
        return file.read_bytes() + (b"x" if file.name in self.spoiled else b"")

    def entry(self, path: Path) -> dict[str, Any]:
        content = path.read_bytes()
        if path.suffix in {".spm", ".safetensors"}:
            return {"rfilename": path.name, "lfs": {"sha256": hashlib.sha256(content).hexdigest()}}
        blob = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
        return {"rfilename": path.name, "blobId": blob}


@pytest.fixture
def hub(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    hub = FakeHub(checkpoint)
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    yield hub
    hub.server.shutdown()


def test_a_model_is_fetched_converted_and_recorded(
    hub: FakeHub, tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch_models.main(["--output", str(tmp_path), "--models", NAME]) == 0
    manifest = Manifest.read(tmp_path / "opus-mt-nl-en")
    assert manifest.source == f"{NAME}@r1"
    assert (
        manifest.sha256["source.spm"] == hashlib.sha256((checkpoint / "source.spm").read_bytes()).hexdigest()
    )
    monkeypatch.setenv("DEALFACTS_MODELS", str(tmp_path))
    assert Translator().backend("nl").name == "opus-mt-nl-en"
    assert "€5" in Translator()("Het kost 5 euro.", "nl")
    assert [path.name for path in tmp_path.iterdir()] == ["opus-mt-nl-en"]


def test_a_model_of_the_same_revision_is_not_fetched_again(hub: FakeHub, tmp_path: Path) -> None:
    for _ in range(2):
        assert fetch_models.main(["--output", str(tmp_path), "--models", NAME]) == 0
    assert sum("resolve" in path for path in hub.requests) == 5
    hub.revision = "r2"
    assert fetch_models.main(["--output", str(tmp_path), "--models", NAME]) == 0
    assert Manifest.read(tmp_path / "opus-mt-nl-en").source == f"{NAME}@r2"


@pytest.mark.parametrize("name", ["vocab.json", "source.spm"])
def test_a_file_with_another_checksum_is_refused(
    hub: FakeHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    hub.spoiled.add(name)
    assert fetch_models.main(["--output", str(tmp_path), "--models", NAME]) == 1
    assert f"{name} came with another checksum" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_hub_is_said_plainly(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert fetch_models.main(["--output", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "cannot be reached" in said
    assert "HF_ENDPOINT" in said


def test_a_model_that_is_not_there_is_named(
    hub: FakeHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch_models.main(["--output", str(tmp_path), "--models", "Helsinki-NLP/opus-mt-es-en"]) == 1
    assert "404" in capsys.readouterr().err
