"""Whoever names no skill is sent here only where the skill has something to say to them."""

from __future__ import annotations

from typing import Any

import pytest

from skill.alexa.skill import answer

from .echo import Echo
from .faults import FaultyStore


def asked(echo: Echo, name: str, **slots: str | None) -> dict[str, Any]:
    """Return what the skill answers to the question whether it could."""
    sent = echo.envelope(name, **{slot: value or "" for slot, value in slots.items()})
    del sent["session"]
    intent = {"name": name, "slots": {slot: {"name": slot, "value": value} for slot, value in slots.items()}}
    sent["request"] |= {"type": "CanFulfillIntentRequest", "intent": intent}
    response: dict[str, Any] = answer(echo.skill, sent)["response"]
    assert set(response) == {"canFulfillIntent"}
    found: dict[str, Any] = response["canFulfillIntent"]
    return found


YES = {"canUnderstand": "YES", "canFulfill": "YES"}


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("AskHowIntent", {"query": "do i say no to my mother"}),
        ("AskIntent", {"phrase": "what is a healthy boundary"}),
        ("StartQuizIntent", {"fresh": "another"}),
    ],
)
def test_what_has_an_answer_can_be_fulfilled(echo: Echo, intent: str, slots: dict[str, str]) -> None:
    assert asked(echo, intent, **slots) == {"canFulfill": "YES", "slots": dict.fromkeys(slots, YES)}


@pytest.mark.parametrize("intent", ["StartQuizIntent", "DailyTipIntent"])
def test_a_beginning_needs_no_words(echo: Echo, intent: str) -> None:
    assert asked(echo, intent) == {"canFulfill": "YES"}
    assert asked(echo, intent, fresh=None) == {"canFulfill": "YES"}


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("AskWhatIntent", {"query": "is the capital of mongolia"}),
        ("QuizAnswerIntent", {"answer": "true"}),
        ("SomebodysIntent", {"colour": "blue"}),
        ("SomebodysIntent", {}),
        ("AskWhatIntent", {}),
        ("AMAZON.YesIntent", {}),
        ("AMAZON.StopIntent", {}),
        ("ForgetMeIntent", {}),
        ("TellMeMoreIntent", {}),
        ("ScoreIntent", {}),
    ],
)
def test_what_is_not_for_this_skill_or_belongs_inside_a_conversation_is_left_to_others(
    echo: Echo, intent: str, slots: dict[str, str]
) -> None:
    no = {"canUnderstand": "NO", "canFulfill": "NO"}
    expected: dict[str, Any] = {"canFulfill": "NO"}
    assert asked(echo, intent, **slots) == expected | ({"slots": dict.fromkeys(slots, no)} if slots else {})


def test_what_has_to_be_asked_back_may_be_fulfilled(echo: Echo) -> None:
    words = "my husband sulks and i feel guilty when i say no"
    found = {query: asked(echo, "AskIntent", phrase=query)["canFulfill"] for query in (words, "partner", "feelings")}
    turns = {query: Echo(echo.skill, listener=query).intent("AskIntent", phrase=query).trace.outcome for query in found}
    expected = {"answer": "YES", "clarify": "MAYBE", "unknown": "NO"}
    assert found == {query: expected[outcome or ""] for query, outcome in turns.items()}
    assert "MAYBE" in found.values()


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR", None])
def test_any_locale_is_answered(echo: Echo, locale: str | None) -> None:
    echo.locale = locale  # type: ignore[assignment]
    assert asked(echo, "DailyTipIntent")["canFulfill"] == "YES"


def test_nothing_is_read_kept_or_said(echo: Echo, store: FaultyStore, caplog: pytest.LogCaptureFixture) -> None:
    store.down = {"load", "save", "delete"}
    asked(echo, "AskHowIntent", query="do i say no to my mother")
    asked(echo, "AskHeIntent", query="hits me and i'm scared")
    assert store.asked() == []
    assert caplog.records == []
