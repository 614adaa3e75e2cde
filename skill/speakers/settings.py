"""What Alexa's settings API would tell of the devices on this machine: their time zones."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import Any
from urllib.parse import unquote, urlsplit

from ask_sdk_model.services import ApiClient, ApiClientResponse

MOST_DEVICES = 1000


class DeviceSettings(ApiClient):  # type: ignore[misc]
    """Answers the SDK's settings calls in the form of Amazon's "Get the device settings", without a network."""

    reminds = False
    """Nothing here could sound a reminder."""

    def __init__(self) -> None:
        self._zones: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def set_time_zone(self, device_id: str, zone: str) -> None:
        """Remember a device's zone, such as "Europe/Paris"; the one longest untouched gives way when there are many."""
        with self._lock:
            self._zones[device_id] = zone
            self._zones.move_to_end(device_id)
            while len(self._zones) > MOST_DEVICES:
                self._zones.popitem(last=False)

    def invoke(self, request: Any) -> Any:
        """Answer one call of the SDK; 204 where a device has told no zone."""
        parts = urlsplit(request.url).path.strip("/").split("/")
        if parts[:2] != ["v2", "devices"] or len(parts) < 4 or parts[-1] != "System.timeZone":
            return ApiClientResponse(headers=[], status_code=404, body=json.dumps({"message": "not known"}))
        zone = self._zones.get(unquote(parts[2]))
        if zone is None:
            return ApiClientResponse(headers=[], status_code=204, body="")
        return ApiClientResponse(headers=[], status_code=200, body=json.dumps(zone))
