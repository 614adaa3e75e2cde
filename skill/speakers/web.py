"""The web service: the speaker page, the page's turns, the address that Amazon calls, and the health check."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import signal
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import waitress.wasyncore  # type: ignore[import-untyped]
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from skill.alexa.amazon_api import AmazonApi
from skill.alexa.handlers import library_for
from skill.alexa.skill import assemble
from skill.errors import SettingError, SkillError, StoreUnavailableError
from skill.speakers.body import MOST_BYTES
from skill.speakers.device import Device
from skill.speakers.endpoint import alexa_endpoint
from skill.speakers.exchange import DEFAULT_LOCALE, exchange, locales
from skill.speakers.recogniser import recogniser
from skill.speakers.settings import DeviceSettings
from skill.speakers.verification import Verifier
from skill.stores import open_store
from skill.stores.protocol import Store

PAGE = Path(__file__).parent / "page"
FILES = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "voice.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""What the page loads, beside itself, by its media type."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LIMITS: dict[str, Any] = {
    "threads": 8,
    "connection_limit": 200,
    "channel_timeout": 30,
    "max_request_header_size": 16 * 1024,
    # Above the routes' own limit, which has the better answer; this one is for bodies that no route would read.
    "max_request_body_size": MOST_BYTES + 4096,
    "ident": None,
}
"""Waitress's settings: seconds, bytes and numbers."""
WARMED_WITH = ("open healthy bonds", "what is a healthy boundary", "today's tip", "quiz me", "i don't know")
"""A turn of each kind, so that whatever is loaded on its first use is there before somebody waits for it."""

log = logging.getLogger(__name__)


def now() -> datetime:
    """Return the time of this machine's clock."""
    return datetime.now(UTC)


def application(
    store: Store,
    *,
    skill_id: str | None = None,
    verifier: Verifier | None = None,
    clock: Callable[[], datetime] = now,
) -> Flask:
    """Return the web service on `store`: GET /, its files, POST /talk, POST /alexa and GET /healthz.

    `skill_id` and `verifier` are those of alexa_endpoint: without a verifier it takes a request from anybody. `clock`
    gives now, aware of its time zone. Raises SettingError or NotCompiledError.
    """
    app = Flask(__name__, static_folder=None)
    settings = DeviceSettings()
    exchange(app, assemble(store, settings), settings, clock)
    alexa = assemble(store, AmazonApi(), skill_id)
    alexa_endpoint(app, alexa, skill_id=skill_id, verifier=verifier, clock=clock)
    # The page can tell from a listener's time zone in which of these countries they are: help has another number there.
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    page = page.replace('data-locales=""', f'data-locales="{" ".join(locales())}"')

    def health() -> tuple[Response, int]:
        topics = len(library_for("en").topics)
        try:
            store.check()
        except StoreUnavailableError as error:
            return jsonify(status="unavailable", store=str(error), topics=topics), 503
        return jsonify(status="ok", store="ok", topics=topics), 200

    app.add_url_rule("/healthz", "health", health)
    app.add_url_rule("/", "page", _file(page, "text/html"))
    for name, kind in FILES.items():
        app.add_url_rule(f"/{name}", name.replace(".", " "), _file((PAGE / name).read_text(encoding="utf-8"), kind))
    app.after_request(_guarded)
    app.register_error_handler(Exception, _failed)
    return app


