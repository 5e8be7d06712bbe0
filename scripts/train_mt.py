"""Train the Dutch and Spanish to English translation model, on a processor or a GPU, and resume.

    python -m scripts.train_mt DATA RUN --minutes 90

DATA is what `build_mt_data` wrote. RUN gets `checkpoint.pt` (everything needed to go on, replaced whole),
`log.jsonl` (losses, speed and, now and then, BLEU on the measuring sets) and `lexicon.pt`. Starting again
with the same RUN goes on from the checkpoint; sizes are then taken from it. SIGTERM to the workers saves
and stops.

`--start models/mt-nl-es-en` begins with the weights of a shipped model in place of random ones.

What makes a small model translate early: placeholders for figures and names; embeddings made from a word
translation table; cross-attention that starts as a copy and is guided by the table's alignments for a
while; short sentences first; Muon. bfloat16 throughout where the processor has it, with float32 masters.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import time
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
from scripts.mt import lexicon, scoring
from scripts.mt.batches import Plan, TokenPairs, by_length, stream
from scripts.mt.model import EOS, Shape, Translator, to_bfloat16
from scripts.mt.optimiser import MasterOptimiser
from scripts.mt.shipped import read_shipped
from torch import Tensor, distributed, multiprocessing

WEIGHTS = {
    "news": 22,
    "prose": 20,
    "articles": 22,
    "templates": 3,
    "general": 14,
    "tatoeba": 11,
    "docs": 8,
}
"""Share of the target tokens that each group of the data gets."""

log = logging.getLogger("train_mt")


class Run:
    """A training run in its folder: model, optimiser, averages and where it stands."""

    def __init__(self, options: argparse.Namespace, rank: int = 0) -> None:
        self.options, self.rank = options, rank
        self.folder: Path = options.run
        self.folder.mkdir(parents=True, exist_ok=True)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(options.data / "spm.model"))
        self.pairs = TokenPairs(options.data / "train.npz")
        saved = self._saved()
        begun = read_shipped(options.start) if options.start and not saved else None
        if saved:
            self.shape = Shape(**saved["shape"])
        elif begun:
            self.shape = replace(begun[0], dropout=options.dropout)
        else:
            layers = {"encoder_layers": options.encoder_layers, "decoder_layers": options.decoder_layers}
            inner, heads = options.width * 4, max(1, options.width // 64)
            size = len(self.vocabulary) + 1
            self.shape = Shape(size, options.width, inner, heads, **layers, dropout=options.dropout)
        torch.manual_seed(options.seed)
        specials = max(i for i in range(len(self.vocabulary)) if self.vocabulary.is_byte(i)) + 1
        outputs = self.pairs.outputs(specials)
        earlier = saved["outputs"] if saved else begun[2] if begun else outputs
        outputs = torch.cat([outputs, earlier]).unique()  # the data may have changed since
        model = Translator(self.shape, outputs)
        if begun:
            model.load_state_dict(begun[1])
        is_new = not (saved or begun or options.plain_start)
        self.tables: list[Tensor] = []
        if is_new or options.guide > 0:
            self.tables, embeddings = self._lexicon()
        if is_new:
            model.shared.weight.data.copy_(embeddings)
            model.shared.weight.data[-1].zero_()
        self.model = (to_bfloat16(model) if options.bfloat16 else model).to(self.device)
        named = dict(self.model.named_parameters())
        matrices = {name for name, p in named.items() if p.dim() == 2 and "shared" not in name}
        self.optimiser = MasterOptimiser(named, set() if options.adam else matrices, rank, options.workers)
        self.average = {name: master.clone() for name, master in self.optimiser.masters.items()}
        self.steps = self.tokens = 0
        self.start = time.monotonic()
        self.stopping = False
        if saved:
            self.optimiser.load(saved["optimiser"])
            self.average = {name: value.to(self.device) for name, value in saved["average"].items()}
            self.steps, self.tokens = saved["steps"], saved["tokens"]
            log.info("resumed at step %d, %.1fM target tokens", self.steps, self.tokens / 1e6)

    def minutes(self) -> float:
        """Minutes since this process began."""
        return (time.monotonic() - self.start) / 60

    def _saved(self) -> dict[str, Any] | None:
        path = self.folder / "checkpoint.pt"
        loaded: dict[str, Any] | None = (
            torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None
        )
        return loaded

    def _lexicon(self) -> tuple[list[Tensor], Tensor]:
        path = self.folder / "lexicon.pt"
        if self.rank:
            distributed.barrier()
        elif not path.exists():
            tables, total = [], torch.zeros(self.shape.vocabulary, self.shape.vocabulary)
            for lang in sorted(set(self.pairs.lang.tolist())):
                rows = np.flatnonzero((self.pairs.lang == lang) & (self.pairs.source_length <= 60))
                batches = [
                    self.pairs.batch(batch, self.shape.vocabulary - 1)
                    for batch in by_length(self.pairs, rows, 8000)
                ]
                table, counts = lexicon.train_table(batches, self.shape.vocabulary, rounds=5)
                tables.append(table.half())
                total += counts
                log.info("word table %d from %d pairs", lang, len(rows))
            embeddings = lexicon.bilingual_embeddings(total, self.shape.width)
            _save(path, {"tables": tables, "embeddings": embeddings})
        if not self.rank and self.options.workers > 1:
            distributed.barrier()
        saved = torch.load(path, weights_only=True)
        return [table.to(self.device) for table in saved["tables"]], saved["embeddings"]

    def alignment(self, rows: np.ndarray[Any, Any], source: Tensor, target: Tensor) -> Tensor:
        """Where each target token of a batch should look; ends look at ends."""
        pad = self.model.pad
        found = source.new_zeros((*target.shape, source.shape[1]), dtype=torch.float32)
        for lang, table in enumerate(self.tables):
            mine = torch.from_numpy(np.flatnonzero(self.pairs.lang[rows] == lang)).to(self.device)
            if len(mine):
                found[mine] = lexicon.posterior(table, source[mine], target[mine], pad)
        return found

    def train_step(self, rows: np.ndarray[Any, Any]) -> dict[str, float]:
        """Train on one batch."""
        options = self.options
        source, target = (side.to(self.device) for side in self.pairs.batch(rows, self.model.pad))
        guide = options.guide * max(0.0, 1 - self.steps / options.guide_steps)
        alignment = self.alignment(rows, source, target) if guide > 0 else None
        losses = self.model.loss(source, target, options.smoothing, alignment)
        total = losses["loss"] + guide * losses["guide"] if guide > 0 else losses["loss"]
        total.backward()
        self._share_gradients()
        warm = min(1.0, (self.steps + 1) / options.warmup)
        decay = min(1.0, (options.flat_steps / (self.steps + 1)) ** 0.5)
        if options.cool_minutes:
            decay *= min(1.0, max(0.05, (options.minutes - self.minutes()) / options.cool_minutes))
        norm = self.optimiser.step(options.muon_rate * warm * decay, options.adam_rate * warm * decay)
        self.steps += 1
        self.tokens += int((target != self.model.pad).sum()) * self.options.workers
        if self.steps % 10 == 0:
            pull = 1 - min(0.99, self.steps / (self.steps + 200))
            for name, master in self.optimiser.masters.items():
                self.average[name].lerp_(master, pull)
        return {**{name: float(value.detach()) for name, value in losses.items()}, "norm": norm}

    def _share_gradients(self) -> None:
        """Average the gradients over the workers, in one flat buffer."""
        if self.options.workers == 1:
            return
        parameters = [p for p in self.model.parameters() if p.grad is not None]
        flat = torch.cat([p.grad.float().flatten() for p in parameters if p.grad is not None])
        distributed.all_reduce(flat)
        flat /= self.options.workers
        for parameter, part in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
            parameter.grad = part.view_as(parameter).to(parameter.dtype)

    def evaluate(self, limit: int) -> dict[str, float]:
        """Translate the first sentences of each measuring set with the averaged weights."""
        self._use(self.average)
        self.model.eval()
        results = {}
        for name, rows in scoring.read_sets(self.options.data / "dev.jsonl", limit).items():
            outputs = self._translate_together([row["source"] for row in rows])
            scores = scoring.score(name, rows, outputs)
            if self.rank:
                continue
            log.info("%s", scores.line())
            results[f"bleu-{name}"] = round(scores.bleu, 2)
            results[f"chrf-{name}"] = round(scores.chrf, 2)
            for row, output in zip(rows[3:5], outputs[3:5], strict=True):
                log.info("  < %s\n  > %s", row["source"], output)
        self._use(self.optimiser.masters)
        self.model.train()
        return results

    def _use(self, weights: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(weights[name])

    def _translate_together(self, texts: list[str]) -> list[str]:
        workers = self.options.workers
        parts: list[Any] = [self.translate(texts[self.rank :: workers])] * workers
        if workers > 1:
            distributed.all_gather_object(parts, parts[0])
        return [parts[index % workers][index // workers] for index in range(len(texts))]

    def translate(self, texts: list[str]) -> list[str]:
        """Translate greedily."""
        encoded = [[*self.vocabulary.encode(text)[:200], EOS] for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        outputs = [""] * len(texts)
        for start in range(0, len(order), 50):
            part = order[start : start + 50]
            longest = len(encoded[part[-1]])
            source = torch.full((len(part), longest), self.model.pad, device=self.device)
            for row, index in enumerate(part):
                source[row, : len(encoded[index])] = torch.tensor(encoded[index], device=self.device)
            for index, tokens in zip(part, self.model.greedy(source, longest + 20).tolist(), strict=True):
                outputs[index] = self.vocabulary.decode([t for t in tokens if t != EOS])
        return outputs

    def agree(self, *flags: bool) -> list[bool]:
        """Let the first worker's clock decide for all."""
        shared = torch.tensor(flags, dtype=torch.uint8)
        if self.options.workers > 1:
            distributed.broadcast(shared, 0)
        return [bool(flag) for flag in shared]

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        if self.rank:
            return
        state = {
            "shape": asdict(self.shape),
            "optimiser": self.optimiser.state(),
            "average": self.average,
            "outputs": self.model.outputs,
            "steps": self.steps,
            "tokens": self.tokens,
        }
        _save(self.folder / "checkpoint.pt", state)

    def record(self, row: dict[str, Any]) -> None:
        """Add a line to the log file and show it."""
        if self.rank:
            return
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
        log.info("%s", json.dumps(row))


