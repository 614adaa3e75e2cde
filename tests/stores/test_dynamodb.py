"""What only the store on AWS promises: answers in time, no conflict with oneself, and errors that say what to do."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

import boto3.session
import pytest

from skill import deadline
from skill.errors import ConflictError, StoreUnavailableError
from skill.stores import KEPT_FOR, Kept, Store, aws, open_store
from skill.stores.dynamodb import ALL_TRIES
from tests.stores.conftest import URL
from tests.stores.faults import Fault, FaultProxy, Meanwhile, Refusal

NOW = datetime(2100, 1, 1, tzinfo=UTC)
SLACK = 1.0
"""Seconds that a busy machine may add."""

USES = ("load", "save", "delete", "check")

UNREACHABLE = "http://127.0.0.1:9"
"""An address where nobody listens."""


@pytest.fixture
def store(proxy: FaultProxy) -> Store:
    """A store whose way to DynamoDB leads through the proxy; its client is made, so only calls take time."""
    store = open_store(URL)
    store.check()
    proxy.requests.clear()
    return store


def do(store: Store, use: str) -> None:
    match use:
        case "load":
            store.load("nobody", NOW)
        case "save":
            store.save("nobody", {}, 7, NOW)
        case "delete":
            store.delete("nobody")
        case _:
            store.check()


def client() -> Any:
    return boto3.session.Session().client("dynamodb")


def test_a_turn_costs_one_read_and_one_write(store: Store, proxy: FaultProxy, listener: str) -> None:
    store.load(listener, NOW)
    store.save(listener, {}, 0, NOW)
    assert proxy.requests == ["GetItem", "PutItem"]
    assert proxy.bodies[-2]["ConsistentRead"] is True


def test_nothing_is_asked_of_aws_before_the_first_use(proxy: FaultProxy) -> None:
    open_store(URL)
    assert proxy.requests == []


def test_the_client_is_ready_before_the_first_turn(
    dynamodb: str, listener: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(dynamodb)

    def made_too_late(*_: object) -> None:
        raise AssertionError("a client is made while somebody waits")

    monkeypatch.setattr(aws, "client", made_too_late)
    assert store.save(listener, {}, 0, NOW) == 1


def test_an_item_holds_what_the_table_s_expiry_needs_and_no_more(dynamodb: str, listener: str) -> None:
    open_store(dynamodb).save(listener, {"b": 1, "a": 2}, 0, NOW)
    item = client().get_item(TableName="listeners", Key={"id": {"S": listener}})["Item"]
    token = item.pop("token")
    assert len(token["S"]) == 36
    assert item == {
        "id": {"S": listener},
        "version": {"N": "1"},
        "expires": {"N": str(int((NOW + KEPT_FOR).timestamp()))},
        "state": {"S": '{"a":2,"b":1}'},
    }


@pytest.mark.parametrize("fault", [Fault.LOSE_ANSWER, Fault.STALL_AFTER])
@pytest.mark.parametrize("version", [0, 1])
def test_a_save_whose_answer_was_lost_is_no_conflict_with_itself(
    store: Store, proxy: FaultProxy, listener: str, version: int, fault: Fault
) -> None:
    for earlier in range(version):
        store.save(listener, {}, earlier, NOW)
    proxy.requests.clear()
    proxy.faults.append(fault)
    assert store.save(listener, {"mine": 1}, version, NOW) == version + 1
    assert proxy.requests == ["PutItem", "PutItem"]
    assert store.load(listener, NOW) == Kept(version + 1, {"mine": 1})


def test_a_save_that_was_beaten_while_its_first_try_was_lost_is_a_conflict(
    store: Store, proxy: FaultProxy, listener: str
) -> None:
    store.save(listener, {}, 0, NOW)
    proxy.faults.append(Meanwhile(lambda: store.save(listener, {"theirs": 1}, 2, NOW)))
    with pytest.raises(ConflictError):
        store.save(listener, {"mine": 1}, 1, NOW)
    assert store.load(listener, NOW) == Kept(3, {"theirs": 1})


@pytest.mark.parametrize("fault", [Fault.LOSE_ANSWER, Refusal("InternalServerError", 500), Fault.STALL])
def test_a_read_that_failed_once_is_tried_again(
    store: Store, proxy: FaultProxy, listener: str, fault: Fault | Refusal
) -> None:
    store.save(listener, {"kept": 1}, 0, NOW)
    proxy.faults.append(fault)
    assert store.load(listener, NOW) == Kept(1, {"kept": 1})


def test_forgetting_is_tried_again_when_its_answer_was_lost(store: Store, proxy: FaultProxy, listener: str) -> None:
    store.save(listener, {}, 0, NOW)
    proxy.faults.append(Fault.LOSE_ANSWER)
    store.forget(listener, {"forgotten": "now"}, NOW)
    kept = store.load(listener, NOW)
    assert kept is not None
    assert kept.state == {"forgotten": "now"}
    proxy.faults.append(Fault.LOSE_ANSWER)
    store.delete(listener)
    assert store.load(listener, NOW) is None


@pytest.mark.parametrize(
    ("use", "fault"),
    [("load", Fault.STALL), ("save", Fault.STALL), ("load", Fault.TRICKLE), ("save", Fault.STALL_AFTER)],
)
def test_a_turn_never_waits_longer_than_three_seconds(store: Store, proxy: FaultProxy, use: str, fault: Fault) -> None:
    proxy.faults.extend([fault] * 3)
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match=r"table listeners did not answer .*: check the network"):
        do(store, use)
    assert time.monotonic() - began < ALL_TRIES + SLACK
    # Whatever happened, the next turn finds the store as it was.
    proxy.faults.clear()
    store.check()


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.TRICKLE])
def test_a_turn_that_has_waited_already_waits_less(store: Store, proxy: FaultProxy, fault: Fault) -> None:
    proxy.faults.extend([fault] * 3)
    began = time.monotonic()
    with deadline.turn(0.2), pytest.raises(StoreUnavailableError, match=r"did not answer within 0\.[12] seconds"):
        store.load("nobody", NOW)
    assert time.monotonic() - began < 0.2 + SLACK


def test_a_save_that_was_given_up_is_not_sent_again_later(store: Store, proxy: FaultProxy, listener: str) -> None:
    proxy.faults.append(Fault.TRICKLE)
    with pytest.raises(StoreUnavailableError):
        store.save(listener, {"late": 1}, 0, NOW)
    for thread in threading.enumerate():
        if thread.name == "dynamodb-put_item":
            thread.join(30)
            assert not thread.is_alive()
    assert proxy.requests == ["PutItem"]
    assert store.load(listener, NOW) is None


THROTTLES = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]


@pytest.mark.parametrize("code", THROTTLES)
def test_throttling_that_passes_is_not_noticed(store: Store, proxy: FaultProxy, listener: str, code: str) -> None:
    proxy.faults.append(Refusal(code))
    assert store.save(listener, {}, 0, NOW) == 1
    assert proxy.requests == ["PutItem", "PutItem"]


@pytest.mark.parametrize("code", THROTTLES)
def test_throttling_that_stays_says_what_to_raise(store: Store, proxy: FaultProxy, listener: str, code: str) -> None:
    proxy.faults.extend([Refusal(code)] * 2)
    with pytest.raises(StoreUnavailableError, match=r"table listeners is throttled: .* raise the table's .* limits"):
        store.save(listener, {}, 0, NOW)
    assert len(proxy.requests) == 2


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDeniedException", "allow dynamodb:GetItem, PutItem and DeleteItem"),
        ("UnrecognizedClientException", "give AWS credentials"),
        ("ExpiredTokenException", "give AWS credentials"),
        ("ResourceNotFoundException", "run `python -m skill store create`"),
        ("ValidationException", "check the table and SKILL_STORE"),
        ("SomethingNewException", "check the table and SKILL_STORE"),
    ],
)
def test_what_aws_refuses_says_what_to_do(store: Store, proxy: FaultProxy, code: str, advice: str) -> None:
    for use in USES:
        proxy.faults.append(Refusal(code))
        with pytest.raises(StoreUnavailableError, match=f"^DynamoDB table listeners .*{advice}"):
            do(store, use)
    assert proxy.requests == ["GetItem", "PutItem", "DeleteItem", "GetItem"]


def test_a_missing_table_says_how_to_make_it(dynamodb: str) -> None:
    store = open_store("dynamodb://absent")
    for use in USES:
        with pytest.raises(StoreUnavailableError, match="table absent is missing: run `python -m skill store create`"):
            do(store, use)


def test_a_state_that_is_larger_than_an_item_may_be_is_refused_in_one_line(dynamodb: str, listener: str) -> None:
    store = open_store(dynamodb)
    with pytest.raises(StoreUnavailableError, match=r"table listeners refused .*size") as caught:
        store.save(listener, {"x": "x" * 500_000}, 0, NOW)
    assert "\n" not in str(caught.value)


def test_nobody_at_the_endpoint_is_told_from_a_missing_table(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", UNREACHABLE)
    with pytest.raises(StoreUnavailableError, match=r"listeners can't be reached: .* AWS_ENDPOINT_URL_DYNAMODB"):
        open_store(dynamodb).check()


def test_an_endpoint_that_is_no_url_is_named(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "not a url")
    with pytest.raises(StoreUnavailableError, match=r"Invalid endpoint: not a url.*AWS_ENDPOINT_URL_DYNAMODB"):
        open_store(dynamodb).check()


def test_a_missing_region_says_what_to_set(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION")
    store = open_store(dynamodb)
    for use in USES:
        with pytest.raises(StoreUnavailableError, match="listeners is in no known region: set AWS_REGION"):
            do(store, use)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    store.check()


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_name_of_the_region_will_do(dynamodb: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv(name, "eu-west-1")
    open_store(dynamodb).check()


def test_missing_credentials_say_what_to_give(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(StoreUnavailableError, match="listeners can't be asked without credentials: give AWS"):
        open_store(dynamodb).check()


def test_a_profile_that_is_not_there_is_named(dynamodb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "absent")
    with pytest.raises(StoreUnavailableError, match=r"listeners can't be used \(.*absent.*\)"):
        open_store(dynamodb).check()


def test_an_item_that_somebody_else_wrote_is_not_taken_for_a_new_listener(dynamodb: str, listener: str) -> None:
    client().put_item(TableName="listeners", Item={"id": {"S": listener}, "attributes": {"M": {}}})
    with pytest.raises(StoreUnavailableError, match="listeners holds an item that the skill did not write"):
        open_store(dynamodb).load(listener, NOW)


def test_threads_that_begin_at_once_share_one_client(dynamodb: str, listener: str) -> None:
    store = open_store(dynamodb)
    at_once = threading.Barrier(6)
    saved: list[int] = []

    def save(n: int) -> None:
        at_once.wait()
        saved.append(store.save(f"{listener} {n}", {}, 0, NOW))

    threads = [threading.Thread(target=save, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved == [1] * 6
