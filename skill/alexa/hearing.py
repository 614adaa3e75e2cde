"""From an Alexa request to what was heard: the intent, and the words whole again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from skill.conversation import Heard, Support
from skill.conversation.policy import COMMANDS
from skill.library import Library

WORD_SLOTS = ("query", "phrase", "answer")
LONGEST = 400
"""How many characters of an utterance are read; nobody says more in one breath."""


def heard(request: Any, library: Library, starts: bool, today: Callable[[], date], support: Support | None) -> Heard:
    """Return what a LaunchRequest or an IntentRequest says."""
    now: datetime = request.timestamp
    locale = request.locale or "en-US"
    rng = random.Random(request.request_id)
    if request.object_type == "LaunchRequest":
        return Heard("LaunchRequest", "", False, True, now, today, locale, rng, support)
    intent = request.intent
    said = words(intent, library)
    name = intent.name if intent.name in COMMANDS or said else "AMAZON.FallbackIntent"
    return Heard(name, said, "fresh" in slots(intent), starts, now, today, locale, rng, support)


def slots(intent: Any) -> dict[str, Any]:
    """Return what each slot of an intent took in; a slot that took nothing in is left out."""
    return {name: slot.value for name, slot in (intent.slots or {}).items() if slot and slot.value}


def words(intent: Any, library: Library) -> str:
    """Return the words that an intent heard, whole; empty where it heard none."""
    filled = slots(intent)
    found = next((filled[name] for name in WORD_SLOTS if isinstance(filled.get(name), str)), "")[:LONGEST]
    opener = library.openers.get(intent.name)
    return f"{opener} {found}" if opener and found else found
