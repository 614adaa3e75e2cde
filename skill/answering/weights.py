"""From a text to how likely each class is: a linear classifier over words and letters, and one over its meaning."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.answering.encoder import Array, Stored
from skill.words import grams

BITS = 16
"""Features are hashed into 2 ** BITS buckets."""


@dataclass(frozen=True)
class Linear:
    """A linear classifier over hashed words and runs of letters: it knows the very words that people used."""

    idf: Array
    """Inverse document frequency of each bucket; 0 where no line had it."""
    table: NDArray[np.int8]
    """The weights, (buckets x classes)."""
    scale: Array
    """What a weight of 1 stands for, (1)."""
    bias: Array

    def scores(self, text: str) -> Array:
        """Return the score of each class."""
        values = features(counted(text), self.idf)
        weights = self.table[list(values)].astype(np.float32)
        sums: Array = np.fromiter(values.values(), np.float32, len(values)) @ weights * self.scale[0] + self.bias
        return sums


@dataclass(frozen=True)
class Head:
    """What tells one set of classes apart."""

    classes: tuple[str, ...]
    weights: Array
    """Over the vector of the encoder, (384 x classes)."""
    bias: Array
    linear: Linear
    trust: tuple[float, float]
    """What the scores of the two are multiplied with before they are added up, meaning first; fitted on writers that
    were left out, so that the chances hold for strangers."""

    def chances(self, text: str, vector: Array) -> dict[str, float]:
        """Return the probability of each class for `text`, whose meaning is `vector`."""
        meaning, words = self.trust
        scores = meaning * (vector @ self.weights + self.bias) + words * self.linear.scores(text)
        odds = np.exp(scores - scores.max())
        return dict(zip(self.classes, (odds / odds.sum()).tolist(), strict=True))


def bucket(feature: str) -> int:
    """Return the bucket of a feature; CRC-32, since it is the same on every machine."""
    return zlib.crc32(feature.encode()) & ((1 << BITS) - 1)


def counted(text: str) -> Counter[int]:
    """Return how often `text` falls into each bucket."""
    return Counter(bucket(feature) for feature in grams(text))


def features(counts: Mapping[int, int], idf: Array) -> dict[int, float]:
    """Return the TF-IDF value of each bucket with a frequency, of length 1 as a whole."""
    values = {b: (1.0 + math.log(n)) * float(idf[b]) for b, n in counts.items() if idf[b]}
    norm = math.sqrt(sum(v * v for v in values.values())) or 1.0
    return {b: v / norm for b, v in values.items()}


def head(name: str, arrays: Mapping[str, Stored], classes: tuple[str, ...], trust: tuple[float, float]) -> Head:
    """Return the head called `name` among the engine's arrays."""

    def floats(part: str) -> Array:
        return np.array(arrays[f"{name}.{part}"], dtype=np.float32)

    table = np.array(arrays[f"{name}.table"], dtype=np.int8)
    linear = Linear(floats("idf"), table, floats("scale"), floats("words_bias"))
    return Head(classes, floats("weights"), floats("bias"), linear, trust)
