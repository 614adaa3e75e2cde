"""Where a turn meets the store: at most one read and one write, and a conversation that goes on without either."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skill.errors import ConflictError, StoreUnavailableError
from skill.listener import Listener, merged
from skill.stores.protocol import Store

TRIES = 4
"""How often a save is tried when other devices of the household save at the same time."""

log = logging.getLogger(__name__)


@dataclass
class Record:
    """One listener for the length of a turn."""

    listener: Listener
    version: int
    """What the store had; 0 for nothing."""
    reachable: bool
    """Whether the store answered."""
    carried: bool = False
    """Whether the session brought something that has not been saved yet."""


def load(store: Store, listener_id: str | None, now: datetime, carried: Mapping[str, Any] | None) -> Record:
    """Return what is kept of a listener, with what the session has `carried` while the store was away.

    A request without a listener's id, which Alexa never sends, is held without the store.
    """
    unsaved = _read(carried or {})
    try:
        kept = store.load(listener_id, now) if listener_id else None
    except StoreUnavailableError as error:
        log.warning("store unavailable at load: %s", error)
        kept, listener_id = None, None
    listener = merged(_read(kept.state), unsaved) if kept else unsaved
    return Record(listener, kept.version if kept else 0, bool(listener_id), bool(carried))


def save(store: Store, listener_id: str, record: Record, after: Listener, now: datetime) -> int:
    """Keep `after`, merged with what others saved meanwhile; return the version.

    Raises StoreUnavailableError. What was deleted since it was loaded stays deleted: nothing is saved, 0 is returned.
    """
    version, state = record.version, after
    for _ in range(TRIES):
        try:
            return store.save(listener_id, state.to_dict(), version, now)
        except ConflictError:
            kept = store.load(listener_id, now)
            if kept is None:
                return 0
            version, state = kept.version, merged(_read(kept.state), state)
    raise StoreUnavailableError("too many devices save this listener at once; try again")


def _read(state: Mapping[str, Any]) -> Listener:
    """Return the listener in `state`; a new one where it can't be read, since a turn must go on."""
    try:
        return Listener.from_dict(state)
    except ValueError as error:
        log.error("a kept listener can't be read: %s", type(error).__name__)
        return Listener()
