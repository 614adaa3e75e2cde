"""Measure what the skill makes of strangers' words, and how long a turn takes; print a table.

Timings are ratios to a yardstick of the same run, since machines differ and are noisy.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from skill.alexa.handlers import answerer_for, library_for
from skill.alexa.skill import assemble
from skill.conversation.policy import COMMANDS
from skill.making import engine
from skill.making.source import Source
from skill.speakers.device import Device
from skill.speakers.recogniser import recogniser
from skill.speakers.settings import DeviceSettings
from skill.speakers.terminal import Setting
from skill.stores import open_store
from skill.words import plain

PUBLIC = Path(__file__).parents[2] / "shared" / "bench"
"""Where the public bench lies when the project is worked on by its team; without it, its rows are left out."""


def main() -> int:
    """Print the table, row by row as they come."""
    source = Source()
    _heading("understanding, on lines of writers that the engine has not learned from")
    for name, value in strangers(source).items():
        _row(name, f"{value:.3f}")
    for name in ("dev", "real"):
        path = PUBLIC / f"{name}.jsonl"
        if path.exists():
            _row(f"{name}.jsonl: reaches the skill with its words whole", f"{reached(path):.3f}")
    _heading("time, as ratios to parsing one request envelope as JSON")
    for name, value in times().items():
        _row(name, f"{value:.1f}")
    return 0


def strangers(source: Source) -> dict[str, float]:
    """Return shares of left-out writers' lines: topics right, within the first two, outside told, danger told."""
    found = {}
    lines = engine.topic_lines(source)
    scores, classes, scored = engine.left_out(lines, engine.TOPIC_PENALTY)
    truth = np.array([classes.index(line.label) for line in scored])
    outside = np.array([line.label in ("near", "far") for line in scored])
    order = np.argsort(-scores, axis=1)
    found["topic right"] = float((order[:, 0] == truth)[~outside].mean())
    found["topic among the first two"] = float((order[:, :2] == truth[:, None]).any(axis=1)[~outside].mean())
    other = [classes.index(name) for name in ("near", "far")]
    found["outside told to be outside"] = float(np.isin(order[:, 0], other)[outside].mean())
    danger = engine.danger_lines(source, lines)
    scores, classes, scored = engine.left_out(danger, engine.DANGER_PENALTY)
    due = np.array([line.label != "none" for line in scored])
    told = np.array(classes)[scores.argmax(axis=1)] != "none"
    found["danger told"] = float(told[due].mean())
    found["look-alikes and questions taken for danger"] = float(told[~due].mean())
    return found


def reached(path: Path) -> float:
    """Return the share of bench lines that reach the skill as a command, or as a question with its words whole."""
    listener, library = recogniser("en-US"), library_for("en")
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    whole = 0
    for text in texts:
        heard = listener.hear(text)
        words = next((slot.value for slot in heard.slots.values()), "")
        opener = library.openers.get(heard.intent)
        told = f"{opener} {words}" if opener else words
        is_command = heard.intent in COMMANDS and heard.intent != "AMAZON.FallbackIntent"
        whole += is_command or told == plain(text)
    return whole / len(texts)


def times() -> dict[str, float]:
    """Return how long things take, in multiples of parsing one envelope."""
    skill, setting = assemble(open_store("memory://"), DeviceSettings()), Setting("bench")
    device, answerer = Device(skill, DeviceSettings()), answerer_for("en")
    question = "how do i say no to my sister without feeling guilty"
    envelope = json.dumps(device.say(question, **setting.here_and_now()).response)

    def turn() -> None:
        device.sitting.open = False
        device.say(question, **setting.here_and_now())

    yardstick = _median(lambda: json.loads(envelope))
    return {
        "understanding a question": _median(lambda: answerer.understand(question)) / yardstick,
        "looking for danger": _median(lambda: answerer.danger(question)) / yardstick,
        "a whole turn, recogniser and memory store included": _median(turn) / yardstick,
    }


def _median(work: Callable[[], object], rounds: int = 40) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[len(taken) // 2]


def _heading(text: str) -> None:
    print(f"\n{text}", flush=True)


def _row(name: str, value: str) -> None:
    print(f"  {name:60} {value:>8}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
