"""Where a turn meets the store: at most one read and one write, and a conversation that goes on without either."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from skill.errors import ConflictError, StoreUnavailableError
from skill.listener import Listener, merged, stamp
from skill.stores.protocol import Store

SINCE = "since"
"""Where a session carries Record.since beside the listener."""
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
    since: str = ""
    """When it all began, as listener.stamp writes it; empty where some of it came from the store."""

    @property
    def known(self) -> bool:
        """Whether anything of the listener was kept; that they were forgotten is nothing."""
        return self.version > 0 and not self.listener.is_empty

    def carry(self, listener: Listener) -> dict[str, Any]:
        """Return what the session has to carry so that `load` finds `listener`, which the store could not take."""
        return listener.to_dict() | ({SINCE: self.since} if self.since else {})


def load(store: Store, listener_id: str | None, now: datetime, carried: Mapping[str, Any] | None) -> Record:
    """Return what is kept of a listener, with what the session has `carried` while the store was away.

    What was carried from before the listener was forgotten is dropped. A request without a listener's id, which Alexa
    never sends, is held without the store.
    """
    unsaved, since = _read(carried or {}), str((carried or {}).get(SINCE, "" if carried else stamp(now)))
    try:
        kept = store.load(listener_id, now) if listener_id else None
    except StoreUnavailableError as error:
        log.warning("store unavailable at load: %s", error)
        kept, listener_id = None, None
    if kept is None and listener_id and carried and not since:
        # It came from the store, which has nothing any more: the listener was deleted.
        unsaved, carried, since = Listener(), None, stamp(now)
    if kept is None:
        return Record(unsaved, 0, bool(listener_id), bool(carried), since)
    stored = _read(kept.state)
    if since > stored.forgotten:
        # Begun without the store, and so without knowing of the deletion, but after it.
        unsaved = replace(unsaved, forgotten=stored.forgotten)
    listener = merged(stored, unsaved)
    return Record(listener, kept.version, True, carried=listener != stored)


def save(store: Store, listener_id: str, record: Record, after: Listener, now: datetime) -> int:
    """Keep `after`, merged with what others saved meanwhile; return the version.

    Raises StoreUnavailableError. What was deleted since it was loaded stays deleted: nothing of it is saved, and where
    nothing else is kept, 0 is returned.
    """
    version, state = record.version, after
    for _ in range(TRIES):
        try:
            return store.save(listener_id, state.to_dict(), version, now)
        except ConflictError:
            kept = store.load(listener_id, now)
            if kept is None:
                return 0
            there = _read(kept.state)
            version, state = kept.version, merged(there, state)
            if state == there:
                return 0 if there.is_empty else version
    raise StoreUnavailableError("too many devices save this listener at once; try again")


def forget(store: Store, listener_id: str, now: datetime) -> None:
    """Delete what is kept of a listener, and see to it that no other device brings it back.

    Raises StoreUnavailableError. It takes nothing that was loaded, since a spoilt record can be deleted all the same.
    """
    store.forget(listener_id, Listener(forgotten=stamp(now)).to_dict(), now)


def _read(state: Mapping[str, Any]) -> Listener:
    """Return the listener in `state`; a new one where it can't be read, since a turn must go on."""
    try:
        return Listener.from_dict(state)
    except ValueError as error:
        log.error("a kept listener can't be read: %s", type(error).__name__)
        return Listener()
