"""Alexa's own APIs for the tests, over HTTPS on this machine: the settings of a device, and reminders.

It answers as Amazon's pages "Get the device settings" and "Reminders REST API Reference" say, refuses what they say is
wrong, and has bad days when it is told to.
"""

from __future__ import annotations

import ipaddress
import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Json = dict[str, Any]
Answer = tuple[int, Any]

ALERTS = "/v1/alerts/reminders"
STAMP = "%Y-%m-%dT%H:%M:%S.%f"
RULE = re.compile(r"FREQ=DAILY;BYHOUR=(\d{1,2});BYMINUTE=(\d{1,2});BYSECOND=0;INTERVAL=1;?")


def make_certificate(folder: Path) -> Path:
    """Write a certificate for this machine, and its key, into one file."""
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


@dataclass
class Amazon:
    """What the server holds, how it is disposed, and what it was asked."""

    url: str
    access_token: str = "the-token-of-this-request"
    permitted: bool = True
    """Whether the listener has allowed reminders."""
    refusal: Answer = (401, {"code": "UNAUTHORIZED", "message": "permission is missing"})
    """What is said where they have not."""
    zone: str | None = "Europe/Berlin"
    reminders: dict[str, Json] = field(default_factory=dict)
    faults: dict[str, Answer] = field(default_factory=dict)
    """An answer for each method (and "LIST") that has a bad day; a text is sent as it is."""
    stalls: set[str] = field(default_factory=set)
    """The methods that are never answered."""
    cuts: set[str] = field(default_factory=set)
    """The methods that are carried out, and whose answer is lost."""
    seen: list[tuple[str, str, Json]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    made: int = 0

    def calls(self) -> list[str]:
        """Return the methods of the reminder calls since the last time, and forget them."""
        calls = [method for method, path, _ in self.seen if path.startswith(ALERTS)]
        self.seen.clear()
        return calls

    def times(self) -> list[str]:
        """Return when the reminders sound, as "08:00"."""
        found = [RULE.fullmatch(r["trigger"]["recurrence"]["recurrenceRules"][0]) for r in self.reminders.values()]
        return [f"{int(match[1]):02}:{int(match[2]):02}" for match in found if match]

    def answer(self, method: str, path: str, headers: Any, body: Json) -> Answer:
        """Return the status and the body of an answer."""
        if headers.get("Authorization") != f"Bearer {self.access_token}":
            return 401, {"code": "INVALID_BEARER_TOKEN", "message": "not the token of this request"}
        if path.startswith("/v2/devices/") and path.endswith("/settings/System.timeZone"):
            return (200, self.zone) if self.zone else (204, "")
        if not path.startswith(ALERTS):
            return 404, {"code": "NOT_FOUND", "message": "no such resource"}
        if not self.permitted:
            return self.refusal
        return self._reminders(method, path.removeprefix(ALERTS).removeprefix("/"), headers, body)

    def _reminders(self, method: str, token: str, headers: Any, body: Json) -> Answer:
        if not token and method == "GET":
            return 200, {"totalCount": str(len(self.reminders)), "alerts": list(self.reminders.values()), "links": None}
        if method in ("POST", "PUT"):
            if headers.get("Content-Type") != "application/json":
                return 400, {"code": "INVALID_CONTENT_TYPE", "message": "send JSON"}
            if fault := _fault(body):
                return 400, {"code": fault, "message": "the reminder can't be set like that"}
        if not token and method == "POST":
            self.made += 1
            token = f"alert-{self.made}"
            return 200, self._kept(token, body)
        if token not in self.reminders:
            return 404, {"code": "ALERT_NOT_FOUND", "message": "no such reminder"}
        if method == "PUT":
            return 200, self._kept(token, body)
        if method == "DELETE":
            del self.reminders[token]
            return 200, ""
        return 200, self.reminders[token]

    def _kept(self, token: str, body: Json) -> Json:
        stamp = "2026-03-02T18:00:00.000Z"
        common = {"alertToken": token, "createdTime": stamp, "updatedTime": stamp, "status": "ON", "version": "1"}
        content = {name: body[name] for name in ("trigger", "alertInfo", "pushNotification")}
        self.reminders[token] = common | content
        return common | {"href": f"{ALERTS}/{token}"}


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


@contextmanager
def running(certificate: Path) -> Iterator[Amazon]:
    """Serve on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def handle_call(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or "{}")
            amazon.seen.append((self.command, self.path, body))
            name = "LIST" if (self.command, self.path) == ("GET", ALERTS) else self.command
            name = name if self.path.startswith(ALERTS) else ""
            if name in amazon.stalls:
                amazon.done.wait(10)
                return
            status, answer = amazon.faults.get(name) or amazon.answer(self.command, self.path, self.headers, body)
            if name in amazon.cuts:
                return
            sent = answer.encode() if isinstance(answer, str) and status != 200 else json.dumps(answer).encode()
            sent = b"" if answer == "" else sent
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_DELETE = handle_call  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    listening.handle_error = lambda *_: None  # type: ignore[method-assign]
    amazon = Amazon(f"https://127.0.0.1:{listening.server_address[1]}")
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield amazon
    finally:
        amazon.done.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
