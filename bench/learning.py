"""Does the choice of questions help? Simulated listeners play rounds chosen in several ways, and are compared.

`python -m bench.learning` writes the tables of docs/quiz.md anew; it takes some minutes, and the same content gives
the same tables. The listener forgets by a curve of its own, not by FSRS's, so that FSRS has no advantage by birth.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from bench.learner import KINDS, MIDDLING, Kind, Person
from skill import library, quiz
from skill.library import Question
from skill.listener import Listener
from skill.making import compiling
from skill.making.source import Source

DOCUMENT = Path(__file__).parents[1] / "docs" / "quiz.md"
BEGIN, END = "<!-- tables: python -m bench.learning -->\n", "<!-- end of the tables -->"
FIRST, SEEDS = 100, 20
"""The listeners of the tables: others than those on which the choice and its constants were tried out."""
STUDENT = 2.093
"""Student's t for a 95 % interval over twenty seeds."""
START = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
PLEASANT = 3
"""A round is pleasant when at least so many of its five answers were right."""


class Chooser:
    """A way to choose the questions of a round; this one draws them at random, none of the last round's."""

    def __init__(self, questions: Mapping[str, Question], luck: random.Random) -> None:
        self.questions, self.luck = questions, luck
        self.last: list[str] = []

    def choose(self, day: float) -> list[str]:
        """Return the ids of the next five questions."""
        self.last = self.luck.sample([id for id in self.questions if id not in self.last], quiz.ROUND)
        return self.last

    def told(self, id: str, right: bool, day: float) -> None:
        """Take note of how an answer went."""


class Shuffled(Chooser):
    """All questions in one shuffled order, again and again."""

    def __init__(self, questions: Mapping[str, Question], luck: random.Random) -> None:
        super().__init__(questions, luck)
        self.order = luck.sample(list(questions), len(questions))

    def choose(self, day: float) -> list[str]:
        """Return the next five of the order."""
        chosen, self.order = self.order[: quiz.ROUND], self.order[quiz.ROUND :] + self.order[: quiz.ROUND]
        return chosen


class Missed(Chooser):
    """What was missed last time it was asked, the longest ago first; new questions only where there is too little."""

    def __init__(self, questions: Mapping[str, Question], luck: random.Random) -> None:
        super().__init__(questions, luck)
        self.new = luck.sample(list(questions), len(questions))
        self.missed: list[str] = []

    def choose(self, day: float) -> list[str]:
        """Return what was missed, none of the last round's, and what is new."""
        due = [id for id in self.missed if id not in self.last][: quiz.ROUND]
        fresh = self.new[: quiz.ROUND - len(due)]
        spare = [id for id in self.questions if id not in (*due, *fresh, *self.last)]
        self.new = self.new[len(fresh) :]
        self.last = [*due, *fresh, *self.luck.sample(spare, quiz.ROUND - len(due) - len(fresh))]
        return self.last

    def told(self, id: str, right: bool, day: float) -> None:
        """Keep what was missed."""
        self.missed = [other for other in self.missed if other != id] + ([] if right else [id])


class Ours(Chooser):
    """The skill's own way: skill.quiz."""

    def __init__(self, questions: Mapping[str, Question], luck: random.Random) -> None:
        super().__init__(questions, luck)
        self.listener = Listener()

    def choose(self, day: float) -> list[str]:
        """Return what new_round chooses."""
        begun = quiz.new_round(self.questions, self.listener, _moment(day), self.luck)
        self.listener = replace(self.listener, round=begun)
        return list(begun.questions)

    def told(self, id: str, right: bool, day: float) -> None:
        """Mark the open question."""
        self.listener = quiz.marked(self.listener, "right" if right else "wrong", _moment(day))


CHOOSERS: Mapping[str, type[Chooser]] = {
    "the skill's own": Ours,
    "at random": Chooser,
    "one shuffled pass": Shuffled,
    "only what was missed": Missed,
}
SCHEDULES: Mapping[str, Sequence[float]] = {
    "a round a day for sixty days": [float(day) for day in range(60)],
    "sixty rounds, two every other day": [day + part for day in range(0, 60, 2) for part in (0.0, 0.01)],
    "sixty rounds with a gap of two weeks": [float(day + 14 * (day >= 30)) for day in range(60)],
    "a round a day for half a year": [float(day) for day in range(180)],
}
"""The days of the rounds."""
SIXTY = SCHEDULES["a round a day for sixty days"]
SETTINGS = [(share, 0.9) for share in (1, 2, 3, 4, 5)] + [(3, below) for below in (0.7, 0.8, 0.95)]
"""The values of DUE_SHARE and DUE_BELOW to compare."""
FEW = 6
"""So many listeners compare them."""


@dataclass(frozen=True)
class Outcome:
    """What came of sixty rounds; each a share from 0 to 1."""

    before: float
    """What was known of all questions before the first round."""
    end: float
    """What is known of all questions right after the last round ..."""
    met: float
    """... and of those that were asked at least once."""
    later: float
    """What is known of all questions a week later."""
    pleasant: float
    """Rounds with at least PLEASANT right."""
    asked: float
    """Questions that were asked at least once."""


