"""The quiz as it is spoken: ask, hear the answer, say how it was, come back to the question."""

from __future__ import annotations

import re
from dataclasses import replace

from skill import quiz
from skill.conversation import standing
from skill.conversation.turn import Talk, spoken
from skill.hearing import NOTHING, Heard, hear
from skill.library import Choice, Question
from skill.listener import finished
from skill.reply import Reply
from skill.tips import continued


def open_question(talk: Talk) -> Question | None:
    """Return the question of the round in hand that waits for an answer; None where there is none.

    A question that has been taken out of the content is passed over.
    """
    current = talk.listener.round
    while current is not None and current.open is not None:
        question = talk.library.quiz.get(current.open)
        if question is not None:
            return question
        current = replace(current, questions=tuple(id for id in current.questions if id != current.open))
        talk.listener = replace(talk.listener, round=current if current.questions else None)
    return None


def asked_question(talk: Talk) -> Question | None:
    """Return the question that waits for an answer in this session; None where there is none."""
    return talk.library.quiz.get(talk.session.asked or "")


def is_behind(talk: Talk) -> bool:
    """Return whether another device of the household went on, so that another question is open than was asked here."""
    question = open_question(talk)
    return talk.session.asking and question is not None and question.id != talk.session.asked


def catch_up(talk: Talk) -> Reply:
    """Ask the question that is open by now; what was said to the one asked before counts for nothing."""
    return _ask(talk, talk.say("quiz_moved_on"))


def start(talk: Talk, fresh: bool = False) -> Reply:
    """Go on with the open round or, where there is none or a `fresh` one is wanted, begin one."""
    if open_question(talk) is not None and not fresh:
        return resume(talk)
    heard = talk.heard
    talk.listener = replace(talk.listener, round=quiz.new_round(talk.library.quiz, talk.listener, heard.now, heard.rng))
    _enter(talk)
    return _ask(talk, talk.say("round_start"))


def resume(talk: Talk) -> Reply:
    """Go back to the open question; where none is open, offer a round."""
    if open_question(talk) is None:
        talk.offers("round")
        return talk.reply(talk.say("no_round"), reprompt=talk.say("reprompt_yes_or_no"))
    _enter(talk)
    return _ask(talk, talk.say("round_resume"))


def back_to_question(talk: Talk, *speech: str) -> Reply:
    """Return `speech` with the open question after it; "repeat" says both again."""
    return _ask(talk, *speech, again=0)


def skip(talk: Talk) -> Reply:
    """Pass over the open question."""
    return _mark(talk, "skipped")


def give_up(talk: Talk) -> Reply:
    """Tell the answer to somebody who doesn't know it."""
    return _mark(talk, "told")


def heard_answer(talk: Talk, words: str) -> Heard:
    """Return what `words` are as an answer to the question that was asked; nothing where none was."""
    question = asked_question(talk)
    return hear(words, question.choices) if question else NOTHING


def take_answer(talk: Talk, heard: Heard) -> Reply | None:
    """Judge an answer to the question that was asked; None where it is none."""
    question = asked_question(talk)
    if question is None or heard.kind == "nothing":
        return None
    if is_behind(talk):
        return catch_up(talk)
    if heard.kind == "choice":
        return _mark(talk, "right" if heard.index == question.right else "wrong")
    if heard.kind == "declined":
        return _ask(talk, talk.say("quiz_declined"))
    return _ask(talk, talk.say("quiz_unsure"))


def take_yes_or_no(talk: Talk, yes: bool) -> Reply:
    """Judge a bare yes or no: an answer to true or false, nothing to a choice."""
    reply = take_answer(talk, heard_answer(talk, "yes" if yes else "no"))
    if reply is not None:
        return reply
    return _ask(talk, talk.say("quiz_which"))


def unheard(talk: Talk) -> Reply:
    """Say how to answer, and ask the same question; nothing is counted."""
    talk.trace.outcome = "unknown"
    talk.session.misses += 1
    return _ask(talk, talk.say("quiz_unheard" if talk.session.misses < 3 else "quiz_unheard_often"))


