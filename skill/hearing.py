"""Which of a few choices somebody means: said as its words, its letter, its place, inside a sentence, or misheard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from skill import mentions
from skill.library import Choice
from skill.mentions import Mention
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
    r"on second thought|hang on|hold on|wait|sorry|no make that|make that|make it|i meant|no it's|no i|no)\b"
)
_NONE = re.compile(
    r"^(?:(?:it's |i think |i say |i want |it is )?(?:neither|none|none of (?:them|these|those|the above)|"
    r"neither of (?:them|these|those)|neither one|not (?:any|either) of (?:them|these)|both|both of them|both of these|"
    r"all|all of (?:them|these|those|the above)|all three|the two|no one|"
    r"a bit of both|a little of both|all the above))(?: (?:is|are) (?:right|true|correct|wrong))?$"
)
_ALL_DOWN = re.compile(
    r"\b(?:none|neither|not any|not either) of (?:them|these|those|the above)\b|\ball of (?:them|these|those|the above)\b|"
    r"\b(?:not any|any) of (?:them|these|those) three\b|\b(?:don't|do not) like (?:any|either) of\b|\bneither\b(?=$| he's| she's| they're| it's)|"
    r"\bneither (?:true nor false|one)\b|\b(?:bit|little) of both\b|\bboth of them\b|\b(?:won't|can't) (?:pick|choose|take) either\b|"
    r"\b(?:they're|they are|those are) all (?:true|right|wrong|false)\b|\bnot? (?:call it )?one or the other\b|\bcall it one or the other\b|"
    r"\bnot the first and not the second\b"
)
_NOT_ONE = re.compile(r"\b(?:not|isn't|ain't|can't be|cannot be|except|(?:don't|do not) (?:think|believe|reckon))\b")
_THAT_ONE = re.compile(r"^(?:i (?:think|say) )?(?:that|this|it's that|it's this) one\b(?: yes| please| i think)?$")
_DENIAL = re.compile(r"no$")
_DOUBT = re.compile(
    r"^(?:(?:i'm |i am )?(?:not (?:really |quite |so |too )?sure|unsure)|i (?:really )?don't know|dunno)\b"
)
_WHETHER = re.compile(
    r"^(?:(?:i'm |i am )?(?:not (?:really |quite |so |too )?sure|unsure)|i (?:really )?don't know|dunno) (?:if|whether|about|that)\b"
)
_VAGUE = re.compile(
    r"^(?:(?:it )?(?:all )?depends|sometimes|(?:yes|partly|kind of|sort of) (?:yes )?and (?:partly )?no|maybe|perhaps|partly|"
    r"either|not always|half and half|could be)\b|\bone of (?:those|these|them|the two)\b"
)
_OR = re.compile(r"\b(?:or|and|either|between)\b")
_TAG = re.compile(
    r"(?<!^)\b(?:isn't it|isn't that|isn't he|isn't she|aren't they|doesn't it|don't you think|won't it|innit|don't it)\b|"
    r"\b(?:i'm |i am )?not (?:really |quite |so |too |completely )?sure but\b|\bi don't know but\b"
)
"""What is put after an answer, or before it, and denies nothing."""
_AT_LAST = re.compile(
    r"\b(?:i would say|i'd say|i think it's|i'd go with|i'll go with|i would go with|my answer is|yes) (?P<rest>(?:\S+ ?){1,5})$"
)
"""How an answer is put after the question's own words."""
_OTHERWISE = re.compile(
    r"\b(?:didn't|did not|couldn't|can't) (?:hear|catch|get|understand)\b|\b(?:don't|do not) care\b|^(?:no|not an?y?) (?:idea|clue)\b"
)
"""What says something else than an answer, whatever words of one are in it."""
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
    "falsch|walls|halls|fours|floors".split("|")
)



_SPELT = re.compile(r"([abc]) (?:as in|for|like) \w+")
_TRUTH = re.compile(
    r"\b(?P<open>true or (?:is it )?false|(?:maybe|perhaps) (?:true|false) (?:maybe|perhaps) (?:true|false))\b|"
    r"\b(?P<false>false|untrue|(?:it's|that's|it is|that is|what|such) a lie|rubbish|nonsense|disagree|incorrect|"
    r"(?:that's|it's|it is|that is) (?:just |all |totally |completely )?wrong|(?<=not )(?:right|correct)(?= |$)(?!)|of course not|don't think so|doubt it)\b|"
    r"\b(?P<true>true|correct|i agree|(?:that's|it's|it is|that is|must be|has to be|sounds) (?:about |quite |so )?right|"
    r"(?:yes|yeah) of course|i think so|absolutely|exactly)\b"
)
"""Words for true and for false, wherever they stand."""
_YES_NO = re.compile(
    r"(?:(?P<yes>yes|yeah|yep|yup|sure)|(?P<no>no|nope|nah))\b"
)
_COMMAND = re.compile(
    r"\b(?:stop|quit|skip|pass|repeat|again|pause|wait|cancel|leave|enough|done|later|next|hang on|hold on|slower|help|"
    r"question|quiz|score|thanks|thank you|please|alexa)\b"
)
"""Words beside which a yes or a no may be about something else than the question."""


