"""What only the store in a file promises: several programs at once, one file, and nothing left of the forgotten."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skill.errors import ConflictError, StoreUnavailableError
from skill.stores import KEPT_FOR, Kept, Store, open_store
from skill.stores.sqlite import _SWEEP, SWEPT

NOW = datetime(2100, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "listeners.db"


@pytest.fixture
def store(path: Path) -> Store:
    return open_store(f"sqlite:///{path}")


def add(store: Store, name: str, times: int) -> None:
    """Add `times` marks to one listener's state, loading again after each conflict as a turn does."""
    for n in range(times):
        while True:
            kept = store.load("shared", NOW) or Kept(0, {"marks": []})
            try:
                store.save("shared", {"marks": [*kept.state["marks"], f"{name}-{n}"]}, kept.version, NOW)
            except ConflictError:
                continue
            break


def test_what_was_saved_outlives_the_program(path: Path) -> None:
    program = (
        "from datetime import datetime, UTC; from skill.stores import open_store\n"
        f"open_store('sqlite:///{path}').save('a', {{'launches': 1}}, 0, datetime(2100, 1, 1, tzinfo=UTC))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)
    assert open_store(f"sqlite:///{path}").load("a", NOW) == Kept(1, {"launches": 1})


def test_threads_and_programs_that_save_at_once_lose_nothing_of_each_other(path: Path, store: Store) -> None:
    program = (
        "import sys; from tests.stores.test_sqlite import add; from skill.stores import open_store\n"
        f"add(open_store('sqlite:///{path}'), sys.argv[1], 25)"
    )
    programs = [subprocess.Popen([sys.executable, "-c", program, f"program{n}"], cwd=ROOT) for n in range(2)]
    failed: list[Exception] = []

    def work(name: str) -> None:
        try:
            add(store, name, 25)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"thread{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [program.wait(60) for program in programs] == [0, 0]
    assert failed == []
    kept = store.load("shared", NOW)
    assert kept is not None
    assert kept.version == len(kept.state["marks"]) == 125
    assert len(set(kept.state["marks"])) == 125


def test_many_threads_may_meet_a_file_that_is_not_there_yet(path: Path) -> None:
    at_once = threading.Barrier(8)
    saved: list[int] = []

    def save(n: int) -> None:
        store = open_store(f"sqlite:///{path}")
        at_once.wait()
        saved.append(store.save(f"listener {n}", {}, 0, NOW))

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved == [1] * 8


def test_a_turn_does_not_wait_for_ever_for_another_program(path: Path, store: Store) -> None:
    store.save("a", {"launches": 1}, 0, NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match=f"{path} is locked by another program"):
            store.save("a", {"launches": 2}, 1, NOW)
        with pytest.raises(StoreUnavailableError, match=f"{path} is locked by another program"):
            store.check()
        # Readers don't wait for writers at all.
        assert store.load("a", NOW) == Kept(1, {"launches": 1})
        other.execute("ROLLBACK")
    assert store.save("a", {"launches": 2}, 1, NOW) == 2


def test_a_file_that_is_being_written_as_the_skill_first_meets_it_is_waited_for(path: Path, store: Store) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE notes (text)")
        other.execute("BEGIN IMMEDIATE")
        leaves = threading.Timer(0.2, other.execute, ["ROLLBACK"])
        leaves.start()
        try:
            assert store.save("a", {}, 0, NOW) == 1
        finally:
            leaves.join()


def test_between_turns_everything_is_in_one_file_to_copy(path: Path, store: Store) -> None:
    store.save("a", {}, 0, NOW)
    store.load("a", NOW)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_file_may_be_deleted_while_the_service_runs(path: Path, store: Store) -> None:
    store.save("a", {}, 0, NOW)
    path.unlink()
    assert store.load("a", NOW) is None
    assert store.save("a", {}, 0, NOW) == 1


def test_nothing_of_a_forgotten_listener_is_left_in_the_file(path: Path, store: Store) -> None:
    store.save("neighbour", {}, 0, NOW)
    store.save("amzn1.ask.account.SECRET", {"said": "PRIVATE" * 2000}, 0, NOW)
    assert b"PRIVATE" in path.read_bytes()
    store.forget("amzn1.ask.account.SECRET", {"forgotten": "now"}, NOW)
    assert b"PRIVATE" not in path.read_bytes()
    store.delete("amzn1.ask.account.SECRET")
    assert b"SECRET" not in path.read_bytes()


def test_listeners_who_stay_away_for_a_year_are_swept_out_by_those_who_come(path: Path, store: Store) -> None:
    for n in range(SWEPT + 5):
        store.save(f"gone {n:02}", {}, 0, NOW + timedelta(seconds=n))
    store.save("stays", {}, 0, NOW + timedelta(days=1))
    a_year_later = NOW + KEPT_FOR + timedelta(hours=1)
    store.save("comes", {}, 0, a_year_later)
    with closing(sqlite3.connect(path)) as db:
        ids = [id for (id,) in db.execute("SELECT id FROM listeners ORDER BY id")]
    assert ids == ["comes", *(f"gone {n}" for n in range(SWEPT, SWEPT + 5)), "stays"]
    store.save("comes", {}, 1, a_year_later)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM listeners").fetchone() == (2,)


def test_sweeping_reads_an_index_and_not_every_listener(path: Path, store: Store) -> None:
    store.check()
    with closing(sqlite3.connect(path)) as db:
        plan = " ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {_SWEEP}", {"now": 0, "n": 1}))
    assert "INDEX listeners_by_expiry" in plan
    assert "SCAN" not in plan


