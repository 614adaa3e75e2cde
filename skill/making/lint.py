"""Alexa's rules for an interaction model, which no offline tool checks.

They come from Amazon's pages "Create the interaction model for your skill", "Choose the invocation name" and
"AMAZON.SearchQuery".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

LAUNCH_WORDS = frozenset(
    "run start play resume use launch ask open tell load begin enable alexa echo amazon computer skill app".split()
)
REQUIRED = (
    "AMAZON.CancelIntent",
    "AMAZON.HelpIntent",
    "AMAZON.StopIntent",
    "AMAZON.NavigateHomeIntent",
    "AMAZON.FallbackIntent",
)
SAMPLE = re.compile(r"[A-Za-z{}_' .-]+")
NAME = re.compile(r"[A-Za-z_]+(?:\.[A-Za-z_]+)?")
SLOT = re.compile(r"{(\w+)}")
MOST_INTENTS, MOST_BYTES, LONGEST_VALUE = 250, 1_500_000, 140


def faults(model: Mapping[str, Any]) -> list[str]:
    """Return a line for each rule that an interaction model breaks; none where Alexa would take it."""
    language = model["interactionModel"]["languageModel"]
    return [*_invocation(language), *_intents(language), *_types(language), *_size(model)]


def _invocation(language: Mapping[str, Any]) -> Iterator[str]:
    name = language["invocationName"]
    words = name.split()
    if len(words) < 2:
        yield f"invocation name {name!r}: two or more words, unless it is a brand"
    if name != name.lower() or not re.fullmatch(r"[a-z' .]+", name):
        yield f"invocation name {name!r}: only lower-case letters, spaces, apostrophes and periods"
    if used := LAUNCH_WORDS & set(words):
        yield f"invocation name {name!r}: {', '.join(sorted(used))} may not stand in it"


def _intents(language: Mapping[str, Any]) -> Iterator[str]:
    intents = language["intents"]
    names = [intent["name"] for intent in intents]
    yield from (f"{name} is missing" for name in REQUIRED if name not in names)
    yield from (f"{name}: stands twice" for name in sorted({n for n in names if names.count(n) > 1}))
    if len(names) > MOST_INTENTS:
        yield f"{len(names)} intents, at most {MOST_INTENTS}"
    types: dict[str, str] = {}
    owner: dict[str, str] = {}
    for intent in intents:
        yield from _intent(intent, types, owner)


def _intent(intent: Mapping[str, Any], types: dict[str, str], owner: dict[str, str]) -> Iterator[str]:
    name, slots = intent["name"], {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
    if not NAME.fullmatch(name):
        yield f"{name}: a name has only letters and underscores"
    for slot, type in slots.items():
        if types.setdefault(slot, type) != type:
            yield f"{name}: slot {slot} is a {type} here and a {types[slot]} elsewhere"
    searches = [slot for slot, type in slots.items() if type == "AMAZON.SearchQuery"]
    if len(searches) > 1:
        yield f"{name}: only one AMAZON.SearchQuery slot an intent"
    samples = intent.get("samples", [])
    if name == "AMAZON.FallbackIntent" and samples:
        yield f"{name}: takes no samples"
    if not name.startswith("AMAZON.") and not samples:
        yield f"{name}: has no samples, so nobody can reach it"
    for sample in samples:
        used = SLOT.findall(sample)
        if not SAMPLE.fullmatch(sample):
            yield f"{name}: {sample!r} has a sign that Alexa refuses"
        if missing := [slot for slot in used if slot not in slots]:
            yield f"{name}: {sample!r} uses {', '.join(missing)}, which is no slot of it"
        if set(used) & set(searches) and (len(used) > 1 or sample.strip() == f"{{{used[0]}}}"):
            yield f"{name}: {sample!r}: a search query needs a carrier phrase and stands alone"
        key = SLOT.sub(lambda match: f"{{{slots.get(match[1])}}}", sample.lower())
        if key in owner:
            yield f"{name}: {sample!r} stands in {owner[key]} too"
        owner.setdefault(key, name)
    unused = set(slots) - {slot for sample in samples for slot in SLOT.findall(sample)}
    yield from (f"{name}: slot {slot} is in no sample" for slot in sorted(unused))


def _types(language: Mapping[str, Any]) -> Iterator[str]:
    defined = {type["name"] for type in language.get("types", [])}
    for intent in language["intents"]:
        for slot in intent.get("slots", []):
            if not slot["type"].startswith("AMAZON.") and slot["type"] not in defined:
                yield f"{intent['name']}: slot type {slot['type']} is not defined"
    for type in language.get("types", []):
        if not type["values"]:
            yield f"{type['name']}: has no values"
        ids = [str(value.get("id")) for value in type["values"]]
        yield from (f"{type['name']}: id {id} stands twice" for id in sorted({i for i in ids if ids.count(i) > 1}))
        for value in type["values"]:
            for text in (value["name"]["value"], *value["name"].get("synonyms", [])):
                if not text or len(text) > LONGEST_VALUE:
                    yield f"{type['name']}: {text[:40]!r}: a value has 1 to {LONGEST_VALUE} characters"


def _size(model: Mapping[str, Any]) -> Iterator[str]:
    import json

    size = len(json.dumps(model))
    if size > MOST_BYTES:
        yield f"{size} bytes, at most {MOST_BYTES}"
