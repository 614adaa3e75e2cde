"""From content files to what the skill loads: the library as JSON, and the engine that understands questions.

`python -m skill build` does it; the other commands do it by themselves where the content has changed since.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from skill import library
from skill.errors import ContentError
from skill.making import engine, rules, source
from skill.making.source import Source
from skill.words import plain

STAMP = "digest"


def build(folder: Path = library.COMPILED, content: Path = source.CONTENT) -> None:
    """Compile every language that has content. Raises ContentError where it is malformed or breaks a rule."""
    for language in source.languages(content):
        _say(f"content/{language}: reading")
        # Taken first: a file that is edited while this goes on makes the result stale.
        stamp = source.digest(language, content)
        made = Source(language, content)
        faults = rules.faults(made)
        if faults:
            raise ContentError("\n".join(faults))
        compiled = compiled_form(made)
        library.from_dict(compiled)
        _say(f"content/{language}: building the engine that understands questions")
        arrays, settings = engine.build(made)
        # Written beside and moved over, so that a skill that is running meanwhile never reads half a file.
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            new = Path(beside)
            _write(new / f"{language}.json", compiled)
            exact = {"commands": source.exact_commands(made), "follows": exact_follows(made)}
            _write(new / f"{language}.rules", {"danger": made.danger_patterns, **exact, **settings})
            np.savez(new / f"{language}.engine.npz", allow_pickle=False, **arrays)
            (new / f"{language}.{STAMP}").write_text(stamp, encoding="utf-8")
            for path in sorted(new.iterdir(), key=lambda p: p.suffix == f".{STAMP}"):
                path.replace(folder / path.name)
        _say(f"content/{language}: done")


def stale(folder: Path = library.COMPILED, content: Path = source.CONTENT) -> list[str]:
    """Return the languages whose compiled form is missing or doesn't match their files."""
    return [
        language
        for language in source.languages(content)
        if not (stamp := folder / f"{language}.{STAMP}").exists()
        or stamp.read_text(encoding="utf-8") != source.digest(language, content)
    ]


def freshen() -> None:
    """Build where the content has changed; a package without content files is left as it is."""
    if source.CONTENT.is_dir() and stale():
        build()


def compiled_form(made: Source) -> dict[str, Any]:
    """Return what library.from_dict reads."""
    return {
        "format": library.FORMAT,
        "language": made.language,
        "topics": [
            {name: value for name, value in topic.items() if name not in ("questions", "source")}
            for topic in made.topics
        ],
        "quiz": made.quiz,
        "tips": made.tips,
        "phrases": made.phrases,
        "openers": {opener_intent(word): word for word in made.listening["openers"]},
        "follows": {kind: {"leads": data["leads"], "instead": data["instead"]} for kind, data in made.follows.items()},
        "locales": made.locales,
    }


def opener_intent(word: str) -> str:
    """Return the name of the intent that hears what follows an opening word: "what's" gives AskWhatsIntent."""
    return "Ask" + "".join(part.capitalize() for part in word.replace("'", "").split()) + "Intent"


def exact_follows(made: Source) -> dict[str, str]:
    """Return the kind of each follow-up by its plain words; a command in the same words goes first."""
    return {plain(line): kind for kind, data in made.follows.items() for line in data["lines"]}


def _write(path: Path, data: Any) -> None:
    # In the order of the files: the first locale is the one to fall back on.
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
