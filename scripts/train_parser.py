"""Train the parser of the deal finder on Universal Dependencies treebanks, with names and figures masked.

    python -m scripts.train_parser TREEBANKS OUT [--epochs 10]

Needs torch. Prints unlabelled and labelled attachment scores (without punctuation) on the test parts.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scripts.recurrent_weights import lstm_weights
from scripts.syntax.treebanks import Parsed, read_treebank, texts_of
from scripts.training import rate_at, take_step, weights_of
from torch import nn
from torch.nn import functional

from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.packing import rows_of_keys
from dealfacts.deals.syntax import MOST_TOKENS, ROOT, WEIGHTS, Arcs, Parser, pack, word_keys

TESTS = {
    "en": "UD_English-EWT/en_ewt-ud-test.conllu.xz",
    "nl": "UD_Dutch-LassySmall/nl_lassysmall-ud-test.conllu.xz",
    "es": "UD_Spanish-AnCora/es_ancora-ud-test.conllu.xz",
}
OLDER = "UD_Dutch-LassySmall/nl_lassysmall-ud-train.v2.0pre.history.conllu.xz"
"""Annotated by older conventions; a key of its own lets the parser tell them apart (Stymne et al., 2018)."""
_LANGUAGES = {"English": "en", "Dutch": "nl", "Spanish": "es"}
_WIDTH, _HIDDEN, _ARC, _RELATION = 80, 100, 80, 40
_DROPOUT, _KEY_DROPOUT = 0.3, 0.15
_BATCH, _RATE, _DECAY, _WARMUP = 48, 2.5e-3, 1e-2, 200
_MIN_COUNT = 3
_MASKINGS = 2
"""How often each sentence is there, masked in another way."""
_KEYS = 6


@dataclass(frozen=True)
class Sample:
    """A sentence as keys; its heads count from 1, 0 is the root."""

    keys: list[list[str]]
    heads: list[int]
    relations: list[str]
    punctuation: list[bool]


def main() -> None:
    """Train, report to standard error, write the parser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("treebanks", type=Path)
    parser.add_argument("out", type=Path, help="folder of the model")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 - not for secrets
    held = {language: options.treebanks / path for language, path in TESTS.items()}
    tests = {
        language: [sample_of(each) for each in read_treebank(path, language, draw, set())]
        for language, path in held.items()
    }
    seen = set().union(*(texts_of(path) for path in held.values()))
    samples = [
        sample_of(parsed, older=path == options.treebanks / OLDER)
        for path in sorted(options.treebanks.glob("UD_*/*.conllu*"))
        if path not in held.values()
        for _ in range(_MASKINGS)
        for parsed in read_treebank(path, _language_of(path), draw, seen)
        if len(parsed.words) <= MOST_TOKENS
    ]
    print(f"{len(samples)} sentences", file=sys.stderr, flush=True)
    trained = train(samples, tests, options.epochs, options.seed)
    (options.out / WEIGHTS).write_bytes(pack(trained))


def _language_of(path: Path) -> str:
    return _LANGUAGES[path.parent.name.removeprefix("UD_").split("-")[0]]


def sample_of(parsed: Parsed, *, older: bool = False) -> Sample:
    """Make the training form of a sentence."""
    words = lexicon(parsed.language)
    if words is None:
        raise ValueError(f"no lexicon of {parsed.language}")
    keys = [word_keys(words, word) for word in parsed.words]
    return Sample(
        [[*own, "older"] for own in keys] if older else keys,
        [head + 1 if head != place else 0 for place, head in enumerate(parsed.heads)],
        [ROOT if head == place else parsed.relations[place] for place, head in enumerate(parsed.heads)],
        [relation == "punct" for relation in parsed.relations],
    )


