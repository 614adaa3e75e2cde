"""What a listener has achieved is kept, whoever saves beside them, and a store that is away ends no conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from ask_sdk_core.exceptions import ApiClientException
from ask_sdk_model.services import ApiClient, ApiClientResponse
from hypothesis import given
from hypothesis import strategies as st

from skill import deadline
from skill.alexa import keeping
from skill.alexa.handlers import CARRIED
from skill.alexa.keeping import TRIES, Record
from skill.alexa.skill import assemble
from skill.errors import StoreUnavailableError
from skill.library import Library
from skill.listener import Listener, Memory, Round, stamp
from skill.stores.item import conflict
from skill.tips import Streak

from .echo import LISTENER, NOW, SKILL_ID, Echo, Turn
from .faults import FaultyStore

FIVE = ("q-1", "q-2", "q-3", "q-4", "q-5")
PLAYED = Listener(launches=2, round=Round("2026-03-02T18:00:00.000000+00:00", FIVE, ("right",)))
SCORE_CAN_NOT_BE_KEPT = "unkept"


def put(store: FaultyStore, listener: Listener, version: int = 0) -> int:
    """Keep a listener as another device would, uncounted."""
    return store.memory.save(LISTENER, listener.to_dict(), version, NOW)


def kept(store: FaultyStore) -> Listener | None:
    """What is kept of the listener; None for nothing, and that they were forgotten is nothing."""
    found = store.memory.load(LISTENER, NOW)
    listener = Listener.from_dict(found.state) if found else Listener()
    return None if listener.is_empty else listener


def version(store: FaultyStore) -> int | None:
    found = store.memory.load(LISTENER, NOW)
    return found.version if found and kept(store) else None


def says_that_the_score_is_not_kept(turn: Turn, known: Library) -> bool:
    return any(wording in turn.speech for wording in known.phrases[SCORE_CAN_NOT_BE_KEPT])


# Loading


def test_a_stranger_starts_with_nothing(store: FaultyStore) -> None:
    assert keeping.load(store, LISTENER, NOW, None) == Record(Listener(), 0, reachable=True, since=stamp(NOW))


def test_who_is_known_is_known_again(store: FaultyStore) -> None:
    put(store, PLAYED)
    assert keeping.load(store, LISTENER, NOW, None) == Record(PLAYED, 1, reachable=True)


def test_a_store_that_is_away_at_load_is_no_error(store: FaultyStore) -> None:
    store.down = {"load"}
    assert keeping.load(store, LISTENER, NOW, None) == Record(Listener(), 0, reachable=False, since=stamp(NOW))


def test_what_the_session_carried_joins_what_is_kept(store: FaultyStore) -> None:
    put(store, Listener(launches=5, streak=Streak(date(2026, 3, 1), date(2026, 3, 2))))
    record = keeping.load(store, LISTENER, NOW, PLAYED.to_dict())
    assert record.carried
    assert record.listener.launches == 5
    assert record.listener.streak == Streak(date(2026, 3, 1), date(2026, 3, 2))
    assert record.listener.round == PLAYED.round


def test_what_the_session_carried_lasts_while_the_store_is_away(store: FaultyStore) -> None:
    store.down = {"load"}
    assert keeping.load(store, LISTENER, NOW, PLAYED.to_dict()) == Record(PLAYED, 0, reachable=False, carried=True)


def test_nobody_is_asked_about_a_listener_without_an_id(store: FaultyStore) -> None:
    assert not keeping.load(store, None, NOW, None).reachable
    assert store.asked() == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just("2026-03-02"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
FIELDS = tuple(Listener.__dataclass_fields__)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON) | st.dictionaries(st.text(), JSON))
def test_no_kept_state_whatever_it_holds_ends_a_conversation(state: dict[str, Any]) -> None:
    record = keeping.load(FaultyStore(), LISTENER, NOW, state)
    assert isinstance(record.listener, Listener)


@pytest.mark.parametrize(
    "state",
    [
        {"streak": ["2026-03-02"]},
        {"launches": float("inf")},
        {"launches": "many"},
        {"memories": {"q": {"1": [1, 2]}}},
        {"memories": {"q": {"1": [10**400, 5.0, 1772474400, 1, 1]}}},
        {"round": ["id", ["q-1"], ["brilliant"]]},
        {"rounds": 5},
    ],
    ids=["streak", "infinity", "word", "memory", "huge", "mark", "rounds"],
)
def test_a_kept_state_that_is_spoilt_counts_as_none(state: dict[str, Any]) -> None:
    assert keeping.load(FaultyStore(), LISTENER, NOW, state).listener == Listener()


# Saving


def test_a_save_counts_one_version_and_writes_once(store: FaultyStore) -> None:
    put(store, Listener(launches=1))
    record = keeping.load(store, LISTENER, NOW, None)
    store.asked()
    assert keeping.save(store, LISTENER, record, PLAYED, NOW) == 2
    assert store.asked() == ["save"]
    assert kept(store) == PLAYED


def test_when_two_devices_save_nothing_of_either_is_lost(store: FaultyStore) -> None:
    ours = Memory(3.0, 5.0, "2026-03-02T18:00:00+00:00", 1, 1)
    theirs = Memory(2.0, 6.0, "2026-03-02T17:00:00+00:00", 2, 1)
    put(store, Listener(launches=1))
    record = keeping.load(store, LISTENER, NOW, None)
    other = Listener(launches=1, memories={"q-2": theirs}, streak=Streak(date(2026, 3, 2), date(2026, 3, 2)))
    store.meanwhile = [lambda: put(store, other, 1)]
    assert keeping.save(store, LISTENER, record, Listener(launches=2, memories={"q-1": ours}), NOW) == 3
    assert kept(store) == Listener(launches=2, memories={"q-1": ours, "q-2": theirs}, streak=other.streak)


def test_the_first_save_of_two_devices_loses_nothing_either(store: FaultyStore) -> None:
    record = keeping.load(store, LISTENER, NOW, None)
    store.meanwhile = [lambda: put(store, Listener(launches=7))]
    assert keeping.save(store, LISTENER, record, PLAYED, NOW) == 2
    assert kept(store) == Listener(launches=7, round=PLAYED.round)


def test_a_house_full_of_devices_still_saves(store: FaultyStore) -> None:
    put(store, Listener(launches=1))
    record = keeping.load(store, LISTENER, NOW, None)
    store.meanwhile = [lambda n=n: put(store, Listener(launches=n), n) for n in range(1, TRIES)]  # type: ignore[misc]
    assert keeping.save(store, LISTENER, record, Listener(launches=1, said={"goodbye": 2}), NOW) == TRIES + 1
    assert kept(store) == Listener(launches=TRIES - 1, said={"goodbye": 2})


def test_a_save_that_never_gets_its_turn_gives_up(store: FaultyStore) -> None:
    put(store, Listener(launches=1))
    record = keeping.load(store, LISTENER, NOW, None)
    store.meanwhile = [lambda n=n: put(store, Listener(launches=n), n) for n in range(1, TRIES + 1)]  # type: ignore[misc]
    with pytest.raises(StoreUnavailableError):
        keeping.save(store, LISTENER, record, PLAYED, NOW)


def test_what_was_deleted_meanwhile_stays_deleted(store: FaultyStore) -> None:
    put(store, PLAYED)
    record = keeping.load(store, LISTENER, NOW, None)
    store.meanwhile = [lambda: store.memory.delete(LISTENER)]
    assert keeping.save(store, LISTENER, record, PLAYED, NOW) == 0
    assert kept(store) is None


def test_a_store_that_is_away_at_save_says_so(store: FaultyStore) -> None:
    record = keeping.load(store, LISTENER, NOW, None)
    store.down = {"save"}
    with pytest.raises(StoreUnavailableError):
        keeping.save(store, LISTENER, record, PLAYED, NOW)


# Whole turns


def test_a_turn_reads_once_and_writes_once(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    assert store.asked() == ["load", "save"]
    turn = echo.intent("StartQuizIntent")
    assert store.asked() == ["load", "save"]
    turn = echo.answer(turn.question)
    assert store.asked() == ["load", "save"]
    assert turn.trace.listener_version == version(store) == 3


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("AMAZON.HelpIntent", {}),
        ("AMAZON.RepeatIntent", {}),
        ("AskWhatIntent", {"query": "is a healthy boundary"}),
        ("TellMeMoreIntent", {}),
        ("ScoreIntent", {}),
        ("AMAZON.FallbackIntent", {}),
        ("AMAZON.NoIntent", {}),
    ],
)
def test_a_turn_that_changes_nothing_writes_nothing(
    echo: Echo, store: FaultyStore, intent: str, slots: dict[str, str]
) -> None:
    echo.launch()
    store.asked()
    turn = echo.intent(intent, **slots)
    assert store.asked() == ["load"]
    assert turn.trace.listener_version == 1


def test_who_only_asks_one_question_leaves_no_trace(echo: Echo, store: FaultyStore) -> None:
    turn = echo.intent("AskWhatIntent", query="is a healthy boundary")
    assert turn.trace.outcome == "answer"
    assert store.asked() == ["load"]
    assert kept(store) is None
    assert turn.trace.listener_version is None


def test_the_same_tip_twice_a_day_writes_once(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    echo.intent("DailyTipIntent")
    store.asked()
    echo.intent("DailyTipIntent")
    assert store.asked() == ["load"]


def test_after_a_yes_everything_is_deleted_and_stays_so(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    echo.intent("ForgetMeIntent")
    assert kept(store) is not None
    store.asked()
    turn = echo.intent("AMAZON.YesIntent")
    assert store.asked() == ["load", "forget"]
    assert kept(store) is None
    assert turn.trace.listener_version is None
    assert turn.attributes.get(CARRIED) is None
    echo.intent("ScoreIntent")
    assert kept(store) is None


def test_two_devices_in_one_round_lose_neither_answer(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    question = echo.intent("StartQuizIntent").question
    other = Echo(echo.skill, now=echo.now)
    store.meanwhile = [lambda: other.intent("DailyTipIntent")]
    echo.answer(question)
    found = kept(store)
    assert found is not None
    assert found.streak is not None
    assert found.round is not None
    assert found.round.marks == ("right",)


def test_a_device_that_carries_a_round_does_not_bring_back_who_was_forgotten_meanwhile(
    echo: Echo, store: FaultyStore
) -> None:
    echo.launch()
    question = echo.intent("StartQuizIntent").question
    store.down = {"save"}
    assert CARRIED in echo.answer(question).attributes
    store.down = set()
    forget_on_another_device(echo)
    turn = echo.intent("ScoreIntent")
    assert turn.trace.score_right is None
    assert turn.trace.listener_version is None
    assert CARRIED not in turn.attributes
    assert kept(store) is None


def test_a_device_that_played_without_a_store_does_not_bring_back_what_is_older_than_the_deletion(
    echo: Echo, store: FaultyStore
) -> None:
    store.down = {"load", "save"}
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    store.down = set()
    forget_on_another_device(echo)
    assert echo.intent("ScoreIntent").trace.score_right is None
    assert kept(store) is None


def test_what_was_played_without_a_store_after_being_forgotten_is_kept(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    echo.intent("DailyTipIntent")
    forget_on_another_device(echo)
    store.down = {"load", "save"}
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    store.down = set()
    assert echo.intent("ScoreIntent").trace.score_right == 1
    found = kept(store)
    assert found is not None
    assert found.streak is None
    assert found.launches == 1


def test_who_was_forgotten_begins_anew_and_an_old_turn_is_not_saved_on_that(store: FaultyStore) -> None:
    put(store, PLAYED)
    record = keeping.load(store, LISTENER, NOW, None)
    keeping.forget(store, LISTENER, NOW)
    fresh = keeping.load(store, LISTENER, NOW, None)
    assert not fresh.known
    assert keeping.save(store, LISTENER, fresh, replace(fresh.listener, launches=1), NOW)
    keeping.save(store, LISTENER, record, replace(PLAYED, launches=9), NOW)
    assert kept(store) == Listener(launches=1, forgotten=stamp(NOW))


def test_what_the_store_had_is_not_brought_back_when_it_has_been_removed(store: FaultyStore) -> None:
    put(store, PLAYED)
    record = keeping.load(store, LISTENER, NOW, None)
    store.memory.delete(LISTENER)
    again = keeping.load(store, LISTENER, NOW, record.carry(replace(PLAYED, launches=9)))
    assert again.listener == Listener()
    assert not again.carried


def test_a_day_later_nothing_is_left_of_who_was_forgotten(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    echo.intent("ForgetMeIntent")
    echo.intent("AMAZON.YesIntent")
    assert store.memory.load(LISTENER, NOW + timedelta(hours=20)) is not None
    assert store.memory.load(LISTENER, NOW + timedelta(hours=25)) is None


def forget_on_another_device(echo: Echo) -> None:
    other = Echo(echo.skill, now=echo.now)
    other.launch()
    other.intent("ForgetMeIntent")
    other.intent("AMAZON.YesIntent")
    echo.now = other.now


def test_deleting_on_one_device_is_not_undone_by_the_other(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    question = echo.intent("StartQuizIntent").question
    other = Echo(echo.skill, now=echo.now)
    other.launch()
    other.intent("ForgetMeIntent")
    store.meanwhile = [lambda: other.intent("AMAZON.YesIntent")]
    turn = echo.answer(question)
    assert turn.trace.verdict == "right"
    assert turn.trace.listener_version is None
    assert kept(store) is None


@pytest.mark.parametrize("down", [{"load"}, {"save"}, {"load", "save", "forget"}], ids=["load", "save", "all"])
def test_without_a_store_the_whole_skill_still_works(
    echo: Echo, store: FaultyStore, known: Library, down: set[str]
) -> None:
    store.down = down
    assert echo.launch().open
    assert echo.intent("AskWhatIntent", query="is a healthy boundary").trace.topic == "boundaries"
    assert echo.intent("DailyTipIntent").trace.tip
    turn = echo.intent("StartQuizIntent")
    assert says_that_the_score_is_not_kept(turn, known)
    for number in range(1, 6):
        assert turn.question["number"] == number
        turn = echo.answer(turn.question, right=number != 2)
        assert not says_that_the_score_is_not_kept(turn, known)
    assert turn.trace.quiz == "over"
    assert turn.trace.score_right == 4
    assert "four" in turn.speech
    assert not echo.intent("AMAZON.StopIntent").open
    assert kept(store) is None


def test_a_store_that_goes_away_in_the_middle_loses_no_answer(echo: Echo, store: FaultyStore, known: Library) -> None:
    echo.launch()
    turn = echo.answer(echo.intent("StartQuizIntent").question)
    store.down = {"load", "save"}
    turn = echo.answer(turn.question)
    # What was kept can't be read, so this may be another round; it is one round all the same from here on.
    assert turn.open
    store.down = set()
    turn = echo.intent("StartQuizIntent") if turn.trace.question is None else turn
    assert turn.question


def test_a_round_played_without_a_store_is_saved_when_it_is_back(
    echo: Echo, store: FaultyStore, known: Library
) -> None:
    store.down = {"load", "save"}
    echo.launch()
    turn = echo.intent("StartQuizIntent")
    turn = echo.answer(turn.question)
    turn = echo.answer(turn.question)
    assert turn.trace.score_right == 2
    store.down = set()
    turn = echo.intent("AMAZON.HelpIntent")
    assert turn.trace.listener_version == 1
    assert CARRIED not in turn.attributes
    found = kept(store)
    assert found is not None
    assert found.round is not None
    assert found.round.marks == ("right", "right")
    turn = echo.answer(turn.question)
    assert turn.trace.score_right == 3
    assert echo.launch().trace.quiz == "paused"


def test_what_was_kept_before_is_joined_with_what_was_played_without_a_store(echo: Echo, store: FaultyStore) -> None:
    before = Listener(launches=9, streak=Streak(date(2026, 2, 27), date(2026, 2, 28)))
    put(store, before)
    store.down = {"load", "save"}
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    store.down = set()
    echo.intent("AMAZON.HelpIntent")
    found = kept(store)
    assert found is not None
    assert found.streak == before.streak
    assert found.launches == 9
    assert found.round is not None
    assert found.round.marks == ("right",)


def test_a_store_that_is_away_at_deleting_is_admitted_and_nothing_is_lost(
    echo: Echo, store: FaultyStore, known: Library
) -> None:
    echo.launch()
    echo.intent("ForgetMeIntent")
    store.down = {"forget"}
    turn = echo.intent("AMAZON.YesIntent")
    assert turn.speech in known.phrases["forget_failed"]
    assert turn.open
    assert kept(store) is not None
    assert turn.trace.listener_version == 1
    store.down = set()
    echo.intent("ForgetMeIntent")
    echo.intent("AMAZON.YesIntent")
    assert kept(store) is None


class SickStore(FaultyStore):
    """A store that does everything just in time, and never gets to save, since others always save before it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.clock = 0.0
        monkeypatch.setattr(deadline, "monotonic", lambda: self.clock)

    def _reach(self, operation: str) -> None:
        super()._reach(operation)
        self.take(2.9, StoreUnavailableError("it did not answer in time: try again"))
        if operation == "save":
            raise conflict(0)

    def take(self, seconds: float, late: Exception) -> None:
        """Let time go by, as a store or an API does that keeps to the turn's deadline."""
        given = deadline.left(3.0)
        self.clock += min(seconds, given)
        if given < seconds:
            raise late


