"""The interaction model: what Alexa listens for, generated from content.

Alexa strips the carrier phrase from a search query, so there is one intent for each opening word ("what {query}"), and
skill/alexa/hearing.py puts the word back. What opens otherwise is heard whole by an intent with a bare slot of a
custom type, fed with the ways that people ask, since a custom type also returns values outside its list.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from skill import clock
from skill.conversation.policy import FRESH, OTHER_TOPIC
from skill.errors import ModelError
from skill.making import lint
from skill.making.compiling import opener_intent
from skill.making.source import Source

FOLDER = Path(__file__).parents[2] / "interaction_models"
INVOCATION = "healthy bonds"
PHRASE_INTENT = "AskIntent"
NEW_ROUND = "new-round"
"""The id, among those of the topics, of the ways to ask for a new round."""
ANOTHER_TOPIC = "another-topic"
"""The id, among those of the topics, of the ways to ask for another one."""
SAMPLE_WORDS = 8
"""Longer ways to say a command only train the engine: nobody says them twice alike."""
VALUE_LETTERS = 140
"""Amazon's limit on a slot value or synonym."""
BUILT_IN = (
    "AMAZON.CancelIntent",
    "AMAZON.HelpIntent",
    "AMAZON.StopIntent",
    "AMAZON.NavigateHomeIntent",
    "AMAZON.FallbackIntent",
    "AMAZON.RepeatIntent",
    "AMAZON.NextIntent",
    "AMAZON.StartOverIntent",
    "AMAZON.ResumeIntent",
    "AMAZON.PauseIntent",
    "AMAZON.YesIntent",
    "AMAZON.NoIntent",
)

Json = dict[str, Any]


def interaction_model(source: Source) -> Json:
    """Return the interaction model as the Skill Management API takes it; the same for all locales of a language."""
    taken: set[str] = set()
    intents = [_command(source, intent, taken) for intent in (*BUILT_IN, *_custom(source))]
    intents.append(_answers(source, taken))
    intents += [_opener(word, taken) for word in source.listening["openers"]]
    intents.append({"name": PHRASE_INTENT, "slots": [_slot("phrase", "AskedPhrase")], "samples": ["{phrase}"]})
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": INVOCATION,
                "intents": intents,
                "types": [_phrases(source), _answer_type(source), _fresh_type(source)],
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
            }
        }
    }


def written(model: Json) -> str:
    """Return `model` as it is checked in."""
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def write(source: Source, folder: Path = FOLDER) -> list[Path]:
    """Write the model of each locale of a language; return the files."""
    text = written(interaction_model(source))
    paths = [folder / f"{locale}.json" for locale in source.locales]
    folder.mkdir(exist_ok=True)
    for path in paths:
        path.write_text(text, encoding="utf-8")
    return paths


def check(source: Source, folder: Path = FOLDER) -> None:
    """Raise ModelError where a checked-in model breaks a rule of Alexa's or is not what the content gives."""
    model = interaction_model(source)
    if broken := lint.faults(model):
        raise ModelError("\n".join(broken))
    for locale in source.locales:
        path = folder / f"{locale}.json"
        if not path.exists() or path.read_text(encoding="utf-8") != written(model):
            raise ModelError(f"{path.name} is not what the content gives: run `python -m skill models` and commit it")


def _custom(source: Source) -> list[str]:
    return [intent for intent in source.commands if not intent.startswith("AMAZON.")]


