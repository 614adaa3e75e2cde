"""One tuning, for good or with some writers left out, as a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from skill.answering.encoder import Encoder, Stored
from skill.answering.weights import counted
from skill.making import engine
from skill.making.engine import Line
from skill.making.source import Source
from tuning.training import Recipe, tune


def run(name: str, language: str, fold: int | None) -> dict[str, Stored]:
    """Return the layers that tuning changed or, for a fold, how lines of the writers left out are scored then."""
    lines = engine.lines(Source(language))
    out = set() if fold is None else engine.folds(lines)[fold]
    seen = [line for line in lines if line.writer not in out]
    changed = tune(seen, Recipe(), lambda text: print(f"{name}: {text}", file=sys.stderr, flush=True))
    return changed if fold is None else _strangers(changed, seen, [line for line in lines if line.writer in out])


def _strangers(changed: dict[str, Stored], seen: Sequence[Line], left: Sequence[Line]) -> dict[str, Stored]:
    """Return how the lines left out are scored by heads that were trained on those seen."""
    encoder = Encoder(engine.encoder(changed))
    known, unknown = (
        engine.Lesson(encoder.vectors([line.text for line in some]), [counted(line.text) for line in some])
        for some in (seen, left)
    )
    found: dict[str, Stored] = {}
    for head, labels in engine.labelled(seen).items():
        truth = engine.labelled(left)[head]
        rows = [i for i, label in enumerate(truth) if label is not None]
        fitted = engine.Fitted(known, labels)
        meaning, words = fitted.scores(unknown.only(rows))
        found |= {
            f"{head}.classes": np.array(fitted.classes),
            f"{head}.texts": np.array([left[i].text for i in rows]),
            f"{head}.truth": np.array([truth[i] for i in rows]),
            f"{head}.meaning": meaning.astype(np.float16),
            f"{head}.words": words.astype(np.float16),
        }
    return found
