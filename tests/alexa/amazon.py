"""A small HTTPS server for the tests that stands where Alexa's own APIs stand, and fails as they may."""

from __future__ import annotations

import ipaddress
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Json = dict[str, Any]

TOKEN = "a-token-of-this-session"
ALERTS = "/v1/alerts/reminders"
STAMP = "%Y-%m-%dT%H:%M:%S.%f"
RULE = re.compile(r"FREQ=DAILY;BYHOUR=(\d{1,2});BYMINUTE=(\d{1,2});BYSECOND=0;INTERVAL=1;?")


class Asked(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    """By their names as in "Content-Type", however they were written."""
    body: bytes


@dataclass(frozen=True)
class Answered:
    """What the server answers, and how badly."""

    status: int = 200
    body: bytes = b'"Europe/London"'
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    """Whether nothing is answered."""
    trickles: bool = False
    """Whether the body comes byte by byte."""
    cut: int | None = None
    """After how many bytes of the body the connection is cut; -1: before the status."""


def as_json(status: int, body: Any) -> Answered:
    """Return an answer in JSON; a text is sent as it is."""
    sent = body if isinstance(body, str) else json.dumps(body)
    return Answered(status, sent.encode(), {"Content-Type": "application/json"})


Api = Callable[[Asked], Answered | None]
"""One of Amazon's APIs: the answer to a request, None where it is not for this API."""


@dataclass
class Server:
    """Answers as the first of `apis` that knows the request; `answer` where none does."""

    port: int
    answer: Answered = field(default_factory=Answered)
    apis: list[Api] = field(default_factory=list)
    seen: list[Asked] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def answered(self, asked: Asked) -> Answered:
        self.seen.append(asked)
        return next((found for api in self.apis if (found := api(asked)) is not None), self.answer)


@dataclass
class SettingsApi:
    """The time zones of devices, as "Alexa Settings API Reference" in Amazon's documentation has it."""

    zones: dict[str, str] = field(default_factory=dict)
    """By the device's id."""
    fault: Answered | None = None
    """What it answers instead on a bad day."""

    def __call__(self, asked: Asked) -> Answered | None:
        parts = asked.path.strip("/").split("/")
        if parts[:2] != ["v2", "devices"]:
            return None
        if self.fault is not None:
            return self.fault
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answered(401, b'{"code": "UNAUTHORIZED", "message": "the access token is not valid"}')
        if asked.method != "GET" or parts[3:] != ["settings", "System.timeZone"]:
            return Answered(404, b'{"message": "no such setting"}')
        zone = self.zones.get(parts[2])
        return Answered(204, b"") if zone is None else Answered(body=json.dumps(zone).encode())


@dataclass
class RemindersApi:
    """The reminders of one skill and one listener ("Reminders REST API Reference" in Amazon's documentation)."""

    permitted: bool = True
    """Whether the listener has allowed reminders."""
    refusal: Answered = field(default_factory=lambda: as_json(401, {"code": "UNAUTHORIZED"}))
    """What is said where they have not."""
    reminders: dict[str, Json] = field(default_factory=dict)
    """By their tokens."""
    faults: dict[str, Answered] = field(default_factory=dict)
    """What it answers instead, for each method (and "LIST") that has a bad day."""
    lost: set[str] = field(default_factory=set)
    """The methods that are carried out, and whose answer is lost."""
    seen: list[Asked] = field(default_factory=list)
    made: int = 0

    def __call__(self, asked: Asked) -> Answered | None:
        if not asked.path.startswith(ALERTS):
            return None
        self.seen.append(asked)
        token = asked.path.removeprefix(ALERTS).removeprefix("/")
        name = asked.method if token or asked.method != "GET" else "LIST"
        found = self.faults.get(name) or self._answer(asked, token)
        return replace(found, cut=-1) if name in self.lost else found

    def calls(self) -> list[str]:
        """Return the methods of the calls since the last time, and forget them."""
        calls = [asked.method for asked in self.seen]
        self.seen.clear()
        return calls

    def times(self) -> list[str]:
        """Return when the reminders sound, as "08:00"."""
        found = [RULE.fullmatch(r["trigger"]["recurrence"]["recurrenceRules"][0]) for r in self.reminders.values()]
        return [f"{int(match[1]):02}:{int(match[2]):02}" for match in found if match]

    def _answer(self, asked: Asked, token: str) -> Answered:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json(401, {"code": "INVALID_BEARER_TOKEN", "message": "not the token of this request"})
        if not self.permitted:
            return self.refusal
        if not token and asked.method == "GET":
            alerts = list(self.reminders.values())
            return as_json(200, {"totalCount": str(len(alerts)), "alerts": alerts, "links": None})
        if not token and asked.method == "POST":
            return self._set(asked, f"alert-{self.made + 1}")
        if token not in self.reminders:
            return as_json(404, {"code": "ALERT_NOT_FOUND", "message": "no such reminder"})
        if asked.method == "PUT":
            return self._set(asked, token)
        if asked.method == "DELETE":
            del self.reminders[token]
            return Answered(200, b"")
        return as_json(200, self.reminders[token])

    def _set(self, asked: Asked, token: str) -> Answered:
        if asked.headers.get("Content-Type") != "application/json":
            return as_json(400, {"code": "INVALID_CONTENT_TYPE", "message": "send JSON"})
        body = json.loads(asked.body or b"{}")
        if fault := _fault(body):
            return as_json(400, {"code": fault, "message": "the reminder can't be set like that"})
        self.made += token not in self.reminders
        stamp = "2026-03-02T18:00:00.000Z"
        common = {"alertToken": token, "createdTime": stamp, "updatedTime": stamp, "status": "ON", "version": "1"}
        self.reminders[token] = common | {name: body[name] for name in ("trigger", "alertInfo", "pushNotification")}
        return as_json(200, common | {"href": f"{ALERTS}/{token}"})


def _fault(body: Json) -> str | None:
    """Return the code of what is wrong with a reminder, if anything."""
    try:
        asked, trigger = datetime.strptime(body["requestTime"], STAMP), body["trigger"]
        ZoneInfo(trigger["timeZoneId"])
        recurrence = trigger["recurrence"]
        first = datetime.strptime(recurrence["startDateTime"], STAMP)
        (rule,) = recurrence["recurrenceRules"]
        spoken = body["alertInfo"]["spokenInfo"]["content"]
    except (KeyError, ValueError, TypeError):
        return "INVALID_REQUEST_FORMAT"
    match = RULE.fullmatch(rule)
    if trigger["type"] != "SCHEDULED_ABSOLUTE" or match is None or {"byDay", "freq"} & recurrence.keys():
        return "INVALID_TRIGGER"
    if first <= asked or (first.hour, first.minute) != (int(match[1]), int(match[2])):
        return "TRIGGER_SCHEDULED_TIME_IN_PAST"
    if not spoken or not all(re.fullmatch("[a-z]{2}-[A-Z]{2}", each["locale"]) and each["text"] for each in spoken):
        return "INVALID_ALERT_INFO"
    if body["pushNotification"]["status"] not in ("ENABLED", "DISABLED"):
        return "INVALID_PUSH_NOTIFICATION"
    return None


def certificate(folder: Path) -> Path:
    """Write a certificate for this machine, and its key, into one file, and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2120, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()) + made.public_bytes(encoding))
    return path


@contextmanager
def serving(certificate: Path) -> Iterator[Server]:
    """Run a server on a free port of this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.title(): value for name, value in self.headers.items()}
            told = server.answered(Asked(self.command, self.path, headers, self.rfile.read(length)))
            if told.stalls:
                server.done.wait(10)
            if told.stalls or told.cut == -1:
                self.close_connection = True
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            if told.trickles:
                for byte in told.body:
                    self.wfile.write(bytes([byte]))
                    server.done.wait(0.05)
                return
            self.wfile.write(told.body[: told.cut])
            self.close_connection = told.cut is not None

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    listening.handle_error = lambda *_: None  # type: ignore[method-assign]
    server = Server(listening.server_address[1])
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
