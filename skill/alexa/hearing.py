"""From an Alexa request to what was heard: the intent, and the words whole again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from skill.alexa import consent
from skill.conversation import Heard, Support
from skill.conversation.policy import COMMANDS
from skill.conversation.reminders import NoReminders, Reminders
from skill.library import Library

WORD_SLOTS = ("query", "phrase", "answer")
LONGEST = 400
"""How many characters of an utterance are read; nobody says more in one breath."""


def heard(
    request: Any,
    library: Library,
    starts: bool,
    today: Callable[[], date],
    support: Support | None,
    reminders: Reminders | None = None,
) -> Heard:
    """Return what a LaunchRequest or an IntentRequest says, or the answer about the permission for reminders."""
    now: datetime = request.timestamp
    locale = request.locale or "en-US"
    rng = random.Random(request.request_id)
    reminders = reminders or NoReminders()
    if request.object_type == "LaunchRequest":
        return Heard("LaunchRequest", "", False, True, now, today, locale, rng, support, reminders=reminders)
    if consent.is_answer(request):
        answer, said = consent.answer(request), request.object_type
        return Heard(said, "", False, starts, now, today, locale, rng, support, permission=answer, reminders=reminders)
    intent = request.intent
    said, filled = words(intent, library), slots(intent)
    name = intent.name if intent.name in COMMANDS or said else "AMAZON.FallbackIntent"
    return Heard(
        name, said, "fresh" in filled, starts, now, today, locale, rng, support,
        time=filled.get("time") or filled.get("moment"), only_time="moment" in filled, reminders=reminders,
    )  # fmt: skip


def slots(intent: Any) -> dict[str, Any]:
    """Return what each slot of an intent took in; a slot that took nothing in is left out."""
    return {name: slot.value for name, slot in (intent.slots or {}).items() if slot and slot.value}


def words(intent: Any, library: Library) -> str:
    """Return the words that an intent heard, whole; empty where it heard none."""
    filled = slots(intent)
    found = next((filled[name] for name in WORD_SLOTS if isinstance(filled.get(name), str)), "")[:LONGEST]
    opener = library.openers.get(intent.name)
    return f"{opener} {found}" if opener and found else found
