from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.hearing import Heard, hear
from skill.library import Choice, Library

TRUE_FALSE = (Choice("true"), Choice("false"))
SILENCE = (
    Choice("it's meant to punish", ("to punish", "meant to punish", "punishment")),
    Choice("somebody leaves the room", ("leaving the room", "someone leaves the room", "leaves the room")),
    Choice("the hours go by", ("hours go by", "it goes on for hours")),
)
CARE = (Choice("care", ("caring", "it's care")), Choice("control", ("controlling", "it's control", "in control")))
KINDS = (
    Choice("interdependent", ("inter dependent", "interdependence", "the healthy one")),
    Choice("codependent", ("code dependent", "co dependent", "codependency", "cold dependent")),
)
TOPICS = (
    Choice("setting and keeping boundaries", ("boundaries", "limits", "bound trees")),
    Choice("saying no kindly", ("saying no", "how to say no", "turning things down")),
)


def meant(utterance: str, choices: tuple[Choice, ...]) -> str:
    """What an utterance is heard as: the words of a choice, or why it is none."""
    heard = hear(utterance, choices)
    if heard.kind != "choice":
        assert heard.index is None
        return heard.kind
    assert heard.index is not None
    return choices[heard.index].say


@pytest.mark.parametrize("say", ["it's meant to punish", "somebody leaves the room", "the hours go by"])
@pytest.mark.parametrize(
    "sentence",
    [
        "{}",
        "i think {}",
        "um {}",
        "okay so {} please",
        "i'd say {}",
        "is it {}",
        "maybe {}",
        "i guess it's {}",
        "my answer is {}",
        "{} i think",
        "definitely {}",
        "it must be {}",
        "i reckon {}",
        "{} final answer",
        "no wait {}",
        "let me see {}",
        "i'm not sure but {}",
    ],
)
def test_an_answer_in_its_own_words_counts_inside_a_sentence_too(say: str, sentence: str) -> None:
    assert meant(sentence.format(say), SILENCE) == say


@pytest.mark.parametrize(
    ("utterance", "index"),
    [
        *[
            (said, 0)
            for said in ("a", "A.", "ay", "eh", "letter a", "answer a", "option a please", "a i think", "is it a")
        ],
        *[
            (said, 1)
            for said in ("b", "be", "bee", "letter b", "i think it's b", "i'd go with b", "give me b", "b b b")
        ],
        *[(said, 1) for said in ("b as in boy", "b for banana", "um b", "it has to be b", "i reckon b", "i pick b")],
        *[(said, 2) for said in ("c", "see", "sea", "letter c", "answer c", "go for c", "that would be c", "c c")],
        *[(said, 2) for said in ("i'll go with c", "probably c", "i want to say c", "c is right", "how about c")],
    ],
)
def test_an_answer_by_its_letter_counts(utterance: str, index: int) -> None:
    assert meant(utterance, SILENCE) == SILENCE[index].say


@pytest.mark.parametrize(
    ("utterance", "index"),
    [
        *[(said, 0) for said in ("first", "the first one", "number one", "one", "i'd say number one", "the top one")],
        *[
            (said, 0)
            for said in ("i think it's the first one", "my answer is the first one", "won", "the first i guess")
        ],
        *[(said, 1) for said in ("second", "the second one", "number two", "two", "the middle one", "too")],
        *[(said, 1) for said in ("erm the second one please", "reckon it's the second", "the one in the middle")],
        *[(said, 2) for said in ("third", "the third one", "number three", "the last one", "last", "the bottom one")],
        *[(said, 2) for said in ("third option", "could it be the third one", "i want the last one", "free")],
    ],
)
def test_an_answer_by_its_place_counts(utterance: str, index: int) -> None:
    assert meant(utterance, SILENCE) == SILENCE[index].say


@pytest.mark.parametrize(
    ("utterance", "say"),
    [
        ("the last one", "control"),
        ("the latter", "control"),
        ("the second", "control"),
        ("b", "control"),
        ("the former", "care"),
        ("the first one", "care"),
        ("number one", "care"),
    ],
)
def test_of_two_the_last_is_the_second(utterance: str, say: str) -> None:
    assert meant(utterance, CARE) == say


