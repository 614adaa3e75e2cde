"""A touch on the screen does what the words on it would do, and nothing else does anything."""

from __future__ import annotations

from typing import Any

import pytest

from skill.library import Library

from .echo import Echo
from .faults import FaultyStore


def test_a_touch_on_a_choice_answers_the_open_question(echo: Echo) -> None:
    echo.launch()
    turn = echo.intent("StartQuizIntent")
    for _ in range(5):
        right = turn.question["right"]
        turn = echo.touch("choice", right + 1)
        assert turn.trace.verdict == "right"
    assert turn.trace.score_right == 5


def test_a_touch_on_another_choice_is_a_wrong_answer(echo: Echo) -> None:
    echo.launch()
    question = echo.intent("StartQuizIntent").question
    wrong = (question["right"] + 1) % len(question["choices"])
    turn = echo.touch("choice", wrong + 1, question["id"])
    assert turn.trace.verdict == "wrong"
    assert turn.question["number"] == 2


def test_a_second_touch_in_a_hurry_does_not_answer_the_next_question(echo: Echo) -> None:
    echo.launch()
    first = echo.intent("StartQuizIntent").question
    second = echo.touch("choice", 1, first["id"]).question
    assert echo.touch("choice", 1, first["id"]).response["response"] == {}
    turn = echo.intent("AMAZON.RepeatIntent")
    assert turn.question["id"] == second["id"]


def test_a_touch_chooses_between_two_topics(echo: Echo) -> None:
    echo.launch()
    offered = echo.intent("AMAZON.NextIntent").trace.candidates
    assert echo.touch("choice", 2).trace.topic == offered[1]


def test_a_touch_says_what_could_be_said(echo: Echo, known: Library) -> None:
    echo.launch()
    assert echo.touch("say", "what is a healthy boundary").trace.topic == "boundaries"
    turn = echo.touch("say", "tell me more")
    assert known.topics["boundaries"].more[0] in turn.speech
    assert turn.open
    assert echo.touch("say", "quiz me").question["number"] == 1


def test_a_touch_on_words_of_danger_brings_help_and_nothing_else(echo: Echo) -> None:
    echo.launch()
    turn = echo.touch("say", "he hits me and i'm scared")
    assert turn.trace.outcome == "safety"
    assert set(turn.response["response"]) == {"outputSpeech", "shouldEndSession"}


ODD: list[tuple[Any, ...]] = [
    (),
    ("choice",),
    ("choice", 0),
    ("choice", -1),
    ("choice", 4),
    ("choice", "1"),
    ("choice", True),
    ("choice", 1.5),
    ("choice", None),
    ("choice", 1, None),
    ("choice", 1, "another-question"),
    ("choice", 1, "x", "y"),
    ("say",),
    ("say", ""),
    ("say", "  "),
    ("say", 5),
    ("say", "quiz me", "now"),
    ("shout", "quiz me"),
    (["choice", 1],),
    ({"choice": 1},),
    (None, None),
]


@pytest.mark.parametrize("arguments", ODD, ids=str)
def test_a_touch_that_can_not_be_read_is_acknowledged_and_changes_nothing(
    echo: Echo, store: FaultyStore, arguments: tuple[Any, ...]
) -> None:
    echo.launch()
    question = echo.intent("StartQuizIntent").question
    store.asked()
    turn = echo.touch(*arguments)
    assert turn.response["response"] == {}
    assert store.asked() == []
    assert echo.intent("AMAZON.RepeatIntent").question == question


def test_a_touch_on_a_choice_where_nothing_is_asked_is_nothing(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    store.asked()
    assert echo.touch("choice", 1).response["response"] == {}
    assert store.asked() == []


def test_a_touch_without_arguments_is_nothing(echo: Echo) -> None:
    sent = echo.envelope("AskIntent")
    sent["request"] = {
        "type": "Alexa.Presentation.APL.UserEvent",
        "requestId": "r",
        "timestamp": "2026-03-02T18:00:00Z",
    }
    assert echo.send(sent).response["response"] == {}
