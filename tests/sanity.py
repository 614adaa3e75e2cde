"""What is true of every listener, whatever they said before."""

from __future__ import annotations

import json
from datetime import date, timedelta

from skill.library import Library
from skill.listener import ROUNDS_KEPT, VERDICTS, Listener
from skill.stores.item import packed

MOST_BYTES = 8_192


def as_saved(listener: Listener) -> Listener:
    """Return what the next turn finds of `listener`."""
    return Listener.from_dict(json.loads(packed(listener.to_dict())))


def assert_sane(listener: Listener, library: Library, today: date) -> None:
    saved = as_saved(listener)
    assert saved.to_dict() == listener.to_dict(), "saved once more it would be something else"
    assert as_saved(saved) == saved
    assert len(packed(listener.to_dict())) < MOST_BYTES
    for memory in listener.memories.values():
        assert 0 <= memory.right <= memory.seen
        assert memory.seen > 0
    assert listener.memories.keys() <= library.quiz.keys()
    current = listener.round
    if current is not None:
        assert 0 < len(set(current.questions)) == len(current.questions) <= 5
        assert len(current.marks) <= len(current.questions)
        assert set(current.marks) <= set(VERDICTS)
    ids = [id for id, _, _ in listener.rounds]
    assert ids == sorted(set(ids))
    assert len(ids) <= ROUNDS_KEPT
    assert all(0 <= right <= asked for _, right, asked in listener.rounds)
    if listener.rounds:
        assert listener.best is not None
        assert listener.best[0] >= max(right for _, right, _ in listener.rounds)
        assert listener.practised is not None
    for streak in (listener.streak, listener.practised):
        # A device may stand a day ahead of where this is checked.
        assert streak is None or streak.first <= streak.last <= today + timedelta(days=1)
