"""Listeners as they may come about, for hypothesis: what two devices of one household could have kept of one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from skill.listener import ROUNDS_KEPT, VERDICTS, Listener, Memory, Round, finished
from skill.reminder import Reminder
from skill.tips import Streak

QUESTIONS = [f"topic-{number}" for number in range(1, 9)]
"""So few ids that two listeners often know the same question."""
MOMENTS = st.integers(0, 400).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours))
DAYS = st.integers(0, 40).map(lambda days: date(2026, 2, 10) + timedelta(days=days))

# As they are saved, to three and two figures: rounding is no loss.
STABILITIES = st.integers(1, 365_000).map(lambda thousandths: float(f"{thousandths / 1000:.3g}"))
DIFFICULTIES = st.integers(10, 100).map(lambda tenths: tenths / 10)
FORGOTTEN = ("", "2026-03-02T18:00:00.000000+00:00", "2026-03-09T07:30:00.000000+00:00")
"""Never, and two moments at which somebody may have been forgotten."""


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    seen = draw(st.integers(1, 20))
    last = draw(MOMENTS).isoformat(timespec="seconds")
    return Memory(draw(STABILITIES), draw(DIFFICULTIES), last, seen, draw(st.integers(0, seen)))


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    """A round at any point; two with the same id have the same questions, as on two devices."""
    began = draw(MOMENTS)
    first = began.toordinal() % len(QUESTIONS)
    questions = tuple((QUESTIONS * 2)[first : first + 5])
    marks = draw(st.lists(st.sampled_from(VERDICTS), max_size=5))
    return Round(began.isoformat(timespec="microseconds"), questions, tuple(marks))


@st.composite
def streaks(draw: st.DrawFn) -> Streak:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Streak(first, last)


@st.composite
def reminders(draw: st.DrawFn) -> Reminder:
    """A wish about the reminder; so few moments that two devices often have the same."""
    stamp = draw(MOMENTS).isoformat(timespec="microseconds")
    if draw(st.booleans()):
        return Reminder(stamp)
    return Reminder(stamp, time(draw(st.integers(6, 9))), draw(st.sampled_from(["alert-1", "alert-2"])))


@st.composite
def listeners(draw: st.DrawFn, forgotten: Sequence[str] = ("",)) -> Listener:
    """Somebody who was last forgotten at one of the moments of `forgotten`, or never."""
    over = draw(st.dictionaries(MOMENTS.map(datetime.isoformat), st.integers(0, 5), max_size=ROUNDS_KEPT))
    return finished(
        Listener(
            launches=draw(st.integers(0, 500)),
            memories=draw(st.dictionaries(st.sampled_from(QUESTIONS), memories(), max_size=6)),
            round=draw(st.none() | rounds()),
            rounds=tuple((id, over[id], 5) for id in sorted(over)),
            best=draw(st.none() | st.tuples(st.integers(0, 5), st.just(5))),
            streak=draw(st.none() | streaks()),
            practised=draw(st.none() | streaks()),
            forgotten=draw(st.sampled_from(forgotten)),
            said=draw(st.dictionaries(st.sampled_from(["welcome", "goodbye"]), st.integers(0, 5))),
            reminder=draw(st.none() | reminders()),
        )
    )


NUMBERS = st.none() | st.booleans() | st.integers() | st.floats()
JSON = st.recursive(
    NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
"""Anything that a JSON reader may hand over."""