def _file(text: str, kind: str) -> Callable[[], Response]:
    """Return a view of a file that was read when the service started, so that its parts always fit each other."""

    def view() -> Response:
        response = Response(text, mimetype=kind, headers={"Cache-Control": "no-cache"})
        response.add_etag()
        response.make_conditional(request)
        return response

    return view


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _failed(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return Response(f"{error.code} {error.name}\n", error.code, mimetype="text/plain")
    # The message of an exception may quote a listener, so only its kind and its place are logged.
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("request failed: %s at %s:%s", type(error).__name__, place.name, place.lineno)
    return Response("500 Something went wrong here.\n", 500, mimetype="text/plain")


def serve(host: str, port: int, store_url: str, prepare: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or Ctrl-C, which let the turns that are being answered finish.

    `prepare` runs once the port is ours and before anything is loaded. Reads SKILL_ID and SKILL_VERIFY. Prints one
    line when the first turn can come. Raises SkillError where the port can't be had, before `prepare` has run.
    """
    verifier = None if unverified(host) else Verifier()
    skill_id = os.environ.get("SKILL_ID", "").strip() or None
    store = open_store(store_url)
    app: Flask
    server = Server(host, port, lambda environ, start_response: app(environ, start_response))
    prepare()
    app = application(store, skill_id=skill_id, verifier=verifier)
    warm_up()
    try:
        store.check()
    except StoreUnavailableError as error:
        log.warning("the store can't be used, nothing is remembered until it can: %s", error)
    shown = f"[{host}]" if ":" in host else host
    server.run(f"Healthy Bonds is at http://{shown}:{server.port} (Ctrl-C stops it)")


def unverified(host: str) -> bool:
    """Return whether SKILL_VERIFY turns the checks of Amazon's signature off for a service on `host`.

    Raises SettingError where it does so on an address that others can reach, or has another value than on and off.
    """
    value = os.environ.get("SKILL_VERIFY", "").strip().lower() or "on"
    if value not in ("on", "off"):
        raise SettingError(f'SKILL_VERIFY is {value!r}: set it to "off" on this machine alone, or leave it out')
    if value == "off" and not _is_loopback(host):
        raise SettingError(f"SKILL_VERIFY=off lets anybody speak as Amazon: leave it out, or drop --host {host}")
    return value == "off"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Server:
    """Waitress on a port that is ours from the beginning; nothing is answered before it runs."""

    def __init__(self, host: str, port: int, app: Any) -> None:
        """Take `port` (0 for any free one) of `host` for the WSGI application `app`.

        Raises SkillError, which says what to do, where the port can't be had.
        """
        self._sockets: dict[int, Any] = {}
        if not 0 <= port <= 65535:
            raise SkillError(f"there is no port {port}: choose one from 1024 to 65535 with --port")
        try:
            self._server = waitress.create_server(app, map=self._sockets, host=host, port=port, **LIMITS)
        except (OSError, ValueError) as error:
            raise SkillError(_trouble(error, host, port)) from None
        self.port: int = getattr(self._server, "effective_port", port)

    def run(self, ready: str) -> None:
        """Print the line `ready` and answer requests until SIGTERM or Ctrl-C; in the main thread only."""

        def stop(*_: object) -> None:
            raise SystemExit

        before = signal.signal(signal.SIGTERM, stop)
        try:
            print(ready, flush=True)
            self.answer()
        finally:
            signal.signal(signal.SIGTERM, before)

    def answer(self) -> None:
        """Answer requests until SystemExit or KeyboardInterrupt is raised, or close() is called."""
        try:
            # Waitress takes both exceptions: it lets its threads finish, for five seconds at most, and returns.
            self._server.run()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the port and of whoever is connected."""
        waitress.wasyncore.close_all(self._sockets, ignore_all=True)


def _trouble(error: Exception, host: str, port: int) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"port {port} is in use by another program: end that one, or choose another with --port"
    if number == errno.EACCES:
        return f"port {port} is not for this user: choose one from 1024 up with --port"
    return f"can't listen on {host}, port {port}: check --host and --port"


def warm_up() -> None:
    """Load what turns need, and hold some with a listener of whom nothing is kept."""
    settings = DeviceSettings()
    device = Device(assemble(open_store("memory://"), settings), settings)
    for words in WARMED_WITH:
        device.say(words, listener="nobody", now=now(), locale=DEFAULT_LOCALE, time_zone="Etc/UTC")
    for locale in locales():
        recogniser(locale)
