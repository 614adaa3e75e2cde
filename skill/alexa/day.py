"""The listener's own date, by the time zone of the device."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skill.conversation import Session
from skill.library import Locale

log = logging.getLogger(__name__)


def local_date(handler_input: Any, session: Session, place: Locale) -> date:
    """Return today's date where the device stands; by the locale's zone where Alexa doesn't tell the device's."""
    now: datetime = handler_input.request_envelope.request.timestamp
    return (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(local_zone(handler_input, session, place)).date()


def local_zone(handler_input: Any, session: Session, place: Locale) -> ZoneInfo:
    """Return the device's time zone, or the locale's where Alexa doesn't tell it.

    It is asked for once a session ("Get the device settings" in Amazon's documentation) and kept in `session`.
    """
    if session.zone is None:
        session.zone = _device_zone(handler_input) or place.time_zone
    return _zone(session.zone) or ZoneInfo(place.time_zone)


def _device_zone(handler_input: Any) -> str | None:
    system = handler_input.request_envelope.context.system
    if system.device is None or not system.api_access_token:
        return None
    try:
        factory = handler_input.service_client_factory
    except ValueError:  # the skill was assembled without an API client
        return None
    try:
        name = factory.get_ups_service().get_system_time_zone(system.device.device_id)
    except Exception as error:  # a refused, slow or broken settings API changes nothing else
        log.warning("time zone not told: %s", type(error).__name__)
        return None
    # What is no zone goes no further: the session carries it from turn to turn, and Alexa carries only so much.
    return name if isinstance(name, str) and _zone(name) else None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
