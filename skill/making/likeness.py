"""Which texts say the same: pairs by the words they share and, for a closer look, by what they mean."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from skill.answering.encoder import Array
from skill.making.source import Record
from skill.words import plain

WORDS_MOST = 0.55
"""Two texts whose words are so alike (0 to 1) say the same."""
MEANING_MOST = 0.85
"""Two texts whose vectors are so alike (cosine) say the same; opposite statements about one thing come to 0.8 too."""


@dataclass(frozen=True)
class Pair:
    """Two texts and how alike they are."""

    likeness: float
    """From 0 to 1."""
    one: str
    other: str
    """Their ids."""


def asked(quiz: list[Record]) -> dict[str, str]:
    """Return what each question asks for, by id: its words and those of the right answer."""
    return {q["id"]: f"{q['ask']} {q['choices'][q['right']]['say']}" for q in quiz}


def by_words(texts: Mapping[str, str]) -> list[Pair]:
    """Return all pairs of texts, the most alike first: cosine of their words, where rare words count for more."""
    said = [set(plain(text).split()) for text in texts.values()]
    number = {word: place for place, word in enumerate(sorted(set().union(*said)))}
    count = Counter(word for words in said for word in words)
    weights: Array = np.zeros((len(said), len(number)), dtype=np.float32)
    for row, words in zip(weights, said, strict=True):
        for word in words:
            row[number[word]] = math.log(1 + len(said) / count[word])
    return _pairs(list(texts), weights)


def by_meaning(texts: Mapping[str, str], language: str) -> list[Pair]:
    """Return all pairs of texts, the most alike first: cosine of MiniLM's vectors, which are kept between runs."""
    from skill.making import engine

    vectors = engine.remembered_vectors(engine.encoder({}), list(texts.values()), f"likeness-{language}")
    return _pairs(list(texts), vectors)


def _pairs(ids: list[str], vectors: Array) -> list[Pair]:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = units @ units.T
    ones, others = np.triu_indices(len(ids), 1)
    order = np.argsort(-likeness[ones, others], kind="stable")
    return [Pair(float(likeness[ones[k], others[k]]), ids[ones[k]], ids[others[k]]) for k in order]
