"""A few turns held at initialisation, so that a SnapStart snapshot has everything loaded that a turn needs.

The SDK loads its model classes in the first turn that uses them, and the library and the engine are read in it too.
The turns are a listener's who doesn't exist, on a store of their own: the real table is never reached.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from skill.alexa.skill import answer, assemble
from skill.stores import open_store

OPENED: dict[str, Any] = {"type": "LaunchRequest"}
ASKED: dict[str, Any] = {
    "type": "IntentRequest",
    "dialogState": "STARTED",
    "intent": {
        "name": "AskIntent",
        "confirmationStatus": "NONE",
        "slots": {
            "phrase": {
                "name": "phrase",
                "value": "how do i say no kindly",
                "confirmationStatus": "NONE",
                "source": "USER",
                "slotValue": {"type": "Simple", "value": "how do i say no kindly"},
                "resolutions": {
                    "resolutionsPerAuthority": [
                        {
                            "authority": "warming",
                            "status": {"code": "ER_SUCCESS_MATCH"},
                            "values": [{"value": {"name": "saying no", "id": "saying-no"}}],
                        }
                    ]
                },
            }
        },
    },
}
QUIZ: dict[str, Any] = {"type": "IntentRequest", "intent": {"name": "StartQuizIntent", "confirmationStatus": "NONE"}}
TOUCHED: dict[str, Any] = {"type": "Alexa.Presentation.APL.UserEvent", "arguments": ["say", "give me a tip"]}
WONDERED: dict[str, Any] = {"type": "CanFulfillIntentRequest", "intent": {"name": "DailyTipIntent"}}
LEFT: dict[str, Any] = {"type": "SessionEndedRequest", "reason": "USER_INITIATED"}

SCREEN: dict[str, Any] = {
    "Viewport": {
        "experiences": [{"arcMinuteWidth": 346, "arcMinuteHeight": 216}],
        "mode": "HUB",
        "shape": "RECTANGLE",
        "pixelWidth": 1280,
        "pixelHeight": 800,
        "touch": ["SINGLE"],
        "video": {"codecs": ["H_264_42"]},
    },
    "Viewports": [
        {
            "type": "APL",
            "id": "main",
            "shape": "RECTANGLE",
            "presentationType": "STANDARD",
            "configuration": {
                "current": {
                    "mode": "HUB",
                    "video": {"codecs": ["H_264_42"]},
                    "size": {"type": "DISCRETE", "pixelWidth": 1280, "pixelHeight": 800},
                }
            },
        }
    ],
    "Extensions": {"available": {}},
}
"""What Alexa tells of a device with a screen."""


def warm() -> None:
    """Hold one turn of each kind."""
    # What carries calls to Alexa's APIs, which no turn here makes.
    import urllib3  # noqa: F401

    skill = assemble(open_store("memory://"))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for request in (OPENED, ASKED, QUIZ, TOUCHED, WONDERED, LEFT):
        answer(skill, _envelope(request, now))
    # The codec with which every look-up of a host's name begins, the table's included.
    "localhost".encode("idna")


def _envelope(request: dict[str, Any], now: str) -> dict[str, Any]:
    application, user = {"applicationId": "warming"}, {"userId": "warming"}
    # Without an access token nothing asks Alexa for the device's time zone.
    system = {
        "application": application,
        "user": user,
        "person": {"personId": "warming"},
        "unit": {"unitId": "warming"},
        "device": {"deviceId": "warming", "supportedInterfaces": {"Alexa.Presentation.APL": {"runtime": {}}}},
        "apiEndpoint": "",
    }
    return {
        "version": "1.0",
        "session": {"new": True, "sessionId": "warming", "application": application, "user": user, "attributes": {}},
        "context": SCREEN | {"System": system},
        "request": {"requestId": "warming", "timestamp": now, "locale": "en-US"} | request,
    }
