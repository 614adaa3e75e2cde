"""The SDK's calls to Alexa's own APIs, with a time limit."""

from __future__ import annotations

import json
from typing import Any

from ask_sdk_core.exceptions import ApiClientException
from ask_sdk_model.services import ApiClient, ApiClientResponse

from skill import deadline

TIMEOUT_S = 1.0
"""Seconds that a call may take in all, from the name's resolution to the answer's last byte."""


class AmazonApi(ApiClient):  # type: ignore[misc]
    """Calls over HTTPS; no redirects, no retries, and no longer than TIMEOUT_S or what the turn has left."""

    def invoke(self, request: Any) -> Any:
        """Send a request of the SDK. Raises ApiClientException where it can't be sent or answered in time."""
        import urllib3

        if not request.url.startswith("https://"):
            raise ApiClientException("only https addresses are called")
        body = json.dumps(request.body) if request.body is not None else None
        seconds = deadline.left(TIMEOUT_S)
        if not seconds:
            raise ApiClientException("not asked: the turn has no time left")

        def ask() -> urllib3.BaseHTTPResponse:
            return urllib3.request(
                request.method,
                request.url,
                body=body,
                headers=dict(request.headers),
                timeout=seconds,
                retries=False,
                redirect=False,
            )

        try:
            response = deadline.within(seconds, ask, "alexa-api")
        except (urllib3.exceptions.HTTPError, TimeoutError) as error:
            raise ApiClientException(f"no answer: {type(error).__name__}") from error
        text = response.data.decode("utf-8", "replace")
        return ApiClientResponse(
            headers=list(response.headers.items()),
            status_code=response.status,
            body=text if response.status < 400 or _is_object(text) else "{}",
        )


def _is_object(text: str) -> bool:
    """Return whether an error's body is the JSON object that the SDK expects; it loses the status over any other."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
