"""The terminal holds a conversation with a person, and in JSON with a program."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from skill.alexa.skill import assemble
from skill.errors import SettingError
from skill.library import Library
from skill.making import compiling
from skill.speakers import terminal
from skill.speakers.settings import DeviceSettings
from skill.speakers.terminal import Setting, moment
from skill.stores.memory import MemoryStore

Json = dict[str, Any]

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile the content where it has changed, as every command does."""
    compiling.freshen()


def talk(*lines: str | Json) -> list[Json]:
    """Return the turns of a conversation in JSON."""
    settings, out = DeviceSettings(), io.StringIO()
    skill = assemble(MemoryStore(), settings)
    said = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    terminal.talk_json(skill, settings, said, out, Setting(now=NOW))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def refusal(line: str | Json) -> str:
    with pytest.raises(SettingError) as caught:
        talk(line)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


# JSON


def test_words_and_objects_may_be_mixed() -> None:
    opened, asked, quiet, help = talk(
        "open healthy bonds", {"say": "what is a healthy boundary"}, {"event": "silence"}, "help"
    )
    assert [turn["heard"] for turn in (opened, asked, quiet, help)] == [
        "open healthy bonds", "what is a healthy boundary", "", "help",
    ]  # fmt: skip
    assert quiet["speech"] == asked["reprompt"]


def test_an_empty_line_is_no_turn() -> None:
    assert len(talk("open healthy bonds", "", "   ", "help")) == 2


def test_each_listener_has_a_device_and_a_state_of_their_own() -> None:
    turns = talk(
        {"say": "open healthy bonds", "listener": "ana"},
        {"say": "what is a healthy boundary"},
        {"say": "open healthy bonds", "listener": "ben"},
        {"say": "tell me more"},
        {"say": "tell me more", "listener": "ana"},
    )
    assert turns[3]["trace"]["topic"] is None
    assert turns[4]["trace"]["topic"] == "boundaries"


def test_what_a_line_sets_holds_from_then_on(known: Library) -> None:
    first, second, third = talk(
        {"say": "ask healthy bonds for a tip", "now": "2026-03-02T23:30:00+00:00", "timezone": "Pacific/Auckland"},
        {"say": "ask healthy bonds for a tip"},
        {"say": "ask healthy bonds for a tip", "now": "2026-03-03T23:30:00+00:00"},
    )
    assert first["trace"]["tip"] == second["trace"]["tip"] != third["trace"]["tip"]


def test_a_line_may_name_the_country(known: Library) -> None:
    (turn,) = talk({"say": "he hits me and i'm scared", "locale": "en-GB"})
    assert known.locale("en-GB").violence in turn["speech"]


def test_the_version_tells_whether_something_was_kept() -> None:
    asked, opened, played, helped = talk("what is a healthy boundary", "open healthy bonds", "quiz me", "help")
    assert asked["listener_version"] is None
    assert opened["listener_version"] == 1
    assert played["listener_version"] == helped["listener_version"] == 2


def test_all_text_is_ascii_and_so_safe_in_any_terminal() -> None:
    out = io.StringIO()
    settings = DeviceSettings()
    terminal.talk_json(
        assemble(MemoryStore(), settings),
        settings,
        ["caf\u00e9 \U0001f600", '{"say": "\\ud800"}'],
        out,
        Setting(now=NOW),
    )
    assert out.getvalue().isascii()
    heard = [json.loads(line)["heard"] for line in out.getvalue().splitlines()]
    assert heard == ["caf\u00e9 \U0001f600", "\ud800"]


@pytest.mark.parametrize("line", ['{"say": "help"', "{help}", '{"say": help}', "{"])
def test_a_line_that_is_broken_json_is_refused(line: str) -> None:
    assert refusal(line) == f"not a JSON object: {line!r}"


@pytest.mark.parametrize("line", [{}, {"listener": "ana"}, {"words": "help"}])
def test_an_object_without_words_or_event_is_refused(line: Json) -> None:
    assert refusal(line) == 'a line must have "say" or "event"'


@pytest.mark.parametrize("event", ["noise", None, ["silence"], ""])
def test_an_event_that_there_is_not_is_refused(event: object) -> None:
    assert refusal({"event": event}) == f"there is no event {event!r}; the one there is, is silence"


@pytest.mark.parametrize("name", ["say", "listener", "now", "timezone", "locale"])
@pytest.mark.parametrize("value", [5, ["help"], {"a": 1}, True])
def test_what_must_be_text_is_refused_where_it_is_none(name: str, value: object) -> None:
    assert refusal({"say": "help", name: value}) == f'"{name}" must be text, not {value!r}'


def test_words_that_are_null_are_refused() -> None:
    assert refusal({"say": None}) == '"say" must be text, not None'


# Times


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-03-02T18:00:00Z", NOW),
        ("2026-03-02T18:00:00", NOW),
        ("2026-03-02T19:00:00+01:00", NOW),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_iso_8601_and_in_utc_where_it_says_nothing_else(text: str, when: datetime) -> None:
    assert moment(text) == when
    assert moment(text).tzinfo is not None


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01", "18:00", "None"])
def test_what_is_no_time_says_how_to_write_one(text: str) -> None:
    with pytest.raises(SettingError) as caught:
        moment(text)
    assert str(caught.value) == f"{text!r} is no time: write it as in 2026-03-02T18:00:00Z"


def test_a_setting_without_a_time_takes_the_clock_s() -> None:
    here = Setting().here_and_now()
    assert here["now"].tzinfo is not None
    assert Setting(now=NOW.astimezone(timezone(timedelta(hours=5)))).here_and_now()["now"] == NOW


# One-shots


def test_each_question_is_asked_by_somebody_new(known: Library) -> None:
    skill = assemble(MemoryStore(), DeviceSettings())
    answers = list(terminal.ask(skill, ["open healthy bonds", "quiz me", "open healthy bonds", "repeat"], "en-US"))
    assert [answer["question"] for answer in answers] == [
        "open healthy bonds",
        "quiz me",
        "open healthy bonds",
        "repeat",
    ]
    assert answers[0]["speech"] in known.phrases["welcome"]
    assert answers[2]["speech"] in known.phrases["welcome"]
    assert answers[3]["speech"] in known.phrases["nothing_to_repeat"]


# A person


def converse(*lines: str) -> str:
    settings, out = DeviceSettings(), io.StringIO()
    terminal.talk(assemble(MemoryStore(), settings), settings, [f"{line}\n" for line in lines], out, Setting(now=NOW))
    return out.getvalue()


def test_a_person_is_told_how_to_begin() -> None:
    assert converse().startswith('Say "open healthy bonds", or ask something.')


def test_a_person_reads_what_would_be_heard(known: Library) -> None:
    shown = converse("open healthy bonds", "what is a healthy boundary")
    assert any(welcome in shown for welcome in known.phrases["welcome"])
    assert known.topics["boundaries"].short in shown
    assert "<" not in shown


def test_a_person_sees_that_the_session_is_over() -> None:
    assert "[closed]" in converse("open healthy bonds", "stop")
    assert "[closed]" not in converse("open healthy bonds", "help")


def test_an_empty_line_of_a_person_is_silence(known: Library) -> None:
    shown = converse("open healthy bonds", "", "")
    assert any(reprompt in shown for reprompt in known.phrases["reprompt"])
    assert "(nothing)  [closed]" in shown


def test_a_person_who_types_a_brace_is_taken_at_their_word() -> None:
    assert converse('{"say": "quiz me"').count("> ") == 2
