"""The body of a request to the web service: how it is read, and how it is refused."""

from __future__ import annotations

from typing import Any

from flask import request

from skill.errors import SkillError
from skill.speakers.verification import json_object

MOST_BYTES = 64 * 1024
"""The largest body that is read; an envelope with every context that Alexa knows has about 10 KB."""


class RefusalError(SkillError):
    """What to answer instead of the skill's words: an HTTP status and one line."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


def read_body(holds: str) -> bytes:
    """Return the body of the request in hand; `holds` names what is in it, for the one who has sent something else.

    Raises RefusalError: 415 for another content type than application/json, 413 for more than MOST_BYTES, which are
    not read.
    """
    if request.mimetype != "application/json":
        raise RefusalError(415, f"Send the {holds} as application/json.")
    too_large = RefusalError(413, f"Send a {holds} of at most {MOST_BYTES} bytes.")
    if (request.content_length or 0) > MOST_BYTES:
        raise too_large
    # A body that comes in chunks tells no length; Werkzeug cuts it off here, so one byte more shows that it went on.
    request.max_content_length = MOST_BYTES + 1
    body = request.get_data()
    if len(body) > MOST_BYTES:
        raise too_large
    return body


def object_in(body: bytes) -> dict[str, Any]:
    """Return the JSON object in a body. Raises RefusalError, 400, where it is anything else."""
    try:
        return json_object(body)
    except ValueError:
        raise RefusalError(400, "The body must be one JSON object in UTF-8.") from None
