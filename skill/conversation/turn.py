"""One turn of a conversation: what came in, what goes out, and what the parts between share."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from skill.answering import Answerer
from skill.conversation.reminders import NoReminders, Reminders
from skill.conversation.session import Session
from skill.library import Library, Topic
from skill.listener import Listener
from skill.reply import Reply


@dataclass(frozen=True)
class Support:
    """A coach's or counsellor's page that a listener may have sent to the phone."""

    name: str
    url: str


Permission = Literal["given", "refused", "unanswered"]


@dataclass(frozen=True)
class Heard:
    """What came in: an intent and, where it heard free words, these words whole."""

    intent: str
    """The intent's name; "LaunchRequest" where the skill was opened by name."""
    words: str
    """The utterance with its carrier phrase put back; empty where only the intent is known."""
    fresh: bool
    """Whether a new round was asked for in so many words."""
    starts: bool
    """Whether this turn opened the session."""
    now: datetime
    """Aware."""
    today: Callable[[], date]
    """The listener's own date; asked for only where a turn needs it, since it may cost a call."""
    locale: str
    rng: random.Random
    support: Support | None = None
    time: str | None = None
    """The time of day that the intent heard, as Alexa's AMAZON.TIME hands it over."""
    only_time: bool = False
    """Whether that was all that was said, so that what it is for must follow from what was asked."""
    permission: Permission | None = None
    """What became of the question for the permission to set reminders, where this turn brings its answer."""
    reminders: Reminders = field(default_factory=NoReminders)


@dataclass
class Trace:
    """How the skill understood a turn; for the terminal, the page, the judges and the metrics, never for a listener."""

    intent: str = ""
    """The intent that was acted on."""
    outcome: Literal["answer", "clarify", "unknown", "safety"] | None = None
    topic: str | None = None
    candidates: tuple[str, ...] = ()
    quiz: Literal["none", "asking", "paused", "over"] = "none"
    question: Mapping[str, Any] | None = None
    verdict: Literal["right", "wrong", "skipped", "told"] | None = None
    score_right: int | None = None
    tip: str | None = None
    listener_version: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as `talk --json` shows it."""
        return {
            "outcome": self.outcome,
            "topic": self.topic,
            "candidates": list(self.candidates),
            "quiz": self.quiz,
            "question": self.question,
            "verdict": self.verdict,
            "score_right": self.score_right,
            "tip": self.tip,
        }


NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spoken(number: int) -> str:
    """Return a number as it is said: in words up to ten."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def worded(library: Library, kind: str, said: dict[str, int], rng: random.Random) -> str:
    """Return one of the wordings of `kind`, never the one that `said` has for the last, and remember it there."""
    wordings = library.phrases[kind]
    left = [i for i in range(len(wordings)) if i != said.get(kind)] or [0]
    said[kind] = rng.choice(left)
    return wordings[said[kind]]


@dataclass
class Talk:
    """Everything that one turn works with; `session`, `listener` and `trace` change as it goes."""

    library: Library
    answerer: Answerer
    heard: Heard
    session: Session
    listener: Listener
    trace: Trace = field(default_factory=Trace)
    forgotten: bool = False
    """Whether what is kept of the listener is to be deleted."""

    def say(self, kind: str, **values: str) -> str:
        """Return one of the wordings of `kind`, never the one that was used last, with `values` filled in."""
        return worded(self.library, kind, self.session.said, self.heard.rng).format_map(values)

    def offers(self, offer: str | None = None, choices: Sequence[str] = ()) -> None:
        """Keep what a "yes", or what one of two topics, would take up now; whatever stood open before lapses."""
        self.session.offer, self.session.choices = offer, list(choices)

    def reply(self, *speech: str, reprompt: str, again: int = 0, slow: bool = False) -> Reply:
        """Return a reply that keeps listening; "repeat" will say it without its first `again` pieces."""
        parts = tuple(part for part in speech if part)
        self.session.speech = list(parts[again:])
        self.session.reprompt = reprompt
        return Reply(parts, reprompt=reprompt, slow=slow)

    def close(self, *speech: str) -> Reply:
        """Return a reply that ends the session."""
        self.session.asked = None
        return Reply(tuple(part for part in speech if part))

    @property
    def topic(self) -> Topic | None:
        """The topic in hand."""
        return self.library.topics.get(self.session.topic or "")
