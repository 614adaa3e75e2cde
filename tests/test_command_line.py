"""The commands keep what the design promises of them, and every mistake is told in one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from skill.making import compiling
from skill.making.source import Source

ROOT = Path(__file__).parents[1]
NOW = "2026-03-02T18:00:00Z"

ASK_FIELDS = ["question", "intent", "outcome", "topic", "candidates", "speech"]
TALK_FIELDS = [
    "heard",
    "intent",
    "slots",
    "speech",
    "reprompt",
    "session_open",
    "listener_version",
    "response",
    "trace",
]
TRACE_FIELDS = ["outcome", "topic", "candidates", "quiz", "question", "verdict", "score_right", "tip"]

Json = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile the content once, and not in a command that has no time for it."""
    compiling.freshen()


def run(*arguments: str, said: Sequence[str] | bytes = (), **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run one command as a user would, with nothing of this process's own settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SKILL_", "AWS_", "PYTHON"))}
    given = said if isinstance(said, bytes) else "".join(f"{line}\n" for line in said).encode()
    return subprocess.run(
        [sys.executable, "-m", "skill", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=clean | environment,
        timeout=120,
        check=False,
    )


def printed(*arguments: str, said: Sequence[str] | bytes = (), **environment: str) -> list[Json]:
    """Return the JSON lines that a command prints; it must end well and complain of nothing."""
    done = run(*arguments, said=said, **environment)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def complaint(*arguments: str, said: Sequence[str] | bytes = (), **environment: str) -> str:
    """Return the one line with which a command refuses."""
    done = run(*arguments, said=said, **environment)
    assert done.returncode == 2, (done.returncode, done.stderr.decode())
    (line,) = done.stderr.decode().splitlines()
    assert "Traceback" not in line
    assert line.startswith("healthy bonds: ")
    return line.removeprefix("healthy bonds: ")


def talked(*said: str | Json, arguments: Sequence[str] = ()) -> list[Json]:
    """Return the turns of `talk --json` on a store that forgets."""
    lines = [line if isinstance(line, str) else json.dumps(line) for line in said]
    return printed("talk", "--json", "--store", "memory://", "--now", NOW, *arguments, said=lines)


# ask


def test_ask_answers_each_question_in_order_with_the_fields_of_the_contract() -> None:
    questions = [
        "what is a healthy boundary",
        "what is the capital of france",
        "he hits me and i'm scared",
        "start the quiz",
        "ask healthy bonds why does he go quiet for days",
        "flurb glonk",
        "",
        "  how do i say no to my mother",
    ]
    answers = printed("ask", "--json", said=questions)
    assert [answer["question"] for answer in answers] == questions
    assert all(list(answer) == ASK_FIELDS for answer in answers)
    assert [answer["outcome"] for answer in answers[:4]] == ["answer", "unknown", "safety", None]
    assert answers[0]["topic"] == "boundaries"
    assert answers[1]["topic"] is None
    assert answers[3]["intent"] == "StartQuizIntent"
    assert answers[4]["intent"] == "AskWhyIntent"
    assert answers[5]["intent"] == "AMAZON.FallbackIntent"
    assert all(answer["speech"] and "<" not in answer["speech"] for answer in answers)


def test_ask_offers_two_topics_that_exist_where_it_is_in_doubt() -> None:
    known = {topic["id"] for topic in Source().topics}
    lines = [line for topic in Source().topics for line in topic["names"][:3]]
    answers = printed("ask", "--json", said=lines)
    for answer in answers:
        assert (len(answer["candidates"]) == 2) == (answer["outcome"] == "clarify")
        assert set(answer["candidates"]) <= known
        assert (answer["topic"] in known) == (answer["outcome"] == "answer")


def test_ask_is_asked_by_a_stranger_each_time() -> None:
    answers = printed("ask", "--json", said=["quiz me", "what's my score", "tell me more"])
    assert answers[1]["intent"] == "ScoreIntent"
    assert answers[2]["topic"] is None


@pytest.mark.parametrize(("locale", "number"), [("en-US", "nine, one, one"), ("en-GB", "nine, nine, nine")])
def test_ask_speaks_as_in_the_country_it_is_told(locale: str, number: str) -> None:
    (answer,) = printed("ask", "--json", "--locale", locale, said=["he hits me and i'm scared"])
    assert number in answer["speech"]


def test_ask_without_json_prints_what_is_heard() -> None:
    done = run("ask", said=["what is a healthy boundary"])
    assert done.returncode == 0
    assert len(done.stdout.decode().splitlines()) == 1
    assert not done.stdout.startswith(b"{")


def test_ask_takes_and_gives_text_in_any_terminal() -> None:
    answers = printed("ask", "--json", said=["caf\u00e9 with my \u201chusband\u201d"], LC_ALL="C", LANG="C")
    assert answers[0]["question"] == "caf\u00e9 with my \u201chusband\u201d"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_a_byte_that_is_no_text_costs_a_letter_and_no_more(encoding: str) -> None:
    answers = printed("ask", "--json", said=b"caf\xe9\nskip\n", PYTHONIOENCODING=encoding)
    assert [answer["question"] for answer in answers] == ["caf\ufffd", "skip"]


def test_no_question_is_no_answer() -> None:
    assert printed("ask", "--json") == []


# talk


def test_talk_prints_every_turn_with_the_fields_of_the_contract() -> None:
    turns = talked(
        "open healthy bonds", "what is a healthy boundary", "quiz me", "b", "skip", {"event": "silence"},
        {"event": "silence"}, {"event": "silence"}, "give me a tip", "he hits me and i'm scared", "stop",
    )  # fmt: skip
    assert len(turns) == 11
    for turn in turns:
        assert list(turn) == TALK_FIELDS
        assert list(turn["trace"]) == TRACE_FIELDS
        assert isinstance(turn["slots"], dict)
        assert isinstance(turn["session_open"], bool)
        assert isinstance(turn["response"], dict)
        assert turn["trace"]["quiz"] in ("none", "asking", "paused", "over")
        assert (turn["reprompt"] is not None) == turn["session_open"]
        assert (turn["trace"]["question"] is not None) == (turn["trace"]["quiz"] == "asking")


def test_talk_shows_the_open_question_and_what_became_of_the_last() -> None:
    opened, asked = talked("open healthy bonds", "quiz me")
    assert opened["trace"]["question"] is None
    question = asked["trace"]["question"]
    assert list(question) == ["id", "number", "choices", "right"]
    assert question["number"] == 1
    assert 0 <= question["right"] < len(question["choices"])
    *_, skipped, told = talked("open healthy bonds", "quiz me", "skip", "i don't know")
    assert skipped["trace"]["verdict"] == "skipped"
    assert told["trace"]["verdict"] == "told"
    assert told["trace"]["question"]["number"] == 3
    assert told["trace"]["score_right"] == 0


def test_talk_answers_each_line_before_the_next_is_said() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "skill", "talk", "--json", "--store", "memory://", "--now", NOW],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    ) as talking:  # fmt: skip
        assert talking.stdin is not None
        assert talking.stdout is not None
        for words in ("open healthy bonds", "quiz me", "stop"):
            print(words, file=talking.stdin, flush=True)
            assert json.loads(talking.stdout.readline())["heard"] == words
        talking.stdin.close()
    assert talking.returncode == 0


