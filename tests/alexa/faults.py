"""A store that can be told to be away, and that notes how often it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from skill.errors import StoreUnavailableError
from skill.stores import Kept
from skill.stores.memory import MemoryStore


class FaultyStore:
    """A MemoryStore with bad days."""

    def __init__(self) -> None:
        self.memory = MemoryStore()
        """What is really kept; a test looks here without being counted."""
        self.down: set[str] = set()
        """The operations that don't work: load, save, forget, delete."""
        self.calls: list[str] = []
        self.meanwhile: list[Callable[[], object]] = []
        """What other devices do just before the next saves, one each."""

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        self._reach("load")
        return self.memory.load(listener_id, now)

    def save(self, listener_id: str, state: Mapping[str, Any], version: int, now: datetime) -> int:
        self._reach("save")
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.memory.save(listener_id, state, version, now)

    def forget(self, listener_id: str, state: Mapping[str, Any], now: datetime) -> None:
        self._reach("forget")
        self.memory.forget(listener_id, state, now)

    def delete(self, listener_id: str) -> None:
        self._reach("delete")
        self.memory.delete(listener_id)

    def check(self) -> None:
        self._reach("check")

    def _reach(self, operation: str) -> None:
        self.calls.append(operation)
        if operation in self.down:
            raise StoreUnavailableError("it did not answer in time: try again")

    def asked(self) -> list[str]:
        """Return the operations since the last time, and forget them."""
        calls, self.calls = self.calls, []
        return calls
