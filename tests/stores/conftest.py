from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from skill.stores import Store, open_store
from skill.stores.dynamodb import create_table
from tests import dynamodb_local
from tests.dynamodb_local import Server
from tests.stores.faults import FaultProxy

URL = "dynamodb://listeners"


@pytest.fixture(scope="session")
def dynamodb_server() -> Iterator[Server]:
    """DynamoDB Local with the table of URL; fails, rather than skips, where it can't be had."""
    server, missing = None, ""
    try:
        server = dynamodb_local.start()
    except dynamodb_local.MissingError as error:
        missing = str(error)
    if server is None:
        pytest.fail(missing, pytrace=False)
    try:
        with pytest.MonkeyPatch.context() as patch:
            set_up(patch, server.url)
            create_table(URL)
        yield server
    finally:
        server.stop()


@pytest.fixture
def dynamodb(dynamodb_server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a table that is there, with the environment that leads to it."""
    set_up(monkeypatch, dynamodb_server.url)
    return URL


@pytest.fixture
def proxy(dynamodb_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """What stands between URL and its server."""
    proxy = FaultProxy(dynamodb_server.port)
    set_up(monkeypatch, proxy.url)
    yield proxy
    proxy.stop()


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/folder/listeners.db"


@pytest.fixture
def memory() -> str:
    return "memory://"


@pytest.fixture(scope="session")
def dynamodb_store(dynamodb_server: Server) -> Store:
    """One for all tests: its client takes longer to make than most of them to run."""
    store = open_store(URL)
    with pytest.MonkeyPatch.context() as patch:
        set_up(patch, dynamodb_server.url)
        store.check()
    return store


@pytest.fixture(params=["memory", "sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "dynamodb":
        return cast("Store", request.getfixturevalue("dynamodb_store"))
    return open_store(request.getfixturevalue(request.param))


@pytest.fixture
def listener(request: pytest.FixtureRequest) -> str:
    """An id that no other test uses, as long as Alexa's."""
    return f"amzn1.ask.account.{request.node.nodeid:A<200}"


def set_up(patch: pytest.MonkeyPatch, endpoint: str) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        patch.delenv(name, raising=False)
    for name, value in dynamodb_local.ENVIRONMENT.items():
        patch.setenv(name, value)
    patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
