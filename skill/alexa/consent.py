"""The permission to set reminders, asked for by voice and, where that fails, by a card in the app.

Of Amazon's two ways this is the one documented for reminders ("Set Up Voice Permissions for Reminders"): the directive
Connections.SendRequest goes out, Alexa asks in its own words, and a Connections.Response comes back with ACCEPTED,
DENIED or NOT_ANSWERED. The newer one ("Voice-Forward Consent API Reference") is for a listener's contact data.

The session may be another one afterwards. So what the conversation stands on travels in the directive's token, too,
and comes back with the answer.
"""

from __future__ import annotations

import json
from typing import Any

from ask_sdk_model.interfaces.connections import SendRequestDirective
from ask_sdk_model.ui import AskForPermissionsConsentCard

from skill.alexa.reminders import PERMISSION
from skill.conversation import Session
from skill.conversation.turn import Permission

NAME = "AskFor"
ANSWERS: dict[str, Permission] = {"ACCEPTED": "given", "DENIED": "refused", "NOT_ANSWERED": "unanswered"}
CARRIED = ("topic", "pieces", "asked", "over", "zone", "wish")
"""The parts of a session that the token carries; what was said last is said anew."""


def directive(session: Session) -> Any:
    """Return the directive that lets Alexa ask for the permission."""
    kept = {name: value for name, value in session.to_dict().items() if name in CARRIED}
    scope = {"permissionScope": PERMISSION, "consentLevel": "ACCOUNT"}
    return SendRequestDirective(
        name=NAME,
        payload={"@type": "AskForPermissionsConsentRequest", "@version": "2", "permissionScopes": [scope]},
        token=json.dumps(kept, separators=(",", ":")),
    )


def card() -> Any:
    """Return the card with which the permission can be given in the app."""
    return AskForPermissionsConsentCard(permissions=[PERMISSION])


def is_answer(request: Any) -> bool:
    """Return whether a request brings the answer about the permission."""
    return bool(request.object_type == "Connections.Response" and request.name == NAME)


def answer(request: Any) -> Permission:
    """Return what became of the question; where it could not be asked, nobody has answered it."""
    status = (request.payload or {}).get("status")
    went_well = request.status is None or request.status.code == "200"
    return ANSWERS.get(status, "unanswered") if went_well and isinstance(status, str) else "unanswered"


def has_card(request: Any) -> bool:
    """Return whether Alexa has put the card into the app by itself."""
    return is_answer(request) and (request.payload or {}).get("isCardThrown") is True


def session(request: Any) -> dict[str, Any]:
    """Return the session attributes that the token carried; none where it can't be read."""
    try:
        found = json.loads(request.token or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
