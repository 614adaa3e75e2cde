"""The daily reminder of the tip: set, changed, asked for and cancelled, and the detour for the permission."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import time

from skill import clock
from skill.conversation import asking, quizzing
from skill.conversation.turn import Talk
from skill.errors import (
    NoRemindersError,
    ReminderDeviceError,
    ReminderError,
    ReminderGoneError,
    ReminderRefusedError,
    RemindersBusyError,
    RemindersNotAllowedError,
    TooManyRemindersError,
)
from skill.reminder import wished
from skill.reply import Reply

OFFERS = ("reminder", "time", "remind", "retime")
"""What may stand open of a reminder: whether to set one at all; for which time; whether for the time in `wish`; and,
after its time was told, another time."""

TROUBLES = {
    NoRemindersError: "reminder_nowhere",
    ReminderDeviceError: "reminder_device",
    TooManyRemindersError: "reminder_too_many",
    ReminderRefusedError: "reminder_not_taken",
    RemindersBusyError: "reminder_busy",
}
"""What is said where a reminder can't be had; of any other trouble, that Alexa's reminders don't answer."""

TRIES = 2
"""How often in a row a time is asked for where none is heard."""

_REMIND_ME = re.compile(r"\b(?:remind(?:ing)? me|be reminded|(?:reminder|nudge|ping)s?)\b")
"""Words about the skill's reminder; who reminds somebody else, or is reminded of them, asks about something else."""
_OF_ELSE = re.compile(
    r"\bremind(?:er|ers)?\b.*\b(?:to (?!hear|listen|get|have|do (?:it|the)\b|take|practi[cs]e|try)\w+|tomorrow|"
    r"weekly|once|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|about (?!the tip|my tip|it|tips))"
)
"""A reminder of something else than the daily tip, or on another rhythm; the skill has none of these."""

log = logging.getLogger(__name__)


def remind(talk: Talk) -> Reply:
    """Set the reminder for the time that was heard, or change it; where none was heard, ask for one."""
    heard, session, offer = talk.heard, talk.session, talk.session.offer
    value = heard.time or clock.heard_in(heard.words)
    at = clock.time_of(value) if value else None
    if heard.only_time and offer not in OFFERS:
        return _take_bare_time(talk, at)
    if not heard.reminders.available:
        return _go_on(talk, talk.say("reminder_nowhere"))
    if at is None:
        return ask_time(talk)
    kept = talk.listener.reminder
    if offer == "retime" and value in clock.PARTS and kept and kept.at:
        at = _moved(kept.at, clock.PARTS[value])
    session.misses = 0
    return _set(talk, at)


def ask_time(talk: Talk) -> Reply:
    """Ask what time suits; the answer may be the bare time."""
    if not talk.heard.reminders.available:
        return _go_on(talk, talk.say("reminder_nowhere"))
    talk.offers("time")
    return talk.reply(talk.say("reminder_time"), reprompt=talk.say("reminder_time_again"))


def is_meant(said: str) -> bool:
    """Return whether plain words are about the reminder that the skill has."""
    return bool(_REMIND_ME.search(said)) and not _OF_ELSE.search(said)


def unheard(talk: Talk) -> Reply | None:
    """Ask for the time once more where the answer was no time; None where it is not waited for any longer."""
    if talk.session.offer != "time" or talk.session.misses >= TRIES:
        return None
    talk.trace.outcome = "unknown"
    talk.session.misses += 1
    return talk.reply(talk.say("reminder_time_unheard"), reprompt=talk.say("reminder_time_again"))


def when(talk: Talk) -> Reply:
    """Tell when the reminder sounds; one that was deleted in the Alexa app is noticed, and said to be gone."""
    kept, reminders = talk.listener.reminder, talk.heard.reminders
    if not reminders.available:
        return _go_on(talk, talk.say("reminder_nowhere"))
    if kept is None or kept.at is None or kept.token is None:
        return _without(talk, "reminder_none")
    try:
        found = reminders.find(kept.token)
    except ReminderGoneError:
        _keep(talk, None, None)
        return _without(talk, "reminder_gone")
    except RemindersNotAllowedError:
        return _go_on(talk, talk.say("reminder_not_allowed"), card=True)
    except ReminderError as error:
        log.warning("reminder not looked up: %s", type(error).__name__)
        return _go_on(talk, talk.say("reminder_unsure", when=clock.spoken(kept.at)))
    at = found or kept.at
    if at != kept.at:
        _keep(talk, at, kept.token)
    return _go_on(talk, talk.say("reminder_when", when=clock.spoken(at)), offer="retime")


