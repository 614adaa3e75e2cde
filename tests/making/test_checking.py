"""The counsellor's report tells in a table what holds, and names the worst places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from skill import __main__ as command_line
from skill.making import checking, fairness
from skill.making.source import Source


def test_the_content_holds_every_bound_and_the_command_says_so_in_a_short_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.main(["check", "--quick"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "content/en"
    assert 20 < len(lines) < 50
    assert max(map(len, lines)) < 160


def _say_true(source: Source) -> None:
    for question in source.quiz:
        question["right"] = 0 if question["kind"] == "true-false" else question["right"]


def _warm(source: Source) -> None:
    for question in source.quiz:
        if question["kind"] == "choice":
            question["choices"][question["right"]]["say"] = "kind honest love"


def _first(source: Source) -> None:
    for question in source.quiz:
        question["choices"].insert(0, question["choices"].pop(question["right"]))
        question["right"] = 0


def _long(source: Source) -> None:
    for question in source.quiz:
        if question["kind"] == "choice":
            question["choices"][question["right"]]["say"] += " with a few careful words more"


def _mixed(source: Source) -> None:
    choices = next(question for question in source.quiz if question["kind"] == "choice")["choices"]
    choices[1]["say"] = choices[0]["say"]


def _again(source: Source) -> None:
    source.quiz.append(source.quiz[0] | {"id": "again", "ask": source.quiz[0]["ask"].replace("talk", "speak")})


def _told_again(source: Source) -> None:
    source.tips.append(source.tips[0] | {"id": "again", "text": source.tips[0]["text"].replace("today", "soon")})


HARD = "Interdependency necessitates considerable emotional differentiation. " * 3

BREACHES: dict[str, Callable[[Source], object]] = {
    "right for who always says true": _say_true,
    "right for who always takes the most positive": _warm,
    "right answer is the longest of three": _long,
    "right for who always takes the first": _first,
    "questions with a choice that isn't heard": _mixed,
    "the two questions most alike in words": _again,
    "the two tips most alike in words": _told_again,
    "words of the longest explanation": lambda s: s.quiz[1].update(explanation="kind " * 36),
    "words of the longest tip": lambda s: s.tips[1].update(text="kind " * 46),
    "reading grade of the hardest question, explained": lambda s: s.quiz[2].update(explanation=HARD),
    "reading grade of the hardest tip": lambda s: s.tips[2].update(text=HARD),
    "topics without a question": lambda s: s.topics.append(s.topics[0] | {"id": "new"}),
    "breaches of the other rules": lambda s: s.phrases.pop("goodbye"),
}


def test_what_breaks_a_bound_is_marked_and_its_worst_places_are_named(changed: Source) -> None:
    for change in BREACHES.values():
        change(changed)
    rows = {row.name: row for row in checking.rows(changed)}
    assert [name for name in BREACHES if rows[name].holds] == []
    assert all(str(rows[name]).startswith("! ") for name in BREACHES)
    assert rows["words of the longest tip"].worst[0] == f"{changed.tips[1]['id']} 46"
    assert "about-1 and again" in rows["the two questions most alike in words"].worst[0]
    assert len(rows["words of the longest tip"].worst) == checking.SHOWN


def test_content_that_breaks_a_bound_ends_the_command_with_one_clear_line(
    real: Source, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fairness, "TRUE_BETWEEN", (0.9, 1.0))
    assert command_line.main(["check", "--quick"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "healthy bonds: 1 of the checks marked with ! above; mend the places they name"
