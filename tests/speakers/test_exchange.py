"""POST /talk holds a conversation with a page that keeps the session, and trusts nothing that the page sends."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from skill import library
from skill.alexa.hearing import LONGEST
from skill.listener import Listener, Round
from skill.speakers.body import MOST_BYTES
from skill.speakers.exchange import LISTENER
from skill.speakers.web import application
from skill.stores.memory import MemoryStore

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
ANSWER = {
    "speech",
    "ssml",
    "reprompt",
    "session_open",
    "private",
    "card",
    "question",
    "outcome",
    "topic",
    "sitting",
}
SAFETY_WORDS = "i want to kill myself"


class Page:
    """What page.js does with the answers: it keeps a listener's id, and sends back the sitting."""

    def __init__(self, client: FlaskClient, **always: Any) -> None:
        self.client = client
        self.always: dict[str, Any] = {"listener": str(uuid4()), "timezone": "Europe/London", "locale": "en-GB"}
        self.always |= always
        self.sitting: Any = None

    def turn(self, **turn: Any) -> dict[str, Any]:
        answer = post(self.client, self.always | {"sitting": self.sitting} | turn)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        assert found.keys() == ANSWER
        self.sitting = found["sitting"]
        return found

    def say(self, words: str) -> dict[str, Any]:
        return self.turn(say=words)


def post(client: FlaskClient, turn: Any, **options: Any) -> TestResponse:
    # JSON knows no infinity, but 1e999 is read as one.
    body = turn if isinstance(turn, bytes) else json.dumps(turn).replace("Infinity", "1e999").encode()
    return client.post("/talk", data=body, **({"content_type": "application/json"} | options))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(store: MemoryStore) -> FlaskClient:
    return application(store, clock=lambda: NOW).test_client()


@pytest.fixture
def page(client: FlaskClient) -> Page:
    return Page(client)


def well_formed(**changes: Any) -> dict[str, Any]:
    return {"say": "quiz me", "listener": str(uuid4())} | changes


# A conversation.


def test_a_question_is_answered_and_the_session_stays_open_for_the_offer(page: Page) -> None:
    answer = page.say("How do I say no without feeling guilty?")
    assert answer["outcome"] == "answer"
    assert answer["topic"] == library.load().topics["saying-no"].title
    assert answer["session_open"]
    assert answer["ssml"].startswith("<speak>")
    assert page.say("yes")["topic"] == answer["topic"], "the sitting carries what was offered"


def test_a_quiz_of_five_is_held_with_the_choices_that_the_page_was_given(page: Page) -> None:
    answer = page.say("quiz me")
    for number in range(1, 6):
        assert answer["question"]["number"] == number
        assert answer["question"].keys() == {"number", "choices"}, "which one is right stays on the server"
        answer = page.say(answer["question"]["choices"][0])
    assert answer["question"] is None


def test_neither_a_turn_nor_its_sitting_tells_which_choice_is_right(page: Page) -> None:
    assert '"right"' not in json.dumps(page.say("quiz me"))


def test_every_choice_that_can_be_tapped_is_heard_as_the_one_it_is(client: FlaskClient, store: MemoryStore) -> None:
    misheard = []
    for question in library.load().quiz.values():
        for index, choice in enumerate(question.choices):
            page = Page(client)
            asked = Listener(round=Round(NOW.isoformat(), (question.id, "another")))
            store.save(LISTENER + page.always["listener"], asked.to_dict(), 0, NOW)
            page.say("resume")
            page.say(choice.say)
            kept = store.load(LISTENER + page.always["listener"], NOW)
            assert kept is not None
            marks = kept.state["round"][2]
            if marks != ["right" if index == question.right else "wrong"]:
                misheard.append((question.id, choice.say, marks))
    assert misheard == []


@pytest.mark.parametrize(("label", "mark"), [("Skip", "skipped"), ("I don't know", "told"), ("I don’t know", "told")])
def test_what_stands_beside_the_choices_is_heard(page: Page, store: MemoryStore, label: str, mark: str) -> None:
    page.say("quiz me")
    page.say(label)
    kept = store.load(LISTENER + page.always["listener"], NOW)
    assert kept is not None
    assert kept.state["round"][2] == [mark]


