from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skill.answering import Answerer
from skill.conversation import Heard, Session, Talk, converse
from skill.conversation.policy import COMMANDS
from skill.library import Library
from skill.listener import Listener, Round
from tests.strategies import JSON

NAMES = [*Session.__dataclass_fields__]
TEXTS = st.text(max_size=8)

ANY_SESSION = st.dictionaries(st.sampled_from(NAMES) | TEXTS, JSON, max_size=12)
"""What anybody may send as a session."""

TOPICS = st.sampled_from(["boundaries", "saying-no", "no-such-topic", ""])
OFFERS = ["more", "example", "practice", "topic:boundaries", "topic:gone", "round", "resume", "tip", "card", "forget"]
LIKELY_SESSION = st.fixed_dictionaries(
    {},
    optional={
        "topic": TOPICS,
        "pieces": st.integers(-1, 12),
        "offer": st.sampled_from([*OFFERS, "else", "what is this", ":"]),
        "choices": st.lists(TOPICS, max_size=4),
        "asked": st.sampled_from(["boundaries-1", "control-3", "gone-1", ""]),
        "over": st.booleans(),
        "speech": st.lists(TEXTS, max_size=3),
        "reprompt": TEXTS,
        "misses": st.integers(-1, 1000),
        "said": st.dictionaries(st.sampled_from(["welcome", "goodbye", "unknown_first"]), st.integers(-9, 99)),
        "zone": st.sampled_from(["Europe/London", "Nowhere/Else", "", "../../etc"]),
    },
)
"""What may come back from a device that was on while the content changed."""


def is_valid(session: Session) -> bool:
    """Whether every field has the form that its annotation says."""
    texts = (session.topic, session.offer, session.asked, session.reprompt, session.zone)
    return (
        all(value is None or isinstance(value, str) for value in texts)
        and all(isinstance(value, str) for value in (*session.choices, *session.speech, *session.said))
        and all(isinstance(value, int) for value in session.said.values())
        and type(session.over) is bool
        and type(session.pieces) is type(session.misses) is int
        and session.pieces >= 0
        and session.misses >= 0
    )


@given(ANY_SESSION | LIKELY_SESSION)
def test_whatever_is_sent_as_a_session_becomes_one(data: dict[str, Any]) -> None:
    session = Session.from_dict(data)
    assert is_valid(session)
    assert Session.from_dict(json.loads(json.dumps(session.to_dict(), allow_nan=False))) == session


def test_a_session_travels_whole() -> None:
    session = Session(
        topic="boundaries",
        pieces=2,
        offer="more",
        choices=["saying-no", "control"],
        asked="boundaries-1",
        over=True,
        speech=["One.", "Two?"],
        reprompt="Well?",
        misses=2,
        said={"welcome": 3, "goodbye": 0},
        zone="Europe/London",
    )
    assert Session.from_dict(json.loads(json.dumps(session.to_dict()))) == session


def test_a_new_session_is_empty_on_the_way() -> None:
    assert Session().to_dict() == {}
    assert Session.from_dict({}) == Session()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("topic", 7),
        ("pieces", -1),
        ("pieces", True),
        ("pieces", 10**9),
        ("offer", ["more"]),
        ("choices", "boundaries"),
        ("asked", True),
        ("over", "yes"),
        ("over", 1),
        ("speech", {"0": "Hello?"}),
        ("misses", "many"),
        ("said", [1]),
        ("zone", 0),
    ],
)
def test_a_value_of_the_wrong_form_counts_as_empty_and_the_rest_stays(name: str, value: object) -> None:
    assert Session.from_dict({"reprompt": "Well?", name: value}) == Session(reprompt="Well?")


@pytest.fixture(scope="module")
def turn(known: Library, answerer: Answerer) -> Callable[[Session, Listener, str, str, datetime], Talk]:
    """One turn of the conversation, without any speaker around it."""

    def turn(session: Session, listener: Listener, intent: str, words: str, now: datetime) -> Talk:
        heard = Heard(intent, words, False, False, now, lambda: date(2026, 3, 2), "en-US", random.Random(1))
        talk = Talk(known, answerer, heard, session, listener)
        reply = converse(talk)
        assert reply.text
        assert reply.keeps_listening == reply.text.endswith("?")
        return talk

    return turn


ROUND_OPEN = Listener(round=Round("2026-03-01T18:00:00+00:00", ("boundaries-1", "control-3", "gone-1"), ("right",)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=LIKELY_SESSION | ANY_SESSION,
    intent=st.sampled_from([*COMMANDS, "QuizAnswerIntent"]),
    words=st.sampled_from(["the first one", "yes and no", "b", "why", "flurb wozzle", "what is a boundary"]),
    listener=st.sampled_from([Listener(), ROUND_OPEN]),
)
def test_a_conversation_goes_on_from_whatever_session_came_back(
    turn: Callable[[Session, Listener, str, str, datetime], Talk],
    evening: datetime,
    data: dict[str, Any],
    intent: str,
    words: str,
    listener: Listener,
) -> None:
    talk = turn(Session.from_dict(data), listener, intent, words if intent == "QuizAnswerIntent" else "", evening)
    assert is_valid(talk.session)
    assert not (talk.session.offer and talk.session.choices), "a yes would have two things to take up"
    assert Session.from_dict(json.loads(json.dumps(talk.session.to_dict(), allow_nan=False))) == talk.session


def test_a_session_stays_small_enough_for_every_turn_of_a_long_evening(
    turn: Callable[[Session, Listener, str, str, datetime], Talk], evening: datetime
) -> None:
    session, listener = Session(), Listener()
    for _ in range(20):
        for intent in COMMANDS:
            if intent == "ForgetMeIntent":
                continue
            talk = turn(session, listener, intent, "", evening)
            session, listener = Session.from_dict(talk.session.to_dict()), talk.listener
            # Alexa carries 24 KB in a response, speech included.
            assert len(json.dumps(session.to_dict())) < 6_000
