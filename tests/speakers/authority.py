"""A certificate authority of our own, and a signer that stands where Amazon stands."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Store

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
URL = "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem"
SIGNER = "echo-api.amazon.com"
YEAR = timedelta(days=365)


@cache
def rsa_key(owner: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key an owner: making them is the slow part."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    subject: str,
    key: Key,
    issuer: str,
    issuer_key: Key,
    *,
    ca: bool,
    names: Sequence[str] = (),
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    start: datetime = NOW - YEAR,
    end: datetime = NOW + YEAR,
) -> x509.Certificate:
    """Issue one certificate; `names` are its subject alternative names, none of them where it is empty."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_key_usage(ca=ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    return builder.sign(issuer_key, SHA256())


class Authority:
    """A root, an intermediate and leaves. Another `owner` has other keys under the same names."""

    def __init__(self, owner: str = "trusted") -> None:
        self.root_key = rsa_key(f"{owner} root")
        self.middle_key = rsa_key(f"{owner} middle")
        self.leaf_key = rsa_key(f"{owner} leaf")
        self.root = certificate("Root", self.root_key, "Root", self.root_key, ca=True, end=NOW + 20 * YEAR)
        self.middle = self.intermediate()

    def store(self) -> Store:
        return Store([self.root])

    def intermediate(self, **changes: Any) -> x509.Certificate:
        settings: dict[str, Any] = {"ca": True, "end": NOW + 10 * YEAR} | changes
        return certificate("Middle", self.middle_key, "Root", self.root_key, **settings)

    def leaf(self, **changes: Any) -> x509.Certificate:
        settings: dict[str, Any] = {"ca": False, "names": [SIGNER], "key": self.leaf_key} | changes
        return certificate(SIGNER, settings.pop("key"), "Middle", self.middle_key, **settings)

    def chain(self, **changes: Any) -> bytes:
        """The PEM that Amazon would serve, with a leaf that has these changes."""
        return pem(self.leaf(**changes), self.middle)

    def sign(self, body: bytes) -> str:
        return b64encode(self.leaf_key.sign(body, PKCS1v15(), SHA256())).decode()

    def headers(self, body: bytes, **changes: str | None) -> dict[str, str]:
        """What Amazon would send with this body; `url` and `signature` change a header, None leaves it out."""
        headers = {"url": URL, "signature": self.sign(body)} | changes
        names = {"url": "SignatureCertChainUrl", "signature": "Signature-256"}
        return {names[header]: value for header, value in headers.items() if value is not None}


class Shelf:
    """What lies at Amazon's address: PEM by URL, a count of what was asked for, and an error for the rest."""

    def __init__(self, **files: bytes) -> None:
        self.files = {URL: files.get("chain", b"")}
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.files:
            raise ConnectionRefusedError("nothing is here")
        return self.files[url]


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def envelope(**request: Any) -> dict[str, Any]:
    """A launch as Alexa sends it, at NOW; `request` changes fields of its request."""
    application = {"applicationId": "amzn1.ask.skill.ours"}
    return {
        "version": "1.0",
        "session": {
            "new": True,
            "sessionId": "amzn1.echo-api.session.one",
            "application": application,
            "user": {"userId": "amzn1.ask.account.someone"},
        },
        "context": {
            "System": {
                "application": application,
                "user": {"userId": "amzn1.ask.account.someone"},
                "device": {"deviceId": "amzn1.ask.device.one", "supportedInterfaces": {}},
                "apiEndpoint": "https://api.amazonalexa.com",
                "apiAccessToken": "token",
            }
        },
        "request": {
            "type": "LaunchRequest",
            "requestId": "amzn1.echo-api.request.one",
            "timestamp": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "locale": "en-US",
        }
        | request,
    }


def body_of(message: Any) -> bytes:
    return json.dumps(message).encode()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
