"""The tip of a listener's own day, and streaks of days: those on which it was heard, or a round was finished."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from skill.library import Tip

STREAK_SAID_FROM = 3
"""A streak is named from this many days on (CONTENT.md, "The tip")."""


def tip_of(day: date, tips: Sequence[Tip]) -> Tip:
    """Return the tip for `day`: the same for everybody, and none twice before all have been heard.

    The order is shuffled once, by a fixed seed, so that neighbouring days have unlike tips.
    """
    order = list(range(len(tips)))
    random.Random("tips").shuffle(order)
    return tips[order[day.toordinal() % len(tips)]]


@dataclass(frozen=True)
class Streak:
    """Consecutive local dates on which a listener did the same thing."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many dates it spans."""
        return (self.last - self.first).days + 1

    def joined(self, other: Streak) -> Streak:
        """Return what two streaks make together: one where they touch, else the later one.

        The earlier one is then gone, so of three the order can matter: a day that closes a gap does so only while both
        of its sides are known.
        """
        earlier, later = sorted((self, other), key=lambda s: (s.last, s.first))
        if later.first <= earlier.last + timedelta(days=1):
            return Streak(min(earlier.first, later.first), later.last)
        return later


def continued(streak: Streak | None, day: date) -> Streak:
    """Return `streak` after one more `day`; a date that it already holds changes nothing."""
    today = Streak(day, day)
    return today if streak is None else streak.joined(today)
