"""A small sentence encoder in numpy: MiniLM-L6 (a BERT of six layers), tuned to this skill's questions.

The architecture is BERT's (Devlin et al. 2018) with the sizes of MiniLM (Wang et al. 2020). Matrices are kept as signed
bytes with one scale an output, a quarter of their size, and are spread out to floats when they are loaded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEADS = 12
LONGEST = 64
"""Tokens that are read of a text, the two marks at its ends included; a spoken question has about fourteen."""
EPSILON = np.float32(1e-12)
ROOT = np.float32(0.7978845608)
"""The square root of 2 over pi."""

Array = NDArray[np.float32]
Stored = NDArray[np.generic]


class Tokeniser:
    """Splits a text into the word pieces of BERT's uncased vocabulary (WordPiece)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary) if piece}
        self._start, self._end, self._unknown = (self._ids[mark] for mark in ("[CLS]", "[SEP]", "[UNK]"))

    def ids(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`, between the marks of its start and its end."""
        ids = [self._start]
        for word in self._words(text):
            ids += self._pieces(word)
        return [*ids[: LONGEST - 1], self._end]

    def _words(self, text: str) -> list[str]:
        letters = (c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
        return "".join(f" {c} " if unicodedata.category(c)[0] in "PS" else c for c in letters).split()

    def _pieces(self, word: str) -> list[int]:
        start, ids = 0, []
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._ids.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            ids.append(number)
            start = end
        return ids


@dataclass(frozen=True)
class Layer:
    """One layer; matrices are (inputs x outputs), norms are (2 x width): scale, then shift."""

    qkv: Array
    qkv_bias: Array
    out: Array
    out_bias: Array
    out_norm: Array
    up: Array
    up_bias: Array
    down: Array
    down_bias: Array
    down_norm: Array

    def __call__(self, x: Array) -> Array:
        """Return what the layer makes of texts of equal length, (texts x tokens x width)."""
        texts, tokens, width = x.shape
        flat = x.reshape(-1, width)
        # One product for all the texts: many small ones take several times as long.
        qkv = (flat @ self.qkv + self.qkv_bias).reshape(texts, tokens, 3, HEADS, width // HEADS)
        q, k, v = qkv.transpose(2, 0, 3, 1, 4)
        weights = q @ k.swapaxes(-1, -2)
        weights *= np.float32((width // HEADS) ** -0.5)
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ v).transpose(0, 2, 1, 3).reshape(-1, width)
        flat = _normed(flat + seen @ self.out + self.out_bias, self.out_norm)
        flat = _normed(flat + _gelu(flat @ self.up + self.up_bias) @ self.down + self.down_bias, self.down_norm)
        return flat.reshape(x.shape)


MATRICES = ("qkv", "out", "up", "down")
"""The matrices of a layer."""


class Encoder:
    """From a text to a vector of 384 numbers that stands for its meaning."""

    def __init__(self, arrays: Mapping[str, Stored]) -> None:
        """Take the arrays as `stored` lays them out, and the vocabulary as `packed` does."""
        self._tokeniser = Tokeniser(arrays["vocabulary"].tobytes().decode().split("\n"))
        self._words = arrays["words"]
        self._word_scales = _floats(arrays["words.scale"])
        self._places = _floats(arrays["places"])
        self._norm = _floats(arrays["norm"])
        count = sum(name.endswith(".qkv") for name in arrays)
        self._layers = [_layer(arrays, number) for number in range(count)]

    def vector(self, text: str) -> Array:
        """Return the vector of `text`, (384)."""
        first: Array = self._read([self._tokeniser.ids(text)])[0]
        return first

    def vectors(self, texts: Sequence[str]) -> Array:
        """Return the vector of each text, (texts x 384); many at a time go several times faster than one by one."""
        ids = [self._tokeniser.ids(text) for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        found = np.empty((len(ids), len(self._norm[0])), dtype=np.float32)
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and end - start < 64 and len(ids[order[end]]) == len(ids[order[start]]):
                end += 1
            found[order[start:end]] = self._read([ids[i] for i in order[start:end]])
            start = end
        return found

    def _read(self, ids: Sequence[Sequence[int]]) -> Array:
        """Return the mean of the tokens of each text; all of them have the same number."""
        numbers = np.array(ids)
        x = self._words[numbers].astype(np.float32) * self._word_scales[numbers]
        x = _normed(x + self._places[: numbers.shape[1]], self._norm)
        for layer in self._layers:
            x = layer(x)
        means: Array = x.mean(axis=1)
        return means


def packed(vocabulary: Sequence[str]) -> Stored:
    """Return the word pieces as one array."""
    return np.frombuffer("\n".join(vocabulary).encode(), np.uint8)


def stored(arrays: Mapping[str, Array]) -> dict[str, Stored]:
    """Return the arrays of an encoder as they are kept: matrices, (outputs x inputs), as bytes with a scale a row."""
    made: dict[str, Stored] = {}
    for name, array in arrays.items():
        if name == "words" or name.split(".")[-1] in MATRICES:
            scales = np.maximum(np.abs(array).max(axis=1, keepdims=True), 1e-8) / 127.0
            made[name] = np.round(array / scales).astype(np.int8)
            made[f"{name}.scale"] = scales.astype(np.float32)
        else:
            made[name] = array
    return made


def _layer(arrays: Mapping[str, Stored], number: int) -> Layer:
    parts = {name: _floats(arrays[f"{number}.{name}"]) for name in Layer.__dataclass_fields__}
    for name in MATRICES:
        # Laid out anew, since the product with a transposed view takes a third longer.
        parts[name] = np.ascontiguousarray((parts[name] * _floats(arrays[f"{number}.{name}.scale"])).T)
    return Layer(**parts)


def _floats(array: Stored) -> Array:
    return np.array(array, dtype=np.float32)


def _normed(x: Array, norm: Array) -> Array:
    x = x - x.mean(axis=-1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + EPSILON)
    normed: Array = x * norm[0] + norm[1]
    return normed


def _gelu(x: Array) -> Array:
    """Return GELU in its tanh form (Hendrycks and Gimpel 2016); the encoder is tuned with the same form."""
    bent: Array = np.float32(0.5) * x * (1 + np.tanh(ROOT * (x + np.float32(0.044715) * x * x * x)))
    return bent
