"""Where in an utterance a few choices are named: by their words, as they sound, by a letter, or by a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from jellyfish import metaphone
from rapidfuzz import fuzz

from skill.library import Choice
from skill.words import FILLERS, plain

LIKE = 84
"""Words name a choice when they are at least so like it, in letters or in sounds (0 to 100) ..."""
APART = 8
"""... and so much more like it than every other choice; else they may be any of these."""
SHORT = 7
"""Letters below which a choice is short."""
HEARD_AS = 60
"""What sounds like a choice is taken for it when its letters are at least so like (0 to 100)."""
KEY_SHARE = 0.5
"""So much of what only one choice has must be said for it to be meant anywhere in a sentence ..."""
FRAMED_SHARE = 0.2
"""... and so much in "the ... one"."""

SMALL = frozenset(
    "the a an of to and or in it is be that your you i for with not on at as by are was when my their they he she we "
    "his her him them its it's that's what do does don't have has yes no yeah nope idea from one".split()
)
"""Words that choose nothing by themselves."""
DENIED_BEFORE = re.compile(
    r"\b(?:not|isn't|wasn't|aren't|ain't|can't be|cannot be|couldn't be|can't say|never(?! mind)|(?:don't|do not) "
    r"(?:think|believe|reckon)|doubt|neither|nor|except|anything but)\b(?: \S+){0,4} ?$"
)
DENIED_AFTER = re.compile(r"^ (?:(?:one )?(?:is|are|was)(?: \w+)? wrong|isn't|is not|can't be)\b")

_NEGATIVE = re.compile(r"\b(?:not|no|never|nobody|nothing|neither|without|\w+n't)\b")
_AFTER = (
    r"(?=$| (?:because|cause|since|so|i|i'm|it|it's|that's|the|is|was|has|isn't|yes|no|not|nor|or|and|either|please|my|"
    r"dear|love|thank|thanks|sorry|wait|then|for|only|obviously|of course|maybe|actually|reminds|makes|sounds|feels|"
    r"again|final|um|uh|could|would|might|must)\b)"
)
"""What may stand after a letter or a place; before anything else "the first" begins something longer."""
_LETTER = re.compile(
    r"(?<!\S)(?:"
    r"(?:(?:answer|option|choice|letter|say|with|it's|is|be|think|pick|choose|take|for|definitely|probably|maybe|not|"
    r"mean|that|either|or|between|and|no) )(?:the )?(?:answer |option |choice |letter )?(?P<framed>a)" + _AFTER + r"|"
    r"(?P<first>a)(?= (?:or|and|no|because|definitely|as in|for sure)\b|$)|"
    r"(?P<alone>[bcd])(?!\S)|"
    r"(?:say|with|it's|think|pick|choose|for|definitely|probably|answer|option|letter|not) "
    r"(?P<sound>ay|eh|be+|bea|see|sea|cee)(?=$| (?:because|please|i think)\b)|"
    r"(?P<spelt>ay|eh|a|be+|bea|b|see|sea|cee|c)(?= (?:as in|for) \w+))"
)
_PLACE = re.compile(
    r"(?<!in )\b(?:(?:the|my|that) (?P<ordinal>first|second|third|fourth|fifth|last|middle|top|bottom|former|latter)"
    r"(?: (?:one|answer|choice|option|of them))?|(?:number|option|answer|choice) (?P<cardinal>one|two|three|four|five)|"
    r"(?:the )?one in the (?P<midst>middle))" + _AFTER
)
_INDEX = {
    **dict(zip(("first", "second", "third", "fourth", "fifth"), range(5), strict=True)),
    **dict(zip(("one", "two", "three", "four", "five"), range(5), strict=True)),
    **{"top": 0, "former": 0, "middle": 1, "latter": 1},
}
_FRAME = r"\bthe (?:\S+ ){{0,2}}{0}(?: \S+)? one\b|\bone (?:about|with|where|that|who|of)\b(?: \S+){{0,4}} {0}\b"
_AMONG = re.compile(r"\bone of (?:those|these|them|the)\b|\b(?:first|last|other) two\b")


@dataclass(frozen=True)
class Mention:
    """One place in an utterance where a choice is named."""

    start: int
    """Where it begins in the utterance, in characters."""
    end: int
    choice: int | None
    """The choice's index; None where it may be several of them, or one that isn't there."""
    denied: bool = False
    """Whether it is named to say that it is not meant."""


def find(said: str, choices: Sequence[Choice]) -> list[Mention]:
    """Return what plain words `said` name of `choices`, in the order in which they are said."""
    strong = _pointed(said, len(choices)) + _named(said, choices)
    found = _apart(strong) or _hinted(said, choices)
    found.sort(key=lambda m: m.start)
    bounds = [0, *(mention.end for mention in found)]
    return [replace(m, denied=denied(said, m.start, m.end, since)) for m, since in zip(found, bounds, strict=False)]


def _pointed(said: str, count: int) -> list[Mention]:
    """Return the letters and places that are named."""
    found = []
    for match in _LETTER.finditer(said):
        letter = match["framed"] or match["first"] or match["alone"] or match["sound"] or match["spelt"]
        index = "abcd".index({"e": "a", "s": "c"}.get(letter[0], letter[0]))
        found.append(Mention(match.end() - len(letter), match.end(), index if index < count else None))
    for match in _PLACE.finditer(said):
        word = match["ordinal"] or match["cardinal"] or match["midst"]
        index = count - 1 if word in ("last", "bottom") else _INDEX[word]
        found.append(Mention(match.start(), match.end(), index if index < count else None))
    return found + [Mention(match.start(), match.end(), None) for match in _AMONG.finditer(said)]


def _named(said: str, choices: Sequence[Choice]) -> list[Mention]:
    """Return the runs of words that are like a choice's own, as they are written or as they sound."""
    words = [(match.start(), match.end()) for match in re.finditer(r"\S+", said)]
    forms = [[form for v in (c.say, *c.also) if (form := _form(v))] for c in choices]
    longest = max((form.words for some in forms for form in some), default=0)
    scored: list[tuple[float, int, Mention]] = []
    for first, (start, _) in enumerate(words):
        for last in range(first, min(len(words), first + longest + 2)):
            window = said[start : words[last][1]]
            if window in SMALL or window in FILLERS:
                continue
            run = _Form.of(window)
            shared = len(run.letters) > 3 and all(any(run.letters in form.letters for form in some) for some in forms)
            likeness = [max((run.like(form) for form in some), default=0.0) for some in forms]
            best = max(range(len(choices)), key=lambda i: likeness[i])
            if likeness[best] < LIKE:
                continue
            close = [i for i, value in enumerate(likeness) if value > likeness[best] - APART]
            scored.append(
                (
                    likeness[best],
                    last - first,
                    Mention(start, words[last][1], None if shared or len(close) > 1 else best),
                )
            )
    scored.sort(key=lambda item: (-item[0], -item[1]))
    return [mention for _, _, mention in scored]


