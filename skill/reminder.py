"""The daily reminder of a listener, as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any


@dataclass(frozen=True)
class Reminder:
    """What a listener last wished for: a time, or no reminder any more."""

    stamp: str
    """When they wished it: ISO 8601, UTC, with microseconds, so that the later of two has the greater stamp."""
    at: time | None = None
    """The time of their own day; None where the reminder was cancelled."""
    token: str | None = None
    """Alexa's name for the reminder."""

    def to_list(self) -> list[str | None]:
        """Return plain JSON that from_list reads."""
        return [self.stamp, None if self.at is None else self.at.isoformat("minutes"), self.token]

    @classmethod
    def from_list(cls, data: Any) -> Reminder:
        """Return the reminder that to_list wrote. Raises ValueError or TypeError where `data` can't be one."""
        stamp, at, token = data
        moment = datetime.fromisoformat(stamp)
        if moment.utcoffset() != timedelta(0):
            raise ValueError("not a time in UTC")
        if (at is None) != (token is None) or not isinstance(token, str | None):
            raise ValueError("not a reminder")
        at = None if at is None else time.fromisoformat(at).replace(second=0, microsecond=0, tzinfo=None)
        return cls(moment.isoformat(timespec="microseconds"), at, token)


def wished(before: Reminder | None, now: datetime, at: time | None, token: str | None) -> Reminder:
    """Return the reminder that is wished for `now`, which counts as later than `before` whatever the clocks say."""
    moment = now.astimezone(UTC)
    if before is not None:
        moment = max(moment, datetime.fromisoformat(before.stamp) + timedelta(microseconds=1))
    return Reminder(moment.isoformat(timespec="microseconds"), at, token)


def later(one: Reminder | None, other: Reminder | None) -> Reminder | None:
    """Return the later wish of two; a cancellation is one, too."""
    wishes = [reminder for reminder in (one, other) if reminder is not None]
    return max(wishes, key=lambda r: (r.stamp, r.at or time.min, r.token or ""), default=None)
