"""Speed of translation: the same weights in CTranslate2 (int8) and in transformers on torch, in one run.

    python benchmarks/translate.py MARIAN_FOLDER TEXT.txt [--language nl] [--threads 1] [--beam 2]

MARIAN_FOLDER is a checkpoint of transformers (`MarianMTModel`): it is converted on the way. TEXT holds
one source sentence a line. Needs the `hf` extra for the second half of the comparison.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from dealfacts.translation.backends import Backend, Search
from dealfacts.translation.convert import convert_marian
from dealfacts.translation.ct2 import CTranslate2Backend
from dealfacts.translation.huggingface import HuggingFaceBackend
from dealfacts.translation.manifest import Manifest
from dealfacts.translation.translator import Text, Translator


def main() -> None:
    """Print sentences and English pieces a second for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("marian", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--language", default="nl")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--beam", type=int, default=2)
    parser.add_argument("--sentences", type=int, default=500, help="how many lines to translate")
    options = parser.parse_args()
    lines = [line for line in options.text.read_text("utf-8").splitlines() if line.strip()]
    lines = lines[: options.sentences]
    print(f"{len(lines)} sentences, {options.threads} thread(s), beam {options.beam}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / options.marian.name
        convert_marian(options.marian, folder, Manifest(name=options.marian.name))
        fast = CTranslate2Backend(folder, options.threads)
        rate = report("CTranslate2 int8", fast, lines, options.language, options.beam)
        slow = HuggingFaceBackend(str(options.marian), options.threads)
        reference = report("transformers float32", slow, lines, options.language, options.beam)
        print(f"CTranslate2 translates {rate / reference:.1f} times as many sentences a second")
        whole_stage(fast, lines, options.language)


def report(name: str, backend: Backend, lines: Sequence[str], language: str, beam: int) -> float:
    """Time one back end after a short warm-up and print what it does a second; return sentences a second."""
    inputs = [backend.encode(line, language) for line in lines]
    backend.generate(inputs[:8], language, Search(beam=beam))
    started = time.perf_counter()
    found = backend.generate(inputs, language, Search(beam=beam))
    seconds = time.perf_counter() - started
    pieces = sum(len(hypotheses[0].pieces) for hypotheses in found)
    print(f"  {name:22} {len(lines) / seconds:8.1f} sentences/s {pieces / seconds:9.0f} pieces/s")
    return len(lines) / seconds


def whole_stage(backend: Backend, lines: Sequence[str], language: str) -> None:
    """Time all of it: protection, decoding, checks and repair; then once more out of the cache."""
    translator = Translator(backends={language: backend})
    for name in ("with protection", "again, from the cache"):
        started = time.perf_counter()
        [sentences] = translator.translate([Text("\n\n".join(lines), language)])
        seconds = time.perf_counter() - started
        print(f"  {name:22} {len(sentences) / seconds:8.1f} sentences/s")


if __name__ == "__main__":
    main()
