from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from skill.alexa.speech import plain_text
from skill.library import load
from skill.stores import open_store

ROOT = Path(__file__).parents[1]
EVENTS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "tests" / "events").glob("*.json")
}
APPLICATION = "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"
REQUEST_ID = "8f507cfc-example-of-lambda"
EMPTY = {"version": "1.0", "response": {}}

AS_AWS_DOES = f"""
import json, sys
from types import SimpleNamespace
from lambda_function import lambda_handler

before, turns = set(sys.modules), []
for event in json.load(sys.stdin):
    try:
        turns.append(lambda_handler(event, SimpleNamespace(aws_request_id={REQUEST_ID!r})))
    except Exception as error:
        turns.append({{"error": type(error).__name__, "message": str(error)}})
turns.append(sorted(set(sys.modules) - before))
with open(sys.argv[1], "w") as file:
    json.dump(turns, file, allow_nan=False)
"""
"""Imports the handler as the runtime does, calls it with each event, and tells which modules the calls still loaded."""


@dataclass(frozen=True)
class Run:
    """What one process of the Lambda did."""

    turns: list[dict[str, Any]]
    loaded: list[str]
    log: list[dict[str, Any]]
    printed: str


def run(folder: Path, *events: Any, **environment: str) -> Run:
    process = start(folder, *events, **environment)
    assert process.returncode == 0, process.stderr
    *turns, loaded = json.loads((folder / "turns.json").read_text(encoding="utf-8"))
    lines = process.stdout.splitlines()
    return Run(turns, loaded, [json.loads(line) for line in lines], process.stdout + process.stderr)


