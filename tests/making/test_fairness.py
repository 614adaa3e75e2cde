"""Nobody gets the quiz right without knowing: not by the place, the length or the warmth of an answer."""

from __future__ import annotations

import pytest

from skill.making import fairness
from skill.making.source import Record, Source


def question(*choices: str, right: int = 0) -> Record:
    return {"id": "one", "kind": "choice", "choices": [{"say": choice} for choice in choices], "right": right}


@pytest.mark.parametrize("name", fairness.GUESSERS)
def test_no_guesser_gets_far(real: Source, name: str) -> None:
    questions = fairness.with_choices(real.quiz)
    assert fairness.share(questions, fairness.GUESSERS[name]) < 0.45


@pytest.mark.parametrize("name", fairness.GUESSERS)
def test_where_there_are_three_choices_no_guesser_gets_far_either(real: Source, name: str) -> None:
    three = [question for question in real.quiz if question["kind"] == "choice"]
    assert fairness.share(three, fairness.GUESSERS[name]) < 0.45


@pytest.mark.parametrize("name", fairness.GUESSERS)
def test_between_two_a_guesser_does_as_well_as_a_coin(real: Source, name: str) -> None:
    scenes = [question for question in real.quiz if question["kind"] == "scene"]
    assert 0.4 < fairness.share(scenes, fairness.GUESSERS[name]) < 0.6


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("the longest", 2),
        ("the shortest", 1),
        ("the first", 0),
        ("the last", 2),
        ("the most positive", 1),
        ("the least positive", 2),
    ],
)
def test_each_guesser_takes_what_it_is_named_for(name: str, place: int) -> None:
    choices = ("going to bed", "kind talk", "a quarrel over blame")
    found = [fairness.guessed(question(*choices, right=right), fairness.GUESSERS[name]) for right in range(3)]
    assert found == [float(right == place) for right in range(3)]


def test_between_equals_a_guesser_draws_lots() -> None:
    equal = question("tea", "jam", "a long walk", right=1)
    assert fairness.guessed(equal, fairness.GUESSERS["the shortest"]) == 0.5
    assert fairness.guessed(equal, fairness.GUESSERS["the most positive"]) == pytest.approx(1 / 3)


def test_the_lead_of_a_right_answer_is_over_the_best_of_the_others() -> None:
    longest = fairness.GUESSERS["the longest"]
    assert fairness.lead(question("tea", "a walk", "jam", right=1), longest) == 3
    assert fairness.lead(question("tea", "a walk", "jam", right=0), longest) == -3


@pytest.mark.parametrize(
    ("warm", "cold"),
    [("sharing honest feelings", "avoiding hard subjects"), ("asking gently", "asking"), ("a walk", "no walk")],
)
def test_warm_words_sound_warmer_than_harsh_ones(warm: str, cold: str) -> None:
    assert fairness.warmth(warm) > fairness.warmth(cold)
