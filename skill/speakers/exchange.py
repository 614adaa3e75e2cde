"""POST /talk: one turn between the speaker page and the skill. The page keeps the session, the server keeps none."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ask_sdk_core.skill import CustomSkill
from flask import Flask, Response, jsonify

from skill.alexa.handlers import library_for
from skill.alexa.hearing import LONGEST
from skill.library import language_of
from skill.speakers.body import RefusalError, object_in, read_body
from skill.speakers.device import Device, Played
from skill.speakers.recogniser import FOLDER
from skill.speakers.settings import DeviceSettings
from skill.speakers.sitting import Sitting

Json = dict[str, Any]

DEFAULT_LOCALE = "en-US"
"""What is spoken with a page whose own locale has no interaction model."""
LISTENER = "page:"
"""Before a page's id, so that no page can name a listener of Alexa's or of the terminal."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")


@functools.cache
def locales() -> tuple[str, ...]:
    """Return the locales that can be spoken, in order: those that have an interaction model."""
    return tuple(sorted(path.stem for path in FOLDER.glob("??-??.json")))


def exchange(app: Flask, skill: CustomSkill, settings: DeviceSettings, clock: Callable[[], datetime]) -> None:
    """Register POST /talk on `app`: what a page's listener did in, what `skill` says out, both JSON.

    In: "say" (at most LONGEST characters) or "event": "silence"; "listener", a UUID that the page keeps; and, where
    the page knows them, "timezone" (IANA), "locale", and "sitting", the session that the last answer gave, null at
    first. A sitting that can't be read starts a new session. `clock` gives now, aware of its time zone.

    Out: "speech" (plain text), "ssml", "reprompt" or null, "session_open", "private" (nothing of it may stay on a
    screen), "card" ({"title", "text"}) or null, "question" ({"number", "choices"}) or null, "outcome", "topic" (its
    title) or null, and "sitting", null once the session is closed.

    Refuses with {"error": one line}: 413 for a body of more than MOST_BYTES, 415 for another content type than
    application/json, 400 for anything else that is not as above.
    """

    def talk() -> tuple[Response, int]:
        try:
            turn = _turn()
            device = Device(skill, settings)
            device.sitting = Sitting.from_dict(turn.get("sitting"))
            locale = turn["locale"] if turn.get("locale") in locales() else DEFAULT_LOCALE
            here = {
                "listener": LISTENER + turn["listener"],
                "now": clock(),
                "locale": locale,
                "time_zone": turn.get("timezone"),
            }
            played = device.say(turn["say"], **here) if "say" in turn else device.silence(**here)
        except RefusalError as refusal:
            return jsonify(error=str(refusal)), refusal.status
        return jsonify(_answer(played, device.sitting, locale)), 200

    app.add_url_rule("/talk", "talk", talk, methods=["POST"])


def _turn() -> Json:
    """Return the request's body, checked."""
    turn = object_in(read_body("turn"))
    if "say" in turn:
        _require(isinstance(turn["say"], str) and turn["say"].strip() != "", '"say" must be what somebody said.')
        _require(len(turn["say"]) <= LONGEST, f'"say" may have at most {LONGEST} characters.')
    else:
        _require(turn.get("event") == "silence", 'There must be "say", or "event": "silence".')
    _require(_matches(_UUID, turn.get("listener")), '"listener" must be a UUID in lower case.')
    zone, locale = turn.get("timezone"), turn.get("locale")
    _require(zone is None or _matches(_ZONE, zone), '"timezone" must be a name such as "Europe/London", or null.')
    _require(locale is None or isinstance(locale, str), '"locale" must be a name such as "en-GB", or null.')
    return turn


def _require(holds: bool, line: str) -> None:
    if not holds:
        raise RefusalError(400, line)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _answer(played: Played, sitting: Sitting, locale: str) -> Json:
    trace = played.trace
    private = trace.outcome == "safety"
    card = played.response.get("response", {}).get("card")
    topic = library_for(language_of(locale)).topics.get(trace.topic or "")
    return {
        "speech": played.speech,
        "ssml": played.ssml,
        "reprompt": played.reprompt,
        "session_open": played.open,
        "private": private,
        "card": {"title": card.get("title"), "text": card.get("content")} if card and not private else None,
        "question": sitting.question,
        "outcome": trace.outcome,
        "topic": topic.title if topic and not private else None,
        "sitting": sitting.to_dict() if sitting.open else None,
    }
