"""A device of our own behaves as an Echo does: it opens, listens, waits, gives up, and starts afresh."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ask_sdk_model.services import ApiClientRequest

from skill.alexa.skill import assemble
from skill.conversation import Trace
from skill.library import Library
from skill.making import compiling
from skill.speakers.device import Device, Played
from skill.speakers.envelope import LOCAL_APPLICATION
from skill.speakers.settings import MOST_DEVICES, DeviceSettings
from skill.stores.memory import MemoryStore
from skill.tips import tip_of

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


class Room:
    """A device on a store of its own, and short ways to use it."""

    def __init__(self, skill_id: str | None = None) -> None:
        self.store = MemoryStore()
        self.settings = DeviceSettings()
        self.skill = assemble(self.store, self.settings, skill_id)
        self.device = Device(self.skill, self.settings)

    def say(self, words: str, **other: Any) -> Played:
        return self.device.say(words, **self._here(other))

    def silence(self, **other: Any) -> Played:
        return self.device.silence(**self._here(other))

    def _here(self, other: dict[str, Any]) -> dict[str, Any]:
        return {"listener": "me", "now": NOW, "locale": "en-US", "time_zone": None} | other


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile the content where it has changed, as every command does."""
    compiling.freshen()


@pytest.fixture
def room() -> Room:
    return Room()


# Opening


def test_the_name_opens_the_skill(room: Room, known: Library) -> None:
    played = room.say("alexa, open healthy bonds")
    assert played.recognised.intent == "LaunchRequest"
    assert played.speech in known.phrases["welcome"]
    assert played.open
    assert room.device.sitting.open


def test_a_question_with_the_name_is_answered_at_once(room: Room, known: Library) -> None:
    played = room.say("ask healthy bonds what is a healthy boundary")
    assert played.trace.topic == "boundaries"
    assert not any(welcome in played.speech for welcome in known.phrases["welcome"])


def test_without_the_name_the_first_words_open_a_session_too(room: Room) -> None:
    assert room.say("what is a healthy boundary").trace.topic == "boundaries"
    assert room.say("tell me more").trace.topic == "boundaries"


def test_the_name_in_the_middle_starts_afresh(room: Room, known: Library) -> None:
    room.say("open healthy bonds")
    room.say("what is a healthy boundary")
    session = room.device.sitting.id
    played = room.say("open healthy bonds")
    assert played.speech in known.phrases["welcome_back"]
    assert room.device.sitting.id != session
    played = room.say("tell me more")
    assert played.trace.topic != "boundaries"
    assert played.trace.outcome == "clarify"


def test_a_question_with_the_name_in_the_middle_starts_afresh_too(room: Room) -> None:
    room.say("open healthy bonds")
    room.say("quiz me")
    played = room.say("ask healthy bonds what is a healthy boundary")
    assert played.trace.topic == "boundaries"
    assert played.trace.quiz == "paused"
    assert played.trace.question is None


def test_a_round_that_was_left_is_offered_when_the_skill_is_opened_again(room: Room) -> None:
    room.say("open healthy bonds")
    question = room.say("quiz me").trace.question
    room.say("stop")
    assert room.say("open healthy bonds").trace.quiz == "paused"
    assert room.say("yes").trace.question == question


def test_after_a_goodbye_the_next_words_open_a_new_session(room: Room) -> None:
    room.say("open healthy bonds")
    assert not room.say("stop").open
    assert not room.device.sitting.open
    assert room.say("what is a healthy boundary").open


# Silence


def test_a_first_silence_plays_the_reprompt_and_a_second_ends_the_session(room: Room) -> None:
    opened = room.say("open healthy bonds")
    first = room.silence()
    assert first.open
    assert first.speech == first.reprompt == opened.reprompt
    assert first.response == {}
    second = room.silence()
    assert not second.open
    assert second.speech == ""
    assert second.reprompt is None
    assert not room.device.sitting.open


def test_a_word_in_between_starts_the_count_of_silences_again(room: Room) -> None:
    room.say("open healthy bonds")
    room.silence()
    room.say("help")
    assert room.silence().open
    assert not room.silence().open


def test_silence_in_the_quiz_is_no_answer_and_keeps_the_round(room: Room) -> None:
    room.say("open healthy bonds")
    question = room.say("quiz me").trace.question
    first = room.silence()
    assert first.trace.quiz == "asking"
    assert first.trace.question == question
    assert first.trace.verdict is None
    second = room.silence()
    assert second.trace.quiz == "paused"
    assert second.trace.question is None
    room.say("open healthy bonds")
    assert room.say("yes").trace.question == question


def test_silence_after_a_verdict_repeats_no_verdict(room: Room) -> None:
    room.say("open healthy bonds")
    question = room.say("quiz me").trace.question
    assert question is not None
    assert room.say(question["choices"][question["right"]]).trace.verdict == "right"
    assert room.silence().trace.verdict is None


def test_silence_is_shown_as_silence_and_not_as_the_turn_before_it(room: Room) -> None:
    room.say("open healthy bonds")
    for words in ("what is a healthy boundary", "today's tip", "something else"):
        said = room.say(words)
        shown = room.silence().to_dict()
        assert shown["intent"] == ""
        assert shown["trace"] == Trace(quiz=said.trace.quiz, score_right=said.trace.score_right).to_dict()
        assert shown["listener_version"] == said.trace.listener_version is not None


