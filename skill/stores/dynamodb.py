"""Listeners kept in a DynamoDB table, an item each: id, version, expires, state and the token of its last write."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from botocore.config import Config
from botocore.exceptions import ClientError

from skill import deadline
from skill.errors import StoreUnavailableError, StoreUrlError
from skill.stores import aws
from skill.stores.item import conflict, expiry, packed, seconds, unpacked, version_forgotten
from skill.stores.protocol import FORGOTTEN_FOR, Kept
from skill.stores.url import parsed

ALL_TRIES = 3.0
"""Seconds in which a call has succeeded or failed, where the turn has so many left."""

ONE_TRY = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})
"""A second try is worth it: the first after a pause often finds its kept-alive connection closed."""

MAKING = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3})
"""For making the table, when nobody waits for speech."""

BACKUP_TRIES = 40
BACKUP_PAUSE = 3.0
"""Seconds between two tries: a new table takes up to a minute or two before it can be given point-in-time recovery."""

_NOTHING_THERE = "attribute_not_exists(id) OR expires <= :now"
_THAT_VERSION = "version = :version AND expires > :now"


class DynamoDBStore:
    """A Store in the table `table`; region, endpoint and credentials come from the environment, as boto3 reads them."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._client: Any = None
        self._making = threading.Lock()
        self._call = threading.local()
        # A client takes as long to make as everything else in a cold start together, so it is made here, where a
        # snapshot can hold it ready. Where the settings don't allow one, the first call says so.
        with contextlib.suppress(StoreUnavailableError):
            self._made_client()

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        """As Store.load, with one consistent read."""
        item = self._ask("get_item", Key={"id": {"S": listener_id}}, ConsistentRead=True).get("Item")
        if item is None:
            return None
        try:
            # DynamoDB deletes what has expired within a few days, so it may still be there.
            if int(item["expires"]["N"]) <= seconds(now):
                return None
            return Kept(int(item["version"]["N"]), unpacked(item["state"]["S"]))
        except (KeyError, ValueError):
            raise StoreUnavailableError(
                f"DynamoDB table {self._table} holds an item that the skill did not write:"
                " forget that listener, or name another table in SKILL_STORE"
            ) from None

    def save(self, listener_id: str, state: Mapping[str, Any], version: int, now: datetime) -> int:
        """As Store.save, with one conditional write."""
        item = _item(listener_id, state, version + 1, expiry(now))
        values = {":now": {"N": str(seconds(now))}}
        if version:
            values[":version"] = {"N": str(version)}
        try:
            self._ask(
                "put_item",
                Item=item,
                ConditionExpression=_THAT_VERSION if version else _NOTHING_THERE,
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            # A second try fails the condition where the first was carried out and only its answer was lost.
            there: Any = error.response.get("Item", {})
            if there.get("token") != item["token"]:
                raise conflict(version) from None
        return version + 1

    def forget(self, listener_id: str, state: Mapping[str, Any], now: datetime) -> None:
        """As Store.forget, with one write."""
        item = _item(listener_id, state, version_forgotten(now), expiry(now, FORGOTTEN_FOR))
        self._ask("put_item", Item=item)

    def delete(self, listener_id: str) -> None:
        """As Store.delete."""
        self._ask("delete_item", Key={"id": {"S": listener_id}})

    def check(self) -> None:
        """As Store.check: the table is there, has the right key and may be read."""
        self._ask("get_item", Key={"id": {"S": "check"}}, ConsistentRead=True)

    def _ask(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer to one operation within ALL_TRIES, or within what the turn has left.

        Raises ClientError where a condition failed, StoreUnavailableError for everything else that can go wrong.
        """
        client = self._made_client()
        seconds = deadline.left(ALL_TRIES)
        ends = time.monotonic() + seconds

        def ask() -> dict[str, Any]:
            self._call.ends = ends
            answer: dict[str, Any] = getattr(client, operation)(TableName=self._table, **arguments)
            return answer

        try:
            return deadline.within(seconds, ask, f"dynamodb-{operation}")
        except TimeoutError:
            raise StoreUnavailableError(
                f"DynamoDB table {self._table} did not answer within {seconds:.1f} seconds:"
                " check the network and AWS_ENDPOINT_URL_DYNAMODB"
            ) from None
        except aws.ERRORS as error:
            if isinstance(error, ClientError) and aws.code(error) == "ConditionalCheckFailedException":
                raise
            raise aws.unavailable(error, self._table) from error

    def _made_client(self) -> Any:
        with self._making:
            if self._client is None:
                client = aws.client(self._table, ONE_TRY)
                client.meta.events.register("before-send.dynamodb", self._not_too_late)
                self._client = client
            return self._client

    def _not_too_late(self, **_: Any) -> None:
        """Keep a call that was given up from writing later, perhaps after its listener asked to be forgotten."""
        if time.monotonic() >= self._call.ends:
            raise TimeoutError


def _item(listener_id: str, state: Mapping[str, Any], version: int, expires: int) -> dict[str, Any]:
    return {
        "id": {"S": listener_id},
        "version": {"N": str(version)},
        "expires": {"N": str(expires)},
        "state": {"S": packed(state)},
        "token": {"S": str(uuid4())},
    }


def create_table(url: str) -> bool:
    """Make the table that `url` names; return True where it was made, False where it was there.

    Either way it has then the key `id`, and DynamoDB deletes what has expired and can restore the table to any second
    of the last 35 days. Raises StoreUrlError, or StoreUnavailableError where that can't be had.
    """
    kind, table = parsed(url)
    if kind != "dynamodb":
        raise StoreUrlError(f'{url!r} has no table to make: give "dynamodb://TABLE"')
    client = aws.client(table, MAKING)
    try:
        made = _made(client, table)
        client.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
        _check_key(client, table)
        _let_expire(client, table)
        _back_up(client, table)
    except aws.ERRORS as error:
        raise aws.unavailable(error, table) from error
    return made


def _made(client: Any, table: str) -> bool:
    try:
        client.create_table(
            TableName=table,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    except ClientError as error:
        if aws.code(error) != "ResourceInUseException":
            raise
        return False
    return True


def _check_key(client: Any, table: str) -> None:
    found = client.describe_table(TableName=table)["Table"]
    types = {a["AttributeName"]: a["AttributeType"] for a in found["AttributeDefinitions"]}
    if [(k["AttributeName"], types[k["AttributeName"]]) for k in found["KeySchema"]] != [("id", "S")]:
        raise StoreUnavailableError(f"DynamoDB table {table} has another key than the string id: name another table")


def _let_expire(client: Any, table: str) -> None:
    found = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if found["TimeToLiveStatus"] not in ("ENABLED", "ENABLING"):
        client.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
        )
    elif found["AttributeName"] != "expires":
        raise StoreUnavailableError(f"DynamoDB table {table} expires by another attribute: name another table")


def _back_up(client: Any, table: str) -> None:
    for tries_left in reversed(range(BACKUP_TRIES)):
        try:
            client.update_continuous_backups(
                TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
        except ClientError as error:
            if aws.code(error) == "UnknownOperationException":
                return  # DynamoDB Local has no backups.
            if aws.code(error) != "ContinuousBackupsUnavailableException" or not tries_left:
                raise
            time.sleep(BACKUP_PAUSE)
        else:
            return
