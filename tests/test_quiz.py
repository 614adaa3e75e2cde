from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from skill import quiz
from skill.library import Choice, Library, Question
from skill.listener import Listener, Memory, merged
from skill.quiz import Verdict

LUCK = range(12)
VERDICTS: list[Verdict] = ["right", "right", "right", "wrong", "skipped", "told"]


def question(id: str, topic: str, difficulty: int = 1) -> Question:
    choices = (Choice("true"), Choice("false"))
    return Question(id, topic, "true-false", difficulty, f"What of {id}?", choices, 0, f"Because of {id}.")


def small_quiz(topics: int = 3, each: int = 4) -> dict[str, Question]:
    ids = [(f"topic-{topic}-{number}", f"topic-{topic}") for topic in range(topics) for number in range(each)]
    return {id: question(id, topic) for id, topic in ids}


def begun(questions: Mapping[str, Question], listener: Listener, now: datetime, luck: int = 0) -> Listener:
    return replace(listener, round=quiz.new_round(questions, listener, now, random.Random(luck)))


def played(
    questions: Mapping[str, Question], listener: Listener, now: datetime, verdict: Verdict = "right", luck: int = 0
) -> Listener:
    """The listener after a whole round in which everything went the same way."""
    listener = begun(questions, listener, now, luck)
    for _ in range(quiz.ROUND):
        listener = quiz.marked(listener, verdict, now)
    return listener


def ids(listener: Listener) -> tuple[str, ...]:
    assert listener.round is not None
    return listener.round.questions


@pytest.mark.parametrize("luck", LUCK)
def test_a_round_has_five_different_questions_of_different_topics(known: Library, evening: datetime, luck: int) -> None:
    asked = ids(begun(known.quiz, Listener(), evening, luck))
    assert len(set(asked)) == quiz.ROUND == 5
    assert len({known.quiz[id].topic for id in asked}) == 5


def test_the_same_luck_gives_the_same_round_and_another_luck_another(known: Library, evening: datetime) -> None:
    assert begun(known.quiz, Listener(), evening, 1) == begun(known.quiz, Listener(), evening, 1)
    assert len({ids(begun(known.quiz, Listener(), evening, luck)) for luck in LUCK}) == len(LUCK)


@pytest.mark.parametrize("luck", LUCK)
def test_nothing_of_the_last_round_is_asked_again(known: Library, evening: datetime, luck: int) -> None:
    first = played(known.quiz, Listener(), evening, luck=luck)
    second = begun(known.quiz, first, evening, luck)
    assert not {*ids(first)} & {*ids(second)}


@pytest.mark.parametrize("luck", LUCK)
def test_starting_over_in_the_middle_asks_none_of_the_open_round(known: Library, evening: datetime, luck: int) -> None:
    first = quiz.marked(begun(known.quiz, Listener(), evening, luck), "right", evening)
    assert not {*ids(first)} & {*ids(begun(known.quiz, first, evening, luck))}


def test_a_quiz_of_five_questions_can_still_be_played_again(evening: datetime) -> None:
    five = small_quiz(topics=5, each=1)
    again = begun(five, played(five, Listener(), evening), evening)
    assert {*ids(again)} == {*five}


def test_a_quiz_with_few_topics_still_has_five_questions_that_vary(evening: datetime) -> None:
    few = small_quiz(topics=3, each=4)
    asked = ids(begun(few, Listener(), evening))
    topics = Counter(few[id].topic for id in asked)
    assert len(asked) == 5
    assert len(topics) == 3


def test_somebody_new_begins_with_the_easy_ones(known: Library, evening: datetime) -> None:
    assert {known.quiz[id].difficulty for id in ids(begun(known.quiz, Listener(), evening))} == {1}


