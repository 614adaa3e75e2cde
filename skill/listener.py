"""What is remembered of a listener between sessions, and how two versions of it merge.

The merge is commutative and idempotent: it takes the later or the larger of two values, or the union of two
collections, so that two devices of one household lose nothing of each other's, in whatever order they save. Only a
deletion loses something, and that is all that was there before it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
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
    best: tuple[int, int] | None = None
    """The best round of all, right and asked; kept apart, since the last rounds need not hold it any more."""
    streak: Streak | None = None
    """The days on which they heard the tip."""
    practised: Streak | None = None
    """The days on which they finished a round."""
    forgotten: str = ""
    """When they were last forgotten: ISO 8601, UTC, with microseconds; nothing here is older."""
    said: Mapping[str, int] = field(default_factory=dict)
    """Which wording of a welcome, a goodbye or a pause was heard last, by kind, so that the next one differs."""
    reminder: Reminder | None = None
    """The daily reminder, or that it was cancelled; None where there never was one."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of them: they are new, or were forgotten."""
        return replace(self, forgotten="") == Listener()

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON that from_dict reads; what is empty is left out."""
        data: dict[str, Any] = {
            "launches": self.launches,
            "memories": _memories_to_dict(self.memories),
            "round": self.round and [self.round.id, list(self.round.questions), list(self.round.marks)],
            "rounds": [list(finished) for finished in self.rounds],
            "best": self.best and list(self.best),
            "streak": self.streak and [self.streak.first.isoformat(), self.streak.last.isoformat()],
            "practised": self.practised and [self.practised.first.isoformat(), self.practised.last.isoformat()],
            "forgotten": self.forgotten,
            "said": dict(sorted(self.said.items())),
            "reminder": self.reminder and self.reminder.to_list(),
        }
        return {name: value for name, value in data.items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Listener:
        """Return the listener that to_dict wrote. Raises ValueError where `data` can't be one."""
        try:
            return cls._from_dict(data)
        except (TypeError, LookupError, ArithmeticError, AttributeError, OSError) as error:
            raise ValueError(f"not a listener: {type(error).__name__}") from error

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Listener:
        quiz_round, best = data.get("round"), data.get("best")
        return cls(
            launches=int(data.get("launches", 0)),
            memories=_memories(data.get("memories", {})),
            round=round_from_list(quiz_round) if quiz_round else None,
            rounds=tuple((str(id), int(right), int(asked)) for id, right, asked in data.get("rounds", [])),
            best=(int(best[0]), int(best[1])) if best else None,
            streak=_streak(data.get("streak")),
            practised=_streak(data.get("practised")),
            forgotten=stamp(_aware(str(data["forgotten"]))) if data.get("forgotten") else "",
            said={str(kind): int(index) for kind, index in data.get("said", {}).items()},
            reminder=Reminder.from_list(data["reminder"]) if data.get("reminder") else None,
        )


def stamp(moment: datetime) -> str:
    """Return an aware `moment` as it is kept where devices have to be told apart by it: UTC, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _memories_to_dict(memories: Mapping[str, Memory]) -> dict[str, dict[str, list[Any]]]:
    """Return memories by topic and number, which the ids are made of, in half of the room that they would need whole.

    Three figures of stability and two of difficulty are finer than any choice that is made by them.
    """
    by_topic: dict[str, dict[str, list[Any]]] = {}
    for id, m in sorted(memories.items()):
        topic, _, number = id.rpartition("-")
        last = int(datetime.fromisoformat(m.last).timestamp())
        row = [float(f"{m.stability:.3g}"), float(f"{m.difficulty:.2g}"), last, m.seen, m.right]
        by_topic.setdefault(topic, {})[number] = row
    return by_topic


def _memories(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Memory]:
    return {
        f"{topic}-{number}" if topic else str(number): _memory(*values)
        for topic, rows in data.items()
        for number, values in rows.items()
    }


def _memory(stability: Any, difficulty: Any, last: Any, seen: Any, right: Any) -> Memory:
    when = datetime.fromtimestamp(int(last), UTC).isoformat(timespec="seconds")
    memory = Memory(float(stability), float(difficulty), when, int(seen), int(right))
    known = 0 < memory.stability < math.inf and math.isfinite(memory.difficulty)
    if not (known and 0 <= memory.right <= memory.seen and memory.seen):
        raise ValueError("not a memory")
    return memory


def _streak(data: Any) -> Streak | None:
    return Streak(date.fromisoformat(data[0]), date.fromisoformat(data[1])) if data else None


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("not a time with its zone")
    return moment


def round_from_list(data: list[Any]) -> Round:
    """Return the round in `data`, as to_dict writes it. Raises ValueError where it can't be one."""
    id, questions, marks = data
    if not questions or len(marks) > len(questions) or not set(marks) <= set(VERDICTS):
        raise ValueError("not a round")
    return Round(str(id), tuple(map(str, questions)), tuple(map(str, marks)))


def finished(listener: Listener) -> Listener:
    """Return `listener` with the round in hand, when it is over, among the finished ones, and the best of them kept."""
    done = listener.round
    over = {(done.id, done.right, len(done.questions))} if done is not None and done.open is None else set()
    rounds = _latest({*listener.rounds, *over}) if over else listener.rounds
    return replace(listener, rounds=rounds, best=_best(listener.best, *((right, asked) for _, right, asked in rounds)))


def merged(one: Listener, other: Listener) -> Listener:
    """Return what two versions of the same listener hold together.

    A version that is from before a deletion which the other one knows of has no part in it. What began before it can't
    be told from what came after, as a question's memory holds both, so such a version goes whole.
    """
    if one.forgotten != other.forgotten:
        return max(one, other, key=lambda version: version.forgotten)
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
        best=_best(one.best, other.best),
        streak=_joined(one.streak, other.streak),
        practised=_joined(one.practised, other.practised),
        forgotten=one.forgotten,
        said={
            kind: max(one.said.get(kind, 0), other.said.get(kind, 0)) for kind in one.said.keys() | other.said.keys()
        },
        reminder=later(one.reminder, other.reminder),
    )
    return finished(both)


def _best(*rounds: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the round with the most right; of two alike, the one that asked less."""
    return max((r for r in rounds if r), key=lambda r: (r[0], -r[1]), default=None)


def _joined(one: Streak | None, other: Streak | None) -> Streak | None:
    return one.joined(other) if one and other else one or other


def _merged_round(one: Round | None, other: Round | None) -> Round | None:
    """Return the later round; of two versions of one round, the one with more answers."""
    return max((r for r in (one, other) if r), key=lambda r: (r.id, len(r.marks), r.marks), default=None)


def _latest(rounds: set[tuple[str, int, int]]) -> tuple[tuple[str, int, int], ...]:
    """Return the last rounds by id, one for each id."""
    by_id: dict[str, tuple[str, int, int]] = {}
    for record in sorted(rounds):
        by_id[record[0]] = record
    return tuple(by_id[id] for id in sorted(by_id)[-ROUNDS_KEPT:])
