"""Where listeners are kept: one protocol, and a store for AWS, one for a single machine and one for a single run."""

from __future__ import annotations

from pathlib import Path

from skill.stores.protocol import FORGOTTEN_FOR, KEPT_FOR, Kept, Store
from skill.stores.url import parsed

__all__ = ["FORGOTTEN_FOR", "KEPT_FOR", "Kept", "Store", "create", "open_store"]

# Each store is imported where it is opened: boto3 alone takes longer to import than everything else together.


def open_store(url: str) -> Store:
    """Return the store at `url`: "dynamodb://TABLE", "sqlite:///PATH" or "memory://".

    Nothing is reached, and no file or table made, before its first use. Each "memory://" is a new, empty store. Raises
    StoreUrlError.
    """
    kind, name = parsed(url)
    if kind == "dynamodb":
        from skill.stores.dynamodb import DynamoDBStore

        return DynamoDBStore(name)
    if kind == "sqlite":
        from skill.stores.sqlite import SQLiteStore

        return SQLiteStore(Path(name))
    from skill.stores.memory import MemoryStore

    return MemoryStore()


def create(url: str) -> str:
    """Make what the store at `url` needs, where it is missing, and return one line that says what was done.

    Raises StoreUrlError, or StoreUnavailableError where it can't be made.
    """
    kind, name = parsed(url)
    if kind == "dynamodb":
        from skill.stores.dynamodb import create_table

        return f"made DynamoDB table {name}" if create_table(url) else f"DynamoDB table {name} is there already"
    if kind == "sqlite":
        return f"nothing to make: {name} is made when it is first used"
    return "nothing to make: memory:// lasts as long as the program runs"