def _apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, the likeliest first, that do not lie over one before them."""
    kept: list[Mention] = []
    for mention in mentions:
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return kept


@dataclass(frozen=True)
class _Form:
    """A run of words as it is compared."""

    words: int
    letters: str
    sounds: str
    parts: tuple[str, ...]
    denies: bool

    @classmethod
    def of(cls, text: str) -> _Form:
        letters = re.sub(r"[^a-z]", "", text)
        return cls(text.count(" ") + 1, letters, _sounds(letters), tuple(text.split()), bool(_NEGATIVE.search(text)))

    def like(self, other: _Form) -> float:
        """Return from 0 to 100 how like two runs of words are."""
        if abs(self.words - other.words) > 2 or not self.letters or not other.letters or self.denies != other.denies:
            return 0.0
        if self.letters == other.letters:
            return 100.0
        shorter = min(len(self.letters), len(other.letters))
        if shorter < 4 or any(opposed(a, b) for a in self.parts for b in other.parts):
            return 0.0
        letters: float = fuzz.ratio(self.letters, other.letters)
        if shorter < SHORT:
            # So short a word is many another word but for one sound; it must sound the same.
            return letters + 10.0 if self.sounds == other.sounds and letters >= LIKE - 10.0 else 0.0
        sounds = fuzz.ratio(self.sounds, other.sounds) - 2.0 if letters > HEARD_AS else 0.0
        return max(letters, sounds)


@lru_cache(maxsize=4096)
def _form(value: str) -> _Form | None:
    text = plain(value)
    return _Form.of(text) if text and text not in SMALL else None


def _hinted(said: str, choices: Sequence[Choice]) -> list[Mention]:
    """Return the choice of which the words that no other has are said, where only one has them."""
    keys = [_keys(choice) for choice in choices]
    own = [
        [
            words - {w for other in (*keys[:i], *keys[i + 1 :]) for some in other for w in words if _any(w, some)}
            for words in forms
        ]
        for i, forms in enumerate(keys)
    ]
    tokens = [
        (m.start(), m.end(), m[0]) for m in re.finditer(r"\S+", said) if m[0] not in SMALL and m[0] not in FILLERS
    ]
    found: list[tuple[float, Mention]] = []
    for index, (forms, all_forms) in enumerate(zip(own, keys, strict=True)):
        for words, every in zip(forms, all_forms, strict=True):
            hits = [(start, end, token) for start, end, token in tokens if _any(token, words)]
            said_of_it = {w for w in words if any(near(token, w) for _, _, token in tokens)}
            if not hits:
                continue
            share = len(said_of_it) / len(every)
            framed = any(re.search(_FRAME.format(re.escape(token)), said) for _, _, token in hits)
            if share >= KEY_SHARE or (framed and share >= FRAMED_SHARE):
                found.append((share, Mention(hits[0][0], hits[-1][1], index)))
    if not found:
        return []
    best = max(found, key=lambda item: item[0])
    rivals = {m.choice for share, m in found if m.choice != best[1].choice and share > best[0] - 0.3}
    return [replace(best[1], choice=None) if rivals else best[1]]


def _keys(choice: Choice) -> list[frozenset[str]]:
    """Return the words that matter of each form of a choice."""
    forms = [
        frozenset(w for w in plain(v).split() if w not in SMALL and w not in FILLERS)
        for v in (choice.say, *choice.also)
    ]
    return [form for form in forms if form]


def _any(word: str, words: frozenset[str] | set[str]) -> bool:
    return any(near(word, other) for other in words)


def near(one: str, other: str) -> bool:
    """Return whether two words are the same, a sound apart, or of one stem."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 4 or opposed(one, other):
        return False
    stem = 0
    while stem < shorter and one[stem] == other[stem]:
        stem += 1
    if stem >= max(4, shorter - 2):
        return True
    sounds = _sounds(one), _sounds(other)
    return (len(sounds[0]) > 2 and sounds[0] == sounds[1]) or (shorter > 4 and fuzz.ratio(one, other) >= LIKE)


def opposed(one: str, other: str) -> bool:
    """Return whether two words that sound alike mean the opposite, such as "healthy" and "unhealthy"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and longer in (f"un{shorter}", f"in{shorter}", f"dis{shorter}")


def denied(said: str, start: int, end: int, since: int = 0) -> bool:
    """Return whether what stands from `start` to `end` is denied, by what stands after `since`."""
    return bool(DENIED_BEFORE.search(said[since:start].rstrip()) or DENIED_AFTER.match(said[end:]))


@lru_cache(maxsize=4096)
def _sounds(letters: str) -> str:
    return metaphone(letters).replace(" ", "")