def _command(source: Source, intent: str, taken: set[str]) -> Json:
    lines = [line for line in source.commands.get(intent, []) if len(line.split()) <= SAMPLE_WORDS]
    slots: list[Json] = []
    if intent == "StartQuizIntent":
        # A new round is heard by the samples with a slot, which tells the skill that it was asked for.
        lines = [line for line in lines if not FRESH.search(line)]
        lines += source.listening["fresh_round_samples"]
        slots = [_slot("fresh", "FreshRound")]
    if intent == "RemindMeIntent":
        # One with a time is heard by the samples with a slot, or the time would be lost.
        lines = [line for line in lines if not clock.heard_in(line)]
        lines += source.listening["reminder_samples"]
        slots = [_slot("time", "AMAZON.TIME"), _slot("moment", "AMAZON.TIME")]
    if intent == "AMAZON.NextIntent":
        lines = [line for line in lines if not OTHER_TOPIC.search(line)]
    found: Json = {"name": intent, "samples": _new(lines, taken)}
    return found | {"slots": slots} if slots else found


def _answers(source: Source, taken: set[str]) -> Json:
    carriers = [f"{carrier} {{answer}}" for carrier in source.listening["answer_carriers"]]
    return {
        "name": "QuizAnswerIntent",
        "slots": [_slot("answer", "QuizAnswer")],
        "samples": _new(["{answer}", *carriers], taken),
    }


def _opener(word: str, taken: set[str]) -> Json:
    return {
        "name": opener_intent(word),
        "slots": [_slot("query", "AMAZON.SearchQuery")],
        "samples": _new([f"{word} {{query}}"], taken),
    }


def _slot(name: str, type: str) -> Json:
    return {"name": name, "type": type}


def _new(lines: list[str], taken: set[str]) -> list[str]:
    """Return the lines that are nobody's sample yet; Alexa refuses the same sample in two intents."""
    fresh = [line for line in dict.fromkeys(lines) if line not in taken]
    taken.update(fresh)
    return fresh


def _phrases(source: Source) -> Json:
    values, taken = [], set()
    for topic in source.topics:
        ways = [line for lines in topic["questions"].values() for line in lines]
        value = _plain(topic["title"])
        synonyms = [
            line for line in dict.fromkeys([*topic["names"], *ways]) if len(line) <= VALUE_LETTERS and line not in taken
        ]
        taken.update([value, *synonyms])
        values.append(_value(topic["id"], value, [s for s in synonyms if s != value]))
    # What asks for a new round and fits no sample with a slot, and what asks for another topic rather than the next
    # question, is heard whole: the skill reads it in the words.
    for id, intent, words in ((NEW_ROUND, "StartQuizIntent", FRESH), (ANOTHER_TOPIC, "AMAZON.NextIntent", OTHER_TOPIC)):
        lines = [line for line in source.commands.get(intent, []) if words.search(line) and len(line) <= VALUE_LETTERS]
        if lines:
            values.append(_value(id, lines[0], lines[1:]))
    return {"name": "AskedPhrase", "values": values}


def _answer_type(source: Source) -> Json:
    values: dict[str, Json] = {}
    taken: set[str] = set()
    for id, (first, *others) in source.listening["answer_values"].items():
        values[id] = _value(id, first, others)
        taken.update([first, *others])
    for question in source.quiz:
        for number, choice in enumerate(question["choices"]):
            said = _plain(choice["say"])
            if question["kind"] == "true-false" or said in taken:
                continue
            also = [plain for text in choice["also"] if (plain := _plain(text)) not in taken and plain != said]
            taken.update([said, *also])
            values[f"{question['id']}-{'abc'[number]}"] = _value(f"{question['id']}-{'abc'[number]}", said, also)
    return {"name": "QuizAnswer", "values": list(values.values())}


def _fresh_type(source: Source) -> Json:
    return {
        "name": "FreshRound",
        "values": [_value(v.replace(" ", "-"), v, []) for v in source.listening["fresh_round"]],
    }


def _value(id: str, value: str, synonyms: list[str]) -> Json:
    return {"id": id, "name": {"value": value, "synonyms": list(dict.fromkeys(synonyms))}}


def _plain(text: str) -> str:
    """Return `text` as Alexa takes it in a value: no punctuation."""
    return " ".join(re.sub(r"[^a-zA-Z' -]", " ", text).lower().split())
