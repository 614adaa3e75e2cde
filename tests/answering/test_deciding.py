"""Of an answer, a choice, "I don't know" and a command, a listener gets what is expected to cost least."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.answering.deciding import Costs, decide

COSTS = Costs(offered=0.36, outside=0.8, refused=1.2, obeyed=1.5)
NAMES = ("boundaries", "control", "growth", "near", "far", "command SkipIntent", "follow bad")


def chances(**given: float) -> dict[str, float]:
    """Return chances by class; what is not given has none."""
    found = dict.fromkeys(NAMES, 0.0)
    found |= {"command SkipIntent": given.pop("skip", 0.0), "follow bad": given.pop("bad", 0.0), **given}
    assert sum(found.values()) == pytest.approx(1)
    return found


def test_one_that_is_sure_is_answered() -> None:
    found = decide(chances(boundaries=0.9, control=0.1), COSTS)
    assert (found.outcome, found.topics[0][0]) == ("answer", "boundaries")


def test_two_that_are_close_are_offered() -> None:
    found = decide(chances(boundaries=0.5, control=0.45, growth=0.05), COSTS)
    assert found.outcome == "clarify"
    assert [name for name, _ in found.topics] == ["boundaries", "control"]


def test_where_nothing_fits_it_says_so() -> None:
    assert decide(chances(near=0.6, far=0.3, boundaries=0.1), COSTS).outcome == "unknown"


def test_near_and_far_count_together() -> None:
    assert decide(chances(near=0.35, far=0.35, boundaries=0.3), COSTS).outcome == "unknown"


def test_a_command_that_is_sure_is_obeyed() -> None:
    found = decide(chances(skip=0.8, near=0.2), COSTS)
    assert (found.outcome, found.command) == ("command", "SkipIntent")


def test_a_command_that_is_not_sure_is_not_obeyed() -> None:
    assert decide(chances(skip=0.35, boundaries=0.65), COSTS).outcome == "answer"


def test_a_follow_up_is_about_the_topic_in_hand() -> None:
    found = decide(chances(bad=0.8, boundaries=0.2), COSTS)
    assert (found.outcome, found.follow) == ("follow", "bad")


def test_dearer_mistakes_are_made_less_often() -> None:
    doubtful = chances(boundaries=0.55, near=0.45)
    assert decide(doubtful, Costs(outside=0.2)).outcome == "answer"
    assert decide(doubtful, Costs(outside=3.0)).outcome == "unknown"
    close = chances(boundaries=0.6, control=0.4)
    assert decide(close, Costs(offered=0.1)).outcome == "clarify"
    assert decide(close, Costs(offered=0.9)).outcome == "answer"


@given(st.lists(st.floats(0.001, 1), min_size=len(NAMES), max_size=len(NAMES)))
def test_whatever_the_chances_there_is_something_to_do(weights: list[float]) -> None:
    found = decide({name: w / sum(weights) for name, w in zip(NAMES, weights, strict=True)}, COSTS)
    assert (found.command is not None) == (found.outcome == "command")
    assert (found.follow is not None) == (found.outcome == "follow")
    assert len(found.topics) == (2 if found.outcome in ("answer", "clarify") else 0)
