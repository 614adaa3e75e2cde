from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.words import bare, grams, plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What's a boundary?", "what's a boundary"),
        ("What’s a boundary", "what's a boundary"),
        ("  I   don't -- know...  ", "i don't know"),
        ("people-pleasing", "people-pleasing"),
        ("A, no, B!", "a no b"),
        ("he's 30 years older", "he's years older"),
        ("café", "café"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_an_utterance_is_the_same_however_it_is_written(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("um, stop please", "stop"),
        ("okay so what is a boundary", "what is a boundary"),
        ("well you know i mean it's b", "it's b"),
        ("alexa repeat that", "repeat that"),
        ("tell me more then please", "tell me more"),
        ("stop now, thank you", "stop"),
        ("love is hard", "love is hard"),
        ("so lonely", "lonely"),
        ("please", "please"),
        ("okay okay", "okay"),
    ],
)
def test_fillers_around_a_wish_are_dropped_and_never_the_wish(text: str, words: str) -> None:
    assert bare(text) == words


@given(st.text(max_size=60))
def test_no_text_breaks_or_grows(text: str) -> None:
    words = plain(text)
    assert plain(words) == words
    assert bool(bare(text)) == bool(words)
    assert set(bare(text).split()) <= set(words.split())


def test_words_that_are_one_letter_apart_share_features() -> None:
    one, other = set(grams("codependent")), set(grams("kodependent"))
    assert len(one & other) > len(one) / 3
    assert "w codependent" in one - other


def test_the_order_of_words_is_a_feature() -> None:
    assert set(grams("he left me")) != set(grams("me left he"))
    assert "p he left" in grams("he left me")


def test_nothing_said_has_no_words() -> None:
    assert not [feature for feature in grams("?!") if feature.startswith(("w", "c"))]
