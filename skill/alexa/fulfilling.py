"""Whether the skill could answer somebody who has not named it: Alexa asks before it chooses a skill.

Source of the rules: "Implement CanFulfillIntentRequest for Name-free Interactions" in Amazon's documentation. It is a
question and no turn: nothing is said, kept or changed, and nobody's record is read. Danger is not looked for either:
whether somebody needs help is decided when they are really heard, whatever was answered here.
"""

from __future__ import annotations

from typing import Any

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.utils import get_request_type
from ask_sdk_model.canfulfill import (
    CanFulfillIntent,
    CanFulfillIntentValues,
    CanFulfillSlot,
    CanFulfillSlotValues,
    CanUnderstandSlotValues,
)

from skill.alexa import hearing
from skill.alexa.handlers import answerer_for, library_of

BEGINNINGS = frozenset({"StartQuizIntent", "DailyTipIntent"})
"""The commands with which somebody can begin; all others belong to a conversation that is under way."""


class CanFulfillHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Handles Alexa's question whether the skill could answer an intent."""

    def can_handle(self, handler_input: Any) -> bool:
        """Return whether Alexa asks that."""
        return bool(get_request_type(handler_input) == "CanFulfillIntentRequest")

    def handle(self, handler_input: Any) -> Any:
        """Answer yes, no or maybe, for the intent and for each slot that took something in."""
        request = handler_input.request_envelope.request
        slots = hearing.slots(request.intent)
        said = verdict(request.intent, request.locale)
        able = CanFulfillSlotValues.NO if said == "NO" else CanFulfillSlotValues.YES
        answers = {
            name: CanFulfillSlot(can_understand=CanUnderstandSlotValues(said), can_fulfill=able) for name in slots
        }
        builder = handler_input.response_builder
        builder.set_can_fulfill_intent(CanFulfillIntent(CanFulfillIntentValues(said), answers or None))
        return builder.response


def verdict(intent: Any, locale: str | None) -> str:
    """Return YES where the skill has an answer to an intent, MAYBE where it would have to ask back, otherwise NO."""
    known = library_of(locale)
    if intent.name in BEGINNINGS:
        return "YES"
    words = hearing.words(intent, known)
    if not words:
        return "NO"
    meaning = answerer_for(known.language).read(words).meaning()
    if meaning.outcome == "clarify":
        return "MAYBE"
    return "YES" if meaning.outcome == "answer" or meaning.command in BEGINNINGS else "NO"