def score(talk: Talk) -> Reply:
    """Tell the score of the round in hand or, when that is over or not begun, of the last one, and what is news beside.

    In the middle of a round it is this round's alone.
    """
    current, rounds = talk.listener.round, talk.listener.rounds
    if talk.session.asking:
        if current is None or not current.marks:
            return _ask(talk, talk.say("score_none_yet"))
        return _ask(talk, _told(talk, "score_so_far", current.right, len(current.marks)), again=0)
    offer = "resume" if current is not None and current.open else "round"
    if current is not None and current.marks:
        kind = "score_paused" if current.open else "score_last"
        right, asked = current.right, len(current.marks)
    elif rounds:
        kind, (_, right, asked) = "score_last", rounds[-1]
    else:
        talk.offers("round")
        return talk.reply(talk.say("no_score"), reprompt=talk.say("reprompt_yes_or_no"))
    talk.offers(offer)
    line, question = _told(talk, kind, right, asked), talk.say(f"offer_{offer}")
    news = standing.history(talk, right, standing.WORDS - len(f"{line} {question}".split()))
    return talk.reply(line, *news, question, reprompt=talk.say("reprompt_yes_or_no"))


def _told(talk: Talk, kind: str, right: int, asked: int) -> str:
    return talk.say(kind, right=spoken(right), asked=spoken(asked))


def _enter(talk: Talk) -> None:
    talk.session.over, talk.session.misses = False, 0


def _mark(talk: Talk, verdict: quiz.Verdict) -> Reply:
    """Give the open question its verdict, say why, and go on."""
    question = open_question(talk)
    if question is None:
        return resume(talk)
    if is_behind(talk):
        return catch_up(talk)
    before = talk.listener
    talk.listener = quiz.marked(talk.listener, verdict, talk.heard.now)
    talk.trace.verdict = verdict
    session = talk.session
    session.topic, session.pieces, session.misses = question.topic, 0, 0
    feedback = talk.say(f"verdict_{verdict}", answer=_spoken(question.choices[question.right]))
    if open_question(talk) is not None:
        return _ask(talk, feedback, question.explanation)
    session.asked, session.over = None, True
    talk.offers("round")
    practised = continued(talk.listener.practised, talk.heard.today())
    # It is over without its last mark, too, where the questions that were left have been taken out of the content.
    talk.listener = finished(replace(talk.listener, practised=practised))
    done = talk.listener.round
    assert done is not None, "the round that was just marked"
    line = _told(talk, "round_over", done.right, len(done.marks))
    speech = (feedback, question.explanation, line, *standing.after_round(talk, before), talk.say("offer_round"))
    return talk.reply(*speech, reprompt=talk.say("reprompt_yes_or_no"), again=2)


def _ask(talk: Talk, *lead: str, again: int | None = None) -> Reply:
    """Ask the open question after `lead`; "repeat" leaves out the first `again` pieces, all of `lead` by default."""
    question = open_question(talk)
    current = talk.listener.round
    if question is None or current is None:
        raise ValueError("no question is open")
    talk.session.asked = question.id
    talk.offers()
    lead = tuple(part for part in lead if part)
    number = talk.say("question_number", number=spoken(current.number))
    speech = (*lead, f"{number} {question.ask}", *_choices(question))
    reprompt = talk.say(f"reprompt_{question.kind.replace('-', '_')}")
    return talk.reply(*speech, reprompt=reprompt, again=len(lead) if again is None else again)


def _spoken(choice: Choice) -> str:
    """Return a choice as it is written where it is also read."""
    return re.sub(r"\bi\b", "I", choice.say)


def _choices(question: Question) -> tuple[str, ...]:
    """Return the choices as they are read out; a scene names its two in its question."""
    if question.kind == "true-false":
        return ("True, or false?",)
    if question.kind == "scene":
        return ()
    first, second, third = map(_spoken, question.choices)
    return (f"A, {first}.", f"B, {second}.", f"Or C, {third}?")
