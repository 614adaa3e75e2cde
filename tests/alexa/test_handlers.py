"""Whatever Alexa sends gets an answer that Alexa can use; what is not for us is refused, and nobody's words leak."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.handlers import CARRIED
from skill.alexa.skill import OtherSkillError, RefusedError, answer, assemble, support
from skill.alexa.speech import RATE, SLOW_RATE, plain_text
from skill.conversation import Support
from skill.conversation.policy import COMMANDS
from skill.errors import SettingError
from skill.library import Library
from skill.making.compiling import opener_intent
from skill.speakers import envelope
from skill.speakers.envelope import Address
from skill.stores import Kept
from skill.stores.memory import MemoryStore

from .echo import LISTENER, NOW, SKILL_ID, Echo, Turn
from .faults import FaultyStore

Json = dict[str, Any]

CANARY = "zqxj"
"""A word that nobody says; where it turns up, a listener's words have leaked."""
HURT = {"query": "hits me and i'm scared"}


def launch_envelope() -> Json:
    return envelope.launch(Address(LISTENER, "en-US", NOW, "session-1", SKILL_ID), "amzn1.echo-api.request.1")


def is_sound(turn: Turn) -> None:
    """Check what Alexa asks of every response to a turn: "Request and response JSON reference" in its documentation."""
    json.dumps(turn.response, allow_nan=False)
    response = turn.response["response"]
    assert turn.response["version"] == "1.0"
    assert response["outputSpeech"]["type"] == "SSML"
    assert ElementTree.fromstring(response["outputSpeech"]["ssml"]).tag == "speak"
    assert turn.speech
    assert response["shouldEndSession"] is not turn.open
    assert bool(turn.reprompt) is turn.open
    if turn.open:
        assert ElementTree.fromstring(response["reprompt"]["outputSpeech"]["ssml"]).tag == "speak"
    assert len(json.dumps(turn.response)) < 24_000


