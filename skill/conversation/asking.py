"""Answers to questions: the answer itself, more of it, an example, something to try, and what to do with doubt."""

from __future__ import annotations

from collections.abc import Sequence

from skill.conversation import quizzing
from skill.conversation.turn import Talk
from skill.library import Topic
from skill.reply import Card, Reply

FALLBACK_OFFERS = ("boundaries", "saying-no", "communication", "healthy-relationship", "self-esteem", "vulnerability")
"""Topics to offer where nothing is in hand: the ones that most people have something to say about."""


def answer(talk: Talk, topic: Topic) -> Reply:
    """Answer with the topic's own answer and offer more of it."""
    _take_up(talk, topic, 1)
    return _with_offer(talk, (topic.short,), _support_offer(talk, topic) or "more")


def more(talk: Talk, lead: str = "") -> Reply:
    """Tell the next piece of the topic in hand, after `lead`; or say that there is no more."""
    topic = talk.topic
    if topic is None:
        return _nothing_in_hand(talk)
    pieces = (topic.short, *topic.more)
    heard = talk.session.pieces
    if heard >= len(pieces):
        _take_up(talk, topic, heard)
        return _with_offer(talk, (lead or talk.say("no_more"),), f"topic:{topic.related[0]}")
    _take_up(talk, topic, heard + 1)
    return _with_offer(talk, (lead, pieces[heard]), "more" if heard + 1 < len(pieces) else "example")


def example(talk: Talk) -> Reply:
    """Tell the scene that belongs to the topic in hand."""
    topic = talk.topic
    if topic is None:
        return _nothing_in_hand(talk)
    _take_up(talk, topic, talk.session.pieces)
    return _with_offer(talk, (topic.example,), "practice")


def practice(talk: Talk) -> Reply:
    """Tell the one thing to try that belongs to the topic in hand."""
    topic = talk.topic
    if topic is None:
        return _nothing_in_hand(talk)
    _take_up(talk, topic, talk.session.pieces)
    return _with_offer(talk, (topic.practice,), f"topic:{topic.related[0]}")


def follow(talk: Talk, kind: str) -> Reply:
    """Answer a follow-up of a kind such as "is that bad" about the topic in hand."""
    topic, wanted = talk.topic, talk.library.follows[kind]
    better = talk.library.topics.get(wanted.instead.get(topic.id, "")) if topic else None
    if better is not None:
        return answer(talk, better)
    if f"follow_{kind}" in talk.library.phrases:
        return more(talk, talk.say(f"follow_{kind}"))
    return {"more": more, "example": example, "practice": practice}[wanted.leads](talk)


def clarify(talk: Talk, ids: Sequence[str], lead: str = "", kind: str = "clarify") -> Reply:
    """Ask which of two topics is meant; the wordings are those of `kind`."""
    first, second = (talk.library.topics[id] for id in ids)
    talk.session.misses = 0
    talk.offers(choices=(first.id, second.id))
    talk.trace.outcome = "clarify"
    talk.trace.candidates = (first.id, second.id)
    question = talk.say(kind, first=first.title, second=second.title)
    return talk.reply(lead, question, reprompt=talk.say("clarify_again", first=first.title, second=second.title))


def either(talk: Talk, ids: Sequence[str]) -> Reply:
    """Ask which of two topics is meant; where one of them has just been answered, it is the other."""
    left = [id for id in ids if id != talk.session.topic]
    return answer(talk, talk.library.topics[left[0]]) if len(left) == 1 else clarify(talk, ids)


def suggest(talk: Talk, lead: str = "") -> Reply:
    """Move on: offer two topics near the one in hand."""
    return clarify(talk, _two_others(talk), lead, "suggest")


def suggest_aside(talk: Talk) -> Reply:
    """Name two topics in the middle of a round, and ask the open question again; whoever asks about one hears it."""
    first, second = (talk.library.topics[id].title for id in _two_others(talk))
    return quizzing.back_to_question(talk, talk.say("quiz_topics", first=first, second=second))


def _two_others(talk: Talk) -> tuple[str, str]:
    """Return the ids of two topics near the one in hand, other than the two that are on offer already."""
    related = talk.topic.related if talk.topic else ()
    common = [id for id in FALLBACK_OFFERS if id in talk.library.topics]
    talk.heard.rng.shuffle(common)
    passed = {*talk.session.choices, talk.session.topic}
    first, second, *_ = [id for id in dict.fromkeys((*related, *common)) if id not in passed]
    return first, second


def _nothing_in_hand(talk: Talk) -> Reply:
    if talk.session.asking:
        return quizzing.back_to_question(talk)
    return suggest(talk, talk.say("nothing_in_hand"))


def unknown(talk: Talk) -> Reply:
    """Say kindly that there is no answer, in other words and with less to choose from each time in a row."""
    talk.trace.outcome = "unknown"
    session = talk.session
    session.misses += 1
    if session.misses == 1:
        talk.offers()
        return talk.reply(talk.say("unknown_first"), reprompt=talk.say("reprompt"))
    talk.offers("round" if session.misses == 2 else "tip")
    kind = "unknown_second" if session.misses == 2 else "unknown_third"
    return talk.reply(talk.say(kind), reprompt=talk.say("reprompt_yes_or_no"))


def send_card(talk: Talk) -> Reply:
    """Send the counsellor's page to the phone, as was just agreed."""
    support = talk.heard.support
    talk.offers("else")
    reply = talk.reply(talk.say("card_sent"), talk.say("anything_else"), reprompt=talk.say("reprompt"))
    if support is None:
        return reply
    return Reply(reply.speech, reply.reprompt, card=Card(support.name, f"{support.name}\n{support.url}"))


def _take_up(talk: Talk, topic: Topic, pieces: int) -> None:
    talk.session.misses = 0
    talk.session.topic = topic.id
    talk.session.pieces = pieces
    talk.session.over = False
    talk.trace.outcome = "answer"
    talk.trace.topic = topic.id


def _support_offer(talk: Talk, topic: Topic) -> str | None:
    return "card" if talk.heard.support and topic.id in ("getting-support", "about") else None


def _with_offer(talk: Talk, speech: tuple[str, ...], offer: str) -> Reply:
    """Return `speech` with one offer after it or, in the middle of a round, with the open question."""
    if talk.session.asking:
        return quizzing.back_to_question(talk, *speech)
    talk.offers(offer)
    kind, _, id = offer.partition(":")
    values = {"title": talk.library.topics[id].title} if id else {}
    values |= {"name": talk.heard.support.name} if offer == "card" and talk.heard.support else {}
    return talk.reply(*speech, talk.say(f"offer_{kind}", **values), reprompt=talk.say("reprompt_yes_or_no"))
