"""What a place that keeps listeners must do; every store passes the same contract tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

KEPT_FOR = timedelta(days=365)
"""How long a listener is remembered after the last change."""
FORGOTTEN_FOR = timedelta(days=1)
"""How long it is known that somebody was forgotten: longer than any session lasts that could bring them back."""


@dataclass(frozen=True)
class Kept:
    """What a store holds of one listener."""

    version: int
    """1 when it was first saved, one more with each save; after a deletion the counting goes on from its time, in
    seconds."""
    state: Mapping[str, Any]
    """Plain JSON: what listener.py's to_dict gives."""


class Store(Protocol):
    """Keeps one small JSON state a listener, guarded by a version.

    Every method raises StoreUnavailableError where the store can't be reached in time or refuses.
    """

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        """Return what is kept of a listener; None where nothing is, or where it has expired at `now`."""
        ...

    def save(self, listener_id: str, state: Mapping[str, Any], version: int, now: datetime) -> int:
        """Keep `state` until a year after `now` and return its version, `version` + 1.

        `version` is the one that was loaded, 0 where nothing was. Raises ConflictError where another version is
        there now, or where it was deleted since.
        """
        ...

    def forget(self, listener_id: str, state: Mapping[str, Any], now: datetime) -> None:
        """Keep `state`, which says only that they were forgotten, in place of all that is kept, for FORGOTTEN_FOR.

        Whatever version was loaded before, none can be saved on afterwards. No error where nothing is kept.
        """
        ...

    def delete(self, listener_id: str) -> None:
        """Remove a listener without a trace, so that nothing stops a session of theirs from bringing them back.

        For whoever will not be met again by this id; no error where nothing is kept.
        """
        ...

    def check(self) -> None:
        """Return where the store can be used; otherwise raise StoreUnavailableError that says what is wrong."""
        ...
