"""The one small interface behind which questions are understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from skill.answering import weights
from skill.answering.danger import Danger, Watch, patterns
from skill.answering.weights import Weights
from skill.errors import NotCompiledError
from skill.library import COMPILED
from skill.words import bare, plain

OUTSIDE = ("near", "far")
"""The classes of what no topic answers."""


@dataclass(frozen=True)
class Understanding:
    """What the words of an utterance mean to the skill."""

    outcome: Literal["answer", "clarify", "unknown", "safety", "command"]
    topics: tuple[tuple[str, float], ...] = ()
    """Topic ids with their confidences, 0 to 1, best first; those worth an answer or an offer."""
    command: str | None = None
    """The intent that a command in free words asks for."""
    danger: Danger | None = None


class Answerer:
    """Understands questions and commands in one language."""

    def __init__(
        self, topics: Weights, watch: Watch, commands: Mapping[str, str], settings: Mapping[str, float]
    ) -> None:
        self._topics = topics
        self._watch = watch
        self._commands = commands
        self._settings = settings

    @classmethod
    def load(cls, language: str = "en", folder: Path = COMPILED) -> Answerer:
        """Return the answerer for a language, as built. Raises NotCompiledError where it has not been."""
        topics, settings = weights.read(folder / f"{language}.topics")
        danger, danger_settings = weights.read(folder / f"{language}.danger")
        try:
            rules = json.loads((folder / f"{language}.rules").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NotCompiledError("the answering engine has not been built: run `make setup`") from None
        watch = Watch(patterns(rules["danger"]), danger, danger_settings["alarm_from"])
        return cls(topics, watch, rules["commands"], settings)

    def danger(self, words: str) -> Danger | None:
        """Return why `words` call for help; None where they don't."""
        return self._watch.look(words)

    def command(self, words: str) -> str | None:
        """Return the intent of a command that is written down in just these words, fillers aside."""
        return self._commands.get(plain(words)) or self._commands.get(bare(words))

    def understand(self, words: str) -> Understanding:
        """Return what `words`, without regard to danger, ask for."""
        exact = self.command(words)
        if exact:
            return Understanding("command", command=exact)
        chances = self._topics.probabilities(words)
        ranked = sorted(chances.items(), key=lambda item: -item[1])
        best, chance = ranked[0]
        if best.startswith("command ") and chance >= self._settings["command_from"]:
            return Understanding("command", command=best.removeprefix("command "))
        topics = tuple(item for item in ranked if item[0] not in OUTSIDE and not item[0].startswith("command "))
        outside = sum(chances[name] for name in OUTSIDE)
        first, second = topics[0], topics[1]
        if first[1] < self._settings["answer_from"] or outside > first[1] * self._settings["outside_over"]:
            if (
                outside < self._settings["clarify_outside_below"]
                and first[1] + second[1] >= self._settings["pair_from"]
            ):
                return Understanding("clarify", topics=(first, second))
            return Understanding("unknown")
        if second[1] > first[1] * self._settings["close_from"]:
            return Understanding("clarify", topics=(first, second))
        return Understanding("answer", topics=(first, second))
