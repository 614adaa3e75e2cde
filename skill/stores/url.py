"""The address of a store, as SKILL_STORE and --store give it."""

from __future__ import annotations

import re
from typing import Literal

from skill.errors import StoreUrlError

Kind = Literal["dynamodb", "sqlite", "memory"]

_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}")
"""What DynamoDB takes as a table's name (its developer guide, "Naming rules")."""


def parsed(url: str) -> tuple[Kind, str]:
    """Return the kind of store that `url` names, and the table's name, the file's path, or "".

    A path is written as for SQLAlchemy: three slashes before a relative one, four for an absolute one. It has no
    options, and ":memory:" isn't one. Raises StoreUrlError for anything else than the three forms.
    """
    kind, _, rest = url.partition("://")
    if kind == "memory" and url == "memory://":
        return "memory", ""
    if kind == "dynamodb" and _TABLE.fullmatch(rest):
        return "dynamodb", rest
    path = rest.removeprefix("/")
    if kind == "sqlite" and rest != path and path and path != ":memory:" and not set(path) & {"?", "\0"}:
        return "sqlite", path
    raise StoreUrlError(f'{url!r} names no store: give "dynamodb://TABLE", "sqlite:///PATH" or "memory://"')