def test_the_end_in_silence_shows_what_the_skill_answered_to_it(room: Room) -> None:
    room.say("open healthy bonds")
    question = room.say("quiz me").trace.question
    assert question is not None
    said = room.say(question["choices"][question["right"]])
    room.silence()
    shown = room.silence().to_dict()
    assert shown["response"]["version"] == "1.0"
    assert shown["response"]["response"] == {}
    assert shown["trace"] == Trace(quiz="paused", score_right=1).to_dict()
    kept = room.store.load("me", NOW)
    assert kept is not None
    assert shown["listener_version"] == said.trace.listener_version == kept.version
    assert room.silence().to_dict()["response"] == {}


@pytest.mark.parametrize("before", [[], ["open healthy bonds", "stop"]], ids=["nothing", "a goodbye"])
def test_silence_without_a_session_is_only_silence(room: Room, before: list[str]) -> None:
    for words in before:
        room.say(words)
    for _ in range(3):
        played = room.silence()
        assert (played.speech, played.reprompt, played.open) == ("", None, False)


def test_the_skill_hears_that_a_session_ended_in_silence(room: Room) -> None:
    room.say("open healthy bonds")
    version = room.store.load("me", NOW)
    room.silence()
    room.silence()
    assert room.store.load("me", NOW) == version
    assert room.say("tell me more").trace.outcome == "clarify"


# Listeners


def test_two_listeners_have_two_states(room: Room) -> None:
    room.say("open healthy bonds", listener="ana")
    first = room.say("quiz me", listener="ana").trace.question
    room.say("open healthy bonds", listener="ben")
    ben = room.say("what's my score", listener="ben")
    assert ben.trace.score_right is None
    assert room.say("open healthy bonds", listener="ana").trace.quiz == "paused"
    assert room.say("yes", listener="ana").trace.question == first


def test_two_devices_of_one_listener_share_what_is_kept_and_not_the_session(room: Room) -> None:
    kitchen, bedroom = room.device, Device(room.skill, room.settings)
    room.say("open healthy bonds")
    question = room.say("quiz me").trace.question
    room.device = bedroom
    assert room.say("tell me more").trace.outcome == "clarify"
    assert room.say("open healthy bonds").trace.quiz == "paused"
    room.device = kitchen
    assert room.say("repeat").trace.question == question


# What goes in and out


def test_a_turn_is_shown_with_what_was_heard_and_what_came_back(room: Room) -> None:
    shown = room.say("ask healthy bonds why does he go quiet for days").to_dict()
    assert shown["heard"] == "ask healthy bonds why does he go quiet for days"
    assert shown["intent"] == "AskWhyIntent"
    assert shown["slots"] == {"query": "does he go quiet for days"}
    assert "<" not in shown["speech"]
    assert shown["response"]["response"]["outputSpeech"]["ssml"].startswith("<speak>")


def test_the_device_says_which_skill_it_means() -> None:
    ours = Room("amzn1.ask.skill.ours")
    assert ours.say("open healthy bonds").open
    assert LOCAL_APPLICATION != "amzn1.ask.skill.ours"


def test_the_device_knows_the_quiz_s_choices_and_never_the_right_one(room: Room) -> None:
    room.say("open healthy bonds")
    question = room.say("quiz me").trace.question
    assert question is not None
    assert room.device.sitting.question == {"number": 1, "choices": question["choices"]}
    room.say("stop")
    assert room.device.sitting.question is None


def test_the_device_listens_for_the_open_question_s_choices_until_they_are_cleared(room: Room) -> None:
    room.say("open healthy bonds")
    assert room.device.sitting.entities == {}
    turn = room.say("quiz me")
    for number in range(1, 6):
        question = turn.trace.question
        assert question is not None
        assert [value["id"] for value in room.device.sitting.entities["QuizAnswer"]] == [
            f"choice-{letter}" for letter in "abc"[: len(question["choices"])]
        ]
        turn = room.say(question["choices"][question["right"]])
        answered = turn.recognised.slots["answer"].dynamic
        assert answered is not None
        assert answered["id"] == f"choice-{'abc'[question['right']]}", number
    assert turn.trace.quiz == "over"
    assert room.device.sitting.entities == {}


def test_a_new_session_has_no_choices_of_the_last_one(room: Room) -> None:
    room.say("open healthy bonds")
    room.say("quiz me")
    room.say("stop")
    room.say("open healthy bonds")
    assert room.device.sitting.entities == {}


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", 3), ("America/Los_Angeles", 2), (None, 2), ("Mars/Base", 2)]
)
def test_the_device_tells_its_time_zone(room: Room, known: Library, zone: str | None, day: int) -> None:
    tip = room.say("give me a tip", time_zone=zone).trace.tip
    assert tip == tip_of(datetime(2026, 3, day, tzinfo=UTC).date(), known.tips).id


def asked(settings: DeviceSettings, device: str, setting: str = "System.timeZone") -> Any:
    """Return what the settings answer to the SDK's call."""
    return settings.invoke(ApiClientRequest(url=f"https://api.example/v2/devices/{device}/settings/{setting}"))


def test_settings_answer_for_the_devices_that_told_their_zone() -> None:
    settings = DeviceSettings()
    settings.set_time_zone("the kitchen/1", "Europe/London")
    assert asked(settings, "the%20kitchen%2F1").body == '"Europe/London"'
    assert asked(settings, "bedroom").status_code == 204
    assert asked(settings, "the%20kitchen%2F1", "System.distanceUnits").status_code == 404


def test_of_very_many_devices_the_last_ones_are_remembered() -> None:
    settings = DeviceSettings()
    for number in range(MOST_DEVICES + 1):
        settings.set_time_zone(f"device-{number}", "Europe/London")
    assert asked(settings, "device-0").status_code == 204
    assert asked(settings, "device-1").status_code == 200
    assert asked(settings, f"device-{MOST_DEVICES}").status_code == 200
