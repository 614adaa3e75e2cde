"""From the words of a question to a topic, a choice between two, a command, "I don't know", or safety help."""

from skill.answering.answerer import Answerer, Reading
from skill.answering.deciding import Understanding

__all__ = ["Answerer", "Reading", "Understanding"]
