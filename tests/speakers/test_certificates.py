"""Only a chain of Amazon's makes a key, and it is fetched as seldom as can be."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from skill.speakers.certificates import MOST_KEPT, certifi_roots
from skill.speakers.verification import NotFromAmazonError, Verifier

from .authority import NOW, SIGNER, URL, YEAR, Authority, Shelf, body_of, certificate, ec_key, envelope, pem, rsa_key

OURS, OTHERS = Authority(), Authority("untrusted")
BODY = body_of(envelope())
SECOND = timedelta(seconds=1)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(chain=OURS.chain())


@pytest.fixture
def verifier(shelf: Shelf) -> Verifier:
    return Verifier(fetch=shelf, trust=OURS.store())


# The address.


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com:443/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/../echo.api/./echo-api-cert-12.pem",
        "https://s3.amazonaws.com//echo.api//echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem#fragment",
        "HTTPS://S3.AmazonAWS.com/echo.api/echo-api-cert-12.pem",
    ],
)
def test_every_spelling_of_amazons_address_means_the_same_chain(verifier: Verifier, shelf: Shelf, url: str) -> None:
    verifier.verify(OURS.headers(BODY), BODY, NOW)
    verifier.verify(OURS.headers(BODY, url=url), BODY, NOW)
    assert shelf.asked == [URL]


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "echo.api/echo-api-cert-12.pem",
        "http://s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "ftp://s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "file:///echo.api/echo-api-cert-12.pem",
        "http\u017f://s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://notamazon.com/echo.api/echo-api-cert-12.pem",
        "https://\u017f3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com./echo.api/echo-api-cert-12.pem",
        "https://s3-amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://s3xamazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://bucket.s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com.evil.example/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com@evil.example/echo.api/echo-api-cert-12.pem",
        "https://evil.example@s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://evil.example#@s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://evil.example\\@s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com:563/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com:80/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com:/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com:443:443/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com:443@evil.example/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/EcHo.aPi/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/invalid.path/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.apix/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api",
        "https://s3.amazonaws.com/echo.api/",
        "https://s3.amazonaws.com/echo.api/../evil/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/x/../../evil/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/evil/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/..%2fevil/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/..\\evil/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/evil/..;/echo.api/echo-api-cert-12.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem?versionId=evil",
        "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem?",
        "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem\n",
        "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem\r\nHost: evil.example",
        "https://s3.amazonaws.com/echo.api/echo-\tapi-cert-12.pem",
        " https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem",
        f"{URL}, {URL}",
        f"{URL},https://evil.example/echo.api/echo-api-cert-12.pem",
    ],
)
def test_a_chain_is_fetched_from_no_other_address(verifier: Verifier, shelf: Shelf, url: str) -> None:
    with pytest.raises(NotFromAmazonError, match="certificate chain is not at"):
        verifier.verify(OURS.headers(BODY, url=url), BODY, NOW)
    assert shelf.asked == []


# The chain.


SELF_SIGNED = certificate(SIGNER, OURS.leaf_key, SIGNER, OURS.leaf_key, ca=False, names=[SIGNER])
NOT_A_CA = certificate(SIGNER, rsa_key("below"), SIGNER, OURS.leaf_key, ca=False, names=[SIGNER])


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<Error><Code>AccessDenied</Code></Error>", id="no certificate"),
        pytest.param(OURS.chain()[:300], id="cut off"),
        pytest.param(OURS.chain().replace(b"M", b"N"), id="scrambled"),
        pytest.param(OURS.leaf().public_bytes(Encoding.DER), id="not PEM"),
        pytest.param(OTHERS.chain(), id="of a root that nobody trusts"),
        pytest.param(OTHERS.chain() + pem(OTHERS.root), id="with its own root"),
        pytest.param(pem(OTHERS.leaf(), OURS.middle, OURS.root), id="of another key under trusted names"),
        pytest.param(pem(SELF_SIGNED), id="signed by itself"),
        pytest.param(pem(SELF_SIGNED, OURS.middle, OURS.root), id="signed by itself beside a good one"),
        pytest.param(pem(NOT_A_CA, OURS.leaf(), OURS.middle), id="issued by a leaf"),
        pytest.param(pem(OURS.leaf()), id="without the intermediate"),
        pytest.param(pem(OURS.middle, OURS.leaf()), id="in the wrong order"),
        pytest.param(OURS.chain(end=NOW - SECOND), id="expired"),
        pytest.param(OURS.chain(start=NOW + SECOND), id="not valid yet"),
        pytest.param(pem(OURS.leaf(), OURS.intermediate(end=NOW - SECOND)), id="with an expired intermediate"),
        pytest.param(pem(OURS.leaf(), OURS.intermediate(start=NOW + SECOND)), id="with an intermediate of tomorrow"),
        pytest.param(pem(OURS.leaf(), OURS.intermediate(ca=False)), id="with an intermediate that is no CA"),
        pytest.param(OURS.chain(names=["*.amazon.com"]), id="for a wildcard"),
        pytest.param(OURS.chain(names=["*.amazon.com", "amazon.com"]), id="for a wildcard and another"),
        pytest.param(OURS.chain(names=["api.amazon.com"]), id="for another name"),
        pytest.param(OURS.chain(names=[f"{SIGNER}.evil.example"]), id="for a longer name"),
        pytest.param(OURS.chain(names=["amazon.com"]), id="for a shorter name"),
        pytest.param(OURS.chain(names=[]), id="with the name in its subject only"),
        pytest.param(OURS.chain(usage=ExtendedKeyUsageOID.CODE_SIGNING), id="for signing code"),
        pytest.param(OURS.chain(usage=ExtendedKeyUsageOID.CLIENT_AUTH), id="for clients"),
        pytest.param(OURS.chain(key=ec_key()), id="with a key that is not RSA"),
        pytest.param(OURS.chain(key=rsa_key("weak", 1024)), id="with a weak key"),
        pytest.param(OURS.chain(ca=True), id="with a CA for a leaf"),
        pytest.param(OURS.chain() + pem(OURS.root) * 9, id="of eleven certificates"),
    ],
)
def test_a_chain_that_is_not_amazons_is_refused_and_not_kept(verifier: Verifier, shelf: Shelf, chain: bytes) -> None:
    shelf.files[URL] = chain
    for times in (1, 2):
        with pytest.raises(NotFromAmazonError, match="certificate"):
            verifier.verify(OURS.headers(BODY), BODY, NOW)
        assert shelf.asked == [URL] * times


def test_the_name_counts_where_a_wildcard_stands_beside_it(verifier: Verifier, shelf: Shelf) -> None:
    shelf.files[URL] = OURS.chain(names=["*.amazon.com", SIGNER])
    verifier.verify(OURS.headers(BODY), BODY, NOW)


def test_an_expired_root_carries_nobody(shelf: Shelf) -> None:
    later = NOW + 21 * YEAR
    middle = OURS.intermediate(end=later + YEAR)
    shelf.files[URL] = pem(OURS.leaf(start=later - YEAR, end=later + YEAR), middle)
    body = body_of(envelope(timestamp=later.strftime("%Y-%m-%dT%H:%M:%SZ")))
    with pytest.raises(NotFromAmazonError, match="trusted root"):
        Verifier(fetch=shelf, trust=OURS.store()).verify(OURS.headers(body), body, later)


def test_a_chain_that_cannot_be_fetched_is_a_refusal(verifier: Verifier, shelf: Shelf) -> None:
    shelf.files.clear()
    with pytest.raises(NotFromAmazonError, match="can't be fetched: nothing is here"):
        verifier.verify(OURS.headers(BODY), BODY, NOW)


def test_the_roots_of_certifi_are_trusted_where_no_others_are_named(shelf: Shelf) -> None:
    with pytest.raises(NotFromAmazonError, match="trusted root"):
        Verifier(fetch=shelf).verify(OURS.headers(BODY), BODY, NOW)


def test_a_root_that_cryptography_frowns_on_costs_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        certifi_roots()


# What is kept.


def test_a_verified_chain_is_fetched_once(verifier: Verifier, shelf: Shelf) -> None:
    for seconds in range(100):
        verifier.verify(OURS.headers(BODY), BODY, NOW + seconds * SECOND)
    assert shelf.asked == [URL]


def test_a_forged_signature_does_not_fetch_again_or_forget_the_chain(verifier: Verifier, shelf: Shelf) -> None:
    verifier.verify(OURS.headers(BODY), BODY, NOW)
    with pytest.raises(NotFromAmazonError):
        verifier.verify(OURS.headers(BODY, signature=OTHERS.sign(BODY)), BODY, NOW)
    verifier.verify(OURS.headers(BODY), BODY, NOW)
    assert shelf.asked == [URL]


@pytest.mark.parametrize(
    "chain",
    [OURS.chain(end=NOW + 60 * SECOND), pem(OURS.leaf(), OURS.intermediate(end=NOW + 60 * SECOND))],
    ids=["leaf", "intermediate"],
)
def test_a_kept_chain_expires_with_its_first_certificate(verifier: Verifier, shelf: Shelf, chain: bytes) -> None:
    shelf.files[URL] = chain
    verifier.verify(OURS.headers(BODY), BODY, NOW + 60 * SECOND)
    with pytest.raises(NotFromAmazonError, match="certificate"):
        verifier.verify(OURS.headers(BODY), BODY, NOW + 61 * SECOND)
    shelf.files[URL] = OURS.chain()
    verifier.verify(OURS.headers(BODY), BODY, NOW + 61 * SECOND)
    assert shelf.asked == [URL] * 3


def test_a_kept_chain_is_not_valid_before_its_time(verifier: Verifier, shelf: Shelf) -> None:
    shelf.files[URL] = OURS.chain(start=NOW)
    verifier.verify(OURS.headers(BODY), BODY, NOW)
    with pytest.raises(NotFromAmazonError, match="certificate"):
        verifier.verify(OURS.headers(BODY), BODY, NOW - SECOND)


def test_no_number_of_chains_fills_the_memory(verifier: Verifier, shelf: Shelf) -> None:
    urls = [f"https://s3.amazonaws.com/echo.api/{number}.pem" for number in range(MOST_KEPT + 1)]
    shelf.files |= dict.fromkeys(urls, OURS.chain())
    for url in urls:
        verifier.verify(OURS.headers(BODY, url=url), BODY, NOW)
    for url in reversed(urls):
        verifier.verify(OURS.headers(BODY, url=url), BODY, NOW)
    assert shelf.asked == [*urls, urls[0]]


@pytest.mark.parametrize("good", [True, False])
def test_many_requests_at_once_fetch_a_chain_one_at_a_time(good: bool) -> None:
    together, again = Barrier(8), Event()
    asked: list[str] = []
    under_way: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        under_way.append(url)
        if len(under_way) > 1:
            again.set()
        again.wait(0.3)  # Time enough for a second fetch to begin, if anything lets it.
        under_way.remove(url)
        if not good:
            raise TimeoutError
        return OURS.chain()

    verifier = Verifier(fetch=fetch, trust=OURS.store())

    def one() -> bool:
        together.wait()
        try:
            verifier.verify(OURS.headers(BODY), BODY, NOW)
        except NotFromAmazonError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        passed = [future.result() for future in [threads.submit(one) for _ in range(8)]]
    assert passed == [good] * 8
    assert not again.is_set()
    assert not good or asked == [URL]


def test_a_fault_of_the_fetch_holds_up_no_later_request() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        if len(asked) == 1:
            raise RuntimeError("a bug")
        return OURS.chain()

    verifier = Verifier(fetch=fetch, trust=OURS.store())
    with pytest.raises(RuntimeError, match="a bug"):
        verifier.verify(OURS.headers(BODY), BODY, NOW)
    verifier.verify(OURS.headers(BODY), BODY, NOW)
