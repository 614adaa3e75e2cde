"""The terminal and the page hear what Alexa's model makes possible: no more, and no less."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import RequestEnvelope

from skill.alexa import hearing
from skill.errors import ModelError
from skill.library import Library
from skill.speakers import envelope
from skill.speakers.envelope import Address
from skill.speakers.recogniser import FOLDER, Recogniser, SlotValue, invoked, recogniser

Json = dict[str, Any]


@pytest.fixture(scope="module")
def ear() -> Recogniser:
    """The ear of the checked-in model."""
    return recogniser("en-US")


def model(*intents: Json, **types: Json) -> Recogniser:
    language = {"intents": list(intents), "types": [{"name": n, "values": v} for n, v in types.items()]}
    return Recogniser({"interactionModel": {"languageModel": language}})


# Samples and slots


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("quiz me", "StartQuizIntent"),
        ("Quiz me!", "StartQuizIntent"),
        ("skip", "SkipIntent"),
        ("i don't know", "DontKnowIntent"),
        ("what's my score", "ScoreIntent"),
        ("give me a tip", "DailyTipIntent"),
        ("tell me more", "TellMeMoreIntent"),
        ("slower", "SlowerIntent"),
        ("forget me", "ForgetMeIntent"),
        ("yes", "AMAZON.YesIntent"),
        ("no", "AMAZON.NoIntent"),
        ("stop", "AMAZON.StopIntent"),
        ("help", "AMAZON.HelpIntent"),
        ("repeat", "AMAZON.RepeatIntent"),
    ],
)
def test_a_sample_is_its_intent(ear: Recogniser, said: str, intent: str) -> None:
    heard = ear.hear(said)
    assert heard.intent == intent
    assert heard.slots == {}


@pytest.mark.parametrize(
    ("said", "answer", "id"),
    [
        ("b", "b", "b"),
        ("the second one", "the second one", "b"),
        ("my answer is false", "false", "false"),
        ("true", "true", "true"),
        ("drew", "drew", "true"),
        ("is it neither", "neither", "none"),
    ],
)
def test_a_slot_value_comes_with_its_entity(ear: Recogniser, said: str, answer: str, id: str) -> None:
    heard = ear.hear(said)
    assert heard.intent == "QuizAnswerIntent"
    slot = heard.slots["answer"]
    assert (slot.value, slot.type) == (answer, "QuizAnswer")
    assert slot.resolved is not None
    assert slot.resolved["id"] == id


def test_an_entity_goes_out_as_alexa_sends_it(ear: Recogniser) -> None:
    sent = sent_for(ear, "drew")
    resolutions = sent["request"]["intent"]["slots"]["answer"]["resolutions"]["resolutionsPerAuthority"]
    assert sent["request"]["intent"]["slots"]["answer"]["value"] == "drew"
    assert [authority["status"]["code"] for authority in resolutions] == ["ER_SUCCESS_MATCH"]
    assert resolutions[0]["values"] == [{"value": {"id": "true", "name": "true"}}]


NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
CHOICES = {"QuizAnswer": [{"id": "choice-a", "name": {"value": "saying no", "synonyms": ["drew", "zorp the quux"]}}]}


def test_a_choice_of_the_moment_is_heard_before_those_of_the_list(ear: Recogniser) -> None:
    heard = ear.hear("drew", CHOICES)
    sent = envelope.intent(Address("me", "en-US", NOW, "s", "amzn1.ask.skill.ours"), "r", heard, {}, False)
    first, second = sent["request"]["intent"]["slots"]["answer"]["resolutions"]["resolutionsPerAuthority"]
    assert first == {
        "authority": "amzn1.er-authority.echo-sdk.dynamic.amzn1.ask.skill.ours.QuizAnswer",
        "status": {"code": "ER_SUCCESS_MATCH"},
        "values": [{"value": {"id": "choice-a", "name": "saying no"}}],
    }
    assert second["values"] == [{"value": {"id": "true", "name": "true"}}]


def test_a_choice_of_the_moment_is_heard_whatever_its_words_and_only_for_the_moment(ear: Recogniser) -> None:
    assert ear.hear("zorp the quux", CHOICES).intent == "QuizAnswerIntent"
    assert ear.hear("zorp the quux").intent == "AMAZON.FallbackIntent"


def test_what_is_no_choice_of_the_moment_says_so(ear: Recogniser) -> None:
    heard = ear.hear("letter b", CHOICES)
    sent = envelope.intent(Address("me", "en-US", NOW, "s"), "r", heard, {}, False)
    first, second = sent["request"]["intent"]["slots"]["answer"]["resolutions"]["resolutionsPerAuthority"]
    assert first["status"] == {"code": "ER_SUCCESS_NO_MATCH"}
    assert second["status"] == {"code": "ER_SUCCESS_MATCH"}


def test_words_outside_a_list_go_out_without_an_entity(ear: Recogniser) -> None:
    sent = sent_for(ear, "anxious or avoidant people")
    (authority,) = sent["request"]["intent"]["slots"]["phrase"]["resolutions"]["resolutionsPerAuthority"]
    assert authority["status"]["code"] == "ER_SUCCESS_NO_MATCH"
    assert "values" not in authority


def test_a_search_query_has_no_entities(ear: Recogniser) -> None:
    assert "resolutions" not in sent_for(ear, "what is the point of trust")["request"]["intent"]["slots"]["query"]


def test_a_slotted_sample_is_heard_only_with_a_value_of_its_list(ear: Recogniser) -> None:
    heard = ear.hear("start another round")
    assert (heard.intent, heard.slots["fresh"].value) == ("StartQuizIntent", "another")
    assert ear.hear("start purple round").intent != "StartQuizIntent"


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("remind me every day at eight", "time", "08:00"),
        ("Remind me every day at 8:30 p.m.", "time", "20:30"),
        ("remind me of the tip at half past seven in the evening", "time", "19:30"),
        ("remind me in the morning", "time", "MO"),
        ("change it to nine", "time", "09:00"),
        ("at eight", "moment", "08:00"),
        ("eight in the morning", "moment", "08:00"),
        ("eight thirty pm", "moment", "20:30"),
        ("8 pm", "moment", "20:00"),
        ("in the evening", "moment", "EV"),
        ("tonight", "moment", "NI"),
    ],
)
def test_a_time_is_resolved_as_alexa_does_it(ear: Recogniser, said: str, slot: str, value: str) -> None:
    heard = ear.hear(said)
    assert heard.intent == "RemindMeIntent"
    assert {name: found.value for name, found in heard.slots.items()} == {slot: value}
    sent = sent_for(ear, said)["request"]["intent"]["slots"][slot]
    assert sent["value"] == value
    assert "resolutions" not in sent


@pytest.mark.parametrize("said", ["remind me about my mother", "change it to purple", "at my mother's house"])
def test_what_is_no_time_fills_no_slot_for_times(ear: Recogniser, said: str) -> None:
    assert ear.hear(said).intent != "RemindMeIntent"


# Questions


def test_a_query_loses_the_carrier_phrase_that_it_follows(ear: Recogniser) -> None:
    heard = ear.hear("why does he go quiet for days")
    assert heard.intent == "AskWhyIntent"
    assert heard.slots == {"query": SlotValue("does he go quiet for days", None, "AMAZON.SearchQuery")}


def test_the_longest_carrier_phrase_takes_the_query() -> None:
    def asks(name: str, carrier: str) -> Json:
        slots = [{"name": "query", "type": "AMAZON.SearchQuery"}]
        return {"name": name, "slots": slots, "samples": [f"{carrier} {{query}}"]}

    ear = model(asks("AskIIntent", "i"), asks("AskImAIntent", "i am a"), asks("AskHowIntent", "how"))
    assert ear.hear("i am a doormat").slots["query"].value == "doormat"
    assert ear.hear("i am a doormat").intent == "AskImAIntent"
    assert ear.hear("i amble along").intent == "AskIIntent"
    assert ear.hear("iguanas").intent == "AMAZON.FallbackIntent"


def test_a_way_to_ask_that_is_on_the_list_is_heard_whole_with_its_topic(ear: Recogniser) -> None:
    heard = ear.hear("trauma bonding")
    assert heard.intent == "AskIntent"
    assert heard.slots["phrase"].value == "trauma bonding"
    resolved = heard.slots["phrase"].resolved
    assert resolved is not None
    assert resolved["id"] == "abuse-risk"


def test_a_question_that_opens_with_no_known_word_is_heard_whole(ear: Recogniser) -> None:
    heard = ear.hear("anxious or avoidant people")
    assert heard.intent == "AskIntent"
    assert heard.slots == {"phrase": SlotValue("anxious or avoidant people", None, "AskedPhrase")}


@pytest.mark.parametrize("said", ["flurb glonk", "xylophones zigzag quixotically", "", "...", "12345"])
def test_what_matches_nothing_falls_back_without_its_words(ear: Recogniser, said: str) -> None:
    heard = ear.hear(said)
    assert heard.intent == "AMAZON.FallbackIntent"
    assert heard.slots == {}


def sent_for(ear: Recogniser, said: str) -> Json:
    address = Address("l", "en-US", datetime(2026, 3, 2, 18, tzinfo=UTC), "s")
    return envelope.intent(address, "r", ear.hear(said), {}, True)


@pytest.mark.parametrize(
    "said",
    [
        "what is a boundary",
        "what's a boundary",
        "how come he never calls",
        "i'm a doormat",
        "my wife reads my messages",
        "boyfriend won't let me out of his sight",
        "anxious or avoidant people",
        "trauma bonding",
        "okay so what do i do about my mum",
    ],
)
def test_the_skill_gets_the_whole_question_back(ear: Recogniser, known: Library, said: str) -> None:
    sent = DefaultSerializer().deserialize(json.dumps(sent_for(ear, said)), RequestEnvelope)
    assert hearing.heard(sent.request, known, True, lambda: date(2026, 3, 2), None).words == said


# The skill's name


@pytest.mark.parametrize(
    "said",
    [
        "open healthy bonds",
        "Alexa, open Healthy Bonds.",
        "alexa open the healthy bonds skill",
        "launch healthy bonds",
        "start healthy bonds please",
        "um can you open healthy bonds for me",
        "open healthy bonds now",
        "talk to healthy bonds",
        "ask healthy bonds",
        "open healthy bond",
        "please play healthy bonds",
    ],
)
def test_the_name_alone_opens_the_skill(said: str) -> None:
    assert invoked(said) == (True, "")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("ask healthy bonds to start the quiz", "start the quiz"),
        ("please ask healthy bonds start quiz", "start quiz"),
        ("alexa ask healthy bonds for a tip", "a tip"),
        ("open healthy bonds and quiz me", "quiz me"),
        ("ask healthy bonds to please quiz me", "quiz me"),
        ("tell healthy bonds that my wife is jealous", "that my wife is jealous"),
        ("ask healthy bonds what that means", "what that means"),
        ("ask healthy bonds how do i say no", "how do i say no"),
        ("ask healthy bonds about boundaries", "about boundaries"),
        ("ask healthy bonds if i am too clingy", "if i am too clingy"),
        ("ask healthy bonds whether i am too clingy", "whether i am too clingy"),
        ("use the healthy bonds skill to quiz me", "quiz me"),
        ("ask healthy bonds to", "to"),
        ("ask healthy bonds please what is trust", "what is trust"),
    ],
)
def test_what_is_asked_together_with_the_name_is_heard_without_it(said: str, asked: str) -> None:
    assert invoked(said) == (True, asked)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("what are healthy bonds", "what are healthy bonds"),
        ("Healthy bonds", "healthy bonds"),
        ("Start the quiz!", "start the quiz"),
        ("ask my husband", "ask my husband"),
        ("how do i open up about healthy bonds", "how do i open up about healthy bonds"),
    ],
)
def test_the_words_of_the_name_in_a_question_are_no_name(said: str, plain: str) -> None:
    assert invoked(said) == (False, plain)


# Models


@pytest.mark.parametrize("locale", ["en-US", "en-CA", "en-GB", "en-AU", "en-IN"])
def test_every_country_can_be_heard(locale: str) -> None:
    assert recogniser(locale).hear("quiz me").intent == "StartQuizIntent"


@pytest.mark.parametrize("locale", ["xx-XX", "", "../../secrets"])
def test_a_country_without_a_model_is_told_with_those_that_have_one(locale: str) -> None:
    with pytest.raises(ModelError) as caught:
        recogniser(locale)
    assert str(caught.value) == (
        f"there is no interaction model for {locale!r}: the locales are en-AU, en-CA, en-GB, en-IN, en-US"
    )


def test_a_folder_without_models_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the locales are none; run `python -m skill models`"):
        recogniser("en-US", tmp_path)


@pytest.mark.parametrize("text", ["{", "", '{"interactionModel": {}}', "[]", '{"interactionModel": null}'])
def test_a_model_that_can_not_be_read_says_how_to_make_it_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "en-US.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="run `python -m skill models`"):
        recogniser("en-US", tmp_path)


def test_the_ear_reads_the_models_that_alexa_gets() -> None:
    assert FOLDER.name == "interaction_models"
    assert (FOLDER / "en-US.json").exists()
