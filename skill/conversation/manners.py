"""What belongs to any good conversation: greeting, helping, repeating, yes and no, forgetting, and saying goodbye."""

from __future__ import annotations

from dataclasses import replace

from skill.conversation import asking, quizzing, reminding
from skill.conversation.session import Session
from skill.conversation.turn import Talk, spoken
from skill.library import HelpKind
from skill.listener import Listener
from skill.reply import Reply
from skill.tips import STREAK_SAID_FROM, continued, tip_of


def welcome(talk: Talk) -> Reply:
    """Greet; offer to go on with a round that was left open."""
    talk.session.__dict__.update(Session(zone=talk.session.zone, said=dict(talk.listener.said)).__dict__)
    known = talk.listener.launches > 0
    if quizzing.open_question(talk) is not None and talk.listener.round is not None:
        talk.offers("resume")
        current = talk.listener.round
        kind = "welcome_round" if current.marks else "welcome_begun"
        line = talk.say(kind, number=spoken(current.number))
        reply = talk.reply(line, reprompt=talk.say("reprompt_yes_or_no"))
    elif known:
        reply = talk.reply(talk.say("welcome_back"), reprompt=talk.say("reprompt"))
    else:
        reply = talk.reply(talk.say("welcome"), reprompt=talk.say("reprompt"))
    talk.listener = replace(talk.listener, launches=talk.listener.launches + 1)
    _remember_wording(talk)
    return reply


def goodbye(talk: Talk) -> Reply:
    """Close at once; say so where a round is kept."""
    return _leave(talk, "goodbye_round" if talk.session.asking else "goodbye")


def pause(talk: Talk) -> Reply:
    """Close, keeping the round."""
    return _leave(talk, "pause" if talk.session.asking else "goodbye")


def helping(talk: Talk) -> Reply:
    """Say what can be said; in the middle of a round, how to answer."""
    if talk.session.asking:
        return quizzing.back_to_question(talk, talk.say("help_quiz"))
    talk.offers()
    return talk.reply(talk.say("help"), reprompt=talk.say("reprompt"))


def repeat(talk: Talk, slow: bool = False) -> Reply:
    """Say the last thing again, offer and all; more slowly where that is wanted."""
    if quizzing.is_behind(talk):
        return quizzing.catch_up(talk)
    session = talk.session
    if not session.speech or session.reprompt is None:
        return talk.reply(talk.say("nothing_to_repeat"), reprompt=talk.say("reprompt"))
    talk.trace.topic = None if session.asking else session.topic
    return talk.reply(*session.speech, reprompt=session.reprompt, slow=slow)


def tip(talk: Talk) -> Reply:
    """Tell the tip of the listener's own day; keep an open session open, and let a one-shot go."""
    day = talk.heard.today()
    today = tip_of(day, talk.library.tips)
    talk.listener = replace(talk.listener, streak=continued(talk.listener.streak, day))
    talk.trace.tip = today.id
    session = talk.session
    session.misses = 0
    days = talk.listener.streak.days if talk.listener.streak else 0
    speech = [today.text]
    if days >= STREAK_SAID_FROM:
        speech.append(talk.say("streak", days=spoken(days)))
    if session.asking:
        return quizzing.back_to_question(talk, *speech)
    session.topic, session.pieces, session.over = today.topic, 0, False
    if talk.heard.starts:
        return talk.close(*speech)
    talk.offers("more")
    return talk.reply(*speech, talk.say("offer_about_tip"), reprompt=talk.say("reprompt_yes_or_no"))


def ask_to_forget(talk: Talk) -> Reply:
    """Say what would go and ask once for a plain yes."""
    talk.offers("forget")
    return talk.reply(talk.say("forget_ask"), reprompt=talk.say("forget_ask_again"))


def forget(talk: Talk) -> Reply:
    """Delete what is kept, as was just agreed."""
    talk.forgotten = True
    undone = reminding.forgotten(talk)
    talk.listener = Listener()
    talk.session.__dict__.update(Session(zone=talk.session.zone, said=talk.session.said).__dict__)
    talk.offers("else")
    return talk.reply(talk.say("forgotten"), undone, talk.say("anything_else"), reprompt=talk.say("reprompt"))


def yes(talk: Talk) -> Reply:
    """Take up what was last offered."""
    session = talk.session
    offer, choices = session.offer, session.choices
    talk.offers()
    session.misses = 0
    if offer == "forget":
        return forget(talk)
    if offer in reminding.OFFERS:
        return reminding.yes(talk, offer)
    if session.asking:
        return quizzing.take_yes_or_no(talk, True)
    if choices:
        return asking.clarify(talk, choices)
    kind, _, id = (offer or "").partition(":")
    if kind == "topic" and id in talk.library.topics:
        return asking.answer(talk, talk.library.topics[id])
    takers = {
        "more": asking.more,
        "example": asking.example,
        "practice": asking.practice,
        "card": asking.send_card,
        "round": lambda t: quizzing.start(t, fresh=True),
        "resume": quizzing.resume,
        "tip": tip,
    }
    if kind in takers:
        return takers[kind](talk)
    return talk.reply(talk.say("yes_to_else" if kind == "else" else "stray_yes"), reprompt=talk.say("reprompt"))


def no(talk: Talk) -> Reply:
    """Drop what was last offered."""
    session = talk.session
    offer, choices = session.offer, session.choices
    talk.offers()
    session.misses = 0
    if offer == "forget":
        kept = talk.say("forget_kept")
        if session.asking:
            return quizzing.back_to_question(talk, kept)
        talk.offers("else")
        return talk.reply(kept, talk.say("anything_else"), reprompt=talk.say("reprompt"))
    if offer in reminding.OFFERS and offer != "retime":
        return reminding.no(talk)
    if session.asking:
        return quizzing.take_yes_or_no(talk, False)
    if choices:
        return talk.reply(talk.say("neither"), reprompt=talk.say("reprompt"))
    if offer in ("round", "else", "tip", "retime"):
        return goodbye(talk)
    if offer is None:
        return talk.reply(talk.say("stray_no"), reprompt=talk.say("reprompt"))
    talk.offers("else")
    return talk.reply(talk.say("dropped"), reprompt=talk.say("reprompt"))


def safety(talk: Talk, kind: HelpKind) -> Reply:
    """Give the number and the line that fit, slowly, and close; nothing of it is kept."""
    place = talk.library.locale(talk.heard.locale)
    line = place.violence if kind == "violence" else place.crisis
    wordings = talk.library.phrases[f"safety_{kind}"]
    speech = wordings[0].format(emergency=place.emergency, line=line)
    talk.trace.outcome = "safety"
    talk.session.__dict__.update(Session(zone=talk.session.zone).__dict__)
    return Reply((speech,), slow=True, private=True)


def _leave(talk: Talk, kind: str) -> Reply:
    """Close with one of the wordings of `kind`, another than the last time for whoever is remembered."""
    if kind in talk.listener.said:
        talk.session.said.setdefault(kind, talk.listener.said[kind])
    reply = talk.close(talk.say(kind))
    if not talk.listener.is_empty:
        _remember_wording(talk)
    return reply


def _remember_wording(talk: Talk) -> None:
    kinds = [k for k in talk.session.said if k.startswith(("welcome", "goodbye", "pause"))]
    talk.listener = replace(talk.listener, said={**talk.listener.said, **{k: talk.session.said[k] for k in kinds}})
