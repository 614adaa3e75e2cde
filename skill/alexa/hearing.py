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
    slots = {name: slot.value for name, slot in (intent.slots or {}).items() if slot and slot.value}
    words = next((slots[name] for name in WORD_SLOTS if isinstance(slots.get(name), str)), "")[:LONGEST]
    opener = library.openers.get(intent.name)
    if opener and words:
        words = f"{opener} {words}"
    name = intent.name if intent.name in COMMANDS or words else "AMAZON.FallbackIntent"
    return Heard(
        name, words, "fresh" in slots, starts, now, today, locale, rng, support,
        time=slots.get("time") or slots.get("moment"), only_time="moment" in slots, reminders=reminders,
    )  # fmt: skip
