"""Alexa's own APIs are called over HTTPS only, and one that is slow or broken costs a second and no more."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.exceptions import ApiClientException
from ask_sdk_model.services import ApiClientRequest

from skill import deadline
from skill.alexa import amazon_api
from skill.alexa.amazon_api import AmazonApi


@dataclass
class Server:
    """A small HTTPS server that answers as it is told."""

    port: int
    status: int = 200
    body: bytes = b'"Europe/London"'
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    trickles: bool = False
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            told.seen.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
            if told.stalls:
                told.done.wait(10)
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            if told.trickles:
                for byte in told.body:
                    self.wfile.write(bytes([byte]))
                    told.done.wait(0.05)
                return
            self.wfile.write(told.body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    listening.handle_error = lambda *_: None  # type: ignore[method-assign]
    told = Server(listening.server_address[1])
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield told
    told.done.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def trusted(server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, by an authority that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return server


def request(url: str, method: str = "GET", body: Any = None, **headers: str) -> Any:
    return ApiClientRequest(method=method, url=url, body=body, headers=list(headers.items()))


def test_an_answer_comes_back_whole(trusted: Server) -> None:
    trusted.headers = {"X-Amzn-RequestId": "one"}
    found = AmazonApi().invoke(
        request(f"{trusted.url}/v2/devices/d/settings/System.timeZone", Authorization="Bearer t")
    )
    assert found.status_code == 200
    assert found.body == '"Europe/London"'
    assert ("X-Amzn-RequestId", "one") in found.headers
    ((method, path, headers, body),) = trusted.seen
    assert (method, path, body) == ("GET", "/v2/devices/d/settings/System.timeZone", b"")
    assert headers["Authorization"] == "Bearer t"


def test_a_body_is_sent_as_json(trusted: Server) -> None:
    AmazonApi().invoke(request(trusted.url, "POST", {"directive": "\u00e9"}))
    assert json.loads(trusted.seen[0][3]) == {"directive": "\u00e9"}


@pytest.mark.parametrize("status", [204, 403, 429, 500])
def test_a_refusal_is_told_and_not_tried_again(trusted: Server, status: int) -> None:
    trusted.status, trusted.body = status, b""
    assert AmazonApi().invoke(request(trusted.url)).status_code == status
    assert len(trusted.seen) == 1


def test_a_redirect_is_not_followed(trusted: Server) -> None:
    trusted.status, trusted.headers = 302, {"Location": f"{trusted.url}/elsewhere"}
    assert AmazonApi().invoke(request(trusted.url)).status_code == 302
    assert len(trusted.seen) == 1


def test_a_body_that_is_no_text_is_no_error(trusted: Server) -> None:
    trusted.body = b"\xff\xfe"
    assert AmazonApi().invoke(request(trusted.url)).body == "\ufffd\ufffd"


@pytest.mark.parametrize("body", [b"", b"oops", b"<html>", b'"FORBIDDEN"', b"[]"])
def test_a_refusal_without_a_readable_reason_still_tells_its_status(trusted: Server, body: bytes) -> None:
    trusted.status, trusted.body = 403, body
    found = AmazonApi().invoke(request(trusted.url))
    assert (found.status_code, found.body) == (403, "{}")


def test_the_reason_of_a_refusal_comes_back_as_it_was(trusted: Server) -> None:
    trusted.status, trusted.body = 403, b'{"code": "ACCESS_DENIED"}'
    assert AmazonApi().invoke(request(trusted.url)).body == '{"code": "ACCESS_DENIED"}'


def test_an_answer_that_never_comes_is_waited_for_a_second_and_no_longer(
    trusted: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert amazon_api.TIMEOUT_S <= 1
    monkeypatch.setattr(amazon_api, "TIMEOUT_S", 0.1)
    trusted.stalls = True
    with pytest.raises(ApiClientException, match=r"^no answer: \w*Timeout\w*$"):
        AmazonApi().invoke(request(trusted.url))
    assert len(trusted.seen) == 1


def test_an_answer_that_trickles_is_waited_for_no_longer(trusted: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amazon_api, "TIMEOUT_S", 0.2)
    trusted.trickles, trusted.body = True, b"x" * 200
    with pytest.raises(ApiClientException, match=r"^no answer: TimeoutError$"):
        AmazonApi().invoke(request(trusted.url))


def test_where_a_turn_has_no_time_left_nothing_is_called(trusted: Server) -> None:
    with deadline.turn(0), pytest.raises(ApiClientException, match="not asked: the turn has no time left"):
        AmazonApi().invoke(request(trusted.url))
    assert trusted.seen == []


def test_a_server_that_nobody_vouches_for_is_told_nothing(server: Server) -> None:
    with pytest.raises(ApiClientException, match="no answer: SSLError"):
        AmazonApi().invoke(request(server.url, Authorization="Bearer secret"))
    assert server.seen == []


def test_a_server_that_is_not_there_is_an_error_of_the_call() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(ApiClientException, match=r"^no answer: "):
            AmazonApi().invoke(request(f"https://127.0.0.1:{port}/"))


@pytest.mark.parametrize(
    "url", ["http://api.amazonalexa.com/v2", "HTTP://127.0.0.1/", "file:///etc/passwd", "", "127.0.0.1"]
)
def test_what_is_not_https_is_not_called(url: str) -> None:
    with pytest.raises(ApiClientException, match="only https addresses are called"):
        AmazonApi().invoke(request(url, Authorization="Bearer secret"))


@pytest.mark.parametrize(
    "url", ["https://", "https://[::1", "https://127.0.0.1:99999999/", "https://" + "a" * 70 + ".example"]
)
def test_an_address_that_is_none_is_an_error_of_the_call(url: str) -> None:
    with pytest.raises(ApiClientException):
        AmazonApi().invoke(request(url))
