"""The encoder is MiniLM as its authors made it, in a quarter of the space."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from skill.answering.encoder import LONGEST, MATRICES, Array, Encoder, Tokeniser, packed, stored
from skill.making import minilm

REFERENCE = Path(__file__).with_name("minilm.npz")
"""Texts and their vectors, worked out by torch from the same weights in full precision and with the exact GELU."""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(stored(minilm.arrays()) | {"vocabulary": packed(minilm.vocabulary())})


@pytest.fixture(scope="module")
def tokeniser() -> Tokeniser:
    return Tokeniser(minilm.vocabulary())


def likeness(one: Array, other: Array) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_vectors_are_those_that_torch_gives(encoder: Encoder) -> None:
    with np.load(REFERENCE) as reference:
        for text, vector in zip(reference["texts"], reference["vectors"], strict=True):
            assert likeness(encoder.vector(str(text)), vector) > 0.999, text


def test_like_meanings_are_nearer_than_like_words(encoder: Encoder) -> None:
    asked = encoder.vector("how do i turn down my mother's invitations")
    same = encoder.vector("what's a kind way to say no to mum")
    words = encoder.vector("how do i turn down the heating")
    assert likeness(asked, same) > likeness(asked, words)


def test_many_at_a_time_give_what_each_gives_alone(encoder: Encoder) -> None:
    texts = ["he sulks", "how do i stop pleasing everyone", "she sulks", "no", "why does he always sulk when i go out"]
    together = encoder.vectors(texts)
    assert together.shape == (5, 384)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(encoder.vector(text), vector, atol=1e-4)


def test_none_at_all_is_no_trouble(encoder: Encoder) -> None:
    assert encoder.vectors([]).shape == (0, 384)
    assert np.isfinite(encoder.vector("")).all()


def test_words_it_does_not_know_are_taken_apart(tokeniser: Tokeniser) -> None:
    pieces = minilm.vocabulary()
    assert [pieces[i] for i in tokeniser.ids("codependency")] == ["[CLS]", "code", "##pen", "##den", "##cy", "[SEP]"]


def test_accents_and_signs_do_not_matter(tokeniser: Tokeniser) -> None:
    assert tokeniser.ids("naïve café") == tokeniser.ids("NAIVE CAFE")
    assert len(tokeniser.ids("what?!")) == 5


def test_a_torrent_of_words_is_cut_and_not_refused(tokeniser: Tokeniser, encoder: Encoder) -> None:
    torrent = "and then he said " * 500
    assert len(tokeniser.ids(torrent)) == LONGEST
    assert np.isfinite(encoder.vector(torrent)).all()


def test_signs_of_no_script_are_one_unknown_piece(tokeniser: Tokeniser) -> None:
    assert len(tokeniser.ids("\U000f0000")) == 3


def test_it_is_kept_in_a_quarter_of_the_space() -> None:
    whole = minilm.arrays()
    kept = stored(whole)
    assert sum(a.nbytes for a in kept.values()) < 0.27 * sum(a.nbytes for a in whole.values())
    assert all(kept[name].dtype == np.int8 for name in whole if name.split(".")[-1] in MATRICES)
