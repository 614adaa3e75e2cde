"""What Alexa sends besides a listener's words is taken as Amazon documents it; who leaves is forgotten."""

from __future__ import annotations

import copy
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.skill import CustomSkill

from skill.alexa.skill import OtherSkillError, answer, assemble
from skill.errors import StoreUnavailableError

from .echo import NOW
from .faults import FaultyStore

APPLICATION = "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"
LEAVER = "amzn1.ask.account.EXAMPLE0LISTENER"
EVENTS = Path(__file__).parents[1] / "events"
QUIET = ["skill_enabled", "skill_disabled", "permission_accepted", "permission_changed", "session_ended",
         "session_ended_by_fault", "exception_encountered"]  # fmt: skip


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def skill(store: FaultyStore) -> CustomSkill:
    """The skill with the id of the events; it remembers LEAVER, who has begun a round."""
    skill = assemble(store, skill_id=APPLICATION)
    answer(skill, event("quiz_start"))
    assert store.memory.load(LEAVER, NOW) is not None
    store.asked()
    return skill


@pytest.mark.parametrize("name", QUIET)
def test_an_event_is_acknowledged_without_a_word(skill: CustomSkill, name: str) -> None:
    assert answer(skill, event(name))["response"] == {}


@pytest.mark.parametrize("name", sorted({*QUIET, "can_fulfill"} - {"skill_disabled"}))
def test_an_event_that_asks_for_nothing_reaches_no_store(skill: CustomSkill, store: FaultyStore, name: str) -> None:
    answer(skill, event(name))
    assert store.asked() == []


def test_who_disables_the_skill_is_forgotten_and_nobody_else(skill: CustomSkill, store: FaultyStore) -> None:
    store.memory.save("amzn1.ask.account.ANOTHER", {}, 0, NOW)
    answer(skill, event("skill_disabled"))
    assert store.asked() == ["delete"]
    assert store.memory.load(LEAVER, NOW) is None
    assert store.memory.load("amzn1.ask.account.ANOTHER", NOW) is not None


def test_who_disables_the_skill_and_was_never_here_is_no_error(skill: CustomSkill) -> None:
    for _ in range(2):
        assert answer(skill, event("skill_disabled"))["response"] == {}


@pytest.mark.parametrize("user", [None, {}, {"userId": None}, {"userId": ""}])
def test_an_event_of_nobody_deletes_nobody(skill: CustomSkill, store: FaultyStore, user: Any) -> None:
    sent = event("skill_disabled")
    sent["context"]["System"]["user"] = user
    assert answer(skill, sent)["response"] == {}
    assert store.asked() == []


def test_a_store_that_can_not_forget_fails_the_event_so_that_amazon_sends_it_again(
    skill: CustomSkill, store: FaultyStore
) -> None:
    store.down = {"delete"}
    with pytest.raises(StoreUnavailableError):
        answer(skill, event("skill_disabled"))
    store.down = set()
    assert answer(skill, event("skill_disabled"))["response"] == {}
    assert store.memory.load(LEAVER, NOW) is None


def test_another_skill_s_event_deletes_nobody(skill: CustomSkill, store: FaultyStore) -> None:
    sent = event("skill_disabled")
    sent["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.another"
    with pytest.raises(OtherSkillError):
        answer(skill, sent)
    assert store.asked() == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("session_ended_by_fault", "Alexa ended a session: INVALID_RESPONSE"),
        (
            "exception_encountered",
            "Alexa met a fault: INVALID_RESPONSE, in request"
            " amzn1.echo-api.request.00000000-0000-4000-8000-000000000001",
        ),
    ],
)
def test_a_fault_that_alexa_tells_of_is_logged_without_its_words(
    skill: CustomSkill, caplog: pytest.LogCaptureFixture, name: str, line: str
) -> None:
    caplog.set_level(logging.DEBUG)
    answer(skill, event(name))
    assert [record.getMessage() for record in caplog.records] == [line]


def test_a_session_that_ends_as_it_should_is_not_logged(skill: CustomSkill, caplog: pytest.LogCaptureFixture) -> None:
    answer(skill, event("session_ended"))
    assert caplog.records == []


@pytest.mark.parametrize("part", ["error", "cause"])
def test_half_a_fault_is_taken_as_well(skill: CustomSkill, part: str) -> None:
    sent = copy.deepcopy(event("exception_encountered"))
    del sent["request"][part]
    assert answer(skill, sent)["response"] == {}


@pytest.mark.parametrize("name", ["can_fulfill", "session_ended"])
def test_where_nothing_may_be_said_a_bug_of_ours_is_silent(
    skill: CustomSkill, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for place in ("skill.alexa.fulfilling.verdict", "skill.alexa.events.SessionEndedHandler.handle"):
        monkeypatch.setattr(place, lambda *_: {}["kindly"])
    assert answer(skill, event(name))["response"] == {}
    (record,) = caplog.records
    assert record.getMessage().startswith("turn failed: KeyError")
    assert "kindly" not in caplog.text
