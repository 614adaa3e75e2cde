"""A simulated listener of the quiz, who knows some answers, guesses others, learns and forgets (docs/quiz.md)."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from skill.library import Question

SPREAD = 0.5
"""How far a question's hardness strays from its stated difficulty: one standard deviation, in steps of difficulty."""
HARDER = 0.7
"""One step harder makes the first half-life so much shorter (factor) ..."""
LESS_KNOWN = 0.15
"""... and the chance that it was known before the first round so much smaller."""
LONG_KNOWN = 365.0
"""Half-life, in days, of what a listener knew before the first round."""
KEPT = 0.5
"""After a miss, the explanation leaves this share of the half-life that was, and at least that of a first hearing."""


@dataclass(frozen=True)
class Kind:
    """A kind of listener."""

    name: str
    half_life: float = 5.0
    """Days after which half of what was heard once, at middling hardness, is forgotten."""
    known: float = 0.3
    """The chance that a question of middling hardness was known before the first round."""
    growth: float = 2.0
    """A recall makes the half-life 1 + growth * root(1 - chance of recall) times as long: twice at a chance of 3 in 4,
    hardly longer right after it was heard, and thrice at the edge of forgetting."""
    curve: Callable[[float], float] = lambda lives: 2.0**-lives
    """The chance of recall after so many half-lives."""


MIDDLING = Kind("middling")
KINDS = (
    Kind("forgets fast", half_life=2.0),
    Kind("forgets slowly", half_life=15.0),
    Kind("knows half already", known=0.5),
    Kind("gains little by recall", growth=1.0),
    Kind("forgets by a power curve", curve=lambda lives: 1.0 / (1.0 + lives)),
)


@dataclass(frozen=True)
class Trace:
    """What is left in a listener of one answer."""

    half_life: float
    """Days."""
    since: float
    """The day on which it was last heard or recalled."""


@dataclass
class Person:
    """One simulated listener, who answers and learns."""

    kind: Kind
    questions: Mapping[str, Question]
    luck: random.Random
    traces: dict[str, Trace] = field(default_factory=dict)
    hardness: dict[str, float] = field(default_factory=dict)
    """In steps of difficulty from the middle; 0 is middling."""

    def __post_init__(self) -> None:
        """Draw how hard each question is to this listener, and whether it is known already."""
        for id, question in self.questions.items():
            self.hardness[id] = question.difficulty - 2 + self.luck.gauss(0.0, SPREAD)
            if self.luck.random() < self.kind.known - LESS_KNOWN * self.hardness[id]:
                self.traces[id] = Trace(LONG_KNOWN, 0.0)

    def chance(self, id: str, day: float) -> float:
        """Return the chance that the answer is recalled on `day`, without guessing."""
        trace = self.traces.get(id)
        return self.kind.curve((day - trace.since) / trace.half_life) if trace else 0.0

    def asked(self, id: str, day: float) -> bool:
        """Return whether the answer is right, by recall or by luck, and learn from the explanation."""
        chance = self.chance(id, day)
        first = self.kind.half_life * HARDER ** self.hardness[id]
        trace = self.traces.get(id)
        if trace and self.luck.random() < chance:
            self.traces[id] = Trace(trace.half_life * (1 + self.kind.growth * (1 - chance) ** 0.5), day)
            return True
        self.traces[id] = Trace(max(first, trace.half_life * KEPT if trace else 0.0), day)
        return self.luck.random() < 1 / len(self.questions[id].choices)

    def knows(self, ids: Iterable[str], day: float) -> float:
        """Return the mean chance of recall over some questions."""
        return statistics.fmean(self.chance(id, day) for id in ids)
