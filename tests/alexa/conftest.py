from __future__ import annotations

import pytest

from skill.alexa.skill import assemble
from skill.making import compiling

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
