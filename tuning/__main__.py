"""Tune the encoder: `make tune`. Needs torch (requirements/tune.txt) and about an hour and a half on two cores.

First it is tuned once for each fold of writers left out, which tells how strangers will be understood, and then on all
lines. Written are tuned/LANGUAGE.npz, the layers that changed, and tuned/LANGUAGE.strangers.npz, the scores of lines
whose writers were left out; `python -m skill settle` sets the thresholds from these.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from skill.answering.encoder import Encoder, Stored
from skill.making import engine
from skill.making.engine import Line
from skill.making.source import Source
from tuning.training import Recipe, tune


def main() -> int:
    """Tune for every fold, and for good."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="en")
    parser.add_argument("--at-once", type=int, default=2, help="how many are tuned side by side, a core each (2)")
    options = parser.parse_args()
    source = Source(options.language)
    lines = engine.lines(source)
    folds = len(engine.folds(lines))
    jobs = [(f"fold {fold + 1} of {folds}", options.language, fold) for fold in range(folds)]
    jobs.insert(0, ("all", options.language, None))
    with ProcessPoolExecutor(options.at_once, mp_context=get_context("spawn")) as pool:
        everything, *left = pool.map(_job, *zip(*jobs, strict=True))
    engine.TUNED.mkdir(exist_ok=True)
    np.savez_compressed(engine.TUNED / f"{options.language}.npz", **everything)
    strangers = {name: np.concatenate([fold[name] for fold in left]) for name in left[0] if "classes" not in name}
    strangers |= {name: value for name, value in left[0].items() if "classes" in name}
    np.savez_compressed(engine.TUNED / f"{options.language}.strangers.npz", **strangers)
    print(f"tuned on {len(lines)} lines; now run `python -m skill settle`", flush=True)
    return 0


def _job(name: str, language: str, fold: int | None) -> dict[str, Stored]:
    lines = engine.lines(Source(language))
    out = set() if fold is None else engine.folds(lines)[fold]
    seen = [line for line in lines if line.writer not in out]
    changed = tune(seen, Recipe(), lambda text: print(f"{name}: {text}", file=sys.stderr, flush=True))
    return changed if fold is None else _strangers(changed, seen, [line for line in lines if line.writer in out])


def _strangers(changed: dict[str, Stored], seen: Sequence[Line], left: Sequence[Line]) -> dict[str, Stored]:
    """Return how the lines left out are scored by heads that were trained on those seen."""
    encoder = Encoder(engine.encoder(changed))
    known, unknown = (encoder.vectors([line.text for line in some]) for some in (seen, left))
    found: dict[str, Stored] = {}
    for head, labels in engine.labelled(seen).items():
        truth = engine.labelled(left)[head]
        rows = [i for i, label in enumerate(truth) if label is not None]
        classes, meaning, words = engine.scores(seen, known, labels, [left[i].text for i in rows], unknown[rows])
        found |= {
            f"{head}.classes": np.array(classes),
            f"{head}.texts": np.array([left[i].text for i in rows]),
            f"{head}.truth": np.array([truth[i] for i in rows]),
            f"{head}.meaning": meaning.astype(np.float16),
            f"{head}.words": words.astype(np.float16),
        }
    return found


if __name__ == "__main__":
    sys.exit(main())
