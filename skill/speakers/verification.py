"""Whether a request came from Amazon, judged on its raw bytes before anything else reads them.

Source of the rules: "Verify that the request was sent by Alexa" in Amazon's "Host a Custom Skill as a Web Service".
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import Store

from skill.alexa.events import EVENTS
from skill.speakers.certificates import Keyring, NotFromAmazonError, certifi_roots, chain_url
from skill.speakers.download import download

__all__ = ["MOST_APART", "NotFromAmazonError", "Verifier", "json_object"]

MOST_APART = timedelta(seconds=150)
"""How far the timestamp of a request may lie from now, before or after; Amazon's limit against replays."""
EVENT_OLDEST = timedelta(hours=1)
"""How old a skill event may be: Amazon sends one that failed again for so long, and leaves its timestamp as it was
("Use Skill Events", "Delivery of events to the skill"). To hear one twice changes nothing."""

_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


class Verifier:
    """Checks requests, and remembers the certificate chains that it has verified. Safe to use from many threads.

    `fetch` takes the URL of a chain and returns its bytes, or raises OSError; it must be bounded in time and size.
    `trust` holds the roots to which a chain must lead, by default certifi's.
    """

    def __init__(self, *, fetch: Callable[[str], bytes] = download, trust: Store | None = None) -> None:
        self._keyring = Keyring(fetch, trust if trust is not None else certifi_roots())

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Return where Amazon sent this `body` for `now` (aware of its time zone), whatever the case of the headers.

        Raises NotFromAmazonError, with a reason of one line, where any check fails. The order is that of cost and
        trust: headers, chain, signature over the exact bytes, and only then what the bytes say.
        """
        if now.tzinfo is None:
            raise ValueError("now must be aware of its time zone")
        url = chain_url(_only(headers, "SignatureCertChainUrl"))
        signature = _signature(_only(headers, "Signature-256"))
        key = self._keyring.key(url, now)
        try:
            key.verify(signature, body, PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise NotFromAmazonError("the signature does not fit the body") from error
        request = _request(body)
        age = now - _timestamp(request)
        oldest = EVENT_OLDEST if _is_event(request) else MOST_APART
        if not -MOST_APART <= age <= oldest:
            raise NotFromAmazonError(
                f"the request's timestamp is {abs(age).total_seconds():.0f} s from now, more than"
                f" {(oldest if age > oldest else MOST_APART).total_seconds():.0f} s; check the clock of this machine if"
                " every request says so"
            )


def json_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that `body` holds in UTF-8; raises ValueError where it is anything else."""
    try:
        parsed = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error
    if not isinstance(parsed, dict):
        raise ValueError("the JSON is not an object")
    return parsed


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _only(headers: Mapping[str, str], name: str) -> str:
    values = [value for header, value in headers.items() if header.lower() == name.lower()]
    if len(values) != 1:
        raise NotFromAmazonError(f"the request has {len(values)} headers {name} instead of one")
    return values[0]


def _signature(header: str) -> bytes:
    try:
        signature = b64decode(header, validate=True)
    except ValueError as error:
        raise NotFromAmazonError("the signature is not Base64") from error
    # The decoder lets a few spellings of the same bytes pass; one signature has one spelling.
    if b64encode(signature).decode() != header:
        raise NotFromAmazonError("the signature is not Base64 in its one proper spelling")
    return signature


def _request(body: bytes) -> dict[str, Any]:
    try:
        request = json_object(body).get("request")
    except ValueError as error:
        raise NotFromAmazonError("the body is not a JSON object") from error
    return request if isinstance(request, dict) else {}


def _is_event(request: Mapping[str, Any]) -> bool:
    kind = request.get("type")
    return isinstance(kind, str) and kind in EVENTS


def _timestamp(request: Mapping[str, Any]) -> datetime:
    stamp = request.get("timestamp")
    if not isinstance(stamp, str) or _TIMESTAMP.fullmatch(stamp) is None:
        raise NotFromAmazonError("the request has no timestamp in ISO 8601 with a time zone")
    try:
        return datetime.fromisoformat(stamp)
    except ValueError as error:
        raise NotFromAmazonError("the request's timestamp is no moment of the calendar") from error
