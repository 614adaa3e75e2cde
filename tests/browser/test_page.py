"""What a visitor of the speaker page sees, hears and keeps; what somebody in danger leaves behind there: nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from skill import library

from ..serving import SECONDS, served
from .conftest import Visit

DANGER = "he hit me and i am scared to go home"
HELP = re.compile("nine, one, one")
QUESTION = "How do I say no without feeling guilty?"
KNOWN = library.load()

CONTRASTS = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
"""Returns the visible texts whose colour is too close to what is behind them (WCAG 2.2, 1.4.3)."""


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


def heard(page: Page) -> Locator:
    """What the speaker said last."""
    return log(page).locator(".heard").last


def say(page: Page, words: str) -> None:
    page.get_by_label("Say something to the speaker").fill(words)
    page.keyboard.press("Enter")


def tap(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name, exact=isinstance(name, str)).click()


def choices(page: Page) -> Locator:
    return page.locator(".choice")


def is_one_of(kind: str) -> re.Pattern[str]:
    """Return what any wording of a kind of phrase looks like."""
    return re.compile("|".join(re.sub(r"\\{\w+\\}", r"[\\w ',-]+", re.escape(text)) for text in KNOWN.phrases[kind]))


def kept_in_browser(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    return found


def spoken(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.spoken")
    return found


# A first visit.


def test_a_visitor_sees_at_once_what_to_say(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    for name in (QUESTION, "Quiz me", "Today's tip"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    expect(page.get_by_label("Say something to the speaker")).to_be_in_viewport()
    expect(page.get_by_text("Not a therapist. In danger, call your local emergency number.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Open Healthy Bonds")).to_be_hidden()


def test_nothing_is_kept_of_somebody_who_only_looks(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#doing")).to_have_text("Ready")
    assert kept_in_browser(page) == {}


def test_the_page_says_what_is_remembered_and_how_to_be_forgotten(visit: Visit) -> None:
    page = visit()
    page.get_by_text("What is remembered?").click()
    expect(page.get_by_text("Say “forget me”")).to_be_visible()


# A conversation.


def test_a_tapped_question_is_answered_and_the_speaker_goes_on_listening(visit: Visit) -> None:
    page = visit()
    tap(page, QUESTION)
    expect(log(page)).to_contain_text(QUESTION)
    expect(heard(page)).to_contain_text(KNOWN.topics["saying-no"].short)
    expect(page.locator("#doing")).to_have_text("Listening")
    say(page, "yes")
    expect(heard(page)).to_contain_text(KNOWN.topics["saying-no"].more[0])
    expect(page).to_have_title("Healthy Bonds")


def test_words_of_ones_own_are_answered(visit: Visit) -> None:
    page = visit()
    say(page, "what is a healthy boundary")
    expect(log(page).locator(".said")).to_contain_text("what is a healthy boundary")
    expect(heard(page)).to_contain_text("?")
    expect(page.get_by_label("Say something to the speaker")).to_have_value("")


def test_who_types_faster_than_the_answer_comes_is_heard_too(visit: Visit) -> None:
    page = visit()
    say(page, "quiz me")
    say(page, "skip")
    expect(page.get_by_role("group", name="Question 2")).to_be_visible()
    expect(page.get_by_label("Say something to the speaker")).to_have_value("")


def test_a_quiz_of_five_can_be_tapped_through(visit: Visit) -> None:
    page = visit()
    tap(page, "Quiz me")
    for number in range(1, 6):
        expect(page.get_by_role("group", name=f"Question {number}")).to_be_visible()
        choices(page).last.click()
        expect(log(page).locator(".said")).to_have_count(number + 1)
    expect(choices(page)).to_have_count(0)
    expect(page.locator("#choices")).to_be_hidden()
    expect(heard(page)).to_contain_text(is_one_of("round_over"))


def test_a_question_can_be_skipped_or_given_up(visit: Visit) -> None:
    page = visit()
    tap(page, "Quiz me")
    tap(page, "Skip")
    expect(heard(page)).to_contain_text(is_one_of("verdict_skipped"))
    tap(page, "I don't know")
    expect(heard(page)).to_contain_text(is_one_of("verdict_told"))
    expect(page.get_by_role("group", name="Question 3")).to_be_visible()


def test_a_double_click_answers_one_question_and_not_the_next_one_too(visit: Visit) -> None:
    page = visit()
    tap(page, "Quiz me")
    choices(page).first.click(click_count=2)
    expect(page.get_by_role("group", name="Question 2")).to_be_visible()
    say(page, "what's my score")
    expect(heard(page)).to_contain_text(is_one_of("score_so_far"))
    expect(heard(page)).to_contain_text(re.compile(r"\bone\b"))
    expect(page.get_by_role("group", name="Question 2")).to_be_visible()


def test_todays_tip_is_told_and_the_closed_session_shows(visit: Visit) -> None:
    page = visit()
    tap(page, "Today's tip")
    expect(heard(page)).to_contain_text(re.compile("|".join(re.escape(tip.text) for tip in KNOWN.tips)))
    expect(page.locator("#doing")).to_have_text("Closed")
    expect(log(page)).to_contain_text("stopped listening")
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    say(page, "quiz me")
    expect(page.locator("#doing")).to_have_text("Listening")


def test_stop_stops_and_say_it_again_says_it_again(visit: Visit) -> None:
    page = visit()
    tap(page, "Quiz me")
    expect(choices(page).first).to_be_visible()
    question = choices(page).all_inner_texts()
    tap(page, "Say it again")
    expect(log(page).locator(".heard")).to_have_count(2)
    assert choices(page).all_inner_texts() == question
    tap(page, "Stop")
    expect(page.locator("#doing")).to_have_text("Closed")
    expect(page.locator("#choices")).to_be_hidden()


def test_a_listener_who_comes_back_is_remembered(visit: Visit) -> None:
    page = visit()
    say(page, "open healthy bonds")
    expect(heard(page)).to_contain_text(is_one_of("welcome"))
    page.reload()
    expect(log(page)).to_be_empty()
    tap(page, "Open Healthy Bonds")
    expect(heard(page)).to_contain_text(is_one_of("welcome_back"))


def test_a_round_waits_for_the_next_visit(visit: Visit) -> None:
    page = visit()
    tap(page, "Quiz me")
    choices(page).first.click()
    expect(page.get_by_role("group", name="Question 2")).to_be_visible()
    page.reload()
    tap(page, "Open Healthy Bonds")
    expect(heard(page)).to_contain_text(is_one_of("welcome_round"))
    say(page, "yes")
    expect(page.get_by_role("group", name="Question 2")).to_be_visible()


def test_two_visitors_are_two_listeners(visit: Visit) -> None:
    one, other = visit(), visit()
    say(one, "open healthy bonds")
    expect(heard(one)).to_contain_text(is_one_of("welcome"))
    say(other, "open healthy bonds")
    expect(heard(other)).to_contain_text(is_one_of("welcome"))
    names = [kept_in_browser(page)["healthy-bonds.listener"] for page in (one, other)]
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });",
        "delete Crypto.prototype.randomUUID;",
        "Object.defineProperty(window, 'speechSynthesis', { value: undefined });",
        "delete Intl.Locale.prototype.getTimeZones; delete Intl.Locale.prototype.timeZones;",
    ],
    ids=["storage forbidden", "not on https", "no speech at all", "an older browser"],
)
def test_a_browser_that_lacks_something_is_answered_all_the_same(visit: Visit, script: str) -> None:
    page = visit(scripts=(script,))
    tap(page, QUESTION)
    expect(heard(page)).to_contain_text(KNOWN.topics["saying-no"].short)


def test_what_somebody_types_is_text_and_never_markup(visit: Visit) -> None:
    page = visit()
    say(page, "<img src=x onerror=alert(1)><b>hello</b>")
    expect(log(page).locator(".said")).to_contain_text("<b>hello</b>")
    expect(log(page).locator("img, b")).to_have_count(0)


# The voice.


def test_answers_are_spoken_in_pieces_a_little_slower_and_by_a_voice_of_this_machine(visit: Visit) -> None:
    page = visit(voice=True)
    tap(page, QUESTION)
    expect(page.locator("#doing")).to_have_text("Listening")
    said = spoken(page)
    assert " ".join(part["text"] for part in said).startswith(KNOWN.topics["saying-no"].short)
    assert {part["rate"] for part in said} == {0.95}
    assert {part["voice"] for part in said} == {"Local"}


def test_the_breaks_of_an_answer_are_pauses(visit: Visit) -> None:
    page = visit(voice=True)
    tap(page, "Quiz me")
    expect(page.locator("#doing")).to_have_text("Listening")
    times = [part["at"] for part in spoken(page)]
    assert max(after - before for before, after in zip(times, times[1:], strict=False)) > 400


def test_slower_is_slower(visit: Visit) -> None:
    page = visit(voice=True)
    tap(page, QUESTION)
    say(page, "slower please")
    expect(log(page).locator(".heard")).to_have_count(2)
    page.wait_for_function("() => window.spoken.at(-1).rate === 0.8")


def test_the_switch_of_the_voice_is_remembered(visit: Visit) -> None:
    page = visit(voice=True)
    switch = page.get_by_role("switch", name="Voice")
    expect(switch).to_be_checked()
    switch.click()
    page.reload()
    expect(switch).not_to_be_checked()
    tap(page, QUESTION)
    expect(heard(page)).to_contain_text(KNOWN.topics["saying-no"].short)
    assert spoken(page) == []


def test_there_is_no_switch_where_there_is_no_voice(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("switch")).to_be_hidden()


def test_a_voice_that_does_not_work_holds_up_nothing(visit: Visit) -> None:
    page = visit(voice=True, scripts=("window.stuck = true;",))
    tap(page, "Quiz me")
    choices(page).first.click()
    expect(page.get_by_role("group", name="Question 2")).to_be_visible()


def test_stop_and_escape_silence_the_voice(visit: Visit) -> None:
    page = visit(voice=True, scripts=("window.endless = true;",))
    tap(page, "Today's tip")
    expect(page.locator("#doing")).to_have_text("Speaking")
    tap(page, "Stop")
    expect(page.locator("#doing")).to_have_text("Closed")
    tap(page, "Say it again")
    expect(page.locator("#doing")).to_have_text("Speaking")
    page.keyboard.press("Escape")
    expect(page.locator("#doing")).to_have_text("Closed")


# Somebody in danger.


def leaves_nothing(page: Page) -> None:
    """Fail where the screen, the box, the title or the browser's storage tells of danger."""
    expect(page.locator("body")).not_to_contain_text(HELP)
    expect(page.locator("body")).not_to_contain_text("hit me")
    expect(page.get_by_label("Say something to the speaker")).to_have_value("")
    expect(page).to_have_title("Healthy Bonds")
    assert "hit me" not in page.content()
    assert set(kept_in_browser(page)) <= {"healthy-bonds.listener", "healthy-bonds.voice"}


