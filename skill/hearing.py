"""Which of a few choices somebody means: said as its words, its letter, its place, inside a sentence, or misheard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from skill.library import Choice
from skill.words import FILLERS, bare, plain

SURE = 82
"""A choice is meant when it is at least so like what was said (0 to 100) ..."""
APART = 8
"""... and so much more like it than every other one."""
WHOLE = 90
"""An utterance so like a choice is that choice and nothing else."""

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

_LETTERS = (
    {"a", "ay", "eh", "hey", "letter a"},
    {"b", "be", "bee", "bea", "letter b", "beat"},
    {"c", "see", "sea", "cee", "si", "letter c"},
)
_PLACES = (
    {"first", "one", "number one", "won", "1st", "former", "beginning", "top"},
    {"second", "two", "number two", "too", "to", "2nd", "middle", "latter"},
    {"third", "three", "number three", "tree", "free", "3rd"},
)
_CARRIER = re.compile(
    r"^(?:(?:no|wait|but|and|or|is it|it is|it's|its|was it|it was|that's|that is|i think|i say|i'd say|i would say|"
    r"i guess|i believe|i reckon|i choose|i pick|i go with|i'd go with|i'll go with|i'm going with|i'll take|i'll say|"
    r"i want|i mean|i meant|i want to say|i'd go for|i'll go for|go for|give me|what about|how about|that sounds like|"
    r"that sounds|sounds like|sounds|that looks like|that looks|looks like|"
    r"think|guess|reckon|say|my answer is|the answer is|answer is|answer|must be|it must be|it has to be|has to be|"
    r"could it be|could be|"
    r"probably|maybe|definitely|surely|for sure|let's go with|let's say|going with|gonna say|i'm gonna say|gotta be|"
    r"go with|take|it's gotta be|that would be|would be|that'd be|the|this|that|is|it|option|choice|letter|number|"
    r"one is|(?:the )?one (?:about|with|where|that says)|he|she|they|we think|we say|we go with|me i think|me|i)\s+)+"
)
_REST = re.compile(
    r"(?:\s+(?:one|i think|i guess|i suppose|i reckon|i believe|to me|isn't it|isn't that|final answer|answer|is it|"
    r"right|yes|maybe|of course|for sure|"
    r"definitely|probably|sure|choice|option|please|thanks|then|is right|is correct|is the answer|of them|i say|no))+$"
)
_CHANGE = re.compile(
    r"\b(?:no wait|wait no|no no|no sorry|sorry no|or no|no actually|actually no|actually|i mean|scratch that|"
    r"rather|on second thought|hang on|hold on|wait|sorry|no make that|make that|make it|i meant|no it's|no i|no)\b"
)
_NONE = re.compile(
    r"^(?:(?:it's |i think |i say |i want |it is )?(?:neither|none|none of (?:them|these|those|the above)|"
    r"neither of (?:them|these|those)|neither one|not (?:any|either) of (?:them|these)|both|both of them|both of these|"
    r"all|all of (?:them|these|those|the above)|all three|the two|no one|"
    r"a bit of both|a little of both|all the above))(?: (?:is|are) (?:right|true|correct|wrong))?$"
)
_NOT = re.compile(
    r"\b(?:not|isn't|wasn't|ain't|can't be|cannot be|(?:don't|do not) (?:think|believe|reckon)|doubt|neither|except)\b|"
    r"\b(?:is|are) (?:\w+ )?wrong$"
)
_DOUBT = re.compile(
    r"^(?:(?:i'm |i am )?(?:not (?:really |quite |so |too )?sure|unsure)|i (?:really )?don't know|dunno)\b"
)
_WHETHER = re.compile(r"^(?:if|whether|about|that)\b")
_OR = re.compile(r"\b(?:or|and|either|between)\b")
_ASKS = re.compile(
    r"^(?:(?:what|how)(?! about\b)|what's|how's|why|who|who's|where|which|am|are|do|does|did|can|should|will|repeat|"
    r"(?:could|would) (?:you|i|we|he|she|they)\b|when (?:do|does|did|is|are|was|can|should|will)|"
    r"tell me (?:what|how|why)|is (?:my|our|he|she|there)|"
    r"is it (?:true|false|okay|ok|normal|bad|good|healthy|wrong) (?!or\b)\w+)\b"
)
"""How a question of the listener's own opens, or a wish to hear something again: no answer, whatever it names."""

