"""From an utterance to an intent with slots, as Alexa does it with the checked-in interaction model.

What the model can't hear, it can't hear here: a search query loses its carrier phrase, and what matches nothing gives
AMAZON.FallbackIntent without the words. Alexa's own understanding is statistical; this one is plain rules in the same
order, so it shows what a model makes possible, not what a device will always do.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from skill import clock
from skill.errors import ModelError
from skill.words import plain

FOLDER = Path(__file__).parents[2] / "interaction_models"
KNOWN_SHARE = 0.6
"""A bare slot hears words outside its list when at least so many of them are words that the model knows."""
EXPECTED_LIKE = 70
"""While a skill listens for certain values, words so like one of them (0 to 100) are taken for it, misheard."""
INVOCATION = re.compile(
    r"^(?:(?:alexa|please|hey|um|uh|okay|ok|so|and|can you|could you|would you)\s+)*"
    r"(?:ask|tell|open|launch|start|play|use|run|begin|load|resume|talk to|speak to|get|enable|try)\s+"
    r"(?:the\s+)?healthy bonds?(?:\s+(?:skill|app))?(?:\s+(?P<rest>.*))?$"
)
COURTESY = re.compile(r"(?:(?:please|now|for me|thanks|thank you)\s*)*")
"""What may follow the skill's name and asks for nothing."""
CONNECTING = re.compile(r"^(?:(?:and|to|for|please)\s+)+(?=\w)")
"""What joins the skill's name and the request; "what", "if" and "about" belong to the question."""

Entities = dict[str, dict[str, str]]
"""The entity, its id and its name, of each text that stands for one."""


@dataclass(frozen=True)
class SlotValue:
    """What a slot took in."""

    value: str
    """The words as heard; of a built-in type such as AMAZON.TIME, what Alexa makes of them."""
    resolved: Mapping[str, str] | None = None
    """The entity: its id and its canonical value; None where the words are outside the slot type's list."""
    type: str = ""
    dynamic: Mapping[str, str] | None = None
    """The dynamic entity, likewise; empty where the type has some and the words are none of them."""


@dataclass(frozen=True)
class Recognised:
    """An intent and its slots."""

    intent: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)


def invoked(utterance: str) -> tuple[bool, str]:
    """Return whether an utterance names the skill, and what it asks of it; empty where it only opens it."""
    said = _spoken(utterance)
    match = INVOCATION.match(said)
    if match is None:
        return False, said
    rest = match["rest"] or ""
    return True, "" if COURTESY.fullmatch(rest) else CONNECTING.sub("", rest)