def test_help_is_spoken_and_is_not_left_on_the_screen(visit: Visit) -> None:
    page = visit(voice=True)
    tap(page, "Quiz me")
    say(page, DANGER)
    expect(page.locator("#choices")).to_be_hidden()
    page.wait_for_function(
        "() => window.spoken.some(part => part.text.includes('nine, one, one') && part.rate === 0.8)"
    )
    expect(page.locator("#doing")).to_have_text("Closed")
    leaves_nothing(page)
    expect(page.get_by_role("button", name="Say it again")).to_be_disabled()


def test_somebody_who_could_not_hear_it_can_have_the_help_shown_and_cleared(visit: Visit) -> None:
    page = visit(voice=True)
    say(page, DANGER)
    tap(page, "Show it")
    expect(heard(page)).to_contain_text(HELP)
    tap(page, "Clear the screen")
    leaves_nothing(page)
    expect(log(page)).to_be_empty()


def test_the_next_words_take_away_the_way_to_what_was_only_spoken(visit: Visit) -> None:
    page = visit(voice=True)
    say(page, DANGER)
    expect(page.get_by_role("button", name="Show it")).to_be_visible()
    say(page, "quiz me")
    expect(page.get_by_role("group", name="Question 1")).to_be_visible()
    expect(page.get_by_role("button", name="Show it")).to_have_count(0)
    leaves_nothing(page)


