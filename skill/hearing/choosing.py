"""Which of a few choices an utterance means, or why it means none of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from skill.hearing import mentions, truth, wording
from skill.hearing.mentions import Mention
from skill.library import Choice
from skill.words import bare, plain

WHOLE = 90
"""An utterance so like a choice (0 to 100) is that choice and nothing else."""

Kind = Literal["choice", "unsure", "declined", "nothing"]


@dataclass(frozen=True)
class Heard:
    """What an utterance makes of a list of choices."""

    kind: Kind
    """choice: one is meant; unsure: like an answer, but which?; declined: none of them; nothing: no answer."""
    index: int | None = None
    whole: bool = False
    """Whether the utterance is a choice's own words, a letter or a place, and nothing else."""


NOTHING, UNSURE, DECLINED = Heard("nothing"), Heard("unsure"), Heard("declined")


def hear(utterance: str, choices: Sequence[Choice]) -> Heard:
    """Return which of `choices` an utterance means.

    After a change of mind ("a, no, b") the last choice counts. What turns all down is "declined"; what could be two of
    them is "unsure"; what is no answer at all is "nothing".
    """
    said = plain(utterance)
    if said and _asks(said, choices):
        # The question may only be said over, and then answered.
        answered = wording.AT_LAST.search(said)
        said = answered["rest"] if answered else ""
    if not said:
        return NOTHING
    whole = _whole(said, choices)
    if whole is not None:
        return whole
    if said.startswith("isn't "):
        return UNSURE if any(c.say in said for c in choices) else NOTHING
    said = " ".join(wording.TAG.sub(" ", said).split())
    found = truth.find(said, choices) if truth.is_true_or_false(choices) else mentions.find(said, choices)
    return _settled(said, found, choices)


def _asks(said: str, choices: Sequence[Choice]) -> bool:
    """Return whether `said` is a question of the listener's own; a choice that opens with the same word is none."""
    spoken = bare(said)
    opens = {plain(v).split(" ")[0] for choice in choices for v in (choice.say, *choice.also)}
    if wording.OTHERWISE.search(said):
        return True
    return bool(wording.ASKS.match(spoken)) and spoken.split(" ")[0] not in opens


def _whole(said: str, choices: Sequence[Choice]) -> Heard | None:
    """Return what `said` means where it is an answer and nothing else; None where it is more or less than that."""
    core, spoken = _core(said), bare(said)
    if wording.NONE.match(spoken) or wording.NONE.match(core):
        return DECLINED
    forms = {said, core, spoken}
    exact = [i for i, c in enumerate(choices) if forms & {plain(v) for v in (c.say, *c.also)}]
    if len(exact) == 1:
        return Heard("choice", exact[0], whole=True)
    if truth.is_true_or_false(choices) and (index := truth.whole(forms, choices)) is not None:
        return Heard("choice", index, whole=True)
    if wording.DOUBT.match(spoken) or wording.NOT_ONE.search(said):
        return None
    if wording.THAT_ONE.search(spoken):
        return UNSURE
    return _placed(spoken, core, len(choices))


def _settled(said: str, found: Sequence[Mention], choices: Sequence[Choice]) -> Heard:
    """Return what the places where choices are named come to."""
    down = wording.ALL_DOWN.search(said)
    if down and not any(m.start >= down.end() and m.choice is not None and not m.denied for m in found):
        return DECLINED
    for change in reversed(list(wording.CHANGE.finditer(said))):
        bare_no = change[0] == "no"
        after = [m for m in found if m.start >= change.start() and m.end > change.end()]
        before = [m for m in found if m.end <= change.start()]
        if after and (before or not bare_no):
            found = after
            break
        rest = len(said[change.end() :].split())
        if before and not after and 0 < rest <= (1 if bare_no else 3):
            return UNSURE
    if not found:
        return UNSURE if wording.VAGUE.search(said) else NOTHING
    if wording.WHETHER.match(bare(said)):
        return UNSURE
    meant = [m for m in found if not m.denied]
    named = list(dict.fromkeys(m.choice for m in meant))
    if len(named) == 2 and len(meant) > 2 and _echoed(said, meant):
        named = [meant[-1].choice]
    if len(named) == 1:
        if wording.OR_ELSE.search(said[meant[-1].end :]) or wording.OR_BEFORE.search(said[: meant[0].start]):
            return UNSURE
        return _chosen(said, named[0], choices)
    denied = {m.choice for m in found if m.denied and m.choice is not None}
    if not named and len(denied) == len(choices):
        return DECLINED
    if not named and len(denied) == 1 and len(choices) == 2:
        return Heard("choice", next(i for i in range(2) if i not in denied))
    return UNSURE


def _chosen(said: str, index: int | None, choices: Sequence[Choice]) -> Heard:
    if index is None:
        return UNSURE
    return Heard("choice", index, whole=fuzz.ratio(_core(said), plain(choices[index].say)) >= WHOLE)


def _echoed(said: str, meant: Sequence[Mention]) -> bool:
    """Return whether the two choices of the question are said over ("a or b, um, b") before one of them is chosen."""
    first, second, *others = meant
    joined = wording.OR.search(said[first.end : second.start])
    return bool(joined) and not wording.OR.search(said[second.end : others[-1].start])


def _core(said: str) -> str:
    """Return `said` without the fillers and the "i think it's" around an answer."""
    before, core = "", bare(said)
    while before != core:
        before = core
        core = wording.REST.sub("", wording.CARRIER.sub("", bare(core)))
    return core


def _placed(spoken: str, core: str, count: int) -> Heard | None:
    """Return the choice that a letter or a place names, such as "b" or "the last one"; None where none is named."""
    same = set(core.split())
    core = same.pop() if len(same) == 1 else core  # "b, b, b"
    spelt = wording.SPELT.fullmatch(core)
    letters = {spoken, core, re.sub(r"^(?:answer|option|choice|letter) ", "", spoken), spelt[1] if spelt else ""}
    for index in range(count):
        if letters & wording.LETTERS[index]:
            return Heard("choice", index, whole=True)
    place = re.sub(r"\s+(?:one|answer|choice|option)$", "", core)
    place = re.sub(r"^(?:the|number|option|choice|answer) ", "", place)
    if place in ("last", "bottom", "one at the end"):
        return Heard("choice", count - 1, whole=True)
    for index in range(count):
        if place in wording.PLACES[index] and (place not in ("to", "too", "free", "one", "won") or core == place):
            return Heard("choice", index, whole=True)
    return None
