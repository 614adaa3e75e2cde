"""The report of `python -m skill check`: is the quiz fair, is it easy to hear, and where is it at its worst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skill.making import fairness, likeness, rules
from skill.making.source import KINDS, Record, Source, exact_commands

SHOWN = 3
"""How many of the worst places are named."""


@dataclass(frozen=True)
class Row:
    """One check: what was found, against what may be."""

    name: str
    found: float
    bound: str
    """As it is printed."""
    holds: bool
    worst: Sequence[str] = ()
    """Ids of the worst places, the worst first, each with its own figure."""
    style: str = ".0%"
    """How `found` is printed."""

    def __str__(self) -> str:
        """Return the row as it is printed."""
        mark = " " if self.holds else "!"
        line = f"{mark} {self.name:48}{self.found:>5{self.style}}  {self.bound}"
        return "\n      ".join([line, *([", ".join(self.worst)] if self.worst else [])])


def rows(source: Source, meaning: bool = False) -> Iterator[Row]:
    """Yield every check of a language's content; those by `meaning` need MiniLM, and minutes the first time."""
    yield from _fair(source.quiz)
    yield from _alike(source, meaning)
    yield from _heard(source)
    faults = rules.faults(source)
    yield Row("breaches of the other rules", len(faults), "none", not faults, faults, ".0f")


def _fair(quiz: list[Record]) -> Iterator[Row]:
    three = [question for question in quiz if question["kind"] == "choice"]
    share = len(fairness.longest(three)) / len(three)
    yield Row("right answer is the longest of three", share, "at most 33%", share <= fairness.LONGEST_MOST)
    questions = fairness.with_choices(quiz)
    for name, guesser in fairness.GUESSERS.items():
        share = fairness.share(questions, guesser)
        worst: list[str] = []
        if name.split()[-1] not in ("first", "last"):
            worst = _worst({question["id"]: fairness.lead(question, guesser) for question in three}, "+.0f")
        bound = f"at most {fairness.MOST:.0%}"
        yield Row(f"right for who always takes {name}", share, bound, share <= fairness.MOST, worst)
    statements = [question for question in quiz if question["kind"] == "true-false"]
    share = sum(question["right"] == 0 for question in statements) / len(statements)
    low, high = fairness.TRUE_BETWEEN
    yield Row("right for who always says true", share, f"{low:.0%} to {high:.0%}", low <= share <= high)
    for kind in KINDS:
        shares = fairness.places([question for question in quiz if question["kind"] == kind])
        off, shown = fairness.unevenness(shares), [f"{share:.0%}" for share in shares]
        yield Row(f"places of the right answer, uneven: {kind}", off, "at most 12%", off <= fairness.UNEVEN_MOST, shown)


def _alike(source: Source, meaning: bool) -> Iterator[Row]:
    kinds = {"questions": likeness.asked(source.quiz), "tips": {tip["id"]: tip["text"] for tip in source.tips}}
    for kind, texts in kinds.items():
        yield _closest(f"the two {kind} most alike in words", likeness.by_words(texts), likeness.WORDS_MOST)
        if meaning:
            pairs = likeness.by_meaning(texts, source.language)
            yield _closest(f"the two {kind} most alike in meaning", pairs, likeness.MEANING_MOST)


def _closest(name: str, pairs: list[likeness.Pair], most: float) -> Row:
    worst = [f"{pair.one} and {pair.other} {pair.likeness:.2f}" for pair in pairs[:SHOWN]]
    return Row(name, pairs[0].likeness, f"under {most:.2f}", pairs[0].likeness < most, worst, ".2f")


def _heard(source: Source) -> Iterator[Row]:
    for name, texts in (
        ("explanation", {question["id"]: question["explanation"] for question in source.quiz}),
        ("tip", {tip["id"]: tip["text"] for tip in source.tips}),
    ):
        words = {id: len(text.split()) for id, text in texts.items()}
        most = rules.LIMITS[name]
        longest = max(words.values())
        yield Row(
            f"words of the longest {name}", longest, f"at most {most}", longest <= most, _worst(words, ".0f"), ".0f"
        )
    for name, texts in (
        # A question alone is too short to be graded.
        ("question, explained", {q["id"]: f"{q['ask']} {q['explanation']}" for q in source.quiz}),
        ("tip", {tip["id"]: tip["text"] for tip in source.tips}),
    ):
        grades = {id: rules.grade(text) for id, text in texts.items()}
        hardest = max(grades.values())
        bound, holds = f"at most {rules.GRADE:.0f}", hardest <= rules.GRADE
        yield Row(f"reading grade of the hardest {name}", hardest, bound, holds, _worst(grades, ".1f"), ".1f")
    commands = exact_commands(source)
    mixed = [question["id"] for question in source.quiz if any(rules.apart("", question, commands))]
    yield Row("questions with a choice that isn't heard", len(mixed), "none", not mixed, mixed, ".0f")
    bare = sorted({topic["id"] for topic in source.topics} - {question["topic"] for question in source.quiz})
    yield Row("topics without a question", len(bare), "none", not bare, bare, ".0f")


def _worst(figures: Mapping[str, float], style: str) -> list[str]:
    """Return the ids with the highest figures, each with its figure."""
    order = sorted(figures, key=lambda id: (-figures[id], id))
    return [f"{id} {figures[id]:{style}}" for id in order[:SHOWN]]