_TRUE = frozenset(
    "true|drew|through|troo|threw|crew|truth|that's true|it's true|that is true|very true|so true|true that|correct|"
    "that's correct|right|that's right|yes|yeah|yep|yup|yes it is|yes it's true|yes that's true|i agree|tru|chew".split(
        "|"
    )
)
_FALSE = frozenset(
    "false|falls|fall|force|fools|fuls|vols|faults|fault|faucet|fast|wrong|that's wrong|it's wrong|not true|"
    "that's not true|it's not true|untrue|that's false|it's false|incorrect|not correct|not right|that's not right|"
    "that's a lie|no|nope|nah|no it isn't|no it's not|no it's false|no that's false|no that's not true|i disagree|"
    "falsch|walls|halls".split("|")
)


def hear(utterance: str, choices: Sequence[Choice]) -> Heard:
    """Return which of `choices` an utterance means.

    After a change of mind ("a, no, b") the last choice counts. What turns all down is "declined"; what could be two of
    them is "unsure"; what is no answer at all is "nothing".
    """
    said = plain(utterance)
    if not said or _asks(said, choices):
        return NOTHING
    whole = _one(said, choices)
    if whole.whole or whole.kind == "declined":
        return whole
    parts = [part.strip() for part in _CHANGE.split(said) if part.strip()]
    if len(parts) > 1:
        heard = [_one(part, choices) for part in parts]
        if heard[-1].kind == "choice" and (heard[-1].whole or not _NOT.search(parts[-1])):
            return heard[-1]
        if heard[-1].kind == "nothing" and len(parts[-1].split()) <= 3 and heard[-2].kind == "choice":
            return UNSURE
    return whole


def _asks(said: str, choices: Sequence[Choice]) -> bool:
    """Return whether `said` is a question of the listener's own; a choice that opens with the same word is none."""
    spoken = bare(said)
    opens = {plain(v).split(" ")[0] for choice in choices for v in (choice.say, *choice.also)}
    return bool(_ASKS.match(spoken)) and spoken.split(" ")[0] not in opens


def _one(said: str, choices: Sequence[Choice]) -> Heard:
    """Return what `said`, without any change of mind, means."""
    core = _core(said)
    if _NONE.match(bare(said)) or _NONE.match(core):
        return DECLINED
    exact = [i for i, c in enumerate(choices) if {said, core, bare(said)} & {plain(v) for v in (c.say, *c.also)}]
    if len(exact) == 1:
        return Heard("choice", exact[0], whole=True)
    doubt = _DOUBT.match(bare(said))
    if doubt:
        rest = bare(said)[doubt.end() :].strip()
        guess = _one(rest, choices) if rest else NOTHING
        return UNSURE if guess.kind == "choice" and _WHETHER.match(rest) else guess
    named = [_one(part.strip(), choices) for part in _OR.split(said)] if _OR.search(said) else []
    if len({heard.index for heard in named if heard.kind == "choice"}) > 1:
        return UNSURE
    if {c.say for c in choices} == {"true", "false"}:
        return _true_or_false(said, core, choices)
    heard = _placed(said, core, len(choices)) or _alike(core, choices)
    if heard.kind == "choice" and heard.index is not None and _NOT.search(said):
        return heard if heard.whole or _NOT.search(choices[heard.index].say) else UNSURE
    if heard.kind == "nothing" and said.startswith("not ") and _one(said[4:], choices).kind == "choice":
        return UNSURE
    return heard


def _alike(core: str, choices: Sequence[Choice]) -> Heard:
    """Return the choice whose words are most like `core`, where none other comes near it."""
    if len(core) > 3 and all(core.replace(" ", "") in c.say for c in choices):
        return UNSURE
    likeness = [max(_like(core, plain(v)) for v in (c.say, *c.also)) for c in choices]
    order = sorted(range(len(choices)), key=lambda i: -likeness[i])
    best, second = order[0], order[1]
    if likeness[best] >= SURE and likeness[best] - likeness[second] >= APART:
        return Heard("choice", best, whole=fuzz.ratio(core, plain(choices[best].say)) >= WHOLE)
    return UNSURE if likeness[best] >= SURE else NOTHING


def _core(said: str) -> str:
    """Return `said` without the fillers and the "i think it's" around an answer."""
    before, core = "", bare(said)
    while before != core:
        before = core
        core = _REST.sub("", _CARRIER.sub("", bare(core)))
    return core