@pytest.mark.parametrize("utterance", ["c", "the third one", "d", "the fourth one", "number three", "number five"])
def test_a_letter_or_place_that_is_not_there_is_no_answer(utterance: str) -> None:
    assert hear(utterance, CARE).kind != "choice"


@pytest.mark.parametrize(
    ("utterance", "say"),
    [
        ("a no wait b", "somebody leaves the room"),
        ("a, no, b", "somebody leaves the room"),
        ("i think a, no, b", "somebody leaves the room"),
        ("b actually c", "the hours go by"),
        ("c i mean a", "it's meant to punish"),
        ("c, sorry, the first one", "it's meant to punish"),
        ("the first one no wait the last one", "the hours go by"),
        ("the hours go by no somebody leaves the room", "somebody leaves the room"),
        ("a hang on make that c", "the hours go by"),
        ("b scratch that a", "it's meant to punish"),
        ("a no b no c", "the hours go by"),
        ("a or no b", "somebody leaves the room"),
        ("i was on the phone sorry b", "somebody leaves the room"),
    ],
)
def test_after_a_change_of_mind_the_last_word_counts(utterance: str, say: str) -> None:
    assert meant(utterance, SILENCE) == say


@pytest.mark.parametrize(
    ("utterance", "say"),
    [
        ("it's meant to polish", "it's meant to punish"),
        ("it's ment to punish", "it's meant to punish"),
        ("somebody leafs the room", "somebody leaves the room"),
        ("some body leaves the room", "somebody leaves the room"),
        ("somebody leaves the broom", "somebody leaves the room"),
        ("the ours go by", "the hours go by"),
        ("the hours go bye", "the hours go by"),
    ],
)
def test_an_answer_misheard_by_a_sound_counts(utterance: str, say: str) -> None:
    assert meant(utterance, SILENCE) == say


@pytest.mark.parametrize(
    ("utterance", "say"),
    [
        *[(said, "codependent") for said in ("codependent", "code dependent", "co dependent", "cold dependent")],
        *[(said, "codependent") for said in ("kodependent", "go dependent", "code dependency", "coded pendant")],
        *[(said, "codependent") for said in ("that's the codependent one", "that sounds codependent to me")],
        *[(said, "codependent") for said in ("it's codependent isn't it", "i'd say co dependent")],
        *[(said, "interdependent") for said in ("interdependent", "inter dependent", "inter dependents")],
        *[(said, "interdependent") for said in ("interdependence", "definitely the interdependent one")],
        *[(said, "interdependent") for said in ("the healthy one", "codependent no interdependent")],
    ],
)
def test_the_two_words_of_the_field_are_told_apart_however_they_are_misheard(utterance: str, say: str) -> None:
    assert meant(utterance, KINDS) == say


@pytest.mark.parametrize("utterance", ["dependent", "independent", "in a dependent"])
def test_what_is_as_near_to_both_words_is_asked_about(utterance: str) -> None:
    assert meant(utterance, KINDS) == "unsure"


def test_a_word_that_only_sounds_like_an_answer_and_means_the_opposite_is_not_it() -> None:
    assert meant("the unhealthy one", KINDS) == "nothing"


@pytest.mark.parametrize(
    "utterance",
    [
        "a or b",
        "either a or c",
        "b or maybe c",
        "the first or the second one",
        "between a and b",
        "the hours go by or somebody leaves the room",
        "not a",
        "not the first",
        "i don't think it's b",
        "it isn't the last one",
        "the second one is obviously wrong",
        "anything except the first one",
        "i don't know if it's b",
        "i'm not sure whether it's the first one",
    ],
)
def test_an_answer_in_doubt_is_asked_about_and_not_graded(utterance: str) -> None:
    assert meant(utterance, SILENCE) == "unsure"


@pytest.mark.parametrize("utterance", ["care or control", "either care or control"])
def test_between_two_words_nothing_is_guessed(utterance: str) -> None:
    assert meant(utterance, CARE) == "unsure"


