"""Alexa would refuse a model that breaks one of its rules; we hear of it before Amazon does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from skill.making import lint
from skill.making.model import interaction_model
from skill.making.source import Source

Json = dict[str, Any]


@pytest.fixture(scope="module")
def _model(real: Source) -> str:
    return json.dumps(interaction_model(real))


@pytest.fixture
def model(_model: str) -> Json:
    """The real model, for a test to break."""
    found: Json = json.loads(_model)
    return found


def language(model: Json) -> Json:
    found: Json = model["interactionModel"]["languageModel"]
    return found


def intent(model: Json, name: str) -> Json:
    found: Json = next(intent for intent in language(model)["intents"] if intent["name"] == name)
    return found


def slot_type(model: Json, name: str) -> Json:
    found: Json = next(type for type in language(model)["types"] if type["name"] == name)
    return found


def drop(model: Json, name: str) -> None:
    language(model)["intents"].remove(intent(model, name))


def add(model: Json, name: str, samples: list[str], **slots: str) -> None:
    added = {"name": name, "samples": samples, "slots": [{"name": n, "type": t} for n, t in slots.items()]}
    language(model)["intents"].append(added)


def test_the_real_model_breaks_no_rule(model: Json) -> None:
    assert lint.faults(model) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("bonds", "two or more words, unless it is a brand"),
        ("Healthy Bonds", "only lower-case letters"),
        ("healthy bonds 2", "only lower-case letters"),
        ("healthy-bonds now", "only lower-case letters"),
        ("open healthy bonds", "open may not stand in it"),
        ("alexa bonds", "alexa may not stand in it"),
        ("healthy skill", "skill may not stand in it"),
    ],
)
def test_the_invocation_name_follows_its_rules(model: Json, name: str, fault: str) -> None:
    language(model)["invocationName"] = name
    (line,) = lint.faults(model)
    assert line == f"invocation name {name!r}: {fault}" or fault in line


Break = Callable[[Json], object]


@pytest.mark.parametrize("name", lint.REQUIRED)
def test_what_every_skill_must_hear_can_not_be_forgotten(model: Json, name: str) -> None:
    drop(model, name)
    assert lint.faults(model) == [f"{name} is missing"]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda m: add(m, "SkipIntent", ["pass me the next one"]), ["SkipIntent: stands twice"]),
        (lambda m: add(m, "Dance2Intent", ["dance"]), ["Dance2Intent: a name has only letters and underscores"]),
        (lambda m: add(m, "DanceIntent", []), ["DanceIntent: has no samples, so nobody can reach it"]),
        (lambda m: intent(m, "AMAZON.FallbackIntent").update(samples=["blah"]),
         ["AMAZON.FallbackIntent: takes no samples"]),
        (lambda m: add(m, "DanceIntent", ["dance with me!"]),
         ["DanceIntent: 'dance with me!' has a sign that Alexa refuses"]),
        (lambda m: add(m, "DanceIntent", ["dance 2 dances"]),
         ["DanceIntent: 'dance 2 dances' has a sign that Alexa refuses"]),
        (lambda m: add(m, "DanceIntent", ["dance a {step}"]),
         ["DanceIntent: 'dance a {step}' uses step, which is no slot of it"]),
        (lambda m: add(m, "DanceIntent", ["dance a tango"], step="QuizAnswer"),
         ["DanceIntent: slot step is in no sample"]),
        (lambda m: add(m, "DanceIntent", ["dance a {step}"], step="Steps"),
         ["DanceIntent: slot type Steps is not defined"]),
        (lambda m: add(m, "DanceIntent", ["dance a {query}"], query="QuizAnswer"),
         ["DanceIntent: slot query is a QuizAnswer here and a AMAZON.SearchQuery elsewhere"]),
        (lambda m: add(m, "DanceIntent", ["{query}"], query="AMAZON.SearchQuery"),
         ["DanceIntent: '{query}': a search query needs a carrier phrase and stands alone"]),
        (lambda m: add(m, "DanceIntent", ["dance {query} {answer}"], query="AMAZON.SearchQuery", answer="QuizAnswer"),
         ["DanceIntent: 'dance {query} {answer}': a search query needs a carrier phrase and stands alone"]),
        (lambda m: add(m, "DanceIntent", ["dance {query}", "sing {song}"], query="AMAZON.SearchQuery",
                       song="AMAZON.SearchQuery"),
         ["DanceIntent: only one AMAZON.SearchQuery slot an intent"]),
        (lambda m: add(m, "DanceIntent", ["dance", "dance"]), ["DanceIntent: 'dance' stands in DanceIntent too"]),
        (lambda m: add(m, "DanceIntent", ["dance", "Dance"]), ["DanceIntent: 'Dance' stands in DanceIntent too"]),
        (lambda m: add(m, "DanceIntent", ["quiz me"]), ["DanceIntent: 'quiz me' stands in StartQuizIntent too"]),
        (lambda m: add(m, "DanceIntent", ["Quiz Me"]), ["DanceIntent: 'Quiz Me' stands in StartQuizIntent too"]),
        (lambda m: add(m, "DanceIntent", ["i think {step}"], step="QuizAnswer"),
         ["DanceIntent: 'i think {step}' stands in QuizAnswerIntent too"]),
        (lambda m: slot_type(m, "FreshRound").update(values=[]), ["FreshRound: has no values"]),
        (lambda m: slot_type(m, "FreshRound")["values"].append({"id": "new", "name": {"value": "newest"}}),
         ["FreshRound: id new stands twice"]),
        (lambda m: slot_type(m, "FreshRound")["values"].append({"id": "empty", "name": {"value": ""}}),
         ["FreshRound: '': a value has 1 to 140 characters"]),
        (lambda m: slot_type(m, "FreshRound")["values"][0]["name"]["synonyms"].append("new " * 36),
         [f"FreshRound: {('new ' * 10)!r}: a value has 1 to 140 characters"]),
    ],
)  # fmt: skip
def test_each_rule_names_what_breaks_it(model: Json, change: Break, faults: list[str]) -> None:
    change(model)
    assert lint.faults(model) == faults


def test_there_are_no_more_intents_than_alexa_takes(model: Json) -> None:
    names = [f"Dance{chr(97 + n // 26)}{chr(97 + n % 26)}Intent" for n in range(250)]
    for name in names:
        add(model, name, [f"dance like {name.lower().removesuffix('intent')}"])
    count = len(language(model)["intents"])
    assert lint.faults(model) == [f"{count} intents, at most 250"]


def test_a_model_is_no_larger_than_alexa_takes(model: Json) -> None:
    slot_type(model, "FreshRound")["values"][0]["name"]["synonyms"] += [f"{'new ' * 30}{n}" for n in range(10_000)]
    (line,) = lint.faults(model)
    assert line.endswith("bytes, at most 1500000")