def test_who_is_always_right_gets_harder_ones_and_who_is_wrong_stays_with_easy_ones(
    known: Library, evening: datetime
) -> None:
    def later_difficulty(verdict: Verdict) -> float:
        listener = Listener()
        for number in range(4):
            listener = played(known.quiz, listener, evening + timedelta(minutes=number), verdict, number)
        asked = ids(begun(known.quiz, listener, evening + timedelta(minutes=9), 9))
        return sum(known.quiz[id].difficulty for id in asked) / 5

    assert later_difficulty("right") > 2.5
    assert later_difficulty("wrong") < 1.5


@pytest.mark.parametrize("verdict", ["wrong", "skipped", "told"])
@pytest.mark.parametrize("luck", range(4))
def test_what_was_missed_does_not_come_back_the_same_day(
    known: Library, evening: datetime, luck: int, verdict: Verdict
) -> None:
    listener = played(known.quiz, Listener(), evening, verdict, luck)
    missed = {*ids(listener)}
    for hours in (1, 6, 12, 18, 23):
        listener = played(known.quiz, listener, evening + timedelta(hours=hours), "right", luck + hours)
        assert not missed & {*ids(listener)}


@pytest.mark.parametrize("verdict", ["wrong", "skipped", "told"])
@pytest.mark.parametrize("luck", range(4))
def test_what_was_missed_comes_back_after_days(known: Library, evening: datetime, luck: int, verdict: Verdict) -> None:
    listener = played(known.quiz, Listener(), evening, verdict, luck)
    missed = {*ids(listener)}
    listener = played(known.quiz, listener, evening + timedelta(hours=1), "right", luck + 1)
    back = begun(known.quiz, listener, evening + timedelta(days=3), luck)
    assert len(missed & {*ids(back)}) == quiz.DUE_SHARE, "most of the round is new, and part of it is what was missed"


def test_what_was_right_comes_back_later_than_what_was_wrong(known: Library, evening: datetime) -> None:
    def days_until_back(verdict: Verdict) -> int:
        listener = played(known.quiz, Listener(), evening, verdict)
        asked = {*ids(listener)}
        listener = played(known.quiz, listener, evening, "right", 1)
        for day in range(1, 100):
            if asked & {*ids(begun(known.quiz, listener, evening + timedelta(days=day), day))}:
                return day
        raise AssertionError("it never came back")

    assert 1 <= days_until_back("wrong") < days_until_back("right") <= 10


def test_each_time_a_question_is_right_it_rests_longer(evening: datetime) -> None:
    only = small_quiz(topics=5, each=1)
    listener, now, rests = Listener(), evening, []
    for _ in range(4):
        listener = played(only, listener, now)
        memory = listener.memories["topic-0-0"]
        rests.append(memory.stability)
        now += timedelta(days=max(1, round(memory.stability)))
    assert rests == sorted(rests)
    assert rests[-1] > 10 * rests[0]


def test_when_everything_was_asked_what_is_best_forgotten_comes_first(evening: datetime) -> None:
    everything = small_quiz(topics=10, each=1)
    listener = played(everything, Listener(), evening, "right", 1)
    known_well = {*ids(listener)}
    listener = played(everything, listener, evening + timedelta(minutes=5), "wrong", 2)
    listener = replace(listener, round=None)
    later = {*ids(begun(everything, listener, evening + timedelta(days=2)))}
    assert len(later) == 5
    assert not later & known_well


def test_when_everything_was_asked_today_there_is_a_round_all_the_same(evening: datetime) -> None:
    everything = small_quiz(topics=10, each=1)
    listener = played(everything, Listener(), evening, "right", 1)
    listener = played(everything, listener, evening + timedelta(minutes=5), "wrong", 2)
    again = ids(begun(everything, listener, evening + timedelta(minutes=9)))
    assert len({*again}) == 5
    assert not {*again} & {*ids(listener)}


