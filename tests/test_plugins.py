"""A stage from another package, installed with pip, is found, listed, run and ordered like our own."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import orjson
import pytest

SOURCE = Path(__file__).parent / "toy_package" / "toy_tickers.py"
ENTRY_POINTS = "[dealfacts.stages]\ntickers = toy_tickers:Tickers\n"
ARTICLE = b'{"id":"a","text":"Acme (NASDAQ: ACME) buys Zeta (BME: ZET)."}\n'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the toy package's wheel by hand (no build tool, no network) and install it beside the others."""
    folder = tmp_path_factory.mktemp("toy")
    info = "toy_tickers-1.0.dist-info"
    wheel = folder / "toy_tickers-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("toy_tickers.py", SOURCE.read_text(encoding="utf-8"))
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: toy-tickers\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/entry_points.txt", ENTRY_POINTS)
        archive.writestr(f"{info}/RECORD", "")
    target = folder / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(pip, check=True)
    return target


def dealfacts(site: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from dealfacts.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(command, input=given, capture_output=True, env=environment, check=False)


def test_plugins_run_as_a_filter_with_their_own_options(site: Path) -> None:
    done = dealfacts(site, "tickers", given=ARTICLE)
    assert done.returncode == 0, done.stderr
    assert orjson.loads(done.stdout)["tickers"] == ["ACME", "ZET"]
    assert orjson.loads(dealfacts(site, "tickers", "--exchange", "BME", given=ARTICLE).stdout)["tickers"] == [
        "ZET"
    ]


def test_plugins_are_listed_and_documented(site: Path) -> None:
    assert b"tickers" in dealfacts(site, "stages").stderr
    assert b"keep only those of this exchange" in dealfacts(site, "tickers", "--help").stdout


def test_plugins_run_between_our_own_stages(site: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(ARTICLE)
    out = tmp_path / "out"
    done = dealfacts(site, "run", str(tmp_path / "in.jsonl"), "--out", str(out), "--stages", "detect,tickers")
    assert done.returncode == 0, done.stderr
    assert orjson.loads((out / "tickers.jsonl").read_bytes())["tickers"] == ["ACME", "ZET"]
