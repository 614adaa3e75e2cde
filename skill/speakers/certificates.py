"""Which keys sign for Alexa: where a certificate chain may lie, what makes it Amazon's, and how long it is kept."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import certifi
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.errors import SkillError

SIGNER = "echo-api.amazon.com"
"""The name that the signing certificate must carry, letter for letter, among its subject alternative names."""
MOST_CERTIFICATES = 10
"""A chain of Amazon's holds four or five certificates; a longer file than this is not looked at."""
LEAST_BITS = 2048
"""The shortest RSA key that is taken for a signature."""
MOST_KEPT = 8
"""How many verified chains are kept; Amazon uses one or two at a time."""

# Only these characters: no userinfo, query, percent-encoding, backslash or space is left to interpret. ASCII, because
# without it IGNORECASE takes the long s for an s.
_CHAIN_URL = re.compile(
    r"https://s3\.amazonaws\.com(?::443)?(?P<path>/[A-Za-z0-9._~/-]*)(?:#[A-Za-z0-9._~/-]*)?", re.ASCII | re.IGNORECASE
)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_UNREADABLE = (
    ValueError,
    VerificationError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
)


class NotFromAmazonError(SkillError):
    """A request fails one of Amazon's checks, so nobody may act on it; the message is the reason, free of its words."""


@dataclass(frozen=True)
class SigningKey:
    """The public key of a verified chain."""

    key: RSAPublicKey
    """What the signing certificate certifies."""
    since: datetime
    """When the last certificate of the chain became valid, in UTC."""
    until: datetime
    """When the first certificate of the chain expires, in UTC."""

    def holds(self, now: datetime) -> bool:
        """Tell whether the whole chain is valid at `now`."""
        return self.since <= now <= self.until


def chain_url(header: str) -> str:
    """Return the normalised URL that a SignatureCertChainUrl header names, without dot segments, doubled slashes,
    port and fragment; it always begins with https://s3.amazonaws.com/echo.api/.

    Raises NotFromAmazonError where it is not one of Amazon's.
    Source: "Verify the certificate chain URL" in Amazon's "Host a Custom Skill as a Web Service".
    """
    match = _CHAIN_URL.fullmatch(header)
    if match is None:
        raise NotFromAmazonError("the certificate chain is not at https://s3.amazonaws.com/echo.api/")
    segments: list[str] = []
    for segment in match["path"].split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    if len(segments) < 2 or segments[0] != "echo.api":
        raise NotFromAmazonError("the certificate chain is not at https://s3.amazonaws.com/echo.api/")
    return "https://s3.amazonaws.com/" + "/".join(segments)


def signing_key(pem: bytes, trust: Store, now: datetime) -> SigningKey:
    """Return the key of a certificate chain (PEM, the signing certificate first) that is Amazon's at `now`.

    Raises NotFromAmazonError where the chain is malformed, does not lead to a root of `trust`, is not valid at `now`,
    is not meant for a server, does not name SIGNER exactly, or its key is not RSA of LEAST_BITS.
    """
    if len(_PEM.findall(pem)) > MOST_CERTIFICATES:
        raise NotFromAmazonError(f"the certificate chain holds more than {MOST_CERTIFICATES} certificates")
    try:
        leaf, *others = x509.load_pem_x509_certificates(pem)
        verifier = PolicyBuilder().store(trust).time(now.astimezone(UTC)).build_server_verifier(x509.DNSName(SIGNER))
        chain = verifier.verify(leaf, others)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = leaf.public_key()
    except _UNREADABLE as error:
        raise NotFromAmazonError("the certificate chain is not a valid one of a trusted root for " + SIGNER) from error
    # The verifier lets a wildcard stand for the name; Amazon asks for the name itself.
    if SIGNER not in names.get_values_for_type(x509.DNSName):
        raise NotFromAmazonError("the signing certificate does not name " + SIGNER)
    # The verifier asks for strong keys of those who issue certificates only.
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_BITS:
        raise NotFromAmazonError(f"the signing certificate's key is not an RSA key of {LEAST_BITS} bits or more")
    return SigningKey(
        key,
        since=max(certificate.not_valid_before_utc for certificate in chain),
        until=min(certificate.not_valid_after_utc for certificate in chain),
    )


def certifi_roots() -> Store:
    """Return the roots that certifi trusts; a root that cryptography can't read is left out."""
    roots = []
    with warnings.catch_warnings():
        # Some roots, one of the line above Amazon's own among them, have the serial number 0: a warning today and an
        # error later, that must not cost all the others.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for pem in _PEM.findall(Path(certifi.where()).read_bytes()):
            try:
                roots.append(x509.load_pem_x509_certificate(pem))
            except _UNREADABLE:
                continue
    return Store(roots)


class Keyring:
    """Signing keys by the URL of their chain. Safe to use from many threads.

    Only a verified chain is kept, for as long as all of it is valid, and of them only the newest MOST_KEPT. While one
    thread fetches a chain, the others that want the same one wait for what it finds, good or bad.
    """

    def __init__(self, fetch: Callable[[str], bytes], trust: Store) -> None:
        self._fetch = fetch
        self._trust = trust
        self._lock = Lock()
        self._kept: dict[str, SigningKey] = {}
        self._flights: dict[str, Future[SigningKey]] = {}

    def key(self, url: str, now: datetime) -> RSAPublicKey:
        """Return the key of the chain at `url` (as chain_url gives it); raises NotFromAmazonError as signing_key does,
        and where the chain can't be fetched.
        """
        with self._lock:
            kept = self._kept.get(url)
            if kept is not None and kept.holds(now):
                return kept.key
            self._kept.pop(url, None)
            flight = self._flights.get(url)
            leads = flight is None
            if flight is None:
                flight = self._flights[url] = Future()
        if leads:
            self._fly(url, now, flight)
        found = flight.result()
        if not found.holds(now):
            raise NotFromAmazonError("the certificate chain is not valid now")
        return found.key

    def _fly(self, url: str, now: datetime, flight: Future[SigningKey]) -> None:
        try:
            found = self._fetched(url, now)
        except BaseException as error:
            with self._lock:
                del self._flights[url]
            flight.set_exception(error)
            return
        with self._lock:
            del self._flights[url]
            self._kept[url] = found
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        flight.set_result(found)

    def _fetched(self, url: str, now: datetime) -> SigningKey:
        try:
            pem = self._fetch(url)
        except OSError as error:
            raise NotFromAmazonError(f"the certificate chain can't be fetched: {error}") from error
        return signing_key(pem, self._trust, now)
