"""Listeners kept in one SQLite file, for a single machine: several threads and processes may use it at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from skill import deadline
from skill.errors import StoreUnavailableError
from skill.stores.item import conflict, expiry, packed, seconds, unpacked, version_forgotten
from skill.stores.protocol import FORGOTTEN_FOR, Kept

BUSY_FOR = 1.0
"""Seconds to wait for another writer, where the turn has so many left."""

SWEPT = 10
"""How many expired rows a save deletes at most: more than it can add, so that they never pile up."""

FORMAT = 1
"""The file's PRAGMA user_version; raised when the table changes."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS listeners"
    " (id TEXT PRIMARY KEY, version INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS listeners_by_expiry ON listeners (expires)",
    f"PRAGMA user_version = {FORMAT}",
)

_INSERT = (
    "INSERT INTO listeners (id, version, expires, state) VALUES (:id, 1, :expires, :state)"
    " ON CONFLICT (id) DO UPDATE SET version = 1, expires = excluded.expires, state = excluded.state"
    " WHERE expires <= :now"
)
_UPDATE = (
    "UPDATE listeners SET version = version + 1, expires = :expires, state = :state"
    " WHERE id = :id AND version = :version AND expires > :now"
)
_REPLACE = "REPLACE INTO listeners (id, version, expires, state) VALUES (:id, :version, :expires, :state)"
_SWEEP = "DELETE FROM listeners WHERE id IN (SELECT id FROM listeners WHERE expires <= :now ORDER BY expires LIMIT :n)"


class SQLiteStore:
    """A Store in the file `path`; it and its folders are made when it is first used."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        """As Store.load."""
        with self._connection() as db:
            row = db.execute(
                "SELECT version, state FROM listeners WHERE id = ? AND expires > ?", (listener_id, seconds(now))
            ).fetchone()
        if row is None:
            return None
        try:
            return Kept(row[0], unpacked(row[1]))
        except ValueError:
            raise StoreUnavailableError(
                f"{self._path} holds a listener that the skill did not write: forget them, or move the file away"
            ) from None

    def save(self, listener_id: str, state: Mapping[str, Any], version: int, now: datetime) -> int:
        """As Store.save."""
        values = {
            "id": listener_id,
            "version": version,
            "expires": expiry(now),
            "state": packed(state),
            "now": seconds(now),
            "n": SWEPT,
        }
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            saved = db.execute(_UPDATE if version else _INSERT, values).rowcount
            if saved:
                db.execute(_SWEEP, values)
            db.execute("COMMIT")
        if not saved:
            raise conflict(version)
        return version + 1

    def forget(self, listener_id: str, state: Mapping[str, Any], now: datetime) -> None:
        """As Store.forget; the file holds nothing else of the listener any more."""
        values = {
            "id": listener_id,
            "version": version_forgotten(now),
            "expires": expiry(now, FORGOTTEN_FOR),
            "state": packed(state),
        }
        with self._connection() as db:
            db.execute(_REPLACE, values)

    def delete(self, listener_id: str) -> None:
        """As Store.delete; the file holds nothing of the listener any more."""
        with self._connection() as db:
            db.execute("DELETE FROM listeners WHERE id = ?", (listener_id,))

    def check(self) -> None:
        """As Store.check: the file can be written now."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("ROLLBACK")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for one call, in which each statement is its own transaction unless BEGIN is said.

        One a call, not one a thread: it costs about a tenth of a millisecond, and there is none to carry over a
        fork, to leak when a thread ends, or to write into a file that was deleted or put in another's place. As the
        last one closes, SQLite empties and removes the write-ahead log, so what is left between turns is one file.
        """
        wait = deadline.left(BUSY_FOR)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=wait, isolation_level=None)) as db:
                # A power cut may lose the last turns, but never the file (SQLite, "PRAGMA synchronous").
                db.execute("PRAGMA synchronous = NORMAL")
                # A forgotten listener is overwritten, not only unlinked.
                db.execute("PRAGMA secure_delete = ON")
                self._prepare(db)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailableError(f"{self._path} {_trouble(error)}") from error

    def _prepare(self, db: sqlite3.Connection) -> None:
        (found,) = db.execute("PRAGMA user_version").fetchone()
        if found == FORMAT:
            return
        if found:
            raise StoreUnavailableError(
                f"{self._path} was made by another version of the skill: update the skill, or move the file away"
            )
        _switch_to_log(db)
        db.execute("BEGIN IMMEDIATE")
        for statement in _TABLE:
            db.execute(statement)
        db.execute("COMMIT")


def _switch_to_log(db: sqlite3.Connection) -> None:
    """Set WAL, which the file then keeps; the one step that doesn't wait by itself for others that use the file."""
    ends = time.monotonic() + deadline.left(BUSY_FOR)
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= ends:
                raise
            time.sleep(0.01)


def _trouble(error: Exception) -> str:
    """Return what is wrong with the file and what to do, to be said after its path."""
    # Extended names, as in SQLITE_READONLY_DIRECTORY, begin with that of their kind.
    kind = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    if kind in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return "is locked by another program: end what holds it, then try again"
    if kind in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return "is not an intact SQLite database: move it away, or name another file in SKILL_STORE"
    if kind == "SQLITE_FULL":
        return "can't grow, the disk is full: make room"
    if kind in ("SQLITE_CANTOPEN", "SQLITE_READONLY") or isinstance(error, OSError):
        return "can't be written: let this user write the file and its folder, or name another file in SKILL_STORE"
    return f"can't be used ({error}): move it away, or name another file in SKILL_STORE"