def play(
    chooser: type[Chooser], questions: Mapping[str, Question], days: Sequence[float], kind: Kind, seed: int
) -> Outcome:
    """Return what comes of one listener's rounds. The same seed gives the same listener, whoever chooses."""
    person = Person(kind, questions, random.Random(f"listener {seed}"))
    way = chooser(questions, random.Random(f"choice {seed}"))
    before = person.knows(questions, 0.0)
    met: set[str] = set()
    pleasant = 0
    for day in days:
        right = 0
        for id in way.choose(day):
            answer = person.asked(id, day)
            way.told(id, answer, day)
            met.add(id)
            right += answer
        pleasant += right >= PLEASANT
    end, later = days[-1], days[-1] + 7
    return Outcome(
        before,
        person.knows(questions, end),
        person.knows(sorted(met), end),
        person.knows(questions, later),
        pleasant / len(days),
        len(met) / len(questions),
    )


def outcomes(
    chooser: type[Chooser],
    questions: Mapping[str, Question],
    days: Sequence[float],
    kind: Kind = MIDDLING,
    seeds: int = SEEDS,
) -> list[Outcome]:
    """Return what comes of it for each of some listeners."""
    return [play(chooser, questions, days, kind, seed) for seed in range(FIRST, FIRST + seeds)]


def tables(questions: Mapping[str, Question]) -> Iterator[str]:
    """Yield the lines of the tables, in Markdown."""
    yield f"{len(questions)} questions, rounds of {quiz.ROUND}, {SEEDS} listeners of each kind. In percent, with the"
    yield "95 % interval of the mean; the last column compares each listener with the same one asked at random."
    for title, days in SCHEDULES.items():
        yield from _table(title.capitalize(), questions, days, MIDDLING)
    for kind in KINDS:
        yield from _table(f"A listener who {kind.name}, a round a day for sixty days", questions, SIXTY, kind)
    yield from _settings(questions)


COLUMNS = {
    "known at the end": "end",
    "of those asked": "met",
    "known a week later": "later",
    "pleasant rounds": "pleasant",
    "asked at least once": "asked",
}


def _table(title: str, questions: Mapping[str, Question], days: Sequence[float], kind: Kind) -> Iterator[str]:
    found = {}
    for name, chooser in CHOOSERS.items():
        _say(f"{title}: {name}")
        found[name] = outcomes(chooser, questions, days, kind)
    chance = found["at random"]
    before = statistics.fmean(o.before for o in chance)
    yield from ("", f"**{title}** (before: {100 * before:.1f})", "")
    yield f"| chosen | {' | '.join(COLUMNS)} | a week later, against chance |"
    yield "|---" * (len(COLUMNS) + 2) + "|"
    for name, some in found.items():
        cells = [_interval([getattr(o, part) for o in some]) for part in COLUMNS.values()]
        gain = [ours.later - theirs.later for ours, theirs in zip(some, chance, strict=True)]
        cells.append("" if some is chance else _interval(gain, "+"))
        yield f"| {name} | {' | '.join(cells)} |"


def _settings(questions: Mapping[str, Question]) -> Iterator[str]:
    """Yield how the skill's own way would do with other constants, over all schedules and kinds of listeners."""
    runs = [(days, MIDDLING) for days in SCHEDULES.values()] + [(SIXTY, kind) for kind in KINDS]
    chance = _means(Chooser, questions, runs)
    yield from ("", f"**Other constants**, over all of the above, {FEW} listeners each", "")
    names = (
        "DUE_SHARE",
        "DUE_BELOW",
        "known at the end",
        "a week later",
        "the worst against chance",
        "pleasant rounds",
    )
    yield f"| {' | '.join(names)} | asked at least once |"
    yield "|---" * 7 + "|"
    for share, below in SETTINGS:
        _say(f"DUE_SHARE {share}, DUE_BELOW {below}")
        with mock.patch.multiple(quiz, DUE_SHARE=share, DUE_BELOW=below):
            ours = _means(Ours, questions, runs)
        mean = {part: statistics.fmean(one[part] for one in ours) for part in ours[0]}
        worst = min(one["later"] - other["later"] for one, other in zip(ours, chance, strict=True))
        numbers = (mean["end"], mean["later"], worst, mean["pleasant"], mean["asked"])
        name = f"{share} (the skill's)" if (share, below) == (quiz.DUE_SHARE, quiz.DUE_BELOW) else str(share)
        yield f"| {name} | {below} | " + " | ".join(f"{100 * number:.1f}" for number in numbers) + " |"


def _means(
    chooser: type[Chooser], questions: Mapping[str, Question], runs: Sequence[tuple[Sequence[float], Kind]]
) -> list[dict[str, float]]:
    """Return the mean of each part of the outcome, for each of the runs."""
    found = [outcomes(chooser, questions, days, kind, FEW) for days, kind in runs]
    return [{part: statistics.fmean(getattr(o, part) for o in some) for part in COLUMNS.values()} for some in found]


def _interval(values: Sequence[float], sign: str = "") -> str:
    half = STUDENT * statistics.stdev(values) / len(values) ** 0.5
    return f"{100 * statistics.fmean(values):{sign}.1f} ± {100 * half:.1f}"


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _moment(day: float) -> datetime:
    return START + timedelta(days=day)


def main() -> int:
    """Write the tables into docs/quiz.md."""
    questions = library.from_dict(compiling.compiled_form(Source())).quiz
    text = DOCUMENT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    made = "\n".join(tables(questions))
    DOCUMENT.write_text(f"{head}{BEGIN}\n{made}\n\n{END}{tail}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
