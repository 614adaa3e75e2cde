"""A small HTTPS server for the tests that stands where Alexa's own APIs stand, and fails as they may."""

from __future__ import annotations

import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TOKEN = "a-token-of-this-session"


class Asked(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
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
            told = server.answered(Asked(self.command, self.path, dict(self.headers), self.rfile.read(length)))
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
