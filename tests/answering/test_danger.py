"""Help comes where a person is or may be in danger, with the line that fits, and a person can read why."""

from __future__ import annotations

import numpy as np
import pytest

from skill.answering import Answerer
from skill.answering.danger import Watch, patterns
from skill.answering.weights import BITS, Head, Linear
from skill.library import HelpKind

ANYTHING = np.zeros(4, dtype=np.float32)


def watch(violence: float, crisis: float, **row: str) -> Watch:
    """Return a watch that finds every sentence this dangerous, and has at most one pattern."""
    classes = ("crisis", "none", "violence")
    bias = np.log(np.array([crisis, 1 - violence - crisis, violence], dtype=np.float32))
    none = np.zeros(3, np.float32)
    silent = Linear(np.zeros(1 << BITS, np.float32), np.zeros((1 << BITS, 3), np.int8), np.ones(1, np.float32), none)
    head = Head(classes, np.zeros((4, 3), np.float32), bias, silent, (1.0, 1.0))
    return Watch(patterns([row] if row else []), head, alarm_from=0.4, pattern_from=0.1)


CHOKE = {"kind": "violence", "why": "choking", "words": r"\b(?:choke|chokes|choked)\s(?:me|us)\b", "unless": r"up\b"}


def test_likely_danger_gets_help_of_its_kind() -> None:
    found = watch(0.3, 0.2).look("whatever was said", ANYTHING)
    assert found is not None
    assert found.kind == "violence"
    assert watch(0.2, 0.3).look("whatever was said", ANYTHING).kind == "crisis"  # type: ignore[union-attr]


def test_unlikely_danger_gets_none() -> None:
    assert watch(0.2, 0.1).look("whatever was said", ANYTHING) is None


def test_a_pattern_makes_it_listen_closer() -> None:
    close = watch(0.1, 0.05, **CHOKE)
    assert close.look("he choked me", ANYTHING) is not None
    assert close.look("he joked", ANYTHING) is None


def test_a_pattern_alone_is_not_enough() -> None:
    assert watch(0.02, 0.02, **CHOKE).look("he choked me", ANYTHING) is None


def test_an_exception_takes_back_the_words_it_follows_and_no_others() -> None:
    close = watch(0.2, 0.05, **CHOKE)
    assert close.look("the film choked me up", ANYTHING) is None
    assert close.look("the film choked me up and then he choked me", ANYTHING) is not None


def test_the_reason_names_the_pattern_and_no_word_of_the_listener() -> None:
    found = watch(0.5, 0.1, **CHOKE).look("he choked me by the lilacs", ANYTHING)
    assert found is not None
    assert "choking" in found.why
    assert "lilacs" not in found.why


SAID: list[tuple[str, HelpKind | None]] = [
    ("my husband pushed me down the cellar steps on sunday", "violence"),
    ("is it a sign of codependency when she locks me in the garage", "violence"),
    ("true but my dad hit me for saying so", "violence"),
    ("he has my passport and says he'll burn it if i go home", "violence"),
    ("the old lady next door has bruises each time her grandson stays", "violence"),
    ("i shook my baby and i'm afraid i'll do it again", "violence"),
    ("i've written my goodbye letters and they're in the drawer", "crisis"),
    ("my daughter is cutting her arms again", "crisis"),
    ("everyone would be better off without me", "crisis"),
    ("i've stopped taking my insulin and i'm not starting again", "crisis"),
    ("this traffic is killing me", None),
    ("why do people stay with somebody who hits them", None),
    ("my wife sulks for days when i go fishing", None),
    ("he reads my messages and i hate it", None),
    ("i've cried every night since she moved out", None),
    ("my dad beat me at cards again", None),
    ("i'd kill for a quiet weekend with my husband", None),
    ("how do i stop feeling so guilty", None),
]


@pytest.mark.parametrize(("text", "kind"), SAID)
def test_the_border_runs_where_the_guide_draws_it(answerer: Answerer, text: str, kind: HelpKind | None) -> None:
    found = answerer.read(text).danger
    assert (found.kind if found else None) == kind
