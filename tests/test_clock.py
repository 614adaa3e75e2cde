"""A time that somebody says is the time they meant, and is said back so that it can't be mistaken."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill import clock
from skill.words import plain

TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(TIMES)
def test_a_time_that_is_said_aloud_is_understood_as_the_same_time(at: time) -> None:
    value = clock.heard(clock.spoken(at))
    assert value is not None
    assert clock.time_of(value) == at


@given(TIMES)
def test_a_time_in_digits_is_the_same_as_in_words(at: time) -> None:
    written = f"{at.hour % 12 or 12}:{at.minute:02} {'a.m.' if at.hour < 12 else 'pm'}"
    assert clock.heard(clock.spelled(written)) == at.isoformat("minutes")


@given(TIMES)
def test_a_value_of_alexa_s_is_the_time_that_it_names(at: time) -> None:
    assert clock.time_of(at.isoformat("minutes")) == at


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("eight", "08:00"),
        ("at eight", "08:00"),
        ("Eight o'clock", "08:00"),
        ("eight in the morning", "08:00"),
        ("eight thirty", "08:30"),
        ("eight thirty pm", "20:30"),
        ("eight thirty p.m.", "20:30"),
        ("eight oh five", "08:05"),
        ("half past seven in the evening", "19:30"),
        ("half seven", "07:30"),
        ("quarter past six", "06:15"),
        ("a quarter to nine", "08:45"),
        ("quarter to one in the afternoon", "12:45"),
        ("quarter to one", "12:45"),
        ("twenty past six p m", "18:20"),
        ("ten minutes to seven", "06:50"),
        ("twelve", "12:00"),
        ("twelve a m", "00:00"),
        ("twelve p m", "12:00"),
        ("noon", "12:00"),
        ("midday", "12:00"),
        ("midnight", "00:00"),
        ("twelve thirty at night", "00:30"),
        ("two at night", "02:00"),
        ("ten at night", "22:00"),
        ("nine tonight", "21:00"),
        ("five in the afternoon", "17:00"),
        ("nineteen thirty", "19:30"),
        ("twenty one forty five", "21:45"),
        ("the morning", "MO"),
        ("in the mornings", "MO"),
        ("every afternoon", "AF"),
        ("this evening", "EV"),
        ("early evening", "EV"),
        ("night", "NI"),
        ("tonight", "NI"),
    ],
)
def test_plain_english_times_are_what_alexa_makes_of_them(said: str, value: str) -> None:
    assert clock.heard(said) == value


@pytest.mark.parametrize(
    "said",
    ["", "the blue", "first", "letter b", "twenty five", "half", "past", "soon", "every day", "seven dwarfs", "true",
     "thirty eight o'clock", "eight sixty", "zero", "tomorrow", "quarter past thirteen"],
)  # fmt: skip
def test_what_is_no_time_is_none(said: str) -> None:
    assert clock.heard(said) is None


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("remind me every day at half past seven please", "07:30"),
        ("could you remind me around nine", "09:00"),
        ("i'd like it at eight thirty in the evening", "20:30"),
        ("make it nine", "09:00"),
        ("no eight o'clock is better", "08:00"),
        ("remind me in the mornings", "MO"),
        ("every evening would be nice", "EV"),
        ("not at eight at nine", "09:00"),
        ("ten to seven suits me", "06:50"),
        ("remind me daily around noon", "12:00"),
    ],
)
def test_the_time_in_a_sentence_is_found(said: str, value: str) -> None:
    assert clock.heard_in(said) == value


@pytest.mark.parametrize("said", ["one more thing", "remind me", "my two sisters", "set a reminder", "give me five"])
def test_a_number_alone_in_a_sentence_is_no_time(said: str) -> None:
    assert clock.heard_in(said) is None


@given(st.text(max_size=60))
def test_whatever_is_said_is_a_time_or_none(said: str) -> None:
    for value in (clock.heard(said), clock.heard_in(said)):
        assert value is None or clock.time_of(value) is not None


@pytest.mark.parametrize("value", ["?", "", "8", "8:00", "24:00", "12:60", "WI", "08:00Z", "T08:00"])
def test_a_value_that_is_no_time_is_none(value: str) -> None:
    assert clock.time_of(value) is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("remind me at 8:30 a.m.", "remind me at eight thirty a m"),
        ("at 8pm", "at eight pm"),
        ("at 8.", "at eight"),
        ("at 20:15", "at twenty fifteen"),
        ("number 2", "number two"),
        ("no digits here", "no digits here"),
    ],
)
def test_digits_of_a_recogniser_are_heard_as_words(written: str, words: str) -> None:
    assert plain(clock.spelled(written)) == words


@pytest.mark.parametrize("written", ["12345", "1,000", "2026", "99", "8:75", "24/7", "2nd"])
def test_other_numbers_are_left_alone(written: str) -> None:
    assert clock.spelled(written) == written
