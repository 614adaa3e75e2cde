"""Fingerprints of the source article and of the bench's lines, neither of which may stand in the content.

Neither is in the repository, so tests/making/fingerprints.json holds hashes only: enough to find a copy, too little to
read. `python scripts/fingerprint.py` writes it anew from ../shared.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
FILE = ROOT / "tests" / "making" / "fingerprints.json"

RUN = 8
"""No run of so many words may be shared with the article (CONTENT.md)."""
COMMAND_FROM = 4
"""Commands of fewer words are what they are."""
BENCH = ("dev", "real", "danger")


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case and without punctuation."""
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower().replace("\u2019", "'"))


def runs(text: str) -> list[str]:
    """Return the hash of each run of RUN words."""
    found = words(text)
    return [_hash(" ".join(found[i : i + RUN]), 12) for i in range(len(found) - RUN + 1)]


def bag(text: str) -> list[str]:
    """Return the short hashes of a line's words, sorted: many words share each, so it can't be read back."""
    return sorted(_hash(word, 4) for word in words(text))


def near(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether two bags of words are near copies: four fifths of the longer one's words are in the other too."""
    a, b = Counter(one), Counter(other)
    return 5 * (a & b).total() >= 4 * max(a.total(), b.total())


def made(shared: Path = SHARED) -> dict[str, Any]:
    """Return the fingerprints of the article's runs and of the bench's lines, both sorted."""
    article = (shared / "source" / "interdependence-vs-codependency.txt").read_text(encoding="utf-8")
    rows = [
        json.loads(line)
        for name in BENCH
        for line in (shared / "bench" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    lines = {tuple(bag(row["text"])) for row in rows if _is_compared(row)}
    return {"article": sorted(set(runs(article))), "bench": sorted(" ".join(line) for line in lines)}


def _is_compared(row: dict[str, Any]) -> bool:
    return row["kind"] in ("answer", "unknown", "safety") or len(words(row["text"])) >= COMMAND_FROM


def _hash(text: str, letters: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:letters]


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=0) + "\n", encoding="utf-8")
    print(f"wrote {FILE.relative_to(ROOT)}")
