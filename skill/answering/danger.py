"""Whether somebody is or may be in danger, decided before and apart from the topics.

Where the border runs is said in docs/counsellors.md. Two ways lead to help: a pattern that a counsellor wrote down,
and a classifier that has read many lines on both sides of the border. Either is enough: a missed danger is the worse
mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skill.answering.weights import Weights
from skill.library import HelpKind
from skill.words import plain


@dataclass(frozen=True)
class Danger:
    """Why help is due, and of which kind."""

    kind: HelpKind
    why: str
    """For the developer and the counsellor; it holds none of the listener's words."""


@dataclass(frozen=True)
class Pattern:
    """One thing that people say in danger, as a regular expression over plain words."""

    kind: HelpKind
    why: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    """What takes the alarm back: a harmless object or cause in the same sentence."""


def patterns(rows: Sequence[Mapping[str, str]]) -> tuple[Pattern, ...]:
    """Return the compiled patterns of danger.yaml. Raises re.error where one can't be read."""
    return tuple(
        Pattern(
            kind="crisis" if row["kind"] == "crisis" else "violence",
            why=row["why"],
            words=re.compile(row["words"], re.VERBOSE),
            unless=re.compile(row["unless"], re.VERBOSE) if row.get("unless") else None,
        )
        for row in rows
    )


class Watch:
    """Looks at every utterance for danger."""

    def __init__(self, rules: Sequence[Pattern], weights: Weights, alarm_from: float) -> None:
        self._rules = tuple(rules)
        self._weights = weights
        self._alarm_from = alarm_from

    def look(self, text: str) -> Danger | None:
        """Return why `text` calls for help; None where it doesn't."""
        said = plain(text)
        for rule in self._rules:
            if rule.words.search(said) and not (rule.unless and rule.unless.search(said)):
                return Danger(rule.kind, f"pattern: {rule.why}")
        chances = self._weights.probabilities(said)
        chance = chances["violence"] + chances["crisis"]
        if chance < self._alarm_from:
            return None
        kind: HelpKind = "violence" if chances["violence"] >= chances["crisis"] else "crisis"
        return Danger(kind, f"like lines of {kind}: {chance:.2f}")
