"""The tip of the day is that of the listener's own day, wherever the device stands and whatever its settings say."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from ask_sdk_core.exceptions import ApiClientException
from ask_sdk_model.services import ApiClient, ApiClientResponse

from skill.alexa import amazon_api
from skill.alexa.amazon_api import AmazonApi
from skill.alexa.skill import assemble
from skill.library import Library
from skill.stores.memory import MemoryStore
from skill.tips import tip_of

from . import amazon
from .echo import SKILL_ID, Echo

# Late in the evening of 2 March in Auckland, which is thirteen hours ahead; still noon of that day in London.
BEFORE_MIDNIGHT = datetime(2026, 3, 2, 10, 59, 50, tzinfo=UTC)
AFTER_MIDNIGHT = BEFORE_MIDNIGHT + timedelta(seconds=20)


@dataclass
class Settings(ApiClient):  # type: ignore[misc]
    """Alexa's settings API as the SDK calls it."""

    body: str = '"Pacific/Auckland"'
    status: int = 200
    error: Exception | None = None
    requests: list[Any] = field(default_factory=list)

    def invoke(self, request: Any) -> Any:
        self.requests.append(request)
        if self.error:
            raise self.error
        return ApiClientResponse(headers=[], status_code=self.status, body=self.body)


def echo_with(settings: Settings | None, now: datetime = BEFORE_MIDNIGHT, locale: str = "en-GB") -> Echo:
    return Echo(assemble(MemoryStore(), settings, SKILL_ID), now=now, locale=locale)


def tip_on(known: Library, day: date) -> str:
    return tip_of(day, known.tips).id


def test_the_day_turns_at_midnight_where_the_device_stands(known: Library) -> None:
    before = echo_with(Settings()).intent("DailyTipIntent")
    after = echo_with(Settings(), AFTER_MIDNIGHT).intent("DailyTipIntent")
    assert before.trace.tip == tip_on(known, date(2026, 3, 2))
    assert after.trace.tip == tip_on(known, date(2026, 3, 3))


def test_the_same_tip_is_told_all_day(known: Library) -> None:
    start = datetime(2026, 3, 1, 11, 0, 1, tzinfo=UTC)
    tips = {echo_with(Settings(), start + timedelta(hours=h)).intent("DailyTipIntent").trace.tip for h in range(24)}
    assert tips == {tip_on(known, date(2026, 3, 2))}


def test_a_session_that_lasts_past_midnight_gets_the_new_day_s_tip(known: Library) -> None:
    echo = echo_with(Settings())
    echo.launch()
    echo.now = BEFORE_MIDNIGHT
    assert echo.intent("DailyTipIntent").trace.tip == tip_on(known, date(2026, 3, 2))
    echo.now = AFTER_MIDNIGHT
    assert echo.intent("DailyTipIntent").trace.tip == tip_on(known, date(2026, 3, 3))


@pytest.mark.parametrize(
    ("locale", "day"),
    [("en-US", 2), ("en-CA", 2), ("en-GB", 2), ("en-IN", 3), ("en-AU", 3)],
)
def test_where_the_device_tells_nothing_the_day_is_that_of_the_country(known: Library, locale: str, day: int) -> None:
    evening = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    echo = echo_with(None, evening, locale)
    assert echo.intent("DailyTipIntent").trace.tip == tip_on(known, date(2026, 3, day))


def test_the_device_is_asked_once_a_session() -> None:
    settings = Settings()
    echo = echo_with(settings)
    echo.launch()
    echo.intent("DailyTipIntent")
    echo.intent("StartQuizIntent")
    echo.intent("DailyTipIntent")
    echo.intent("AMAZON.RepeatIntent")
    assert len(settings.requests) == 1
    echo.launch()
    echo.intent("DailyTipIntent")
    assert len(settings.requests) == 2


def test_a_refusal_is_not_asked_for_again_in_the_same_session() -> None:
    settings = Settings(status=403, body="{}")
    echo = echo_with(settings)
    echo.launch()
    echo.intent("DailyTipIntent")
    echo.intent("DailyTipIntent")
    assert len(settings.requests) == 1