@pytest.mark.parametrize(("verdict", "right"), [("right", 1), ("wrong", 0), ("skipped", 0), ("told", 0)])
def test_every_mark_counts_as_asked_and_only_right_as_right(
    known: Library, evening: datetime, verdict: Verdict, right: int
) -> None:
    before = begun(known.quiz, Listener(), evening)
    after = quiz.marked(before, verdict, evening)
    assert after.round is not None
    assert after.round.marks == (verdict,)
    assert (after.round.number, after.round.right, after.round.open) == (2, right, ids(before)[1])
    memory = after.memories[ids(before)[0]]
    assert (memory.seen, memory.right, memory.last) == (1, right, "2026-03-02T18:00:00+00:00")


def test_marking_changes_nobody_who_was_there_before(known: Library, evening: datetime) -> None:
    before = begun(known.quiz, Listener(), evening)
    quiz.marked(before, "right", evening)
    assert before.memories == {}
    assert before.round is not None
    assert before.round.marks == ()


def test_the_fifth_mark_ends_the_round_and_keeps_its_score(known: Library, evening: datetime) -> None:
    listener = begun(known.quiz, Listener(), evening)
    verdicts: list[Verdict] = ["right", "wrong", "skipped", "told", "right"]
    for verdict in verdicts:
        assert not listener.rounds
        listener = quiz.marked(listener, verdict, evening)
    assert listener.round is not None
    assert listener.round.open is None
    assert listener.rounds == ((listener.round.id, 2, 5),)
    with pytest.raises(ValueError, match="no question is open"):
        quiz.marked(listener, "right", evening)


def test_nothing_can_be_marked_before_a_round(evening: datetime) -> None:
    with pytest.raises(ValueError, match="no question is open"):
        quiz.marked(Listener(), "right", evening)


