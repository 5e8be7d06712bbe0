"""Measure an exported CTranslate2 model on the measuring sets, and show examples.

    python -m scripts.evaluate_mt OUTPUT/ctranslate2 DATA/dev.jsonl --examples 5

The masked source is translated and every placeholder filled with its English form, as the translate stage
does; BLEU and chrF are sacrebleu's. `--plain` translates the sentences without placeholders instead.
`--stage` gives the plain sentences to the translator that the stage uses, which finds the items by itself and
writes them in its own English form, and counts the sentences in which each of them stands exactly once.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import sentencepiece
from scripts.mt import scoring

from dealfacts.translation import Text, Translator
from dealfacts.translation.manifest import Manifest
from dealfacts.translation.masking import occurrences
from dealfacts.translation.names import find_names
from dealfacts.translation.protect import find_items


def translate(folder: Path, texts: Sequence[str], beam: int | None, threads: int) -> list[str]:
    """Translate masked sentences with an exported model."""
    manifest = Manifest.read(folder)
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spm.model"))
    translator = ctranslate2.Translator(str(folder), inter_threads=1, intra_threads=threads)
    pieces = [[*vocabulary.encode(text, out_type=str), "</s>"] for text in texts]
    results = translator.translate_batch(
        pieces,
        beam_size=beam or manifest.beam,
        repetition_penalty=float(manifest.repetition_penalty),
        max_batch_size=2048,
        batch_type="tokens",
        max_decoding_length=220,
    )
    return [vocabulary.decode(result.hypotheses[0]) for result in results]


def translate_by_stage(folder: Path, rows: Sequence[dict[str, Any]], threads: int) -> list[str]:
    """Translate plain sentences with the protection and repair of the translate stage."""
    texts = [Text(row["plain"], row["lang"]) for row in rows]
    translated = Translator(f"ct2:{folder}", threads=threads).translate(texts)
    return [scoring.plain_quotes(" ".join(sentence.text for sentence in found)) for found in translated]


def share_exact(rows: Sequence[dict[str, Any]], outputs: Sequence[str]) -> float:
    """Return the share of sentences in which every item that was found stands exactly once."""
    return sum(
        _is_exact(row["plain"], row["lang"], output) for row, output in zip(rows, outputs, strict=True)
    ) / len(rows)


def _is_exact(source: str, language: str, output: str) -> bool:
    items = find_items(source, language, names=find_names(source, language), names_yield=True)
    wanted = Counter(scoring.plain_quotes(item.english).removeprefix("the ").lower() for item in items)
    lower = output.lower()
    # An item may be part of another: `2026` of `May 3, 2026`.
    return all(
        occurrences(form, lower) == sum(times * occurrences(form, other) for other, times in wanted.items())
        for form in wanted
    )


def main() -> None:
    """Print scores and examples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--beam", type=int, help="default: what the model's manifest says")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--plain", action="store_true", help="translate without placeholders")
    parser.add_argument("--stage", action="store_true", help="translate as the stage does")
    parser.add_argument("--output", type=Path, help="file for all outputs, JSON lines")
    options = parser.parse_args()
    written: list[dict[str, Any]] = []
    for name, found in scoring.read_sets(options.sets, options.limit).items():
        rows = [{**row, "fill": {}, "source": row["plain"]} for row in found] if options.plain else found
        start = time.monotonic()
        if options.stage:
            rows = [{**row, "fill": {}} for row in found]
            outputs = translate_by_stage(options.model, rows, options.threads)
        else:
            sources = [row["source"] for row in rows]
            outputs = translate(options.model, sources, options.beam, options.threads)
        speed = len(rows) / (time.monotonic() - start)
        print(f"{scoring.score(name, rows, outputs).line()}  {speed:.0f} sentences/s")
        if options.stage:
            print(f"  sentences with every item exactly once: {share_exact(rows, outputs):.2%}")
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
