"""A round of the quiz: choose its questions, mark the open one, and remember how it went.

What comes next is chosen with FSRS (github.com/open-spaced-repetition): what a listener is about to forget comes
before what is new, and what was missed comes back after days. The choice and its constants were measured on simulated
listeners (docs/quiz.md).
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from skill.library import Question
from skill.listener import Listener, Memory, Round, finished, stamp

if TYPE_CHECKING:
    from fsrs import Scheduler

ROUND = 5
"""How many questions a round has (CONTENT.md, "The quiz")."""
DUE_SHARE = 3
"""At most so many questions of a round are ones that were asked before, while new ones are left."""
DUE_BELOW = 0.9
"""A question is due when the chance that the listener still knows it has sunk to this."""

Verdict = Literal["right", "wrong", "skipped", "told"]


def new_round(quiz: Mapping[str, Question], listener: Listener, now: datetime, rng: random.Random) -> Round:
    """Return a new round: due questions and new ones mixed, topics varied, none of the last round's.

    `now` is aware; `rng` decides between equals, and sets two rounds of the same moment apart.
    """
    last = _last(listener)
    pool = [q for q in quiz.values() if q.id not in last]
    rng.shuffle(pool)
    memories = listener.memories
    known = {q.id: retrievability(memories[q.id], now) for q in pool if q.id in memories}
    asked = sorted((q for q in pool if q.id in known), key=lambda q: known[q.id])
    due = [q for q in asked if known[q.id] <= DUE_BELOW and _rested(memories[q.id], now)]
    # A few things that stay are worth more than many that don't: what has taken root is kept up first.
    due.sort(key=lambda q: -memories[q.id].right)
    level = _level(listener)
    new = sorted((q for q in pool if q.id not in known), key=lambda q: abs(q.difficulty - level))
    chosen = _pick(due, DUE_SHARE, [])
    chosen += _pick(new, ROUND - len(chosen), chosen)
    chosen += _pick([q for q in dict.fromkeys((*due, *asked)) if q not in chosen], ROUND - len(chosen), chosen)
    rng.shuffle(chosen)
    # Only a quiz of fewer than two rounds has to take from the last one, too.
    chosen += [quiz[id] for id in last if id in quiz][: ROUND - len(chosen)]
    # Alexa tells whole seconds, and two devices of one household may begin in the same one.
    id = f"{stamp(now)} {rng.getrandbits(32):08x}"
    return Round(id, questions=tuple(q.id for q in chosen))


def marked(listener: Listener, verdict: Verdict, now: datetime) -> Listener:
    """Return `listener` after the open question got `verdict`. Raises ValueError where no question is open."""
    current = listener.round
    if current is None or current.open is None:
        raise ValueError("no question is open")
    memory = _reviewed(listener.memories.get(current.open), verdict, now)
    memories = {**listener.memories, current.open: memory}
    after = replace(current, marks=(*current.marks, verdict))
    return finished(replace(listener, memories=memories, round=after))


def retrievability(memory: Memory, now: datetime) -> float:
    """Return the chance, from 0 to 1, that the listener still knows the answer at `now`."""
    from fsrs import Card, State

    last = datetime.fromisoformat(memory.last)
    card = Card(card_id=0, state=State.Review, stability=memory.stability, last_review=last)
    return _scheduler().get_card_retrievability(card, max(now.astimezone(UTC), last))


def _reviewed(memory: Memory | None, verdict: Verdict, now: datetime) -> Memory:
    """Return `memory` after one more time of being asked; a skipped question counts as not known."""
    from fsrs import Card, Rating, State

    now = now.astimezone(UTC)
    card = Card(card_id=0, due=now)
    if memory is not None:
        card = Card(
            card_id=0,
            state=State.Review,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=now,
            last_review=datetime.fromisoformat(memory.last),
        )
    # Who is right the very first time has mostly known it before, and needs it again much later.
    right_now = Rating.Good if memory else Rating.Easy
    rating = right_now if verdict == "right" else Rating.Again
    card, _ = _scheduler().review_card(card, rating, now)
    assert card.stability is not None, "a reviewed card has it"
    assert card.difficulty is not None, "a reviewed card has it"
    seen, right = (memory.seen, memory.right) if memory else (0, 0)
    return Memory(
        card.stability, card.difficulty, now.isoformat(timespec="seconds"), seen + 1, right + (verdict == "right")
    )


@functools.cache
def _scheduler() -> Scheduler:
    """Return FSRS without steps of minutes, as a listener comes back after days, and without its randomness."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=365)


def _last(listener: Listener) -> tuple[str, ...]:
    """Return the questions of the last round, the one that was just had at the end."""
    if listener.round is None:
        return ()
    had = len(listener.round.marks) + 1
    return listener.round.questions[had:] + listener.round.questions[:had]


def _rested(memory: Memory, now: datetime) -> bool:
    """Return whether at least a day has gone by since the question was asked."""
    return now - datetime.fromisoformat(memory.last) >= timedelta(days=1)


def _level(listener: Listener) -> float:
    """Return the difficulty, 1 to 3, that suits how many of the last twenty questions were right."""
    recent = sorted(listener.memories.values(), key=lambda m: m.last)[-20:]
    if not recent:
        return 1.0
    return 1.0 + 2.0 * sum(m.right / m.seen for m in recent) / len(recent)


def _pick(pool: Iterable[Question], count: int, beside: list[Question]) -> list[Question]:
    """Return up to `count` of `pool` in order, each of a topic of its own while there are enough topics."""
    pool = list(pool)
    picked: list[Question] = []
    topics = {q.topic for q in beside}
    for question in pool:
        if len(picked) < count and question.topic not in topics:
            picked.append(question)
            topics.add(question.topic)
    picked += [q for q in pool if q not in picked][: max(0, count - len(picked))]
    return picked