def test_who_asks_for_no_tip_costs_no_call() -> None:
    settings = Settings()
    echo = echo_with(settings)
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    echo.intent("AskWhatIntent", query="is a healthy boundary")
    echo.intent("AMAZON.StopIntent")
    assert settings.requests == []


def test_the_settings_are_asked_as_amazon_documents_it() -> None:
    settings = Settings()
    echo_with(settings).intent("DailyTipIntent")
    (request,) = settings.requests
    assert request.method == "GET"
    assert request.url.startswith("https://api.amazonalexa.com/v2/devices/")
    assert request.url.endswith("/settings/System.timeZone")
    assert ("Authorization", "Bearer on-this-machine") in request.headers


@pytest.mark.parametrize(
    "settings",
    [
        Settings(status=403, body=json.dumps({"code": "ACCESS_DENIED"})),
        Settings(status=204, body=""),
        Settings(status=500, body="oops"),
        Settings(status=429, body="{}"),
        Settings(error=ApiClientException("no answer: ReadTimeoutError")),
        Settings(error=RuntimeError("a bug")),
        Settings(body="Pacific/Auckland"),
        Settings(body='{"zone": "Pacific/Auckland"}'),
        Settings(body="null"),
        Settings(body='"Pacific"'),
        Settings(body='"Mars/Base"'),
        Settings(body='"../../etc/passwd"'),
        Settings(body='""'),
        Settings(body=json.dumps("x" * 5000)),
    ],
    ids=["refused", "not set", "broken", "too many", "slow", "bug", "no JSON", "an object", "null", "a folder",
         "unknown", "a path", "empty", "long"],
)  # fmt: skip
def test_settings_that_fail_change_nothing_but_the_zone(known: Library, settings: Settings) -> None:
    settings.requests.clear()
    echo = echo_with(settings, datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "en-GB")
    turn = echo.intent("DailyTipIntent")
    assert turn.trace.tip == tip_on(known, date(2026, 3, 2))
    assert known.tips[[tip.id for tip in known.tips].index(turn.trace.tip)].text in turn.speech
    assert len(settings.requests) == 1