def texts(value: object) -> Iterator[str]:
    """Yield every text in plain JSON, keys included."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


# Turns


def test_opening_the_skill_greets_and_listens(echo: Echo, known: Library) -> None:
    turn = echo.launch()
    is_sound(turn)
    assert turn.speech in known.phrases["welcome"]
    assert turn.reprompt in known.phrases["reprompt"]
    assert turn.open
    assert "card" not in turn.response["response"]
    assert "directives" not in turn.response["response"]


def test_who_comes_back_is_greeted_as_somebody_known(echo: Echo, known: Library) -> None:
    echo.launch()
    echo.intent("AMAZON.StopIntent")
    assert echo.launch().speech in known.phrases["welcome_back"]


def test_everything_is_said_a_little_slowly_and_safety_help_clearly_so(echo: Echo) -> None:
    assert f'rate="{RATE}"' in echo.launch().ssml
    assert f'rate="{SLOW_RATE}"' in echo.intent("SlowerIntent").ssml
    assert f'rate="{SLOW_RATE}"' in echo.intent("AskHeIntent", **HURT).ssml


INTENTS = sorted(set(COMMANDS) - {"LaunchRequest"})


@pytest.mark.parametrize("before", ["nothing", "a welcome", "a topic", "a round", "a finished round", "a doubt"])
@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_is_answered_wherever_it_comes(
    echo: Echo, caplog: pytest.LogCaptureFixture, intent: str, before: str
) -> None:
    if before != "nothing":
        echo.launch()
    if before == "a topic":
        assert echo.intent("AskWhatIntent", query="is a healthy boundary").trace.topic == "boundaries"
    if before == "a doubt":
        assert echo.intent("AMAZON.NextIntent").trace.outcome == "clarify"
    if "round" in before:
        turn = echo.intent("StartQuizIntent")
        for _ in range(5 if "finished" in before else 0):
            turn = echo.answer(turn.question)
    is_sound(echo.intent(intent))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_every_opening_word_leads_to_an_answer(echo: Echo, known: Library, caplog: pytest.LogCaptureFixture) -> None:
    for word in known.openers.values():
        turn = echo.intent(opener_intent(word), query="say no to my mother without feeling guilty")
        is_sound(turn)
        assert turn.trace.outcome in ("answer", "clarify", "unknown")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("AskHowIntent", {"query": "do i say no to my mother"}),
        ("AskIntent", {"phrase": "how do i say no to my mother"}),
        ("QuizAnswerIntent", {"answer": "how do i say no to my mother"}),
    ],
)
def test_the_same_question_is_the_same_whichever_intent_heard_it(
    echo: Echo, intent: str, slots: dict[str, str]
) -> None:
    assert echo.intent(intent, **slots).trace.topic == "saying-no"


@pytest.mark.parametrize("intent", ["AskWhatIntent", "AskIntent", "QuizAnswerIntent", "SomeNewIntent"])
def test_an_intent_without_its_words_is_not_understood_and_goes_on(echo: Echo, intent: str) -> None:
    turn = echo.intent(intent)
    is_sound(turn)
    assert turn.trace.outcome == "unknown"
    assert turn.open


def test_a_new_round_in_so_many_words_is_a_new_one(echo: Echo) -> None:
    echo.launch()
    first = echo.intent("StartQuizIntent").question
    assert echo.intent("StartQuizIntent").question["id"] == first["id"]
    fresh = echo.intent("StartQuizIntent", fresh="another").question
    assert fresh["id"] != first["id"]
    assert fresh["number"] == 1


def test_nobody_says_ten_thousand_words_and_nothing_breaks(echo: Echo) -> None:
    echo.launch()
    turn = echo.intent("AskWhatIntent", query="about my mother " * 700)
    is_sound(turn)


# What isn't a turn


@pytest.mark.parametrize("reason", ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS"])
def test_at_the_end_of_a_session_nothing_is_said_and_nothing_changes(
    echo: Echo, store: FaultyStore, reason: str
) -> None:
    echo.launch()
    echo.intent("StartQuizIntent")
    store.asked()
    ended = echo.envelope("AMAZON.StopIntent")
    ended["request"] = {
        "type": "SessionEndedRequest", "requestId": "r", "timestamp": "2026-03-02T18:00:00Z", "locale": "en-US",
        "reason": reason, "error": {"type": "INVALID_RESPONSE", "message": "no"},
    }  # fmt: skip
    response = answer(echo.skill, ended)["response"]
    assert "outputSpeech" not in response
    assert "reprompt" not in response
    assert store.asked() == []


@pytest.mark.parametrize(
    "request_type",
    ["System.ExceptionEncountered", "Alexa.Presentation.APL.UserEvent", "AudioPlayer.PlaybackStarted",
     "AlexaSkillEvent.SkillEnabled", "Connections.Response"],
)  # fmt: skip
def test_a_request_that_is_no_turn_is_acknowledged_and_changes_nothing(
    echo: Echo, store: FaultyStore, request_type: str
) -> None:
    sent = launch_envelope()
    sent["request"]["type"] = request_type
    response = answer(echo.skill, sent)["response"]
    assert "outputSpeech" not in response
    assert store.asked() == []


def refusal(echo: Echo, sent: Any) -> str:
    """Return the one line with which an envelope is refused."""
    with pytest.raises(RefusedError) as caught:
        answer(echo.skill, sent)
    line = str(caught.value)
    assert line.splitlines() == [line]
    return line


@pytest.mark.parametrize("request_type", ["", None, 5, ["LaunchRequest"]])
def test_a_request_type_that_is_none_is_refused(echo: Echo, store: FaultyStore, request_type: Any) -> None:
    sent = launch_envelope()
    sent["request"]["type"] = request_type
    assert refusal(echo, sent).endswith("nothing was done")
    assert store.asked() == []


@pytest.mark.parametrize("request_type", ["TeleportRequest", "launchrequest", "Alexa.Nobody.KnowsThis"])
def test_a_request_type_that_nobody_knows_is_acknowledged_and_changes_nothing(
    echo: Echo, store: FaultyStore, request_type: str
) -> None:
    sent = launch_envelope()
    sent["request"] |= {"type": request_type, "payload": {"says": "something"}}
    assert answer(echo.skill, sent) == {"version": "1.0", "response": {}}
    del sent["session"]
    assert answer(echo.skill, sent) == {"version": "1.0", "response": {}}
    assert store.asked() == []


@pytest.mark.parametrize("application", [{"applicationId": "amzn1.ask.skill.another"}, {}, None])
def test_a_request_type_that_nobody_knows_is_refused_where_it_is_for_another_skill(
    echo: Echo, application: Any
) -> None:
    sent = launch_envelope()
    sent["request"]["type"] = "TeleportRequest"
    sent["context"]["System"]["application"] = application
    with pytest.raises(OtherSkillError):
        answer(echo.skill, sent)


@pytest.mark.parametrize(
    "spoilt", [{"context": "here"}, {"session": 5}, {"request": {"type": "TeleportRequest", "timestamp": "yesterday"}}]
)
def test_a_request_type_that_nobody_knows_does_not_excuse_the_rest_of_an_envelope(echo: Echo, spoilt: Json) -> None:
    sent = launch_envelope()
    sent["request"]["type"] = "TeleportRequest"
    assert refusal(echo, sent | spoilt).endswith("nothing was done")


@pytest.mark.parametrize("sent", [{}, {"request": {}}, {"version": "1.0"}, [], "hello", 5, None], ids=str)
def test_what_is_no_envelope_is_refused(echo: Echo, sent: Any) -> None:
    assert refusal(echo, sent).startswith("not an envelope that Alexa would send")
    with pytest.raises(RefusedError) as caught:
        answer(echo.skill, sent)
    assert not isinstance(caught.value, OtherSkillError)


@pytest.mark.parametrize("missing", ["request", "context"])
def test_an_envelope_without_a_request_or_a_context_is_refused(echo: Echo, missing: str) -> None:
    sent = launch_envelope()
    del sent[missing]
    assert refusal(echo, sent).startswith("not an envelope that Alexa would send")


@pytest.mark.parametrize(
    "application", [{"applicationId": "amzn1.ask.skill.another"}, {"applicationId": None}, {}, None]
)
def test_an_envelope_for_another_skill_is_refused(echo: Echo, store: FaultyStore, application: Any) -> None:
    sent = launch_envelope()
    sent["context"]["System"]["application"] = application
    assert refusal(echo, sent) == "this envelope is for another skill: compare its applicationId with SKILL_ID"
    with pytest.raises(OtherSkillError):
        answer(echo.skill, sent)
    assert store.asked() == []


def test_without_an_id_of_its_own_the_skill_serves_any_application() -> None:
    skill = assemble(MemoryStore())
    sent = launch_envelope()
    sent["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.another"
    assert "outputSpeech" in answer(skill, sent)["response"]


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to everything in plain JSON."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))


ENVELOPE = {
    **launch_envelope(),
    "request": {
        "type": "IntentRequest",
        "requestId": "amzn1.echo-api.request.1",
        "timestamp": "2026-03-02T18:00:00Z",
        "locale": "en-US",
        "intent": {
            "name": "AskWhatIntent",
            "confirmationStatus": "NONE",
            "slots": {"query": {"name": "query", "value": "is a boundary", "confirmationStatus": "NONE"}},
        },
    },
}
JUNK = st.sampled_from([None, True, 0, -1.5, "", "junk", [], ["junk"], {}, {"junk": {"junk": 1}}])


@given(st.sampled_from(list(places(ENVELOPE))), JUNK, st.booleans())
def test_no_envelope_whatever_it_holds_is_more_than_a_refusal(path: tuple[Any, ...], junk: Any, gone: bool) -> None:
    sent = copy.deepcopy(ENVELOPE)
    holder: Any = sent
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    if gone:
        del holder[path[-1]]
    try:
        response = answer(assemble(MemoryStore(), skill_id=SKILL_ID), sent)
    except RefusedError as refused:
        response = {"refused": str(refused)}
    assert "\n" not in response.get("refused", "")
    json.dumps(response, allow_nan=False)


# Odd envelopes


@pytest.mark.parametrize("user", [{}, {"userId": None}, {"userId": ""}, None], ids=str)
def test_a_listener_without_an_id_is_served_and_not_kept(echo: Echo, store: FaultyStore, user: Any) -> None:
    sent = launch_envelope()
    sent["context"]["System"]["user"] = user
    turn = echo.send(sent)
    is_sound(turn)
    assert turn.open
    assert store.asked() == []


def test_a_listener_without_an_id_can_play_a_round(echo: Echo) -> None:
    def nameless(sent: Json) -> Json:
        sent["context"]["System"]["user"] = {}
        return sent

    turn = echo.send(nameless(launch_envelope()))
    turn = echo.send(nameless(echo.envelope("StartQuizIntent")))
    for number in range(1, 6):
        assert turn.question["number"] == number
        said = turn.question["choices"][turn.question["right"]]
        turn = echo.send(nameless(echo.envelope("QuizAnswerIntent", answer=said)))
    assert turn.trace.score_right == 5


@pytest.mark.parametrize(
    "locale", ["fr-FR", "de", "EN-gb", "en_US", "en", "", None, "x" * 300, "../../skill/compiled/en-x"]
)
def test_an_odd_locale_is_answered_in_english(echo: Echo, known: Library, locale: str | None) -> None:
    sent = launch_envelope()
    sent["request"]["locale"] = locale
    turn = echo.send(sent)
    is_sound(turn)
    assert turn.speech in known.phrases["welcome"]


@pytest.mark.parametrize("locale", ["fr-FR", "en-NZ"])
def test_a_country_that_is_not_known_still_gets_a_number_to_call(echo: Echo, known: Library, locale: str) -> None:
    echo.locale = locale
    turn = echo.intent("AskHeIntent", **HURT)
    assert turn.trace.outcome == "safety"
    assert known.locale("en-US").emergency in turn.speech


@pytest.mark.parametrize(
    "gone", ["session", "attributes", "device", "apiAccessToken", "slots", "requestId", "Viewport"]
)
def test_what_alexa_may_leave_out_may_be_left_out(echo: Echo, gone: str) -> None:
    sent = echo.envelope("DailyTipIntent")
    for holder in (sent, sent["session"], sent["context"]["System"], sent["context"], sent["request"]):
        holder.pop(gone, None)
    turn = echo.send(sent)
    is_sound(turn)
    assert turn.trace.tip


@pytest.mark.parametrize(
    "attributes",
    [
        {"topic": 5, "offer": ["more"], "choices": "boundaries", "speech": {"a": 1}, "said": [1], "misses": -1},
        {"topic": "none", "pieces": 900, "offer": "topic:none", "choices": ["a", "b"], "asked": "none-1"},
        {"zone": "Mars/Base", "asked": True, "over": 1, "said": {"welcome": 99, "reprompt": -5}},
        {CARRIED: "everything"},
        {CARRIED: {"launches": "many", "round": [1]}},
    ],
    ids=["types", "unknown", "values", "carried text", "carried nonsense"],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["AMAZON.YesIntent", "AMAZON.NoIntent", "TellMeMoreIntent", "DailyTipIntent",
                                    "AMAZON.RepeatIntent", "AMAZON.NextIntent", "QuizAnswerIntent"])  # fmt: skip
def test_a_spoilt_session_is_a_fresh_one(
    echo: Echo, attributes: Json, intent: str, caplog: pytest.LogCaptureFixture
) -> None:
    echo.attributes = attributes
    is_sound(echo.intent(intent))
    assert [record.getMessage() for record in caplog.records if record.getMessage().startswith("turn failed")] == []


# What must not leak


MARKUP = f'<audio src="https://example.org/{CANARY}.mp3"/><break time="10s"/> & {CANARY} "]]>'


@pytest.mark.parametrize("slot", ["query", "phrase", "answer", "fresh"])
@pytest.mark.parametrize("asking", [False, True])
def test_what_somebody_says_never_becomes_markup(echo: Echo, slot: str, asking: bool) -> None:
    echo.launch()
    if asking:
        echo.intent("StartQuizIntent")
    intent = {"query": "AskWhatIntent", "phrase": "AskIntent", "answer": "QuizAnswerIntent", "fresh": "StartQuizIntent"}
    turn = echo.intent(intent[slot], **{slot: MARKUP})
    is_sound(turn)
    tags = {element.tag for element in ElementTree.fromstring(turn.ssml).iter()}
    assert tags <= {"speak", "prosody", "break"}
    assert "10s" not in turn.ssml
    assert not any(CANARY in text for text in texts(turn.response))


def test_no_word_of_a_listener_is_stored_carried_or_logged(
    echo: Echo, store: FaultyStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo.launch()
    echo.intent("AskMyIntent", query=f"husband {CANARY} won't talk to me")
    echo.intent("StartQuizIntent")
    echo.intent("QuizAnswerIntent", answer=CANARY)
    turn = echo.intent("AskHeIntent", query=f"hits me {CANARY}")
    assert turn.trace.outcome == "safety"
    found = store.memory.load(LISTENER, NOW)
    assert found is not None
    assert not any(CANARY in text for text in texts(found.state))
    assert not any(CANARY in text for text in texts(turn.response))
    assert CANARY not in caplog.text


class BrokenStore(FaultyStore):
    """A store with a bug, whose message quotes what it should not."""

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        raise ZeroDivisionError(f"{CANARY} of {listener_id}")


def test_a_bug_of_ours_is_a_short_word_and_a_question_never_a_trace(
    known: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = Echo(assemble(BrokenStore(), skill_id=SKILL_ID))
    turn = echo.intent("AskMyIntent", query=f"husband {CANARY} won't talk to me")
    is_sound(turn)
    assert turn.speech in known.phrases["trouble"]
    assert turn.open
    heard = " ".join(texts(turn.response))
    assert "ZeroDivisionError" not in heard
    assert CANARY not in heard
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "ZeroDivisionError" in record.getMessage()
    assert "load" in record.getMessage()
    assert CANARY not in caplog.text
    assert LISTENER not in caplog.text


def test_one_bug_after_another_is_never_told_in_the_same_words_twice_running(known: Library) -> None:
    echo = Echo(assemble(BrokenStore(), skill_id=SKILL_ID))
    turns = [echo.intent("TellMeMoreIntent") for _ in range(12)]
    assert {turn.speech for turn in turns} == {*known.phrases["trouble"]}
    assert len({turn.speech for turn in turns}) >= 4
    for before, after in zip(turns, turns[1:], strict=False):
        assert before.speech != after.speech
        assert before.reprompt != after.reprompt


def test_after_a_bug_the_session_goes_on_where_it_was(echo: Echo) -> None:
    echo.launch()
    echo.intent("AskWhatIntent", query="is a healthy boundary")
    whole, echo.skill = echo.skill, assemble(BrokenStore(), skill_id=SKILL_ID)
    assert echo.intent("TellMeMoreIntent").open
    echo.skill = whole
    assert echo.intent("TellMeMoreIntent").trace.topic == "boundaries"


# Safety help


@pytest.mark.parametrize("locale", ["en-US", "en-CA", "en-GB", "en-AU", "en-IN"])
@pytest.mark.parametrize(
    ("kind", "intent", "words"),
    [("violence", "AskHeIntent", "hits me and i'm scared"), ("crisis", "AskIIntent", "want to kill myself")],
)
def test_safety_help_is_short_names_the_line_of_the_country_and_closes(
    echo: Echo, known: Library, locale: str, kind: str, intent: str, words: str
) -> None:
    echo.locale = locale
    echo.launch()
    echo.intent("StartQuizIntent")
    turn = echo.intent(intent, query=words)
    is_sound(turn)
    place = known.locale(locale)
    assert turn.trace.outcome == "safety"
    assert place.emergency in turn.speech
    assert (place.violence if kind == "violence" else place.crisis) in turn.speech
    assert not turn.open
    assert "?" not in turn.speech
    assert set(turn.response["response"]) == {"outputSpeech", "shouldEndSession"}
    assert turn.trace.verdict is None
    assert not any(word in text for text in texts(turn.attributes) for word in ("safety", "danger", "violence"))


def test_after_safety_help_the_next_launch_knows_the_round_and_nothing_else(echo: Echo, known: Library) -> None:
    echo.launch()
    question = echo.intent("StartQuizIntent").question
    echo.intent("AskHeIntent", **HURT)
    turn = echo.launch()
    assert turn.trace.quiz == "paused"
    assert turn.speech in known.phrases["welcome_begun"]
    assert echo.intent("AMAZON.YesIntent").question["id"] == question["id"]


# The counsellor's card


@pytest.fixture
def with_support(monkeypatch: pytest.MonkeyPatch, store: FaultyStore) -> Echo:
    monkeypatch.setenv("SKILL_SUPPORT_NAME", "Ana at Harbour House")
    monkeypatch.setenv("SKILL_SUPPORT_URL", "https://example.org/ana")
    return Echo(assemble(store, skill_id=SKILL_ID))


def test_a_card_is_sent_only_when_it_was_asked_for(with_support: Echo) -> None:
    turn = with_support.intent("AskHowIntent", query="do i find a counselor")
    assert turn.trace.topic == "getting-support"
    assert "Ana at Harbour House" in turn.speech
    assert "card" not in turn.response["response"]
    turn = with_support.intent("AMAZON.YesIntent")
    assert turn.response["response"]["card"] == {
        "type": "Simple",
        "title": "Ana at Harbour House",
        "content": "Ana at Harbour House\nhttps://example.org/ana",
    }
    assert "card" not in with_support.intent("AMAZON.RepeatIntent").response["response"]


def test_with_safety_help_there_is_never_a_card(with_support: Echo) -> None:
    with_support.intent("AskHowIntent", query="do i find a counselor")
    assert "card" not in with_support.intent("AskHeIntent", **HURT).response["response"]


def test_without_a_counsellor_s_page_no_card_is_offered(echo: Echo) -> None:
    turn = echo.intent("AskHowIntent", query="do i find a counselor")
    assert turn.trace.topic == "getting-support"
    assert "phone" not in turn.speech.split(".")[-1]
    assert "card" not in echo.intent("AMAZON.YesIntent").response["response"]


@pytest.mark.parametrize(
    ("name", "url"), [("Ana", ""), ("", "https://example.org"), ("Ana", "http://example.org"), ("Ana", "example.org")]
)
def test_half_a_counsellor_s_page_is_told_before_anybody_hears_it(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv("SKILL_SUPPORT_NAME", name)
    monkeypatch.setenv("SKILL_SUPPORT_URL", url)
    with pytest.raises(SettingError, match=r"^set both SKILL_SUPPORT_NAME and SKILL_SUPPORT_URL"):
        support()


def test_a_counsellor_s_page_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert support() is None
    monkeypatch.setenv("SKILL_SUPPORT_NAME", " Ana ")
    monkeypatch.setenv("SKILL_SUPPORT_URL", " https://example.org/ana ")
    assert support() == Support("Ana", "https://example.org/ana")


def test_what_is_heard_is_what_the_core_said(echo: Echo, known: Library) -> None:
    turn = echo.intent("AskWhatIntent", query="is a healthy boundary")
    assert known.topics["boundaries"].short in turn.speech
    assert plain_text(turn.ssml) == turn.speech