def test_talk_keeps_a_listener_in_its_store_from_one_run_to_the_next(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/folder/listeners.db"
    first = printed("talk", "--json", "--store", store, "--now", NOW, said=["open healthy bonds", "quiz me", "stop"])
    again = printed("talk", "--json", "--store", store, "--now", NOW, said=["open healthy bonds", "yes"])
    assert again[0]["trace"]["quiz"] == "paused"
    assert again[1]["trace"]["question"] == first[1]["trace"]["question"]
    other = printed("talk", "--json", "--store", store, "--listener", "ana", "--now", NOW, said=["open healthy bonds"])
    assert other[0]["trace"]["quiz"] == "none"
    assert other[0]["listener_version"] == 1


def test_talk_takes_the_store_from_the_environment(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/listeners.db"
    printed("talk", "--json", "--now", NOW, said=["open healthy bonds"], SKILL_STORE=store)
    (turn,) = printed("talk", "--json", "--now", NOW, said=["open healthy bonds"], SKILL_STORE=store)
    assert turn["listener_version"] == 2


def test_talk_counts_the_days_of_the_place_it_is_told() -> None:
    tips = {
        zone: talked({"say": "give me a tip"}, arguments=["--timezone", zone])[0]["trace"]["tip"]
        for zone in ("America/Los_Angeles", "Pacific/Auckland")
    }
    assert tips["America/Los_Angeles"] != tips["Pacific/Auckland"]


# content


def test_content_prints_the_whole_library_with_all_its_fields() -> None:
    (library,) = printed("content", "--json")
    source = Source()
    assert list(library) == ["topics", "quiz", "tips"]
    assert library == {"topics": source.topics, "quiz": source.quiz, "tips": source.tips}


def test_content_for_a_person_is_a_line_a_topic() -> None:
    done = run("content")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.decode().splitlines()] == [t["id"] for t in Source().topics]


# Mistakes


def test_a_store_that_there_is_not_is_told_with_those_there_are() -> None:
    line = """'mysql://table' names no store: give "dynamodb://TABLE", "sqlite:///PATH" or "memory://\""""
    assert complaint("talk", "--json", SKILL_STORE="mysql://table") == line
    assert complaint("talk", "--json", "--store", "mysql://table", SKILL_STORE="memory://") == line
    assert complaint("store", "create", SKILL_STORE="mysql://table") == line


def test_a_time_that_is_none_is_told() -> None:
    assert complaint("talk", "--json", "--now", "yesterday") == (
        "'yesterday' is no time: write it as in 2026-03-02T18:00:00Z"
    )
    assert complaint("talk", "--json", said=['{"say": "help", "now": "soon"}'], SKILL_STORE="memory://") == (
        "'soon' is no time: write it as in 2026-03-02T18:00:00Z"
    )


@pytest.mark.parametrize("command", ["ask", "talk"])
def test_a_country_without_a_model_is_told(command: str) -> None:
    assert complaint(command, "--json", "--locale", "xx-XX", said=["help"], SKILL_STORE="memory://") == (
        "there is no interaction model for 'xx-XX': the locales are en-AU, en-CA, en-GB, en-IN, en-US"
    )


def test_a_language_without_content_is_told() -> None:
    assert complaint("content", "--json", "--locale", "xx-XX") == ("there is no content in 'xx': the languages are en")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"say": ', "not a JSON object: "),
        ('{"listener": "ana"}', 'a line must have "say" or "event"'),
        ('{"event": "noise"}', "there is no event 'noise'"),
        ('{"say": 5}', '"say" must be text, not 5'),
    ],
)
def test_a_line_of_talk_that_can_not_be_read_is_told(line: str, told: str) -> None:
    assert complaint("talk", "--json", said=[line], SKILL_STORE="memory://").startswith(told)


def test_the_turns_before_a_broken_line_are_not_lost() -> None:
    done = run("talk", "--json", said=["open healthy bonds", "{", "help"], SKILL_STORE="memory://")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1


def test_half_a_counsellor_s_page_is_told() -> None:
    assert complaint("ask", "--json", said=["help"], SKILL_SUPPORT_NAME="Ana").startswith(
        "set both SKILL_SUPPORT_NAME and SKILL_SUPPORT_URL"
    )


@pytest.mark.parametrize("arguments", [[], ["sing"], ["talk", "--loud"], ["store"], ["store", "burn"]])
def test_a_command_that_there_is_not_is_told_with_how_to_use_those_there_are(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: python -m skill")
    assert b"Traceback" not in done.stderr


def test_whoever_stops_reading_ends_the_command_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "skill", "content", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as reading:
        assert reading.stdout is not None
        assert reading.stderr is not None
        reading.stdout.read(10)
        reading.stdout.close()
        assert reading.stderr.read() == b""
