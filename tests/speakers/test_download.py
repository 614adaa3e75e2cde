"""A download ends in time, stays small, and comes from the one who was asked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from skill.speakers.download import MOST_BYTES, DownloadError, download

from .authority import certificate, pem, rsa_key

Serve = Callable[..., str]

# TLS asks the machine for the time, so these are valid whenever the tests run.
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
ROOT_KEY, KEY = rsa_key("local root"), rsa_key("local server")
ROOT = certificate("Local", ROOT_KEY, "Local", ROOT_KEY, ca=True, start=START, end=END)


def server_certificate(name: str) -> x509.Certificate:
    return certificate("server", KEY, "Local", ROOT_KEY, ca=False, names=[name], start=START, end=END)


@pytest.fixture
def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=pem(ROOT).decode())


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Answer one connection on loopback with these bytes, then `drip` one more again and again, or be `silent`."""
    done = Event()
    threads: list[Thread] = []

    def start(answer: bytes = b"", *, name: str = "localhost", drip: bytes = b"", silent: bool = False) -> str:
        identity = tmp_path / f"{name}.pem"
        key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        identity.write_bytes(key + pem(server_certificate(name)))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(identity)
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(10)

        def talk() -> None:
            with suppress(OSError), listener, listener.accept()[0] as connection:
                if silent:
                    done.wait(10)
                    return
                with context.wrap_socket(connection, server_side=True) as talking:
                    talking.recv(4096)
                    talking.sendall(answer)
                    while drip and not done.wait(0.02):
                        talking.sendall(drip)

        threads.append(Thread(target=talk, daemon=True))
        threads[-1].start()
        return f"https://localhost:{listener.getsockname()[1]}/echo.api/chain.pem"

    yield start
    done.set()
    for thread in threads:
        thread.join(5)


def ok(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers, b"", body])


@pytest.mark.parametrize("size", [0, 8_000, MOST_BYTES])
def test_a_file_comes_whole(serve: Serve, trust: ssl.SSLContext, size: int) -> None:
    assert download(serve(ok(b"x" * size)), trust=trust) == b"x" * size


def test_a_file_in_chunks_comes_whole(serve: Serve, trust: ssl.SSLContext) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert download(serve(answer), trust=trust) == b"abcde"


@pytest.mark.parametrize(
    "answer",
    [ok(b"x" * (MOST_BYTES + 1)), b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000, ok(b"x" * 20_000_000)],
    ids=["one byte more", "of no told length", "20 MB"],
)
def test_a_large_file_does_not_fill_the_memory(serve: Serve, trust: ssl.SSLContext, answer: bytes) -> None:
    with pytest.raises(DownloadError, match="more than 65536 bytes"):
        download(serve(answer), trust=trust)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_nowhere(serve: Serve, trust: ssl.SSLContext, status: int) -> None:
    elsewhere = serve(ok(b"another's chain"))
    answer = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n".encode()
    with pytest.raises(DownloadError, match=f"answered {status}"):
        download(serve(answer), trust=trust)
    assert download(elsewhere, trust=trust) == b"another's chain"  # Its one answer is still there: nobody asked.


@pytest.mark.parametrize("status", [204, 206, 403, 404, 500])
def test_only_a_whole_answer_is_one(serve: Serve, trust: ssl.SSLContext, status: int) -> None:
    with pytest.raises(DownloadError, match=f"answered {status}"):
        download(serve(f"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n".encode()), trust=trust)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"])
def test_a_server_that_speaks_nonsense_is_left(serve: Serve, trust: ssl.SSLContext, answer: bytes) -> None:
    with pytest.raises(OSError, match=r"does not speak HTTP|closed"):
        download(serve(answer), trust=trust)


def test_a_silent_server_holds_nobody(serve: Serve, trust: ssl.SSLContext) -> None:
    with pytest.raises(TimeoutError):
        download(serve(silent=True), trust=trust, seconds=0.1)


def test_a_server_that_drips_holds_nobody(serve: Serve, trust: ssl.SSLContext) -> None:
    with pytest.raises(DownloadError, match=r"took more than 0\.3 s"):
        download(serve(b"HTTP/1.1 200 OK\r\n\r\n", drip=b"x"), trust=trust, seconds=0.3)


def test_a_server_that_nobody_vouches_for_is_not_believed(serve: Serve) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        download(serve(ok(b"chain")))


def test_a_server_of_another_name_is_not_believed(serve: Serve, trust: ssl.SSLContext) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        download(serve(ok(b"chain"), name="s3.evil.example"), trust=trust)


def test_a_server_that_is_not_there_is_an_error_of_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        download(f"https://localhost:{port}/echo.api/chain.pem")
