"""Plays a dialogue of this folder on a device, with the whole path behind it; the format is told in README.md."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from skill.alexa.skill import assemble
from skill.alexa.speech import SLOW_RATE
from skill.library import Library
from skill.listener import Listener, Memory, Round, finished, stamp
from skill.speakers.device import Device, Played
from skill.speakers.settings import DeviceSettings
from skill.stores.memory import MemoryStore
from skill.tips import continued

FOLDER = Path(__file__).parent
Json = Mapping[str, Any]

LINES = ("you", "silence")
SETTINGS = ("later", "listener", "device", "timezone", "locale")
CHECKS = {
    *("says", "open", "saved", "kept", "card", "intent", "outcome", "topic", "quiz", "verdict", "score", "tip"),
    *("number", "question"),
}
SPEECH_CHECKS = {"words at most", "has", "lacks", "same", "slow"}
GREETINGS = {
    "LaunchRequest": "welcome",
    "AMAZON.StopIntent": "goodbye",
    "AMAZON.CancelIntent": "goodbye",
    "AMAZON.PauseIntent": "goodbye",
}
"""What greets or takes leave, by intent; a pause outside a round takes leave in the words of a goodbye."""
WISHES_TO_HEAR_AGAIN = ("AMAZON.RepeatIntent", "SlowerIntent")


@dataclass(frozen=True)
class Dialogue:
    """One conversation, as its file tells it."""

    file: str
    title: str
    given: Json
    script: tuple[Json, ...]


def dialogues() -> list[Dialogue]:
    """Return every dialogue of the folder, by file and order."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert data.keys() == {"rule", "dialogues"}, f"{path.name} must have a rule and dialogues"
        for told in data["dialogues"]:
            found.append(Dialogue(path.stem, told["title"], told.get("given", {}), tuple(told["script"])))
    return found


@dataclass
class Ear:
    """What one listener has heard last."""

    played: Played | None = None
    question: str | None = None
    topic: str | None = None
    tip: str | None = None
    quiz: Json | None = None
    """The question that is open."""
    candidates: tuple[str, ...] = ()
    greetings: dict[str, str] = field(default_factory=dict)
    """The last welcome and the last goodbye."""


