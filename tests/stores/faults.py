"""A proxy before DynamoDB Local that does what networks and AWS do on bad days."""

from __future__ import annotations

import http.client
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Fault(Enum):
    """What becomes of one request."""

    NONE = auto()
    LOSE_ANSWER = auto()
    """It is carried out, and the connection closes before the answer."""
    STALL = auto()
    """Nobody carries it out or ever answers."""
    STALL_AFTER = auto()
    """It is carried out, and the answer never comes."""
    TRICKLE = auto()
    """Nobody carries it out, and the answer trickles for four seconds, then breaks off; no single read times out."""


@dataclass(frozen=True)
class Refusal:
    """An error that AWS answers, instead of carrying the request out."""

    code: str
    status: int = 400


@dataclass(frozen=True)
class Meanwhile:
    """The request is carried out, then `act` happens, and the connection closes before the answer."""

    act: Callable[[], object]


@dataclass
class FaultProxy:
    """Passes DynamoDB's requests on; the first ones of `faults` meet those, one each."""

    upstream_port: int
    faults: deque[Fault | Refusal | Meanwhile] = field(default_factory=deque)
    requests: list[str] = field(default_factory=list)
    """The operations that were asked for, tries included."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """What was said with each."""
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                proxy.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """The client went away, which is what it should do."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.bodies.append(json.loads(body))
        self.requests.append(request.headers["X-Amz-Target"].split(".")[1])
        fault = self.faults.popleft() if self.faults else Fault.NONE
        if isinstance(fault, Refusal):
            error = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{fault.code}", "message": "no"})
            return _send(request, fault.status, error.encode())
        if fault is Fault.TRICKLE:
            for byte in b"HTTP/1.0":
                request.wfile.write(bytes([byte]))
                self.ended.wait(0.5)
            return None
        if fault is not Fault.STALL:
            status, answer = self._passed_on(request, body)
        if fault is Fault.NONE:
            return _send(request, status, answer)
        if isinstance(fault, Meanwhile):
            fault.act()
        if fault in (Fault.STALL, Fault.STALL_AFTER):
            self.ended.wait()
        return None

    def _passed_on(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream_port, timeout=10)
        try:
            connection.request("POST", "/", body, dict(request.headers.items()))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _send(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Type", "application/x-amz-json-1.0")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
