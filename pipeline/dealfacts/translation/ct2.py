"""CTranslate2 models: a folder with `model.bin`, vocabularies and SentencePiece models."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from dealfacts.errors import ModelError
from dealfacts.models import model_digest
from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search
from dealfacts.translation.manifest import Manifest

BATCH_TOKENS = 2048
MAX_THREADS = 8
_EOS = "</s>"


class CTranslate2Backend(Backend):
    """A CTranslate2 folder, run without torch.

    Args:
        folder: holds `model.bin`, its vocabularies and `source.spm` with `target.spm`, or one joint
            `spm.model`; `translation.json` (see `Manifest`) says which languages it knows.
        threads: sentences translated at a time; 0 means one for each core.

    Raises:
        ModelError: when a file is missing or cannot be read.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        if not (folder / "model.bin").is_file():
            raise ModelError(
                f"{folder} is no CTranslate2 model: model.bin is missing; name the folder itself"
            )
        self.manifest = Manifest.read(folder)
        self.folder, self.threads = folder, threads
        self.name = self.manifest.name
        self.digest = model_digest(folder)
        self.max_pieces = self.manifest.max_pieces or self.default_max_pieces
        self.beam = self.manifest.beam
        doubtful = self.manifest.doubtful_below
        self.doubtful_below = float(doubtful) if doubtful is not None else None

    def covers(self, language: str) -> bool:
        """Tell whether the manifest names the language; without a list the caller knows best."""
        return not self.manifest.languages or language in self.manifest.languages

    @cached_property
    def has_placeholders(self) -> bool:  # type: ignore[override]
        """Look `<n0>` up in the vocabulary."""
        processor = self._source
        return bool(processor.piece_to_id("<n0>") != processor.unk_id())

    @cached_property
    def _source(self) -> Any:
        return self._processor("source")

    @cached_property
    def _target(self) -> Any:
        return self._processor("target")

    def _processor(self, side: str) -> Any:
        import sentencepiece  # noqa: PLC0415 - only when a model is used

        for name in (f"{side}.spm", "spm.model", "sentencepiece.model"):
            if (self.folder / name).is_file():
                try:
                    return sentencepiece.SentencePieceProcessor(model_file=str(self.folder / name))
                except (OSError, RuntimeError) as error:
                    raise ModelError(f"{self.folder / name} cannot be read: {error}") from error
        raise ModelError(
            f"{self.folder} has no SentencePiece model: put {side}.spm or spm.model beside model.bin"
        )

    @cached_property
    def _adds_eos(self) -> bool:
        config = self.folder / "config.json"
        return config.is_file() and bool(json.loads(config.read_bytes()).get("add_source_eos"))

    @cached_property
    def _translator(self) -> Any:
        import ctranslate2  # noqa: PLC0415 - takes a second

        try:
            return ctranslate2.Translator(
                str(self.folder),
                device="cpu",
                inter_threads=_threads(self.threads),
                intra_threads=1,
                max_queued_batches=-1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{self.folder} cannot be loaded: {error}") from error

    def encode(self, text: str, language: str) -> Pieces:
        """Cut a source sentence into pieces, with the model's mark for the language first."""
        pieces: Pieces = self._source.encode(text, out_type=str)
        pieces = [*self.manifest.prefix.get(language, ()), *pieces]
        return pieces if self._adds_eos else [*pieces, _EOS]

    def encode_target(self, text: str) -> Pieces:
        """Cut English text into pieces."""
        pieces: Pieces = self._target.encode(text, out_type=str)
        return pieces

    def decode(self, pieces: Sequence[str]) -> str:
        """Write pieces as text."""
        text: str = self._target.decode([piece for piece in pieces if piece not in {_EOS, "<pad>"}])
        return text

    def generate(
        self,
        inputs: Sequence[Pieces],
        language: str,  # noqa: ARG002 - the mark is already among the pieces
        search: Search,
        prefixes: Sequence[Pieces] | None = None,
    ) -> list[list[Hypothesis]]:
        """Translate in batches of like length; nothing is cut off on the way in."""
        # Only inputs of one length share a batch: without padding a sentence comes out the same, to the
        # last bit, whatever else is translated with it.
        groups: dict[tuple[int, int], list[int]] = {}
        for i, pieces in enumerate(inputs):
            prefix_length = len(prefixes[i]) if prefixes is not None else 0
            groups.setdefault((len(pieces), prefix_length), []).append(i)
        found: list[list[Hypothesis]] = [[] for _ in inputs]
        running = [
            (i, result)
            for (length, _), members in sorted(groups.items(), reverse=True)
            for i, result in zip(members, self._start(members, inputs, length, search, prefixes), strict=True)
        ]
        for i, result in running:
            found[i] = _hypotheses(result.result(), search)
        return found

    def _start(
        self,
        members: Sequence[int],
        inputs: Sequence[Pieces],
        length: int,
        search: Search,
        prefixes: Sequence[Pieces] | None,
    ) -> Any:
        """Hand inputs of one length to the translator's threads and return at once."""
        return self._translator.translate_batch(
            [inputs[i] for i in members],
            target_prefix=[prefixes[i] for i in members] if prefixes is not None else None,
            max_batch_size=max(1, BATCH_TOKENS // max(1, length)),
            asynchronous=True,
            beam_size=search.beam,
            num_hypotheses=min(search.hypotheses, search.beam),
            no_repeat_ngram_size=search.no_repeat,
            repetition_penalty=float(self.manifest.repetition_penalty),
            suppress_sequences=[self._bare(text) for text in search.forbidden] or None,
            max_input_length=0,
            max_decoding_length=min(3 * length + 20, self.manifest.max_positions - 1),
            return_scores=True,
            return_attention=search.attention,
        )

    def _bare(self, text: str) -> Pieces:
        """Cut text without the space piece in front, so that it is found after any piece."""
        pieces = self.encode_target(text)
        return pieces[1:] if len(pieces) > 1 and pieces[0] == "▁" else pieces


def _hypotheses(result: Any, search: Search) -> list[Hypothesis]:
    rows = result.attention if search.attention else [None] * len(result.hypotheses)
    return [
        Hypothesis(pieces, score, attention)
        for pieces, score, attention in zip(result.hypotheses, result.scores, rows, strict=True)
    ]


def _threads(wanted: int) -> int:
    """Return how many threads to use: all cores when left open, but one in a worker among others."""
    if wanted:
        return wanted
    return 1 if multiprocessing.parent_process() is not None else min(MAX_THREADS, os.cpu_count() or 1)