@dataclass
class Stage:
    """Where a dialogue is played: a store, devices, and the time."""

    known: Library
    now: datetime
    listener: str = "ana"
    device: str | None = None
    timezone: str | None = None
    locale: str = "en-US"
    store: MemoryStore = field(default_factory=MemoryStore)
    settings: DeviceSettings = field(default_factory=DeviceSettings)
    ears: dict[str, Ear] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._skill = assemble(self.store, self.settings)

    @property
    def ear(self) -> Ear:
        return self.ears.setdefault(self.listener, Ear())

    def given(self, given: Json) -> None:
        """Arrange what was before the first line."""
        self.set(given)
        listener = self._with_history(given)
        if "round" in given:
            questions = self._questions(given["round"])
            marks = ("right",) * given.get("right", 0)
            began = self.now - timedelta(days=1)
            quiz_round = Round(stamp(began), questions, marks)
            listener = replace(listener, launches=1, round=quiz_round)
        if listener != Listener():
            self.store.save(self.listener, listener.to_dict(), 0, self.now)

    def _with_history(self, given: Json) -> Listener:
        """Return who has `played` rounds, one a day up to yesterday, and answered two questions of some topics."""
        listener = Listener()
        played = given.get("played", [])
        for days, right in zip(range(len(played), 0, -1), played, strict=True):
            day = self.now - timedelta(days=days)
            marks = ("right",) * right + ("wrong",) * (5 - right)
            over = Round(stamp(day), self._questions([]), marks)
            practised = continued(listener.practised, day.date())
            listener = finished(replace(listener, launches=1, round=over, practised=practised))
        for topics, right in ((given.get("knows", []), 1), (given.get("misses", []), 0)):
            for topic in topics:
                ids = [q.id for q in self.known.quiz.values() if q.topic == topic][:2]
                last = (self.now - timedelta(days=1)).isoformat(timespec="seconds")
                memory = Memory(stability=3.0, difficulty=5.0, last=last, seen=1, right=right)
                listener = replace(listener, memories={**listener.memories, **dict.fromkeys(ids, memory)})
        return listener

    def set(self, line: Json) -> None:
        """Change who speaks, where and when."""
        for name in SETTINGS[1:]:
            if name in line:
                setattr(self, name, line[name])
        if "now" in line:
            self.now = line["now"] if isinstance(line["now"], datetime) else datetime.fromisoformat(line["now"])
        if "later" in line:
            amount, unit = line["later"].split()
            self.now += timedelta(**{unit if unit.endswith("s") else f"{unit}s": int(amount)})

    def play(self, line: Json) -> tuple[str, Played]:
        """Play one line; return what was said and what came back."""
        if line.get("silence"):
            return "", self._device().silence(**self._here())
        assert isinstance(line["you"], str), f"write {line['you']!r} in quotation marks"
        said = line["you"].format_map(self._fillings())
        return said, self._device().say(said, **self._here())

    def version(self) -> int | None:
        """Return the version of what is kept of the one who speaks; None where nothing is."""
        kept = self.store.load(self.listener, self.now)
        return kept.version if kept and not Listener.from_dict(kept.state).is_empty else None

    def _device(self) -> Device:
        name = self.device or self.listener
        if name not in self.devices:
            self.devices[name] = Device(self._skill, self.settings)
        return self.devices[name]

    def _here(self) -> dict[str, Any]:
        return {"listener": self.listener, "now": self.now, "locale": self.locale, "time_zone": self.timezone}

    def _questions(self, kinds: list[str]) -> tuple[str, ...]:
        """Return five questions that begin with these kinds."""
        left = list(self.known.quiz.values())
        chosen: list[str] = []
        for kind in itertools.islice(itertools.chain(kinds, itertools.repeat("true-false")), 5):
            question = next(q for q in left if q.kind == kind)
            left.remove(question)
            chosen.append(question.id)
        return tuple(chosen)

    def _fillings(self) -> dict[str, str]:
        ear = self.ear
        titles = [self.known.topics[id].title for id in ear.candidates]
        words = dict(zip(("first", "second"), titles, strict=False))
        if ear.quiz:
            right, choices = ear.quiz["right"], ear.quiz["choices"]
            wrong = [index for index in range(len(choices)) if index != right]
            words |= {"right": choices[right], "wrong": choices[wrong[0]]}
            words |= {"right letter": "abc"[right], "wrong letter": "abc"[wrong[0]]}
            words |= {"right place": _place(right, len(choices)), "wrong place": _place(wrong[0], len(choices))}
        return words


def _place(index: int, count: int) -> str:
    return "the last one" if index == count - 1 else ("the first one", "the second one")[index]


def remember(ear: Ear, played: Played) -> None:
    """Take up what a listener has just heard."""
    trace = played.trace
    ear.played = played
    ear.quiz = trace.question
    ear.candidates = trace.candidates
    ear.question = trace.question["id"] if trace.question else ear.question
    ear.topic = trace.topic or ear.topic
    ear.tip = trace.tip or ear.tip
    if trace.intent in GREETINGS:
        ear.greetings[GREETINGS[trace.intent]] = played.speech


