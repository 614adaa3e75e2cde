"""One small file over HTTPS: in bounded time, of bounded size, from the host that was asked and no other."""

from __future__ import annotations

import ssl
import time
from functools import cache
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import certifi

MOST_BYTES = 64 * 1024
"""A certificate chain of Amazon's is about 8 KB."""
SECONDS = 1.5
"""For each step (connect, first byte, next bytes) and for the whole body; Alexa gives a turn 8 s in all."""


class DownloadError(OSError):
    """The file could not be had, whatever the reason; the message names it."""


def download(url: str, *, trust: ssl.SSLContext | None = None, seconds: float = SECONDS) -> bytes:
    """Return the body at an https `url`, at most MOST_BYTES of it.

    `trust` says whose certificates to believe, by default certifi's roots. Redirects, proxies, cookies and encodings
    are not followed or asked for. Raises OSError (DownloadError among them) where the server can't be reached in
    time, is not who it says, answers anything but 200, or sends more.
    """
    place = urlsplit(url)
    connection = HTTPSConnection(
        place.hostname or "", place.port, timeout=seconds, context=trust if trust is not None else _certifi_trust()
    )
    try:
        connection.request("GET", place.path, headers={"Accept-Encoding": "identity", "Connection": "close"})
        response = connection.getresponse()
        if response.status != 200:
            raise DownloadError(f"the server answered {response.status} instead of 200")
        body = bytearray()
        # The time-out of a socket starts again with each byte: a server that drips would hold a thread for hours.
        deadline = time.monotonic() + seconds
        while part := response.read1(MOST_BYTES + 1 - len(body)):
            body += part
            if len(body) > MOST_BYTES:
                raise DownloadError(f"the server sent more than {MOST_BYTES} bytes")
            if time.monotonic() > deadline:
                raise DownloadError(f"the server took more than {seconds} s")
        return bytes(body)
    except HTTPException as error:
        raise DownloadError(f"the server does not speak HTTP as it should: {type(error).__name__}") from error
    finally:
        connection.close()


@cache
def _certifi_trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
