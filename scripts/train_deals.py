"""Train the deal finder and the encoder that it sees with from filled templates and labelled articles.

Run as `python -m scripts.train_deals DATA corpus/gold/dev ENCODER models` from the repository root; it needs
scikit-learn, torch and transformers, which the package itself does not. The data folder holds
`templates/*.jsonl` and, if there, `data/deals/core/train.json`; the plain sentences lie beside this script.
`ENCODER` is what `scripts.train_encoder` wrote; what becomes of it is kept beside it, in `ENCODER-tuned`. The
parser must be there too: `scripts.train_parser` makes it.
"""

from __future__ import annotations

import argparse
import atexit
import copy
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped,unused-ignore]
from scripts.deals_data import Example, GoldDeal, read_core, read_gold, read_plain, read_templates
from scripts.deals_forests import Reader, grow_forests
from scripts.deals_labels import expressed_deal, side_of, value_label
from scripts.deals_network import Statement, statements_of, train_network
from scripts.deals_tuning import tune
from scripts.encoder.forms import Trained, load, save, ship
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,unused-ignore]

from dealfacts.deals import encoder, network, scorer, trees
from dealfacts.deals.encoder import Encoder
from dealfacts.deals.events import (
    far_candidates,
    value_candidates,
)
from dealfacts.deals.features import (
    SentenceView,
    far_name_features,
    name_features,
    status_features,
    trigger_features,
    value_features,
)
from dealfacts.deals.lexicon import concepts, lexicon
from dealfacts.deals.model import FORESTS, MODEL, NETWORK
from dealfacts.deals.model import SCORERS as SCORERS_FILE
from dealfacts.deals.network import NONE, Network
from dealfacts.deals.reading import Trigger, read_article
from dealfacts.deals.scorer import Scorer
from dealfacts.evaluate.scoring import read_output


@dataclass
class Rows:
    """Training rows of one scorer."""

    features: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, features: Iterable[str], label: str, weight: float) -> None:
        """Add one labelled row."""
        self.features.append(list(dict.fromkeys(features)))
        self.labels.append(label)
        self.weights.append(weight)


PARTIAL_WEIGHT = 0.2
FOLDS = 3
_PARTIAL_TYPES = ("acquisition", "equity_stake", "funding_round", "investment", "merger")
SCORERS = ("trigger", "name", "far", "money", "percent", "quantity", "date", "status")
REGULARISATION = {"trigger": 0.05, "name": 0.1, "far": 0.035, "money": 0.05, "percent": 0.08,
                  "quantity": 0.08, "date": 0.04, "status": 0.1}  # fmt: skip

HARDER = frozenset((*range(8, 14), *range(31, 43)))
"""Sets of scattered deals and of briefs: harder than news is."""
_REAL_PROSE = 83
"""The first set in the prose of newspapers, agencies and portals."""
_OF_BASIS = 4
"""A network that is trained on sees one in so many of the templates and plain sentences again."""
_OF_HARDER = 3
"""The trees see one in so many of their articles, lest they take news for as hard."""


def build_rows(examples: Iterable[Example]) -> dict[str, Rows]:
    """Turn labelled examples into the rows of every scorer."""
    rows = {name: Rows() for name in SCORERS}
    for example in examples:
        language = example.article.lang or ""
        words = lexicon(language)
        assert words is not None
        reading = read_article(example.article, language, words)
        views = [SentenceView(reading, sentence) for sentence in reading.sentences]
        for view in views:
            for trigger in view.sentence.triggers:
                if example.partial:
                    _add_sides(rows, example, view, trigger)
                    continue
                deal = expressed_deal(example, view.sentence, trigger)
                if deal == "ignore":
                    continue
                weight = example.weight
                assert not isinstance(deal, str)
                label = NONE if deal is None else deal.type
                rows["trigger"].add(trigger_features(view, trigger), label, weight)
                if deal is not None:
                    _add_arguments(rows, views, (view.sentence.index, trigger), deal, weight)
    return rows


def _add_sides(rows: dict[str, Rows], example: Example, view: SentenceView, trigger: Trigger) -> None:
    """Add the two labelled parties of a partial example, for the plainest triggers only."""
    deal = example.deals[0]
    known = concepts()["triggers"][trigger.concept]
    if deal.type != next((kind for kind in known["types"] if kind in _PARTIAL_TYPES), None):
        return
    positions = [
        i
        for i in view.sentence.names
        if side_of(view.sentence.tokens[i].mention, deal) != NONE  # type: ignore[arg-type]
    ]
    if len(positions) < 2 or known.get("generic"):
        return
    for position in positions:
        mention = view.sentence.tokens[position].mention
        assert mention is not None
        rows["name"].add(
            name_features(view, trigger, deal.type, position), side_of(mention, deal), PARTIAL_WEIGHT
        )


