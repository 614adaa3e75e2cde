"""What to do about a question, given how likely each meaning is: whatever is expected to cost the listener least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

OUTSIDE = ("near", "far")
"""The classes of what no topic answers."""
COMMAND, FOLLOW = "command ", "follow "
"""How the classes of commands and of follow-ups begin; an intent or a kind comes after."""


@dataclass(frozen=True)
class Costs:
    """What each outcome costs a listener, where a wrong answer costs 1 and a right one nothing."""

    offered: float = 0.36
    """"This or that?" with the right one in it: one more thing to say."""
    outside: float = 0.8
    """An answer, or a choice, to what no topic answers."""
    refused: float = 1.2
    """"I don't know" to what a topic does answer."""
    obeyed: float = 1.5
    """A command that nobody gave: it may end the round or the session."""


@dataclass(frozen=True)
class Understanding:
    """What the words of an utterance mean to the skill."""

    outcome: Literal["answer", "clarify", "unknown", "command", "follow"]
    topics: tuple[tuple[str, float], ...] = ()
    """Topic ids with their probabilities, best first; those worth an answer or an offer."""
    command: str | None = None
    """The intent that a command in free words asks for."""
    follow: str | None = None
    """What a follow-up wants to know of the topic in hand: a kind of followups.yaml."""


def decide(chances: Mapping[str, float], costs: Costs) -> Understanding:
    """Return the outcome that is expected to cost least; `chances` has a probability for each class, and 1 in all."""
    total = {"command": 0.0, "follow": 0.0, "outside": 0.0, "topic": 0.0}
    topics: list[tuple[str, float]] = []
    for name, chance in chances.items():
        kind = name.split()[0] if name.startswith((COMMAND, FOLLOW)) else "outside" if name in OUTSIDE else "topic"
        total[kind] += chance
        if kind == "topic":
            topics.append((name, chance))
    topics.sort(key=lambda item: -item[1])
    first, second = topics[:2]
    inside, nothing = total["topic"], total["outside"]
    expected: dict[Literal["answer", "clarify", "unknown"], float] = {
        "answer": inside - first[1] + costs.outside * nothing,
        "clarify": costs.offered * (first[1] + second[1]) + inside - first[1] - second[1] + costs.outside * nothing,
        "unknown": costs.refused * inside,
    }
    # Words that were a command or a follow-up are lost on each of these.
    lost = costs.refused * (total["command"] + total["follow"])
    best = min(expected, key=lambda name: expected[name])
    # To obey another command than the one that was given is a wrong answer, too.
    likeliest = max((chance for name, chance in chances.items() if name.startswith(COMMAND)), default=0.0)
    obeying = costs.obeyed * (1.0 - total["command"]) + total["command"] - likeliest
    following_up = 1.0 - total["follow"]
    if min(obeying, following_up) < expected[best] + lost:
        if obeying <= following_up:
            return Understanding("command", command=_likeliest(chances, COMMAND))
        return Understanding("follow", follow=_likeliest(chances, FOLLOW))
    return Understanding(best, topics=() if best == "unknown" else (first, second))


def _likeliest(chances: Mapping[str, float], kind: str) -> str:
    return max((name for name in chances if name.startswith(kind)), key=lambda name: chances[name]).removeprefix(kind)
