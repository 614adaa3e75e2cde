"""Confidences and thresholds follow from how strangers' lines were scored, and from what mistakes cost."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from skill.answering import Answerer
from skill.making import engine, plot, settling, why
from skill.making.settling import Strangers, alarm_from, pattern_from, reliability
from skill.making.source import Source


def strangers(sure: float) -> Strangers:
    """Return scores that are right four times in five, told as if they were `sure`."""
    chance = np.random.default_rng(3)
    truth = ["a" if chance.random() < 0.5 else "b" for _ in range(400)]
    scores = np.zeros((400, 2))
    for i, name in enumerate(truth):
        scores[i, "ab".index(name) if i % 5 else 1 - "ab".index(name)] = sure
    return Strangers([f"line {i}" for i in range(400)], truth, ["a", "b"], scores, np.zeros((400, 2)))


@pytest.mark.parametrize("sure", [0.7, 2.0, 9.0])
def test_confidences_become_as_high_as_they_are_true(sure: float) -> None:
    told = strangers(sure)
    trust = told.trust()
    assert told.chances(trust).max(axis=1).mean() == pytest.approx(0.8, abs=0.02)


def test_ordinary_askers_are_alarmed_no_more_often_than_allowed() -> None:
    danger = np.concatenate([np.linspace(0, 0.7, 1000), np.linspace(0.2, 1, 100)])
    due = np.arange(1100) >= 1000
    step = alarm_from(danger, due, ~due)
    assert (danger[~due] >= step).mean() <= settling.ALARMED
    assert (danger[~due] >= step - 0.02).mean() > settling.ALARMED


def test_where_nobody_is_alarmed_help_comes_as_early_as_it_can() -> None:
    danger = np.array([0.01] * 200 + [0.3, 0.6, 0.9])
    due = np.arange(203) >= 200
    assert alarm_from(danger, due, ~due) <= 0.3


def test_a_missed_danger_weighs_more_than_a_look_alike_alarmed() -> None:
    danger = np.array([0.5, 0.2, 0.2, 0.2, 0.1])
    due = np.array([True, True, False, False, False])
    matched = np.ones(5, dtype=bool)
    assert 0.1 < pattern_from(danger, due, matched) <= 0.2


def test_reliability_is_told_bin_by_bin() -> None:
    found = reliability(np.array([0.05, 0.95, 0.95, 1.0]), np.array([False, True, False, True]))
    assert [count for _, _, count in found] == [1, 3]
    assert found[1][1] == pytest.approx(2 / 3)


def test_the_settings_are_those_that_the_scores_give(real: Source) -> None:
    kept = json.loads((engine.TUNED / "en.json").read_text(encoding="utf-8"))
    heads = settling.strangers("en")
    for name, head in heads.items():
        assert list(head.trust()) == pytest.approx(kept["trust"][name], abs=0.02), "run `python -m skill settle`"


def test_confidences_on_strangers_mean_what_they_say() -> None:
    topics = settling.strangers("en")["topics"]
    chances = topics.chances(topics.trust())
    right = np.array(topics.classes)[chances.argmax(axis=1)] == np.array(topics.truth)
    for confidence, share, count in reliability(chances.max(axis=1), right):
        if count >= 100:
            assert share == pytest.approx(confidence, abs=0.08)


def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    plot.reliability({"danger": [(0.1, 0.2, 7), (0.9, 0.8, 3)]}, tmp_path / "plot.svg")
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    assert root.tag.endswith("svg")
    assert "7 lines" in ElementTree.tostring(root, encoding="unicode")


def test_a_person_can_read_why_a_sentence_was_taken_for_danger(answerer: Answerer, real: Source) -> None:
    told = "\n".join(why.explained("he hits me with his belt again", answerer, why.Known.of(real)))
    assert told.startswith("danger: yes, violence")
    assert "pattern of danger.yaml: somebody is hitting" in told
    assert "words that speak for danger" in told
    assert "(violence, helper-" in told