def stop(talk: Talk) -> Reply:
    """Cancel the reminder."""
    kept, reminders = talk.listener.reminder, talk.heard.reminders
    active = kept is not None and kept.at is not None
    if not reminders.available:
        return _go_on(talk, talk.say("reminder_nowhere"))
    try:
        # Asked for also where none is kept: the one that an answer was lost about may be there all the same.
        found = reminders.cancel(kept.token if kept else None)
    except RemindersNotAllowedError:
        return _go_on(talk, talk.say("reminder_not_allowed"), card=True) if active else _without(talk, "reminder_none")
    except ReminderError as error:
        return _trouble(talk, error)
    if active:
        _keep(talk, None, None)
    if found:
        return _go_on(talk, talk.say("reminder_stopped"))
    return _without(talk, "reminder_gone" if active else "reminder_none")


def resume(talk: Talk) -> Reply:
    """Go on after Alexa has asked for the permission: set what was wished for or, without it, say how to give it."""
    at = clock.time_of(talk.session.wish or "")
    talk.session.wish = None
    if talk.heard.permission == "given":
        return _set(talk, at) if at else ask_time(talk)
    kind = "reminder_permission_refused" if talk.heard.permission == "refused" else "reminder_permission_unanswered"
    return _go_on(talk, talk.say(kind), card=True)


def yes(talk: Talk, offer: str) -> Reply:
    """Take up what stood open of a reminder."""
    at = clock.time_of(talk.session.wish or "")
    if offer == "retime":
        return talk.reply(talk.say("yes_to_else"), reprompt=talk.say("reprompt"))
    return _set(talk, at) if offer == "remind" and at else ask_time(talk)


def no(talk: Talk) -> Reply:
    """Drop what stood open of a reminder; in the middle of a round, with the open question after it."""
    talk.session.wish = None
    return _go_on(talk, talk.say("reminder_dropped"))


def forgotten(talk: Talk) -> str:
    """Cancel the reminder of somebody who is being forgotten; return what has to be said where that fails."""
    kept = talk.listener.reminder
    if kept is None or kept.token is None:
        return ""
    try:
        talk.heard.reminders.cancel(kept.token)
    except ReminderError as error:
        log.warning("reminder not cancelled: %s", type(error).__name__)
        return talk.say("forget_reminder_failed")
    return ""


def _take_bare_time(talk: Talk, at: time | None) -> Reply:
    """Ask whether a time that nobody asked for is meant for a reminder."""
    if at is None or not talk.heard.reminders.available:
        return asking.unknown(talk)
    talk.session.misses = 0
    talk.session.wish = at.isoformat("minutes")
    talk.offers("remind")
    return talk.reply(talk.say("offer_remind", when=clock.spoken(at)), reprompt=talk.say("reprompt_yes_or_no"))


def _set(talk: Talk, at: time) -> Reply:
    kept = talk.listener.reminder
    talk.offers()
    talk.session.wish = None
    try:
        token = talk.heard.reminders.set(kept.token if kept else None, at, talk.say("reminder_text"))
    except RemindersNotAllowedError:
        # Asked once: who has just given the permission is not asked again, whatever the service says.
        if talk.heard.permission is not None:
            return _go_on(talk, talk.say("reminder_not_allowed"), card=True)
        talk.session.wish = at.isoformat("minutes")
        return Reply((talk.say("reminder_permission"),), asks_permission=True)
    except ReminderError as error:
        return _trouble(talk, error)
    _keep(talk, at, token)
    return _go_on(talk, talk.say("reminder_set", when=clock.spoken(at)), offer="retime")


def _keep(talk: Talk, at: time | None, token: str | None) -> None:
    talk.listener = replace(talk.listener, reminder=wished(talk.listener.reminder, talk.heard.now, at, token))


def _moved(at: time, part: time) -> time:
    """Return the same time of the clock in the other half of the day, where `part` lies there."""
    return at.replace(hour=at.hour % 12 + (12 if part.hour >= 12 else 0))


def _trouble(talk: Talk, error: ReminderError) -> Reply:
    log.warning("reminder not set or cancelled: %s", type(error).__name__)
    return _go_on(talk, talk.say(TROUBLES.get(type(error), "reminder_unavailable")))


def _without(talk: Talk, kind: str) -> Reply:
    """Say that there is no reminder and, outside a round, offer one."""
    line = talk.say(kind)
    if talk.session.asking:
        return quizzing.back_to_question(talk, line)
    talk.offers("reminder")
    return talk.reply(line, talk.say("offer_reminder"), reprompt=talk.say("reprompt_yes_or_no"))


def _go_on(talk: Talk, line: str, offer: str = "else", card: bool = False) -> Reply:
    """Say `line`, then ask what else or, in the middle of a round, the open question."""
    if talk.session.asking:
        reply = quizzing.back_to_question(talk, line)
    else:
        talk.offers(offer)
        reply = talk.reply(line, talk.say("anything_else"), reprompt=talk.say("reprompt"))
    return replace(reply, permission_card=card)
