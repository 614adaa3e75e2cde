"""Builds the engine that understands questions: what tells topics, commands and danger apart on top of the encoder.

The encoder itself is tuned once, and by hand, by `make tune`; see tuning/. What stands on it is trained anew whenever
the content changes, so that a counsellor's line is understood a minute later.
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
from threadpoolctl import threadpool_limits

from skill.answering.deciding import COMMAND, FOLLOW, Costs
from skill.answering.encoder import Array, Encoder, Stored, packed, stored
from skill.answering.weights import BITS, counted, features
from skill.making import minilm
from skill.making.source import Source
from skill.words import plain

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
    vectors = remembered_vectors(arrays, [line.text for line in learned], source.language)
    lesson = Lesson(vectors, [counted(line.text) for line in learned])
    classes: dict[str, list[str]] = {}
    for name, labels in labelled(learned).items():
        fitted = Fitted(lesson, labels)
        classes[name] = fitted.classes
        arrays |= {f"{name}.{part}": array for part, array in fitted.arrays().items()}
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


@dataclass(frozen=True)
class Lesson:
    """Lines as a classifier takes them in."""

    vectors: Array
    """What each means, (lines x 384)."""
    counts: Sequence[Mapping[int, int]]
    """How often each falls into each bucket of its words and letters."""

    def only(self, rows: Sequence[int]) -> Lesson:
        """Return some of the lines."""
        return Lesson(self.vectors[list(rows)], [self.counts[i] for i in rows])


class Fitted:
    """The two classifiers of a head, as trained on a lesson."""

    def __init__(self, lesson: Lesson, labels: Sequence[str | None]) -> None:
        rows = [i for i, label in enumerate(labels) if label is not None]
        lesson, truth = lesson.only(rows), [labels[i] for i in rows]
        # Tuning stretches the vectors; at a length of about 1 the penalty means the same, and fewer steps are needed.
        self._unit = float(np.linalg.norm(lesson.vectors, axis=1).mean())
        self._meaning = LogisticRegression(C=MEANING_PENALTY, class_weight="balanced", max_iter=200)
        # Sums that threads share out come out otherwise by a hair, and the same content must give the same bytes.
        with threadpool_limits(limits=1, user_api="blas"):
            self._meaning.fit(lesson.vectors / self._unit, truth)
        self._idf = _frequencies(lesson.counts)
        self._words = LinearSVC(C=WORDS_PENALTY, class_weight="balanced", random_state=0)
        self._words.fit(_matrix(lesson.counts, self._idf), truth)
        self.classes = [str(name) for name in self._words.classes_]

    def scores(self, lesson: Lesson) -> tuple[Array, Array]:
        """Return the scores of other lines by meaning and by words, each (lines x classes)."""
        meaning = self._meaning.decision_function(lesson.vectors / self._unit)
        return meaning, self._words.decision_function(_matrix(lesson.counts, self._idf))

    def arrays(self) -> dict[str, Stored]:
        """Return what weights.head reads."""
        table = self._words.coef_.T
        scale = float(np.abs(table).max()) / 127.0
        return {
            "weights": (self._meaning.coef_.T / self._unit).astype(np.float32),
            "bias": self._meaning.intercept_.astype(np.float32),
            "idf": self._idf,
            "table": np.round(table / scale).astype(np.int8),
            "scale": np.array([scale], np.float32),
            "words_bias": self._words.intercept_.astype(np.float32),
        }


def _frequencies(counts: Sequence[Mapping[int, int]]) -> Array:
    """Return the inverse document frequency of each bucket, 0 where no line falls into it."""
    seen = Counter(b for row in counts for b in row)
    idf = np.zeros(1 << BITS, dtype=np.float32)
    for b, n in seen.items():
        idf[b] = math.log((1 + len(counts)) / (1 + n)) + 1.0
    return idf


def _matrix(counts: Sequence[Mapping[int, int]], idf: Array) -> csr_matrix:
    """Return the features of lines, (lines x buckets)."""
    rows = [features(row, idf) for row in counts]
    starts = np.cumsum([0, *map(len, rows)])
    data = [value for row in rows for value in row.values()]
    return csr_matrix((data, [b for row in rows for b in row], starts), shape=(len(rows), 1 << BITS))


def remembered_vectors(arrays: Mapping[str, Stored], texts: Sequence[str], name: str) -> Array:
    """Return the vector of each text, (texts x 384); those of an earlier build are not worked out again.

    One file is kept for each `name`: a language, or whatever else has an encoder of its own.
    """
    digest = hashlib.sha256()
    for part in sorted(arrays):
        digest.update(part.encode() + np.ascontiguousarray(arrays[part]).tobytes())
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