class Recogniser:
    """Listens with one interaction model."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Read `model`. Raises ModelError where it isn't one."""
        try:
            language = model["interactionModel"]["languageModel"]
            intents, types = language["intents"], {t["name"]: t["values"] for t in language.get("types", [])}
        except (KeyError, TypeError):
            raise ModelError("the interaction model can't be read: run `python -m skill models`") from None
        self._entities = {name: _entities(values) for name, values in types.items()}
        self._exact: dict[str, str] = {}
        self._slotted: list[tuple[re.Pattern[str], str, Mapping[str, str]]] = []
        self._carriers: list[tuple[str, str, str, str]] = []
        self._bare: list[tuple[str, str, str]] = []
        for intent in intents:
            slots = {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
            for sample in intent.get("samples", []):
                self._learn(intent["name"], slots, sample)
        self._carriers.sort(key=lambda carrier: -len(carrier[0]))
        texts = [*self._exact, *(text for entities in self._entities.values() for text in entities)]
        self._known = {word for text in texts for word in text.split()}

    def _learn(self, intent: str, slots: Mapping[str, str], sample: str) -> None:
        used = re.findall(r"{(\w+)}", sample)
        if not used:
            self._exact.setdefault(plain(sample), intent)
        elif slots[used[0]] == "AMAZON.SearchQuery":
            self._carriers.append((sample.split("{")[0].strip(), intent, used[0], "AMAZON.SearchQuery"))
        else:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(sample))
            self._slotted.append((re.compile(pattern), intent, slots))
            if sample == f"{{{used[0]}}}":
                self._bare.append((intent, used[0], slots[used[0]]))

    def hear(self, utterance: str, dynamic: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> Recognised:
        """Return what Alexa would make of an utterance inside a session.

        `dynamic` has the values that a skill has added to slot types, as its directive wrote them; in a slot of their
        type they count besides the model's own ("Use Dynamic Entities for Customized Interactions").
        """
        # A device keeps its wake word to itself.
        said = _spoken(utterance).removeprefix("alexa ")
        if said in self._exact:
            return Recognised(self._exact[said])
        added = {type: _entities(values) for type, values in (dynamic or {}).items()}
        return (
            self._listed(said, added)
            or self._searched(said)
            or self._phrased(said)
            or self._expected(said, added)
            or Recognised("AMAZON.FallbackIntent")
        )

    def _listed(self, said: str, added: Mapping[str, Entities]) -> Recognised | None:
        """Return the intent of a sample whose slots all hold values of their lists."""
        for pattern, intent, slots in self._slotted:
            match = pattern.fullmatch(said)
            if match is None:
                continue
            values = {name: self._resolve(text, slots[name], added) for name, text in match.groupdict().items()}
            if all(value.dynamic or value.resolved for value in values.values()):
                return Recognised(intent, values)
        return None

    def _searched(self, said: str) -> Recognised | None:
        """Return the intent whose carrier phrase the utterance begins with, and the rest as its query."""
        for carrier, intent, slot, type in self._carriers:
            if said.startswith(f"{carrier} "):
                return Recognised(intent, {slot: SlotValue(said[len(carrier) + 1 :], None, type)})
        return None

    def _phrased(self, said: str) -> Recognised | None:
        """Return the intent with a bare slot, where enough of the words are known."""
        words = said.split()
        if not words or sum(word in self._known for word in words) < KNOWN_SHARE * len(words):
            return None
        intent, slot, type = next(bare for bare in self._bare if bare[2] == "AskedPhrase")
        return Recognised(intent, {slot: self._resolve(said, type, {})})

    def _expected(self, said: str, added: Mapping[str, Entities]) -> Recognised | None:
        """Return the intent with a bare slot of a type that was added to, for words that are like one of its values."""
        for intent, slot, type in self._bare:
            if type not in added:
                continue
            values = (*added[type], *self._entities.get(type, ()))
            if process.extractOne(said, values, scorer=fuzz.ratio, score_cutoff=EXPECTED_LIKE):
                return Recognised(intent, {slot: SlotValue(said, None, type, {})})
        return None

    def _resolve(self, text: str, type: str, added: Mapping[str, Entities]) -> SlotValue:
        if type == "AMAZON.TIME":
            value = clock.heard(text)
            return SlotValue(value or text, {"name": value} if value else None, type)
        dynamic = added[type].get(text, {}) if type in added else None
        return SlotValue(text, self._entities.get(type, {}).get(text), type, dynamic)


def _spoken(utterance: str) -> str:
    """Return an utterance as plain words, digits too."""
    return plain(clock.spelled(utterance))


def _entities(values: Sequence[Mapping[str, Any]]) -> Entities:
    """Return the entity of each value and synonym of a slot type, by its plain text."""
    found: Entities = {}
    for value in values:
        name = value["name"]
        entity = {"id": value.get("id", ""), "name": name["value"]}
        for text in (name["value"], *name.get("synonyms", [])):
            found.setdefault(plain(text), entity)
    return found


@functools.cache
def recogniser(locale: str, folder: Path = FOLDER) -> Recogniser:
    """Return the recogniser of a locale. Raises ModelError where there is no model for it."""
    path = folder / f"{locale}.json"
    try:
        return Recogniser(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        known = ", ".join(sorted(p.stem for p in folder.glob("??-??.json"))) or "none; run `python -m skill models`"
        raise ModelError(f"there is no interaction model for {locale!r}: the locales are {known}") from None
    except ValueError:
        raise ModelError(f"{path.name} is not JSON: run `python -m skill models`") from None
