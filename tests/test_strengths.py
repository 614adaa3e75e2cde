from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill import quiz
from skill.library import Library
from skill.listener import Listener, Memory, Round
from skill.quiz import Verdict
from skill.strengths import Strengths, strengths
from tests.strategies import memories

LATER = datetime(2026, 4, 1, tzinfo=UTC)
MARKS: dict[str, Verdict] = {"r": "right", "w": "wrong", "s": "skipped", "t": "told"}


def answered(known: Library, now: datetime, **topics: str) -> Listener:
    """Somebody who has had a question of each topic for each word, once for each of its letters, up to `now`."""
    listener = Listener()
    for topic, words in topics.items():
        ids = [q.id for q in known.quiz.values() if q.topic == topic.replace("_", "-")]
        for id, marks in zip(ids, words.split(), strict=False):
            for days, mark in zip(range(len(marks) - 1, -1, -1), marks, strict=True):
                listener = quiz.marked(
                    Listener(memories=listener.memories, round=Round("one", (id,))),
                    MARKS[mark],
                    now - timedelta(days=days),
                )
    return listener


def judged(known: Library, now: datetime, words: str, later: int = 0) -> str:
    """How somebody does with a topic who had these answers, so many days `later`."""
    found = strengths(known.quiz, answered(known, now, boundaries=words).memories, now + timedelta(days=later))
    return "strong" if found.strong else "weak" if found.weak else "new" if "boundaries" in found.new else "between"


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("", "new"),
        ("r", "between"),
        ("w", "between"),
        ("rr", "between"),
        ("r r", "strong"),
        ("rrr", "strong"),
        ("w w", "weak"),
        ("www", "weak"),
        ("s t", "weak"),
        ("r w", "between"),
        ("r r w", "between"),
        ("r r r w", "strong"),
        ("r w w", "weak"),
        ("wwrrrr r r", "strong"),
    ],
)
def test_a_topic_is_judged_only_on_enough_answers(known: Library, evening: datetime, words: str, how: str) -> None:
    assert judged(known, evening, words) == how


def test_what_has_faded_is_no_strength_any_more_and_no_weakness_either(known: Library, evening: datetime) -> None:
    assert judged(known, evening, "r r", later=14) == "strong"
    assert judged(known, evening, "r r", later=200) == "between"


def test_what_was_right_more_often_lasts_longer(known: Library, evening: datetime) -> None:
    assert judged(known, evening, "rrrrrr rrrrrr", later=60) == "strong"
    assert judged(known, evening, "r r", later=60) == "between"


def test_the_strongest_and_the_weakest_come_first(known: Library, evening: datetime) -> None:
    listener = answered(known, evening, boundaries="r r r w", control="r r", saying_no="r w w", growth="w w")
    found = strengths(known.quiz, listener.memories, evening)
    assert found.strong == ("control", "boundaries")
    assert found.weak == ("growth", "saying-no")
    assert "vulnerability" in found.new


def test_questions_that_were_taken_out_count_for_nothing(known: Library, evening: datetime) -> None:
    gone = Memory(3.0, 5.0, evening.isoformat(), 9, 0)
    found = strengths(known.quiz, {"gone-1": gone, "boundaries-999": gone}, evening)
    assert found == Strengths((), (), tuple(dict.fromkeys(q.topic for q in known.quiz.values())))


@given(data=st.data())
def test_no_topic_is_two_things_at_once(known: Library, data: st.DataObject) -> None:
    ids = st.sampled_from(list(known.quiz)[:40])
    found = strengths(known.quiz, data.draw(st.dictionaries(ids, memories(), max_size=12)), LATER)
    every = [*found.strong, *found.weak, *found.new]
    assert len(every) == len(set(every))
    assert set(every) <= {q.topic for q in known.quiz.values()}
