"""Talking in a terminal: a prompt for a person, and JSON lines for a program."""

from __future__ import annotations

import io
import json
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from ask_sdk_core.skill import CustomSkill

from skill.errors import SettingError
from skill.speakers.device import Device, Played
from skill.speakers.settings import DeviceSettings

STICKY = ("listener", "now", "timezone", "locale")


@dataclass
class Setting:
    """Who speaks, when and where; what a line of JSON sets holds from then on."""

    listener: str = "me"
    now: datetime | None = None
    """None for the clock's own time."""
    time_zone: str | None = None
    locale: str = "en-US"

    def update(self, line: Mapping[str, Any]) -> None:
        """Take over what a line sets. Raises SettingError where a time can't be read."""
        self.listener = line.get("listener", self.listener)
        self.locale = line.get("locale", self.locale)
        self.time_zone = line.get("timezone", self.time_zone)
        if "now" in line:
            self.now = moment(line["now"])

    def here_and_now(self) -> dict[str, Any]:
        """Return what a device needs to know for one turn."""
        return {
            "listener": self.listener,
            "now": self.now or datetime.now(UTC),
            "locale": self.locale,
            "time_zone": self.time_zone,
        }


def moment(text: str) -> datetime:
    """Return an aware time from ISO 8601; UTC where it names no offset. Raises SettingError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise SettingError(f"{text!r} is no time: write it as in 2026-03-02T18:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def ask(skill: CustomSkill, questions: Iterable[str], locale: str) -> Iterator[dict[str, Any]]:
    """Answer each question as a one-shot of a fresh listener; yield what `ask --json` prints."""
    device = Device(skill, DeviceSettings())
    for question in questions:
        device.sitting.open = False
        setting = Setting(listener=f"asker-{uuid.uuid4()}", locale=locale)
        played = device.say(question, **setting.here_and_now())
        trace = played.trace
        yield {
            "question": question,
            "intent": played.to_dict()["intent"],
            "outcome": trace.outcome,
            "topic": trace.topic,
            "candidates": list(trace.candidates),
            "speech": played.speech,
        }


def talk_json(
    skill: CustomSkill, settings: DeviceSettings, lines: Iterable[str], out: TextIO, setting: Setting
) -> None:
    """Hold a conversation in lines of words or JSON objects; print a JSON object a turn.

    Each listener has a device of their own, so that two may speak in turns.
    """
    devices: dict[str, Device] = {}
    for line in lines:
        if not line.strip():
            continue
        read = _read(line)
        setting.update(read)
        device = devices.setdefault(setting.listener, Device(skill, settings))
        played = _turn(device, read, setting)
        print(json.dumps(played.to_dict()), file=out, flush=True)


def talk(skill: CustomSkill, settings: DeviceSettings, lines: Iterable[str], out: TextIO, setting: Setting) -> None:
    """Hold a conversation with a person at a prompt; an empty line is silence."""
    device = Device(skill, settings)
    print('Say "open healthy bonds", or ask something. An empty line is silence; Ctrl-D leaves.', file=out)
    print("> ", end="", file=out, flush=True)
    for line in lines:
        turn = {"say": line.strip()} if line.strip() else {"event": "silence"}
        played = _turn(device, turn, setting)
        print(f"\n  {played.speech or '(nothing)'}{'' if played.open else '  [closed]'}\n", file=out)
        print("> ", end="", file=out, flush=True)
    print(file=out)


def _read(line: str) -> Mapping[str, Any]:
    """Return a line as an object: JSON where it is one, else the words themselves. Raises SettingError."""
    if not line.lstrip().startswith("{"):
        return {"say": line.strip()}
    try:
        found = json.loads(line)
    except ValueError:
        raise SettingError(f"not a JSON object: {line.strip()[:80]!r}") from None
    if not isinstance(found, dict) or not ({"say", "event"} & found.keys()):
        raise SettingError('a line must have "say" or "event"')
    for name in {"say", *STICKY} & found.keys():
        if not isinstance(found[name], str) and not (name == "timezone" and found[name] is None):
            raise SettingError(f'"{name}" must be text, not {found[name]!r}')
    return found


def _turn(device: Device, line: Mapping[str, Any], setting: Setting) -> Played:
    if line.get("event") == "silence":
        return device.silence(**setting.here_and_now())
    if "event" in line:
        raise SettingError(f"there is no event {line['event']!r}; the one there is, is silence")
    return device.say(line["say"], **setting.here_and_now())


def standard_lines() -> Iterator[str]:
    """Yield the lines of standard input as they come: UTF-8 everywhere; a byte that is none costs only a letter."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    yield from sys.stdin
