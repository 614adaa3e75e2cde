"""The skill store shows what listing.yaml says, in a form that Amazon takes, and nothing that the skill can't do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from skill.alexa.skill import assemble
from skill.errors import ContentError, ModelError
from skill.making import manifest
from skill.making.source import Source
from skill.speakers.device import Device
from skill.speakers.settings import DeviceSettings
from skill.stores import open_store

from .conftest import Content

LISTING = "listing.yaml"


@pytest.fixture(scope="session")
def made(real: Source) -> dict[str, Any]:
    found: dict[str, Any] = manifest.manifest(real)["manifest"]
    return found


def refusal(content: Content) -> str:
    with pytest.raises((ContentError, ModelError)) as caught:
        manifest.manifest(content.read())
    return str(caught.value)


def test_the_checked_in_manifest_is_what_the_content_gives(real: Source) -> None:
    manifest.check(real)


def test_every_locale_has_its_page_in_the_store(made: dict[str, Any], real: Source) -> None:
    pages = made["publishingInformation"]["locales"]
    assert pages.keys() == real.locales.keys()
    assert all(page["name"] == "Healthy Bonds" for page in pages.values())


def test_the_skill_is_offered_only_where_it_knows_whom_to_call_in_danger(made: dict[str, Any], real: Source) -> None:
    assert made["publishingInformation"]["isAvailableWorldwide"] is False
    assert made["publishingInformation"]["distributionCountries"] == ["AU", "CA", "GB", "IN", "US"]
    assert all(locale["crisis"] and locale["violence"] for locale in real.locales.values())


def test_amazon_is_told_the_truth_about_privacy(made: dict[str, Any]) -> None:
    answers = made["privacyAndCompliance"]
    assert answers.pop("isExportCompliant") is True
    assert set(answers) == {"allowsPurchases", "containsAds", "isChildDirected", "usesPersonalInfo", "usesHealthInfo"}
    assert not any(answers.values())
    assert made["permissions"] == [{"name": "alexa::alerts:reminders:skill:readwrite"}]


def test_amazon_tells_the_skill_of_what_it_handles_and_of_nothing_else(made: dict[str, Any]) -> None:
    assert made["events"] == {
        "endpoint": made["apis"]["custom"]["endpoint"],
        "subscriptions": [
            {"eventName": "SKILL_ENABLED"},
            {"eventName": "SKILL_DISABLED"},
            {"eventName": "SKILL_PERMISSION_ACCEPTED"},
            {"eventName": "SKILL_PERMISSION_CHANGED"},
        ],
    }
    assert made["apis"]["custom"]["interfaces"] == [{"type": "CAN_FULFILL_INTENT_REQUEST"}]


def test_every_example_is_heard_and_answered(made: dict[str, Any]) -> None:
    examples = made["publishingInformation"]["locales"]["en-US"]["examplePhrases"]
    settings = DeviceSettings()
    device = Device(assemble(open_store("memory://"), settings), settings)
    heard = []
    for example in examples:
        device.sitting.open = False
        words = example.replace(",", "").lower()
        turn = device.say(words, listener=example, now=datetime(2026, 3, 2, tzinfo=UTC), locale="en-US", time_zone=None)
        heard.append((turn.recognised.intent, turn.trace.topic))
    assert heard == [("LaunchRequest", None), ("AskHowIntent", "saying-no"), ("StartQuizIntent", None)]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("summary", "x" * 161, "summary has 161 characters, at most 160"),
        ("description", "not a substitute for professional advice" + "x" * 4000, "description has 4040 characters"),
        ("description", "Cures everything.", "not a substitute for professional advice"),
        ("testing", "x" * 4001, "testing has 4001 characters"),
        ("keywords", ["love"] * 31, "30 keywords"),
        ("examples", ["Alexa, open healthy bonds"] * 4, "at most 3 examples"),
        ("examples", ["Alexa, open happy bonds"], "the first example must be 'Alexa, open healthy bonds'"),
    ],
)
def test_what_amazon_would_refuse_is_refused_here(content: Content, field: str, value: Any, expected: str) -> None:
    with content.edited(LISTING) as listing:
        listing[field] = value
    assert expected in refusal(content)


@pytest.mark.parametrize(
    "example",
    ["Alexa, ask healthy bonds xyzzy", "Alexa, ask somebody how do i say no kindly", "how do i say no kindly"],
)
def test_an_example_that_nobody_would_hear_is_refused(content: Content, example: str) -> None:
    with content.edited(LISTING) as listing:
        listing["examples"][1] = example
    assert f"{example!r} is not heard" in refusal(content)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: [", "listing.yaml can't be read (ParserError): mend the YAML there"),
        ("- name", "listing.yaml must have name, summary, description, examples, keywords, testing, and nothing else"),
    ],
)
def test_a_broken_listing_is_told_in_one_line(content: Content, text: str, expected: str) -> None:
    content.path(LISTING).write_text(text, encoding="utf-8")
    assert refusal(content) == expected


@pytest.mark.parametrize(("field", "value"), [("name", 7), ("keywords", "love"), ("examples", []), ("summary", " ")])
def test_an_entry_of_the_wrong_kind_is_named(content: Content, field: str, value: Any) -> None:
    with content.edited(LISTING) as listing:
        listing[field] = value
    assert refusal(content).startswith(f"listing.yaml: {field} must be text")


def test_a_missing_listing_is_told_in_one_line(content: Content) -> None:
    content.path(LISTING).unlink()
    assert refusal(content) == "listing.yaml is missing: put it back"


def test_what_is_written_passes_the_check_and_what_was_changed_by_hand_does_not(small: Source, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"skill\.json is not what the content gives: run `python -m skill models`"):
        manifest.check(small, folder=tmp_path)
    path = manifest.write(small, folder=tmp_path)
    manifest.check(small, folder=tmp_path)
    changed = json.loads(path.read_text("utf-8"))
    changed["manifest"]["privacyAndCompliance"]["containsAds"] = True
    path.write_text(manifest.written(changed), encoding="utf-8")
    with pytest.raises(ModelError):
        manifest.check(small, folder=tmp_path)


def test_a_second_language_joins_the_same_manifest(content: Content) -> None:
    english, other = content.read(), content.read()
    other.language, other.locales = "xx", {"xx-NZ": english.locales["en-AU"]}
    made = manifest.manifest(english, other)["manifest"]["publishingInformation"]
    assert set(made["locales"]) == {*english.locales, "xx-NZ"}
    assert "NZ" in made["distributionCountries"]
