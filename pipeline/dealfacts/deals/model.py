"""The shipped deal model: log-linear scorers of words, and trees that weigh what these say together."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dealfacts.deals import network, scorer, trees
from dealfacts.deals.network import Network
from dealfacts.deals.scorer import Scorer
from dealfacts.deals.trees import Forest
from dealfacts.errors import ModelError
from dealfacts.models import find_model

MODEL = "deals"
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
    where = folder or find_model(MODEL)
    try:
        return DealModel(
            scorer.unpack((where / SCORERS).read_bytes()),
            trees.unpack((where / FORESTS).read_bytes()),
            network.unpack((where / NETWORK).read_bytes()),
        )
    except (OSError, ValueError, KeyError, zlib.error) as error:
        raise ModelError(f"{where}: not a deal model ({error}); reinstall dealfacts") from error
