"""From a reply to SSML: a little slower than the default, with a breath between its pieces."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from skill.reply import Reply

RATE, SLOW_RATE = "95%", "80%"
BREATH = '<break time="450ms"/>'
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ssml(reply: Reply) -> str:
    """Return the reply's speech as SSML, without the <speak> around it, which the SDK adds."""
    parts = [escape(_CONTROL.sub(" ", part)) for part in reply.speech if part]
    return f'<prosody rate="{SLOW_RATE if reply.slow else RATE}">{BREATH.join(parts)}</prosody>'


def reprompt_ssml(text: str) -> str:
    """Return a reprompt as SSML."""
    return f'<prosody rate="{RATE}">{escape(_CONTROL.sub(" ", text))}</prosody>'


def plain_text(ssml_text: str) -> str:
    """Return what a listener hears of `ssml_text`: no markup, one space between words."""
    text = re.sub(r"<[^>]+>", " ", ssml_text)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(text.split())
