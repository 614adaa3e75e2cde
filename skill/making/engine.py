"""Builds the engine that understands questions: what tells topics, commands and danger apart on top of the encoder.

The encoder itself is tuned once, and by hand, by `make tune`; see tuning/. What stands on it is trained anew whenever
the content changes, so that a counsellor's line is understood after half a minute.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from skill.answering.deciding import COMMAND, FOLLOW, Costs
from skill.answering.encoder import Array, Encoder, Stored, packed, stored
from skill.answering.weights import BITS, bucket, features
from skill.making import minilm
from skill.making.source import Source
from skill.words import grams, plain

TUNED = Path(__file__).parent / "tuned"
VECTORS = Path(__file__).parents[2] / "build" / "vectors"
"""Where vectors of lines are kept between builds."""
DANGER = ("none", "violence", "crisis")
SHARED_WRITERS = ("names", "commands", "follows", "team")
"""Lines that are nobody's own; leaving these writers out would leave a class without lines."""
WORDS_PENALTY = 0.6
MEANING_PENALTY = 3.0
"""The C of each classifier (scikit-learn's), chosen by leaving writers out."""


UNTUNED: dict[str, Any] = {
    "trust": {"topics": (0.4, 3.7), "danger": (0.6, 1.0)},
    "costs": asdict(Costs()),
    "alarm_from": 0.3,
    "pattern_from": 0.1,
}
"""The settings for a language that nobody has tuned the encoder to."""


@dataclass(frozen=True)
class Line:
    """One line to learn from."""

    text: str
    topic: str | None
    """A topic's id, near, far, "command INTENT" or "follow KIND"; None where only the danger is known."""
    danger: str
    """none, violence or crisis."""
    writer: str
    bordering: bool = False
    """Whether it was written as danger or as its look-alike."""


def lines(source: Source) -> list[Line]:
    """Return all the lines to learn from, each text once."""
    found = [
        Line(text, topic["id"], "none", writer)
        for topic in source.topics
        for writer, texts in (topic["questions"] | {"names": topic["names"]}).items()
        for text in texts
    ]
    found += [
        Line(text, kind, "none", writer)
        for kind, by in source.outside.items()
        for writer, texts in by.items()
        for text in texts
    ]
    found += [
        Line(text, COMMAND + intent, "none", "commands") for intent, texts in source.commands.items() for text in texts
    ]
    found += [
        Line(text, FOLLOW + kind, "none", "follows") for kind, data in source.follows.items() for text in data["lines"]
    ]
    found += [
        Line(text, None, kind, writer, True)
        for kind, by in source.danger.items()
        for writer, texts in by.items()
        for text in texts
    ]
    return list({plain(line.text): line for line in reversed(found)}.values())[::-1]


def tuned(language: str) -> tuple[dict[str, Stored], dict[str, Any]]:
    """Return what tuning changed of MiniLM for a language, and the settings; nothing where it has not been tuned."""
    path = TUNED / f"{language}.npz"
    if not path.exists():
        return {}, UNTUNED
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    return arrays, json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def encoder(found: Mapping[str, Stored]) -> dict[str, Stored]:
    """Return the arrays of the encoder, as they are kept: MiniLM's own, but for those that tuning changed."""
    return stored(minilm.arrays()) | {"vocabulary": packed(minilm.vocabulary())} | dict(found)


def build(source: Source) -> tuple[dict[str, Stored], dict[str, Any]]:
    """Return the arrays of the engine, and the settings that go with them."""
    found, settings = tuned(source.language)
    arrays = encoder(found)
    learned = lines(source)
    vectors = remembered_vectors(arrays, [line.text for line in learned])
    classes: dict[str, list[str]] = {}
    for name, labels in labelled(learned).items():
        classes[name], made = head(learned, vectors, labels)
        arrays |= {f"{name}.{part}": array for part, array in made.items()}
    return arrays, {
        "classes": classes,
        "alone": {kind: data["alone"] for kind, data in source.follows.items() if data["alone"]},
        **{name: settings[name] for name in ("trust", "costs", "alarm_from", "pattern_from")},
    }


