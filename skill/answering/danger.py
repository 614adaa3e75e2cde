"""Whether somebody is or may be in danger, decided before and apart from the topics.

Where the border runs is said in docs/counsellors.md. A classifier that has read many lines on both sides of the border
says how likely danger is. A pattern that a counsellor wrote down makes it listen closer: where one matches, much less
is enough for help. A missed danger is the worse mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skill.answering.encoder import Array
from skill.answering.weights import Head
from skill.library import HelpKind


@dataclass(frozen=True)
class Danger:
    """Why help is due, and of which kind."""

    kind: HelpKind
    why: str
    """For the developer and the counsellor (`python -m skill why`); it holds none of the listener's words."""


@dataclass(frozen=True)
class Pattern:
    """One thing that people say in danger, as a regular expression over plain words."""

    kind: HelpKind
    why: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    """What takes a match back: a harmless object or cause, in the words right after it."""

    def matches(self, said: str) -> bool:
        """Return whether it stands somewhere in plain words `said`, not taken back there."""
        found = self.words.finditer(said)
        return any(not (self.unless and self.unless.match(said[match.end() :].lstrip())) for match in found)


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

    def __init__(self, rules: Sequence[Pattern], head: Head, alarm_from: float, pattern_from: float) -> None:
        self._rules = tuple(rules)
        self._head = head
        self._alarm_from = alarm_from
        self._pattern_from = pattern_from

    def look(self, said: str, vector: Array) -> Danger | None:
        """Return why plain words `said`, whose meaning is `vector`, call for help; None where they don't."""
        chances = self.chances(said, vector)
        chance = chances["violence"] + chances["crisis"]
        matched = self.matched(said)
        if chance < self.limit(matched):
            return None
        # What the sentence as a whole is like says more about the fitting line than one pattern does.
        kind: HelpKind = "violence" if chances["violence"] >= chances["crisis"] else "crisis"
        why = f"like lines of {kind}: {chance:.2f}"
        return Danger(kind, "; ".join([why, *(f"pattern: {rule.why}" for rule in matched)]))

    def chances(self, said: str, vector: Array) -> dict[str, float]:
        """Return how likely violence, crisis and none of both are."""
        return self._head.chances(said, vector)

    def limit(self, matched: Sequence[Pattern]) -> float:
        """Return the chance of danger from which help is given, where these patterns match."""
        return self._pattern_from if matched else self._alarm_from

    def matched(self, said: str) -> list[Pattern]:
        """Return the patterns that match plain words."""
        return [rule for rule in self._rules if rule.matches(said)]
