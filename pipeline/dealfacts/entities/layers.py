"""The embedding layer of our spaCy name model: one hash table a feature column, mixed by a maxout layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import spacy
from spacy.tokens import Doc
from thinc.api import (
    HashEmbed,
    Maxout,
    Model,
    chain,
    concatenate,
    list2ragged,
    ragged2list,
    with_array,
)

from dealfacts.entities.features import COLUMNS, Matrix, token_features

FEATURES_KEY = "dealfacts.name_features"
"""Where features computed before (by the training script) lie in `doc.user_data`."""


def _forward(
    _model: Any,
    docs: list[Doc],
    is_train: bool,  # noqa: ARG001 - thinc passes it by name
) -> tuple[list[Matrix], Callable[[Any], Any]]:
    features = []
    for doc in docs:
        ready = doc.user_data.get(FEATURES_KEY)
        features.append(token_features([token.text for token in doc]) if ready is None else ready)
    return features, lambda _gradient: []


@spacy.registry.architectures("dealfacts.NameEmbed.v1")  # type: ignore[untyped-decorator]
def build_name_embed(width: int, rows: dict[str, int], widths: dict[str, int]) -> Any:
    """Build the layer that turns Docs into one vector a token.

    Args:
        width: how wide the vectors are that come out.
        rows: how many rows the hash table of each feature column has.
        widths: how wide each table is.
    """
    tables = [
        HashEmbed(widths[name], rows[name], column=index, seed=index + 7, dropout=0.0)
        for index, name in enumerate(COLUMNS)
    ]
    mixer = Maxout(width, sum(widths.values()), nP=3, dropout=0.0, normalize=True)
    return chain(
        Model("name_features", _forward),
        list2ragged(),
        with_array(chain(concatenate(*tables), mixer)),
        ragged2list(),
    )
