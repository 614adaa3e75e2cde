from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.alexa.skill import assemble
from skill.making import compiling

from . import amazon
from .echo import SKILL_ID, Echo
from .faults import FaultyStore


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile the content where it has changed, as every command does."""
    compiling.freshen()


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def echo(store: FaultyStore) -> Echo:
    """A device before the skill on `store`."""
    return Echo(assemble(store, skill_id=SKILL_ID))


@pytest.fixture(autouse=True)
def _no_support(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SKILL_SUPPORT_NAME", "SKILL_SUPPORT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, and its key, in one file."""
    return amazon.certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(certificate: Path) -> Iterator[amazon.Server]:
    """A server that nobody vouches for."""
    with amazon.serving(certificate) as running:
        yield running


@pytest.fixture
def trusted(server: amazon.Server, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> amazon.Server:
    """The server, by an authority that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return server


@pytest.fixture
def told(trusted: amazon.Server) -> amazon.SettingsApi:
    """The settings that the server tells; none so far."""
    settings = amazon.SettingsApi()
    trusted.apis.append(settings)
    return settings


@pytest.fixture
def alerts(trusted: amazon.Server) -> amazon.RemindersApi:
    """The reminders that the server keeps; none so far."""
    reminders = amazon.RemindersApi()
    trusted.apis.append(reminders)
    return reminders
