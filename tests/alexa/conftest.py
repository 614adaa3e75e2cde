from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.alexa.skill import assemble
from skill.making import compiling

from .amazon import Amazon, make_certificate, running
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, and its key, in one file."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def amazon(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Amazon]:
    """Alexa's own APIs, by an authority that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate) as told:
        yield told


@pytest.fixture(autouse=True)
def _no_support(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SKILL_SUPPORT_NAME", "SKILL_SUPPORT_URL"):
        monkeypatch.delenv(name, raising=False)
