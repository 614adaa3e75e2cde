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
            if not _matters(window):
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
        if shorter < 4:
            return 0.0
        letters: float = fuzz.ratio(self.letters, other.letters, score_cutoff=HEARD_AS)
        if shorter < SHORT:
            # So short a word is many another word but for one sound; it must sound the same.
            likeness = letters + 10.0 if self.sounds == other.sounds and letters >= LIKE - 10.0 else 0.0
        else:
            likeness = max(letters, fuzz.ratio(self.sounds, other.sounds) - 2.0) if letters > HEARD_AS else 0.0
        if likeness > LIKE - APART and any(opposed(a, b) for a in self.parts for b in other.parts):
            return 0.0
        return likeness


# Only what stands in the content is kept between turns, nothing that a listener said.
@lru_cache(maxsize=4096)
def _form(value: str) -> _Form | None:
    text = plain(value)
    return _Form.of(text) if text and text not in SMALL else None


def _hinted(said: str, choices: Sequence[Choice]) -> list[Mention]:
    """Return the choice of which the words that no other has are said, where only one has them."""
    tokens = [(m.start(), m.end(), _Word.of(m[0])) for m in re.finditer(r"\S+", said) if _matters(m[0])]
    found: list[tuple[float, Mention]] = []
    for index, forms in enumerate(_own(tuple(choices))):
        said_as = {
            word: [token for token in tokens if token[2].near(word)] for word in set().union(*(own for own, _ in forms))
        }
        for own, size in forms:
            hits = sorted({token for word in own for token in said_as[word]})
            if not hits:
                continue
            share = sum(bool(said_as[word]) for word in own) / size
            framed = any(re.search(_FRAME.format(re.escape(word.text)), said) for _, _, word in hits)
            if share >= KEY_SHARE or (framed and share >= FRAMED_SHARE):
                found.append((share, Mention(hits[0][0], hits[-1][1], index)))
    if not found:
        return []
    best = max(found, key=lambda item: item[0])
    rivals = {m.choice for share, m in found if m.choice != best[1].choice and share > best[0] - 0.3}
    return [replace(best[1], choice=None) if rivals else best[1]]


@dataclass(frozen=True, order=True)
class _Word:
    """A word as it is compared."""

    text: str
    sounds: str

    @classmethod
    def of(cls, text: str) -> _Word:
        return cls(text, _sounds(text))

    def near(self, other: _Word) -> bool:
        """Return whether two words are the same, a sound apart, or of one stem."""
        if self.text == other.text:
            return True
        shorter = min(len(self.text), len(other.text))
        if shorter < 4 or opposed(self.text, other.text):
            return False
        stem = max(4, shorter - 2)
        if self.text[:stem] == other.text[:stem]:
            return True
        if len(self.sounds) > 2 and self.sounds == other.sounds:
            return True
        return shorter > 4 and fuzz.ratio(self.text, other.text) >= LIKE


@lru_cache(maxsize=512)
def _own(choices: tuple[Choice, ...]) -> list[list[tuple[frozenset[_Word], int]]]:
    """Return for each form of each choice the words that no other choice has, and how many of its words matter."""
    keys = [
        [frozenset(map(_Word.of, filter(_matters, plain(value).split()))) for value in (choice.say, *choice.also)]
        for choice in choices
    ]
    found = []
    for index, forms in enumerate(keys):
        others = {word for other in (*keys[:index], *keys[index + 1 :]) for form in other for word in form}
        found.append(
            [(frozenset(w for w in form if not any(w.near(o) for o in others)), len(form)) for form in forms if form]
        )
    return found


def _matters(word: str) -> bool:
    return word not in SMALL and word not in FILLERS


def opposed(one: str, other: str) -> bool:
    """Return whether two words that sound alike mean the opposite, such as "healthy" and "unhealthy"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 4 and longer in (f"un{shorter}", f"in{shorter}", f"dis{shorter}")


def denied(said: str, start: int, end: int, since: int = 0) -> bool:
    """Return whether what stands from `start` to `end` is denied, by what stands after `since`."""
    return bool(DENIED_BEFORE.search(said[since:start].rstrip()) or DENIED_AFTER.match(said[end:]))


def _sounds(letters: str) -> str:
    return metaphone(letters).replace(" ", "")
