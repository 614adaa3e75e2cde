"""Whatever is said, in whatever order and on whatever days, the conversation stays one and the listener stays sane."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skill.answering import Answerer, Reading
from skill.conversation import Heard, Session, Talk, converse
from skill.conversation.policy import COMMANDS
from skill.conversation.standing import WORDS
from skill.library import Library
from skill.listener import Listener
from tests.sanity import as_saved, assert_sane

SAID = [
    *("the first one", "b", "true", "no the last one", "i don't know", "both", "none of them", "yes", "no thanks"),
    *("what is a boundary", "why", "is that bad", "tell me more", "my sister and money", "flurb wozzle kint", ""),
    *("how am i doing", "forget me", "yes delete it all", "stop it's late", "skip", "something else", "he hits me"),
]
ZONES = ["Europe/Berlin", "America/Los_Angeles", "Australia/Sydney", "Pacific/Kiritimati"]


class Remembering(Answerer):
    """The engine as it is, which works out each utterance once: the tests say the same few again and again."""

    def __init__(self, answerer: Answerer) -> None:
        self.__dict__ |= vars(answerer)
        self._readings: dict[str, Reading] = {}

    def read(self, words: str) -> Reading:
        return self._readings.setdefault(words, super().read(words))


@pytest.fixture(scope="module")
def quick(answerer: Answerer) -> Answerer:
    return Remembering(answerer)


QUIZ = st.sampled_from(["right", "wrong", "SkipIntent", "DontKnowIntent", "StartQuizIntent", "ScoreIntent"])
INTENTS = st.sampled_from([*COMMANDS, "right", "wrong", *(f"say {words}" for words in SAID)])
HOURS = st.sampled_from([0, 0, 0, 0, 1, 12, 23, 24, 25, 48, 24 * 7, 24 * 100])
TURNS = st.lists(st.tuples(QUIZ | INTENTS, HOURS), min_size=1, max_size=40)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS, zone=st.sampled_from(ZONES), seed=st.integers(0, 9))
def test_every_conversation_keeps_to_the_rules_and_its_listener_sane(
    known: Library, quick: Answerer, turns: list[tuple[str, int]], zone: str, seed: int
) -> None:
    rng = random.Random(seed)
    # From an evening on, two weeks before the clocks change in half of the zones.
    now = datetime(2026, 3, 14, 22, tzinfo=UTC)
    listener, session = Listener(), Session()
    for action, hours in turns:
        now += timedelta(hours=hours, seconds=20)
        if hours:
            session = Session()
        talk = Talk(known, quick, _heard(action, known, session, listener, now, zone, rng), session, listener)
        was_asking = session.asking
        reply = converse(talk)
        assert reply.text
        assert reply.keeps_listening == reply.text.endswith("?"), reply.text
        assert reply.reprompt is None or (reply.reprompt.endswith("?") and reply.reprompt not in reply.text)
        if talk.trace.intent == "ScoreIntent" and not was_asking:
            assert len(reply.text.split()) <= WORDS
        if talk.trace.outcome == "safety":
            assert talk.listener == listener
        assert_sane(talk.listener, known, _day(now, zone))
        listener = as_saved(talk.listener)
        session = Session.from_dict(talk.session.to_dict()) if reply.keeps_listening else Session()


def _heard(
    action: str, known: Library, session: Session, listener: Listener, now: datetime, zone: str, rng: random.Random
) -> Heard:
    """Return one turn: an intent, words, or an answer to the question that is open."""
    intent, words = action, ""
    if action.startswith("say "):
        intent, words = "AskIntent", action.removeprefix("say ")
    elif action in ("right", "wrong"):
        question = known.quiz.get(session.asked or "")
        intent = "QuizAnswerIntent"
        if question is not None:
            index = question.right if action == "right" else (question.right + 1) % len(question.choices)
            words = question.choices[index].say
    today = _day(now, zone)
    return Heard(intent, words, rng.random() < 0.2, False, now, lambda: today, "en-US", rng)


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
