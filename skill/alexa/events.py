"""What Alexa sends besides a listener's words: the end of a session, faults, and what happens to the skill itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.utils import get_request_type

from skill import deadline
from skill.stores.protocol import Store

DISABLED = "AlexaSkillEvent.SkillDisabled"
EVENTS: Mapping[str, str] = {
    "AlexaSkillEvent.SkillEnabled": "SKILL_ENABLED",
    DISABLED: "SKILL_DISABLED",
    "AlexaSkillEvent.SkillPermissionAccepted": "SKILL_PERMISSION_ACCEPTED",
    "AlexaSkillEvent.SkillPermissionChanged": "SKILL_PERMISSION_CHANGED",
}
"""The skill events that are handled here, each with the name under which the manifest subscribes to it ("Use Skill
Events" in Amazon's documentation). They come outside of any session."""

log = logging.getLogger(__name__)


def listener_id(envelope: Any) -> str | None:
    """Return the id of the listener that an envelope is about; None where it names none."""
    system = envelope.context.system if envelope.context else None
    return system.user.user_id if system and system.user else None


class SessionEndedHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Handles the end of a session, also one that Alexa ended for a fault; nothing may be said then."""

    def can_handle(self, handler_input: Any) -> bool:
        """Return whether the session has ended."""
        return bool(get_request_type(handler_input) == "SessionEndedRequest")

    def handle(self, handler_input: Any) -> Any:
        """Answer with an empty response; log which kind of fault there was, if any."""
        request = handler_input.request_envelope.request
        if request.error is not None:
            # Not its message, which may quote what was said.
            log.error("Alexa ended a session: %s", _name(request.error.object_type))
        return handler_input.response_builder.response


class ExceptionEncounteredHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Handles Alexa's word that it could not use an answer of ours."""

    def can_handle(self, handler_input: Any) -> bool:
        """Return whether Alexa tells of a fault."""
        return bool(get_request_type(handler_input) == "System.ExceptionEncountered")

    def handle(self, handler_input: Any) -> Any:
        """Log the kind of fault and the request whose answer it was; nothing may be said."""
        request = handler_input.request_envelope.request
        kind = request.error.object_type if request.error else None
        log.error("Alexa met a fault: %s, in request %s", _name(kind), request.cause and request.cause.request_id)
        return handler_input.response_builder.response


class SkillEventHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Handles what happens to the skill itself: somebody enabled it, disabled it, or changed what it may do."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def can_handle(self, handler_input: Any) -> bool:
        """Return whether it is an event that the manifest subscribes to."""
        return get_request_type(handler_input) in EVENTS

    def handle(self, handler_input: Any) -> Any:
        """Delete what is kept of whoever disabled the skill; acknowledge everything else.

        Raises what the store raises. Amazon takes an answer for done and an error for not done: it sends an event
        that failed again, for up to an hour. An answer here would leave a record behind that nobody can reach any
        more, since who enables the skill again gets a new id.
        """
        owner = listener_id(handler_input.request_envelope)
        if get_request_type(handler_input) == DISABLED and owner:
            with deadline.turn():
                self._store.delete(owner)
        return handler_input.response_builder.response


class OtherRequestHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Handles whatever else Alexa may send: it is acknowledged, and changes nothing."""

    def can_handle(self, handler_input: Any) -> bool:
        """Return True: it comes last."""
        return True

    def handle(self, handler_input: Any) -> Any:
        """Answer with an empty response."""
        return handler_input.response_builder.response


def _name(kind: Any) -> str:
    return str(getattr(kind, "value", kind))
