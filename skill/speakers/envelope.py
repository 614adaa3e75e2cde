"""Request envelopes as Alexa would send them ("Request and response JSON reference" in Amazon's documentation)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from skill.speakers.recogniser import Recognised, SlotValue

LOCAL_APPLICATION = "amzn1.ask.skill.healthy-bonds-on-this-machine"
AUTHORITY = "amzn1.er-authority.echo-sdk.healthy-bonds"
DYNAMIC_AUTHORITY = "amzn1.er-authority.echo-sdk.dynamic"

Json = dict[str, Any]


@dataclass(frozen=True)
class Address:
    """Who is speaking, where, and when."""

    listener: str
    locale: str
    now: datetime
    """Aware."""
    session_id: str
    application: str = LOCAL_APPLICATION


def launch(address: Address, request_id: str) -> Json:
    """Return the envelope for opening the skill by name."""
    return _envelope(address, {"type": "LaunchRequest"}, request_id, {}, True)


def intent(address: Address, request_id: str, heard: Recognised, attributes: Mapping[str, Any], new: bool) -> Json:
    """Return the envelope for a recognised utterance."""
    slots = {name: _slot(name, value, address.application) for name, value in heard.slots.items()}
    body: Json = {"name": heard.intent, "confirmationStatus": "NONE"}
    body |= {"slots": slots} if slots else {}
    return _envelope(address, {"type": "IntentRequest", "intent": body}, request_id, attributes, new)


def ended(address: Address, request_id: str, attributes: Mapping[str, Any]) -> Json:
    """Return the envelope that tells of a session's end after two silences."""
    request = {"type": "SessionEndedRequest", "reason": "EXCEEDED_MAX_REPROMPTS"}
    return _envelope(address, request, request_id, attributes, False)


def _slot(name: str, slot: SlotValue, application: str) -> Json:
    body: Json = {"name": name, "value": slot.value, "confirmationStatus": "NONE", "source": "USER"}
    if slot.type.startswith("AMAZON."):
        return body
    found = [_resolved(f"{AUTHORITY}.{slot.type}", slot.resolved)]
    if slot.dynamic is not None:
        found.insert(0, _resolved(f"{DYNAMIC_AUTHORITY}.{application}.{slot.type}", slot.dynamic))
    return body | {"resolutions": {"resolutionsPerAuthority": found}}


def _resolved(authority: str, entity: Mapping[str, str] | None) -> Json:
    if not entity:
        return {"authority": authority, "status": {"code": "ER_SUCCESS_NO_MATCH"}}
    return {
        "authority": authority,
        "status": {"code": "ER_SUCCESS_MATCH"},
        "values": [{"value": dict(entity)}],
    }


def _envelope(address: Address, request: Json, request_id: str, attributes: Mapping[str, Any], new: bool) -> Json:
    application = {"applicationId": address.application}
    user = {"userId": address.listener}
    stamp = address.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "version": "1.0",
        "session": {
            "new": new,
            "sessionId": address.session_id,
            "application": application,
            "attributes": dict(attributes),
            "user": user,
        },
        "context": {
            "System": {
                "application": application,
                "user": user,
                "device": {"deviceId": address.listener, "supportedInterfaces": {}},
                "apiEndpoint": "https://api.amazonalexa.com",
                "apiAccessToken": "on-this-machine",
            }
        },
        "request": request | {"requestId": request_id, "timestamp": stamp, "locale": address.locale},
    }
