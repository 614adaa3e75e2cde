"""Where reminders are set, as the conversation sees it: Alexa's own service, or none."""

from __future__ import annotations

from datetime import time
from typing import Protocol

from skill.errors import NoRemindersError


class Reminders(Protocol):
    """The daily reminder of the listener who speaks. Each call raises ReminderError where it can't be done."""

    @property
    def available(self) -> bool:
        """Whether there is a reminder service at all."""

    def set(self, token: str | None, at: time, text: str) -> str:
        """Let `text` be said every day at `at`, in the listener's own time zone; return the reminder's token.

        Afterwards there is this one and no other of the skill's: the one called `token`, or any that is left from
        before, is changed.
        """

    def find(self, token: str) -> time | None:
        """Return when the reminder `token` sounds; None where that can't be told. ReminderGoneError: it isn't there."""

    def cancel(self, token: str | None) -> bool:
        """Delete the reminder `token`, and any other of the skill's; return whether there was one."""


class NoReminders:
    """A place without reminders, such as the page and the terminal."""

    available = False

    def set(self, token: str | None, at: time, text: str) -> str:
        """Raise NoRemindersError."""
        raise NoRemindersError("there are no reminders here")

    def find(self, token: str) -> time | None:
        """Raise NoRemindersError."""
        raise NoRemindersError("there are no reminders here")

    def cancel(self, token: str | None) -> bool:
        """Raise NoRemindersError."""
        raise NoRemindersError("there are no reminders here")
