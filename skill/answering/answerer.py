"""The one small interface behind which utterances are understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from skill.answering import weights
from skill.answering.danger import Danger, Watch, patterns
from skill.answering.deciding import FOLLOW, OUTSIDE, Costs, Understanding, decide
from skill.answering.encoder import Array, Encoder
from skill.answering.weights import Head
from skill.errors import NotCompiledError
from skill.library import COMPILED
from skill.words import bare, plain


class Answerer:
    """Understands questions and commands in one language."""

    def __init__(
        self,
        encoder: Encoder,
        topics: Head,
        watch: Watch,
        commands: Mapping[str, str],
        follows: Mapping[str, str],
        alone: Mapping[str, str],
        costs: Costs,
    ) -> None:
        self.encoder = encoder
        self.topics = topics
        self.watch = watch
        self._commands = commands
        self.follows = follows
        self.alone = alone
        self.costs = costs

    @classmethod
    def load(cls, language: str = "en", folder: Path = COMPILED) -> Answerer:
        """Return the answerer for a language, as built. Raises NotCompiledError where it has not been."""
        try:
            rules: dict[str, Any] = json.loads((folder / f"{language}.rules").read_text(encoding="utf-8"))
            with np.load(folder / f"{language}.engine.npz") as file:
                arrays = {name: file[name] for name in file.files}
        except FileNotFoundError:
            raise NotCompiledError("the answering engine has not been built: run `make setup`") from None
        # One sentence is too little work to share out: threads that wait for each other make it several times slower.
        threadpool_limits(limits=1, user_api="blas")
        topics, danger = (
            weights.head(name, arrays, tuple(rules["classes"][name]), rules["trust"][name])
            for name in ("topics", "danger")
        )
        watch = Watch(patterns(rules["danger"]), danger, rules["alarm_from"], rules["pattern_from"])
        costs = Costs(**rules["costs"])
        return cls(Encoder(arrays), topics, watch, rules["commands"], rules["follows"], rules["alone"], costs)

    def read(self, words: str) -> Reading:
        """Return `words`, ready to be understood."""
        return Reading(self, words)

    def command(self, words: str) -> str | None:
        """Return the intent of a command that is written down in just these words, fillers aside."""
        return self._commands.get(plain(words)) or self._commands.get(bare(words))


class Reading:
    """One utterance as it is being understood; each thing is worked out when it is first asked for."""

    def __init__(self, answerer: Answerer, words: str) -> None:
        self._answerer = answerer
        self.said = plain(words)

    @cached_property
    def vector(self) -> Array:
        """What the words mean, as the encoder sees it, (384)."""
        return self._answerer.encoder.vector(self.said)

    @cached_property
    def command(self) -> str | None:
        """The intent of a command that is written down in just these words."""
        return self._answerer.command(self.said)

    @cached_property
    def danger(self) -> Danger | None:
        """Why the words call for help; None where they don't."""
        return self._answerer.watch.look(self.said, self.vector)

    @cached_property
    def chances(self) -> dict[str, float]:
        """How likely each topic, command and follow-up is, and that they lie outside of all."""
        return self._answerer.topics.chances(self.said, self.vector)

    def meaning(self, following: bool = False) -> Understanding:
        """Return what the words, without regard to danger, ask for; `following` where a topic is in hand."""
        if self.command:
            return Understanding("command", command=self.command)
        exact = self._answerer.follows.get(self.said)
        if exact and following:
            return Understanding("follow", follow=exact)
        chances = self.chances if following else self._without_follow_ups()
        return decide(chances, self._answerer.costs)

    def _without_follow_ups(self) -> dict[str, float]:
        """Return the chances where no topic is in hand: a follow-up asks for a topic of its own then, or nothing."""
        chances = dict(self.chances)
        for name in [name for name in chances if name.startswith(FOLLOW)]:
            topic = self._answerer.alone.get(name.removeprefix(FOLLOW), OUTSIDE[0])
            chances[topic] += chances.pop(name)
        return chances
