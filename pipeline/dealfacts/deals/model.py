"""The shipped deal model: log-linear scorers of words, and trees that weigh what these say together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dealfacts.deals import encoder, network, scorer, syntax, trees
from dealfacts.deals.network import Network
from dealfacts.deals.packing import load_packed
from dealfacts.deals.scorer import Scorer
from dealfacts.deals.trees import Forest
from dealfacts.models import find_model

MODEL = "deals"
MODELS = (MODEL, encoder.MODEL, syntax.MODEL)
"""Every model that a fact may hang on."""
SCORERS, FORESTS, NETWORK = "scorers.bin", "forests.bin", "network.bin"


@dataclass(frozen=True)
class DealModel:
    """Everything that is learnt for finding deals."""

    scorers: dict[str, Scorer]
    """Log-linear classifiers of triggers, names, figures and statuses, by name."""
    forests: dict[str, Forest]
    """Trees that fill sides (`slot`), judge hypotheses (`judge`) and choose figures (`amount`...)."""
    network: Network
    """The network that reads who is on which side in a sentence."""


@cache
def load_model(folder: Path | None = None) -> DealModel:
    """Load the deal model.

    Args:
        folder: where it is; by default the shipped model `deals`.

    Raises:
        ModelError: when the model is missing or damaged.
    """
    return load_packed(folder or find_model(MODEL), "a deal model", _read)


def _read(folder: Path) -> DealModel:
    return DealModel(
        scorer.unpack((folder / SCORERS).read_bytes()),
        trees.unpack((folder / FORESTS).read_bytes()),
        network.unpack((folder / NETWORK).read_bytes()),
    )