def test_a_sick_store_and_a_sick_api_together_leave_alexa_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class SickApi(ApiClient):  # type: ignore[misc]
        def invoke(self, request: Any) -> Any:
            store.take(1.0, ApiClientException("no answer"))
            return ApiClientResponse(headers=[], status_code=204, body="")

    store = SickStore(monkeypatch)
    echo = Echo(assemble(store, SickApi(), SKILL_ID))
    for turn in (echo.launch, lambda: echo.intent("DailyTipIntent"), lambda: echo.intent("StartQuizIntent")):
        began = store.clock
        assert turn().open
        assert 2.9 < store.clock - began <= 6.0
    echo.intent("ForgetMeIntent")
    store.down = {"load"}
    began = store.clock
    echo.intent("AMAZON.YesIntent")
    assert store.clock - began <= 6.0


def test_what_could_not_be_erased_is_not_lost_either(echo: Echo, store: FaultyStore, known: Library) -> None:
    store.down = {"load", "save", "forget"}
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    echo.intent("ForgetMeIntent")
    assert echo.intent("AMAZON.YesIntent").speech in known.phrases["forget_failed"]
    store.down = set()
    assert echo.intent("ScoreIntent").trace.score_right == 1
    found = kept(store)
    assert found is not None
    assert found.round is not None
    assert found.round.marks == ("right",)