def test_say_it_again_and_stop_are_heard(page: Page) -> None:
    page.say("Quiz me")
    assert re.match(r"[a-z ]*\bone\b", page.say("Say it again")["speech"].lower())
    answer = page.say("Stop")
    assert not answer["session_open"]
    assert answer["question"] is None


def test_a_closed_session_leaves_nothing_for_the_page_to_keep(page: Page) -> None:
    page.say("quiz me")
    assert page.say("stop")["sitting"] is None


def test_a_listener_who_comes_back_is_known(page: Page) -> None:
    first = page.say("open healthy bonds")["speech"]
    page.sitting = None
    assert page.say("open healthy bonds")["speech"] != first
    assert page.say("open healthy bonds")["speech"] in library.load().phrases["welcome_back"]


def test_the_tip_is_that_of_the_listeners_own_day(client: FlaskClient) -> None:
    tips = {Page(client, timezone=zone).say("today's tip")["speech"] for zone in ("Europe/London", "Pacific/Apia")}
    assert len(tips) == 2, "at six in the evening in London it is tomorrow in Apia"


def test_the_help_line_is_that_of_the_listeners_country(client: FlaskClient) -> None:
    assert "nine, nine, nine" in Page(client, locale="en-GB").say(SAFETY_WORDS)["speech"]
    assert "nine, one, one" in Page(client, locale="en-US").say(SAFETY_WORDS)["speech"]


@pytest.mark.parametrize("locale", [None, "de-DE", "../../etc/passwd", "x" * 5000])
def test_a_browser_of_any_language_is_spoken_to(client: FlaskClient, locale: str | None) -> None:
    assert Page(client, locale=locale).say("what is a boundary")["outcome"] == "answer"


def test_silence_is_met_with_the_reprompt_and_then_with_the_end(page: Page) -> None:
    asked = page.say("quiz me")
    first = page.turn(event="silence")
    assert first["speech"] == asked["reprompt"]
    assert first["session_open"]
    assert first["question"] == asked["question"]
    second = page.turn(event="silence")
    assert (second["session_open"], second["question"], second["sitting"]) == (False, None, None)


def test_a_card_reaches_the_page(monkeypatch: pytest.MonkeyPatch, store: MemoryStore) -> None:
    monkeypatch.setenv("SKILL_SUPPORT_NAME", "Ana Lopez")
    monkeypatch.setenv("SKILL_SUPPORT_URL", "https://counsellor.example/")
    page = Page(application(store, clock=lambda: NOW).test_client())
    page.say("how do i find a counselor")
    answers = [page.say("yes") for _ in range(4)]
    cards = [answer["card"] for answer in answers if answer["card"]]
    assert [card["title"] for card in cards] == ["Ana Lopez"]
    assert "https://counsellor.example/" in cards[0]["text"]


# Help for somebody in danger.


def test_help_is_private_and_leaves_nothing_on_the_page(page: Page) -> None:
    page.say("quiz me")
    answer = page.say(SAFETY_WORDS)
    assert answer["private"]
    assert not answer["session_open"]
    assert (answer["card"], answer["question"], answer["topic"], answer["sitting"]) == (None, None, None, None)


def test_nothing_else_is_private(page: Page) -> None:
    assert not any(page.say(words)["private"] for words in ("open healthy bonds", "what is abuse", "quiz me", "stop"))


def test_no_cache_keeps_an_answer(client: FlaskClient) -> None:
    assert post(client, well_formed(say=SAFETY_WORDS)).headers["Cache-Control"] == "no-store"


