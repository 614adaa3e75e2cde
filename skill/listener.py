"""What is remembered of a listener between sessions, and how two versions of it merge.

The merge is commutative and idempotent: it takes the later or the larger of two values, or the union of two
collections, so that two devices of one household lose nothing of each other's, in whatever order they save.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from skill.reminder import Reminder, later
from skill.tips import Streak

ROUNDS_KEPT = 10
"""How many finished rounds are remembered."""

VERDICTS = ("right", "wrong", "skipped", "told")
"""What can become of an asked question; "told" is for "I don't know"."""


@dataclass(frozen=True)
class Memory:
    """How well a listener knows one quiz question, as FSRS keeps it."""

    stability: float
    """Days after which nine in ten would still know it."""
    difficulty: float
    """1 easy to 10 hard."""
    last: str
    """When it was last asked: ISO 8601, UTC, to the second."""
    seen: int
    right: int


@dataclass(frozen=True)
class Round:
    """Five questions of the quiz, in the order in which they are asked."""

    id: str
    """When it began: ISO 8601, UTC, with microseconds, so that the later of two rounds has the greater id; then a space
    and eight digits of chance, so that no two devices begin the same round."""
    questions: tuple[str, ...]
    marks: tuple[str, ...] = ()
    """One of VERDICTS for each question that has been asked and dealt with."""

    @property
    def open(self) -> str | None:
        """The id of the question that waits for an answer; None where the round is over."""
        return self.questions[len(self.marks)] if len(self.marks) < len(self.questions) else None

    @property
    def number(self) -> int:
        """The number of the open question, from 1."""
        return len(self.marks) + 1

    @property
    def right(self) -> int:
        """How many have been answered right so far."""
        return self.marks.count("right")


@dataclass(frozen=True)
class Listener:
    """Everything that is kept of one person; none of it is in their own words."""

    launches: int = 0
    """How often the skill was opened by name."""
    memories: Mapping[str, Memory] = field(default_factory=dict)
    """By question id."""
    round: Round | None = None
    """The round in hand or, when that is over, the last one."""
    rounds: tuple[tuple[str, int, int], ...] = ()
    """The last finished rounds, oldest first: id, right, asked."""
    streak: Streak | None = None
    said: Mapping[str, int] = field(default_factory=dict)
    """Which wording of a welcome, a goodbye or a pause was heard last, by kind, so that the next one differs."""
    reminder: Reminder | None = None
    """The daily reminder, or that it was cancelled; None where there never was one."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON that from_dict reads; what is empty is left out."""
        data: dict[str, Any] = {
            "launches": self.launches,
            "memories": {
                id: [round(m.stability, 3), round(m.difficulty, 3), m.last, m.seen, m.right]
                for id, m in sorted(self.memories.items())
            },
            "round": self.round and [self.round.id, list(self.round.questions), list(self.round.marks)],
            "rounds": [list(finished) for finished in self.rounds],
            "streak": self.streak and [self.streak.first.isoformat(), self.streak.last.isoformat()],
            "said": dict(sorted(self.said.items())),
            "reminder": self.reminder and self.reminder.to_list(),
        }
        return {name: value for name, value in data.items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Listener:
        """Return the listener that to_dict wrote. Raises ValueError where `data` can't be one."""
        try:
            return cls._from_dict(data)
        except (TypeError, LookupError, ArithmeticError, AttributeError) as error:
            raise ValueError(f"not a listener: {type(error).__name__}") from error

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Listener:
        quiz_round, streak = data.get("round"), data.get("streak")
        return cls(
            launches=int(data.get("launches", 0)),
            memories={str(id): _memory(*values) for id, values in data.get("memories", {}).items()},
            round=round_from_list(quiz_round) if quiz_round else None,
            rounds=tuple((str(id), int(right), int(asked)) for id, right, asked in data.get("rounds", [])),
            streak=Streak(date.fromisoformat(streak[0]), date.fromisoformat(streak[1])) if streak else None,
            said={str(kind): int(index) for kind, index in data.get("said", {}).items()},
            reminder=Reminder.from_list(data["reminder"]) if data.get("reminder") else None,
        )


def _memory(stability: Any, difficulty: Any, last: Any, seen: Any, right: Any) -> Memory:
    memory = Memory(float(stability), float(difficulty), str(last), int(seen), int(right))
    if not (math.isfinite(memory.stability) and math.isfinite(memory.difficulty)):
        raise ValueError("not a memory")
    if datetime.fromisoformat(memory.last).tzinfo is None:
        raise ValueError("not a time with its zone")
    return memory


def round_from_list(data: list[Any]) -> Round:
    """Return the round in `data`, as to_dict writes it. Raises ValueError where it can't be one."""
    id, questions, marks = data
    if not questions or len(marks) > len(questions) or not set(marks) <= set(VERDICTS):
        raise ValueError("not a round")
    return Round(str(id), tuple(map(str, questions)), tuple(map(str, marks)))


def finished(listener: Listener) -> Listener:
    """Return `listener` with the round in hand, when it is over, among the finished ones."""
    done = listener.round
    if done is None or done.open is not None:
        return listener
    record = (done.id, done.right, len(done.questions))
    return replace(listener, rounds=_latest({*listener.rounds, record}))


def merged(one: Listener, other: Listener) -> Listener:
    """Return what two versions of the same listener hold together."""
    both = Listener(
        launches=max(one.launches, other.launches),
        memories={
            id: max(
                (v.memories[id] for v in (one, other) if id in v.memories),
                key=lambda m: (m.last, m.seen, m.right, m.stability, m.difficulty),
            )
            for id in one.memories.keys() | other.memories.keys()
        },
        round=_merged_round(one.round, other.round),
        rounds=_latest({*one.rounds, *other.rounds}),
        streak=one.streak.joined(other.streak) if one.streak and other.streak else one.streak or other.streak,
        said={
            kind: max(one.said.get(kind, 0), other.said.get(kind, 0)) for kind in one.said.keys() | other.said.keys()
        },
        reminder=later(one.reminder, other.reminder),
    )
    return finished(both)


def _merged_round(one: Round | None, other: Round | None) -> Round | None:
    """Return the later round; of two versions of one round, the one with more answers."""
    return max((r for r in (one, other) if r), key=lambda r: (r.id, len(r.marks), r.marks), default=None)


def _latest(rounds: set[tuple[str, int, int]]) -> tuple[tuple[str, int, int], ...]:
    """Return the last rounds by id, one for each id."""
    by_id: dict[str, tuple[str, int, int]] = {}
    for record in sorted(rounds):
        by_id[record[0]] = record
    return tuple(by_id[id] for id in sorted(by_id)[-ROUNDS_KEPT:])
