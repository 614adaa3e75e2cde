"""Whatever is to be said, Alexa gets SSML that it can speak, and a listener hears the words and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.speech import RATE, SLOW_RATE, plain_text, reprompt_ssml, ssml
from skill.library import Library
from skill.reply import Reply

ANYTHING = st.text() | st.text(alphabet="<>&\"'/!;#x0 ab\u0000\u001b\ud800\uffff\U0001f600\n\t")
"""Any text at all, and much of what breaks markup."""
PLAIN = st.lists(st.text(alphabet="abcXYZ'\"&<>;,.?\u2019\u00e9", min_size=1), min_size=1).map(" ".join)
"""What has no signs but those that are heard or stand in a sentence."""

LONGEST_SPEECH = 8000
"""Amazon's limit on the characters of an outputSpeech, markup included."""


def spoken(markup: str) -> ElementTree.Element:
    """Return SSML as Alexa parses it, the SDK's <speak> around it. Raises ParseError where it isn't well-formed."""
    return ElementTree.fromstring(f"<speak>{markup}</speak>")


@given(st.lists(ANYTHING), st.booleans())
def test_any_reply_is_well_formed_ssml(parts: list[str], slow: bool) -> None:
    root = spoken(ssml(Reply(tuple(parts), slow=slow)))
    assert {element.tag for element in root.iter()} <= {"speak", "prosody", "break"}


@given(ANYTHING)
def test_any_reprompt_is_well_formed_ssml(text: str) -> None:
    assert [element.tag for element in spoken(reprompt_ssml(text)).iter()] == ["speak", "prosody"]


@given(PLAIN)
def test_a_text_is_heard_word_for_word(text: str) -> None:
    markup = ssml(Reply((text,)))
    assert plain_text(markup) == " ".join(text.split()) == plain_text(reprompt_ssml(text))
    assert " ".join("".join(spoken(markup).itertext()).split()) == " ".join(text.split())


@given(st.lists(PLAIN, min_size=1))
def test_the_pieces_of_a_reply_are_heard_in_order_with_a_breath_between_them(parts: list[str]) -> None:
    reply = Reply(tuple(parts))
    root = spoken(ssml(reply))
    assert len(list(root.iter("break"))) == len(parts) - 1
    assert plain_text(ssml(reply)) == " ".join(reply.text.split())


def test_an_empty_piece_is_no_breath() -> None:
    assert list(spoken(ssml(Reply(("One.", "", "Two.")))).iter("break"))[1:] == []


def test_markup_in_a_text_is_read_out_and_not_obeyed() -> None:
    text = '<break time="10s"/><audio src="https://example.org/a.mp3"/> &amp; </prosody></speak>'
    markup = ssml(Reply((text,)))
    assert [element.tag for element in spoken(markup).iter()] == ["speak", "prosody"]
    assert plain_text(markup) == text


def test_signs_that_xml_forbids_are_left_out() -> None:
    assert plain_text(ssml(Reply(("one\x00two\x1b\ud800three\uffff",)))) == "one two three"


def rate(markup: str) -> int:
    found = spoken(markup).find("prosody")
    assert found is not None
    return int(found.attrib["rate"].removesuffix("%"))


def test_everything_is_a_little_slower_than_alexa_s_default() -> None:
    assert 90 <= rate(ssml(Reply(("Hello.",)))) < 100
    assert rate(reprompt_ssml("Hello?")) == rate(ssml(Reply(("Hello.",))))
    assert f'rate="{RATE}"' in ssml(Reply(("Hello.",)))


def test_slower_is_heard_to_be_slower() -> None:
    usual, slow = rate(ssml(Reply(("Hello.",)))), rate(ssml(Reply(("Hello.",), slow=True)))
    assert slow <= usual - 10
    assert f"{slow}%" == SLOW_RATE


@pytest.mark.parametrize(
    ("markup", "heard"),
    [
        ("<speak>Hello<break time='1s'/>there</speak>", "Hello there"),
        ("<speak><prosody rate='80%'>  You &amp; me </prosody></speak>", "You & me"),
        ("<speak>&amp;lt;</speak>", "&lt;"),
        ("<speak>&quot;No,&quot; she said, &apos;no&apos;.</speak>", "\"No,\" she said, 'no'."),
        ("", ""),
    ],
)
def test_plain_text_is_what_is_heard(markup: str, heard: str) -> None:
    assert plain_text(markup) == heard


def test_the_longest_reply_is_one_that_alexa_takes(known: Library) -> None:
    # A tip or a piece of a topic, a verdict's and its explanation's words, and a question after it.
    longest = sorted(
        [text for t in known.topics.values() for text in (t.short, *t.more, t.example, t.practice)]
        + [tip.text for tip in known.tips]
        + [q.explanation for q in known.quiz.values()]
        + [" ".join([q.ask, *(c.say for c in q.choices)]) for q in known.quiz.values()]
        + [text for texts in known.phrases.values() for text in texts],
        key=len,
    )[-8:]
    assert len(f"<speak>{ssml(Reply(tuple(longest)))}</speak>") <= LONGEST_SPEECH
