"""What is written of a listener is strict JSON, whatever the state holds."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.stores.item import packed, unpacked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON))
def test_every_json_state_comes_back_as_it_was(state: dict[str, Any]) -> None:
    assert unpacked(packed(state)) == state


@given(st.dictionaries(st.text(), JSON))
def test_equal_states_are_written_alike_whatever_their_order(state: dict[str, Any]) -> None:
    assert packed(dict(reversed(state.items()))) == packed(state)


def test_nothing_is_spent_on_spaces_or_unsafe_characters() -> None:
    text = packed({"b": [1, 2], "a": "\u00e9\n\ud800"})
    assert text == r'{"a":"\u00e9\n\ud800","b":[1,2]}'


@pytest.mark.parametrize("bad", [float("nan"), float("-inf"), b"bytes", datetime.min, {1}, 1j])
def test_what_json_has_no_form_for_is_refused(bad: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        packed({"deep": [{"bad": bad}]})


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"state"'])
def test_what_is_no_json_object_is_no_state(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        unpacked(text)


def test_numbers_keep_their_kind() -> None:
    assert json.dumps(unpacked(packed({"n": [1, 1.0, 10**20]}))) == '{"n": [1, 1.0, 100000000000000000000]}'