def start(
    folder: Path,
    *events: Any,
    python: Sequence[str] = ("-W", "error"),
    path: Sequence[Path] = (ROOT / "lambda", ROOT),
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run AS_AWS_DOES on the events with a Python that finds modules in `path` first, and wait for its end."""
    found = f"import sys; sys.path[:0] = {[str(place) for place in path]!r}"
    return subprocess.run(
        [sys.executable, *python, "-c", found + AS_AWS_DOES, str(folder / "turns.json")],
        input=json.dumps(events),
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each of the events gets."""
    names = sorted(EVENTS)
    done = run(
        tmp_path_factory.mktemp("lambda"),
        *(EVENTS[name] for name in names),
        SKILL_STORE="memory://",
        SKILL_ID=APPLICATION,
    )
    return dict(zip(names, done.turns, strict=True))


def speech(turn: Mapping[str, Any]) -> str:
    return plain_text(turn["response"]["outputSpeech"]["ssml"])


def test_who_opens_the_skill_is_welcomed_and_heard_further(answered: dict[str, dict[str, Any]]) -> None:
    turn = answered["launch"]
    assert "Healthy Bonds" in speech(turn)
    assert turn["response"]["shouldEndSession"] is False
    assert turn["response"]["reprompt"]["outputSpeech"]["ssml"].startswith("<speak>")


def test_a_question_gets_the_answer_of_its_topic(answered: dict[str, dict[str, Any]]) -> None:
    assert load().topics["saying-no"].short in speech(answered["question"])


def test_a_quiz_begins_with_its_first_question(answered: dict[str, dict[str, Any]]) -> None:
    turn = answered["quiz_start"]
    assert any(question.ask in speech(turn) for question in load().quiz.values())
    assert turn["response"]["shouldEndSession"] is False
    assert turn["sessionAttributes"]["asked"] in load().quiz


def test_the_end_of_a_session_is_taken_without_a_word(answered: dict[str, dict[str, Any]]) -> None:
    assert answered["session_ended"]["response"] == {}


@pytest.mark.parametrize("name", ["unknown_request", "malformed"])
def test_what_cannot_be_read_gets_a_valid_response_that_says_nothing(
    answered: dict[str, dict[str, Any]], name: str
) -> None:
    assert answered[name] == EMPTY


@pytest.mark.parametrize("name", ["skill_enabled", "skill_disabled", "permission_accepted", "permission_changed",
                                  "session_ended_by_fault", "exception_encountered"])  # fmt: skip
def test_what_happens_to_the_skill_itself_is_acknowledged_without_a_word(
    answered: dict[str, dict[str, Any]], name: str
) -> None:
    assert answered[name]["response"] == {}


def test_a_touch_is_answered_like_words(answered: dict[str, dict[str, Any]]) -> None:
    assert any(tip.text in speech(answered["touch"]) for tip in load().tips)


def test_whoever_names_no_skill_may_be_sent_here(answered: dict[str, dict[str, Any]]) -> None:
    assert answered["can_fulfill"]["response"]["canFulfillIntent"]["canFulfill"] == "YES"


def test_who_disables_the_skill_is_forgotten(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/listeners.db"
    run(tmp_path, EVENTS["quiz_start"], EVENTS["skill_disabled"], SKILL_STORE=store)
    listener = EVENTS["quiz_start"]["context"]["System"]["user"]["userId"]
    assert open_store(store).load(listener, datetime(2026, 3, 3, tzinfo=UTC)) is None


def test_who_could_not_be_forgotten_is_an_error_of_the_function_so_that_amazon_sends_it_again(tmp_path: Path) -> None:
    done = run(tmp_path, EVENTS["skill_disabled"], SKILL_STORE=f"sqlite:///{tmp_path}")
    assert done.turns[0]["error"] == "StoreUnavailableError"
    assert "amzn1.ask.account" not in done.printed + done.turns[0]["message"]


def test_another_applications_envelope_is_an_error_of_the_function(answered: dict[str, dict[str, Any]]) -> None:
    assert answered["other_application"] == {
        "error": "OtherSkillError",
        "message": "this envelope is for another skill: compare its applicationId with SKILL_ID",
    }


def test_a_stranger_s_envelope_is_an_error_also_where_it_can_not_be_read(tmp_path: Path) -> None:
    stranger = json.loads(json.dumps(EVENTS["unknown_request"]))
    stranger["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.another"
    (turn,) = run(tmp_path, stranger, SKILL_STORE="memory://", SKILL_ID=APPLICATION).turns
    assert turn["error"] == "OtherSkillError"


def test_what_is_no_envelope_at_all_gets_the_empty_response(tmp_path: Path) -> None:
    odd = [None, [], {}, "words", 7, {"version": "1.0"}, {"request": {}, "context": {}}, {"context": {"System": None}}]
    assert run(tmp_path, *odd, SKILL_STORE="memory://", SKILL_ID=APPLICATION).turns == [EMPTY] * len(odd)


def test_without_a_skill_id_any_application_is_served(tmp_path: Path) -> None:
    (turn,) = run(tmp_path, EVENTS["other_application"], SKILL_STORE="memory://").turns
    assert "Healthy Bonds" in speech(turn)


@pytest.mark.parametrize("value", ["", "  "])
def test_a_function_without_a_store_fails_when_it_starts_and_says_what_to_set(tmp_path: Path, value: str) -> None:
    process = start(tmp_path, EVENTS["launch"], SKILL_STORE=value)
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == "skill.errors.SettingError: set SKILL_STORE to dynamodb://TABLE"


def test_starting_reaches_no_store_and_logs_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, SKILL_STORE=f"sqlite:///{tmp_path}/listeners.db")
    assert not (tmp_path / "listeners.db").exists()
    assert done.printed == ""


def test_a_snapshot_holds_all_that_the_first_turns_need(tmp_path: Path) -> None:
    names = ("launch", "question", "quiz_start", "touch", "can_fulfill", "session_ended")
    turns = [EVENTS[name] for name in names]
    assert run(tmp_path, *turns, SKILL_STORE="memory://", SKILL_ID=APPLICATION).loaded == []


def test_a_snapshot_holds_a_client_for_the_table(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        EVENTS["launch"],
        SKILL_STORE="dynamodb://listeners",
        SKILL_ID=APPLICATION,
        AWS_REGION="eu-west-1",
        AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID="nobody",
        AWS_SECRET_ACCESS_KEY="nothing",
    )
    assert done.loaded == []


def test_what_a_listener_did_is_kept_in_the_store_that_is_named(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/listeners.db"
    run(tmp_path, EVENTS["quiz_start"], SKILL_STORE=store)
    listener = EVENTS["quiz_start"]["context"]["System"]["user"]["userId"]
    kept = open_store(store).load(listener, datetime(2026, 3, 3, tzinfo=UTC))
    assert kept is not None
    assert kept.state["round"]


def test_the_log_has_the_request_and_no_words_when_the_store_is_down(tmp_path: Path) -> None:
    event = json.loads(json.dumps(EVENTS["question"]))
    words = "zebra crossing xylophone"
    event["request"]["intent"]["slots"]["query"]["value"] = words
    done = run(tmp_path, event, EVENTS["quiz_start"], EVENTS["malformed"], SKILL_STORE=f"sqlite:///{tmp_path}")
    assert "outputSpeech" in done.turns[0]["response"]
    assert done.log
    assert {line["request_id"] for line in done.log} == {REQUEST_ID}
    assert any(line["name"].startswith("skill.alexa") and "store unavailable" in line["message"] for line in done.log)
    assert not any(word in done.printed for word in words.split())
    assert "amzn1.ask.account" not in done.printed


def test_no_variable_makes_the_function_log_what_was_said(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        EVENTS["question"],
        SKILL_STORE="memory://",
        POWERTOOLS_LOGGER_LOG_EVENT="true",
        POWERTOOLS_LOG_LEVEL="DEBUG",
    )
    assert "do i say no kindly" not in done.printed