def check(line: Json, played: Played, before: Ear, version: int | None, version_before: int | None) -> list[str]:
    """Return what of a line's checks does not hold."""
    unknown = line.keys() - CHECKS - {*LINES, *SETTINGS}
    assert not unknown, f"there is no check named {', '.join(unknown)}"
    trace, faults = played.trace, []

    def expect(name: str, wanted: object, found: object) -> None:
        if wanted != found:
            faults.append(f"{name} is {found!r}, not {wanted!r}")

    asked = trace.question or {}
    found = {
        "open": played.open,
        "saved": version != version_before,
        "kept": version is not None,
        "card": "card" in played.response.get("response", {}),
        "intent": trace.intent,
        "outcome": trace.outcome,
        "topic": trace.topic,
        "quiz": trace.quiz,
        "verdict": trace.verdict,
        "score": trace.score_right,
        "tip": trace.tip,
        "number": asked.get("number"),
        "question": asked.get("id"),
    }
    last = {"question": before.question, "topic": before.topic, "tip": before.tip}
    for name in line.keys() & found.keys():
        wanted = line[name]
        if name in last and wanted == "same":
            expect(name, last[name], found[name])
        elif name in last and wanted == "another":
            if found[name] in (None, last[name]):
                faults.append(f"{name} is {found[name]!r}, not another")
        elif name == "tip" and wanted == "some":
            if found[name] is None:
                faults.append("no tip")
        else:
            expect(name, wanted, found[name])
    return faults + _speech_faults(line.get("says", {}), played, before)


def _speech_faults(says: Json, played: Played, before: Ear) -> list[str]:
    unknown = says.keys() - SPEECH_CHECKS
    assert not unknown, f"there is no check of speech named {', '.join(unknown)}"
    faults, speech = [], played.speech.lower()
    if len(speech.split()) > says.get("words at most", 1000):
        faults.append(f"{len(speech.split())} words")
    for text in _texts(says.get("has", [])):
        if text.lower() not in speech:
            faults.append(f"no {text!r} in it")
    for text in _texts(says.get("lacks", [])):
        if re.search(rf"\b{re.escape(text.lower())}\b", speech):
            faults.append(f"there is {text!r} in it")
    if says.get("same") and before.played and played.speech != before.played.speech:
        faults.append(f"not the same as before: {before.played.speech!r}")
    if "slow" in says and says["slow"] != (f'rate="{SLOW_RATE}"' in played.ssml):
        faults.append("the pace is wrong")
    return faults


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def rules_of_every_turn(said: str, played: Played, before: Ear, kept: bool) -> list[str]:
    """Return what of the rules for all turns does not hold (CONTENT.md, "Turns")."""
    faults = []
    if said and not played.speech:
        faults.append("nothing is said")
    if played.open and not played.speech.endswith("?"):
        faults.append("it goes on listening and ends without a question")
    if played.open and not (played.reprompt or "").endswith("?"):
        faults.append("it goes on listening and has no reprompt that asks")
    if said and played.open and played.reprompt and played.reprompt in played.speech:
        faults.append("the reprompt is the prompt again")
    if not played.open and (played.reprompt or played.speech.endswith("?")):
        faults.append("it asks and closes")
    again = played.trace.intent in WISHES_TO_HEAR_AGAIN or played.trace.tip is not None
    if said and before.played and played.speech == before.played.speech and not again:
        faults.append("the same words twice running")
    # Who is not remembered can't be spared a goodbye that they have heard.
    if said and kept and played.speech == before.greetings.get(GREETINGS.get(played.trace.intent, "")):
        faults.append("the same welcome or goodbye as last time")
    return faults


def rules_of_safety(said: str, played: Played, saved: bool, logged: str) -> list[str]:
    """Return what of the rules for safety help does not hold (CONTENT.md, "Care")."""
    if played.trace.outcome != "safety":
        return []
    body = played.response["response"]
    faults = []
    if played.open or body.get("reprompt"):
        faults.append("it goes on listening")
    if f'rate="{SLOW_RATE}"' not in played.ssml:
        faults.append("it is not slow")
    if len(played.speech.split()) > 60:
        faults.append("it is long")
    if body.get("card") or body.get("directives"):
        faults.append("there is something on the screen")
    if saved or any(said in str(value) for value in (played.response.get("sessionAttributes") or {}).values()):
        faults.append("something of it is kept")
    if said in logged:
        faults.append("it is in the log")
    if played.trace.verdict or played.trace.question or played.trace.tip:
        faults.append("there is a verdict, a question or a tip beside it")
    return faults
