"""Of two wishes about the reminder the later one counts, whichever device it was said to."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.reminder import Reminder, later, wished
from tests.strategies import reminders

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
WISHES = st.none() | reminders()


@given(reminders())
def test_what_is_saved_comes_back_as_it_was(reminder: Reminder) -> None:
    assert Reminder.from_list(reminder.to_list()) == reminder


@given(WISHES, WISHES)
def test_the_order_of_saving_does_not_matter(one: Reminder | None, other: Reminder | None) -> None:
    assert later(one, other) == later(other, one)


@given(WISHES, WISHES, WISHES)
def test_three_devices_end_alike(one: Reminder | None, other: Reminder | None, third: Reminder | None) -> None:
    assert later(later(one, other), third) == later(one, later(other, third))


@given(WISHES)
def test_saving_once_more_changes_nothing(reminder: Reminder | None) -> None:
    assert later(reminder, reminder) == reminder


def test_a_cancellation_is_a_wish_like_any_other() -> None:
    set_first = wished(None, NOW, time(8), "alert-1")
    cancelled = wished(set_first, NOW + timedelta(minutes=1), None, None)
    set_again = wished(cancelled, NOW + timedelta(minutes=2), time(9), "alert-2")
    assert later(set_first, cancelled) == cancelled
    assert later(cancelled, set_again) == set_again


@given(reminders(), st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_what_is_wished_last_counts_last_whatever_the_clocks_say(before: Reminder, off: timedelta) -> None:
    after = wished(before, NOW + off, time(7), "alert-9")
    assert later(before, after) == after


@pytest.mark.parametrize(
    "broken",
    [
        ["2026-03-02T18:00:00", "08:00", "a"],
        ["2026-03-02T18:00:00+01:00", "08:00", "a"],
        ["2026-03-02T18:00:00+00:00", "08:00", None],
        ["2026-03-02T18:00:00+00:00", None, "a"],
        ["2026-03-02T18:00:00+00:00", "25:00", "a"],
        ["2026-03-02T18:00:00+00:00", 8, "a"],
        ["2026-03-02T18:00:00+00:00", "08:00", 7],
        ["soon", "08:00", "a"],
        ["2026-03-02T18:00:00+00:00"],
        [],
        7,
    ],
)
def test_what_is_no_reminder_is_said_to_be_none(broken: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Reminder.from_list(broken)
