"""Several devices of one household, and a store with bad days: no answer, no tip and no deletion is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from skill.alexa.handlers import CARRIED
from skill.alexa.skill import assemble
from skill.library import Library
from skill.listener import Listener, stamp
from tests.sanity import assert_sane

from .echo import LISTENER, NOW, SKILL_ID, Echo, Turn
from .faults import FaultyStore


@dataclass
class Deed:
    """Something that a listener did and must find again."""

    when: datetime
    what: str
    """The id of a quiz question that was dealt with, or "tip"."""


@dataclass
class Device:
    """A device, and what was done on it that the store has not taken yet."""

    echo: Echo
    question: Mapping[str, Any] | None = None
    waiting: list[Deed] = field(default_factory=list)
    carries_since: datetime | None = None

    def end(self) -> None:
        """End the session as silence does; what was carried is gone with it, as no store would take it."""
        self.echo.attributes, self.question, self.waiting, self.carries_since = {}, None, [], None


class Household:
    """What a family does with the skill, and what they may rely on afterwards."""

    def __init__(self, known: Library) -> None:
        self.known, self.now = known, NOW
        self.store = FaultyStore()
        skill = assemble(self.store, skill_id=SKILL_ID)
        self.devices = [Device(Echo(skill)) for _ in range(2)]
        self.deeds: list[Deed] = []
        """What was kept, as far as it was not forgotten."""
        self.forgotten = ""
        """When that was last: as listener.stamp writes it."""

    def kept(self) -> Listener:
        found = self.store.memory.load(LISTENER, self.now)
        return Listener.from_dict(found.state) if found else Listener()

    def later(self, minutes: int) -> None:
        """Let time go by; what is more than some minutes ends every session."""
        self.now += timedelta(minutes=minutes)
        for device in self.devices if minutes > 10 else []:
            device.end()

    def live(self, part: frozenset[str] | int | list[tuple[int, str]]) -> None:
        """Let the store go away or come back, time go by, or somebody say something, and see what is kept then."""
        if isinstance(part, frozenset):
            self.store.down = set(part)
        elif isinstance(part, int):
            self.later(part)
        else:
            for number, action in part:
                self.say(number, action)
                self.assert_nothing_came_back()
                self.assert_nothing_is_lost()

    def say(self, number: int, action: str) -> None:
        device = self.devices[number]
        device.echo.now = self.now
        if action == "launch":
            device.end()
        self.store.asked()
        turn = _turn(device, action)
        self._check(turn)
        deeds = []
        if turn.trace.verdict is not None and device.question is not None:
            deeds.append(Deed(self.now, device.question["id"]))
        if turn.trace.tip:
            deeds.append(Deed(self.now, "tip"))
        self._note(device, turn, deeds)
        if not turn.open:
            device.end()
        self.now += timedelta(seconds=10)

    def _check(self, turn: Turn) -> None:
        assert turn.speech
        assert turn.open == turn.speech.endswith("?")
        asked = self.store.asked()
        assert asked.count("load") <= 1
        assert len(asked) - asked.count("load") <= 1
        assert turn.trace.listener_version is None or turn.trace.listener_version > 0
        assert_sane(self.kept(), self.known, self.now.date())
        if not self.store.down:
            assert (turn.trace.listener_version is None) == self.kept().is_empty

    def _note(self, device: Device, turn: Turn, deeds: list[Deed]) -> None:
        """Work out what must be kept from now on."""
        device.question = turn.trace.question
        forgotten = self.kept().forgotten
        if forgotten > self.forgotten:
            self.forgotten, self.deeds, device.waiting = forgotten, [], []
        if device.carries_since and stamp(device.carries_since) <= self.forgotten:
            # What is carried from before a deletion goes whole, with what is added to it until the store can be read.
            device.waiting = []
            if "load" in self.store.down:
                return
            device.carries_since = None
        device.waiting += deeds
        if CARRIED in turn.attributes:
            device.carries_since = device.carries_since or self.now
        else:
            self.deeds += device.waiting
            device.waiting, device.carries_since = [], None

    def assert_nothing_is_lost(self) -> None:
        listener = self.kept()
        for deed in self.deeds:
            if deed.what == "tip":
                assert listener.streak is not None
                assert listener.streak.last >= deed.when.date() - timedelta(days=1)
            else:
                assert listener.memories[deed.what].last >= deed.when.isoformat(timespec="seconds")

    def assert_nothing_came_back(self) -> None:
        listener = self.kept()
        assert listener.forgotten in ("", self.forgotten)
        assert all(stamp(datetime.fromisoformat(m.last)) > self.forgotten for m in listener.memories.values())
        assert all(id > self.forgotten for id, _, _ in listener.rounds)
        assert listener.round is None or listener.round.id > self.forgotten
        if self.forgotten:
            day = datetime.fromisoformat(self.forgotten).date() - timedelta(days=1)
            assert all(s is None or s.first >= day for s in (listener.streak, listener.practised))


def _turn(device: Device, action: str) -> Turn:
    echo, question = device.echo, device.question
    if action == "launch":
        return echo.launch()
    if action in ("right", "wrong"):
        if question is None:
            return echo.intent("AMAZON.FallbackIntent")
        return echo.answer(question, right=action == "right")
    if action.startswith("what "):
        return echo.intent("AskWhatIntent", query=action.removeprefix("what "))
    return echo.intent(action)


ACTIONS = [
    *("launch", "StartQuizIntent", "StartQuizIntent", "right", "right", "wrong", "wrong", "SkipIntent"),
    *("DontKnowIntent", "DailyTipIntent", "ScoreIntent", "AMAZON.StopIntent", "AMAZON.YesIntent", "AMAZON.NoIntent"),
    *("AMAZON.RepeatIntent", "AMAZON.StartOverIntent", "what is a healthy boundary"),
]
NUMBERS = st.integers(0, 1)
SAY = st.lists(st.tuples(NUMBERS, st.sampled_from(ACTIONS)), min_size=1, max_size=5)
ANSWERS = st.lists(st.sampled_from(["right", "wrong", "SkipIntent", "DailyTipIntent"]), min_size=1, max_size=6)
PLAY = st.tuples(NUMBERS, ANSWERS).map(lambda play: [(play[0], action) for action in ("StartQuizIntent", *play[1])])
FORGET = NUMBERS.map(lambda number: [(number, "ForgetMeIntent"), (number, "AMAZON.YesIntent")])
UP = st.just(frozenset[str]())
DOWN = st.sampled_from([{"load"}, {"save"}, {"forget"}, {"load", "save"}, {"load", "save", "forget"}]).map(frozenset)
LATER = st.sampled_from([1, 60, 60 * 24, 60 * 24 * 30])
OUTAGE = st.tuples(DOWN, PLAY, UP, st.one_of(FORGET, FORGET, PLAY, SAY), SAY).map(list)
"""The store is away while somebody plays; when it is back, somebody else may be faster."""
AFRESH = st.tuples(FORGET, DOWN, PLAY, UP, SAY).map(list)
"""Somebody who was forgotten plays again, and the store does not take it at once."""
STEPS = st.lists(st.one_of(PLAY, SAY, FORGET, DOWN, UP, LATER, OUTAGE, AFRESH), min_size=2, max_size=6)


@settings(max_examples=100)
@given(steps=STEPS)
def test_whatever_a_household_says_and_the_store_does_nothing_is_lost_and_nothing_comes_back(
    known: Library, steps: list[Any]
) -> None:
    home = Household(known)
    for step in steps:
        for part in step if isinstance(step, list) and not isinstance(step[0], tuple) else [step]:
            home.live(part)
    home.live(frozenset())
    home.live([(number, "AMAZON.HelpIntent") for number, device in enumerate(home.devices) if device.echo.attributes])
