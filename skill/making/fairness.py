"""Whether the quiz gives its answers away to somebody who knows nothing: guessers by place, length and warmth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from skill.making.source import Record
from skill.words import plain

MOST = 0.45
"""No guesser may get more than this share of the questions with choices right."""
LONGEST_MOST = 1 / 3
"""In at most this share of the questions with three choices is the right answer the longest."""
UNEVEN_MOST = 0.12
"""How far the share of a place among the right answers may lie from an even one."""
TRUE_BETWEEN = (0.4, 0.6)
"""Between these shares of the true-false questions are true."""

WARM = (
    "accept agree balanc calm caring cheer close closer comfort curio enjoy fair free friend full gentl giving glad "
    "good gratitude grow happ heal help honest hope hug interdepend joy kind laugh listen love loving loyal open own "
    "patien peace please reflect respect rest safe secur self-worth shar smil soft steady strength strong support "
    "tender thank togeth trust understand valu warm whole wise"
).split()
"""How English words begin that sound warm to a guesser: of kindness, closeness, openness, growth and calm."""
HARSH = (
    "abus addict against alone anger angr anxi avoid awful bad blam can't cling codepend complain control cris cruel "
    "danger defend demand despair divorc don't exhaust extreme fail fault fear fight forc forget guilt harm hate hid "
    "hurt ignor ill isn't judg leav lonel lopsided lose losing lost mad misery mock never no nobody none not nothing "
    "pain pretend punish quarrel refus reject rescu rude rule sacrific sad scar selfish shame shut silen stern strict "
    "suffer test threat tired toxic trouble ugly warning weak without worr worse wrong"
).split()
"""How words begin that sound harsh: of blame, fear, force and coldness, and the words that deny."""

Guesser = Callable[[list[str]], list[float]]
"""Gives each of a question's choices, as said, how much a guesser is drawn to it."""


def warmth(text: str) -> int:
    """Return how warm `text` sounds: its warm words less its harsh ones."""
    words = plain(text).split()
    return sum(word.startswith(tuple(WARM)) for word in words) - sum(word.startswith(tuple(HARSH)) for word in words)


GUESSERS: Mapping[str, Guesser] = {
    "the longest": lambda choices: [len(choice) for choice in choices],
    "the shortest": lambda choices: [-len(choice) for choice in choices],
    "the first": lambda choices: [-place for place in range(len(choices))],
    "the last": lambda choices: list(range(len(choices))),
    "the most positive": lambda choices: [warmth(choice) for choice in choices],
    "the least positive": lambda choices: [-warmth(choice) for choice in choices],
}


def guessed(question: Record, guesser: Guesser) -> float:
    """Return the chance, from 0 to 1, that a guesser gets a question right; between equals it draws lots."""
    drawn = guesser([choice["say"] for choice in question["choices"]])
    best = [place for place, much in enumerate(drawn) if much == max(drawn)]
    return (question["right"] in best) / len(best)


def share(questions: Iterable[Record], guesser: Guesser) -> float:
    """Return the share of some questions, at least one, that a guesser gets right."""
    chances = [guessed(question, guesser) for question in questions]
    return sum(chances) / len(chances)


def lead(question: Record, guesser: Guesser) -> float:
    """Return by how much a guesser is drawn to the right answer more than to the best of the others."""
    drawn = guesser([choice["say"] for choice in question["choices"]])
    right = drawn.pop(question["right"])
    return right - max(drawn)


def with_choices(quiz: Iterable[Record]) -> list[Record]:
    """Return the questions whose choices are words of their own."""
    return [question for question in quiz if question["kind"] != "true-false"]


def longest(questions: Iterable[Record]) -> list[Record]:
    """Return the questions whose right answer is the longest."""
    return [question for question in questions if lead(question, GUESSERS["the longest"]) > 0]


def places(questions: Collection[Record]) -> list[float]:
    """Return for each place the share of the questions, at least one and all of a kind, whose right answer is there."""
    count = Counter(question["right"] for question in questions)
    return [count[place] / len(questions) for place in range(len(next(iter(questions))["choices"]))]


def unevenness(shares: Sequence[float]) -> float:
    """Return how far the share of a place lies at most from an even one."""
    return max(abs(share - 1 / len(shares)) for share in shares)