def test_a_record_that_can_not_be_read_can_be_erased_by_voice(echo: Echo, store: FaultyStore, known: Library) -> None:
    put(store, PLAYED)
    store.down = {"load"}
    echo.launch()
    echo.intent("ForgetMeIntent")
    turn = echo.intent("AMAZON.YesIntent")
    assert any(wording in turn.speech for wording in known.phrases["forgotten"])
    assert kept(store) is None
    assert turn.trace.listener_version is None
    assert CARRIED not in turn.attributes


def test_safety_help_needs_no_store_and_leaves_nothing_in_it(echo: Echo, store: FaultyStore) -> None:
    echo.launch()
    store.asked()
    turn = echo.intent("AskHeIntent", query="hits me and i'm scared")
    assert turn.trace.outcome == "safety"
    assert store.asked() == ["load"]
    store.down = {"load", "save"}
    turn = echo.intent("AskHeIntent", query="hits me and i'm scared")
    assert turn.trace.outcome == "safety"
    assert not turn.open


def test_safety_help_loses_no_round_that_waits_to_be_saved(echo: Echo, store: FaultyStore) -> None:
    store.down = {"load", "save"}
    echo.launch()
    echo.answer(echo.intent("StartQuizIntent").question)
    store.down = set()
    assert echo.intent("AskHeIntent", query="hits me and i'm scared").trace.outcome == "safety"
    found = kept(store)
    assert found is not None
    assert found.round is not None
    assert found.round.marks == ("right",)