def train(run: Run) -> None:
    """Train until the time or the steps are used up, saving and measuring on the way."""
    options = run.options
    signal.signal(signal.SIGTERM, lambda *_: setattr(run, "stopping", True))
    saved = measured = window_start = time.monotonic()
    window: list[dict[str, float]] = []
    window_tokens = run.tokens
    drawn = max(400_000, 100 * options.batch_tokens)
    plan = Plan(WEIGHTS, options.batch_tokens, options.seed, options.short_steps, drawn)
    batches = stream(run.pairs, plan, run.steps * options.workers)
    for rows in islice(batches, run.rank, None, options.workers):
        window.append(run.train_step(rows))
        now = time.monotonic()
        if run.steps % options.log_every == 0:
            means = {
                key: round(sum(w[key] for w in window if key in w) / len(window), 4) for key in window[-1]
            }
            speed = round((run.tokens - window_tokens) / (now - window_start))
            run.record({"step": run.steps, "tokens": run.tokens, **means, "tokens_per_s": speed})
            window, window_start, window_tokens = [], now, run.tokens
        over, save, measure = run.agree(
            run.stopping or run.minutes() > options.minutes or run.steps >= options.steps,
            now - saved > options.save_minutes * 60,
            now - measured > options.measure_minutes * 60,
        )
        if save or over:
            run.save()
            saved = time.monotonic()
        if options.sentences and (measure or (over and not run.stopping)):
            run.record({"step": run.steps, "tokens": run.tokens, **run.evaluate(options.sentences)})
            measured = window_start = time.monotonic()
            window_tokens = run.tokens
        if over:
            return