def hear(utterance: str, choices: Sequence[Choice]) -> Heard:
    """Return which of `choices` an utterance means.

    After a change of mind ("a, no, b") the last choice counts. What turns all down is "declined"; what could be two of
    them is "unsure"; what is no answer at all is "nothing".
    """
    said = plain(utterance)
    if said and _asks(said, choices):
        # The question may only be said over, and then answered.
        answered = _AT_LAST.search(said)
        said = answered["rest"] if answered else ""
    if not said:
        return NOTHING
    whole = _whole(said, choices)
    if whole is not None:
        return whole
    if said.startswith("isn't "):
        return UNSURE if any(c.say in said for c in choices) else NOTHING
    said = " ".join(_TAG.sub(" ", said).split())
    found = _spoken_truth(said, choices) if _is_true_or_false(choices) else mentions.find(said, choices)
    return _settled(said, found, choices)


def _asks(said: str, choices: Sequence[Choice]) -> bool:
    """Return whether `said` is a question of the listener's own; a choice that opens with the same word is none."""
    spoken = bare(said)
    opens = {plain(v).split(" ")[0] for choice in choices for v in (choice.say, *choice.also)}
    if _OTHERWISE.search(said):
        return True
    return bool(_ASKS.match(spoken)) and spoken.split(" ")[0] not in opens


def _whole(said: str, choices: Sequence[Choice]) -> Heard | None:
    """Return what `said` means where it is an answer and nothing else; None where it is more or less than that."""
    core, spoken = _core(said), bare(said)
    if _NONE.match(spoken) or _NONE.match(core):
        return DECLINED
    forms = {said, core, spoken}
    exact = [i for i, c in enumerate(choices) if forms & {plain(v) for v in (c.say, *c.also)}]
    if len(exact) == 1:
        return Heard("choice", exact[0], whole=True)
    if _is_true_or_false(choices):
        index = {c.say: i for i, c in enumerate(choices)}
        for words, name in ((_FALSE, "false"), (_TRUE, "true")):
            if forms & words:
                return Heard("choice", index[name], whole=True)
    if _DOUBT.match(spoken) or _NOT_ONE.search(said):
        return None
    if _THAT_ONE.search(spoken):
        return UNSURE
    return _placed(spoken, core, len(choices))


def _settled(said: str, found: Sequence[Mention], choices: Sequence[Choice]) -> Heard:
    """Return what the places where choices are named come to."""
    down = _ALL_DOWN.search(said)
    if down and not any(m.start >= down.end() and m.choice is not None and not m.denied for m in found):
        return DECLINED
    changes = [match for match in _CHANGE.finditer(said)]
    for change in reversed(changes):
        after = [m for m in found if m.start >= change.start() and m.end > change.end()]
        before = [m for m in found if m.end <= change.start()]
        if after and (before or not _DENIAL.match(change[0])):
            found = after
            break
        rest = len(said[change.end() :].split())
        if before and not after and 0 < rest <= (1 if _DENIAL.match(change[0]) else 3):
            return UNSURE
    if not found:
        return UNSURE if _VAGUE.search(said) else NOTHING
    if _WHETHER.match(bare(said)):
        return UNSURE
    meant = [m for m in found if not m.denied]
    named = list(dict.fromkeys(m.choice for m in meant))
    if len(named) == 2 and len(meant) > 2 and _echoed(said, meant):
        named = [meant[-1].choice]
    if len(named) == 1:
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
    joined = _OR.search(said[first.end : second.start])
    return bool(joined) and not _OR.search(said[second.end : others[-1].start])


def _core(said: str) -> str:
    """Return `said` without the fillers and the "i think it's" around an answer."""
    before, core = "", bare(said)
    while before != core:
        before = core
        core = _REST.sub("", _CARRIER.sub("", bare(core)))
    return core


def _is_true_or_false(choices: Sequence[Choice]) -> bool:
    return {c.say for c in choices} == {"true", "false"}


def _spoken_truth(said: str, choices: Sequence[Choice]) -> list[Mention]:
    """Return where `said` says true or false, in these words or in others."""
    index = {c.say: i for i, c in enumerate(choices)}
    found = []
    since = 0
    for match in _TRUTH.finditer(said):
        name = match.lastgroup
        opposite = mentions.denied(said, match.start(), match.end(), since)
        since = match.end()
        if name == "open":
            found.append(Mention(match.start(), match.end(), None))
        else:
            found.append(Mention(match.start(), match.end(), index["true" if (name == "true") != opposite else "false"]))
    if found:
        return found
    pointed = mentions.find(said, choices)
    if pointed:
        return pointed
    opening = _YES_NO.match(bare(said)) or _YES_NO.match(said)
    if opening and not _COMMAND.search(said):
        return [Mention(0, len(opening[0]), index["true" if opening.lastgroup == "yes" else "false"])]
    return []


def _placed(spoken: str, core: str, count: int) -> Heard | None:
    """Return the choice that a letter or a place names, such as "b" or "the last one"; None where none is named."""
    same = set(core.split())
    core = same.pop() if len(same) == 1 else core  # "b, b, b"
    spelt = _SPELT.fullmatch(core)
    letters = {spoken, core, re.sub(r"^(?:answer|option|choice|letter) ", "", spoken), spelt[1] if spelt else ""}
    for index in range(count):
        if letters & _LETTERS[index]:
            return Heard("choice", index, whole=True)
    place = re.sub(r"\s+(?:one|answer|choice|option)$", "", core)
    place = re.sub(r"^(?:the|number|option|choice|answer) ", "", place)
    if place in ("last", "final", "bottom", "end"):
        return Heard("choice", count - 1, whole=True)
    for index in range(count):
        if place in _PLACES[index] and (place not in ("to", "too", "free", "one", "won") or core == place):
            return Heard("choice", index, whole=True)
    return None
