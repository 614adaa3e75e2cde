from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill import quiz
from skill.library import Library
from skill.listener import ROUNDS_KEPT, Listener, Memory, Round, finished, merged
from skill.quiz import Verdict
from skill.stores.item import packed
from skill.tips import Streak, continued
from tests.strategies import FORGOTTEN, JSON, listeners

FIVE = ("a-1", "b-1", "c-1", "d-1", "e-1")
MARCH_2 = "2026-03-02T18:00:00+00:00"
MARCH_3 = "2026-03-03T18:00:00+00:00"


@given(listeners(FORGOTTEN))
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
        {"memories": {"a": {"1": [1.0, 5.0]}}},
        {"memories": {"a": {"1": ["soon", 5.0, 1772474400, 1, 1]}}},
        {"memories": {"a": {"1": [1.0, 5.0, 10**20, 1, 1]}}},
        {"best": [4]},
        {"practised": ["2026-03-02"]},
        {"forgotten": "yesterday"},
        {"forgotten": "2026-03-02T18:00:00"},
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


FIELDS = [*Listener.__dataclass_fields__]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_nothing_that_was_kept_can_fail_otherwise_than_documented(data: dict[str, object]) -> None:
    try:
        listener = Listener.from_dict(data)
    except (ValueError, TypeError, KeyError):
        return
    packed(listener.to_dict())


@given(listeners(FORGOTTEN), listeners(FORGOTTEN))
def test_two_devices_that_save_in_either_order_end_alike(one: Listener, other: Listener) -> None:
    assert merged(one, other) == merged(other, one)


@given(listeners(FORGOTTEN), listeners(FORGOTTEN))
def test_saving_once_more_changes_nothing(one: Listener, other: Listener) -> None:
    assert merged(one, one) == one
    both = merged(one, other)
    assert merged(both, one) == both
    assert merged(both, other) == both


@given(listeners(FORGOTTEN), listeners(FORGOTTEN), listeners(FORGOTTEN))
def test_of_three_devices_any_two_may_meet_first(one: Listener, other: Listener, third: Listener) -> None:
    # Streaks apart: a day that closes a gap does so only while both of its sides are known (tips.py).
    one, other, third = (replace(version, streak=None, practised=None) for version in (one, other, third))
    assert merged(merged(one, other), third) == merged(one, merged(other, third))


@given(listeners(), listeners(FORGOTTEN[1:]))
def test_nothing_older_than_a_deletion_comes_back(old: Listener, new: Listener) -> None:
    assert merged(old, new) == new


@given(listeners(), listeners())
def test_the_best_round_is_not_lost_even_when_ten_others_came_after_it(one: Listener, other: Listener) -> None:
    both = merged(one, other)
    for version in (one, other):
        assert version.best is None or (both.best is not None and both.best[0] >= version.best[0])


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


def test_the_best_of_two_rounds_has_the_most_right_and_then_the_fewest_asked() -> None:
    best = finished(Listener(rounds=(("1", 3, 5), ("2", 4, 5), ("3", 4, 4), ("4", 3, 3)))).best
    assert best == (4, 4)


def test_who_was_only_forgotten_counts_as_nobody() -> None:
    assert Listener().is_empty
    assert Listener(forgotten=FORGOTTEN[1]).is_empty
    assert not Listener(launches=1, forgotten=FORGOTTEN[1]).is_empty


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
        streak = continued(listener.streak, now.date())
        listener = replace(listener, launches=day + 1, round=current, streak=streak, practised=streak)
        for second in range(5):
            listener = quiz.marked(listener, rng.choice(verdicts), now + timedelta(seconds=second))
    assert len(listener.memories) > 150
    assert listener.streak is not None
    assert listener.streak.days == 365
    # DynamoDB counts a read in steps of 4 KB and a write in steps of 1 KB ("Read and write operations").
    assert len(packed(listener.to_dict())) < 8_192
