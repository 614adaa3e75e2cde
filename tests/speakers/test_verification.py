"""Nobody but Amazon can speak as a listener."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from skill.errors import SkillError
from skill.speakers.verification import NotFromAmazonError, Verifier

from .authority import NOW, YEAR, Authority, Shelf, body_of, envelope

OURS, OTHERS = Authority(), Authority("untrusted")
BODY = body_of(envelope())
SECOND = timedelta(seconds=1)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(chain=OURS.chain())


@pytest.fixture
def verifier(shelf: Shelf) -> Verifier:
    return Verifier(fetch=shelf, trust=OURS.store())


def signed(body: bytes) -> tuple[dict[str, str], bytes]:
    return OURS.headers(body), body


# What Amazon sends is let in.


def test_a_request_of_amazons_is_let_in(verifier: Verifier) -> None:
    verifier.verify(OURS.headers(BODY), BODY, NOW)


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_headers_are_known_in_any_case(verifier: Verifier, spelled: Callable[[str], str]) -> None:
    verifier.verify({spelled(name): value for name, value in OURS.headers(BODY).items()}, BODY, NOW)


@pytest.mark.parametrize("late", [150 * SECOND, -150 * SECOND])
def test_a_clock_that_is_150_seconds_off_loses_no_request(verifier: Verifier, late: timedelta) -> None:
    verifier.verify(OURS.headers(BODY), BODY, NOW + late)


@pytest.mark.parametrize(
    "stamp", ["2026-03-14T15:09:26.123Z", "2026-03-14T17:09:26+02:00", "2026-03-14T15:09:26+00:00"]
)
def test_a_timestamp_may_have_a_fraction_or_an_offset(verifier: Verifier, stamp: str) -> None:
    verifier.verify(*signed(body_of(envelope(timestamp=stamp))), NOW)


def test_now_may_be_told_in_any_time_zone(verifier: Verifier) -> None:
    verifier.verify(OURS.headers(BODY), BODY, NOW.astimezone(timezone(timedelta(hours=-9))))


def test_a_naive_now_is_a_mistake_and_not_a_guess(verifier: Verifier) -> None:
    with pytest.raises(ValueError, match="time zone"):
        verifier.verify(OURS.headers(BODY), BODY, NOW.replace(tzinfo=None))


# The headers.


@pytest.mark.parametrize("missing", ["url", "signature"])
def test_a_request_without_one_of_the_headers_is_refused(verifier: Verifier, missing: str) -> None:
    with pytest.raises(NotFromAmazonError, match="0 headers"):
        verifier.verify(OURS.headers(BODY, **{missing: None}), BODY, NOW)


@pytest.mark.parametrize("name", ["SIGNATURECERTCHAINURL", "signature-256"])
def test_a_header_in_two_spellings_is_refused(verifier: Verifier, name: str) -> None:
    headers = OURS.headers(BODY)
    [value] = [value for header, value in headers.items() if header.lower() == name.lower()]
    with pytest.raises(NotFromAmazonError, match="2 headers"):
        verifier.verify(headers | {name: value}, BODY, NOW)


def test_the_old_signature_header_does_not_stand_in(verifier: Verifier) -> None:
    old = b64encode(OURS.leaf_key.sign(BODY, PKCS1v15(), SHA1())).decode()
    with pytest.raises(NotFromAmazonError, match="0 headers Signature-256"):
        verifier.verify(OURS.headers(BODY, signature=None) | {"Signature": old}, BODY, NOW)


# The signature.


def by_the_key(body: bytes, padding: Any = None, algorithm: Any = None) -> str:
    return b64encode(OURS.leaf_key.sign(body, padding or PKCS1v15(), algorithm or SHA256())).decode()


def another_spelling(signature: str) -> str:
    # 256 bytes leave four bits of the last letter unused; a lax decoder ignores them.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    head, last = signature[:-3], signature[-3]
    return head + letters[letters.index(last) + 1] + "=="


GOOD = OURS.sign(BODY)


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("", id="empty"),
        pytest.param("not base64!", id="no Base64"),
        pytest.param(GOOD + "\n", id="with a newline"),
        pytest.param(GOOD[:40] + " " + GOOD[40:], id="with a space"),
        pytest.param(GOOD[:40] + "!" + GOOD[40:], id="with a letter that a lax decoder drops"),
        pytest.param(GOOD.rstrip("="), id="without padding"),
        pytest.param(GOOD + "AAAA", id="with something behind the padding"),
        pytest.param(another_spelling(GOOD), id="in another spelling of the same bytes"),
        pytest.param(f"{GOOD}, {GOOD}", id="twice"),
        pytest.param(f"\u00e9{GOOD}", id="not ASCII"),
        pytest.param(urlsafe_b64encode(b"\xfb\xff" * 128).decode(), id="in the alphabet of URLs"),
        pytest.param(b64encode(bytes(256)).decode(), id="of zeros"),
        pytest.param(b64encode(b"x").decode(), id="of one byte"),
        pytest.param(b64encode(bytes(100_000)).decode(), id="of 100 KB"),
        pytest.param(by_the_key(BODY, algorithm=SHA1()), id="with SHA-1"),
        pytest.param(by_the_key(BODY, padding=PSS(MGF1(SHA256()), 32)), id="with another padding"),
        pytest.param(by_the_key(BODY + b"\n"), id="of another body"),
        pytest.param(OTHERS.sign(BODY), id="by another key"),
    ],
)
def test_a_signature_that_is_not_of_these_bytes_is_refused(verifier: Verifier, signature: str) -> None:
    with pytest.raises(NotFromAmazonError, match="signature"):
        verifier.verify(OURS.headers(BODY, signature=signature), BODY, NOW)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(BODY.replace(b"someone", b"anybody"), id="another user"),
        pytest.param(BODY + b" ", id="a space more"),
        pytest.param(BODY.replace(b": ", b":"), id="the same JSON written otherwise"),
        pytest.param(b"\xef\xbb\xbf" + BODY, id="a byte order mark"),
        pytest.param(BODY[:-1], id="a byte less"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_body_changed_on_its_way_is_refused(verifier: Verifier, body: bytes) -> None:
    with pytest.raises(NotFromAmazonError, match="signature does not fit"):
        verifier.verify(OURS.headers(BODY), body, NOW)


def test_an_unsigned_body_is_never_parsed(verifier: Verifier) -> None:
    with pytest.raises(NotFromAmazonError, match="signature does not fit"):
        verifier.verify(OURS.headers(BODY), b"[" * 60_000, NOW)


# The age.


EVENT = body_of(envelope(type="AlexaSkillEvent.SkillDisabled"))


@pytest.mark.parametrize("late", [3600 * SECOND, 151 * SECOND, -150 * SECOND])
def test_a_skill_event_that_amazon_sends_again_is_let_in_for_an_hour(verifier: Verifier, late: timedelta) -> None:
    verifier.verify(*signed(EVENT), NOW + late)


@pytest.mark.parametrize(("late", "most"), [(3601 * SECOND, 3600), (-151 * SECOND, 150)])
def test_a_skill_event_is_not_let_in_for_ever(verifier: Verifier, late: timedelta, most: int) -> None:
    with pytest.raises(NotFromAmazonError, match=f"s from now, more than {most} s"):
        verifier.verify(*signed(EVENT), NOW + late)


@pytest.mark.parametrize("late", [151 * SECOND, -151 * SECOND, timedelta(seconds=150, microseconds=1), YEAR / 2])
def test_a_request_cannot_be_played_again_later_or_kept_for_later(verifier: Verifier, late: timedelta) -> None:
    with pytest.raises(NotFromAmazonError, match="s from now, more than 150 s"):
        verifier.verify(OURS.headers(BODY), BODY, NOW + late)


@pytest.mark.parametrize(
    "stamp",
    [
        None,
        0,
        int(NOW.timestamp()),
        True,
        [],
        {},
        "",
        "now",
        "2026-03-14",
        "2026-03-14T15:09:26",
        "2026-03-14 15:09:26Z",
        "2026-03-14T15:09Z",
        "2026-W11-6T15:09:26Z",
        "2026-02-30T15:09:26Z",
        "2026-03-14T25:09:26Z",
        "2026-03-14T15:09:26+99:00",
        "2026-03-14T15:09:26Z\n",
        "\u0662026-03-14T15:09:26Z",
        "0000-00-00T00:00:00Z",
    ],
)
def test_a_request_whose_age_cannot_be_told_is_refused(verifier: Verifier, stamp: object) -> None:
    with pytest.raises(NotFromAmazonError, match="timestamp"):
        verifier.verify(*signed(body_of(envelope(timestamp=stamp))), NOW)


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_request_of_the_ends_of_time_is_refused(verifier: Verifier, stamp: str) -> None:
    with pytest.raises(NotFromAmazonError, match="from now"):
        verifier.verify(*signed(body_of(envelope(timestamp=stamp))), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"timestamp"',
        b"{",
        b"{}",
        b'{"request": null}',
        b'{"request": []}',
        b'{"request": "2026-03-14T15:09:26Z"}',
        b'{"request": {}}',
        b'{"timestamp": "2026-03-14T15:09:26Z", "request": {}}',
        b'{"request": {"timestamp": "2026-03-14T15:09:26Z"}, "score": NaN}',
        b'{"request": {"timestamp": "2026-03-14T15:09:26Z"}, "n": ' + b"9" * 5000 + b"}",
        b'\xef\xbb\xbf{"request": {"timestamp": "2026-03-14T15:09:26Z"}}',
        '{"request": {"timestamp": "2026-03-14T15:09:26Z"}}'.encode("utf-16"),
        b'{"request": {"timestamp": "2026-03-14T15:09:26Z"}, "name": "\xff"}',
        b"[" * 60_000,
        b'{"a":' * 12_000,
    ],
)
def test_even_a_signed_body_must_be_an_object_with_a_timestamp(verifier: Verifier, body: bytes) -> None:
    with pytest.raises(NotFromAmazonError, match=r"timestamp|JSON object"):
        verifier.verify(*signed(body), NOW)


def test_a_refusal_is_one_line_that_repeats_nothing_of_the_request(verifier: Verifier) -> None:
    with pytest.raises(SkillError) as refused:
        verifier.verify(OURS.headers(BODY, url="https://evil.example/\n\x1b[31mERROR"), BODY, NOW)
    assert "evil" not in str(refused.value)
    assert "\n" not in str(refused.value)
