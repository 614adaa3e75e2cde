"""How a conversation goes: from what was heard, and what is remembered, to a reply."""

from skill.conversation.policy import converse
from skill.conversation.session import Session
from skill.conversation.turn import Heard, Support, Talk, Trace, worded

__all__ = ["Heard", "Session", "Support", "Talk", "Trace", "converse", "worded"]
