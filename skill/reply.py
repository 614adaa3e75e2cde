"""What to say back, before any speaker turns it into its own form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from skill.library import Choice


@dataclass(frozen=True)
class Card:
    """A note for the companion app; sent only where the listener asked for it."""

    title: str
    text: str


@dataclass(frozen=True)
class Reply:
    """One answer of the skill, in plain text."""

    speech: tuple[str, ...]
    """What is said, in pieces; between two of them the speaker takes a breath."""
    reprompt: str | None = None
    """What is said when nobody speaks; with one the microphone stays open, without one the session closes."""
    slow: bool = False
    """Whether to speak clearly more slowly than usual."""
    card: Card | None = None
    asks_permission: bool = False
    """Whether Alexa is to ask for the permission to set reminders; it takes over, and comes back with the answer."""
    permission_card: bool = False
    """Whether to put a card into the app with which that permission can be given later."""
    private: bool = False
    """Whether somebody looking at a screen must not see it: no card, nothing shown, nothing logged."""
    expects: tuple[Choice, ...] | None = None
    """The choices of a question that is newly asked, for the speaker's recogniser to listen for; empty where no
    question is open any more, None where nothing has changed about it."""

    @property
    def keeps_listening(self) -> bool:
        """Whether the session stays open."""
        return self.reprompt is not None

    @property
    def text(self) -> str:
        """The whole speech as one line of plain text."""
        return " ".join(part for part in self.speech if part)

    def led_by(self, *parts: str) -> Reply:
        """Return the same reply with `parts` said before it."""
        return replace(self, speech=(*(part for part in parts if part), *self.speech))
