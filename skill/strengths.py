"""Which topics of the quiz a listener knows well, which they miss, and which they have not met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from skill.library import Question
from skill.listener import Memory
from skill.quiz import retrievability

ENOUGH_QUESTIONS, ENOUGH_ANSWERS = 2, 3
"""A topic is judged from so many different questions, or answers, on: one answer to a true or false may be luck."""
STRONG_SHARE = 0.75
"""A strong topic has at least three of four answers right: who guesses gets half of them, or a third."""
STRONG_RECALL = 0.8
"""And its answers are still there, by the mean over its questions of what FSRS expects: what was right once keeps this
for about four weeks, what was right more often for months."""
WEAK_SHARE = 0.5
"""A weak topic has fewer right than wrong; a skipped answer and "I don't know" count as not known."""


@dataclass(frozen=True)
class Strengths:
    """Topic ids by how well a listener knows them; a topic in none of these is somewhere between, or hardly tried."""

    strong: tuple[str, ...]
    """The strongest first."""
    weak: tuple[str, ...]
    """The weakest first."""
    new: tuple[str, ...]
    """Those of which no question was ever asked, in the order of the content."""


def strengths(quiz: Mapping[str, Question], memories: Mapping[str, Memory], now: datetime) -> Strengths:
    """Return the strengths at `now`, which is aware; memories of questions that are gone count for nothing."""
    by_topic: dict[str, list[Memory]] = {}
    for question in quiz.values():
        found = memories.get(question.id)
        by_topic.setdefault(question.topic, []).extend([found] if found else [])
    strong: dict[str, tuple[float, int]] = {}
    weak: dict[str, tuple[float, int]] = {}
    for topic, known in by_topic.items():
        seen = sum(m.seen for m in known)
        if len(known) < ENOUGH_QUESTIONS and seen < ENOUGH_ANSWERS:
            continue
        share = sum(m.right for m in known) / seen
        recall = sum(retrievability(m, now) for m in known) / len(known)
        if share < WEAK_SHARE:
            weak[topic] = (share * recall, -seen)
        elif share >= STRONG_SHARE and recall >= STRONG_RECALL:
            strong[topic] = (-share * recall, -seen)
    return Strengths(
        strong=tuple(sorted(strong, key=lambda topic: (strong[topic], topic))),
        weak=tuple(sorted(weak, key=lambda topic: (weak[topic], topic))),
        new=tuple(topic for topic, known in by_topic.items() if not known),
    )
