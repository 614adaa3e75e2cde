"""What Alexa listens for is what the content says, and all that it hears has somewhere to go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from skill import clock
from skill.alexa.hearing import WORD_SLOTS
from skill.conversation.policy import COMMANDS, FRESH, OTHER_TOPIC
from skill.errors import ModelError
from skill.making import model
from skill.making.compiling import compiled_form, opener_intent
from skill.making.source import Source
from skill.speakers.recogniser import Recogniser

LOCALES = ["en-AU", "en-CA", "en-GB", "en-IN", "en-US"]
CONTRACT = """
    StartQuizIntent QuizAnswerIntent SkipIntent DontKnowIntent ScoreIntent DailyTipIntent TellMeMoreIntent ExampleIntent
    PracticeIntent SlowerIntent ForgetMeIntent RemindMeIntent ReminderIntent StopRemindingIntent
    AMAZON.HelpIntent AMAZON.StopIntent AMAZON.CancelIntent
    AMAZON.RepeatIntent AMAZON.NextIntent AMAZON.StartOverIntent AMAZON.ResumeIntent AMAZON.PauseIntent
    AMAZON.YesIntent AMAZON.NoIntent AMAZON.NavigateHomeIntent AMAZON.FallbackIntent
""".split()

Json = dict[str, Any]


@pytest.fixture(scope="module")
def made(real: Source) -> Json:
    found: Json = model.interaction_model(real)["interactionModel"]["languageModel"]
    return found


def intents(made: Json) -> dict[str, Json]:
    return {intent["name"]: intent for intent in made["intents"]}


def values(made: Json, type: str) -> dict[str, list[str]]:
    """Return the texts of each value of a slot type, by id."""
    (found,) = [t for t in made["types"] if t["name"] == type]
    return {v["id"]: [v["name"]["value"], *v["name"]["synonyms"]] for v in found["values"]}


# As checked in


def test_the_checked_in_models_are_what_the_content_gives(real: Source) -> None:
    model.check(real)


def test_there_is_a_model_for_each_country_and_no_other() -> None:
    assert sorted(path.stem for path in model.FOLDER.glob("??-??.json")) == LOCALES


def test_a_model_that_was_edited_by_hand_is_noticed(real: Source, tmp_path: Path) -> None:
    model.write(real, tmp_path)
    model.check(real, tmp_path)
    path = tmp_path / "en-IN.json"
    path.write_text(path.read_text(encoding="utf-8").replace("healthy bonds", "healthy bands"), encoding="utf-8")
    with pytest.raises(ModelError, match=r"^en-IN\.json is not what the content gives: run `python -m skill models`"):
        model.check(real, tmp_path)


def test_a_model_that_is_lost_is_noticed(real: Source, tmp_path: Path) -> None:
    model.write(real, tmp_path)
    (tmp_path / "en-GB.json").unlink()
    with pytest.raises(ModelError, match=r"^en-GB\.json is not what the content gives"):
        model.check(real, tmp_path)


def test_a_changed_way_to_say_a_command_makes_the_models_stale(changed: Source, tmp_path: Path) -> None:
    model.write(changed, tmp_path)
    changed.commands["SkipIntent"].insert(0, "hop over it")
    with pytest.raises(ModelError):
        model.check(changed, tmp_path)


def test_content_that_breaks_a_rule_of_alexa_s_is_no_model(changed: Source, tmp_path: Path) -> None:
    changed.listening["fresh_round_samples"].append("{fresh} round!")
    model.write(changed, tmp_path)
    with pytest.raises(ModelError, match="has a sign that Alexa refuses"):
        model.check(changed, tmp_path)


def test_the_same_content_gives_the_same_bytes(real: Source) -> None:
    assert model.written(model.interaction_model(real)) == model.written(model.interaction_model(Source()))


# What it hears


def test_the_skill_is_called_healthy_bonds(made: Json) -> None:
    assert made["invocationName"] == "healthy bonds"


def test_every_intent_of_the_contract_is_listened_for(made: Json) -> None:
    assert set(CONTRACT) <= set(intents(made))


def test_every_intent_that_is_heard_has_somewhere_to_go(made: Json, real: Source) -> None:
    openers = compiled_form(real)["openers"]
    for name, intent in intents(made).items():
        slots = {slot["name"] for slot in intent.get("slots", [])}
        assert name in COMMANDS or slots & set(WORD_SLOTS), name
        assert slots <= {*WORD_SLOTS, "fresh", "time", "moment"}, name
        assert (name in openers) == ("query" in slots), name


def test_every_command_of_the_conversation_is_listened_for(made: Json) -> None:
    assert set(COMMANDS) - {"LaunchRequest"} <= set(intents(made))


def test_short_ways_to_say_a_command_are_samples_and_long_ones_only_train(made: Json, real: Source) -> None:
    for intent, lines in real.commands.items():
        samples = [sample for sample in intents(made)[intent]["samples"] if "{" not in sample]
        short = [line for line in lines if len(line.split()) <= model.SAMPLE_WORDS]
        whole = {
            "StartQuizIntent": FRESH.search,
            "AMAZON.NextIntent": OTHER_TOPIC.search,
            "RemindMeIntent": clock.heard_in,
        }.get(intent)
        assert samples == [line for line in short if whole is None or not whole(line)]


def test_a_new_round_is_never_heard_as_just_any_round(made: Json, real: Source) -> None:
    ear = Recogniser({"interactionModel": {"languageModel": made}})
    asked = [line for line in real.commands["StartQuizIntent"] if FRESH.search(line)]
    assert len(asked) >= 10
    for line in asked:
        heard = ear.hear(line)
        if heard.intent == "StartQuizIntent":
            assert "fresh" in heard.slots, line
        else:
            assert set(heard.slots) & set(WORD_SLOTS), line


def test_a_reminder_is_never_heard_without_its_time(made: Json, real: Source) -> None:
    ear = Recogniser({"interactionModel": {"languageModel": made}})
    asked = [line for line in real.commands["RemindMeIntent"] if clock.heard_in(line)]
    assert len(asked) >= 10
    for line in asked:
        heard = ear.hear(line)
        if heard.intent == "RemindMeIntent":
            assert heard.slots["time"].value == clock.heard_in(line), line
        else:
            assert set(heard.slots) & set(WORD_SLOTS), line


def test_another_topic_is_never_heard_as_just_the_next_question(made: Json, real: Source) -> None:
    ear = Recogniser({"interactionModel": {"languageModel": made}})
    asked = [line for line in real.commands["AMAZON.NextIntent"] if OTHER_TOPIC.search(line)]
    assert len(asked) >= 10
    for line in asked:
        assert set(ear.hear(line).slots) & set(WORD_SLOTS), line


def test_an_opening_word_is_a_carrier_with_an_intent_of_its_own(made: Json, real: Source) -> None:
    for word in real.listening["openers"]:
        intent = intents(made)[opener_intent(word)]
        assert intent["samples"] == [f"{word} {{query}}"]
        assert intent["slots"] == [{"name": "query", "type": "AMAZON.SearchQuery"}]


def test_no_two_opening_words_share_an_intent(real: Source) -> None:
    openers = real.listening["openers"]
    assert len({opener_intent(word) for word in openers}) == len(openers)


def test_what_opens_otherwise_is_heard_whole(made: Json) -> None:
    assert intents(made)["AskIntent"]["samples"] == ["{phrase}"]


def test_every_name_and_way_to_ask_is_known_under_its_topic(made: Json, real: Source) -> None:
    phrases = values(made, "AskedPhrase")
    assert set(phrases) == {topic["id"] for topic in real.topics} | {model.NEW_ROUND, model.ANOTHER_TOPIC}
    everywhere = {text for texts in phrases.values() for text in texts}
    for topic in real.topics:
        said = [*topic["names"], *(line for lines in topic["questions"].values() for line in lines)]
        assert {line for line in said if len(line) <= model.VALUE_LETTERS} <= everywhere
        assert set(phrases[topic["id"]][1:]) <= set(said)


def test_no_phrase_leads_to_two_topics(made: Json) -> None:
    texts = [text for texts in values(made, "AskedPhrase").values() for text in texts]
    assert len(texts) == len(set(texts))


def test_every_choice_of_the_quiz_is_an_answer_that_can_be_heard(made: Json, real: Source) -> None:
    answers = {text for texts in values(made, "QuizAnswer").values() for text in texts}
    for question in real.quiz:
        for choice in question["choices"]:
            assert model._plain(choice["say"]) in answers


def test_answers_of_every_question_are_heard(made: Json, real: Source) -> None:
    answers = values(made, "QuizAnswer")
    for id, texts in real.listening["answer_values"].items():
        assert answers[id] == list(dict.fromkeys(texts))


def test_an_answer_means_one_value(made: Json) -> None:
    texts = [text for texts in values(made, "QuizAnswer").values() for text in texts]
    assert len(texts) == len(set(texts))


def test_each_sample_without_a_slot_reaches_its_own_intent(made: Json) -> None:
    ear = Recogniser({"interactionModel": {"languageModel": made}})
    for name, intent in intents(made).items():
        for sample in intent.get("samples", []):
            if "{" not in sample:
                assert ear.hear(sample).intent == name, sample
