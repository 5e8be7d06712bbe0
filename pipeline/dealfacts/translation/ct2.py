"""CTranslate2 models: a folder with `model.bin`, vocabularies and SentencePiece models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from dealfacts.errors import ModelError
from dealfacts.models import model_digest
from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search
from dealfacts.translation.manifest import Manifest

BATCH_TOKENS = 2048
_EOS = "</s>"


class CTranslate2Backend(Backend):
    """A CTranslate2 folder, run without torch.

    Args:
        folder: holds `model.bin`, its vocabularies and `source.spm` with `target.spm`, or one joint
            `spm.model`; `translation.json` (see `Manifest`) says which languages it knows.
        threads: threads for one translation; 0 leaves the choice to CTranslate2.

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
            return ctranslate2.Translator(str(self.folder), device="cpu", intra_threads=self.threads)
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
        if not inputs:
            return []
        longest = max(len(pieces) for pieces in inputs)
        results = self._translator.translate_batch(
            inputs,
            target_prefix=prefixes,
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            beam_size=search.beam,
            num_hypotheses=min(search.hypotheses, search.beam),
            no_repeat_ngram_size=search.no_repeat,
            suppress_sequences=[self._bare(text) for text in search.forbidden] or None,
            max_input_length=0,
            max_decoding_length=min(3 * longest + 20, self.manifest.max_positions - 1),
            return_scores=True,
            return_attention=search.attention,
        )
        return [
            [
                Hypothesis(pieces, score, rows)
                for pieces, score, rows in zip(
                    result.hypotheses,
                    result.scores,
                    result.attention if search.attention else [None] * len(result.hypotheses),
                    strict=True,
                )
            ]
            for result in results
        ]

    def _bare(self, text: str) -> Pieces:
        """Cut text without the space piece in front, so that it is found after any piece."""
        pieces = self.encode_target(text)
        return pieces[1:] if len(pieces) > 1 and pieces[0] == "▁" else pieces
