"""Measure the merge on the synthetic press: how well it groups, and what a fact costs as facts grow.

    python -m benchmarks.merge quality             B-cubed and pairwise scores, 2,000 deals in 20,000 articles
    python -m benchmarks.merge scale 10000 100000 1000000

Scale runs each size in a process of its own, so that its memory can be told. `--text` gives articles texts,
so that the search for copies is measured too. With splink installed (`pip install splink`) `--splink` groups
the same facts with it beside ours.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from scripts.build_press import Press

from dealfacts.merge import Corpus, merge_corpus

Plain = dict[str, Any]
_FACTS_PER_ARTICLE = 1.1
_ARTICLES_PER_DEAL = 10


def b_cubed(found: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 (Bagga and Baldwin 1998).

    Args:
        found: item -> group.
        truth: item -> true group; items without one are not scored.
    """
    both = Counter((found[item], group) for item, group in truth.items())
    sizes = Counter(found[item] for item in truth)
    groups = Counter(truth.values())
    precision = sum(n * n / sizes[row] for (row, _), n in both.items()) / len(truth)
    recall = sum(n * n / groups[group] for (_, group), n in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairwise(found: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the pairs of items that are in one group."""

    def pairs(counts: Counter[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    both = pairs(Counter((found[item], group) for item, group in truth.items()))
    precision = both / max(1, pairs(Counter(found[item] for item in truth)))
    recall = both / max(1, pairs(Counter(truth.values())))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def write_press(folder: Path, facts: int, seed: int, templates: Path, with_text: bool) -> None:
    """Write articles.jsonl and truth.json for about so many facts."""
    articles = round(facts / _FACTS_PER_ARTICLE)
    press = Press(templates, seed, max(20, articles // _ARTICLES_PER_DEAL), with_text)
    truth: dict[str, str] = {}
    with (folder / "articles.jsonl").open("wb") as file:
        for article, told in press.articles(articles):
            file.write(orjson.dumps(article, option=orjson.OPT_APPEND_NEWLINE))
            truth |= told
    (folder / "truth.json").write_bytes(orjson.dumps(truth))


def _articles(folder: Path) -> Iterator[Plain]:
    with (folder / "articles.jsonl").open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def measure(folder: Path) -> Plain:
    """Merge a written press in this process; return seconds, memory and scores."""
    truth = orjson.loads((folder / "truth.json").read_bytes())
    started = time.perf_counter(), time.process_time()
    corpus = Corpus()
    for article in _articles(folder):
        corpus.add_article(article)
    read = time.perf_counter()
    merged = merge_corpus(corpus)
    wall, used = time.perf_counter() - started[0], time.process_time() - started[1]
    found = {fact: row["id"] for row in merged.rows for fact in row["fact_ids"]}
    return {
        "facts": len(found),
        "articles": len(corpus.articles),
        "deals": len(merged.rows),
        "read_s": round(read - started[0], 1),
        "wall_s": round(wall, 1),
        "cpu_s": round(used, 1),
        "cpu_us_per_fact": round(used / len(found) * 1e6),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "b_cubed": [round(score, 4) for score in b_cubed(found, truth)],
        "pairwise": [round(score, 4) for score in pairwise(found, truth)],
    }


def splink(folder: Path) -> Plain:
    """Group the facts of a written press with splink: blocked on parties, compared field by field."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    truth = orjson.loads((folder / "truth.json").read_bytes())
    table = pd.DataFrame([row for article in _articles(folder) for row in _splink_rows(article)])
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="fact",
        comparisons=[
            cl.JaroWinklerAtThresholds("first", [0.95, 0.88]),
            cl.JaroWinklerAtThresholds("second", [0.95, 0.88]),
            cl.ExactMatch("type"),
            cl.ExactMatch("amount"),
            cl.AbsoluteDateDifferenceAtThresholds(
                "published", input_is_string=True, metrics=["month", "year"], thresholds=[2, 1]
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("substr(first, 1, 5)", "substr(second, 1, 5)"),
            block_on("substr(second, 1, 8)", "type"),
        ],
    )
    started = time.perf_counter()
    linker = Linker(DuckDBAPI().register(table), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("first", "second")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("second"))
    predictions = linker.inference.predict(threshold_match_probability=0.5)
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, 0.9
    ).as_pandas_dataframe()
    found = dict(zip(groups["fact"], groups["cluster_id"].astype(str), strict=True))
    return {
        "facts": len(found),
        "wall_s": round(time.perf_counter() - started, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "b_cubed": [round(score, 4) for score in b_cubed(found, truth)],
        "pairwise": [round(score, 4) for score in pairwise(found, truth)],
    }


def _splink_rows(article: Plain) -> Iterator[Plain]:
    for fact in article["facts"]:
        names = [party["name"].casefold() for players in fact["roles"].values() for party in players]
        yield {
            "fact": fact["id"],
            "type": fact["type"],
            "first": names[0],
            "second": names[1] if len(names) > 1 else None,
            "amount": (fact["amount"] or {}).get("amount"),
            "published": article["published"],
        }


def _in_own_process(call: str, folder: Path) -> Plain:
    code = (
        f"import json, pathlib; from benchmarks.merge import {call}; "
        f"print(json.dumps({call}(pathlib.Path({str(folder)!r}))))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)  # noqa: S603
    found: Plain = json.loads(done.stdout.splitlines()[-1])
    return found


def run(sizes: Sequence[int], options: argparse.Namespace) -> list[Plain]:
    """Write a press of each size and measure it; print a line of JSON for each."""
    measured = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write_press(Path(folder), size, options.seed, options.templates, options.text)
            calls = ["measure", "splink"] if options.splink else ["measure"]
            for call in calls:
                measured.append({"by": call} | _in_own_process(call, Path(folder)))
                sys.stdout.write(json.dumps(measured[-1]) + "\n")
                sys.stdout.flush()
    return measured


def plot(measured: Sequence[Plain]) -> str:
    """Draw the cost of a fact as bars of text, one a size: flat bars mean linear cost."""
    ours = [row for row in measured if row["by"] == "measure"]
    most = max(row["cpu_us_per_fact"] for row in ours)
    return "\n".join(
        f"{row['facts']:>9,} facts {'#' * round(40 * row['cpu_us_per_fact'] / most):<40} "
        f"{row['cpu_us_per_fact']} us/fact, {row['wall_s']} s, {row['peak_mib']} MiB"
        for row in ours
    )


def main() -> None:
    """Run the benchmark that was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["quality", "scale"])
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000], help="numbers of facts")
    parser.add_argument("--templates", type=Path, default=Path("corpus/templates"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--text", action="store_true", help="give the articles texts")
    parser.add_argument("--splink", action="store_true", help="also group with splink")
    options = parser.parse_args()
    if options.what == "quality":
        options.text = True
        run([round(20_000 * _FACTS_PER_ARTICLE)], options)
    else:
        print(plot(run(options.sizes, options)))


if __name__ == "__main__":
    main()
