from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given

from skill.library import Library, Tip
from skill.tips import Streak, continued, tip_of
from tests.strategies import DAYS, streaks

NEW_YEAR = date(2026, 1, 1)


def days(*texts: str) -> Streak | None:
    """The streak of somebody who heard the tip on these dates."""
    streak = None
    for text in texts:
        streak = continued(streak, date.fromisoformat(text))
    return streak


@pytest.mark.parametrize("offset", range(0, 800, 37))
def test_the_tip_is_the_same_all_day_and_for_everybody(known: Library, offset: int) -> None:
    day = NEW_YEAR + timedelta(days=offset)
    heard = set()
    for other_chance in range(5):
        random.seed(other_chance)
        heard.add(tip_of(day, list(known.tips)))
    assert len(heard) == 1


def test_a_leap_year_has_a_tip_a_day_and_none_comes_twice(known: Library) -> None:
    assert len(known.tips) >= 366
    for start in (date(2028, 1, 1), date(2026, 3, 2), date(2027, 11, 30)):
        heard = [tip_of(start + timedelta(days=day), known.tips).id for day in range(len(known.tips))]
        assert len(set(heard)) == len(known.tips)


def test_after_all_of_them_the_first_one_comes_again(known: Library) -> None:
    assert tip_of(NEW_YEAR, known.tips) == tip_of(NEW_YEAR + timedelta(days=len(known.tips)), known.tips)


def test_tips_of_one_topic_do_not_come_in_a_row(known: Library) -> None:
    topics = [tip_of(NEW_YEAR + timedelta(days=day), known.tips).topic for day in range(len(known.tips))]
    alike = sum(one == other for one, other in zip(topics, topics[1:], strict=False))
    assert alike < len(topics) / 10


def test_a_single_tip_is_the_tip_of_every_day() -> None:
    only = Tip("tip-1", "boundaries", "Say no once.")
    assert {tip_of(NEW_YEAR + timedelta(days=day), [only]) for day in range(9)} == {only}


@pytest.mark.parametrize(
    ("heard", "length"),
    [
        (["2026-03-02"], 1),
        (["2026-03-02", "2026-03-02", "2026-03-02"], 1),
        (["2026-03-02", "2026-03-03"], 2),
        (["2026-03-02", "2026-03-03", "2026-03-03", "2026-03-04"], 3),
        (["2026-02-27", "2026-02-28", "2026-03-01"], 3),
        (["2028-02-28", "2028-02-29", "2028-03-01"], 3),
        (["2026-12-30", "2026-12-31", "2027-01-01"], 3),
        (["2026-04-29", "2026-04-30", "2026-05-01"], 3),
        (["2026-03-28", "2026-03-29", "2026-03-30"], 3),
        (["2026-03-02", "2026-03-03", "2026-03-05"], 1),
        (["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06"], 2),
        (["2026-03-02", "2027-03-02"], 1),
    ],
)
def test_a_streak_counts_consecutive_dates_and_each_date_once(heard: list[str], length: int) -> None:
    streak = days(*heard)
    assert streak is not None
    assert streak.days == length
    assert streak.last.isoformat() == heard[-1]


def test_a_flight_to_the_west_takes_no_day_away() -> None:
    assert days("2026-03-01", "2026-03-02", "2026-03-01") == days("2026-03-01", "2026-03-02")


def test_a_day_that_was_saved_late_closes_the_gap() -> None:
    assert days("2026-03-01", "2026-03-03", "2026-03-02") == Streak(date(2026, 3, 2), date(2026, 3, 3))


@given(DAYS, streaks())
def test_hearing_the_tip_again_on_a_date_changes_nothing(day: date, streak: Streak) -> None:
    once = continued(streak, day)
    assert continued(once, day) == once
    assert once.days >= 1
    assert once.last == max(day, streak.last)


@given(streaks(), streaks())
def test_streaks_join_in_either_order(one: Streak, other: Streak) -> None:
    both = one.joined(other)
    assert both == other.joined(one)
    assert both.joined(one) == both
    assert both in (one, other) or both.days > max(one.days, other.days)