def work(rank: int, options: argparse.Namespace) -> None:
    """Train as one of several workers that share every step."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(
        True
    )  # gradients are full of them, and a product with one takes ten times as long
    if options.workers > 1:
        meeting = f"file://{options.run.absolute()}/meeting-{os.getppid()}"
        distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=options.workers)
    train(Run(options, rank))
    if options.workers > 1:
        distributed.destroy_process_group()


def _save(path: Path, state: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    torch.save(state, part)
    os.replace(part, path)  # noqa: PTH105 -- atomic


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, default=10**9, help="stop at this step")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--encoder-layers", type=int, default=6)
    parser.add_argument("--decoder-layers", type=int, default=2)
    parser.add_argument("--batch-tokens", type=int, default=4096, help="padded tokens a side in a batch")
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--adam-rate", type=float, default=0.002)
    parser.add_argument("--adam", action="store_true", help="Adam for the matrices too")
    parser.add_argument("--plain-start", action="store_true", help="random embeddings")
    parser.add_argument(
        "--start", type=Path, help="folder of a shipped model whose weights a new run begins with"
    )
    parser.add_argument(
        "--bfloat16",
        action=argparse.BooleanOptionalAction,
        default=torch.cuda.is_available() or torch.ops.mkldnn._is_mkldnn_bf16_supported(),
        help="compute in bfloat16; by default where the processor multiplies in it",
    )
    parser.add_argument("--warmup", type=int, default=150)
    parser.add_argument("--flat-steps", type=int, default=2500, help="after this rates fall as 1/sqrt(step)")
    parser.add_argument(
        "--cool-minutes", type=float, default=0, help="let the rates fall to nothing at the end"
    )
    parser.add_argument("--guide", type=float, default=0.5, help="weight of guided attention at the start")
    parser.add_argument(
        "--guide-steps", type=int, default=3000, help="guided attention fades out by this step"
    )
    parser.add_argument("--short-steps", type=int, default=600, help="length curriculum ends at this step")
    parser.add_argument("--dropout", type=float, default=0, help="for runs of many passes over the data")
    parser.add_argument("--smoothing", type=float, default=0.1)
    parser.add_argument(
        "--workers", type=int, default=0, help="processes; by default one a core, or one on a GPU"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of each worker")
    parser.add_argument("--log-every", type=int, default=25)
    parser.add_argument("--save-minutes", type=float, default=4)
    parser.add_argument("--measure-minutes", type=float, default=15)
    parser.add_argument(
        "--sentences", type=int, default=100, help="sentences of each set to measure on; 0 for none"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    options.workers = options.workers or (1 if torch.cuda.is_available() else cores // options.threads)
    options.run.mkdir(parents=True, exist_ok=True)
    if options.workers == 1:
        work(0, options)
    else:  # one thread each: threads of one process wait for each other at every product, workers once a step
        multiprocessing.spawn(work, (options,), nprocs=options.workers)


if __name__ == "__main__":
    main()
