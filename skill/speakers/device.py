"""A device without a body: it holds a session, sends envelopes to the skill, and plays what comes back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ask_sdk_core.skill import CustomSkill

from skill.alexa import skill as assembled
from skill.alexa.handlers import Observation
from skill.alexa.speech import plain_text
from skill.conversation import Trace
from skill.speakers import envelope
from skill.speakers.envelope import Address
from skill.speakers.recogniser import Recognised, invoked, recogniser
from skill.speakers.settings import DeviceSettings
from skill.speakers.sitting import Sitting

Json = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """What a device did in one turn."""

    heard: str
    recognised: Recognised
    speech: str
    """Plain text, as heard."""
    reprompt: str | None
    open: bool
    """Whether it goes on listening."""
    trace: Trace
    response: Json
    ssml: str = ""

    def to_dict(self) -> Json:
        """Return the turn as `talk --json` shows it."""
        return {
            "heard": self.heard,
            "intent": self.trace.intent or self.recognised.intent,
            "slots": {name: slot.value for name, slot in self.recognised.slots.items()},
            "speech": self.speech,
            "reprompt": self.reprompt,
            "session_open": self.open,
            "listener_version": self.trace.listener_version,
            "response": self.response,
            "trace": self.trace.to_dict(),
        }


class Device:
    """Speaks and listens for one listener at a time."""

    def __init__(self, skill: CustomSkill, settings: DeviceSettings) -> None:
        self._skill = skill
        self._settings = settings
        self.sitting = Sitting()
        self._last_trace = Trace()

    def say(self, words: str, *, listener: str, now: datetime, locale: str, time_zone: str | None) -> Played:
        """Send what somebody said; without an open session it starts one, with or without the skill's name."""
        named, rest = invoked(words)
        if named or not self.sitting.open:
            self.sitting = Sitting()
        new = not self.sitting.open
        address = self._address(listener, now, locale, time_zone)
        if named and not rest:
            return self._send(words, Recognised("LaunchRequest"), envelope.launch(address, _request_id()))
        recognised = recogniser(locale).hear(rest)
        sent = envelope.intent(address, _request_id(), recognised, self.sitting.attributes, new)
        return self._send(words, recognised, sent)

    def silence(self, *, listener: str, now: datetime, locale: str, time_zone: str | None) -> Played:
        """Let nobody speak: the first time the reprompt is played, the second time the session ends."""
        sitting = self.sitting
        sitting.silences += 1
        quiet = Recognised("")
        if sitting.open and sitting.silences == 1:
            trace = replace(self._last_trace, verdict=None)
            return Played("", quiet, sitting.reprompt or "", sitting.reprompt, True, trace, {})
        if sitting.open:
            address = self._address(listener, now, locale, time_zone)
            assembled.answer(self._skill, envelope.ended(address, _request_id(), sitting.attributes), Observation())
        trace = replace(self._last_trace, quiz="paused" if self._last_trace.quiz == "asking" else self._last_trace.quiz)
        self.sitting = Sitting()
        return Played("", quiet, "", None, False, replace(trace, question=None, verdict=None), {})

    def _address(self, listener: str, now: datetime, locale: str, time_zone: str | None) -> Address:
        if time_zone:
            self._settings.set_time_zone(listener, time_zone)
        application = self._skill.skill_id or envelope.LOCAL_APPLICATION
        return Address(listener, locale, now, self.sitting.id, application)

    def _send(self, words: str, recognised: Recognised, sent: Json) -> Played:
        seen = Observation()
        response = assembled.answer(self._skill, sent, seen)
        body = response.get("response", {})
        ssml = body.get("outputSpeech", {}).get("ssml", "")
        reprompt = body.get("reprompt", {}).get("outputSpeech", {}).get("ssml")
        sitting = self.sitting
        sitting.open = body.get("shouldEndSession") is False
        sitting.attributes = response.get("sessionAttributes") or {}
        sitting.reprompt = plain_text(reprompt) if reprompt else None
        sitting.silences = 0
        asked = seen.trace.question if sitting.open else None
        sitting.question = {"number": asked["number"], "choices": list(asked["choices"])} if asked else None
        self._last_trace = seen.trace
        return Played(words, recognised, plain_text(ssml), sitting.reprompt, sitting.open, seen.trace, response, ssml)


def _request_id() -> str:
    return f"amzn1.echo-api.request.{uuid.uuid4()}"
