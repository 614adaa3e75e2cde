"""Measure what the skill makes of strangers' words, and how long a turn takes; print a table.

Timings are ratios to a yardstick of the same run, since machines differ and are noisy.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import peers
from skill.alexa.handlers import answerer_for, library_for
from skill.alexa.skill import assemble
from skill.answering.encoder import Encoder
from skill.conversation.policy import COMMANDS
from skill.library import COMPILED
from skill.making import engine, settling
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
    _heading("understanding: others and ours over the same lines; strangers are writers that were left out")
    columns = ("right", "top 2", "near", "far")
    print(f"  {'':34}" + "".join(f"{name:^24}" for name in ("dev", "real", "strangers")) + "    ms     MB")
    print(f"  {'':34}" + f"{' '.join(f'{name:>5}' for name in columns):^24}" * 3)
    for name, found in compared(source):
        shares = [[found.get(f"{where} {column}") for column in columns] for where in ("dev", "real", "strangers")]
        cells = "".join(" ".join("    -" if x is None else f"{x:5.3f}" for x in some).center(24) for some in shares)
        print(f"  {name:34}{cells}{found.get('ms', 0):6.2f} {found['MB']:6.1f}", flush=True)
    for name in ("dev", "real"):
        path = PUBLIC / f"{name}.jsonl"
        if path.exists():
            _row(f"{name}.jsonl: reaches the skill with its words whole", f"{reached(path):.3f}")
    _heading("time, as ratios to parsing one request envelope as JSON")
    for name, value in times().items():
        _row(name, f"{value:.1f}")
    return 0


def compared(source: Source) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield for each peer, and for ours, the accuracy on the bench and on strangers, and what it costs."""
    learned = engine.lines(source)
    base = engine.encoder({})
    encoder = Encoder(base)
    remembered = functools.cache(lambda texts: engine.remembered_vectors(base, texts, "base"))
    ours = peers.Ours(answerer_for("en"), (COMPILED / "en.engine.npz").stat().st_size / 1e6)
    left = peers.LeftOut(
        settling.strangers(source.language)["topics"], engine.tuned(source.language)[1]["trust"]["topics"]
    )
    others = (
        peers.Fuzzy(),
        peers.Search(),
        peers.Words(),
        *(peers.Meaning(encoder, lambda texts: remembered(tuple(texts)), fitted) for fitted in (False, True)),
    )
    for peer, stranger in (*((other, other) for other in others), (ours, left)):
        megabytes = peer.learn(*peers.lines_of(learned))
        found: dict[str, float] = {}
        for name in ("dev", "real"):
            rows = bench_rows(name)
            if rows:
                shares = peers.scored([peer.ranked(row.text) for row in rows], rows)
                found |= {f"{name} {column}": share for column, share in shares.items()}
                found["ms"] = peers.milliseconds(peer, [row.text for row in rows[:60]])
        found |= {f"strangers {column}": share for column, share in left_out(learned, stranger, left).items()}
        yield peer.name, found | {"MB": megabytes}


def left_out(learned: Sequence[engine.Line], peer: peers.Peer, scored: Container[str]) -> dict[str, float]:
    """Return a peer's accuracy on every tenth line of each fold's writers, whom it has not learned from.

    Lines that tuning has not `scored`, since they were written after it, are left out for everybody.
    """
    rows: list[peers.Row] = []
    rankings: list[list[str]] = []
    for out in engine.folds(learned):
        peer.learn(*peers.lines_of([line for line in learned if line.writer not in out]))
        pairs = zip(*peers.lines_of([line for line in learned if line.writer in out]), strict=True)
        some = [peers.Row(text, frozenset([label])) for text, label in pairs if text in scored][::10]
        rows += some
        rankings += [peer.ranked(row.text) for row in some]
    return peers.scored(rankings, rows)


def bench_rows(name: str) -> list[peers.Row]:
    """Return the questions of a bench file; none where it is not at hand."""
    path = PUBLIC / f"{name}.jsonl"
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        peers.Row(plain(row["text"]), frozenset([_label(row), *(row.get("also") or [])]))
        for row in rows
        if row["kind"] in ("answer", "unknown")
    ]


def _label(row: Mapping[str, Any]) -> str:
    """Return the label of a bench row; what no topic answers is near unless its style says that it is far."""
    outside = "far" if row["style"].endswith("far") else "near"
    return str(row["topic"]) if row["kind"] == "answer" else outside


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

    def understood(words: str) -> None:
        reading = answerer.read(words)
        if not reading.danger:
            reading.meaning()

    yardstick = _median(lambda: json.loads(envelope))
    return {
        "understanding a question, danger included": _median(lambda: understood(question)) / yardstick,
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
