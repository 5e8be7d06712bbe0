"""The encoder: which pieces a word falls into, and that the same article always gives the same states."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dealfacts.deals.encoder import MOST_PIECES, Encoder, WordPieces, load_encoder
from dealfacts.errors import ModelError

PIECES = ("[UNK]", "[CLS]", "[SEP]", "hei", "##jm", "##ans", "bid", "'", "l", "oreal", "4", "##2",
          "nl:bod", "nl:over", "nl:##name", "nl:##bod", "es:oferta")  # fmt: skip


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("bid", "en", "bid"),
        ("bod", "nl", "nl:bod"),
        ("Overnamebod", "nl", "[UNK]"),
        ("overnamebod", "nl", "nl:over nl:##name nl:##bod"),
        ("Bod", "nl", "nl:bod"),
        ("Heijmans", "nl", "hei ##jm ##ans"),
        ("L'Oréal", "es", "l ' oreal"),
        ("42", "es", "4 ##2"),
        ("oferta", "es", "es:oferta"),
        ("oferta", "nl", "[UNK]"),
        ("bid", "nl", "bid"),
    ],
)
def test_words_fall_into_pieces_of_their_language(word: str, language: str, expected: str) -> None:
    rows = WordPieces(PIECES).of(word, language)
    assert " ".join(PIECES[row] for row in rows) == expected


def test_capital_makes_a_name_but_not_at_the_start() -> None:
    pieces = WordPieces(PIECES)
    assert pieces.of("Overnamebod", "nl", starts=True) == pieces.of("overnamebod", "nl")
    assert pieces.of("bod", "nl", names=True) != pieces.of("bod", "nl")


def test_states_have_one_row_a_token_and_do_not_change() -> None:
    encoder = load_encoder()
    of = encoder.pieces.of
    sentences = [
        [of(word, "nl", starts=not place) for place, word in enumerate(text.split())]
        for text in ("Het bedrijf brengt een bod uit", "De raad steunt dat", "")
    ]
    states = encoder.read(sentences)
    assert [each.shape for each in states] == [(6, encoder.width), (4, encoder.width), (0, encoder.width)]
    for one, other in zip(states, encoder.read(sentences), strict=True):
        np.testing.assert_array_equal(one, other)
    assert encoder.read([]) == []


def test_what_is_too_long_or_empty_is_zero() -> None:
    encoder = load_encoder()
    word = encoder.pieces.of("company", "en")
    (states,) = encoder.read([[(), *[word] * MOST_PIECES, word]])
    read = np.abs(states).sum(axis=1) > 0
    assert not read[0]
    assert read[1:-1].all()
    assert not read[-1]


def test_translations_lie_near_each_other() -> None:
    """A Dutch and a Spanish sentence are nearer to their English than to another sentence."""
    encoder = load_encoder()

    def mean(text: str, language: str) -> np.ndarray:
        tokens = [encoder.pieces.of(word, language, starts=not n) for n, word in enumerate(text.split())]
        state = encoder.read([tokens])[0].mean(axis=0)
        return np.asarray(state / np.linalg.norm(state))

    sold, lent = mean("the owner sells its shares", "en"), mean("the bank grants a loan", "en")
    for text, language in (
        ("de eigenaar verkoopt zijn aandelen", "nl"),
        ("el dueño vende sus acciones", "es"),
    ):
        own = mean(text, language)
        assert own @ sold > own @ lent


def test_folder_without_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not an encoder"):
        Encoder(tmp_path)
    (tmp_path / "vocabulary.json").write_text('["[UNK]", "[CLS]", "[SEP]"]')
    with pytest.raises(ModelError, match="not an encoder"):
        Encoder(tmp_path).read([[(0,)]])
