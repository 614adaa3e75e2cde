"""A touch on the screen, taken for the words that it stands for."""

from __future__ import annotations

from typing import Any

from ask_sdk_model import Intent, IntentRequest, Slot

from skill.conversation import Session
from skill.library import Library

EVENT = "Alexa.Presentation.APL.UserEvent"
_LETTERS = "abcdefgh"


def as_spoken(event: Any, library: Library, session: Session) -> IntentRequest | None:
    """Return the request that Alexa would send had somebody said what they touched; None where that can't be read.

    A screen sends one of these as the arguments of a SendEvent command ("Alexa.Presentation.APL Interface Reference"):

        ["choice", 2]                 the second choice of the open question, or the second of two topics on offer
        ["choice", 2, "boundaries-3"] the same, where that question is still the open one: a second touch in a hurry
                                      must not answer the next question
        ["say", "tell me more"]       words, as if they had been spoken
    """
    match event.arguments:
        case ["choice", int(number)]:
            words = _choice(number, library, session)
        case ["choice", int(number), str(question)] if question == session.asked:
            words = _choice(number, library, session)
        case ["say", str(words)]:
            pass
        case _:
            return None
    if not words or not words.strip():
        return None
    slot = Slot(name="phrase", value=words)
    return IntentRequest(
        request_id=event.request_id,
        timestamp=event.timestamp,
        locale=event.locale,
        intent=Intent(name="AskIntent", slots={"phrase": slot}),
    )


def _choice(number: int, library: Library, session: Session) -> str | None:
    """Return the letter of choice `number`, counted from one; None where nothing with so many choices is open."""
    question = library.quiz.get(session.asked or "")
    count = len(question.choices) if question else len(session.choices)
    return _LETTERS[number - 1] if not isinstance(number, bool) and 1 <= number <= count else None
