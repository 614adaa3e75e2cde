"""Alexa's own APIs are called over HTTPS only, and one that is slow or broken costs a second and no more."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from ask_sdk_core.exceptions import ApiClientException
from ask_sdk_model.services import ApiClientRequest

from skill import deadline
from skill.alexa import amazon_api
from skill.alexa.amazon_api import AmazonApi

from .amazon import Answered, Server


def request(url: str, method: str = "GET", body: Any = None, **headers: str) -> Any:
    return ApiClientRequest(method=method, url=url, body=body, headers=list(headers.items()))


def test_an_answer_comes_back_whole(trusted: Server) -> None:
    trusted.answer = Answered(headers={"X-Amzn-RequestId": "one"})
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
    assert json.loads(trusted.seen[0].body) == {"directive": "\u00e9"}


@pytest.mark.parametrize("status", [204, 403, 429, 500])
def test_a_refusal_is_told_and_not_tried_again(trusted: Server, status: int) -> None:
    trusted.answer = Answered(status, b"")
    assert AmazonApi().invoke(request(trusted.url)).status_code == status
    assert len(trusted.seen) == 1


def test_a_redirect_is_not_followed(trusted: Server) -> None:
    trusted.answer = Answered(302, headers={"Location": f"{trusted.url}/elsewhere"})
    assert AmazonApi().invoke(request(trusted.url)).status_code == 302
    assert len(trusted.seen) == 1


def test_a_body_that_is_no_text_is_no_error(trusted: Server) -> None:
    trusted.answer = Answered(body=b"\xff\xfe")
    assert AmazonApi().invoke(request(trusted.url)).body == "\ufffd\ufffd"


@pytest.mark.parametrize("body", [b"", b"oops", b"<html>", b'"FORBIDDEN"', b"[]"])
def test_a_refusal_without_a_readable_reason_still_tells_its_status(trusted: Server, body: bytes) -> None:
    trusted.answer = Answered(403, body)
    found = AmazonApi().invoke(request(trusted.url))
    assert (found.status_code, found.body) == (403, "{}")


def test_the_reason_of_a_refusal_comes_back_as_it_was(trusted: Server) -> None:
    trusted.answer = Answered(403, b'{"code": "ACCESS_DENIED"}')
    assert AmazonApi().invoke(request(trusted.url)).body == '{"code": "ACCESS_DENIED"}'


def test_an_answer_that_never_comes_is_waited_for_a_second_and_no_longer(
    trusted: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert amazon_api.TIMEOUT_S <= 1
    monkeypatch.setattr(amazon_api, "TIMEOUT_S", 0.1)
    trusted.answer = Answered(stalls=True)
    with pytest.raises(ApiClientException, match=r"^no answer: \w*Timeout\w*$"):
        AmazonApi().invoke(request(trusted.url))
    assert len(trusted.seen) == 1


def test_an_answer_that_trickles_is_waited_for_no_longer(trusted: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amazon_api, "TIMEOUT_S", 0.2)
    trusted.answer = Answered(body=b"x" * 200, trickles=True)
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
