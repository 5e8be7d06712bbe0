"""Any sequence-to-sequence model of the Hugging Face hub, through transformers on torch (extra `hf`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dealfacts.errors import ModelError
from dealfacts.lang import lang_data, languages
from dealfacts.models import model_digest
from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search

BATCH_TOKENS = 2048


class HuggingFaceBackend(Backend):
    """A Marian, NLLB, M2M-100, mBART or T5 model by hub name or folder.

    Args:
        model: a folder, or a name such as `Helsinki-NLP/opus-mt-nl-en`, fetched on first use.
        threads: torch threads; 0 leaves them as they are.

    Raises:
        ModelError: when the extra is not installed or the model cannot be loaded.
    """

    def __init__(self, model: str, threads: int = 0) -> None:
        try:
            import torch  # noqa: PLC0415 - an extra, and slow
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer  # noqa: PLC0415
        except ImportError as error:
            raise ModelError(
                "hf: models need torch and transformers; run pip install 'dealfacts[hf]'"
            ) from error
        folder = Path(model)
        local = folder.is_dir()
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(model, local_files_only=local)
            self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(model, local_files_only=local)
        except (OSError, ValueError, KeyError, ImportError) as error:
            where = "is the folder complete?" if local else "is the name right, and the hub within reach?"
            raise ModelError(f"hf:{model} cannot be loaded; {where} ({_first_line(error)})") from error
        self._torch = torch
        if threads:
            torch.set_num_threads(threads)
        self._model.eval()
        self.name = folder.name if local else model
        self.digest = model_digest(folder) if local else self._remote_digest(model)
        self._vocabulary: dict[str, int] = self._tokenizer.get_vocab()
        self.has_placeholders = "<n0>" in self._vocabulary
        if (english := self._code("en")) is not None:
            self._tokenizer.tgt_lang = english
        positions = getattr(self._model.config, "max_position_embeddings", None)
        self.max_pieces = (
            min(self.default_max_pieces, int(positions * 0.9)) if positions else self.default_max_pieces
        )

    def _remote_digest(self, model: str) -> str:
        commit = getattr(self._model.config, "_commit_hash", None)
        if commit:
            return hashlib.sha256(f"{model}@{commit}".encode()).hexdigest()
        return hashlib.sha256(
            json.dumps(self._model.config.to_dict(), sort_keys=True, default=str).encode()
        ).hexdigest()

    def covers(self, language: str) -> bool:
        """Tell whether there are codes for the language; what the model was trained on it does not say."""
        return language in languages()

    def _code(self, language: str) -> str | None:
        """Return the first code of a language that the tokenizer knows (`nl`, `nl_XX`, `nld_Latn`)."""
        if not hasattr(self._tokenizer, "src_lang"):
            return None
        # M2M-100 keeps its codes apart from its vocabulary.
        known = {**self._vocabulary, **(getattr(self._tokenizer, "lang_code_to_id", None) or {})}
        codes: list[str] = lang_data(language, "translation.toml")["model_codes"]
        return next((code for code in codes if code in known), None)

    def encode(self, text: str, language: str) -> Pieces:
        """Cut a source sentence into pieces, with whatever marks the tokenizer adds for its language."""
        code = self._code(language)
        if code is not None:
            self._tokenizer.src_lang = code
        ids = self._tokenizer(text, truncation=False)["input_ids"]
        pieces: Pieces = self._tokenizer.convert_ids_to_tokens(ids)
        return pieces

    def encode_target(self, text: str) -> Pieces:
        """Cut English text into pieces, without marks."""
        ids = self._tokenizer(text_target=text, add_special_tokens=False)["input_ids"]
        pieces: Pieces = self._tokenizer.convert_ids_to_tokens(ids)
        return pieces

    def decode(self, pieces: Sequence[str]) -> str:
        """Write pieces as text, without marks."""
        ids = self._tokenizer.convert_tokens_to_ids(list(pieces))
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text.strip()

    def generate(
        self,
        inputs: Sequence[Pieces],
        language: str,  # noqa: ARG002 - the mark is already among the pieces
        search: Search,
        prefixes: Sequence[Pieces] | None = None,
    ) -> list[list[Hypothesis]]:
        """Translate in batches of like length; inputs with prefixes go one by one."""
        found: list[list[Hypothesis]] = [[] for _ in inputs]
        order = sorted(range(len(inputs)), key=lambda i: len(inputs[i]))
        for batch in _batches(order, [len(pieces) for pieces in inputs], single=prefixes is not None):
            prefix = prefixes[batch[0]] if prefixes is not None else []
            for i, hypotheses in zip(
                batch, self._run([inputs[i] for i in batch], search, prefix), strict=True
            ):
                found[i] = hypotheses
        return found

    def _run(self, inputs: list[Pieces], search: Search, prefix: Pieces) -> list[list[Hypothesis]]:
        torch, tokenizer = self._torch, self._tokenizer
        ids = [tokenizer.convert_tokens_to_ids(pieces) for pieces in inputs]
        width = max(map(len, ids))
        pad = tokenizer.pad_token_id
        count = min(search.hypotheses, search.beam)
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=torch.tensor([row + [pad] * (width - len(row)) for row in ids]),
                attention_mask=torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids]),
                num_beams=search.beam,
                num_return_sequences=count,
                no_repeat_ngram_size=search.no_repeat or None,
                bad_words_ids=self._forbidden(search.forbidden),
                max_length=None,
                max_new_tokens=min(3 * width + 20, self._room(len(prefix))),
                do_sample=False,
                **self._start(prefix),
            )
        rows = [tokenizer.convert_ids_to_tokens(row) for row in output.tolist()]
        marks = {*tokenizer.all_special_tokens, *tokenizer.convert_ids_to_tokens(self._english_ids())}
        pieces = [[piece for piece in row if piece not in marks] for row in rows]
        return [[Hypothesis(row) for row in pieces[i * count : (i + 1) * count]] for i in range(len(inputs))]

    def _room(self, used: int) -> int:
        positions = getattr(self._model.config, "max_position_embeddings", None)
        return max(1, positions - used - 2) if positions else 1024

    def _start(self, prefix: Pieces) -> dict[str, Any]:
        forced = next(iter(self._english_ids()), None)
        if not prefix:
            return {"forced_bos_token_id": forced} if forced is not None else {}
        first = [
            self._model.generation_config.decoder_start_token_id or self._model.config.decoder_start_token_id
        ]
        if forced is not None:
            first.append(forced)
        ids = [*first, *self._tokenizer.convert_tokens_to_ids(prefix)]
        return {"decoder_input_ids": self._torch.tensor([ids])}

    def _english_ids(self) -> list[int]:
        """Return the piece that tells a many-to-many model to write English, which it must begin with."""
        code = self._code("en")
        if code is None:
            return []
        codes = getattr(self._tokenizer, "lang_code_to_id", None) or self._vocabulary
        return [int(codes[code])]

    def _forbidden(self, texts: Sequence[str]) -> list[list[int]] | None:
        ids = [self._tokenizer.convert_tokens_to_ids(self.encode_target(text)) for text in texts]
        return [[token for token in row if token is not None] for row in ids] or None


def _batches(order: list[int], lengths: list[int], *, single: bool) -> list[list[int]]:
    """Cut indices sorted by length into batches whose padded size stays in bounds."""
    batches: list[list[int]] = []
    for i in order:
        if batches and not single and lengths[i] * (len(batches[-1]) + 1) <= BATCH_TOKENS:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0]
