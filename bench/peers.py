"""What others would use to match a question with a topic, over the same lines as ours, each as it is usually used."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import bm25s
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from skill.answering import Answerer
from skill.answering.deciding import COMMAND, FOLLOW
from skill.answering.encoder import Array, Encoder
from skill.making import engine
from skill.making.settling import Strangers
from skill.words import plain


class Peer(Protocol):
    """One way to understand a question."""

    name: str

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """Learn lines with their labels; return the megabytes that have to be kept."""
        ...

    def ranked(self, text: str) -> list[str]:
        """Return the labels, likeliest first."""
        ...


def _by_neighbour(order: Sequence[int], labels: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(labels[i] for i in order))


def _megabytes(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / 1e6


@dataclass
class Fuzzy:
    """The best of rapidfuzz's scorers over all lines: the usual "did you mean"."""

    name: str = "best fuzzy match (rapidfuzz)"

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """Keep the lines."""
        self._texts, self._labels = list(texts), labels
        return _megabytes(texts)

    def ranked(self, text: str) -> list[str]:
        """Return the labels of the lines that are spelled most alike."""
        found = process.extract(text, self._texts, scorer=fuzz.token_sort_ratio, limit=30)
        return _by_neighbour([place for _, _, place in found], self._labels)


@dataclass
class Search:
    """BM25, what a search engine does."""

    name: str = "BM25 (bm25s)"

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """Index the lines."""
        self._labels = labels
        self._index = bm25s.BM25()
        self._index.index(bm25s.tokenize(list(texts), stopwords=None, show_progress=False), show_progress=False)
        return _megabytes(texts) * 2

    def ranked(self, text: str) -> list[str]:
        """Return the labels of the lines that share the rarest words."""
        tokens = bm25s.tokenize([text], stopwords=None, show_progress=False)
        found, _ = self._index.retrieve(tokens, k=30, show_progress=False)
        return _by_neighbour(found[0].tolist(), self._labels)


@dataclass
class Words:
    """TF-IDF over words and letters with a linear classifier."""

    name: str = "TF-IDF and logistic regression"

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """Fit it."""
        both = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[^ ]+"),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
        )
        classifier = LogisticRegression(C=10, class_weight="balanced", solver="saga", max_iter=25, tol=0.01)
        self._made = make_pipeline(both, classifier).fit(texts, labels)
        return float(self._made[-1].coef_.size * 4 / 1e6)

    def ranked(self, text: str) -> list[str]:
        """Return the labels by probability."""
        return [str(name) for name in self._made.classes_[np.argsort(-self._made.decision_function([text])[0])]]


@dataclass
class Meaning:
    """MiniLM as it comes, with the nearest line, or with a classifier over its vectors."""

    encoder: Encoder
    remembered: Callable[[Sequence[str]], Array]
    classifier: bool
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = "MiniLM and " + ("logistic regression" if self.classifier else "its nearest line")

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """Keep the vectors, or fit the classifier."""
        vectors = self.remembered(texts)
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._labels = labels
        if not self.classifier:
            return 23.7 + self._vectors.nbytes / 1e6
        self._made = LogisticRegression(C=10, class_weight="balanced", max_iter=200).fit(self._vectors, labels)
        return 23.7 + self._made.coef_.size * 4 / 1e6

    def ranked(self, text: str) -> list[str]:
        """Return the labels, likeliest first."""
        vector = self.encoder.vector(plain(text))
        vector = vector / np.linalg.norm(vector)
        if self.classifier:
            return [str(name) for name in self._made.classes_[np.argsort(-self._made.decision_function([vector])[0])]]
        return _by_neighbour(np.argsort(-(self._vectors @ vector))[:200].tolist(), self._labels)


@dataclass
class Ours:
    """The engine as it is built; it has learned commands and follow-ups besides."""

    answerer: Answerer
    megabytes: float
    name: str = "ours"

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """It has learned already."""
        return self.megabytes

    def ranked(self, text: str) -> list[str]:
        """Return the topics, near and far by probability."""
        return _questions(self.answerer.read(text).chances)


class LeftOut:
    """The engine on lines of writers it was tuned without, as tuning scored them."""

    name = "ours"

    def __init__(self, strangers: Strangers, trust: tuple[float, float]) -> None:
        self._classes = strangers.classes
        self._chances = dict(zip(map(plain, strangers.texts), strangers.chances(trust), strict=True))

    def __contains__(self, text: object) -> bool:
        return text in self._chances

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """It was tuned for each fold already."""
        return 0.0

    def ranked(self, text: str) -> list[str]:
        """Return the topics, near and far by probability."""
        return _questions(dict(zip(self._classes, self._chances[text].tolist(), strict=True)))


def _questions(chances: Mapping[str, float]) -> list[str]:
    """Return the classes that a question may belong to, likeliest first."""
    return [name for name in sorted(chances, key=lambda n: -chances[n]) if not name.startswith((COMMAND, FOLLOW))]


@dataclass(frozen=True)
class Row:
    """What is asked, and which labels are right; near and far count alike where nothing is."""

    text: str
    accepted: frozenset[str]


def scored(rankings: Sequence[Sequence[str]], rows: Sequence[Row]) -> dict[str, float]:
    """Return the shares right, among the first two topics, and declined of what is near and far."""
    outside = {"near", "far"}
    told: dict[str, list[bool]] = {"right": [], "top 2": [], "near": [], "far": []}
    for ranking, row in zip(rankings, rows, strict=True):
        kinds = row.accepted & outside
        if kinds:
            told[min(kinds)].append(ranking[0] in outside)
            continue
        topics = [name for name in ranking if name not in outside][:2]
        told["right"].append(ranking[0] in row.accepted)
        told["top 2"].append(bool(row.accepted & set(topics)))
    return {name: float(np.mean(hits)) for name, hits in told.items() if hits}


def milliseconds(peer: Peer, texts: Sequence[str]) -> float:
    """Return the median time that a peer takes for one text."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        peer.ranked(text)
        taken.append(time.perf_counter() - start)
    return 1000 * float(np.median(taken))


def lines_of(learned: Sequence[engine.Line]) -> tuple[list[str], list[str]]:
    """Return the texts and labels of topics, near and far."""
    kept = [x for x in learned if x.topic and not x.topic.startswith((COMMAND, FOLLOW))]
    return [plain(line.text) for line in kept], [line.topic or "" for line in kept]
