"""Why a sentence was taken for danger, or for a topic, in a form that a person can read and mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from skill.answering import Answerer
from skill.answering.encoder import Array
from skill.making import engine
from skill.making.source import Source

NEAREST = 4
"""How many lines are shown that the sentence is most like."""


@dataclass(frozen=True)
class Known:
    """The lines that the engine has learned, and what each means."""

    lines: Sequence[engine.Line]
    vectors: Array
    """(lines x 384), each of length 1."""

    @classmethod
    def of(cls, source: Source) -> Known:
        """Return the lines of a language's content."""
        lines = engine.lines(source)
        arrays = engine.encoder(engine.tuned(source.language)[0])
        vectors = engine.remembered_vectors(arrays, [line.text for line in lines], source.language)
        return cls(lines, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def nearest(self, vector: Array) -> Iterator[tuple[engine.Line, float]]:
        """Yield the lines that are most like `vector`, with their likeness, 1 at most."""
        likeness = self.vectors @ (vector / np.linalg.norm(vector))
        yield from ((self.lines[i], float(likeness[i])) for i in np.argsort(-likeness)[:NEAREST])


def explained(text: str, answerer: Answerer, known: Known) -> Iterator[str]:
    """Yield, line by line, what the engine makes of `text` and what it rests on."""
    reading = answerer.read(text)
    chances = answerer.watch.chances(reading.said, reading.vector)
    matched = answerer.watch.matched(reading.said)
    limit = answerer.watch.limit(matched)
    yield f"danger: {'yes, ' + reading.danger.kind if reading.danger else 'no'}"
    yield f"  violence {chances['violence']:.2f}, crisis {chances['crisis']:.2f}; help from {limit:.2f} on"
    yield from (f"  pattern of danger.yaml: {rule.why}" for rule in matched)
    weights = _weights(reading.said, answerer)
    if weights:
        yield "  words that speak for danger: " + ", ".join(f"{word} {weight:+.2f}" for word, weight in weights)
    yield "most like these lines:"
    for line, likeness in known.nearest(reading.vector):
        yield f"  {likeness:.2f}  {line.text!r} ({line.topic or line.danger}, {line.writer})"
    meaning = reading.meaning()
    yield f"without regard to danger: {meaning.command or meaning.outcome}"
    best = sorted(reading.chances.items(), key=lambda item: -item[1])[:NEAREST]
    yield "  " + ", ".join(f"{name} {chance:.2f}" for name, chance in best)


def _weights(said: str, answerer: Answerer) -> list[tuple[str, float]]:
    """Return the words without which danger would be less likely, with how much less, as logarithms of the odds."""

    def odds(words: list[str]) -> float:
        text = " ".join(words)
        found = answerer.watch.chances(text, answerer.encoder.vector(text))
        return float(np.log(found["violence"] + found["crisis"] + 1e-9) - np.log(found["none"] + 1e-9))

    words = said.split()
    whole = odds(words)
    drops = [(word, whole - odds(words[:i] + words[i + 1 :])) for i, word in enumerate(words)]
    return sorted((drop for drop in drops if drop[1] > 0.1), key=lambda drop: -drop[1])[:NEAREST]