def _true_or_false(said: str, core: str, choices: Sequence[Choice]) -> Heard:
    index = {c.say: i for i, c in enumerate(choices)}
    forms = {said, core, bare(said)}
    if forms & _FALSE:
        return Heard("choice", index["false"], whole=True)
    if forms & _TRUE:
        return Heard("choice", index["true"], whole=True)
    placed = _placed(said, core, 2)
    if placed is not None:
        return UNSURE if _NOT.search(said) else placed
    words = said.split()
    true, false = "true" in words, "false" in words
    if (true and false) or ((true or false) and said.startswith("isn't")):
        return UNSURE
    if (true or false) and (len(words) <= 8 or _REASON.match(core)):
        opposite = bool(_NOT.search(said))
        return Heard("choice", index["true" if true != opposite else "false"])
    return NOTHING


_REASON = re.compile(r"(?:true|false) (?:because|cause|since|as|but|if|when)\b")
_SPELT = re.compile(r"([abc]) (?:as in|for|like) \w+")
_LETTER_LAST = re.compile(r"\b(?:answer|option|choice|letter|say|with|it's|is|be|think|pick|choose|take) ([abc])$")


def _placed(said: str, core: str, count: int) -> Heard | None:
    """Return the choice that a letter or a place names, such as "b" or "the last one"; None where none is named."""
    spoken = bare(said)
    same = set(core.split())
    core = same.pop() if len(same) == 1 else core  # "b, b, b"
    spelt = _SPELT.fullmatch(core)
    letters = {spoken, core, re.sub(r"^(?:answer|option|choice|letter) ", "", spoken), spelt[1] if spelt else ""}
    last = _LETTER_LAST.search(spoken)
    for index in range(count):
        if letters & _LETTERS[index]:
            return Heard("choice", index, whole=True)
        if last and last[1] == "abc"[index]:
            return Heard("choice", index)
    place = re.sub(r"\s+(?:one|answer|choice|option)$", "", core)
    place = re.sub(r"^(?:the|number|option|choice|answer) ", "", place)
    if place in ("last", "final", "bottom", "end"):
        return Heard("choice", count - 1, whole=True)
    for index in range(count):
        if place in _PLACES[index] and (place not in ("to", "too", "free", "one", "won") or core == place):
            return Heard("choice", index, whole=True)
    said_place = re.search(r"\bthe (first|second|third|last|middle)(?: one| answer| choice| option)?\b", spoken)
    if said_place and len(spoken.split()) <= 9:
        index = {"first": 0, "second": 1, "middle": 1, "third": 2, "last": count - 1}[said_place[1]]
        return Heard("choice", index) if index < count else None
    return None


def _like(said: str, choice: str) -> float:
    """Return from 0 to 100 how like `said` is to `choice`; alike means word by word, a sound or two apart."""
    if not said or not choice:
        return 0.0
    letters: float = fuzz.ratio(said.replace(" ", ""), choice.replace(" ", ""))
    have, want = _content(said), _content(choice)
    if not have or len(want) < 2 or choice in _PAIR:
        return letters
    if any(_opposed(word, other) for word in have for other in want):
        return 0.0
    near_have = sum(any(_near(word, other) for other in want) for word in have)
    near_want = sum(any(_near(word, other) for other in have) for word in want)
    share = 100.0 * (near_want / len(want)) * (near_have / len(have)) ** 0.4
    if near_have == len(have) and near_have >= 1 and len("".join(have)) >= 4:
        share = max(share, 84.0 + 8.0 * near_want / len(want))
    likeness: float = max(letters, share)
    return likeness


_PAIR = frozenset({"code dependent", "co dependent", "cold dependent", "inter dependent", "inter dependents"})
"""Single words that a recogniser splits in two: their halves mean nothing by themselves."""
_SMALL = frozenset(
    "the a an of to and or in it is be that your you i for with not on at as by are was when my their".split()
)


def _content(text: str) -> list[str]:
    words = [word for word in text.split() if word not in FILLERS]
    return [word for word in words if word not in _SMALL] or words


def _opposed(one: str, other: str) -> bool:
    """Return whether two words that sound alike mean the opposite, such as "healthy" and "unhealthy"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and longer in (f"un{shorter}", f"in{shorter}", f"dis{shorter}")


def _near(one: str, other: str) -> bool:
    """Return whether two words are the same or a sound or two apart."""
    if one == other:
        return True
    if min(len(one), len(other)) < 4:
        return False
    return DamerauLevenshtein.distance(one, other) <= (1 if max(len(one), len(other)) < 7 else 2)
