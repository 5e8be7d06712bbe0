"""Measure an exported CTranslate2 model on the measuring sets, and show examples.

    python -m scripts.evaluate_mt OUTPUT/ctranslate2 DATA/dev.jsonl --examples 5

The masked source is translated and every placeholder filled with its English form, as the translate stage
does; BLEU and chrF are sacrebleu's. `--plain` translates the sentences without placeholders instead.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import sentencepiece
from scripts.mt import scoring


def translate(folder: Path, texts: Sequence[str], beam: int, threads: int) -> list[str]:
    """Translate masked sentences with an exported model."""
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spm.model"))
    translator = ctranslate2.Translator(str(folder), inter_threads=1, intra_threads=threads)
    pieces = [[*vocabulary.encode(text, out_type=str), "</s>"] for text in texts]
    results = translator.translate_batch(
        pieces, beam_size=beam, max_batch_size=2048, batch_type="tokens", max_decoding_length=220
    )
    return [vocabulary.decode(result.hypotheses[0]) for result in results]


def main() -> None:
    """Print scores and examples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--plain", action="store_true", help="translate without placeholders")
    parser.add_argument("--output", type=Path, help="file for all outputs, JSON lines")
    options = parser.parse_args()
    written: list[dict[str, Any]] = []
    for name, found in scoring.read_sets(options.sets, options.limit).items():
        rows = [{**row, "fill": {}, "source": row["plain"]} for row in found] if options.plain else found
        start = time.monotonic()
        outputs = translate(options.model, [row["source"] for row in rows], options.beam, options.threads)
        speed = len(rows) / (time.monotonic() - start)
        print(f"{scoring.score(name, rows, outputs).line()}  {speed:.0f} sentences/s")
        for row, output in zip(rows, outputs, strict=True):
            written.append(
                {"set": name, "source": row["plain"], "output": scoring.fill_back(output, row["fill"])}
            )
            written[-1]["reference"] = row["english"]
        for row in written[-len(rows) :: max(1, len(rows) // max(1, options.examples))][: options.examples]:
            print(
                "  source    ",
                row["source"],
                "\n  output    ",
                row["output"],
                "\n  reference ",
                row["reference"],
            )
    if options.output:
        lines = (json.dumps(row, ensure_ascii=False) for row in written)
        options.output.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
