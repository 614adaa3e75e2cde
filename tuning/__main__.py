"""Tune the encoder: `make tune`. Needs torch (requirements/tune.txt) and about fifty minutes on two cores.

It is tuned on all lines, and once for each fold of writers left out, which tells how strangers will be understood.
Written are tuned/LANGUAGE.npz, the layers that changed, and tuned/LANGUAGE.strangers.npz, the scores of lines
whose writers were left out; `python -m skill settle` sets the thresholds from these.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from skill.making import engine
from skill.making.source import Source
from tuning import jobs


def main() -> int:
    """Tune for every fold, and for good."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="en")
    parser.add_argument("--at-once", type=int, default=2, help="how many are tuned side by side, a core each (2)")
    options = parser.parse_args()
    source = Source(options.language)
    lines = engine.lines(source)
    folds = len(engine.folds(lines))
    work = [(f"fold {fold + 1} of {folds}", options.language, fold) for fold in range(folds)]
    work.insert(0, ("all", options.language, None))
    with ProcessPoolExecutor(options.at_once, mp_context=get_context("spawn")) as pool:
        everything, *left = pool.map(jobs.run, *zip(*work, strict=True))
    engine.TUNED.mkdir(exist_ok=True)
    np.savez_compressed(engine.TUNED / f"{options.language}.npz", **everything)
    strangers = {name: np.concatenate([fold[name] for fold in left]) for name in left[0] if "classes" not in name}
    strangers |= {name: value for name, value in left[0].items() if "classes" in name}
    np.savez_compressed(engine.TUNED / f"{options.language}.strangers.npz", **strangers)
    print(f"tuned on {len(lines)} lines; now run `python -m skill settle`", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