def _add_arguments(
    rows: dict[str, Rows],
    views: list[SentenceView],
    place: tuple[int, Trigger],
    deal: GoldDeal,
    weight: float,
) -> None:
    """Add the names, figures and status of a trigger that states a labelled deal."""
    index, trigger = place
    view = views[index]
    sentence = view.sentence
    for position in sentence.names:
        mention = sentence.tokens[position].mention
        assert mention is not None
        side = side_of(mention, deal)
        rows["name"].add(name_features(view, trigger, deal.type, position), side, weight)
    for other, position in far_candidates(view.reading, sentence):
        mention = other.tokens[position].mention
        assert mention is not None
        side = side_of(mention, deal)
        rows["far"].add(far_name_features(view, trigger, deal.type, other, position), side, weight)
    for other_view, position in value_candidates(views, view):
        mention = other_view.sentence.tokens[position].mention
        assert mention is not None
        scorer, label = value_label(mention, deal)
        if scorer:
            rows[scorer].add(value_features(view, trigger, deal.type, other_view, position), label, weight)
    rows["status"].add(status_features(view, trigger, deal.type), deal.status, weight)


def fit(rows: Rows, regularisation: float, min_count: int = 2) -> Scorer:
    """Fit a multinomial logistic regression on named features."""
    counts = Counter(name for features in rows.features for name in features)
    names = sorted(name for name, count in counts.items() if count >= min_count)
    index = {name: i for i, name in enumerate(names)}
    indices, pointers = [], [0]
    for features in rows.features:
        indices += [index[name] for name in features if name in index]
        pointers.append(len(indices))
    matrix = csr_matrix(
        (np.ones(len(indices), dtype=np.float32), indices, pointers), shape=(len(rows.features), len(names))
    )
    model = LogisticRegression(C=regularisation, max_iter=80, fit_intercept=False, tol=1e-3)
    model.fit(matrix, rows.labels, sample_weight=rows.weights)
    weights = model.coef_.T.astype(np.float32)
    labels = [str(label) for label in model.classes_]
    if weights.shape[1] == 1:
        weights = np.hstack([np.zeros_like(weights), weights])
    return Scorer(labels, index, weights)


def prune(scorer: Scorer, threshold: float) -> Scorer:
    """Drop features whose weights hardly differ between labels."""
    spread = scorer.weights.max(axis=1) - scorer.weights.min(axis=1)
    kept = [name for name, row in scorer.features.items() if spread[row] >= threshold]
    rows = [scorer.features[name] for name in kept]
    return Scorer(scorer.labels, {name: i for i, name in enumerate(kept)}, scorer.weights[rows])


def for_trees(gold: Iterable[Example]) -> Iterator[Example]:
    """Yield the labelled articles that trees are grown on."""
    for example in gold:
        name = example.gold.id if example.gold is not None else ""
        if set_number(example) not in HARDER or zlib.crc32(name.encode()) % _OF_HARDER == 0:
            yield example


def set_number(example: Example) -> int:
    """Return the number of an article's set, 0 for those that have none.

    >>> from types import SimpleNamespace
    >>> set_number(SimpleNamespace(gold=SimpleNamespace(id="t83-004-nl")))
    83
    """
    name = example.gold.id.split("-", maxsplit=1)[0] if example.gold is not None else ""
    return int(name[1:]) if name[1:].isdigit() else 0


def fold_of(example: Example) -> int:
    """Return the fold of an example: articles of one story stay together."""
    return zlib.crc32(example.group.encode()) % FOLDS


def train_scorers(
    basis: list[Example], gold: list[Example], folds: int, threshold: float
) -> tuple[dict[str, Scorer], list[dict[str, Scorer]]]:
    """Train every scorer, and once more for each of the first folds without the articles of that fold."""
    fixed = build_rows(basis)
    parts = [build_rows(e for e in gold if fold_of(e) == number) for number in range(FOLDS)]
    unseen = [fit_all([fixed, *parts[:n], *parts[n + 1 :]], threshold) for n in range(folds)]
    return fit_all([fixed, *parts], threshold), unseen


class Read(NamedTuple):
    """A network and the encoder that was tuned with it."""

    network: Network
    encoder: Trained


def train_networks(
    basis: list[Example], gold: list[Example], first: Trained, folds: int, earlier: Earlier | None
) -> tuple[Read, list[Read]]:
    """Train network and encoder, and once more for each of the first folds without its articles."""
    seeing = shipped(first)
    fixed = list(statements_of(basis, seeing))
    parts: list[list[Statement]] = [
        list(statements_of((e for e in gold if fold_of(e) == number), seeing)) for number in range(FOLDS)
    ]
    unseen = [_train(sum((parts[:n] + parts[n + 1 :]), fixed), first) for n in range(folds)]
    if earlier is None:
        return _train(sum(parts, fixed), first), unseen
    return _tuned(earlier.read, list(statements_of(earlier.sample(basis, gold), seeing))), unseen