@pytest.mark.parametrize(
    ("utterance", "say"), [("not care", "control"), ("it's not control", "care"), ("not the second one", "care")]
)
def test_of_two_the_one_that_is_not_denied_is_meant(utterance: str, say: str) -> None:
    assert meant(utterance, CARE) == say


@pytest.mark.parametrize("choices", [TRUE_FALSE, SILENCE, CARE, KINDS, TOPICS])
@pytest.mark.parametrize(
    "utterance",
    [
        "neither",
        "both",
        "none of them",
        "all of them",
        "none",
        "both of them",
        "neither of these",
        "i think neither",
        "um both i think",
        "none of the above",
        "neither one",
        "both are right",
    ],
)
def test_who_turns_all_down_has_chosen_none(utterance: str, choices: tuple[Choice, ...]) -> None:
    assert meant(utterance, choices) == "declined"


@pytest.mark.parametrize("choices", [SILENCE, CARE, KINDS, TOPICS])
@pytest.mark.parametrize("utterance", ["yes", "no", "yeah", "nope", "yes please", "no thank you", "okay", "sure"])
def test_a_bare_yes_or_no_chooses_nothing(utterance: str, choices: tuple[Choice, ...]) -> None:
    assert meant(utterance, choices) == "nothing"


@pytest.mark.parametrize(
    ("utterance", "say"),
    [
        *[
            (said, "true")
            for said in ("true", "True!", "um true", "i think it's true", "that's true", "it is true i think")
        ],
        *[(said, "true") for said in ("drew", "through", "troo", "i'd say true", "true please", "that sounds true")],
        *[(said, "true") for said in ("yes", "yeah", "correct", "that's right", "i agree", "it's true isn't it")],
        *[(said, "true") for said in ("not false", "it's not false", "i don't think it's false", "false no wait true")],
        *[(said, "true") for said in ("a", "the first one", "i say it's true because my mother was like that")],
        *[(said, "false") for said in ("false", "falls", "fault", "definitely false", "that's gotta be false")],
        *[(said, "false") for said in ("false i guess", "oh that's false honey", "sounds false to me", "not true")],
        *[(said, "false") for said in ("that's not true", "i don't think that's true", "that can't be true", "no")],
        *[(said, "false") for said in ("nope", "wrong", "that's a lie", "i disagree", "true no wait false", "b")],
        *[(said, "false") for said in ("true, or no, false", "the last one", "i think that's not true", "untrue")],
    ],
)
def test_true_and_false_are_heard_in_many_words(utterance: str, say: str) -> None:
    assert meant(utterance, TRUE_FALSE) == say


@pytest.mark.parametrize(
    "utterance",
    [
        "true or false",
        "is it true or false",
        "maybe true maybe false",
        "i'm not sure if that's true",
        "isn't that true",
    ],
)
def test_who_doubts_between_true_and_false_is_asked_again(utterance: str) -> None:
    assert meant(utterance, TRUE_FALSE) == "unsure"


QUESTIONS = [
    "what is a boundary",
    "what is codependency",
    "why does he do that",
    "how do i say no to my mother",
    "how do i control my anger",
    "who cares",
    "what does that mean",
    "is my husband controlling",
    "is it normal to be jealous",
    "can you say it once more",
    "do you think i'm clingy",
]


@pytest.mark.parametrize("choices", [TRUE_FALSE, SILENCE, CARE, KINDS])
@pytest.mark.parametrize("utterance", QUESTIONS)
def test_a_question_is_no_answer(utterance: str, choices: tuple[Choice, ...]) -> None:
    assert meant(utterance, choices) == "nothing"


@pytest.mark.parametrize(
    ("utterance", "choices"),
    [
        ("what was the first one", SILENCE),
        ("what was b again", SILENCE),
        ("can you repeat the second one", SILENCE),
        ("am i codependent", KINDS),
        ("what is interdependent", KINDS),
        ("what does codependent mean", KINDS),
        ("is it true that couples need space", TRUE_FALSE),
        ("how is that true", TRUE_FALSE),
        ("why is that false", TRUE_FALSE),
        ("is he controlling", CARE),
    ],
)
def test_a_question_that_names_an_answer_is_no_answer(utterance: str, choices: tuple[Choice, ...]) -> None:
    assert meant(utterance, choices) == "nothing"


