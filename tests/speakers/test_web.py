"""The web service starts ready, says what is wrong, keeps strangers out, and stops without dropping anybody."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from skill.errors import SettingError, SkillError
from skill.speakers import web
from skill.speakers.verification import Verifier
from skill.stores.memory import MemoryStore
from skill.stores.protocol import Kept
from skill.stores.sqlite import SQLiteStore

from ..serving import SECONDS, asked, served
from .authority import NOW, Authority, Shelf, body_of, envelope


@pytest.fixture
def client() -> FlaskClient:
    return web.application(MemoryStore(), clock=lambda: NOW).test_client()


# The page, and what guards it.


def test_the_page_is_there_with_all_that_it_loads_and_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/").text
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert {"/page.css", "/page.js"} <= set(loaded)
    assert set(loaded) <= {f"/{name}" for name in web.FILES}
    for name in web.FILES:
        file = client.get(f"/{name}")
        assert file.status_code == 200
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[\w.-]+\w", file.text), f"{name} names another site"


def test_the_page_knows_the_locales_that_are_spoken(client: FlaskClient) -> None:
    assert 'data-locales="en-AU en-CA en-GB en-IN en-US"' in client.get("/").text


def test_nothing_inline_stands_in_the_page_since_its_policy_would_forbid_it(client: FlaskClient) -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", client.get("/").text)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/page.js"), ("GET", "/healthz"), ("POST", "/talk"), ("GET", "/nowhere")]
)
def test_every_answer_is_guarded_and_sets_no_cookie(client: FlaskClient, method: str, path: str) -> None:
    headers = client.open(path, method=method).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/index.html", "/page/page.js", "/../web.py", "/static/page.js", "/talk"])
def test_nothing_else_can_be_read(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (404, 405)


def test_a_failure_is_a_short_word_and_its_log_quotes_nobody(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: object, *_: object, **__: object) -> None:
        raise ZeroDivisionError("what the listener said")

    monkeypatch.setattr("skill.speakers.exchange.Device.say", failing)
    client = web.application(MemoryStore(), clock=lambda: NOW).test_client()
    answer = client.post("/talk", json={"say": "hello", "listener": str(uuid4())})
    assert (answer.status_code, answer.text.count("\n")) == (500, 1)
    assert "ZeroDivisionError" in caplog.text
    assert "what the listener said" not in caplog.text + answer.text


# Health.


def test_health_is_told_when_all_is_well(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "ok"


def test_health_tells_what_is_wrong_with_the_store_and_when_it_is_well_again(tmp_path: Path) -> None:
    file = tmp_path / "listeners.db"
    file.write_text("a shopping list, and no database at all")
    client = web.application(SQLiteStore(file), clock=lambda: NOW).test_client()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] != "ok"
    assert str(file) in answer.get_json()["store"]
    file.unlink()
    assert client.get("/healthz").status_code == 200


# The address that Amazon calls.


def test_amazon_reaches_the_skill_and_nobody_else_does() -> None:
    ours = Authority()
    verifier = Verifier(fetch=Shelf(chain=ours.chain()), trust=ours.store())
    client = web.application(MemoryStore(), verifier=verifier, clock=lambda: NOW).test_client()
    body = body_of(envelope())
    answer = client.post("/alexa", data=body, headers=dict(ours.headers(body)), content_type="application/json")
    assert answer.status_code == 200
    assert "Healthy Bonds" in answer.get_json()["response"]["outputSpeech"]["ssml"]
    assert client.post("/alexa", data=body, content_type="application/json").status_code == 400


def test_another_skills_requests_are_refused() -> None:
    client = web.application(MemoryStore(), skill_id="amzn1.ask.skill.ours", clock=lambda: NOW).test_client()
    theirs = json.loads(body_of(envelope()))
    theirs["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.theirs"
    assert client.post("/alexa", json=theirs).status_code == 400


def test_a_tablet_and_an_echo_of_one_house_share_no_listener() -> None:
    store = MemoryStore()
    client = web.application(store, clock=lambda: NOW).test_client()
    assert client.post("/alexa", data=body_of(envelope()), content_type="application/json").status_code == 200
    client.post("/talk", json={"say": "open healthy bonds", "listener": str(uuid4())})
    user = envelope()["context"]["System"]["user"]["userId"]
    kept = store.load(user, NOW)
    assert kept is not None
    assert kept.state["launches"] == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost", "LOCALHOST"])
def test_checks_can_be_turned_off_on_this_machine(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SKILL_VERIFY", "off")
    assert web.unverified(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.com", "localhost.example.com", "", "*"])
def test_checks_cannot_be_turned_off_where_others_can_reach(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SKILL_VERIFY", "off")
    with pytest.raises(SettingError, match="SKILL_VERIFY=off"):
        web.unverified(host)


@pytest.mark.parametrize("value", [None, "", "on", "ON"])
def test_checks_are_on_unless_somebody_says_otherwise(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SKILL_VERIFY", raising=False)
    if value is not None:
        monkeypatch.setenv("SKILL_VERIFY", value)
    assert not web.unverified("127.0.0.1")


@pytest.mark.parametrize("value", ["no", "false", "0", "of"])
def test_a_mistyped_switch_is_told_and_not_guessed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SKILL_VERIFY", value)
    with pytest.raises(SettingError, match=repr(value)):
        web.unverified("127.0.0.1")


# Starting and stopping.


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("127.0.0.1", -1), ("nowhere.invalid", 8000)])
def test_an_address_that_cannot_be_had_is_told_in_one_line(host: str, port: int) -> None:
    with pytest.raises(SkillError, match=r"--port") as caught:
        web.Server(host, port, None)
    assert "\n" not in str(caught.value)


def test_the_first_listener_waits_for_nothing_to_be_loaded() -> None:
    script = """
