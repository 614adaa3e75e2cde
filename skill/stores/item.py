"""What every store writes of a listener: strict JSON, whole seconds, and the same words for a conflict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from skill.errors import ConflictError
from skill.stores.protocol import KEPT_FOR


def packed(state: Mapping[str, Any]) -> str:
    """Return `state` as one line of ASCII JSON (RFC 8259), the same for equal states.

    Raises ValueError for NaN and infinities, TypeError for what JSON has no form for.
    """
    return json.dumps(dict(state), allow_nan=False, sort_keys=True, separators=(",", ":"))


def unpacked(text: str) -> dict[str, Any]:
    """Return the state that `packed` wrote. Raises ValueError where `text` is no JSON object."""
    state = json.loads(text)
    if not isinstance(state, dict):
        raise ValueError("not a JSON object")
    return state


def seconds(now: datetime) -> int:
    """Return `now`, which has a time zone, in whole seconds since 1970; an item has expired from its `expires` on."""
    return int(now.timestamp())


def expiry(now: datetime, kept_for: timedelta = KEPT_FOR) -> int:
    """Return when what is saved at `now` expires, in whole seconds since 1970."""
    # Not now + kept_for: that counts by the clock on the wall, which summer time moves.
    return seconds(now) + int(kept_for.total_seconds())


def version_forgotten(now: datetime) -> int:
    """Return the version of a listener who is forgotten at `now`: one that nobody can have loaded before.

    It is the time, since what is there need not be read first, and may even be spoilt. Versions count saves, so that
    no listener gets there, and who is forgotten twice gets a later one.
    """
    return seconds(now)


def conflict(version: int) -> ConflictError:
    """Return the error for a save on a `version` that isn't there any more; it names no listener, for the logs."""
    return ConflictError(f"the listener is no longer at version {version}: load again, merge and save again")
