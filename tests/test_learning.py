"""What the simulation of docs/quiz.md rests on, and its finding on a small scale."""

from __future__ import annotations

import random
import statistics

import pytest

from bench import learner, learning
from skill import quiz
from skill.library import Library

DAYS = [float(day) for day in range(60)]


def person(known: Library, luck: int = 0, kind: learner.Kind = learner.MIDDLING) -> learner.Person:
    return learner.Person(kind, known.quiz, random.Random(luck))


@pytest.fixture(scope="module")
def played(known: Library) -> tuple[list[learning.Outcome], list[learning.Outcome]]:
    """What comes of sixty rounds with the skill's own choice, and with chance, for the same six listeners.

    With a third of the quiz, sixty rounds come round to a question as often as half a year does to all of it.
    """
    third = dict(list(known.quiz.items())[::3])
    ours, chance = (learning.outcomes(way, third, DAYS, seeds=6) for way in (learning.Ours, learning.Chooser))
    return ours, chance


def test_who_is_asked_by_the_skill_knows_clearly_more_than_who_is_asked_at_random(
    played: tuple[list[learning.Outcome], list[learning.Outcome]],
) -> None:
    for part in ("end", "later"):
        gains = [getattr(ours, part) - getattr(chance, part) for ours, chance in zip(*played, strict=True)]
        assert statistics.fmean(gains) > 0.05
        assert min(gains) > 0


def test_with_all_of_the_quiz_rounds_are_pleasanter_for_it_too(known: Library) -> None:
    ours, chance = (
        statistics.fmean(outcome.pleasant for outcome in learning.outcomes(way, known.quiz, DAYS, seeds=6))
        for way in (learning.Ours, learning.Chooser)
    )
    assert ours > chance + 0.02


def test_the_same_seed_gives_the_same_listener_whoever_chooses(known: Library) -> None:
    plays = [learning.play(way, known.quiz, DAYS[:3], learner.MIDDLING, 4) for way in learning.CHOOSERS.values()]
    assert len({outcome.before for outcome in plays}) == 1
    again = learning.play(learning.Ours, known.quiz, DAYS[:3], learner.MIDDLING, 4)
    assert again == plays[0]


@pytest.mark.parametrize("kind", [learner.MIDDLING, *learner.KINDS], ids=lambda kind: kind.name)
def test_a_listener_forgets_with_the_days_and_half_of_it_after_the_half_life(
    known: Library, kind: learner.Kind
) -> None:
    one = person(known, kind=kind)
    one.traces = {"boundaries-1": learner.Trace(4.0, 10.0)}
    chances = [one.chance("boundaries-1", day) for day in (10, 12, 14, 30)]
    assert chances == sorted(chances, reverse=True)
    assert (chances[0], chances[2]) == (1.0, 0.5)
    assert one.chance("boundaries-2", 10) == 0.0


def test_a_recall_makes_it_last_and_more_so_when_it_was_nearly_forgotten(known: Library) -> None:
    def after(day: float) -> float:
        one = person(known)
        one.traces = {"boundaries-1": learner.Trace(4.0, 0.0)}
        one.luck = random.Random(1)  # its first number is 0.13: recalled
        assert one.asked("boundaries-1", day)
        return one.traces["boundaries-1"].half_life

    assert 4.0 == after(0.0) < after(1.0) < after(4.0) < 12.0


def test_after_a_miss_it_has_been_explained_and_lasts_shorter_than_before(known: Library) -> None:
    one = person(known)
    one.traces, one.hardness = {"boundaries-1": learner.Trace(100.0, 0.0)}, {"boundaries-1": 0.0}
    one.asked("boundaries-1", 10_000.0)
    assert one.chance("boundaries-1", 10_000.0) == 1.0
    assert one.traces["boundaries-1"].half_life == 50.0


@pytest.mark.parametrize("kind", ["true-false", "choice"])
def test_who_knows_nothing_guesses_as_often_right_as_there_are_few_choices(known: Library, kind: str) -> None:
    one = person(known)
    id = next(q.id for q in known.quiz.values() if q.kind == kind)
    right = 0
    for _ in range(2000):
        one.traces = {}
        right += one.asked(id, 0.0)
    assert right / 2000 == pytest.approx(1 / len(known.quiz[id].choices), abs=0.04)


@pytest.mark.parametrize("way", learning.CHOOSERS.values(), ids=lambda way: way.__name__)
def test_every_way_to_choose_gives_whole_rounds_and_nothing_of_the_last_one(
    known: Library, way: type[learning.Chooser]
) -> None:
    chooser, luck, last = way(known.quiz, random.Random(3)), random.Random(5), set[str]()
    for day in DAYS[:50]:
        chosen = chooser.choose(day)
        assert len({*chosen}) == quiz.ROUND
        assert not {*chosen} & last
        last = {*chosen}
        for id in chosen:
            chooser.told(id, luck.random() < 0.6, day)


def test_the_document_is_of_this_quiz_and_of_these_constants(known: Library) -> None:
    text = learning.DOCUMENT.read_text(encoding="utf-8")
    made = text.split(learning.BEGIN)[1].split(learning.END)[0]
    assert f"{len(known.quiz)} questions, rounds of {quiz.ROUND}, {learning.SEEDS} listeners" in made
    assert f"| {quiz.DUE_SHARE} (the skill's) | {quiz.DUE_BELOW} |" in made
    assert all(f"| {name} |" in made for name in learning.CHOOSERS)
