"""A linear classifier over hashed words and letters: a compact file, a few milliseconds to load, no numpy needed."""

from __future__ import annotations

import json
import math
import struct
import zlib
from array import array
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from skill.errors import NotCompiledError
from skill.words import grams

MAGIC = b"HBW1"


@dataclass(frozen=True)
class Weights:
    """One weight a bucket and class, as small whole numbers, and what turns sums of them into probabilities."""

    classes: tuple[str, ...]
    bits: int
    """Features are hashed into 2 ** bits buckets."""
    idf: array[float]
    """Inverse document frequency of each bucket; 0 where no training line had it."""
    bias: array[float]
    scale: float
    """What a whole-number weight of 1 stands for."""
    temperature: float
    """What the scores are multiplied with before the softmax, fitted on writers left out."""
    table: bytes
    """Signed bytes: the weights of bucket 0, then of bucket 1, and so on."""

    def scores(self, text: str) -> list[float]:
        """Return the score of each class for `text`, in the order of `classes`."""
        counts = Counter(bucket(feature, self.bits) for feature in grams(text))
        values = {b: (1.0 + math.log(n)) * self.idf[b] for b, n in counts.items() if self.idf[b]}
        norm = math.sqrt(sum(v * v for v in values.values())) or 1.0
        width = len(self.classes)
        sums = [0.0] * width
        rows = memoryview(self.table).cast("b")
        for b, value in values.items():
            sums = [
                total + value * weight for total, weight in zip(sums, rows[b * width : (b + 1) * width], strict=True)
            ]
        return [total * self.scale / norm + bias for total, bias in zip(sums, self.bias, strict=True)]

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each class for `text`."""
        scores = [score * self.temperature for score in self.scores(text)]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        total = sum(odds)
        return {name: value / total for name, value in zip(self.classes, odds, strict=True)}


def bucket(feature: str, bits: int) -> int:
    """Return the bucket of a feature; CRC-32, since it is the same on every machine."""
    return zlib.crc32(feature.encode()) & ((1 << bits) - 1)


def write(path: Path, weights: Weights, settings: dict[str, float]) -> None:
    """Write `weights`, and the thresholds that were set with them, to one file."""
    header = json.dumps(
        {
            "classes": weights.classes,
            "bits": weights.bits,
            "scale": weights.scale,
            "temperature": weights.temperature,
            "settings": settings,
        },
        sort_keys=True,
    ).encode()
    body = weights.idf.tobytes() + weights.bias.tobytes() + weights.table
    path.write_bytes(MAGIC + struct.pack("<I", len(header)) + header + body)


def read(path: Path) -> tuple[Weights, dict[str, float]]:
    """Return the weights in a file and the thresholds beside them. Raises NotCompiledError where it can't be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotCompiledError("the answering engine has not been built: run `make setup`") from None
    if data[:4] != MAGIC:
        raise NotCompiledError(f"{path.name} was built for another version: run `make setup`")
    (length,) = struct.unpack("<I", data[4:8])
    header = json.loads(data[8 : 8 + length])
    at, width, size = 8 + length, len(header["classes"]), 1 << header["bits"]
    idf, bias = array("f"), array("f")
    idf.frombytes(data[at : at + 4 * size])
    bias.frombytes(data[at + 4 * size : at + 4 * (size + width)])
    weights = Weights(
        classes=tuple(header["classes"]),
        bits=header["bits"],
        idf=idf,
        bias=bias,
        scale=header["scale"],
        temperature=header["temperature"],
        table=data[at + 4 * (size + width) :],
    )
    return weights, header["settings"]
