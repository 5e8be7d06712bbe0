"""Network and encoder are tuned together: both learn, and what the encoder gives in training is what it ships."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from named_text import named_article  # noqa: E402
from scripts.deals_data import Example, GoldDeal  # noqa: E402
from scripts.deals_network import (  # noqa: E402
    Sight,
    Statement,
    as_trained,
    batch_of,
    loss_of,
    statements_of,
    train_network,
)
from scripts.deals_tuning import encode, tune  # noqa: E402
from scripts.encoder.forms import Trained, ship  # noqa: E402

from dealfacts.deals.encoder import Encoder  # noqa: E402
from dealfacts.deals.network import Network  # noqa: E402

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "acme", "zeta", "io", "##ta", "bought", "from", "the", "group",
          "."]  # fmt: skip
TEXT = "The group meets. Acme bought Zeta from Iota. Zeta keeps its name."


@pytest.fixture(scope="module")
def trained() -> Trained:
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(PIECES), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=300,
    )  # fmt: skip
    return Trained(transformers.BertModel(config, add_pooling_layer=False).eval(), PIECES)


@pytest.fixture(scope="module")
def statements(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> list[Statement]:
    folder = tmp_path_factory.mktemp("encoder")
    ship(trained, folder)
    roles: dict[str, Any] = {"acquirer": [{"Acme"}], "target": [{"Zeta"}], "seller": [{"Iota"}]}
    deal = GoldDeal("acquisition", "completed", roles, evidence=[(0, len(TEXT))])
    told = Example(named_article(TEXT, ("Acme", "Zeta", "Iota")), [deal])
    return [each for _ in range(20) for each in statements_of([told], Encoder(folder))]


def test_encoder_in_training_gives_what_it_ships(trained: Trained, statements: list[Statement]) -> None:
    sights = [statements[0].sight, statements[-1].sight]
    with torch.no_grad():
        states = encode(trained.model, trained.frame, sights).numpy()
    shipped = np.concatenate([sight.states[:, -16:] for sight in sights]).astype(np.float32)
    assert np.corrcoef(states.ravel(), shipped.ravel())[0, 1] > 0.99


def test_both_learn(trained: Trained, statements: list[Statement]) -> None:
    network = train_network(statements)
    before = {name: value.clone() for name, value in trained.model.state_dict().items()}
    tuned = tune(network, trained.model, trained.frame, statements, epochs=100)
    assert (tuned.words, tuned.names) == (network.words, network.names)
    with torch.no_grad():
        seen = encode(trained.model, trained.frame, [statements[0].sight]).numpy()
    sight = Sight(np.hstack([statements[0].sight.states[:, :-16], seen]), [])
    assert _loss_of(tuned, replace(statements[0], sight=sight)) < 0.9 * _loss_of(network, statements[0])
    changed = [
        name for name, value in trained.model.state_dict().items() if not torch.equal(value, before[name])
    ]
    assert any("layer.0" in name for name in changed)
    assert any("word_embeddings" in name for name in changed)


def _loss_of(network: Network, statement: Statement) -> float:
    batch = batch_of([statement], network.words, network.names)
    with torch.no_grad():
        return float(loss_of(as_trained(network).eval()(batch), batch))
