"""While a quiz question is open Alexa listens for its choices, and afterwards it listens for them no longer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from skill.alexa import entities
from skill.library import Choice, Library

from .echo import Echo, Turn
from .faults import FaultyStore

CLEAR = [{"type": "Dialog.UpdateDynamicEntities", "updateBehavior": "CLEAR"}]


def listened_for(turn: Turn) -> dict[str, list[str]]:
    """Return the texts of each choice that a turn's one directive brings, by its id."""
    (directive,) = turn.directives
    assert (directive["type"], directive["updateBehavior"]) == ("Dialog.UpdateDynamicEntities", "REPLACE")
    (of_type,) = directive["types"]
    assert of_type["name"] == "QuizAnswer"
    return {value["id"]: [value["name"]["value"], *value["name"]["synonyms"]] for value in of_type["values"]}


def test_a_question_that_is_asked_brings_its_choices(echo: Echo, known: Library) -> None:
    echo.launch()
    turn = echo.intent("StartQuizIntent")
    for _ in range(5):
        question = known.quiz[turn.question["id"]]
        texts = listened_for(turn)
        assert list(texts) == [f"choice-{letter}" for letter in "abc"[: len(question.choices)]]
        assert [values[0] for values in texts.values()] == [choice.say for choice in question.choices]
        turn = echo.answer(turn.question)
    assert turn.trace.quiz == "over"
    assert turn.directives == CLEAR
    assert echo.intent("AMAZON.RepeatIntent").directives == []


def test_true_and_false_are_listened_for_too(known: Library) -> None:
    question = next(question for question in known.quiz.values() if question.kind == "true-false")
    (of_type,) = entities.update(question.choices).types
    assert {value.name.value for value in of_type.values} == {"true", "false"}


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("AMAZON.RepeatIntent", {}),
        ("SlowerIntent", {}),
        ("AMAZON.HelpIntent", {}),
        ("DailyTipIntent", {}),
        ("ScoreIntent", {}),
        ("AskWhatIntent", {"query": "is a healthy boundary"}),
        ("AMAZON.FallbackIntent", {}),
        ("ForgetMeIntent", {}),
    ],
)
def test_a_question_that_is_only_asked_again_brings_nothing_new(echo: Echo, intent: str, slots: dict[str, str]) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    turn = echo.intent(intent, **slots)
    assert turn.trace.quiz == "asking"
    assert turn.directives == []


def test_another_question_replaces_the_choices_whichever_way_it_comes(echo: Echo, known: Library) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    for name in ("SkipIntent", "DontKnowIntent", "AMAZON.StartOverIntent"):
        turn = echo.intent(name)
        first = known.quiz[turn.question["id"]].choices[0].say
        assert listened_for(turn)["choice-a"][0] == first


def test_a_round_that_is_taken_up_again_brings_its_choices(echo: Echo) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    assert echo.intent("AMAZON.StopIntent").directives == []
    assert echo.launch().directives == []
    assert listened_for(echo.intent("AMAZON.YesIntent"))


def test_who_is_forgotten_in_a_round_is_listened_to_as_before(echo: Echo) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    echo.intent("ForgetMeIntent")
    assert echo.intent("AMAZON.YesIntent").directives == CLEAR


def test_also_where_the_store_can_not_forget_the_choices_are_taken_back(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    echo.intent("ForgetMeIntent")
    store.down = {"delete"}
    assert echo.intent("AMAZON.YesIntent").directives == CLEAR


@pytest.mark.parametrize("intent", ["AMAZON.StopIntent", "AMAZON.PauseIntent", "AMAZON.CancelIntent"])
def test_what_ends_the_session_sends_nothing(echo: Echo, intent: str) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    turn = echo.intent(intent)
    assert not turn.open
    assert turn.directives == []


def test_with_safety_help_goes_nothing_but_its_words(echo: Echo) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    turn = echo.intent("AskHeIntent", query="hits me and i'm scared")
    assert turn.trace.outcome == "safety"
    assert set(turn.response["response"]) == {"outputSpeech", "shouldEndSession"}


def test_every_question_fits_what_alexa_takes(known: Library) -> None:
    for question in known.quiz.values():
        (of_type,) = entities.update(question.choices).types
        texts = [text for value in of_type.values for text in (value.name.value, *value.name.synonyms)]
        assert len(texts) <= 100
        assert len(set(texts)) == len(texts), question.id
        assert all(re.fullmatch(r"[a-z' -]{1,140}", text) for text in texts), question.id
        assert not [text for text in texts if not text.strip()]


def test_more_synonyms_than_alexa_takes_are_left_out_and_every_choice_keeps_its_share() -> None:
    choices: tuple[Any, ...] = tuple(
        Choice(f"choice {word}", tuple(f"{word} {'x' * n}" for n in range(1, 80))) for word in ("one", "two", "three")
    )
    (of_type,) = entities.update(choices).types
    assert [len(value.name.synonyms) for value in of_type.values] == [32, 32, 32]
