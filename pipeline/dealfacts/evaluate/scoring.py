"""Score what the pipeline made of labelled articles, stage by stage."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dealfacts.errors import InputError
from dealfacts.evaluate.agreement import same_sum
from dealfacts.evaluate.deals import Pair, date_counts, fact_claim, gold_claim, pair_deals, role_counts
from dealfacts.evaluate.gold import GoldArticle, read_gold
from dealfacts.evaluate.labellers import as_output, is_labels
from dealfacts.evaluate.measures import Counts, Key, Measure, by_name, measure_all
from dealfacts.evaluate.mentions import count_mentions, found_spans, gold_spans
from dealfacts.jsonl import read_records
from dealfacts.records import Article

STAGE_FILES = ("facts.jsonl", "dates.jsonl", "extract.jsonl", "translate.jsonl", "detect.jsonl")
"""The outputs of a run from the last stage to the first: each holds all that the stages before it added."""


@dataclass(frozen=True)
class Judged:
    """A labelled article beside what was found in it, and which fact was paired with which deal."""

    gold: GoldArticle
    found: Article
    pairs: list[Pair]


@dataclass(frozen=True)
class Evaluation:
    """All figures of one evaluation, and the judged articles that they were counted on."""

    measures: list[Measure]
    type_confusion: Mapping[tuple[str, str], int]
    status_confusion: Mapping[tuple[str, str], int]
    articles: int
    missing: list[str]
    """Ids of labelled articles that the output does not have; they count as read and nothing found."""
    gold_digest: str
    judged: list[Judged]

    def measure(self, name: str) -> Measure:
        """Return a measure by its full name, such as `deals.lenient.all.nl`."""
        return by_name(self.measures)[name]

    def to_json(self) -> dict[str, Any]:
        """Return everything but the articles, ready for JSON."""
        return {
            "articles": self.articles,
            "missing": self.missing,
            "gold_digest": self.gold_digest,
            "measures": [measure.to_json() for measure in self.measures],
            "type_confusion": _confusion_rows(self.type_confusion),
            "status_confusion": _confusion_rows(self.status_confusion),
        }


def _confusion_rows(confusion: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {"gold": gold, "found": found, "count": count} for (gold, found), count in sorted(confusion.items())
    ]


def evaluate(
    gold_path: Path | str, out_path: Path | str, resamples: int = 1000, seed: int = 20
) -> Evaluation:
    """Score a run's output against labelled articles.

    Args:
        gold_path: a gold file or a folder of them (see `corpus/gold/GUIDELINES.md`).
        out_path: the output folder of a run, a JSONL file of articles from any stage, or a second
            labeller's gold file; of such a file only the articles that both labelled are compared.
        resamples: how many bootstrap samples the intervals rest on.
        seed: the seed they are drawn with.

    Returns:
        The figures per stage, measure, label and language.

    Raises:
        InputError: when a file cannot be read, or no article of the gold is in the output.
    """
    gold = read_gold(gold_path)
    found = read_output(out_path)
    missing = [article.id for article in gold if article.id not in found]
    if len(missing) == len(gold):
        raise InputError(
            f"{out_path}: holds none of the {len(gold)} labelled articles of {gold_path}; "
            "run the pipeline on the same articles, with the same ids"
        )
    if missing and is_labels(out_path):
        gold, missing = [article for article in gold if article.id in found], []
    judged = [judge(article, found.get(article.id)) for article in gold]
    stages = stages_run(found.values())
    counts = [count(each, stages) for each in judged]
    return Evaluation(
        measures=measure_all(counts, resamples, seed),
        type_confusion=_confusion(judged, "type"),
        status_confusion=_confusion(judged, "status"),
        articles=len(gold),
        missing=missing,
        gold_digest=gold_digest(gold),
        judged=judged,
    )


def read_output(path: Path | str) -> dict[str, Article]:
    """Read the articles of a run by id: from a JSONL file, or from the last stage's file of a folder.

    A gold file may stand in for a run, to measure how far two labellers agree.

    Raises:
        InputError: when the folder holds no stage's output.
    """
    path = Path(path)
    if path.is_dir():
        present = [path / name for name in STAGE_FILES if (path / name).is_file()]
        if not present:
            raise InputError(f"{path}: holds none of {', '.join(STAGE_FILES)}; give a run's output folder")
        path = present[0]
    if is_labels(path):
        return {article.id: as_output(article) for article in read_gold(path)}
    return {article.id: article for article in read_records(path, Article, stage="evaluate")}


def gold_digest(gold: Sequence[GoldArticle]) -> str:
    """Return a short digest of labelled articles, whatever their order; floors are pinned to it."""
    digests = sorted(hashlib.sha256(article.model_dump_json().encode()).hexdigest() for article in gold)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def judge(gold: GoldArticle, found: Article | None) -> Judged:
    """Put a labelled article beside what was found in it; nothing was found in one that is missing."""
    article = found or Article(id=gold.id, text=gold.text or "")
    if gold.text is not None and found is not None and found.text != gold.text:
        raise InputError(
            f"article {gold.id!r}: its text differs from the labelled one, so that offsets do not fit; "
            "run the pipeline on the gold file itself"
        )
    return Judged(gold, article, pair_deals(gold.gold.deals, article.facts or [], article))


def stages_run(articles: Iterable[Article]) -> frozenset[str]:
    """Tell which of detect, mentions and deals an output can be scored on."""
    keys = {"lang": "detect", "mentions": "mentions", "facts": "deals"}
    return frozenset(
        stage for article in articles for key, stage in keys.items() if getattr(article, key) is not None
    )


def count(judged: Judged, stages: frozenset[str]) -> Counts:
    """Count everything that one article adds to the measures of the stages that were run."""
    gold, found = judged.gold, judged.found
    counts = Counts(gold.id, gold.lang)
    if "detect" in stages:
        base = (found.lang or "und").split("-", maxsplit=1)[0].lower()
        counts.judge("detect", "language", base == gold.lang)
    if "mentions" in stages:
        count_mentions(counts, gold_spans(gold), found_spans(found, gold.gold.labels))
    if "deals" in stages:
        _count_deals(counts, judged)
        for pair in judged.pairs:
            if gold.gold.deals[pair.gold].core:
                _count_pair(counts, judged, pair)
    return counts


def _count_deals(counts: Counts, judged: Judged) -> None:
    """Count hits, false facts and misses; background deals are neither rewarded nor held against a run."""
    deals, facts = judged.gold.gold.deals, judged.found.facts or []
    core = {number for number, deal in enumerate(deals) if deal.core}
    background = {pair.fact for pair in judged.pairs if pair.matched and pair.gold not in core}
    for name in ("matched", "lenient", "strict"):
        right = {pair.gold for pair in judged.pairs if getattr(pair, name)} & core
        false = len(facts) - len(right) - len(background)
        counts.add(Key("deals", name, "all", "f1"), (len(right), false, len(core - right)))
        for number in core:
            counts.judge("deals", f"{name}_recall", number in right, label=deals[number].type)
    if not deals:
        counts.add(Key("deals", "false_facts_per_article", "all", "rate"), (len(facts), 0, 1))


def _count_pair(counts: Counts, judged: Judged, pair: Pair) -> None:
    deal, fact = judged.gold.gold.deals[pair.gold], (judged.found.facts or [])[pair.fact]
    roles = role_counts(gold_claim(deal), fact_claim(fact, judged.found))
    for role, (right, extra, missed) in roles.items():
        counts.add_labelled("roles", "parties", role, (right, extra, missed))
        if right or missed:
            counts.judge("roles", "any_party", right > 0)
    if not pair.matched:
        return
    counts.judge("deals", "type", deal.type == fact.type)
    counts.judge("deals", "status", deal.status == fact.status)
    counts.judge("deals", "status", deal.status == fact.status, label=deal.status)
    counts.judge("deals", "amount", same_sum(deal.amount, fact.amount))
    if deal.amount is not None:
        counts.judge("deals", "amount_given", same_sum(deal.amount, fact.amount))
    counts.add(Key("deals", "dates", "all", "f1"), date_counts(deal, fact))


def _confusion(judged: Sequence[Judged], field: str) -> Counter[tuple[str, str]]:
    return Counter(
        (getattr(each.gold.gold.deals[pair.gold], field), getattr((each.found.facts or [])[pair.fact], field))
        for each in judged
        for pair in each.pairs
        if pair.matched and each.gold.gold.deals[pair.gold].core
    )
