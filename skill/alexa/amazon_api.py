"""The SDK's calls to Alexa's own APIs, with a time limit."""

from __future__ import annotations

import json
from typing import Any

from ask_sdk_core.exceptions import ApiClientException
from ask_sdk_model.services import ApiClient, ApiClientResponse

TIMEOUT_S = 1.0


class AmazonApi(ApiClient):  # type: ignore[misc]
    """Calls over HTTPS; no redirects, no retries, one second in all for each part."""

    def invoke(self, request: Any) -> Any:
        """Send a request of the SDK. Raises ApiClientException where it can't be sent or answered in time."""
        import urllib3

        if not request.url.startswith("https://"):
            raise ApiClientException("only https addresses are called")
        body = json.dumps(request.body) if request.body is not None else None
        try:
            response = urllib3.request(
                request.method,
                request.url,
                body=body,
                headers=dict(request.headers),
                timeout=TIMEOUT_S,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise ApiClientException(f"no answer: {type(error).__name__}") from error
        return ApiClientResponse(
            headers=list(response.headers.items()),
            status_code=response.status,
            body=response.data.decode("utf-8", "replace"),
        )