import sys
from skill.speakers import web
from skill.stores import open_store
web.warm_up()
client = web.application(open_store("memory://")).test_client()
client.get("/healthz")
turn = {"listener": "11111111-1111-4111-8111-111111111111", "timezone": "Europe/London", "locale": "en-GB"}
before, sitting = set(sys.modules), None
for words in ("how do i say no", "yes", "quiz me", "false", "skip", "today's tip", "forget me", "yes", "i want to die"):
    sitting = client.post("/talk", json=turn | {"say": words, "sitting": sitting}).get_json()["sitting"]
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=SECONDS)
    assert done.stderr == ""
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_service_says_when_it_is_up_answers_and_stops_when_it_is_told_to(tmp_path: Path, stop: int) -> None:
    file = tmp_path / "listeners.db"
    with served(f"sqlite:///{file}") as (process, port):
        with closing(sqlite3.connect(file)) as db:
            assert db.execute("SELECT count(*) FROM listeners").fetchone() == (0,), "getting ready is nobody's turn"
        assert asked(port, "GET", "/healthz")[0] == 200
        status, answer = asked(port, "POST", "/talk", {"say": "quiz me", "listener": str(uuid4())})
        assert (status, answer["question"]["number"]) == (200, 1)
        process.send_signal(stop)
        rest, errors = process.communicate(timeout=SECONDS)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_that_is_used_is_told_in_one_line_and_nothing_else_is_said(tmp_path: Path) -> None:
    with served("memory://") as (_, port):
        second = subprocess.run(
            [sys.executable, "-m", "skill", "serve", "--port", str(port)],
            env=os.environ | {"SKILL_STORE": f"sqlite:///{tmp_path / 'second.db'}"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr.count("\n") == 1
        assert f"port {port} " in second.stderr
        assert "--port" in second.stderr
        assert asked(port, "GET", "/healthz")[0] == 200, "the first one goes on"


def test_a_body_without_end_is_cut_off(tmp_path: Path) -> None:
    with served("memory://") as (_, port):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
            connection.putrequest("POST", "/talk")
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", str(10**9))
            connection.endheaders()
            assert connection.getresponse().status == 413
        assert asked(port, "GET", "/healthz")[0] == 200


class _SlowStore(MemoryStore):
    """A store whose first read waits until somebody lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.released = threading.Event(), threading.Event()

    def load(self, listener_id: str, now: datetime) -> Kept | None:
        self.reached.set()
        assert self.released.wait(SECONDS)
        return super().load(listener_id, now)


def test_a_turn_that_is_under_way_when_the_service_stops_is_still_answered(capsys: pytest.CaptureFixture[str]) -> None:
    store = _SlowStore()
    server = web.Server("127.0.0.1", 0, web.application(store, clock=lambda: NOW))
    answers: list[tuple[int, Any]] = []

    def listener() -> None:
        turn = {"say": "open healthy bonds", "listener": str(uuid4())}
        answers.append(asked(server.port, "POST", "/talk", turn))

    def stopper() -> None:
        store.reached.wait(SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        # The signal is handled between two steps of the main thread, which by then waits for the turn.
        store.released.set()

    threads = [threading.Thread(target=work) for work in (listener, stopper)]
    for thread in threads:
        thread.start()
    server.run("ready")
    for thread in threads:
        thread.join(SECONDS)
    assert [status for status, _ in answers] == [200]
    assert capsys.readouterr().out == "ready\n"
