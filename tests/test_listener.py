from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill import quiz
from skill.library import Library
from skill.listener import ROUNDS_KEPT, Listener, Memory, Round, finished, merged
from skill.quiz import Verdict
from skill.stores.item import packed
from skill.tips import Streak, heard_on
from tests.strategies import JSON, listeners

FIVE = ("a-1", "b-1", "c-1", "d-1", "e-1")
MARCH_2 = "2026-03-02T18:00:00+00:00"
MARCH_3 = "2026-03-03T18:00:00+00:00"


@given(listeners())
def test_what_is_saved_comes_back_as_it_was(listener: Listener) -> None:
    text = json.dumps(listener.to_dict(), allow_nan=False)
    assert Listener.from_dict(json.loads(text)) == listener


def test_of_somebody_new_nothing_is_saved() -> None:
    assert Listener().to_dict() == {}
    assert Listener.from_dict({}) == Listener()


@pytest.mark.parametrize(
    "broken",
    [
        {"round": ["id", [], []]},
        {"round": ["id", list(FIVE), ["right"] * 6]},
        {"round": ["id", list(FIVE), ["nearly"]]},
        {"round": "id"},
        {"memories": {"a-1": [1.0, 5.0]}},
        {"memories": {"a-1": ["soon", 5.0, MARCH_2, 1, 1]}},
        {"streak": ["2026-03-02"]},
        {"streak": ["yesterday", "today"]},
        {"launches": "many"},
        {"reminder": ["2026-03-02T18:00:00+00:00", "08:00"]},
        {"reminder": ["2026-03-02T18:00:00+00:00", "08:00", None]},
        {"reminder": "at eight"},
    ],
)
def test_what_is_no_listener_is_said_to_be_none(broken: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        Listener.from_dict(broken)


FIELDS = ["launches", "memories", "round", "rounds", "streak", "said", "reminder"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_nothing_that_was_kept_can_fail_otherwise_than_documented(data: dict[str, object]) -> None:
    try:
        listener = Listener.from_dict(data)
    except (ValueError, TypeError, KeyError):
        return
    packed(listener.to_dict())


@given(listeners(), listeners())
def test_two_devices_that_save_in_either_order_end_alike(one: Listener, other: Listener) -> None:
    assert merged(one, other) == merged(other, one)


@given(listeners(), listeners())
def test_saving_once_more_changes_nothing(one: Listener, other: Listener) -> None:
    assert merged(one, one) == one
    both = merged(one, other)
    assert merged(both, one) == both
    assert merged(both, other) == both


@given(listeners(), listeners())
def test_no_answer_is_lost(one: Listener, other: Listener) -> None:
    both = merged(one, other)
    assert both.memories.keys() == one.memories.keys() | other.memories.keys()
    for id, memory in both.memories.items():
        versions = [version.memories[id] for version in (one, other) if id in version.memories]
        assert memory in versions
        assert memory.last == max(version.last for version in versions)


@given(listeners(), listeners())
def test_no_finished_round_is_lost(one: Listener, other: Listener) -> None:
    both = {id for id, _, _ in merged(one, other).rounds}
    before = {id for listener in (one, other) for id, _, _ in listener.rounds}
    assert len(both) == min(len(before), ROUNDS_KEPT)
    assert both == set(sorted(before)[-ROUNDS_KEPT:])


@given(listeners(), listeners())
def test_the_later_wish_about_the_reminder_counts_be_it_a_cancellation(one: Listener, other: Listener) -> None:
    both = merged(one, other).reminder
    wishes = [listener.reminder for listener in (one, other) if listener.reminder]
    assert both in wishes or (both is None and not wishes)
    assert both is None or both.stamp == max(wish.stamp for wish in wishes)


@given(listeners(), listeners())
def test_the_round_in_hand_is_the_later_one_and_keeps_its_answers(one: Listener, other: Listener) -> None:
    both = merged(one, other).round
    candidates = [listener.round for listener in (one, other) if listener.round]
    if not candidates:
        assert both is None
        return
    assert both in candidates
    same = [candidate for candidate in candidates if candidate.id == both.id]
    assert both.id == max(candidate.id for candidate in candidates)
    assert len(both.marks) == max(len(candidate.marks) for candidate in same)


@given(listeners(), listeners())
def test_no_tip_day_is_lost(one: Listener, other: Listener) -> None:
    streaks = [listener.streak for listener in (one, other) if listener.streak]
    both = merged(one, other).streak
    if not streaks:
        assert both is None
        return
    assert both is not None
    assert both.last == max(streak.last for streak in streaks)
    for streak in streaks:
        if streak.last >= both.first - timedelta(days=1):
            assert both.first <= streak.first, "a day that touches the streak is left out of it"


def test_a_question_answered_on_both_devices_counts_from_the_later_time() -> None:
    earlier, later = Memory(2.0, 5.0, MARCH_2, 1, 1), Memory(1.0, 6.0, MARCH_3, 1, 0)
    both = merged(Listener(memories={"a-1": earlier}), Listener(memories={"a-1": later}))
    assert both.memories["a-1"] == later


def test_the_kitchen_goes_on_where_the_bedroom_was_further() -> None:
    began = Round(MARCH_2, FIVE, ("right",))
    further = Round(MARCH_2, FIVE, ("right", "wrong", "told"))
    assert merged(Listener(round=began), Listener(round=further)).round == further


def test_a_round_that_is_over_is_counted_among_the_finished_ones() -> None:
    over = Listener(round=Round(MARCH_2, FIVE, ("right", "wrong", "right", "skipped", "told")))
    assert finished(over).rounds == ((MARCH_2, 2, 5),)
    assert merged(over, Listener(launches=3)).rounds == ((MARCH_2, 2, 5),)


def test_a_round_that_is_open_is_not_counted_yet() -> None:
    listener = Listener(round=Round(MARCH_2, FIVE, ("right", "wrong")))
    assert finished(listener) == listener


def test_an_open_round_knows_its_question_and_its_score() -> None:
    quiz_round = Round(MARCH_2, FIVE, ("right", "skipped", "right"))
    assert (quiz_round.open, quiz_round.number, quiz_round.right) == ("d-1", 4, 2)
    assert Round(MARCH_2, FIVE, ("told",) * 5).open is None


def test_tips_heard_on_two_devices_make_one_streak() -> None:
    kitchen = Listener(streak=Streak(date(2026, 2, 27), date(2026, 2, 28)))
    bedroom = Listener(streak=Streak(date(2026, 3, 1), date(2026, 3, 1)))
    both = merged(kitchen, bedroom).streak
    assert both is not None
    assert both.days == 3


def test_a_listener_who_comes_every_day_for_a_year_stays_small(known: Library, evening: datetime) -> None:
    listener, rng = Listener(), random.Random(7)
    verdicts: list[Verdict] = ["right", "right", "wrong", "skipped", "told"]
    for day in range(365):
        now = evening + timedelta(days=day)
        current = quiz.new_round(known.quiz, listener, now, rng)
        listener = Listener(day + 1, listener.memories, current, listener.rounds, heard_on(now.date(), listener.streak))
        for second in range(5):
            listener = quiz.marked(listener, rng.choice(verdicts), now + timedelta(seconds=second))
    assert len(listener.memories) > 150
    assert listener.streak is not None
    assert listener.streak.days == 365
    # A tenth of what a DynamoDB item may have (400 KB), read and written in every turn.
    assert len(packed(listener.to_dict())) < 40_000