def test_no_log_has_a_listeners_words(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    post(client, well_formed(say=SAFETY_WORDS, timezone="Nowhere/Atall"))
    post(client, well_formed(say=f"{SAFETY_WORDS} ", sitting={"id": SAFETY_WORDS}, event=3))
    assert "kill" not in caplog.text


# What comes from a page is checked.


@pytest.mark.parametrize(
    "change",
    [
        {"id": "mine"},
        {"id": 7},
        {"attributes": []},
        {"attributes": {"speech": ["x" * 30_000]}},
        {"attributes": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {}}}}}}}}}},
        {"attributes": {"said": {"reprompt": 1e999}}},
        {"open": 1},
        {"reprompt": 3},
        {"reprompt": "x" * 2000},
        {"silences": 2},
        {"silences": True},
        {"question": {"number": 1, "choices": ["true", "false"], "right": 0}},
        {"question": {"number": 1, "choices": "true"}},
        {"question": {"number": 10**9, "choices": []}},
        {"entities": None},
        {"entities": {"QuizAnswer": [{"id": "a", "name": {"value": 1, "synonyms": []}}]}},
        {"entities": {"QuizAnswer": [{"id": "a", "name": {"value": "x" * 200, "synonyms": []}}]}},
        {"entities": {"QuizAnswer": [{"id": "a", "name": {"value": "x", "synonyms": ["y"] * 200}}]}},
        {"entities": {"QuizAnswer": [{"id": "a", "name": "x"}]}},
        {"entities": {"QuizAnswer": "true"}},
        {"entities": {str(n): [] for n in range(9)}},
    ],
)
def test_a_sitting_that_was_tampered_with_starts_a_new_session(page: Page, change: dict[str, Any]) -> None:
    page.say("quiz me")
    before = page.sitting["id"]
    page.sitting |= change
    page.say("what is a boundary")
    assert page.sitting["id"] not in (before, change.get("id"))


@pytest.mark.parametrize("sitting", ["open", 7, [], {}, {"open": True}, False])
def test_a_sitting_that_is_none_starts_a_new_session(page: Page, sitting: Any) -> None:
    page.sitting = sitting
    assert page.say("what is a boundary")["outcome"] == "answer"


@pytest.mark.parametrize(
    "attributes",
    [
        {"carried": 7},
        {"carried": {"round": [1, 2]}},
        {"carried": {"memories": {"x": [1]}}},
        {"said": {"reprompt": 10**6, "7": None}},
        {"offer": "topic:nowhere", "choices": ["nowhere"], "topic": "nowhere"},
        {"zone": "../../etc/passwd"},
        {"asked": "nowhere-1"},
    ],
)
def test_attributes_that_no_session_of_ours_had_break_nothing(page: Page, attributes: dict[str, Any]) -> None:
    page.say("quiz me")
    page.sitting["attributes"] = attributes
    for words in ("yes", "the first one", "today's tip", "say it again", "quiz me"):
        assert page.say(words)["speech"]


def test_no_page_can_speak_as_a_listener_of_alexas(client: FlaskClient, store: MemoryStore) -> None:
    for listener in ("me", "amzn1.ask.account.AFAKE"):
        store.save(listener, Listener(launches=3).to_dict(), 0, NOW)
        assert post(client, well_formed(listener=listener)).status_code == 400
    Page(client).say("open healthy bonds")
    for listener in ("me", "amzn1.ask.account.AFAKE"):
        kept = store.load(listener, NOW)
        assert kept is not None
        assert kept.version == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"say"',
        b"\xff\xfe",
        b'{"say": NaN}',
        b"[" * 60_000,
        *(
            json.dumps(turn).encode()
            for turn in (
                {},
                {"say": "hello"},
                well_formed(say=""),
                well_formed(say="  "),
                well_formed(say=7),
                well_formed(say=None),
                well_formed(say="x" * (LONGEST + 1)),
                well_formed(listener=None),
                well_formed(listener=7),
                well_formed(listener=str(uuid4()).upper()),
                well_formed(listener=f"{uuid4()}\n"),
                well_formed(timezone=7),
                well_formed(timezone="../Paris"),
                well_formed(timezone="x" * 100),
                well_formed(locale=["en-US"]),
                {"event": "noise", "listener": str(uuid4())},
            )
        ),
    ],
)
def test_a_body_that_is_no_turn_is_refused_with_one_line(client: FlaskClient, body: bytes) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    assert answer.get_json().keys() == {"error"}
    assert "\n" not in answer.get_json()["error"]


@pytest.mark.parametrize("words", ["\ud800", "\x00", "💔", "ما هي الحدود", "a" * LONGEST, "<b>&amp;"])
def test_words_of_any_kind_are_answered(page: Page, words: str) -> None:
    assert page.say(words)["speech"]


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    padded = json.dumps(well_formed()).encode()
    assert post(client, padded.ljust(MOST_BYTES)).status_code == 200
    assert post(client, padded.ljust(MOST_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_site_cannot_send_a_turn_as_a_form(client: FlaskClient, content_type: str) -> None:
    answer = post(client, well_formed(), content_type=content_type)
    assert answer.status_code == 415
    assert answer.get_json().keys() == {"error"}
