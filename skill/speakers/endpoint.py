"""POST /alexa: the address that Amazon calls. What it can't read or trust, it refuses before the skill sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ask_sdk_core.exceptions import SerializationException
from ask_sdk_core.skill import CustomSkill
from ask_sdk_model import RequestEnvelope
from flask import Flask, Response, jsonify, request

from skill.alexa.skill import EMPTY, is_unknown, readable
from skill.speakers.adapter import skill_adapter
from skill.speakers.body import RefusalError, object_in, read_body
from skill.speakers.verification import NotFromAmazonError, Verifier


def alexa_endpoint(
    app: Flask,
    skill: CustomSkill,
    *,
    skill_id: str | None,
    verifier: Verifier | None,
    clock: Callable[[], datetime],
) -> None:
    """Register POST /alexa on `app`: request envelope in, response envelope of `skill` out, both JSON.

    `skill_id` is the one application id that is served; None serves any. `verifier` None turns the checks of sender
    and age off, which only a server that listens on loopback may do. `clock` gives now, aware of its time zone.

    Refuses with one line of plain text: 413 for a body of more than MOST_BYTES, without reading it; 415 for any other
    content type than application/json; 400 for a request that is not from Amazon, is no JSON object, is no envelope
    that the SDK can read, or is meant for another skill. The log has the reason. What a handler raises is a 500: Amazon
    sends a skill event again then. A request of a type that nobody knows gets the empty response.
    """
    # The SDK's checks deserialise first, fetch without limits and answer 500; ours have run by the time it dispatches.
    app.config["ASK_SDK_VERIFY_SIGNATURE"] = False
    app.config["ASK_SDK_VERIFY_TIMESTAMP"] = False
    adapter = skill_adapter()(skill=skill, skill_id=skill_id, app=app)

    def alexa() -> Response:
        try:
            body = read_body("request envelope")
            if verifier is not None:
                _check_sender(verifier, body, clock())
            sent = object_in(body)
            _check_envelope(body, sent, skill, skill_id)
        except RefusalError as refusal:
            reason = refusal.__cause__ if isinstance(refusal.__cause__, NotFromAmazonError) else refusal
            app.logger.warning("POST /alexa refused with %d: %s", refusal.status, reason)
            return Response(f"{refusal}\n", refusal.status, mimetype="text/plain")
        if is_unknown(sent):
            # The SDK can't dispatch it: it raises before any handler runs.
            return jsonify(EMPTY)
        response: Response = adapter.dispatch_request()
        return response

    app.add_url_rule("/alexa", "alexa", alexa, methods=["POST"])


def _check_sender(verifier: Verifier, body: bytes, now: datetime) -> None:
    try:
        verifier.verify(dict(request.headers.items()), body, now)
    except NotFromAmazonError as error:
        # Which check failed is for the log: a stranger learns nothing to try next.
        raise RefusalError(400, "This request can't be verified as Amazon's.") from error


def _check_envelope(body: bytes, sent: dict[str, Any], skill: CustomSkill, skill_id: str | None) -> None:
    try:
        text = json.dumps(readable(sent)) if is_unknown(sent) else body.decode("utf-8")
        # As the SDK will read it, so that this check and the skill can't see two different ids.
        envelope = skill.serializer.deserialize(text, RequestEnvelope)
    except (SerializationException, RecursionError):
        raise RefusalError(400, "The body must be a request envelope that the Alexa Skills Kit SDK can read.") from None
    if envelope.request is None:
        raise RefusalError(400, "The envelope must hold a request.")
    if skill_id is None:
        return
    system = envelope.context.system if envelope.context else None
    application = system.application if system else None
    # Every request has the id in its context; those of a session repeat it there.
    ids = [application.application_id if application else None]
    if envelope.session and envelope.session.application:
        ids.append(envelope.session.application.application_id)
    if any(found != skill_id for found in ids):
        raise RefusalError(400, "This request is for another skill.")
