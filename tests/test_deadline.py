"""Nothing is waited for longer than a turn can bear."""

from __future__ import annotations

import threading

import pytest

from skill import deadline


def test_outside_of_a_turn_a_call_has_its_own_time() -> None:
    assert deadline.left(3.0) == 3.0


def test_in_a_turn_a_call_has_no_more_than_the_turn_has_left() -> None:
    with deadline.turn(1000.0):
        assert deadline.left(3.0) == 3.0
        with deadline.turn(2.0):
            assert 0.0 < deadline.left(3.0) <= 2.0
        assert deadline.left(3.0) == 3.0
    with deadline.turn(0.0):
        assert deadline.left(3.0) == 0.0


def test_the_turns_of_two_threads_take_no_time_from_each_other() -> None:
    found: list[float] = []
    with deadline.turn(0.0):
        other = threading.Thread(target=lambda: found.append(deadline.left(3.0)))
        other.start()
        other.join()
    assert found == [3.0]


def test_a_turn_that_fails_takes_no_time_from_the_next() -> None:
    with pytest.raises(ZeroDivisionError), deadline.turn(0.0):
        raise ZeroDivisionError
    assert deadline.left(3.0) == 3.0


def test_a_call_gives_what_it_returns_or_raises() -> None:
    assert deadline.within(10.0, lambda: 7, "seven") == 7
    with pytest.raises(KeyError):
        deadline.within(10.0, lambda: {}["absent"], "absent")


def test_a_call_that_never_ends_is_left_behind() -> None:
    ends = threading.Event()
    with pytest.raises(TimeoutError):
        deadline.within(0.01, lambda: ends.wait(30), "endless")
    ends.set()


def test_alexa_has_two_seconds_left_for_everything_else() -> None:
    assert deadline.TURN <= 8.0 - 2.0
