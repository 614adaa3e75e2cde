"""One session as a device sees it; the speaker page holds it between two turns, so nothing in it is taken on trust."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MOST_ATTRIBUTES = 24 * 1024
"""Characters of session attributes as JSON: about what Alexa carries, and far more than the skill ever writes."""
DEEPEST = 8
"""How deeply session attributes may be nested."""
LONGEST_REPROMPT = 1000
MOST_CHOICES = 10
MOST_TYPES = 3
MOST_TEXTS = 110
LONGEST_TEXT = 140
"""Characters of a slot value or synonym; Amazon's limit."""
_ID = re.compile(r"session-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Sitting:
    """A session: which, how it stands, and what is open in it."""

    id: str = field(default_factory=lambda: f"session-{uuid.uuid4()}")
    attributes: Json = field(default_factory=dict)
    open: bool = False
    reprompt: str | None = None
    silences: int = 0
    """How many silences there were in a row."""
    question: Json | None = None
    """The quiz question that waits for an answer: its number and its choices, never which one is right."""
    entities: Json = field(default_factory=dict)
    """The values that the skill has added to slot types, by the type's name, as its directive wrote them."""

    def listen_for(self, directives: Iterable[Json]) -> None:
        """Take the dynamic entities that `directives` bring or clear; they replace all that there were."""
        for directive in directives:
            if directive.get("type") == "Dialog.UpdateDynamicEntities":
                types = directive.get("types") or [] if directive.get("updateBehavior") == "REPLACE" else []
                self.entities = {type["name"]: type["values"] for type in types}

    def to_dict(self) -> Json:
        """Return the session as plain JSON."""
        return {
            "id": self.id,
            "attributes": self.attributes,
            "open": self.open,
            "reprompt": self.reprompt,
            "silences": self.silences,
            "question": self.question,
            "entities": self.entities,
        }

    @classmethod
    def from_dict(cls, data: object) -> Sitting:
        """Return the session in `data`; a new one where it is none, since anybody may have sent it."""
        if not isinstance(data, dict) or not all(fits(data.get(name)) for name, fits in _FITS.items()):
            return cls()
        return cls(**{name: data[name] for name in _FITS})


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _are_attributes(value: object) -> bool:
    if not isinstance(value, dict) or not _is_shallow(value, DEEPEST):
        return False
    try:
        return len(json.dumps(value, allow_nan=False)) <= MOST_ATTRIBUTES
    except ValueError:  # a number too large for JSON
        return False


def _is_shallow(value: object, levels: int) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(part, levels - 1) for part in parts)


def _is_reprompt(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= LONGEST_REPROMPT)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= 1


def _is_question(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict) or value.keys() != {"number", "choices"}:
        return False
    number, choices = value["number"], value["choices"]
    return (
        type(number) is int
        and 0 < number < 1000
        and isinstance(choices, list)
        and len(choices) <= MOST_CHOICES
        and all(isinstance(choice, str) and len(choice) <= LONGEST_REPROMPT for choice in choices)
    )


def _are_entities(value: object) -> bool:
    if not isinstance(value, dict) or len(value) > MOST_TYPES:
        return False
    lists = list(value.values())
    return all(isinstance(values, list) and len(values) <= MOST_CHOICES for values in lists) and all(
        _is_entity(entity) for values in lists for entity in values
    )


def _is_entity(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"id", "name"} or not isinstance(value["name"], dict):
        return False
    name = value["name"]
    if name.keys() != {"value", "synonyms"} or not isinstance(name["synonyms"], list):
        return False
    texts = (value["id"], name["value"], *name["synonyms"])
    return len(texts) <= MOST_TEXTS and all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts)


_FITS: Mapping[str, Callable[[object], bool]] = {
    "id": _is_id,
    "attributes": _are_attributes,
    "open": lambda value: isinstance(value, bool),
    "reprompt": _is_reprompt,
    "silences": _is_count,
    "question": _is_question,
    "entities": _are_entities,
}
"""What each field of a session must be when it comes back from a page."""
