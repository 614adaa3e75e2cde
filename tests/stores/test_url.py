"""What SKILL_STORE may say, and what becomes of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skill.errors import StoreUrlError
from skill.stores import create, open_store

NOW = datetime(2100, 1, 1, tzinfo=UTC)
WRONG = [
    "",
    "memory",
    "memory:",
    "memory://here",
    "MEMORY://",
    "sqlite",
    "sqlite://",
    "sqlite:///",
    "sqlite://listeners.db",
    "sqlite:///:memory:",
    "sqlite:///listeners.db?mode=ro",
    "sqlite:///a\0b",
    "dynamodb://",
    "dynamodb://ab",
    "dynamodb://a/table",
    "dynamodb://table\n",
    "dynamodb://" + "a" * 256,
    "dynamodb:///table",
    "redis://localhost",
    "https://example.com/table",
]


@pytest.mark.parametrize("url", WRONG)
@pytest.mark.parametrize("use", [open_store, create])
def test_a_url_that_names_no_store_is_answered_with_the_three_forms(url: str, use: object) -> None:
    assert callable(use)
    with pytest.raises(StoreUrlError, match='"dynamodb://TABLE", "sqlite:///PATH" or "memory://"') as caught:
        use(url)
    assert "\n" not in str(caught.value)


def test_three_slashes_are_a_path_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///my data/listeners.db").save("a", {}, 0, NOW)
    assert (tmp_path / "my data" / "listeners.db").is_file()


def test_a_store_stays_where_it_was_opened_when_the_program_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///listeners.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.save("a", {}, 0, NOW)
    assert (tmp_path / "listeners.db").is_file()


def test_four_slashes_are_a_path_from_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    open_store(f"sqlite:///{tmp_path}/listeners.db").save("a", {}, 0, NOW)
    assert (tmp_path / "listeners.db").is_file()


def test_opening_makes_nothing_yet(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/folder/listeners.db")
    assert list(tmp_path.iterdir()) == []


def test_each_memory_store_is_empty_and_its_own() -> None:
    open_store("memory://").save("a", {}, 0, NOW)
    assert open_store("memory://").load("a", NOW) is None


@pytest.mark.parametrize("url", ["sqlite:///listeners.db", "memory://"])
def test_what_needs_no_making_is_said_to_need_none(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = create(url)
    assert line.startswith("nothing to make")
    assert "\n" not in line
    assert list(tmp_path.iterdir()) == []


def test_who_keeps_listeners_in_a_file_never_waits_for_boto3(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from skill.stores import open_store\n"
        f"for url in ('sqlite:///{tmp_path}/listeners.db', 'memory://'):\n"
        "    open_store(url).save('a', {}, 0, datetime(2100, 1, 1, tzinfo=UTC))\n"
        "print([name for name in ('boto3', 'botocore', 'urllib3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