def test_without_a_voice_help_is_shown_until_it_is_cleared(visit: Visit) -> None:
    page = visit()
    tap(page, QUESTION)
    say(page, DANGER)
    expect(heard(page)).to_contain_text(HELP)
    expect(page.locator("body")).not_to_contain_text("hit me")
    tap(page, "Clear the screen")
    expect(log(page)).to_be_empty()
    expect(page.get_by_role("button", name="Quiz me")).to_be_visible()
    expect(page.get_by_label("Say something to the speaker")).to_be_focused()
    leaves_nothing(page)


@pytest.mark.parametrize("script", ["window.mute = true;", "window.stuck = true;"])
def test_help_is_shown_where_the_voice_fails(visit: Visit, script: str) -> None:
    page = visit(voice=True, scripts=(script,))
    say(page, DANGER)
    expect(heard(page)).to_contain_text(HELP)
    expect(page.get_by_role("button", name="Clear the screen")).to_have_count(1)


def test_help_is_not_spoken_aloud_to_somebody_who_turned_the_voice_off(visit: Visit) -> None:
    page = visit(voice=True)
    page.get_by_role("switch", name="Voice").click()
    say(page, DANGER)
    expect(heard(page)).to_contain_text(HELP)
    assert spoken(page) == []


def test_help_that_is_shown_is_gone_when_somebody_else_comes_back_to_the_page(visit: Visit) -> None:
    page = visit()
    say(page, DANGER)
    expect(heard(page)).to_contain_text(HELP)
    page.goto("about:blank")
    page.go_back()
    expect(page.get_by_label("Say something to the speaker")).to_be_visible()
    leaves_nothing(page)


@pytest.mark.parametrize(
    ("zone", "number"),
    [("Europe/London", "nine, nine, nine"), ("Asia/Kolkata", "one, one, two"), ("Australia/Perth", "triple zero")],
)
def test_help_is_that_of_the_country_whatever_the_browsers_language(visit: Visit, zone: str, number: str) -> None:
    page = visit(timezone_id=zone, locale="en-US")
    say(page, DANGER)
    expect(heard(page)).to_contain_text(re.compile(number + "|" + _emergency(zone), re.IGNORECASE))
    expect(heard(page)).not_to_contain_text("These numbers are for")


