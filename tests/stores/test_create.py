"""What `store create` promises of a table on AWS."""

from __future__ import annotations

from typing import Any

import boto3.session
import pytest

from skill.errors import StoreUnavailableError, StoreUrlError
from skill.stores import create
from skill.stores import dynamodb as backend
from skill.stores.dynamodb import create_table
from tests.stores.faults import Fault, FaultProxy, Refusal


def client() -> Any:
    return boto3.session.Session().client("dynamodb")


@pytest.fixture
def table(request: pytest.FixtureRequest) -> str:
    """A name that no other test uses."""
    return "".join(c for c in request.node.name if c.isalnum() or c == "_")


def test_a_table_is_made_once_and_said_to_be_there_from_then_on(dynamodb: str, table: str) -> None:
    assert create(f"dynamodb://{table}") == f"made DynamoDB table {table}"
    assert create(f"dynamodb://{table}") == f"DynamoDB table {table} is there already"


def test_the_table_is_paid_by_request_and_forgets_what_has_expired(dynamodb: str, table: str) -> None:
    assert create_table(f"dynamodb://{table}") is True
    found = client().describe_table(TableName=table)["Table"]
    assert found["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    expiry = client().describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


def test_making_it_again_finishes_what_was_broken_off(proxy: FaultProxy, table: str) -> None:
    proxy.faults.extend([Fault.NONE, Fault.NONE, Fault.NONE, Fault.NONE, Refusal("AccessDeniedException")])
    with pytest.raises(StoreUnavailableError, match=f"table {table} refused"):
        create_table(f"dynamodb://{table}")
    assert proxy.requests[-1] == "UpdateTimeToLive"
    assert create_table(f"dynamodb://{table}") is False
    expiry = client().describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert expiry["TimeToLiveStatus"] == "ENABLED"


def test_point_in_time_recovery_is_asked_for_until_a_new_table_is_ready_for_it(
    proxy: FaultProxy, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "BACKUP_PAUSE", 0)
    not_yet = Refusal("ContinuousBackupsUnavailableException")
    proxy.faults.extend([Fault.NONE] * 5 + [not_yet, not_yet])
    assert create_table(f"dynamodb://{table}") is True
    assert proxy.requests[5:] == ["UpdateContinuousBackups"] * 3


def test_a_table_that_never_gets_ready_for_recovery_is_not_waited_for_for_ever(
    proxy: FaultProxy, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "BACKUP_PAUSE", 0)
    monkeypatch.setattr(backend, "BACKUP_TRIES", 2)
    proxy.faults.extend([Fault.NONE] * 5 + [Refusal("ContinuousBackupsUnavailableException")] * 2)
    with pytest.raises(StoreUnavailableError, match="ContinuousBackupsUnavailableException"):
        create_table(f"dynamodb://{table}")


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_a_table_without_recovery_is_never_passed_off_as_complete(proxy: FaultProxy, table: str, code: str) -> None:
    proxy.faults.extend([Fault.NONE] * 5 + [Refusal(code)])
    with pytest.raises(StoreUnavailableError, match=f"table {table} refused"):
        create_table(f"dynamodb://{table}")
    assert proxy.requests[-1] == "UpdateContinuousBackups"


@pytest.mark.parametrize("key", [("id", "N"), ("user", "S")])
def test_a_table_of_another_program_is_not_taken(dynamodb: str, table: str, key: tuple[str, str]) -> None:
    client().create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": key[0], "AttributeType": key[1]}],
        KeySchema=[{"AttributeName": key[0], "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.raises(StoreUnavailableError, match=f"table {table} has another key"):
        create_table(f"dynamodb://{table}")
    expiry = client().describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert expiry["TimeToLiveStatus"] == "DISABLED"


def test_a_table_that_expires_by_another_attribute_is_not_taken(dynamodb: str, table: str) -> None:
    create_table(f"dynamodb://{table}")
    spec = {"Enabled": False, "AttributeName": "expires"}
    client().update_time_to_live(TableName=table, TimeToLiveSpecification=spec)
    spec = {"Enabled": True, "AttributeName": "ttl"}
    client().update_time_to_live(TableName=table, TimeToLiveSpecification=spec)
    with pytest.raises(StoreUnavailableError, match=f"table {table} expires by another attribute"):
        create_table(f"dynamodb://{table}")


@pytest.mark.parametrize("url", ["memory://", "sqlite:///listeners.db"])
def test_only_dynamodb_has_tables_to_make(url: str) -> None:
    with pytest.raises(StoreUrlError, match="dynamodb://TABLE"):
        create_table(url)


def test_what_keeps_a_table_from_being_made_says_what_to_do(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    with pytest.raises(StoreUnavailableError, match="table listeners can't be reached: check the network"):
        create(dynamodb)
