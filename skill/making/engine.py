"""Builds the engine that understands questions: trains two linear classifiers and sets their thresholds.

The ways to ask carry their writers' names. Confidences and thresholds are set on lines of writers that the classifier
has not seen, since strangers are what it will meet; a random split would flatter it.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from skill.answering.weights import Weights, bucket
from skill.making.source import Source
from skill.words import grams

BITS = 16
TOPIC_PENALTY = 0.6
DANGER_PENALTY = 0.6


@dataclass(frozen=True)
class Line:
    """One line to learn from."""

    text: str
    label: str
    writer: str


Built = tuple[Weights, dict[str, float]]


def build(source: Source) -> tuple[Built, Built]:
    """Return the classifier of topics and the one of danger, each with its thresholds."""
    topics = topic_lines(source)
    danger = danger_lines(source, topics)
    topic_temperature = _temperature(topics, TOPIC_PENALTY)
    danger_temperature = _temperature(danger, DANGER_PENALTY)
    return (
        (_train(topics, TOPIC_PENALTY, topic_temperature), dict(SETTINGS)),
        (_train(danger, DANGER_PENALTY, danger_temperature), {"alarm_from": 0.55}),
    )


SETTINGS = {
    "answer_from": 0.12,
    "outside_over": 0.3,
    "close_from": 0.5,
    "pair_from": 0.6,
    "clarify_outside_below": 0.2,
    "command_from": 0.8,
}
"""When to answer, to ask back, and to say "I don't know"; see Answerer.understand.

They cost least on lines of left-out writers, where a wrong answer costs 1, a choice that holds the right topic 0.25,
"I don't know" instead of an answer 1.2, and anything but "I don't know" to what lies outside 0.8.
"""


def topic_lines(source: Source) -> list[Line]:
    """Return the lines that tell topics, what lies outside them, and commands apart."""
    lines = [
        Line(text, topic["id"], writer)
        for topic in source.topics
        for writer, texts in topic["questions"].items()
        for text in texts
    ]
    lines += [Line(text, topic["id"], "names") for topic in source.topics for text in topic["names"]]
    lines += [
        Line(text, kind, writer)
        for kind, by in source.outside.items()
        for writer, texts in by.items()
        for text in texts
    ]
    lines += [
        Line(text, f"command {intent}", "commands") for intent, texts in source.commands.items() for text in texts
    ]
    return lines


def danger_lines(source: Source, topics: Sequence[Line]) -> list[Line]:
    """Return the lines that tell danger from what only sounds like it; ordinary questions are no danger."""
    lines = [
        Line(text, kind, writer) for kind, by in source.danger.items() for writer, texts in by.items() for text in texts
    ]
    return lines + [Line(line.text, "none", line.writer) for line in topics]


def _matrix(texts: Sequence[str], idf: np.ndarray | None) -> tuple[csr_matrix, np.ndarray]:
    counts = [Counter(bucket(feature, BITS) for feature in grams(text)) for text in texts]
    if idf is None:
        seen = Counter(b for row in counts for b in row)
        idf = np.zeros(1 << BITS, dtype=np.float32)
        for b, n in seen.items():
            idf[b] = math.log((1 + len(texts)) / (1 + n)) + 1.0
    data: list[float] = []
    indices: list[int] = []
    starts = [0]
    for row in counts:
        values = {b: (1.0 + math.log(n)) * float(idf[b]) for b, n in row.items() if idf[b]}
        norm = math.sqrt(sum(v * v for v in values.values())) or 1.0
        indices += values.keys()
        data += [v / norm for v in values.values()]
        starts.append(len(indices))
    return csr_matrix((data, indices, starts), shape=(len(texts), 1 << BITS)), idf


def _fit(matrix: csr_matrix, labels: Sequence[str], penalty: float) -> LinearSVC:
    return LinearSVC(C=penalty, class_weight="balanced", random_state=0).fit(matrix, labels)


def left_out(lines: Sequence[Line], penalty: float) -> tuple[np.ndarray, list[str], list[Line]]:
    """Return scores (lines x classes), the classes, and the lines, each scored by a classifier without its writer."""
    writers = sorted({line.writer for line in lines if line.writer not in ("names", "commands")})
    scores: list[np.ndarray] = []
    scored: list[Line] = []
    classes: list[str] = []
    for writer in writers:
        seen = [line for line in lines if line.writer != writer]
        unseen = [line for line in lines if line.writer == writer]
        matrix, idf = _matrix([line.text for line in seen], None)
        model = _fit(matrix, [line.label for line in seen], penalty)
        if classes and list(model.classes_) != classes:
            continue
        classes = list(model.classes_)
        scores.append(model.decision_function(_matrix([line.text for line in unseen], idf)[0]))
        scored += unseen
    return np.vstack(scores), classes, scored


def _temperature(lines: Sequence[Line], penalty: float) -> float:
    """Return the factor on the scores that makes the softmax's confidences hold on unseen writers' lines."""
    scores, classes, scored = left_out(lines, penalty)
    truth = np.array([classes.index(line.label) for line in scored])

    def surprise(factor: float) -> float:
        odds = scores * factor
        odds = odds - odds.max(axis=1, keepdims=True)
        logs = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(truth)), truth].mean())

    return min((round(0.5 * 1.1**step, 3) for step in range(40)), key=surprise)


def _train(lines: Sequence[Line], penalty: float, temperature: float) -> Weights:
    matrix, idf = _matrix([line.text for line in lines], None)
    model = _fit(matrix, [line.label for line in lines], penalty)
    table = model.coef_.T
    scale = float(np.abs(table).max()) / 127.0
    return Weights(
        classes=tuple(str(name) for name in model.classes_),
        bits=BITS,
        idf=array("f", idf.tolist()),
        bias=array("f", model.intercept_.tolist()),
        scale=scale,
        temperature=temperature,
        table=np.round(table / scale).astype(np.int8).tobytes(),
    )
