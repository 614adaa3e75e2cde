"""Every dialogue of this folder, played from the words said to the words heard."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest

from skill.library import Library
from skill.speakers import device
from tests.conversations.script import (
    Dialogue,
    Stage,
    check,
    dialogues,
    remember,
    rules_of_every_turn,
    rules_of_safety,
)

EVENINGS = 3
"""How often each dialogue is played, with other questions and wordings each time."""


@pytest.fixture(autouse=True)
def support_page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counsellor's page, only where the dialogue has one."""
    told: Dialogue = request.getfixturevalue("dialogue")
    for name in ("SKILL_SUPPORT_NAME", "SKILL_SUPPORT_URL"):
        monkeypatch.delenv(name, raising=False)
    if told.given.get("support"):
        monkeypatch.setenv("SKILL_SUPPORT_NAME", "Mira Holm")
        monkeypatch.setenv("SKILL_SUPPORT_URL", "https://counsellor.example/mira")


@pytest.mark.parametrize("evening_number", range(EVENINGS))
@pytest.mark.parametrize("dialogue", dialogues(), ids=lambda told: f"{told.file}: {told.title}")
def test_the_conversation_goes_as_it_is_written(
    dialogue: Dialogue,
    evening_number: int,
    known: Library,
    evening: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # A turn's chance comes from the id of its request: with these, a dialogue goes the same way in every run.
    numbers = itertools.count()
    monkeypatch.setattr(device, "_request_id", lambda: f"{dialogue.title} {evening_number} {next(numbers)}")
    stage = Stage(known, evening)
    stage.given(dialogue.given)
    caplog.set_level("DEBUG")
    heard = []
    for line in dialogue.script:
        stage.set(line)
        ear, version_before = stage.ear, stage.version()
        said, played = stage.play(line)
        version = stage.version()
        heard.append(f"  {stage.listener}: {said or '(silence)'}\n      {played.speech or '(nothing)'}")
        faults = check(line, played, ear, version, version_before)
        faults += rules_of_every_turn(said, played, ear, version is not None)
        faults += rules_of_safety(said, played, version != version_before, caplog.text)
        assert not faults, "; ".join(faults) + "\n" + "\n".join(heard)
        remember(ear, played)