def test_a_save_that_loses_sweeps_nothing_and_leaves_no_lock(path: Path, store: Store) -> None:
    store.save("gone", {}, 0, NOW)
    with pytest.raises(ConflictError):
        store.save("comes", {}, 7, NOW + KEPT_FOR)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT id FROM listeners").fetchall() == [("gone",)]
    store.check()


@pytest.fixture(params=["load", "save", "delete", "check"])
def use(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def do(store: Store, use: str) -> None:
    match use:
        case "load":
            store.load("a", NOW)
        case "save":
            store.save("a", {}, 0, NOW)
        case "delete":
            store.delete("a")
        case _:
            store.check()


def test_a_file_that_is_no_database_is_named_and_left_as_it_was(path: Path, store: Store, use: str) -> None:
    path.write_bytes(b"my diary, not a database\n" * 100)
    with pytest.raises(StoreUnavailableError, match=f"{path} is not an intact SQLite database: move it away"):
        do(store, use)
    assert path.read_bytes() == b"my diary, not a database\n" * 100


def test_a_folder_in_the_file_s_place_is_named(path: Path, store: Store, use: str) -> None:
    path.mkdir()
    with pytest.raises(StoreUnavailableError, match=f"{path} can't be written: let this user write"):
        do(store, use)


def test_a_file_in_the_folder_s_place_is_named(tmp_path: Path, use: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError, match=f"{tmp_path}/file/listeners.db can't be written"):
        do(open_store(f"sqlite:///{tmp_path}/file/listeners.db"), use)


@pytest.fixture
def readable_folder() -> Iterator[Path]:
    """A folder that everybody may enter and nobody but root may write."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        yield Path(name)
        Path(name).chmod(0o700)


@pytest.mark.parametrize("inside", ["listeners.db", "folder/listeners.db"])
def test_a_folder_that_can_not_be_written_is_named(readable_folder: Path, inside: str) -> None:
    program = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); from skill.stores import open_store\n"
        "from skill.errors import StoreUnavailableError\n"
        # Root may write anywhere, so the program becomes somebody else first, where it can.
        "os.geteuid() or os.setuid(65534)\n"
        "try:\n"
        f"    open_store('sqlite:///{readable_folder}/{inside}').check()\n"
        "except StoreUnavailableError as error:\n"
        "    print(error)"
    )
    # sqlite.py is imported before the change, for who may not read the virtual environment afterwards.
    done = subprocess.run(
        [sys.executable, "-c", "import skill.stores.sqlite\n" + program],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.stderr == ""
    assert f"{readable_folder}/{inside} can't be written: let this user write" in done.stdout


def test_a_file_of_a_newer_skill_is_left_alone(path: Path, store: Store, use: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreUnavailableError, match=f"{path} was made by another version of the skill"):
        do(store, use)
    assert path.read_bytes() == before


def test_a_state_that_somebody_spoilt_is_not_taken_for_a_new_listener(path: Path, store: Store) -> None:
    store.save("a", {}, 0, NOW)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE listeners SET state = 'spoilt'")
        db.commit()
    with pytest.raises(StoreUnavailableError, match="did not write"):
        store.load("a", NOW)


def test_a_process_that_was_forked_may_go_on_with_the_store(path: Path, store: Store) -> None:
    program = (
        "import os; from datetime import datetime, UTC; from skill.stores import open_store\n"
        f"store, now = open_store('sqlite:///{path}'), datetime(2100, 1, 1, tzinfo=UTC)\n"
        "store.save('a', {}, 0, now)\n"
        "child = os.fork()\n"
        "store.save('child' if child == 0 else 'parent', {}, 0, now)\n"
        "store.save('a', {'child': 1}, 1, now) if child == 0 else os.waitpid(child, 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)
    assert store.load("a", NOW) == Kept(2, {"child": 1})
    assert store.load("child", NOW) == store.load("parent", NOW) == Kept(1, {})
