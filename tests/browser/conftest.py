"""The speaker page in Debian's Chromium, served by the real service."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from ..serving import served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
VOICE = (Path(__file__).parent / "voice.js").read_text(encoding="utf-8")
"""Stands in for the browser's voice, which headless Chromium has none of: it notes what it is given to say."""

Visit = Callable[..., Page]


# The loop that Playwright runs would be in the way of tests elsewhere, so it ends with this folder.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("there is no chromium: install it, on Debian with apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the service listens that all tests share; every context is a listener of its own."""
    with served(f"sqlite:///{tmp_path_factory.mktemp('store') / 'listeners.db'}") as (_, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """Opens the page as a new visitor: `visit(voice=True, scripts=[...], **context options)`.

    Whatever a test does, the page talks to its own server alone, and nothing in it fails or breaks its policy.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def console(message: ConsoleMessage) -> None:
        # A server that is gone refuses, or leaves a connection from before without an answer.
        gone = any(f"ERR_{how}" in message.text for how in ("CONNECTION_REFUSED", "CONNECTION_RESET", "EMPTY_RESPONSE"))
        if message.type in ("error", "warning") and not gone:
            trouble.append(message.text)

    def open_page(*, at: str = url, voice: bool = False, scripts: tuple[str, ...] = (), **options: Any) -> Page:
        settings = {"reduced_motion": "reduce", "timezone_id": "America/New_York", "locale": "en-US"} | options
        context = browser.new_context(**settings)
        contexts.append(context)
        context.set_default_timeout(10_000)
        for script in (*([VOICE] if voice else []), *scripts):
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", console)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: request.url.startswith(at) or trouble.append(f"asked {request.url}"))
        page.goto(at)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []
