from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from skill.making import rules, source
from skill.making.source import Source

# libyaml where it is at hand: these tests read and write a lot.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

SMALL = ("boundaries", "saying-no", "communication")
"""Three topics that can name each other as related."""


@dataclass(frozen=True)
class Content:
    """A copy of the content that a test may break."""

    folder: Path
    """The one that holds a folder for each language."""

    def path(self, name: str) -> Path:
        """Return the path of one of the English files."""
        return self.folder / "en" / name

    def replace(self, name: str, old: str, new: str) -> None:
        """Write `new` where a file has `old`, the first time."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        self.path(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    @contextmanager
    def edited(self, name: str) -> Iterator[Any]:
        """Give what a YAML file holds, and write it back as it is afterwards."""
        data = yaml.load(self.path(name).read_text(encoding="utf-8"), Loader=LOADER)
        yield data
        text = yaml.dump(data, Dumper=DUMPER, allow_unicode=True, width=1000, sort_keys=False)
        self.path(name).write_text(text, encoding="utf-8")

    def read(self) -> Source:
        """Return what a builder would make of the copy."""
        return Source("en", self.folder)


@pytest.fixture(scope="session")
def small_content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Three topics of the real content with a few lines of each kind, quick to read and to build."""
    small = Content(tmp_path_factory.mktemp("small"))
    shutil.copytree(source.CONTENT / "en", small.path(""))
    few = slice(0, 6)
    for folder in ("topics", "quiz"):
        for path in small.path(folder).glob("*.yaml"):
            if path.stem not in SMALL:
                path.unlink()
    for topic in SMALL:
        with small.edited(f"topics/{topic}.yaml") as data:
            data["related"] = [other for other in SMALL if other != topic]
            data["questions"] = {writer: lines[few] for writer, lines in data["questions"].items()}
    with small.edited("tips.yaml") as tips:
        tips[:] = [tip for tip in tips if tip["topic"] in SMALL]
    for name in ("outside.yaml", "danger-lines.yaml"):
        with small.edited(name) as kinds:
            for kind, writers in kinds.items():
                kinds[kind] = {writer: lines[few] for writer, lines in writers.items()}
    with small.edited("commands.yaml") as commands:
        for intent, lines in commands.items():
            commands[intent] = lines[few]
    with small.edited("followups.yaml") as follows:
        for data in follows.values():
            data["instead"], data["alone"] = {}, None
    assert rules.faults(small.read()) == []
    return small


@pytest.fixture
def content(small_content: Content, tmp_path: Path) -> Content:
    """A copy of the small content, for a test to break."""
    shutil.copytree(small_content.folder, tmp_path / "content")
    return Content(tmp_path / "content")


@pytest.fixture(scope="session")
def real() -> Source:
    """The real content, which no test may change."""
    return Source()


@pytest.fixture(scope="session")
def _small(small_content: Content) -> Source:
    return small_content.read()


@pytest.fixture
def small(_small: Source) -> Source:
    """The small content as it was read, for a test to change."""
    return copy.deepcopy(_small)


@pytest.fixture
def changed(real: Source) -> Source:
    """The real content as it was read, for a test to change."""
    return copy.deepcopy(real)