@pytest.mark.parametrize("choices", [TRUE_FALSE, SILENCE, CARE, KINDS, TOPICS])
@pytest.mark.parametrize(
    "utterance",
    [
        "",
        "...",
        "hmm",
        "um",
        "stop",
        "skip",
        "help",
        "repeat",
        "slower please",
        "i don't know",
        "no idea",
        "tell me more",
        "my score",
        "what",
        "huh",
        "flurb wozzle",
        "i'm not sure",
        "i don't care",
    ],
)
def test_a_command_or_a_noise_is_no_answer(utterance: str, choices: tuple[Choice, ...]) -> None:
    assert meant(utterance, choices) == "nothing"


@pytest.mark.parametrize(
    ("utterance", "say"),
    [
        ("boundaries", "setting and keeping boundaries"),
        ("setting and keeping boundaries", "setting and keeping boundaries"),
        ("the one about boundaries", "setting and keeping boundaries"),
        ("bound trees", "setting and keeping boundaries"),
        ("keeping boundaries", "setting and keeping boundaries"),
        ("what about boundaries", "setting and keeping boundaries"),
        ("saying no", "saying no kindly"),
        ("saying no kindly please", "saying no kindly"),
        ("the second one", "saying no kindly"),
        ("how about the second one", "saying no kindly"),
        ("tell me about the last one", "saying no kindly"),
        ("how to say no", "saying no kindly"),
    ],
)
def test_of_two_topics_the_name_or_the_place_will_do(utterance: str, say: str) -> None:
    assert meant(utterance, TOPICS) == say


@pytest.mark.parametrize(
    ("utterance", "choices", "whole"),
    [
        ("it's meant to punish", SILENCE, True),
        ("b", SILENCE, True),
        ("the last one", SILENCE, True),
        ("i think it's b", SILENCE, True),
        ("false", TRUE_FALSE, True),
        ("i think it's meant to punish somebody", SILENCE, False),
        ("true because he did that to me", TRUE_FALSE, False),
        ("he told me that it's b", SILENCE, False),
        ("the first one reminds me of my dad", SILENCE, False),
    ],
)
def test_what_is_said_beside_an_answer_is_noticed(utterance: str, choices: tuple[Choice, ...], whole: bool) -> None:
    heard = hear(utterance, choices)
    assert (heard.kind, heard.whole) == ("choice", whole)


def test_every_answer_of_every_question_is_heard_as_itself(known: Library) -> None:
    for question in known.quiz.values():
        for index, choice in enumerate(question.choices):
            for words in (choice.say, *choice.also):
                assert hear(words, question.choices) == Heard("choice", index, whole=True), (question.id, words)


@pytest.mark.parametrize("sentence", ["i think {}", "um {} please", "my answer is {}", "i'd say {} i think"])
def test_every_answer_of_every_question_is_heard_inside_a_sentence(known: Library, sentence: str) -> None:
    for question in known.quiz.values():
        for index, choice in enumerate(question.choices):
            heard = hear(sentence.format(choice.say), question.choices)
            assert (heard.kind, heard.index) == ("choice", index), (question.id, choice.say)


def test_every_question_hears_its_letters_and_places_and_a_change_of_mind(known: Library) -> None:
    for question in known.quiz.values():
        last = len(question.choices) - 1
        for said, index in (("a", 0), ("letter b", 1), ("the first one", 0), ("the last one", last)):
            assert hear(said, question.choices).index == index, (question.id, said)
        changed = f"{question.choices[0].say} no wait {question.choices[last].say}"
        assert hear(changed, question.choices).index == last, (question.id, changed)


@given(st.text(max_size=80), st.sampled_from([TRUE_FALSE, SILENCE, CARE, KINDS, TOPICS]))
def test_whatever_is_said_names_a_choice_that_is_there_or_none(utterance: str, choices: tuple[Choice, ...]) -> None:
    heard = hear(utterance, choices)
    assert (heard.index is not None) == (heard.kind == "choice")
    assert heard.index is None or 0 <= heard.index < len(choices)