def _emergency(zone: str) -> str:
    locale = {"Europe/London": "en-GB", "Asia/Kolkata": "en-IN", "Australia/Perth": "en-AU"}[zone]
    return re.escape(KNOWN.locale(locale).emergency)


def test_where_the_country_is_a_guess_the_page_says_so(visit: Visit) -> None:
    page = visit(timezone_id="Europe/Paris", locale="en-US")
    say(page, DANGER)
    expect(heard(page)).to_contain_text("These numbers are for the United States. Elsewhere, call your local emergency")


# Trouble.


def test_words_are_not_lost_when_the_server_is_gone_and_there_is_a_way_on(visit: Visit, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'listeners.db'}"
    with served(store) as (process, port):
        page = visit(at=f"http://127.0.0.1:{port}")
        tap(page, QUESTION)
        expect(page.locator("#doing")).to_have_text("Listening")
        process.terminate()
        process.wait(SECONDS)
    say(page, "what is a healthy boundary")
    expect(log(page)).to_contain_text("I can't reach the speaker")
    expect(page.get_by_label("Say something to the speaker")).to_have_value("what is a healthy boundary")
    expect(log(page)).to_contain_text(KNOWN.topics["saying-no"].short)
    with served(store, port):
        tap(page, "Try again")
        expect(log(page).locator(".said")).to_have_count(2)
        expect(page.get_by_label("Say something to the speaker")).to_have_value("")
        expect(log(page)).not_to_contain_text("I can't reach the speaker")


# For everybody.


def test_a_quiz_can_be_held_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit()
    quiz = page.get_by_role("button", name="Quiz me")
    for _ in range(20):
        if quiz.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(quiz).to_be_focused()
    assert quiz.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_label("Say something to the speaker")).to_be_focused()
    for _ in range(20):
        if choices(page).first.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    for number in range(1, 6):
        expect(choices(page).first).to_be_focused()
        expect(page.get_by_role("group", name=f"Question {number}")).to_be_visible()
        page.keyboard.press("Space")
        expect(log(page).locator(".said")).to_have_count(number + 1)
    expect(page.get_by_label("Say something to the speaker")).to_be_focused()


def test_stop_by_key_leaves_the_keyboard_where_the_next_words_go(visit: Visit) -> None:
    page = visit()
    tap(page, "Quiz me")
    expect(page.locator("#doing")).to_have_text("Listening")
    page.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#doing")).to_have_text("Closed")
    expect(page.get_by_label("Say something to the speaker")).to_be_focused()


def test_a_screen_reader_hears_what_is_said_and_who_says_it(visit: Visit) -> None:
    page = visit()
    expect(log(page)).to_have_attribute("aria-live", "polite")
    tap(page, QUESTION)
    expect(log(page)).to_contain_text(f"You said: {QUESTION}")
    expect(heard(page)).to_contain_text("Healthy Bonds:")
    for control in page.get_by_role("button").all() + page.get_by_role("textbox").all():
        expect(control).to_have_accessible_name(re.compile(r"\w"))


@pytest.mark.parametrize("width", [320, 390])
def test_a_narrow_phone_needs_no_sideways_scrolling_and_has_room_for_a_thumb(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 568}, has_touch=True, is_mobile=True)

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for control in page.locator("button:visible, input:visible").all():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 44, control.inner_text()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width

    fits()
    tap(page, "Quiz me")
    expect(choices(page).first).to_be_in_viewport()
    fits()
    say(page, "a" * 200)
    expect(log(page).locator(".heard")).to_have_count(2)
    fits()
    say(page, DANGER)
    expect(page.get_by_role("button", name="Clear the screen")).to_be_visible()
    fits()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_by_day_and_by_night(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme, voice=True)
    assert page.evaluate(CONTRASTS) == []
    tap(page, "Quiz me")
    expect(choices(page).first).to_be_visible()
    assert page.evaluate(CONTRASTS) == []
    page.get_by_role("switch", name="Voice").click()
    tap(page, "Stop")
    say(page, DANGER)
    expect(page.get_by_role("button", name="Clear the screen")).to_be_visible()
    page.mouse.move(0, 0)
    assert page.evaluate(CONTRASTS) == []


def test_nothing_moves_for_somebody_who_asked_for_stillness(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    tap(page, "Quiz me")
    expect(choices(page).first).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0
    moving = visit(reduced_motion="no-preference")
    tap(moving, "Quiz me")
    expect(choices(moving).first).to_be_visible()
    assert moving.evaluate("document.getAnimations().length") > 0
