"""The time that a turn has for waiting on others: on the store and on Alexa's own APIs, all in all."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TypeVar

TURN = 6.0
"""Seconds; Alexa gives a skill eight to answer, the way there and back included ("Request and response JSON reference"
in Amazon's documentation)."""

Answer = TypeVar("Answer")

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)


@contextmanager
def turn(seconds: float = TURN) -> Iterator[None]:
    """Let everything that is waited for inside take `seconds` together."""
    before = _ends.set(monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def left(most: float) -> float:
    """Return how many seconds one call may take now: `most`, or what the turn has left, which may be none."""
    return max(0.0, min(most, _ends.get() - monotonic()))


def within(seconds: float, call: Callable[[], Answer], name: str) -> Answer:
    """Return what `call` returns, or raise what it raises. Raises TimeoutError where it takes more than `seconds`.

    The time-outs of HTTP clients are for one connection attempt and for one read: a name that doesn't resolve or an
    answer that trickles takes far longer. So `call` runs in a thread called `name`, which is left behind when its time
    is over; one costs a twentieth of a millisecond.
    """
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return answer.result(seconds)