def _train(statements: list[Statement], first: Trained) -> Read:
    return _tuned(Read(train_network(statements), first), statements)


def _tuned(read: Read, statements: list[Statement]) -> Read:
    """Train both on; the encoder given stays as it is."""
    own = copy.deepcopy(read.encoder)
    return Read(tune(read.network, own.model, own.frame, statements), own)


def shipped(trained: Trained) -> Encoder:
    """Return an encoder as it reads once shipped."""
    folder = Path(tempfile.mkdtemp(prefix="encoder-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ship(trained, folder)
    return Encoder(folder)


@dataclass(frozen=True)
class Earlier:
    """A network that is trained on rather than anew, and the first set that it has not seen."""

    read: Read
    since: int

    def sample(self, basis: list[Example], gold: list[Example]) -> Iterator[Example]:
        """Yield all that is new, and of what the network has seen the more the nearer it is to news."""
        yield from basis[::_OF_BASIS]
        for example in gold:
            number = set_number(example)
            of = 1 if number >= self.since else 2 if number >= _REAL_PROSE else 4
            if zlib.crc32(example.group.encode()) // FOLDS % of == 0:
                yield example


def fit_all(parts: list[dict[str, Rows]], threshold: float) -> dict[str, Scorer]:
    """Fit every scorer on the rows of several parts of the data."""
    return {
        name: prune(fit(joined([part[name] for part in parts]), REGULARISATION[name]), threshold)
        for name in SCORERS
    }


def joined(parts: list[Rows]) -> Rows:
    """Put the rows of several parts behind one another."""
    rows = Rows()
    for part in parts:
        rows.features += part.features
        rows.labels += part.labels
        rows.weights += part.weights
    return rows


def basis_from(folder: Path) -> Iterator[Example]:
    """Read all training examples of a data folder but the labelled articles."""
    plain = Path(__file__).parent / "deals_plain"
    yield from read_templates(folder / "templates")
    yield from read_plain(plain)
    yield from read_core(folder / "data" / "deals" / "core" / "train.json")


def as_found(gold: Iterable[Example], run: Path) -> Iterator[Example]:
    """Yield the labelled articles that a run has too, with the names and figures it found in them."""
    found = read_output(run)
    for example in gold:
        article = found.get(example.gold.id) if example.gold is not None else None
        if article is not None:
            yield replace(example, article=article.model_copy(update={"facts": None}))


def main() -> None:
    """Train on a data folder and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("gold", type=Path, help="labelled articles to train on, such as corpus/gold/dev")
    parser.add_argument("encoder", type=Path, help="what scripts.train_encoder wrote")
    parser.add_argument("models", type=Path, help="where the folders deals and encoder are, or shall be")
    parser.add_argument("--threshold", type=float, default=0.05)
    parser.add_argument(
        "--found",
        type=Path,
        help="a run over labelled articles that its name finder had not seen: the trees learn from it too",
    )
    parser.add_argument("--on", action="store_true", help="train the network there on, with new sets")
    parser.add_argument("--since", type=int, default=1, help="number of the first set that is new to it")
    parser.add_argument(
        "--folds",
        type=int,
        choices=range(1, FOLDS + 1),
        default=FOLDS,
        help="grow the trees on so many folds of the articles; each costs a training of the network",
    )
    arguments: Any = parser.parse_args()
    gold = list(read_gold(arguments.gold))
    basis = list(basis_from(arguments.data))
    scorers, unseen_scorers = train_scorers(basis, gold, arguments.folds, arguments.threshold)
    deals, tuned = arguments.models / MODEL, arguments.encoder.with_name(f"{arguments.encoder.name}-tuned")
    earlier = None
    if arguments.on:
        known = network.unpack((deals / NETWORK).read_bytes())
        earlier = Earlier(Read(known, load(tuned)), arguments.since)
    read, unseen_reads = train_networks(basis, gold, load(arguments.encoder), arguments.folds, earlier)
    unseen = [
        Reader(unseen_scorers[number], each.network, shipped(each.encoder))
        for number, each in enumerate(unseen_reads)
    ]
    deals.mkdir(parents=True, exist_ok=True)
    (deals / SCORERS_FILE).write_bytes(scorer.pack(scorers))
    (deals / NETWORK).write_bytes(network.pack(read.network))
    save(read.encoder, tuned)
    ship(read.encoder, arguments.models / encoder.MODEL)
    found = list(as_found(gold, arguments.found)) if arguments.found else []
    grown = [example for example in (*for_trees(gold), *found) if fold_of(example) < arguments.folds]
    (deals / FORESTS).write_bytes(trees.pack(grow_forests(grown, lambda example: unseen[fold_of(example)])))


if __name__ == "__main__":
    main()
