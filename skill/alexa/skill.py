"""The one skill: every speaker, the web service and the Lambda send their envelopes through it."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from ask_sdk_core.exceptions import AskSdkException, SerializationException
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model import Request, RequestEnvelope

from skill.alexa.events import (
    ExceptionEncounteredHandler,
    OtherRequestHandler,
    SessionEndedHandler,
    SkillEventHandler,
)
from skill.alexa.fulfilling import CanFulfillHandler
from skill.alexa.handlers import TroubleHandler, TurnHandler
from skill.conversation import Support
from skill.errors import SettingError, SkillError
from skill.stores.protocol import Store

EMPTY: Mapping[str, Any] = {"version": "1.0", "response": {}}
"""The response that is valid for every type of request, and says nothing."""

log = logging.getLogger(__name__)


class RefusedError(SkillError):
    """An envelope that can't be read; nothing was done."""


class OtherSkillError(RefusedError):
    """An envelope that is meant for another skill; nothing was done."""

    def __init__(self) -> None:
        super().__init__("this envelope is for another skill: compare its applicationId with SKILL_ID")


def assemble(store: Store, api_client: Any = None, skill_id: str | None = None) -> CustomSkill:
    """Return the skill on a store.

    `api_client` makes the SDK's calls to Alexa's APIs; without one the device's time zone is not known. With
    `skill_id`, an envelope for another application is refused.
    """
    builder = CustomSkillBuilder(api_client=api_client)
    builder.skill_id = skill_id
    builder.add_request_handler(TurnHandler(store, support()))
    builder.add_request_handler(CanFulfillHandler())
    builder.add_request_handler(SessionEndedHandler())
    builder.add_request_handler(ExceptionEncounteredHandler())
    builder.add_request_handler(SkillEventHandler(store))
    builder.add_request_handler(OtherRequestHandler())
    builder.add_exception_handler(TroubleHandler())
    return builder.create()


def support() -> Support | None:
    """Return the counsellor's page that SKILL_SUPPORT_NAME and SKILL_SUPPORT_URL name; None where they don't.

    Raises SettingError where only one is set, or where the address is no web address.
    """
    name, url = os.environ.get("SKILL_SUPPORT_NAME", "").strip(), os.environ.get("SKILL_SUPPORT_URL", "").strip()
    if not name and not url:
        return None
    if not name or not url.startswith("https://"):
        raise SettingError("set both SKILL_SUPPORT_NAME and SKILL_SUPPORT_URL (https://...), or neither")
    return Support(name, url)


def answer(skill: CustomSkill, envelope: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Return the response envelope for a request envelope, both as plain JSON.

    A request of a type that nobody knows, perhaps because it is newer, is no reason to tell a listener that the skill
    is broken: it gets an empty response, which is valid for every type and says nothing.

    Raises, with one clear line, OtherSkillError where it is meant for another skill, also where the rest of it can't be
    read, and RefusedError where it can't be read at all; and what the store raises where a skill event must come again.
    """
    if skill.skill_id is not None and _application(envelope) not in (None, skill.skill_id):
        raise OtherSkillError
    unknown = is_unknown(envelope)
    try:
        request = skill.serializer.deserialize(_text(readable(envelope) if unknown else envelope), RequestEnvelope)
    except (SerializationException, AskSdkException, ValueError, TypeError, AttributeError, KeyError) as error:
        raise RefusedError(
            f"not an envelope that Alexa would send ({type(error).__name__}): nothing was done"
        ) from None
    if request is None or request.request is None or request.context is None or request.context.system is None:
        raise RefusedError("not an envelope that Alexa would send (no request or no context): nothing was done")
    application = request.context.system.application
    if skill.skill_id is not None and (application is None or application.application_id != skill.skill_id):
        raise OtherSkillError
    if unknown:
        log.warning("a request of a type that is not known was acknowledged: %.80r", envelope["request"]["type"])
        return dict(EMPTY)
    response: dict[str, Any] = skill.serializer.serialize(skill.invoke(request, context))
    return response


def is_unknown(envelope: Any) -> bool:
    """Return whether an envelope holds a request of a type that the SDK has no class for."""
    request = envelope.get("request") if isinstance(envelope, Mapping) else None
    kind = request.get("type") if isinstance(request, Mapping) else None
    return isinstance(kind, str) and bool(kind) and kind not in Request.discriminator_value_class_map


def readable(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return an envelope of an unknown type as the SDK can read it, to see whether the rest of it is in order."""
    shared = {name: envelope["request"].get(name) for name in ("requestId", "timestamp", "locale")}
    return {**envelope, "request": {"type": "LaunchRequest", **shared}}


def _application(envelope: Any) -> Any:
    """Return the application that an envelope names; None where it names none."""
    try:
        return envelope["context"]["System"]["application"]["applicationId"]
    except (LookupError, TypeError):
        return None


def _text(envelope: Mapping[str, Any]) -> str:
    import json

    return json.dumps(envelope)