def folds(learned: Sequence[Line], count: int = 3) -> list[set[str]]:
    """Return the writers that each fold leaves out: some of each kind of lines, and every writer once."""
    kinds: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for line in learned:
        if line.writer not in SHARED_WRITERS:
            kinds[line.bordering][line.writer] += 1
    found: list[set[str]] = [set() for _ in range(count)]
    for writers in kinds.values():
        for place, writer in enumerate(sorted(writers, key=lambda name: (-writers[name], name))):
            found[place % count].add(writer)
    return found


def labelled(learned: Sequence[Line]) -> dict[str, list[str | None]]:
    """Return the label of each line for each head; None where it has none."""
    return {"topics": [line.topic for line in learned], "danger": [line.danger for line in learned]}


def head(learned: Sequence[Line], vectors: Array, labels: Sequence[str | None]) -> tuple[list[str], dict[str, Stored]]:
    """Return the classes and the arrays of a head (weights.head)."""
    meaning, words, idf, unit = _fitted(learned, vectors, labels)
    table = words.coef_.T
    scale = float(np.abs(table).max()) / 127.0
    return [str(name) for name in words.classes_], {
        "weights": (meaning.coef_.T / unit).astype(np.float32),
        "bias": meaning.intercept_.astype(np.float32),
        "idf": idf,
        "table": np.round(table / scale).astype(np.int8),
        "scale": np.array([scale], np.float32),
        "words_bias": words.intercept_.astype(np.float32),
    }


def scores(
    learned: Sequence[Line], vectors: Array, labels: Sequence[str | None], texts: Sequence[str], meanings: Array
) -> tuple[list[str], Array, Array]:
    """Return the classes, and the scores of other texts by meaning and by words, each (texts x classes)."""
    meaning, words, idf, unit = _fitted(learned, vectors, labels)
    classes = [str(name) for name in words.classes_]
    return classes, meaning.decision_function(meanings / unit), words.decision_function(matrix(texts, idf))


def _fitted(
    learned: Sequence[Line], vectors: Array, labels: Sequence[str | None]
) -> tuple[LogisticRegression, LinearSVC, Array, float]:
    """Return a classifier of vectors, one of words and the frequencies it goes with, and the unit of the vectors."""
    rows = [i for i, label in enumerate(labels) if label is not None]
    truth = [labels[i] for i in rows]
    # Tuning stretches the vectors; at a length of about 1 the penalty means the same, and fewer steps are needed.
    unit = float(np.linalg.norm(vectors, axis=1).mean())
    meaning = LogisticRegression(C=MEANING_PENALTY, class_weight="balanced", max_iter=200)
    meaning.fit(vectors[rows] / unit, truth)
    found, idf = tfidf([learned[i].text for i in rows])
    words = LinearSVC(C=WORDS_PENALTY, class_weight="balanced", random_state=0).fit(found, truth)
    return meaning, words, idf, unit


def tfidf(texts: Sequence[str]) -> tuple[csr_matrix, Array]:
    """Return the features of texts, (texts x buckets), and the inverse document frequencies."""
    seen = Counter(b for text in texts for b in {bucket(feature) for feature in grams(text)})
    idf = np.zeros(1 << BITS, dtype=np.float32)
    for b, n in seen.items():
        idf[b] = math.log((1 + len(texts)) / (1 + n)) + 1.0
    return matrix(texts, idf), idf


def matrix(texts: Sequence[str], idf: Array) -> csr_matrix:
    """Return the features of texts, (texts x buckets), with the frequencies of other texts."""
    rows = [features(text, idf) for text in texts]
    starts = np.cumsum([0, *map(len, rows)])
    data = [value for row in rows for value in row.values()]
    return csr_matrix((data, [b for row in rows for b in row], starts), shape=(len(texts), 1 << BITS))


def remembered_vectors(arrays: Mapping[str, Stored], texts: Sequence[str], name: str = "tuned") -> Array:
    """Return the vector of each text, (texts x 384); those of an earlier build are not worked out again.

    One file is kept for each `name`.
    """
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    path = VECTORS / f"{name}-{digest.hexdigest()[:16]}.npz"
    known: dict[str, Array] = {}
    if path.exists():
        with np.load(path) as file:
            known = dict(zip(file["texts"].tolist(), file["vectors"], strict=True))
    said = [plain(text) for text in texts]
    new = sorted({text for text in said if text not in known})
    if new:
        known |= dict(zip(new, Encoder(arrays).vectors(new), strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{name}-*.npz"):
            old.unlink()
        np.savez(path, texts=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[text] for text in said])
