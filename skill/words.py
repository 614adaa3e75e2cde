"""How an utterance is taken apart before anything tries to understand it."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

FILLERS = frozenset(
    "um umm uh uhm er erm ah oh ooh hm hmm mm mmm well so okay ok like please hey alexa just really actually maybe "
    "sorry dear love honey yeah right now then".split()
)
"""Words around an answer or a command that change nothing of it."""

_LEAD = re.compile(
    r"^(?:(?:um+|uh+m?|er+m?|ah|oh+|ooh|hm+|mm+|well|so|okay|ok|like|please|hey|alexa|sorry|yeah|alright|all right|"
    r"look|listen|and|but|right|now|yeah|you know|i mean|let me see|let's see)\s+)+"
)
_TAIL = re.compile(
    r"(?:\s+(?:please|thanks|thank you|dear|love|honey|alexa|then|now|um+|uh+|okay|ok|you know|for me|mate|man|dude))+$"
)


def plain(text: str) -> str:
    """Return `text` in lower case with straight apostrophes, without punctuation or doubled spaces."""
    return " ".join(word.replace("’", "'") for word in WORD.findall(text.lower()))


def bare(text: str) -> str:
    """Return plain `text` without the fillers at its two ends; all of it where nothing else is left."""
    text = plain(text)
    trimmed = _TAIL.sub("", _LEAD.sub("", text))
    return trimmed or text


def grams(text: str) -> list[str]:
    """Return the features of `text` for a linear classifier: its words, pairs of words and runs of letters."""
    words = plain(text).split()
    features = [f"w {word}" for word in words]
    framed = ["<", *words, ">"]
    features += [f"p {a} {b}" for a, b in zip(framed, framed[1:], strict=False)]
    for word in words:
        padded = f" {word} "
        features += [f"c {padded[i : i + size]}" for size in (3, 4, 5) for i in range(len(padded) - size + 1)]
    return features
