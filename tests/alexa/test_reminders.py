"""The daily reminder is set as the listener said, once at most, and whatever Alexa answers, the talk goes on."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from skill.alexa import amazon_api, consent
from skill.alexa.amazon_api import AmazonApi
from skill.alexa.reminders import PERMISSION
from skill.alexa.skill import assemble
from skill.library import Library
from skill.listener import Listener
from skill.reminder import Reminder

from .amazon import TOKEN, Answered, RemindersApi, Server, SettingsApi, as_json
from .echo import LISTENER, NOW, SKILL_ID, Echo, Turn
from .faults import FaultyStore

Json = dict[str, Any]


@dataclass
class Caller(Echo):
    """A device whose requests lead to the APIs on this machine."""

    address: str = ""
    token: str = TOKEN
    keeps_session: bool = True
    """Whether Alexa remembers the session while it asks for a permission."""

    def send(self, sent: Json) -> Turn:
        sent["context"]["System"] |= {"apiEndpoint": self.address, "apiAccessToken": self.token}
        turn = super().send(sent)
        if asks(turn) and not self.keeps_session:
            self.attributes = {}
        return turn

    def permission(self, asked: Turn, status: str = "ACCEPTED", code: str = "200", card: bool = False) -> Turn:
        """Send what became of the question for the permission that `asked` sent out."""
        (directive,) = asked.directives
        sent = self.envelope("AMAZON.YesIntent")
        sent["request"] |= {
            "type": "Connections.Response", "name": directive["name"], "token": directive["token"],
            "status": {"code": code, "message": "as told"}, "payload": {"status": status, "isCardThrown": card},
        }  # fmt: skip
        del sent["request"]["intent"]
        if code != "200":
            del sent["request"]["payload"]
        return self.send(sent)


@pytest.fixture
def echo(store: FaultyStore, trusted: Server, told: SettingsApi, alerts: RemindersApi) -> Caller:
    """A device in Berlin, whose listener has allowed reminders."""
    told.zones[LISTENER] = "Europe/Berlin"
    return Caller(assemble(store, AmazonApi(), SKILL_ID), address=trusted.url)


def asks(turn: Turn) -> bool:
    """Return whether Alexa is asked to ask for a permission."""
    return any(directive["type"] == "Connections.SendRequest" for directive in turn.directives)


def kept(store: FaultyStore) -> Reminder | None:
    found = store.memory.load(LISTENER, NOW)
    return Listener.from_dict(found.state).reminder if found else None


def goes_on(turn: Turn) -> bool:
    return turn.open and turn.speech.endswith("?") and bool(turn.reprompt)


def said(turn: Turn, known: Library, kind: str, **values: str) -> bool:
    """Return whether a turn begins with one of the wordings of `kind`."""
    return any(turn.speech.startswith(wording.format(**values)) for wording in known.phrases[kind])


def card(turn: Turn) -> Json | None:
    found: Json | None = turn.response["response"].get("card")
    return found


# Setting


def test_a_reminder_is_set_every_day_for_the_time_that_was_said(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library
) -> None:
    echo.launch()
    turn = echo.intent("RemindMeIntent", time="08:00")
    assert said(turn, known, "reminder_set", when="eight in the morning")
    assert goes_on(turn)
    (alert,) = alerts.reminders.values()
    assert alert["trigger"]["timeZoneId"] == "Europe/Berlin"
    assert alert["trigger"]["recurrence"]["recurrenceRules"] == [
        "FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0;INTERVAL=1;"
    ]
    (spoken,) = alert["alertInfo"]["spokenInfo"]["content"]
    assert spoken["locale"] == "en-US"
    assert spoken["text"] in known.phrases["reminder_text"]
    reminder = kept(store)
    assert reminder is not None
    assert (reminder.at and reminder.at.isoformat("minutes"), reminder.token) == ("08:00", "alert-1")


@pytest.mark.parametrize(
    ("zone", "time", "first"),
    [
        ("Europe/Berlin", "08:00", "2026-03-03T08:00:00.000"),
        ("Europe/Berlin", "20:15", "2026-03-02T20:15:00.000"),
        ("Europe/Berlin", "00:00", "2026-03-03T00:00:00.000"),
        ("Pacific/Auckland", "08:00", "2026-03-03T08:00:00.000"),
        ("America/Los_Angeles", "08:00", "2026-03-03T08:00:00.000"),
        ("America/Los_Angeles", "12:00", "2026-03-02T12:00:00.000"),
        (None, "13:30", "2026-03-02T13:30:00.000"),
    ],
)
def test_the_first_one_sounds_at_the_next_such_time_where_the_device_stands(
    echo: Caller, told: SettingsApi, alerts: RemindersApi, zone: str | None, time: str, first: str
) -> None:
    told.zones = {LISTENER: zone} if zone else {}
    echo.intent("RemindMeIntent", time=time)
    (alert,) = alerts.reminders.values()
    assert alert["trigger"]["recurrence"]["startDateTime"] == first
    assert alert["trigger"]["timeZoneId"] == (zone or "America/New_York")


def test_the_night_when_the_clocks_change_the_reminder_keeps_its_hour(echo: Caller, alerts: RemindersApi) -> None:
    echo.now = datetime(2026, 3, 28, 20, tzinfo=UTC)  # in Berlin summer time begins the next morning
    echo.intent("RemindMeIntent", time="08:00")
    (alert,) = alerts.reminders.values()
    assert alert["trigger"]["recurrence"]["startDateTime"] == "2026-03-29T08:00:00.000"


@pytest.mark.parametrize(
    ("value", "when", "time"),
    [
        ("MO", "eight in the morning", "08:00"),
        ("AF", "two in the afternoon", "14:00"),
        ("EV", "seven in the evening", "19:00"),
        ("NI", "nine at night", "21:00"),
        ("12:00", "noon", "12:00"),
        ("00:00", "midnight", "00:00"),
        ("19:30", "seven thirty in the evening", "19:30"),
        ("07:05:00", "seven oh five in the morning", "07:05"),
    ],
)
def test_the_hour_is_said_aloud_also_where_only_a_part_of_the_day_was_named(
    echo: Caller, alerts: RemindersApi, value: str, when: str, time: str
) -> None:
    assert f"every day at {when}" in echo.intent("RemindMeIntent", time=value).speech.lower()
    assert alerts.times() == [time]


def test_without_a_time_the_skill_asks_for_one_and_hears_it_alone(
    echo: Caller, alerts: RemindersApi, known: Library
) -> None:
    turn = echo.intent("RemindMeIntent")
    assert turn.speech in known.phrases["reminder_time"]
    assert goes_on(turn)
    assert alerts.calls() == []
    assert "eight thirty in the evening" in echo.intent("RemindMeIntent", moment="20:30").speech
    assert alerts.times() == ["20:30"]


@pytest.mark.parametrize("value", ["?", "25:00", "soon", "W1"])
def test_a_time_that_alexa_could_not_make_out_is_asked_for(
    echo: Caller, alerts: RemindersApi, known: Library, value: str
) -> None:
    assert echo.intent("RemindMeIntent", time=value).speech in known.phrases["reminder_time"]
    assert alerts.reminders == {}


@pytest.mark.parametrize(
    ("intent", "slots", "time"),
    [
        ("AskAtIntent", {"query": "half past seven in the evening"}, "19:30"),
        ("AskIntent", {"phrase": "eight o'clock would be lovely"}, "08:00"),
        ("QuizAnswerIntent", {"answer": "nine pm"}, "21:00"),
        ("AskInIntent", {"query": "the morning"}, "08:00"),
    ],
)
def test_the_time_that_was_asked_for_is_taken_whichever_intent_heard_it(
    echo: Caller, alerts: RemindersApi, intent: str, slots: dict[str, str], time: str
) -> None:
    echo.intent("RemindMeIntent")
    assert goes_on(echo.intent(intent, **slots))
    assert alerts.times() == [time]


def test_a_wish_in_free_words_brings_its_time(echo: Caller, alerts: RemindersApi) -> None:
    echo.launch()
    echo.intent("AskIntent", phrase="remind me every morning at seven thirty to hear my tip")
    assert alerts.times() == ["07:30"]


def test_another_time_changes_the_reminder_and_adds_none(
    echo: Caller, alerts: RemindersApi, store: FaultyStore
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    before = kept(store)
    assert "nine at night" in echo.intent("RemindMeIntent", time="21:00").speech
    assert list(alerts.reminders) == ["alert-1"]
    assert alerts.times() == ["21:00"]
    after = kept(store)
    assert before is not None
    assert after is not None
    assert after.stamp > before.stamp


def test_who_meant_the_evening_says_so(echo: Caller, alerts: RemindersApi) -> None:
    echo.intent("RemindMeIntent", time="08:30")
    assert "eight thirty in the evening" in echo.intent("RemindMeIntent", moment="EV").speech
    assert alerts.times() == ["20:30"]


def test_a_bare_time_that_nobody_asked_for_sets_nothing_before_a_yes(echo: Caller, alerts: RemindersApi) -> None:
    echo.launch()
    turn = echo.intent("RemindMeIntent", moment="08:00")
    assert "eight in the morning" in turn.speech
    assert goes_on(turn)
    assert alerts.reminders == {}
    echo.intent("AMAZON.YesIntent")
    assert alerts.times() == ["08:00"]


def test_a_no_leaves_it(echo: Caller, alerts: RemindersApi, known: Library) -> None:
    echo.intent("RemindMeIntent", moment="08:00")
    assert said(echo.intent("AMAZON.NoIntent"), known, "reminder_dropped")
    assert alerts.reminders == {}


@pytest.mark.parametrize(
    ("intent", "slots"), [("AMAZON.FallbackIntent", {}), ("AskIntent", {"phrase": "zorp blimfle quux"})]
)
def test_what_is_no_time_is_asked_again_and_not_for_ever(
    echo: Caller, known: Library, intent: str, slots: dict[str, str]
) -> None:
    echo.intent("RemindMeIntent")
    for _ in range(2):
        assert echo.intent(intent, **slots).speech in known.phrases["reminder_time_unheard"]
    turn = echo.intent(intent, **slots)
    assert turn.speech not in known.phrases["reminder_time_unheard"]
    assert goes_on(turn)


# In the middle of a round


def test_in_a_round_the_reminder_is_set_and_the_open_question_comes_back(echo: Caller, alerts: RemindersApi) -> None:
    asked = echo.intent("StartQuizIntent").question
    turn = echo.intent("RemindMeIntent", time="08:00")
    assert "eight in the morning" in turn.speech
    assert turn.question == asked
    assert turn.trace.verdict is None
    assert alerts.times() == ["08:00"]
    assert echo.answer(asked).trace.verdict == "right"


def test_in_a_round_the_time_is_asked_for_and_is_no_answer_to_the_question(echo: Caller, alerts: RemindersApi) -> None:
    asked = echo.intent("StartQuizIntent").question
    echo.intent("RemindMeIntent")
    turn = echo.intent("RemindMeIntent", moment="02:00")
    assert (turn.question, turn.trace.verdict) == (asked, None)
    assert alerts.times() == ["02:00"]


@pytest.mark.parametrize("intent", ["SkipIntent", "DontKnowIntent", "AMAZON.NextIntent", "AMAZON.NoIntent"])
def test_in_a_round_who_gives_no_time_after_all_loses_no_question(
    echo: Caller, alerts: RemindersApi, intent: str
) -> None:
    asked = echo.intent("StartQuizIntent").question
    echo.intent("RemindMeIntent")
    turn = echo.intent(intent)
    assert (turn.question, turn.trace.verdict) == (asked, None)
    assert alerts.reminders == {}


def test_in_a_round_an_answer_of_the_quiz_is_none_to_the_time(echo: Caller, alerts: RemindersApi) -> None:
    asked = echo.intent("StartQuizIntent").question
    echo.intent("RemindMeIntent")
    turn = echo.answer(asked)
    assert (turn.question, turn.trace.verdict) == (asked, None)
    assert alerts.reminders == {}


def test_in_a_round_two_o_clock_may_be_the_second_answer(echo: Caller, alerts: RemindersApi) -> None:
    turn = echo.intent("StartQuizIntent")
    while len(turn.question["choices"]) != 3:
        turn = echo.intent("SkipIntent") if turn.trace.quiz == "asking" else echo.intent("StartQuizIntent", fresh="new")
        turn = turn if turn.trace.quiz == "asking" else echo.intent("StartQuizIntent", fresh="new")
    right = turn.question["right"] == 1
    assert echo.intent("RemindMeIntent", moment="02:00").trace.verdict == ("right" if right else "wrong")
    assert alerts.reminders == {}


# Asking


def test_when_it_sounds_is_told(echo: Caller, known: Library) -> None:
    echo.intent("RemindMeIntent", time="19:30")
    turn = echo.intent("ReminderIntent")
    assert said(turn, known, "reminder_when", when="seven thirty in the evening")
    assert goes_on(turn)


def test_a_time_that_was_changed_in_the_app_is_the_one_that_is_told(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    recurrence = alerts.reminders["alert-1"]["trigger"]["recurrence"]
    recurrence["recurrenceRules"] = ["FREQ=DAILY;BYHOUR=9;BYMINUTE=45;BYSECOND=0;INTERVAL=1;"]
    assert said(echo.intent("ReminderIntent"), known, "reminder_when", when="nine forty five in the morning")
    reminder = kept(store)
    assert reminder is not None
    assert str(reminder.at) == "09:45:00"


@pytest.mark.parametrize("rules", [None, [], ["FREQ=WEEKLY;BYDAY=MO"], ["FREQ=DAILY;BYHOUR=99;BYMINUTE=0"]])
def test_a_rule_that_is_written_otherwise_leaves_what_was_wished(
    echo: Caller, alerts: RemindersApi, known: Library, rules: list[str] | None
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.reminders["alert-1"]["trigger"]["recurrence"] = {"recurrenceRules": rules} if rules is not None else None
    assert said(echo.intent("ReminderIntent"), known, "reminder_when", when="eight in the morning")


def test_without_a_reminder_one_is_offered_and_a_yes_asks_for_the_time(
    echo: Caller, alerts: RemindersApi, known: Library
) -> None:
    turn = echo.intent("ReminderIntent")
    assert said(turn, known, "reminder_none")
    assert goes_on(turn)
    assert alerts.calls() == []
    assert echo.intent("AMAZON.YesIntent").speech in known.phrases["reminder_time"]


@pytest.mark.parametrize("how", ["deleted", "completed"])
def test_a_reminder_that_was_deleted_in_the_app_is_noticed_and_said(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library, how: str
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    if how == "deleted":
        alerts.reminders.clear()
    else:
        alerts.reminders["alert-1"]["status"] = "COMPLETED"
    turn = echo.intent("ReminderIntent")
    assert said(turn, known, "reminder_gone")
    assert goes_on(turn)
    reminder = kept(store)
    assert reminder is not None
    assert reminder.at is None
    assert said(echo.intent("ReminderIntent"), known, "reminder_none")


def test_a_reminder_that_was_deleted_in_the_app_can_be_set_anew(echo: Caller, alerts: RemindersApi) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.reminders.clear()
    echo.intent("RemindMeIntent", time="09:00")
    assert list(alerts.reminders) == ["alert-2"]


def test_where_alexa_does_not_answer_the_time_is_told_as_far_as_it_is_known(
    echo: Caller, alerts: RemindersApi, store: FaultyStore
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.faults["GET"] = as_json(500, {"code": "INTERNAL_ERROR"})
    before = kept(store)
    turn = echo.intent("ReminderIntent")
    assert "eight in the morning" in turn.speech
    assert "Alexa" in turn.speech
    assert goes_on(turn)
    assert kept(store) == before


# Cancelling


def test_a_cancelled_reminder_is_gone_for_good(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    turn = echo.intent("StopRemindingIntent")
    assert said(turn, known, "reminder_stopped")
    assert goes_on(turn)
    assert alerts.reminders == {}
    reminder = kept(store)
    assert reminder is not None
    assert (reminder.at, reminder.token) == (None, None)
    assert said(echo.intent("ReminderIntent"), known, "reminder_none")


def test_without_a_reminder_there_is_none_to_cancel(echo: Caller, known: Library, store: FaultyStore) -> None:
    echo.launch()
    before = store.memory.load(LISTENER, NOW)
    assert said(echo.intent("StopRemindingIntent"), known, "reminder_none")
    assert store.memory.load(LISTENER, NOW) == before


def test_one_that_was_deleted_in_the_app_is_said_to_be_gone(echo: Caller, alerts: RemindersApi, known: Library) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.reminders.clear()
    assert said(echo.intent("StopRemindingIntent"), known, "reminder_gone")


def test_one_that_vanishes_while_it_is_being_cancelled_is_cancelled(
    echo: Caller, alerts: RemindersApi, known: Library
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.faults["DELETE"] = as_json(404, {"code": "ALERT_NOT_FOUND"})
    assert said(echo.intent("StopRemindingIntent"), known, "reminder_stopped")


def test_where_cancelling_fails_the_reminder_is_not_said_to_be_gone(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    before = kept(store)
    alerts.faults["DELETE"] = as_json(500, {"code": "INTERNAL_ERROR"})
    assert said(echo.intent("StopRemindingIntent"), known, "reminder_unavailable")
    assert kept(store) == before


# One at most


def test_where_two_devices_have_set_one_each_one_is_left_by_the_next_wish(
    echo: Caller, alerts: RemindersApi, store: FaultyStore
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.reminders["alert-of-the-kitchen"] = alerts.reminders["alert-1"] | {"alertToken": "alert-of-the-kitchen"}
    echo.intent("RemindMeIntent", time="09:00")
    assert list(alerts.reminders) == ["alert-1"]
    assert alerts.times() == ["09:00"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_answer_that_was_lost_leaves_no_second_reminder(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library, method: str
) -> None:
    if method == "PUT":
        echo.intent("RemindMeIntent", time="07:00")
    before = kept(store)
    alerts.lost = {method}
    turn = echo.intent("RemindMeIntent", time="08:00")
    assert said(turn, known, "reminder_unavailable")
    assert goes_on(turn)
    assert kept(store) == before
    alerts.lost = set()
    echo.intent("RemindMeIntent", time="09:00")
    assert alerts.times() == ["09:00"]
    echo.intent("StopRemindingIntent")
    assert alerts.reminders == {}


def test_a_reminder_that_nobody_remembers_is_cancelled_all_the_same(
    echo: Caller, alerts: RemindersApi, known: Library
) -> None:
    alerts.lost = {"POST"}
    echo.intent("RemindMeIntent", time="08:00")
    assert said(echo.intent("StopRemindingIntent"), known, "reminder_stopped")
    assert alerts.reminders == {}


def test_a_spare_one_that_can_not_be_deleted_spoils_nothing(
    echo: Caller, alerts: RemindersApi, known: Library, caplog: pytest.LogCaptureFixture
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.reminders["spare"] = alerts.reminders["alert-1"] | {"alertToken": "spare"}
    alerts.faults["DELETE"] = as_json(500, {})
    assert said(echo.intent("RemindMeIntent", time="09:00"), known, "reminder_set", when="nine in the morning")
    assert [record.getMessage() for record in caplog.records] == ["a spare reminder stays: RemindersUnavailableError"]


# The permission


@pytest.mark.parametrize("refusal", [(401, {"code": "UNAUTHORIZED"}), (403, {"code": "FORBIDDEN"}), (401, "")])
def test_without_the_permission_alexa_is_asked_to_ask_for_it(
    echo: Caller, alerts: RemindersApi, known: Library, refusal: tuple[int, Any]
) -> None:
    alerts.permitted, alerts.refusal = False, as_json(*refusal)
    turn = echo.intent("RemindMeIntent", time="08:00")
    assert turn.speech in known.phrases["reminder_permission"]
    response = turn.response["response"]
    (directive,) = response["directives"]
    assert (directive["type"], directive["name"]) == ("Connections.SendRequest", "AskFor")
    assert directive["payload"] == {
        "@type": "AskForPermissionsConsentRequest",
        "@version": "2",
        "permissionScopes": [{"permissionScope": PERMISSION, "consentLevel": "ACCOUNT"}],
    }
    assert "shouldEndSession" not in response
    assert "reprompt" not in response
    assert "card" not in response


@pytest.mark.parametrize("keeps", [True, False], ids=["the session is kept", "the session is lost"])
def test_once_it_is_given_the_reminder_that_was_wished_for_is_set(
    echo: Caller, alerts: RemindersApi, known: Library, keeps: bool
) -> None:
    echo.keeps_session = keeps
    alerts.permitted = False
    asked = echo.intent("RemindMeIntent", time="19:30")
    alerts.permitted = True
    turn = echo.permission(asked)
    assert said(turn, known, "reminder_set", when="seven thirty in the evening")
    assert goes_on(turn)
    assert alerts.times() == ["19:30"]


@pytest.mark.parametrize("keeps", [True, False], ids=["the session is kept", "the session is lost"])
@pytest.mark.parametrize("status", ["ACCEPTED", "DENIED", "NOT_ANSWERED"])
def test_a_round_outlasts_the_detour(echo: Caller, alerts: RemindersApi, keeps: bool, status: str) -> None:
    echo.keeps_session = keeps
    question = echo.intent("StartQuizIntent").question
    alerts.permitted = False
    asked = echo.intent("RemindMeIntent", time="08:00")
    assert asked.question == question
    alerts.permitted = status == "ACCEPTED"
    turn = echo.permission(asked, status)
    assert (turn.question, turn.trace.verdict) == (question, None)
    (listened_for,) = turn.directives
    assert listened_for["type"] == "Dialog.UpdateDynamicEntities"
    assert [value["name"]["value"] for value in listened_for["types"][0]["values"]]
    assert goes_on(turn)
    assert echo.answer(question).trace.verdict == "right"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        ("DENIED", "200", "reminder_permission_refused"),
        ("NOT_ANSWERED", "200", "reminder_permission_unanswered"),
        ("", "400", "reminder_permission_unanswered"),
        ("", "500", "reminder_permission_unanswered"),
        ("SOMETHING_NEW", "200", "reminder_permission_unanswered"),
    ],
)
def test_without_a_yes_nothing_is_set_and_a_card_shows_how_to_allow_it(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library, status: str, code: str, kind: str
) -> None:
    alerts.permitted = False
    turn = echo.permission(echo.intent("RemindMeIntent", time="08:00"), status, code)
    assert said(turn, known, kind)
    assert goes_on(turn)
    assert card(turn) == {"type": "AskForPermissionsConsent", "permissions": [PERMISSION]}
    assert alerts.reminders == {}
    assert kept(store) is None


def test_a_card_that_alexa_has_sent_is_not_sent_twice(echo: Caller, alerts: RemindersApi) -> None:
    alerts.permitted = False
    turn = echo.permission(echo.intent("RemindMeIntent", time="08:00"), "DENIED", card=True)
    assert card(turn) is None
    assert goes_on(turn)


def test_who_has_just_allowed_it_is_not_asked_again_whatever_alexa_says(
    echo: Caller, alerts: RemindersApi, known: Library
) -> None:
    alerts.permitted = False
    turn = echo.permission(echo.intent("RemindMeIntent", time="08:00"), "ACCEPTED")
    assert not asks(turn)
    assert said(turn, known, "reminder_not_allowed")
    assert goes_on(turn)
    assert card(turn) is not None


@pytest.mark.parametrize("token", [None, "", "no json", "[]", '{"wish": 7}', '{"wish": "soon", "asked": "nothing-1"}'])
def test_a_permission_that_comes_without_its_wish_asks_for_the_time(
    echo: Caller, alerts: RemindersApi, known: Library, token: str | None
) -> None:
    echo.keeps_session = False
    alerts.permitted = False
    asked = echo.intent("RemindMeIntent", time="08:00")
    asked.directives[0]["token"] = token
    alerts.permitted = True
    turn = echo.permission(asked)
    assert turn.speech in known.phrases["reminder_time"]
    assert goes_on(turn)


def test_what_travels_with_the_question_has_none_of_the_listener_s_words(echo: Caller, alerts: RemindersApi) -> None:
    echo.intent("AskWhatIntent", query="is a healthy boundary")
    alerts.permitted = False
    (directive,) = echo.intent("RemindMeIntent", time="08:00").response["response"]["directives"]
    carried = json.loads(directive["token"])
    assert carried.keys() <= set(consent.CARRIED)
    assert (carried["wish"], carried["topic"]) == ("08:00", "boundaries")


@pytest.mark.parametrize("intent", ["ReminderIntent", "StopRemindingIntent"])
def test_a_permission_that_was_taken_back_is_said_with_a_card(
    echo: Caller, alerts: RemindersApi, known: Library, intent: str
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.permitted = False
    turn = echo.intent(intent)
    assert said(turn, known, "reminder_not_allowed")
    assert goes_on(turn)
    assert card(turn) is not None


def test_who_never_had_a_reminder_needs_no_permission_to_have_none(
    echo: Caller, alerts: RemindersApi, known: Library
) -> None:
    alerts.permitted = False
    assert said(echo.intent("StopRemindingIntent"), known, "reminder_none")


# Bad days


FAULTS = [
    ((403, {"code": "MAX_REMINDERS_EXCEEDED", "message": "too many"}), "reminder_too_many"),
    ((403, {"code": "DEVICE_NOT_SUPPORTED", "message": "no"}), "reminder_device"),
    ((400, {"code": "INVALID_TRIGGER_SCHEDULED_TIME_FORMAT", "message": "no"}), "reminder_not_taken"),
    ((400, "not JSON"), "reminder_not_taken"),
    ((429, {"code": "MAX_RATE_EXCEEDED", "message": "slow down"}), "reminder_busy"),
    ((429, ""), "reminder_busy"),
    ((500, {"code": "INTERNAL_ERROR"}), "reminder_unavailable"),
    ((500, "<html>oops</html>"), "reminder_unavailable"),
    ((503, {"message": "away"}), "reminder_unavailable"),
    ((504, ""), "reminder_unavailable"),
    ((302, "elsewhere"), "reminder_unavailable"),
    ((418, {"code": ["odd"]}), "reminder_unavailable"),
    ((200, {}), "reminder_unavailable"),
    ((200, {"alertToken": 7, "status": "ODD"}), "reminder_unavailable"),
    ((200, ["a list"]), "reminder_unavailable"),
]


@pytest.mark.parametrize("in_a_round", [False, True])
@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_every_trouble_gets_a_word_of_what_can_be_done_and_the_talk_goes_on(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library, caplog: pytest.LogCaptureFixture,
    fault: tuple[int, Any], kind: str, in_a_round: bool,
) -> None:  # fmt: skip
    question = echo.intent("StartQuizIntent").question if in_a_round else None
    alerts.faults["POST"] = as_json(*fault)
    turn = echo.intent("RemindMeIntent", time="08:00")
    assert said(turn, known, kind), turn.speech
    assert goes_on(turn)
    assert turn.trace.question == question
    assert kept(store) is None
    assert not any("turn failed" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("fault", [(500, "oops"), (200, "no JSON"), (200, []), (200, {"alerts": [{}]}), (404, {})])
def test_a_list_that_can_not_be_had_is_a_trouble_like_any_other(
    echo: Caller, alerts: RemindersApi, fault: tuple[int, Any], caplog: pytest.LogCaptureFixture
) -> None:
    alerts.faults["LIST"] = as_json(*fault)
    for intent, slots in (("RemindMeIntent", {"time": "08:00"}), ("StopRemindingIntent", {})):
        assert goes_on(echo.intent(intent, **slots))
    assert not any("turn failed" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("method", ["LIST", "POST"])
def test_an_api_that_never_answers_is_waited_for_no_longer_than_any(
    echo: Caller, alerts: RemindersApi, known: Library, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(amazon_api, "TIMEOUT_S", 0.2)
    alerts.faults[method] = Answered(stalls=True)
    turn = echo.intent("RemindMeIntent", time="08:00")
    assert said(turn, known, "reminder_unavailable")
    assert goes_on(turn)
    assert alerts.calls().count("POST") == (1 if method == "POST" else 0)


def test_nothing_of_a_listener_s_is_logged(
    echo: Caller, alerts: RemindersApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "skill")
    echo.intent("RemindMeIntent", time="08:00")
    alerts.faults = dict.fromkeys(("GET", "PUT", "DELETE"), as_json(500, {}))
    for intent in ("ReminderIntent", "StopRemindingIntent"):
        echo.intent(intent)
    lines = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("skill"))
    assert lines
    assert not any(text in lines for text in ("08:00", "alert-1", LISTENER, TOKEN))


def test_the_store_being_away_costs_the_memory_of_the_reminder_until_it_is_back(
    echo: Caller, alerts: RemindersApi, store: FaultyStore
) -> None:
    echo.launch()
    store.down = {"save"}
    assert goes_on(echo.intent("RemindMeIntent", time="08:00"))
    store.down = set()
    echo.intent("AskWhatIntent", query="is a healthy boundary")
    reminder = kept(store)
    assert reminder is not None
    assert reminder.token == "alert-1"


@pytest.mark.parametrize("missing", ["api client", "apiAccessToken"])
@pytest.mark.parametrize("intent", ["RemindMeIntent", "ReminderIntent", "StopRemindingIntent"])
def test_without_a_way_to_alexa_nothing_is_promised(
    store: FaultyStore, trusted: Server, alerts: RemindersApi, known: Library, missing: str, intent: str
) -> None:
    echo = Caller(assemble(store, AmazonApi() if missing != "api client" else None, SKILL_ID), address=trusted.url)
    if missing == "apiAccessToken":
        echo.token = ""
    turn = echo.intent(intent)
    assert said(turn, known, "reminder_nowhere")
    assert goes_on(turn)
    assert alerts.calls() == []


# Forgetting


def kept_of_them(store: FaultyStore) -> Listener:
    """What the store has of the listener; when they were forgotten may stand there."""
    kept = store.memory.load(LISTENER, NOW)
    return Listener.from_dict(kept.state) if kept else Listener()


def test_who_is_forgotten_is_not_reminded_any_more(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    echo.intent("ForgetMeIntent")
    turn = echo.intent("AMAZON.YesIntent")
    assert said(turn, known, "forgotten")
    assert alerts.reminders == {}
    assert kept_of_them(store).is_empty


@pytest.mark.parametrize("trouble", ["away", "not allowed any more"])
def test_where_the_reminder_can_not_be_reached_that_is_said_and_the_rest_is_forgotten(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library, trouble: str
) -> None:
    echo.intent("RemindMeIntent", time="08:00")
    alerts.permitted = trouble == "away"
    alerts.faults = {"LIST": as_json(500, {})} if trouble == "away" else {}
    echo.intent("ForgetMeIntent")
    turn = echo.intent("AMAZON.YesIntent")
    assert said(turn, known, "forgotten")
    assert any(wording in turn.speech for wording in known.phrases["forget_reminder_failed"])
    assert goes_on(turn)
    assert kept_of_them(store).is_empty


def test_who_had_no_reminder_is_forgotten_without_a_call(echo: Caller, alerts: RemindersApi) -> None:
    echo.launch()
    echo.intent("ForgetMeIntent")
    echo.intent("AMAZON.YesIntent")
    assert alerts.calls() == []


# Faults of ours


def test_a_bug_met_on_the_way_back_from_the_permission_still_gets_a_word_and_a_question(
    echo: Caller, alerts: RemindersApi, store: FaultyStore, known: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts.permitted = False
    asked = echo.intent("RemindMeIntent", time="08:00")
    monkeypatch.setattr(store, "load", lambda *_: 1 / 0)
    turn = echo.permission(asked)
    assert turn.speech in known.phrases["trouble"]
    assert goes_on(turn)