def test_a_memory_fades_with_the_days(evening: datetime) -> None:
    memory = Memory(3.0, 5.0, evening.isoformat(timespec="seconds"), 1, 1)
    chances = [quiz.retrievability(memory, evening + timedelta(days=day)) for day in (0, 1, 3, 10, 100)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 1.0
    assert chances[2] == pytest.approx(quiz.DUE_BELOW), "that is what the stability of three days means"


def test_a_device_whose_clock_is_behind_breaks_nothing(known: Library, evening: datetime) -> None:
    listener = played(known.quiz, Listener(), evening)
    earlier = evening - timedelta(days=2)
    assert quiz.retrievability(listener.memories[ids(listener)[0]], earlier) == 1.0
    assert len(ids(played(known.quiz, listener, earlier, "wrong", 1))) == 5


def test_where_the_listener_lives_makes_no_difference(known: Library, evening: datetime) -> None:
    there = evening.astimezone(timezone(timedelta(hours=10)))
    assert played(known.quiz, Listener(), there) == played(known.quiz, Listener(), evening)


def test_the_later_of_two_rounds_has_the_greater_id(known: Library, evening: datetime) -> None:
    rounds = [begun(known.quiz, Listener(), evening + timedelta(microseconds=n)).round for n in (0, 1, 500_000)]
    started = [quiz_round.id for quiz_round in rounds if quiz_round]
    assert started == sorted(set(started))
    assert all(datetime.fromisoformat(id.split(" ")[0]).tzinfo == UTC for id in started)


def test_two_devices_that_begin_in_the_same_second_begin_two_rounds(known: Library, evening: datetime) -> None:
    kitchen, bedroom = (begun(known.quiz, Listener(), evening, luck) for luck in (1, 2))
    assert kitchen.round is not None
    assert bedroom.round is not None
    assert kitchen.round.id != bedroom.round.id
    both = merged(quiz.marked(kitchen, "right", evening), quiz.marked(bedroom, "wrong", evening))
    assert both.round is not None
    answered = kitchen if both.round.id == kitchen.round.id else bedroom
    assert both.round.questions == ids(answered)


# Whatever happens, over many rounds


@dataclass(frozen=True)
class Began:
    """A round as it began."""

    before: Listener
    now: datetime
    questions: tuple[str, ...]
    had: str | None
    """The question that was asked last before it."""


def many_rounds(questions: Mapping[str, Question], now: datetime, luck: int, count: int) -> Iterator[Began]:
    """Rounds of one listener, who answers as it comes, leaves some rounds in the middle, and comes when they like."""
    rng = random.Random(luck)
    listener, had = Listener(), None
    for _ in range(count):
        now += timedelta(minutes=rng.choice([1, 30, 60 * 7, 60 * 24, 60 * 24 * 3, 60 * 24 * 14]))
        before, listener = listener, replace(listener, round=quiz.new_round(questions, listener, now, rng))
        yield Began(before, now, ids(listener), had)
        for id in ids(listener)[: rng.choice([1, 2, 5, 5, 5])]:
            listener, had = quiz.marked(listener, rng.choice(VERDICTS), now), id


@pytest.mark.parametrize("luck", range(4))
def test_no_question_comes_twice_in_a_round_nor_in_the_next(known: Library, evening: datetime, luck: int) -> None:
    for began in many_rounds(known.quiz, evening, luck, 50):
        assert len({*began.questions}) == quiz.ROUND
        assert not began.before.round or not {*began.questions} & {*began.before.round.questions}


@pytest.mark.parametrize("luck", range(4))
def test_what_was_asked_rests_a_day_as_long_as_there_is_anything_else(
    known: Library, evening: datetime, luck: int
) -> None:
    for began in many_rounds(known.quiz, evening, luck, 50):
        for id in {*began.questions} & {*began.before.memories}:
            rest = began.now - datetime.fromisoformat(began.before.memories[id].last)
            assert rest >= timedelta(days=1)


@pytest.mark.parametrize("luck", range(4))
def test_a_round_mixes_what_is_due_with_what_is_new(known: Library, evening: datetime, luck: int) -> None:
    shares = []
    for began in many_rounds(known.quiz, evening, luck, 50):
        seen = len({*began.questions} & {*began.before.memories})
        new = len(known.quiz) - len(began.before.memories)
        assert new < quiz.ROUND or seen <= quiz.DUE_SHARE
        shares.append(seen)
    assert sum(shares[-25:]) >= 25, "what was asked before comes back"


@pytest.mark.parametrize("luck", range(4))
def test_the_topics_of_a_round_differ(known: Library, evening: datetime, luck: int) -> None:
    for began in many_rounds(known.quiz, evening, luck, 50):
        assert len({known.quiz[id].topic for id in began.questions}) == quiz.ROUND


@pytest.mark.parametrize("luck", range(4))
@pytest.mark.parametrize("size", [5, 6, 7, 9, 10, 12])
def test_a_small_quiz_has_whole_rounds_and_never_begins_with_what_was_just_had(
    evening: datetime, size: int, luck: int
) -> None:
    few = small_quiz(topics=3, each=4)
    few = dict(list(few.items())[:size])
    for began in many_rounds(few, evening, luck, 30):
        assert len({*began.questions}) == len(began.questions) == quiz.ROUND
        assert began.questions[0] != began.had


def test_what_is_missed_again_and_again_does_not_crowd_out_what_has_taken_root(evening: datetime) -> None:
    everything = small_quiz(topics=12, each=1)
    stamp = (evening - timedelta(days=20)).isoformat()
    rooted, missed = list(everything)[:3], list(everything)[3:7]
    memories = {id: Memory(8.0, 5.0, stamp, 2, 2) for id in rooted} | {
        id: Memory(0.2, 9.0, stamp, 9, 0) for id in missed
    }
    asked = {*ids(begun(everything, Listener(memories=memories), evening))}
    assert {*rooted} <= asked


def test_who_is_right_the_first_time_is_asked_again_much_later_than_who_is_right_the_second(evening: datetime) -> None:
    only = small_quiz(topics=5, each=1)
    at_once = played(only, Listener(), evening)
    later = played(only, played(only, Listener(), evening, "wrong"), evening + timedelta(days=1))
    assert at_once.memories["topic-0-0"].stability > 2 * later.memories["topic-0-0"].stability
