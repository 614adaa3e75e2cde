"""Sets what the engine's confidences and decisions rest on, from lines by writers that it had not learned from.

`python -m skill settle` does it. Tuning leaves the scores of such lines behind (`tuned/LANGUAGE.strangers.npz`); from
these follow how far to trust each classifier, when a chance of danger is enough for help, and how often it will err.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from skill.answering.danger import patterns
from skill.answering.deciding import COMMAND, FOLLOW, OUTSIDE, Costs, decide
from skill.errors import ContentError
from skill.making import engine, plot
from skill.making.source import Source
from skill.words import plain

Chances = NDArray[np.float64]

MISSED = 8.0
"""What a missed danger costs, where helping somebody who needs none costs 1."""
ALARMED = 0.015
"""The most ordinary questions that may get safety help nobody needs. Look-alikes, written to be hard, are apart."""


@dataclass(frozen=True)
class Strangers:
    """Scores of lines by the classifiers of a head that had not seen their writers."""

    texts: Sequence[str]
    truth: Sequence[str]
    classes: Sequence[str]
    meaning: Chances
    """(lines x classes)."""
    words: Chances

    def chances(self, trust: tuple[float, float]) -> Chances:
        """Return the probabilities, (lines x classes)."""
        return np.exp(_log_chances(trust[0] * self.meaning + trust[1] * self.words))

    def trust(self) -> tuple[float, float]:
        """Return the factors on the two scores with which the truth surprises least (Guo et al. 2017, for two)."""
        rows, index = np.arange(len(self.truth)), {name: i for i, name in enumerate(self.classes)}
        right = np.array([index[name] for name in self.truth])

        def surprise(factors: Chances) -> float:
            a, b = np.abs(factors)
            return -float(_log_chances(a * self.meaning + b * self.words)[rows, right].mean())

        found = minimize(surprise, np.array([0.5, 2.0]), method="Nelder-Mead", options={"xatol": 0.005, "fatol": 1e-5})
        meaning, words = (round(abs(float(f)), 3) for f in found.x)
        return meaning, words


def alarm_from(danger: Chances, due: NDArray[np.bool_], ordinary: NDArray[np.bool_]) -> float:
    """Return the chance of danger from which help costs less than none, where it alarms few enough ordinary askers."""
    steps = np.arange(0.05, 0.95, 0.01)
    allowed = [step for step in steps if (danger[ordinary] >= step).mean() <= ALARMED] or [steps[-1]]
    return _cheapest(allowed, danger, due)


def pattern_from(danger: Chances, due: NDArray[np.bool_], matched: NDArray[np.bool_]) -> float:
    """Return the chance from which help costs less than none where a pattern of danger.yaml matches."""
    return _cheapest(np.arange(0.02, 0.95, 0.01), danger[matched], due[matched])


def _cheapest(steps: Sequence[float] | Chances, danger: Chances, due: NDArray[np.bool_]) -> float:
    costs = [MISSED * (danger[due] < step).sum() + (danger[~due] >= step).sum() for step in steps]
    return round(float(steps[int(np.argmin(costs))]), 2)


def reliability(chances: Chances, right: NDArray[np.bool_], bins: int = 10) -> list[tuple[float, float, int]]:
    """Return for each bin of confidences the mean confidence, the share that was right, and how many there are."""
    place = np.minimum((chances * bins).astype(int), bins - 1)
    return [
        (float(chances[place == b].mean()), float(right[place == b].mean()), int((place == b).sum()))
        for b in range(bins)
        if (place == b).any()
    ]


def outcomes(strangers: Strangers, trust: tuple[float, float], costs: Costs) -> dict[str, float]:
    """Return the shares that the bench counts, over lines of strangers."""
    told: dict[str, list[bool]] = {name: [] for name in ("right", "helped", "clarified", "refused", "declined")}
    for row, truth in zip(strangers.chances(trust), strangers.truth, strict=True):
        if truth.startswith((COMMAND, FOLLOW)):
            continue
        found = decide(dict(zip(strangers.classes, row.tolist(), strict=True)), costs)
        if truth in OUTSIDE:
            told["declined"].append(found.outcome == "unknown")
            continue
        right = found.outcome == "answer" and found.topics[0][0] == truth
        offered = found.outcome == "clarify" and truth in [name for name, _ in found.topics]
        told["right"].append(right)
        told["helped"].append(right or offered)
        told["clarified"].append(found.outcome == "clarify")
        told["refused"].append(found.outcome == "unknown")
    return {name: round(float(np.mean(found)), 3) for name, found in told.items() if found}


def settle(source: Source) -> Iterator[str]:
    """Write the settings of a language's engine and the plot of its reliability; yield what there is to tell."""
    heads = strangers(source.language)
    trust = {name: head.trust() for name, head in heads.items()}
    topics, danger = heads["topics"], heads["danger"]
    chance = 1.0 - danger.chances(trust["danger"])[:, list(danger.classes).index("none")]
    due = np.array([name != "none" for name in danger.truth])
    border = {line.text for line in engine.lines(source) if line.bordering}
    ordinary = np.array([text not in border for text in danger.texts])
    rules = patterns(source.danger_patterns)
    matched = np.array([any(rule.matches(plain(text)) for rule in rules) for text in danger.texts])
    alone, closer = alarm_from(chance, due, ordinary), pattern_from(chance, due, matched)
    settings = {
        "trust": trust,
        "costs": asdict(Costs()),
        "alarm_from": alone,
        "pattern_from": closer,
    }
    (engine.TUNED / f"{source.language}.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    yield f"{source.language}: {json.dumps(settings)}"
    told = chance >= np.where(matched, closer, alone)
    yield f"strangers' topics: {json.dumps(outcomes(topics, trust['topics'], Costs()))}"
    yield (
        f"strangers' danger: {told[due].mean():.3f} get help, and of look-alikes {told[~due & ~ordinary].mean():.3f}, "
        f"of ordinary lines {told[ordinary].mean():.3f}"
    )
    found = topics.chances(trust["topics"])
    right = np.array(topics.classes)[found.argmax(axis=1)] == np.array(topics.truth)
    plots = {"the likeliest meaning": reliability(found.max(axis=1), right), "danger": reliability(chance, due)}
    plot.reliability(plots, plot.DOCS / f"reliability-{source.language}.svg")


def strangers(language: str) -> dict[str, Strangers]:
    """Return the scores of lines by writers that were left out, for each head. Raises ContentError."""
    path = engine.TUNED / f"{language}.strangers.npz"
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise ContentError(f"the encoder has not been tuned for {language!r}: run `make tune`") from None
    return {
        head: Strangers(
            *(arrays[f"{head}.{part}"].tolist() for part in ("texts", "truth", "classes")),
            *(arrays[f"{head}.{part}"].astype(np.float64) for part in ("meaning", "words")),
        )
        for head in ("topics", "danger")
    }


def _log_chances(scores: Chances) -> Chances:
    scores = scores - scores.max(axis=1, keepdims=True)
    logs: Chances = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return logs