def test_a_failure_is_logged_without_saying_whose_device_it_was(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = echo_with(Settings(error=RuntimeError("device amzn1.ask.account.LISTENER is odd")))
    echo.intent("DailyTipIntent")
    assert [record.getMessage() for record in caplog.records] == ["time zone not told: ServiceException"]


@pytest.mark.parametrize("missing", ["device", "apiAccessToken"])
def test_without_a_device_or_a_token_nobody_is_asked(known: Library, missing: str) -> None:
    settings = Settings()
    echo = echo_with(settings, AFTER_MIDNIGHT)
    sent = echo.envelope("DailyTipIntent")
    del sent["context"]["System"][missing]
    assert echo.send(sent).trace.tip == tip_on(known, date(2026, 3, 2))
    assert settings.requests == []


def test_a_streak_counts_the_listener_s_own_dates() -> None:
    store, settings = MemoryStore(), Settings()
    for hours in (0, 1, 24, 48):
        now = BEFORE_MIDNIGHT + timedelta(hours=hours)
        Echo(assemble(store, settings, SKILL_ID), now=now).intent("DailyTipIntent")
    kept = store.load("amzn1.ask.account.LISTENER", BEFORE_MIDNIGHT)
    assert kept is not None
    assert kept.state["streak"] == ["2026-03-02", "2026-03-04"]


# Over the network, to a server in Amazon's place


@dataclass
class Away(Echo):
    """A device whose envelopes name the server as Alexa's address."""

    address: str = ""

    def envelope(self, name: str, **slots: str) -> dict[str, Any]:
        sent = super().envelope(name, **slots)
        sent["context"]["System"] |= {"apiEndpoint": self.address, "apiAccessToken": amazon.TOKEN}
        sent["context"]["System"]["device"]["deviceId"] = DEVICE
        return sent


DEVICE = "amzn1.ask.device.ONE"
EVENING = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def away(server: amazon.Server, store: MemoryStore | None = None) -> Away:
    return Away(
        assemble(store or MemoryStore(), AmazonApi(), SKILL_ID), now=EVENING, locale="en-GB", address=server.url
    )


def test_the_zone_that_amazon_tells_is_the_listener_s(
    trusted: amazon.Server, told: amazon.SettingsApi, known: Library
) -> None:
    told.zones[DEVICE] = "Pacific/Auckland"
    echo = away(trusted)
    assert echo.intent("StartQuizIntent").open
    assert trusted.seen == []
    for _ in range(2):
        assert echo.intent("DailyTipIntent").trace.tip == tip_on(known, date(2026, 3, 3))
    assert [(asked.method, asked.path) for asked in trusted.seen] == [
        ("GET", f"/v2/devices/{DEVICE}/settings/System.timeZone")
    ]


def test_who_has_set_no_zone_gets_the_country_s(
    trusted: amazon.Server, told: amazon.SettingsApi, known: Library
) -> None:
    assert away(trusted).intent("DailyTipIntent").trace.tip == tip_on(known, date(2026, 3, 2))
    assert len(trusted.seen) == 1


@pytest.mark.parametrize(
    "fault",
    [
        amazon.Answered(204, b""),
        amazon.Answered(401, b'{"code": "UNAUTHORIZED"}'),
        amazon.Answered(403, b'{"code": "ACCESS_DENIED"}'),
        amazon.Answered(404, b'{"message": "no such device"}'),
        amazon.Answered(429, b'{"message": "too many requests"}', {"Retry-After": "60"}),
        amazon.Answered(500, b"<html>oops</html>"),
        amazon.Answered(503, b""),
        amazon.Answered(302, b"", {"Location": "https://127.0.0.1:9/"}),
        amazon.Answered(200, b""),
        amazon.Answered(200, b"Pacific/Auckland"),
        amazon.Answered(200, b'"Mars/Base"'),
        amazon.Answered(200, b'{"zone": "Pacific/Auckland"}'),
        amazon.Answered(200, b"\xff\xfe\x00"),
        amazon.Answered(200, b'"' + b"x" * 100_000 + b'"'),
        amazon.Answered(stalls=True),
        amazon.Answered(trickles=True),
        amazon.Answered(cut=-1),
        amazon.Answered(cut=5),
    ],
    ids=lambda fault: (
        f"{fault.status} {fault.body[:9]!r} {'stalls' * fault.stalls}{'trickles' * fault.trickles} cut {fault.cut}"
    ),
)
def test_settings_that_are_refused_slow_or_broken_change_nothing_else(
    trusted: amazon.Server, told: amazon.SettingsApi, fault: amazon.Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amazon_api, "TIMEOUT_S", 0.2)
    told.fault = fault
    store, plain = MemoryStore(), MemoryStore()
    echo, without = away(trusted, store), Away(assemble(plain, None, SKILL_ID), now=EVENING, locale="en-GB")
    for name in ("StartQuizIntent", "DailyTipIntent", "SkipIntent", "DailyTipIntent", "AMAZON.RepeatIntent"):
        turn, other = echo.intent(name), without.intent(name)
        assert turn.response == other.response
    assert len(trusted.seen) == 1
    assert store.load(echo.listener, EVENING) == plain.load(echo.listener, EVENING)


def test_a_token_that_amazon_does_not_take_changes_nothing_else(
    trusted: amazon.Server, told: amazon.SettingsApi, known: Library
) -> None:
    told.zones[DEVICE] = "Pacific/Auckland"
    echo = away(trusted)
    sent = echo.envelope("DailyTipIntent")
    sent["context"]["System"]["apiAccessToken"] = "an-old-token"
    assert echo.send(sent).trace.tip == tip_on(known, date(2026, 3, 2))
    assert len(trusted.seen) == 1
