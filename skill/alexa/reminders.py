"""The listener's daily reminder, kept by Alexa ("Reminders REST API Reference" in Amazon's documentation)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ask_sdk_model.services import ServiceException

from skill.errors import (
    NoRemindersError,
    ReminderDeviceError,
    ReminderError,
    ReminderGoneError,
    ReminderRefusedError,
    RemindersBusyError,
    RemindersNotAllowedError,
    RemindersUnavailableError,
    TooManyRemindersError,
)

Answer = TypeVar("Answer")

PERMISSION = "alexa::alerts:reminders:skill:readwrite"
"""What a listener must allow, and the skill's manifest asks for."""

BY_CODE: dict[str, type[ReminderError]] = {
    "DEVICE_NOT_SUPPORTED": ReminderDeviceError,
    "MAX_REMINDERS_EXCEEDED": TooManyRemindersError,
}
"""What the code in an error's body says; it goes before the status, since both come with 403."""
BY_STATUS: dict[int, type[ReminderError]] = {
    400: ReminderRefusedError,
    401: RemindersNotAllowedError,
    403: RemindersNotAllowedError,
    404: ReminderGoneError,
    409: RemindersNotAllowedError,  # of an update, by the SDK's model
    429: RemindersBusyError,
}
RULE = re.compile(r"FREQ=DAILY;BYHOUR=(\d{1,2});BYMINUTE=(\d{1,2})\b")

log = logging.getLogger(__name__)


class AlexaReminders:
    """The reminders of the listener who sent a request; see conversation.reminders.Reminders for what each call does.

    Each raises ReminderError where Alexa refuses or does not answer: a call takes no longer than AmazonApi allows, and
    all of a turn together no longer than the turn has.
    """

    def __init__(self, handler_input: Any, zone: Callable[[], ZoneInfo]) -> None:
        """Take the request and where to learn the device's time zone, which is asked for only where it is needed."""
        self._input = handler_input
        self._zone = zone

    @property
    def available(self) -> bool:
        """Whether the request came with a way to Alexa's reminders."""
        try:
            factory = self._input.service_client_factory
        except ValueError:  # the skill was assembled without an API client
            return False
        told = getattr(factory.api_configuration.api_client, "reminds", True)
        return bool(told and self._input.request_envelope.context.system.api_access_token)

    def set(self, token: str | None, at: time, text: str) -> str:
        """Change the reminder that there is, or create one; return its token."""
        service = self._service()
        wanted = self._request(at, text)
        there = self._there(service)
        if not there:
            made = _called(lambda: service.create_reminder(wanted))
            return _token(made)
        kept = token if token in there else there[0]
        _called(lambda: service.update_reminder(kept, wanted))
        self._delete_spare(service, [other for other in there if other != kept])
        return kept

    def find(self, token: str) -> time | None:
        """Return when the reminder sounds, by its own rule; None where that is written otherwise than here."""
        service = self._service()
        found = _called(lambda: service.get_reminder(token))
        if _is_over(found):
            raise ReminderGoneError("it has been completed")
        rules = getattr(getattr(found.trigger, "recurrence", None), "recurrence_rules", None) or []
        match = RULE.search(str(rules[0])) if rules else None
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            return None
        return time(int(match[1]), int(match[2]))

    def cancel(self, token: str | None) -> bool:
        """Delete every reminder of the skill's; return whether there was one."""
        service = self._service()
        there = self._there(service)
        for each in there:
            self._delete(service, each)
        return bool(there)

    def _service(self) -> Any:
        if not self.available:
            raise NoRemindersError("there is no way to Alexa's reminders here")
        # ask-sdk-model 1.82 looks for a module that isn't there, and so can't read a reminder.
        from ask_sdk_model.services.reminder_management import AlertInfo, SpokenInfo

        AlertInfo.deserialized_types["spoken_info"] = f"{SpokenInfo.__module__}.{SpokenInfo.__name__}"
        return self._input.service_client_factory.get_reminder_management_service()

    def _there(self, service: Any) -> list[str]:
        """Return the tokens of the reminders that the skill has set for this listener and that will still sound."""
        try:
            found = _called(service.get_reminders)
        except ReminderGoneError:  # not a reminder is missing, but the list of them
            raise NoRemindersError("this place has no list of reminders") from None
        return [_token(alert) for alert in getattr(found, "alerts", None) or [] if not _is_over(alert)]

    @staticmethod
    def _delete(service: Any, token: str) -> None:
        try:
            _called(lambda: service.delete_reminder(token))
        except ReminderGoneError:
            log.info("a reminder was gone already")

    def _delete_spare(self, service: Any, tokens: list[str]) -> None:
        """Delete what two devices or a lost answer have left beside the one reminder; it can wait for another time."""
        for token in tokens:
            try:
                self._delete(service, token)
            except ReminderError as error:
                log.warning("a spare reminder stays: %s", type(error).__name__)

    def _request(self, at: time, text: str) -> Any:
        # Not loaded with the skill: few turns set a reminder.
        from ask_sdk_model.services import reminder_management as api

        envelope, zone = self._input.request_envelope, self._zone()
        now: datetime = envelope.request.timestamp
        now = now if now.tzinfo else now.replace(tzinfo=UTC)
        first = _stamp(_next(at, now, zone))
        rule = f"FREQ=DAILY;BYHOUR={at.hour};BYMINUTE={at.minute};BYSECOND=0;INTERVAL=1;"
        return api.ReminderRequest(
            request_time=_stamp(now.astimezone(zone)),
            trigger=api.Trigger(
                object_type=api.TriggerType.SCHEDULED_ABSOLUTE,
                scheduled_time=first,
                time_zone_id=zone.key,
                # By rules: byDay and freq, and the scheduled time of a recurring one, are deprecated.
                recurrence=api.Recurrence(start_date_time=first, recurrence_rules=[rule]),
            ),
            alert_info=api.AlertInfo(
                spoken_info=api.SpokenInfo(
                    content=[api.SpokenText(locale=envelope.request.locale or "en-US", text=text)]
                )
            ),
            push_notification=api.PushNotification(status=api.PushNotificationStatus.ENABLED),
        )


def _next(at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when it is next `at` in `zone`."""
    here = now.astimezone(zone)
    day = here.date() if here.time() < at else here.date() + timedelta(days=1)
    return datetime.combine(day, at, zone)


def _stamp(moment: datetime) -> str:
    """Return a moment as the API takes it: the listener's own time, without an offset."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _token(alert: Any) -> str:
    token = getattr(alert, "alert_token", None)
    if not isinstance(token, str) or not token:
        raise RemindersUnavailableError("a reminder came without its token")
    return token


def _is_over(alert: Any) -> bool:
    status = getattr(alert, "status", None)
    return getattr(status, "value", status) == "COMPLETED"


def _called(call: Callable[[], Answer]) -> Answer:
    """Return what a call of the SDK returns. Raises ReminderError where it fails, in whatever way."""
    try:
        return call()
    except ServiceException as error:
        kind = BY_CODE.get(_code(error.body) or "") or BY_STATUS.get(error.status_code, RemindersUnavailableError)
        raise kind(f"Alexa's reminders said {error.status_code}") from None
    except Exception as error:  # an answer that the SDK can't read
        raise RemindersUnavailableError(f"an answer that can't be read ({type(error).__name__})") from None


def _code(body: Any) -> str | None:
    """Return the code in an error's body, which the SDK has read where its model knows the status."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return None
    code = body.get("code") if isinstance(body, dict) else getattr(body, "code", None)
    return code if isinstance(code, str) else None
