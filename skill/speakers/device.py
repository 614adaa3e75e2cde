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
    """The response envelope; empty where nothing was sent, since a reprompt is the device's own to play."""
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
        recognised = recogniser(locale).hear(rest, self.sitting.entities)
        sent = envelope.intent(address, _request_id(), recognised, self.sitting.attributes, new)
        return self._send(words, recognised, sent)

    def silence(self, *, listener: str, now: datetime, locale: str, time_zone: str | None) -> Played:
        """Let nobody speak: the first time the reprompt is played, the second time the session ends."""
        sitting = self.sitting
        sitting.silences += 1
        quiet = Recognised("")
        if sitting.open and sitting.silences == 1:
            return Played("", quiet, sitting.reprompt or "", sitting.reprompt, True, self._as_it_stands(), {})
        response: Json = {}
        if sitting.open:
            ended = envelope.ended(self._address(listener, now, locale, time_zone), _request_id(), sitting.attributes)
            response = assembled.answer(self._skill, ended, Observation())
        trace = self._as_it_stands()
        self.sitting = Sitting()
        if trace.quiz == "asking":
            trace = replace(trace, quiz="paused", question=None)
        self._last_trace = trace
        return Played("", quiet, "", None, False, trace, response)

    def _as_it_stands(self) -> Trace:
        """Return the trace of a silence: how the quiz and the store stand, and nothing of what was said before it."""
        last = self._last_trace
        return Trace(
            quiz=last.quiz,
            question=last.question,
            score_right=last.score_right,
            listener_version=last.listener_version,
        )

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
        sitting.listen_for(body.get("directives", []))
        asked = seen.trace.question if sitting.open else None
        sitting.question = {"number": asked["number"], "choices": list(asked["choices"])} if asked else None
        self._last_trace = seen.trace
        return Played(words, recognised, plain_text(ssml), sitting.reprompt, sitting.open, seen.trace, response, ssml)


def _request_id() -> str:
    return f"amzn1.echo-api.request.{uuid.uuid4()}"
