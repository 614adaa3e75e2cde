"""What the skill knows: topics, quiz questions, tips, phrases and safety help, read from their compiled form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from skill.errors import NotCompiledError

COMPILED = Path(__file__).parent / "compiled"
FORMAT = 2
"""The version of the compiled form; raised when this module reads it differently."""

HelpKind = Literal["violence", "crisis"]


@dataclass(frozen=True)
class Topic:
    """One thing that people ask about."""

    id: str
    title: str
    """How it is offered aloud, as in "Do you mean ..., or ...?"."""
    short: str
    """The answer, at most 55 words."""
    more: tuple[str, ...]
    """Further pieces for "tell me more", in their order."""
    example: str
    practice: str
    names: tuple[str, ...]
    """What people call it; mishearings included."""
    related: tuple[str, ...]
    """Ids of the topics to offer next."""


@dataclass(frozen=True)
class Choice:
    """One of the answers of a quiz question."""

    say: str
    also: tuple[str, ...] = ()
    """What else counts as this answer."""


@dataclass(frozen=True)
class Question:
    """One question of the quiz."""

    id: str
    topic: str
    kind: Literal["true-false", "choice", "scene"]
    difficulty: int
    """1 easy, 2 middle, 3 hard."""
    ask: str
    choices: tuple[Choice, ...]
    right: int
    """Index of the right choice."""
    explanation: str


@dataclass(frozen=True)
class Tip:
    """One doable thing for a day."""

    id: str
    topic: str
    text: str


@dataclass(frozen=True)
class Follow:
    """What a kind of follow-up, such as "is that bad", leads to once a topic is in hand."""

    leads: Literal["more", "example", "practice"]
    instead: Mapping[str, str]
    """For a topic in hand, the topic that answers it better."""


@dataclass(frozen=True)
class Locale:
    """What differs between the countries of a language."""

    time_zone: str
    """The zone to count days in where a device's own is unknown."""
    emergency: str
    """The emergency number, as spoken."""
    violence: str
    """The help line for violence at home: its name and its number, as spoken."""
    crisis: str
    """The help line for despair: its name and its number, as spoken."""


@dataclass(frozen=True)
class Library:
    """Everything the skill can say in one language."""

    language: str
    topics: Mapping[str, Topic]
    quiz: Mapping[str, Question]
    tips: tuple[Tip, ...]
    phrases: Mapping[str, tuple[str, ...]]
    """The wordings for each thing that is said often, by kind."""
    openers: Mapping[str, str]
    """The opening word of each intent that hears a question, by intent name."""
    follows: Mapping[str, Follow]
    """What follow-ups lead to, by kind."""
    locales: Mapping[str, Locale]

    def locale(self, name: str) -> Locale:
        """Return the settings of locale `name`, or those of the language's first locale where it has none."""
        return self.locales.get(name) or next(iter(self.locales.values()))


def language_of(locale: str) -> str:
    """Return the language of a locale name such as "en-US"."""
    return locale.split("-")[0].lower()


def languages() -> list[str]:
    """Return the languages that have been compiled, in order."""
    return sorted(path.stem for path in COMPILED.glob("*.json"))


def load(locale: str = "en-US", folder: Path = COMPILED) -> Library:
    """Return the library for `locale`; English where its language has not been compiled.

    Raises NotCompiledError where not even English is there, or where it has another form.
    """
    path = folder / f"{language_of(locale)}.json"
    if not path.exists():
        path = folder / "en.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotCompiledError("the content has not been compiled: run `make setup`") from None
    if data.get("format") != FORMAT:
        raise NotCompiledError(f"{path.name} was compiled for another version: run `make setup`")
    return from_dict(data)


def from_dict(data: Mapping[str, Any]) -> Library:
    """Return the library that `data`, the compiled form, holds."""
    return Library(
        language=data["language"],
        topics={t["id"]: _topic(t) for t in data["topics"]},
        quiz={q["id"]: _question(q) for q in data["quiz"]},
        tips=tuple(Tip(t["id"], t["topic"], t["text"]) for t in data["tips"]),
        phrases={kind: tuple(wordings) for kind, wordings in data["phrases"].items()},
        openers=dict(data["openers"]),
        follows={kind: Follow(f["leads"], dict(f["instead"])) for kind, f in data["follows"].items()},
        locales={name: Locale(**values) for name, values in data["locales"].items()},
    )


def _topic(data: Mapping[str, Any]) -> Topic:
    return Topic(
        id=data["id"],
        title=data["title"],
        short=data["short"],
        more=tuple(data["more"]),
        example=data["example"],
        practice=data["practice"],
        names=tuple(data["names"]),
        related=tuple(data["related"]),
    )


def _question(data: Mapping[str, Any]) -> Question:
    return Question(
        id=data["id"],
        topic=data["topic"],
        kind=data["kind"],
        difficulty=data["difficulty"],
        ask=data["ask"],
        choices=tuple(Choice(c["say"], tuple(c["also"])) for c in data["choices"]),
        right=data["right"],
        explanation=data["explanation"],
    )
