"""Nobody is asked or told the same twice in other clothes."""

from __future__ import annotations

import pytest

from skill.making import likeness
from skill.making.source import Source


def test_no_two_questions_ask_the_same(real: Source) -> None:
    closest = likeness.by_words(likeness.asked(real.quiz))[0]
    assert closest.likeness < likeness.WORDS_MOST, closest


def test_no_two_tips_say_the_same(real: Source) -> None:
    closest = likeness.by_words({tip["id"]: tip["text"] for tip in real.tips})[0]
    assert closest.likeness < likeness.WORDS_MOST, closest


@pytest.mark.parametrize("reworded", [
    "Is Healthy Bonds a therapist that you talk to by voice?",
    "Healthy Bonds is a kind of therapist that you talk to by voice.",
])  # fmt: skip
def test_a_question_that_is_asked_once_more_in_slightly_other_words_is_found(real: Source, reworded: str) -> None:
    texts = likeness.asked(real.quiz)
    assert texts["about-1"] == "Healthy Bonds is a therapist that you talk to by voice. false"
    closest = likeness.by_words(texts | {"again": f"{reworded} false"})[0]
    assert {closest.one, closest.other} == {"about-1", "again"}
    assert closest.likeness > likeness.WORDS_MOST


def test_every_pair_is_there_once_and_the_closest_comes_first() -> None:
    pairs = likeness.by_words({"a": "drink warm tea", "b": "drink warm milk", "c": "call a friend"})
    assert [(pair.one, pair.other) for pair in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert 1 > pairs[0].likeness > pairs[1].likeness == pytest.approx(0)


def test_the_same_words_are_as_alike_as_can_be_and_rare_words_count_for_more() -> None:
    texts = {"a": "you drink tea", "b": "tea you drink", "c": "you run", "d": "you sing", "e": "you run fast"}
    found = {(pair.one, pair.other): pair.likeness for pair in likeness.by_words(texts)}
    assert found["a", "b"] == pytest.approx(1)
    assert found["c", "e"] > found["c", "d"] > 0
