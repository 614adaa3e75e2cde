from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from skill import library
from skill.answering import Answerer
from skill.library import Library
from skill.making import compiling

# The same examples in every run, and no limit of time on a machine that others use too.
settings.register_profile("promises", deadline=None, derandomize=True)
settings.load_profile("promises")


@pytest.fixture(scope="session")
def compiled() -> None:
    """The content as its files are now; they are compiled only where they have changed."""
    compiling.freshen()


@pytest.fixture(scope="session")
def known(compiled: None) -> Library:
    """Everything that the skill can say, as compiled."""
    return library.load("en-US")


@pytest.fixture(scope="session")
def answerer(compiled: None) -> Answerer:
    """The engine that understands questions, as built."""
    return Answerer.load("en")


@pytest.fixture
def evening() -> datetime:
    """A Monday evening to start from; no test looks at the clock on the wall."""
    return datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