class Biaffine(nn.Module):  # type: ignore[misc,unused-ignore]
    """The parser in torch."""

    def __init__(self, keys: int, relations: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(keys + 1, _WIDTH)
        nn.init.normal_(self.embedding.weight, 0, 0.1)
        self.root = nn.Parameter(torch.randn(_WIDTH) * 0.1)
        self.lstm = nn.LSTM(_WIDTH, _HIDDEN, 2, bidirectional=True, batch_first=True, dropout=_DROPOUT)
        self.arc_head, self.arc_dependent = nn.Linear(2 * _HIDDEN, _ARC), nn.Linear(2 * _HIDDEN, _ARC)
        self.arc = nn.Parameter(torch.zeros(_ARC + 1, _ARC))
        self.relation_head = nn.Linear(2 * _HIDDEN, _RELATION)
        self.relation_dependent = nn.Linear(2 * _HIDDEN, _RELATION)
        self.relation = nn.Parameter(torch.zeros(relations, _RELATION + 1, _RELATION + 1))
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, keys: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return scores of heads, shape (sentences, 1 + tokens, 1 + tokens), and states for `relations`."""
        if self.training:
            keys = keys * (torch.rand(keys.shape) > _KEY_DROPOUT)
        words = self.embedding(keys).sum(2)
        entering = torch.cat([self.root.expand(len(words), 1, -1), words], 1)
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(entering), lengths + 1, batch_first=True, enforce_sorted=False
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        states = self.dropout(states)
        head = self.dropout(functional.relu(self.arc_head(states)))
        dependent = self.dropout(functional.relu(self.arc_dependent(states)))
        scores = _with_one(dependent) @ self.arc @ head.transpose(1, 2)
        outside = torch.arange(states.shape[1])[None, :] > lengths[:, None]
        scores = scores.masked_fill(outside[:, None, :], -1e4)
        return scores.masked_fill(torch.eye(states.shape[1], dtype=torch.bool)[None], -1e4), states

    def relations(self, states: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        """Score the relation of every token to its head: (sentences, tokens, relations)."""
        head = _with_one(self.dropout(functional.relu(self.relation_head(states))))
        dependent = _with_one(self.dropout(functional.relu(self.relation_dependent(states))))[:, 1:]
        chosen = head.gather(1, heads[:, :, None].expand(-1, -1, head.shape[2]))
        return torch.einsum("bti,rij,btj->btr", dependent, self.relation, chosen)


def _with_one(rows: torch.Tensor) -> torch.Tensor:
    return torch.cat([rows, torch.ones(*rows.shape[:-1], 1)], -1)


def train(samples: Sequence[Sample], tests: dict[str, list[Sample]], epochs: int, seed: int) -> Parser:
    """Train and return the parser as it ships."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    counts = Counter(key for sample in samples for keys in sample.keys for key in keys)
    keys = rows_of_keys(sorted(key for key, count in counts.items() if count >= _MIN_COUNT * _MASKINGS))
    relations = sorted({relation for sample in samples for relation in sample.relations})
    model = Biaffine(len(keys), len(relations))
    with torch.no_grad():
        model.embedding.weight[0] = 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY, betas=(0.9, 0.95))
    step, total = 0, epochs * (len(samples) // _BATCH + 1)
    for epoch in range(epochs):
        model.train()
        order = sorted(samples, key=lambda sample: len(sample.keys) + draw.random() * 4)
        batches = [order[low : low + _BATCH] for low in range(0, len(order), _BATCH)]
        draw.shuffle(batches)
        losses = 0.0
        for part in batches:
            rows, lengths, heads, labels = tensors_of(part, keys, relations)
            scores, states = model(rows, lengths)
            loss = _loss(scores[:, 1:], heads) + _loss(model.relations(states, heads.clamp(min=0)), labels)
            take_step(loss, model, optimiser, rate_at(step, total, _RATE, _WARMUP, 0.02), (model.embedding,))
            step, losses = step + 1, losses + loss.item()
        trained = as_shipped(model, keys, relations)
        some = tests if epoch == epochs - 1 else {name: found[:300] for name, found in tests.items()}
        print(
            f"epoch {epoch} loss {losses / len(batches):.3f} {_scores(trained, some)}",
            file=sys.stderr,
            flush=True,
        )
    return trained


def _loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=-1)


def tensors_of(
    part: Sequence[Sample], keys: dict[str, int], relations: Sequence[str]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Number and pad: keys (sentences, tokens, keys), lengths, heads and relations (-1 beyond the end)."""
    longest = max(len(sample.keys) for sample in part)
    rows = np.zeros((len(part), longest, _KEYS), dtype=np.int64)
    heads, labels = (np.full((len(part), longest), -1, dtype=np.int64) for _ in range(2))
    number = {relation: index for index, relation in enumerate(relations)}
    for row, sample in enumerate(part):
        for column, own in enumerate(sample.keys):
            rows[row, column, : len(own)] = [keys.get(key, 0) for key in own]
        heads[row, : len(sample.heads)] = sample.heads
        labels[row, : len(sample.heads)] = [number[relation] for relation in sample.relations]
    lengths = torch.tensor([len(sample.keys) for sample in part])
    return torch.from_numpy(rows), lengths, torch.from_numpy(heads), torch.from_numpy(labels)


def _scores(parser: Parser, tests: dict[str, list[Sample]]) -> str:
    """Return attachment scores a language."""
    found = []
    for language, samples in tests.items():
        heads = labels = count = 0
        for sample, arcs in zip(samples, _parsed(parser, samples), strict=True):
            for place, head in enumerate(arcs.heads):
                if not sample.punctuation[place]:
                    right = head + 1 == sample.heads[place]
                    count, heads = count + 1, heads + right
                    labels += right and arcs.relations[place] == sample.relations[place]
        found.append(f"{language} UAS {heads / count:.3f} LAS {labels / count:.3f}")
    return " ".join(found)


def _parsed(parser: Parser, samples: Sequence[Sample]) -> Iterator[Arcs]:
    for low in range(0, len(samples), 16):
        yield from parser.parse([sample.keys for sample in samples[low : low + 16]])


def as_shipped(model: Biaffine, keys: dict[str, int], relations: Sequence[str]) -> Parser:
    """Return the parser that numpy runs, with the same weights."""
    return Parser(keys, relations, _weights(model))


def _weights(model: Biaffine) -> dict[str, np.ndarray]:
    plain = weights_of(model)
    weights = {name: plain[name] for name in ("root", "arc", "relation")} | {
        "embedding": plain["embedding.weight"]
    }
    for name in ("arc_head", "arc_dependent", "relation_head", "relation_dependent"):
        weights[name.replace("_", " ")] = plain[f"{name}.weight"].T
        weights[f"{name.replace('_', ' ')} bias"] = plain[f"{name}.bias"]
    for layer in (0, 1):
        weights |= {f"{layer} {name}": value for name, value in lstm_weights(plain, "lstm", layer).items()}
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}


if __name__ == "__main__":
    main()
