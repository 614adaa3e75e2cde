"""POST /alexa answers Amazon and nobody else, and a bad request is never more than a refusal."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type
from ask_sdk_model import Response
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from skill.alexa.skill import assemble
from skill.speakers.body import MOST_BYTES
from skill.speakers.endpoint import alexa_endpoint
from skill.speakers.verification import Verifier
from skill.stores import open_store

from .authority import NOW, URL, Authority, Shelf, body_of, envelope

OURS = Authority()
SKILL_ID = "amzn1.ask.skill.ours"
Heard = list[str]


def greeting_skill(heard: Heard) -> CustomSkill:
    """A skill of two handlers, that notes what reaches it."""
    builder = SkillBuilder()

    @builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))  # type: ignore[untyped-decorator]
    def launch(handler_input: HandlerInput) -> Response:
        heard.append(handler_input.request_envelope.request.request_id)
        return handler_input.response_builder.speak("Welcome").set_should_end_session(False).response

    @builder.request_handler(can_handle_func=is_intent_name("FailIntent"))  # type: ignore[untyped-decorator]
    def fail(handler_input: HandlerInput) -> Response:
        raise ZeroDivisionError("a bug of a handler")

    return builder.create()


@pytest.fixture
def heard() -> Heard:
    return []


def client_of(heard: Heard, *, verifier: Verifier | None, skill_id: str | None = SKILL_ID) -> FlaskClient:
    app = Flask(__name__)
    alexa_endpoint(app, greeting_skill(heard), skill_id=skill_id, verifier=verifier, clock=lambda: NOW)
    return app.test_client()


@pytest.fixture
def client(heard: Heard) -> FlaskClient:
    return client_of(heard, verifier=Verifier(fetch=Shelf(chain=OURS.chain()), trust=OURS.store()))


@pytest.fixture
def unchecked(heard: Heard) -> FlaskClient:
    return client_of(heard, verifier=None, skill_id=None)


def post(client: FlaskClient, body: bytes, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
    options = {"content_type": "application/json"} | options
    return client.post("/alexa", data=body, headers=dict(OURS.headers(body) if headers is None else headers), **options)


def assert_refused(answer: TestResponse, status: int, heard: Heard) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "text/plain"
    assert answer.text.endswith(".\n")
    assert answer.text.count("\n") == 1
    assert heard == []


# What Amazon sends is answered.


@pytest.mark.parametrize("content_type", ["application/json", "application/json;charset=utf-8", "Application/JSON"])
def test_a_request_of_amazons_is_answered_by_the_skill(client: FlaskClient, heard: Heard, content_type: str) -> None:
    answer = post(client, body_of(envelope()), content_type=content_type)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.get_json()["response"] == {
        "outputSpeech": {"type": "SSML", "ssml": "<speak>Welcome</speak>"},
        "shouldEndSession": False,
    }
    assert heard == ["amzn1.echo-api.request.one"]


def test_a_body_of_the_largest_size_is_answered(client: FlaskClient) -> None:
    assert post(client, body_of(envelope()).ljust(MOST_BYTES)).status_code == 200


def test_words_of_any_script_arrive(client: FlaskClient, heard: Heard) -> None:
    body = json.dumps(envelope(requestId="\u00fcber \u2764 \U0001f600"), ensure_ascii=False).encode()
    assert post(client, body).status_code == 200
    assert heard == ["\u00fcber \u2764 \U0001f600"]


def test_a_request_outside_a_session_is_answered(client: FlaskClient) -> None:
    message = envelope()
    del message["session"]
    assert post(client, body_of(message)).status_code == 200


@pytest.mark.parametrize("kind", ["UnheardOfRequest", "launchrequest"])
def test_a_request_of_amazons_that_nobody_knows_gets_an_empty_answer(
    client: FlaskClient, heard: Heard, kind: str
) -> None:
    answer = post(client, body_of(envelope(type=kind)))
    assert (answer.status_code, answer.get_json()) == (200, {"version": "1.0", "response": {}})
    assert heard == []


def test_a_loopback_server_without_checks_answers_unsigned_requests(unchecked: FlaskClient) -> None:
    assert post(unchecked, body_of(envelope(timestamp="2001-01-01T00:00:00Z")), headers={}).status_code == 200


def test_two_speakers_of_one_process_do_not_share_their_checks(heard: Heard) -> None:
    lax = client_of([], verifier=None)
    strict = client_of(heard, verifier=Verifier(fetch=Shelf(), trust=OURS.store()))
    assert post(lax, body_of(envelope()), headers={}).status_code == 200
    assert_refused(post(strict, body_of(envelope()), headers={}), 400, heard)


# What is not Amazon's never reaches the skill.


def unsigned(body: bytes) -> dict[str, str]:
    return {}


def another_url(body: bytes) -> dict[str, str]:
    return OURS.headers(body) | {"SignatureCertChainUrl": "https://evil.example/echo.api/chain.pem"}


def by_another(body: bytes) -> dict[str, str]:
    return Authority("untrusted").headers(body)


def of_another_body(body: bytes) -> dict[str, str]:
    return OURS.headers(body + b" ")


@pytest.mark.parametrize("forged", [unsigned, another_url, by_another, of_another_body])
def test_a_forged_request_never_reaches_the_skill(
    client: FlaskClient, heard: Heard, forged: Callable[[bytes], dict[str, str]]
) -> None:
    body = body_of(envelope())
    answer = post(client, body, headers=forged(body))
    assert_refused(answer, 400, heard)
    assert answer.text == "This request can't be verified as Amazon's.\n"


@pytest.mark.parametrize("name", ["SignatureCertChainUrl", "Signature-256"])
def test_a_doubled_header_is_refused(client: FlaskClient, heard: Heard, name: str) -> None:
    body = body_of(envelope())
    pairs = [*OURS.headers(body).items(), (name, OURS.headers(body)[name])]
    answer = client.post("/alexa", data=body, headers=pairs, content_type="application/json")
    assert_refused(answer, 400, heard)


@pytest.mark.parametrize("late", [timedelta(seconds=151), -timedelta(seconds=151)])
def test_a_request_played_again_never_reaches_the_skill(client: FlaskClient, heard: Heard, late: timedelta) -> None:
    body = body_of(envelope(timestamp=(NOW + late).strftime("%Y-%m-%dT%H:%M:%SZ")))
    assert_refused(post(client, body), 400, heard)


def test_the_log_says_why_and_the_answer_does_not(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    body = body_of(envelope())
    answer = post(client, body, headers={"SignatureCertChainUrl": URL})
    assert "Signature-256" in caplog.text
    assert "Signature" not in answer.text


# What is not for this skill.


def with_ids(context: Any, session: Any) -> dict[str, Any]:
    message = envelope()
    message["context"]["System"]["application"] = context
    message["session"]["application"] = session
    return message


OUR_ID, THEIR_ID = {"applicationId": SKILL_ID}, {"applicationId": "amzn1.ask.skill.theirs"}


@pytest.mark.parametrize(
    "message",
    [
        with_ids(THEIR_ID, THEIR_ID),
        with_ids(THEIR_ID, OUR_ID),
        with_ids(OUR_ID, THEIR_ID),
        with_ids({"applicationId": SKILL_ID.upper()}, OUR_ID),
        with_ids({"applicationId": f"{SKILL_ID} "}, OUR_ID),
        with_ids({"applicationId": [SKILL_ID]}, OUR_ID),
        with_ids({"applicationId": None}, OUR_ID),
        with_ids(OUR_ID | {"application_id": "amzn1.ask.skill.theirs"}, OUR_ID),
        with_ids({}, OUR_ID),
        with_ids(None, OUR_ID),
        with_ids("", OUR_ID),
        envelope() | {"context": None},
        envelope() | {"context": {}},
        envelope() | {"context": {"System": None}},
        {name: value for name, value in envelope().items() if name != "context"},
    ],
)
def test_a_signed_request_to_another_skill_is_refused(client: FlaskClient, heard: Heard, message: Any) -> None:
    answer = post(client, body_of(message))
    assert_refused(answer, 400, heard)
    assert answer.text == "This request is for another skill.\n"


def test_without_a_skill_id_any_skill_is_meant(heard: Heard) -> None:
    client = client_of(heard, verifier=None, skill_id=None)
    assert post(client, body_of(with_ids(THEIR_ID, THEIR_ID))).status_code == 200


# What can't be read is a 400, signed or not.

UNREADABLE = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{", id="half an object"),
    pytest.param(b"null", id="null"),
    pytest.param(b"[]", id="an array"),
    pytest.param(b'"launch"', id="a string"),
    pytest.param(b"1", id="a number"),
    pytest.param(b"\xff\xfe", id="no text"),
    pytest.param("{}".encode("utf-16"), id="UTF-16"),
    pytest.param(b"[" * 60_000, id="nested too deeply"),
    pytest.param(b'{"a":' * 12_000, id="objects nested too deeply"),
    pytest.param(b"{}", id="an empty object"),
    pytest.param(body_of(envelope() | {"request": None}), id="no request"),
    pytest.param(body_of(envelope() | {"request": []}), id="an array for a request"),
    pytest.param(body_of(envelope() | {"request": "LaunchRequest"}), id="a string for a request"),
    pytest.param(body_of(envelope() | {"request": {}}), id="an empty request"),
    pytest.param(body_of(envelope(type="UnheardOfRequest", timestamp="yesterday")), id="an unknown type, badly dated"),
    pytest.param(body_of(envelope(type="")), id="an empty request type"),
    pytest.param(body_of(envelope(type=["LaunchRequest"])), id="an array for a request type"),
    pytest.param(body_of(envelope(type=None)), id="no request type"),
    pytest.param(body_of(envelope(timestamp="yesterday")), id="a timestamp in words"),
    pytest.param(body_of(envelope(timestamp="2026-02-30T00:00:00Z")), id="a timestamp of no day"),
    pytest.param(body_of(envelope(timestamp="9" * 500)), id="a timestamp without end"),
    pytest.param(body_of(envelope(timestamp={"at": 1})), id="an object for a timestamp"),
    pytest.param(body_of(envelope(timestamp=NOW.timestamp())), id="a number for a timestamp"),
    pytest.param(body_of(envelope(type="IntentRequest", dialogState="LOST")), id="an unknown dialog state"),
    pytest.param(body_of(envelope(type="IntentRequest", intent={"name": "A", "slots": []})), id="an array for slots"),
    pytest.param(body_of(envelope() | {"session": 5}), id="a number for a session"),
    pytest.param(body_of(envelope() | {"context": "here"}), id="a string for a context"),
    pytest.param(body_of(envelope() | {"__class__": "x"}), id="a field that would change the model's class"),
    pytest.param(body_of(envelope()).replace(b'"1.0"', b"NaN"), id="NaN"),
]


@pytest.mark.parametrize("body", UNREADABLE)
def test_an_unreadable_request_is_refused_where_checks_are_off(
    unchecked: FlaskClient, heard: Heard, body: bytes
) -> None:
    assert_refused(post(unchecked, body, headers={}), 400, heard)


@pytest.mark.parametrize("body", UNREADABLE)
def test_an_unreadable_request_is_refused_even_if_signed(client: FlaskClient, heard: Heard, body: bytes) -> None:
    assert_refused(post(client, body), 400, heard)


@pytest.mark.parametrize("body", [b"", b"{", body_of(envelope(type="UnheardOfRequest"))])
def test_an_unreadable_request_is_refused_unsigned(client: FlaskClient, heard: Heard, body: bytes) -> None:
    assert_refused(post(client, body, headers={}), 400, heard)


# What is too large, or of another kind, is not even read.


class Unread(io.RawIOBase):
    """A body that must not be touched."""

    def readable(self) -> bool:
        return True

    def readinto(self, _: Any) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 20_000_000, 10**30])
def test_a_large_body_is_refused_unread(client: FlaskClient, heard: Heard, length: int) -> None:
    unread = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)}
    assert_refused(post(client, b"", environ_overrides=unread), 413, heard)


def test_a_body_that_hides_its_length_is_cut_off(client: FlaskClient, heard: Heard) -> None:
    body = io.BytesIO(body_of(envelope()) + b" " * 20_000_000)
    chunked = {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert_refused(post(client, body.getvalue(), environ_overrides=chunked), 413, heard)
    assert body.tell() <= MOST_BYTES + 1


def test_a_body_of_the_largest_size_may_come_in_chunks(client: FlaskClient) -> None:
    body = body_of(envelope()).ljust(MOST_BYTES)
    chunked = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert post(client, body, environ_overrides=chunked).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"],
)
def test_another_content_type_is_refused_unread(client: FlaskClient, heard: Heard, content_type: str) -> None:
    unread = {"wsgi.input": Unread(), "CONTENT_LENGTH": "100"}
    assert_refused(post(client, b"", content_type=content_type, environ_overrides=unread), 415, heard)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_post_is_answered(client: FlaskClient, heard: Heard, method: str) -> None:
    assert client.open("/alexa", method=method).status_code == 405
    assert heard == []


def test_a_bug_of_a_handler_is_a_500_and_no_refusal(client: FlaskClient) -> None:
    body = body_of(envelope(type="IntentRequest", intent={"name": "FailIntent"}))
    assert post(client, body).status_code == 500


def test_a_skill_event_that_could_not_be_carried_out_is_a_500_so_that_amazon_sends_it_again(tmp_path: Path) -> None:
    app = Flask(__name__)
    broken = assemble(open_store(f"sqlite:///{tmp_path}"))
    alexa_endpoint(app, broken, skill_id=None, verifier=None, clock=lambda: NOW)
    body = body_of(envelope(type="AlexaSkillEvent.SkillDisabled"))
    assert post(app.test_client(), body, headers={}).status_code == 500


# The stand-in behind the adapter.


def test_the_stand_in_is_gone_after_the_import_and_never_says_yes() -> None:
    script = """
import sys
from skill.speakers.adapter import skill_adapter
assert skill_adapter() is skill_adapter()
assert skill_adapter().__module__ == "flask_ask_sdk.skill_adapter"
assert not [name for name in sys.modules if name.split(".")[0] in ("certvalidator", "oscrypto")]
from ask_sdk_webservice_support.verifier import CertificateValidator
try:
    CertificateValidator(b"", [])
except NotImplementedError as error:
    print(error)
"""
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "certvalidator is not used here; check requests with skill.speakers.verification\n"
