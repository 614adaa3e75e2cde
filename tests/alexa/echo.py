"""A device for the tests: it sends whole envelopes and keeps the session, but understands no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ask_sdk_core.skill import CustomSkill

from skill.alexa.handlers import Observation
from skill.alexa.skill import answer
from skill.alexa.speech import plain_text
from skill.conversation import Trace
from skill.speakers import envelope
from skill.speakers.envelope import Address
from skill.speakers.recogniser import Recognised, SlotValue

Json = dict[str, Any]

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
LISTENER = "amzn1.ask.account.LISTENER"
SKILL_ID = "amzn1.ask.skill.ours"


@dataclass(frozen=True)
class Turn:
    """What came back."""

    response: Json
    trace: Trace

    @property
    def ssml(self) -> str:
        found: str = self.response["response"].get("outputSpeech", {}).get("ssml", "")
        return found

    @property
    def speech(self) -> str:
        return plain_text(self.ssml)

    @property
    def reprompt(self) -> str:
        return plain_text(self.response["response"].get("reprompt", {}).get("outputSpeech", {}).get("ssml", ""))

    @property
    def open(self) -> bool:
        return self.response["response"].get("shouldEndSession") is False

    @property
    def attributes(self) -> Json:
        return dict(self.response.get("sessionAttributes") or {})

    @property
    def directives(self) -> list[Json]:
        return list(self.response["response"].get("directives") or [])

    @property
    def question(self) -> Mapping[str, Any]:
        assert self.trace.question is not None, f"no question is open after {self.speech!r}"
        return self.trace.question


@dataclass
class Echo:
    """One device of one listener."""

    skill: CustomSkill
    listener: str = LISTENER
    locale: str = "en-US"
    now: datetime = NOW
    attributes: Json = field(default_factory=dict)
    session: int = 0
    turns: int = 0

    def launch(self) -> Turn:
        """Open the skill by name: always a new session."""
        self.session, self.attributes = self.session + 1, {}
        return self.send(envelope.launch(self._address(), self._request_id()))

    def intent(self, name: str, **slots: str) -> Turn:
        """Say what Alexa takes for an intent; a new session where none is open."""
        return self.send(self.envelope(name, **slots))

    def envelope(self, name: str, **slots: str) -> Json:
        """Return the envelope of an intent, for a test that changes it before it is sent."""
        heard = Recognised(name, {slot: SlotValue(value) for slot, value in slots.items()})
        return envelope.intent(self._address(), self._request_id(), heard, self.attributes, not self.attributes)

    def send(self, sent: Json) -> Turn:
        """Send an envelope and keep what the session is to carry."""
        seen = Observation()
        turn = Turn(answer(self.skill, sent, seen), seen.trace)
        goes_on = turn.open or "shouldEndSession" not in turn.response["response"]
        self.attributes = turn.attributes if goes_on else {}
        self.now += timedelta(seconds=10)
        return turn

    def touch(self, *arguments: Any) -> Turn:
        """Touch what sends `arguments`; the session goes on where the answer says nothing about it."""
        sent = self.envelope("AskIntent")
        shared = {name: sent["request"][name] for name in ("requestId", "timestamp", "locale")}
        event = {"type": "Alexa.Presentation.APL.UserEvent", "token": "screen", "arguments": list(arguments)}
        return self.send(sent | {"request": shared | event})

    def answer(self, question: Mapping[str, Any], right: bool = True) -> Turn:
        """Answer the open question of the quiz in the words of a choice."""
        index = question["right"] if right else (question["right"] + 1) % len(question["choices"])
        return self.intent("QuizAnswerIntent", answer=question["choices"][index])

    def _address(self) -> Address:
        return Address(self.listener, self.locale, self.now, f"session-{self.session}", SKILL_ID)

    def _request_id(self) -> str:
        self.turns += 1
        return f"amzn1.echo-api.request.{self.listener}-{self.session}-{self.turns}"
