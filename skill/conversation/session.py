"""What is remembered from turn to turn of one session; it travels in Alexa's session attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Session:
    """The state of one session, small and plain enough for JSON."""

    topic: str | None = None
    """The topic in hand."""
    pieces: int = 0
    """How many of its pieces have been heard: the answer itself, then those of `more`."""
    offer: str | None = None
    """What a "yes" would take up: more, example, practice, topic:ID, round, resume, tip, card, forget, else or,
    of a reminder, one of reminding.OFFERS."""
    choices: list[str] = field(default_factory=list)
    """The topic ids of an open "this or that?"; never beside an offer (Talk.offers sets both)."""
    asked: str | None = None
    """The id of the quiz question that waits for an answer here; another device may have dealt with it meanwhile."""
    over: bool = False
    """Whether a round was finished in this session and nothing else was taken up since."""
    speech: list[str] = field(default_factory=list)
    """What "repeat" says again, in pieces."""
    reprompt: str | None = None
    misses: int = 0
    """How many turns in a row were not understood."""
    said: dict[str, int] = field(default_factory=dict)
    """Which wording of each kind of phrase was used last."""
    zone: str | None = None
    """The device's time zone, once it has been asked for."""
    wish: str | None = None
    """The time, as in "08:00", for which a reminder is wished; it waits for a yes, or for the permission."""

    @property
    def asking(self) -> bool:
        """Whether a quiz question waits for an answer."""
        return self.asked is not None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON; what is empty is left out."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: value for name, value in values if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Session:
        """Return the session in `data`; a value of the wrong form counts as empty, since anybody may have sent it."""

        def text(name: str) -> str | None:
            value = data.get(name)
            return value if isinstance(value, str) and value else None

        def number(name: str) -> int:
            value = data.get(name)
            return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000 else 0

        def texts(name: str) -> list[str]:
            value = data.get(name)
            return [v for v in value if isinstance(v, str)][:10] if isinstance(value, list) else []

        said = data.get("said")
        return cls(
            topic=text("topic"),
            pieces=number("pieces"),
            offer=text("offer"),
            choices=texts("choices"),
            asked=text("asked"),
            over=data.get("over") is True,
            speech=texts("speech"),
            reprompt=text("reprompt"),
            misses=number("misses"),
            said={k: v for k, v in said.items() if isinstance(v, int)} if isinstance(said, dict) else {},
            zone=text("zone"),
            wish=text("wish"),
        )
