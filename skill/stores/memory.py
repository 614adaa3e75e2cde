"""Listeners kept for as long as the program runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from skill.stores.item import conflict, expiry, packed, seconds, unpacked, version_forgotten
from skill.stores.protocol import FORGOTTEN_FOR, Kept


class MemoryStore:
    """A Store in a dict, safe for several threads."""

    def __init__(self) -> None:
        # By listener id: version, expires, state. The state is packed, so that no caller can change it afterwards.
        self._items: dict[str, tuple[int, int, str]] = {}
        self._lock = Lock()

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        """As Store.load."""
        version, expires, state = self._items.get(listener_id, (0, 0, ""))
        return Kept(version, unpacked(state)) if expires > seconds(now) else None

    def save(self, listener_id: str, state: Mapping[str, Any], version: int, now: datetime) -> int:
        """As Store.save."""
        text = packed(state)
        with self._lock:
            there, expires, _ = self._items.get(listener_id, (0, 0, ""))
            if version != (there if expires > seconds(now) else 0):
                raise conflict(version)
            self._items[listener_id] = (version + 1, expiry(now), text)
        return version + 1

    def forget(self, listener_id: str, state: Mapping[str, Any], now: datetime) -> None:
        """As Store.forget."""
        with self._lock:
            self._items[listener_id] = (version_forgotten(now), expiry(now, FORGOTTEN_FOR), packed(state))

    def delete(self, listener_id: str) -> None:
        """As Store.delete."""
        with self._lock:
            self._items.pop(listener_id, None)

    def check(self) -> None:
        """Return: memory can always be used."""
