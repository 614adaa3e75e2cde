"""What a listener is promised wherever the skill keeps them: the same tests for every store."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from skill.errors import ConflictError
from skill.stores import FORGOTTEN_FOR, KEPT_FOR, Kept, Store

# Far ahead: DynamoDB Local deletes what has expired by the machine's own clock.
NOW = datetime(2100, 1, 1, 12, tzinfo=UTC)
STATE: dict[str, Any] = {
    "launches": 3,
    "memories": {"q-1": [2.307, 5.0, "2100-01-01T12:00:00+00:00", 1, 1]},
    "round": None,
    "said": {},
    "unlike": ["caf\u00e9", '"quoted"', "\U0001f600", "\ud800", "", 2**60, -0.5, True],
}
SECOND = timedelta(seconds=1)


def test_nobody_is_known_before_they_come(store: Store, listener: str) -> None:
    assert store.load(listener, NOW) is None


def test_what_was_saved_is_there_the_next_time(store: Store, listener: str) -> None:
    assert store.save(listener, STATE, 0, NOW) == 1
    assert store.load(listener, NOW) == Kept(1, STATE)


def test_an_empty_state_is_not_nothing(store: Store, listener: str) -> None:
    store.save(listener, {}, 0, NOW)
    assert store.load(listener, NOW) == Kept(1, {})


def test_each_save_replaces_the_last_and_counts_one_version(store: Store, listener: str) -> None:
    for version in range(3):
        assert store.save(listener, {"launches": version, f"only {version}": 1}, version, NOW) == version + 1
    assert store.load(listener, NOW) == Kept(3, {"launches": 2, "only 2": 1})


def test_listeners_are_kept_apart(store: Store, listener: str) -> None:
    for who in (listener, listener + "'; --", listener.upper()):
        store.save(who, {"who": who}, 0, NOW)
    for who in (listener, listener + "'; --", listener.upper()):
        assert store.load(who, NOW) == Kept(1, {"who": who})


def test_a_large_state_comes_back_whole(store: Store, listener: str) -> None:
    large = {"memories": {f"question-{n}": [n / 7, "x" * 50] for n in range(2000)}}
    store.save(listener, large, 0, NOW)
    assert store.load(listener, NOW) == Kept(1, large)


def test_what_a_caller_does_to_a_state_afterwards_changes_nothing_kept(store: Store, listener: str) -> None:
    given: dict[str, Any] = {"rounds": [1]}
    store.save(listener, given, 0, NOW)
    given["rounds"].append(2)
    loaded = store.load(listener, NOW)
    assert loaded == Kept(1, {"rounds": [1]})
    loaded.state["rounds"].append(3)
    assert store.load(listener, NOW) == Kept(1, {"rounds": [1]})


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), {1, 2}, NOW], ids=["nan", "infinity", "set", "datetime"])
def test_what_is_not_json_is_refused_and_harms_nothing(store: Store, listener: str, bad: object) -> None:
    store.save(listener, {"good": 1}, 0, NOW)
    with pytest.raises((ValueError, TypeError)):
        store.save(listener, {"bad": bad}, 1, NOW)
    assert store.load(listener, NOW) == Kept(1, {"good": 1})


def test_a_second_device_can_not_overwrite_what_the_first_saved(store: Store, listener: str) -> None:
    store.save(listener, {"launches": 1}, 0, NOW)
    store.save(listener, {"launches": 2}, 1, NOW)
    for stale in (0, 1, 3):
        with pytest.raises(ConflictError):
            store.save(listener, {"launches": 9}, stale, NOW)
    assert store.load(listener, NOW) == Kept(2, {"launches": 2})


def test_of_several_devices_that_save_at_once_exactly_one_wins(store: Store, listener: str) -> None:
    store.save(listener, {}, 0, NOW)
    at_once = threading.Barrier(4)
    won: list[int] = []
    lost: list[int] = []

    def save(device: int) -> None:
        at_once.wait()
        try:
            store.save(listener, {"device": device}, 1, NOW)
        except ConflictError:
            lost.append(device)
        else:
            won.append(device)

    threads = [threading.Thread(target=save, args=(device,)) for device in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 3)
    assert store.load(listener, NOW) == Kept(2, {"device": won[0]})


def test_a_forgotten_listener_is_gone_and_can_begin_anew(store: Store, listener: str) -> None:
    store.save(listener, STATE, 0, NOW)
    store.save(listener, STATE, 1, NOW)
    store.delete(listener)
    assert store.load(listener, NOW) is None
    assert store.save(listener, {"launches": 1}, 0, NOW) == 1
    assert store.load(listener, NOW) == Kept(1, {"launches": 1})


def test_a_turn_that_began_before_a_listener_was_forgotten_does_not_bring_them_back(
    store: Store, listener: str
) -> None:
    store.save(listener, STATE, 0, NOW)
    store.delete(listener)
    with pytest.raises(ConflictError):
        store.save(listener, STATE, 1, NOW)
    assert store.load(listener, NOW) is None


FORGOTTEN: dict[str, Any] = {"forgotten": "2100-01-01T12:00:00.000000+00:00"}


def test_of_who_was_forgotten_a_day_long_only_that_is_known(store: Store, listener: str) -> None:
    store.save(listener, STATE, 0, NOW)
    store.forget(listener, FORGOTTEN, NOW)
    kept = store.load(listener, NOW + FORGOTTEN_FOR - SECOND)
    assert kept is not None
    assert kept.state == FORGOTTEN
    assert store.load(listener, NOW + FORGOTTEN_FOR) is None
    assert store.save(listener, STATE, 0, NOW + FORGOTTEN_FOR) == 1


def test_whatever_was_loaded_before_nothing_is_saved_on_who_was_forgotten(store: Store, listener: str) -> None:
    store.save(listener, STATE, 0, NOW)
    store.save(listener, STATE, 1, NOW)
    store.forget(listener, FORGOTTEN, NOW)
    for version in range(4):
        with pytest.raises(ConflictError):
            store.save(listener, STATE, version, NOW)
    kept = store.load(listener, NOW)
    assert kept is not None
    assert kept.state == FORGOTTEN


def test_who_was_forgotten_and_comes_back_is_kept_for_a_year(store: Store, listener: str) -> None:
    store.forget(listener, FORGOTTEN, NOW)
    kept = store.load(listener, NOW)
    assert kept is not None
    version = store.save(listener, STATE, kept.version, NOW)
    assert version == kept.version + 1
    assert store.load(listener, NOW + KEPT_FOR - SECOND) == Kept(version, STATE)


def test_who_is_forgotten_twice_can_not_be_saved_on_the_first_time(store: Store, listener: str) -> None:
    store.forget(listener, FORGOTTEN, NOW)
    first = store.load(listener, NOW)
    assert first is not None
    store.save(listener, STATE, first.version, NOW)
    store.forget(listener, FORGOTTEN, NOW + 5 * SECOND)
    for version in (first.version, first.version + 1):
        with pytest.raises(ConflictError):
            store.save(listener, STATE, version, NOW + 5 * SECOND)


def test_forgetting_somebody_unknown_is_no_error(store: Store, listener: str) -> None:
    store.delete(listener)
    store.delete(listener)
    store.forget(listener, FORGOTTEN, NOW)
    store.forget(listener, FORGOTTEN, NOW)


def test_a_listener_is_remembered_for_a_year_and_no_longer(store: Store, listener: str) -> None:
    store.save(listener, STATE, 0, NOW)
    assert store.load(listener, NOW + KEPT_FOR - SECOND) == Kept(1, STATE)
    assert store.load(listener, NOW + KEPT_FOR) is None


def test_each_save_begins_the_year_anew(store: Store, listener: str) -> None:
    store.save(listener, {}, 0, NOW)
    store.save(listener, STATE, 1, NOW + KEPT_FOR - SECOND)
    assert store.load(listener, NOW + KEPT_FOR + KEPT_FOR - 2 * SECOND) == Kept(2, STATE)


def test_who_comes_back_after_more_than_a_year_begins_anew(store: Store, listener: str) -> None:
    store.save(listener, {"old": 1}, 0, NOW)
    store.save(listener, {"old": 2}, 1, NOW)
    assert store.save(listener, {"new": 1}, 0, NOW + KEPT_FOR) == 1
    assert store.load(listener, NOW + KEPT_FOR) == Kept(1, {"new": 1})


def test_what_has_expired_can_not_be_saved_on(store: Store, listener: str) -> None:
    store.save(listener, {"old": 1}, 0, NOW)
    with pytest.raises(ConflictError):
        store.save(listener, {"new": 1}, 1, NOW + KEPT_FOR)


def test_a_year_is_counted_alike_in_every_time_zone(store: Store, listener: str) -> None:
    # Summer time there ends on the first Sunday of April: a day after this date, and on this date a year later.
    saved = datetime(2100, 4, 3, 12, tzinfo=ZoneInfo("Pacific/Auckland"))
    ends = saved.astimezone(UTC) + KEPT_FOR
    store.save(listener, STATE, 0, saved)
    assert store.load(listener, (ends - SECOND).astimezone(ZoneInfo("America/Denver"))) == Kept(1, STATE)
    assert store.load(listener, ends.astimezone(ZoneInfo("America/Denver"))) is None


def test_a_conflict_tells_what_to_do_and_not_who_it_was(store: Store, listener: str) -> None:
    with pytest.raises(ConflictError, match="load again") as caught:
        store.save(listener, STATE, 5, NOW)
    assert listener not in str(caught.value)


def test_a_store_that_can_be_used_says_so_and_keeps_nothing_of_it(store: Store) -> None:
    store.check()
    assert store.load("check", NOW) is None
