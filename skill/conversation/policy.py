"""What a turn is: danger first, then an answer to the quiz, a choice, a command or a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from skill import clock
from skill.answering import Reading
from skill.conversation import asking, manners, quizzing, reminding
from skill.conversation.turn import Talk
from skill.hearing import Heard, hear
from skill.library import Choice
from skill.reply import Reply
from skill.words import bare, plain

FRESH = re.compile(r"\b(?:new|another|one more|fresh|again|different|rematch|next round|more questions|five more)\b")
"""Words that ask for a new round and not for the one that is open."""

OTHER_TOPIC = re.compile(r"\b(?:topics?|subjects?|themes?|things?|something|anything|else|talk about|surprise me)\b")
"""Words of moving on that do not mean the quiz's question; in the middle of a round they skip nothing."""

BESIDE_AN_ANSWER = (
    (re.compile(r"\b(?:skip|pass|next)\b"), "SkipIntent"),
    (re.compile(r"\b(?:repeat|say (?:it|that) again|one more time)\b"), "AMAZON.RepeatIntent"),
)
"""Where one of these stands beside an answer, it is obeyed and nothing is graded (CONTENT.md, "The quiz")."""

YES_ERASE = re.compile(
    r"(?:(?:um|okay|ok|please) )*(?:yes|yeah|yep|yup|sure)(?: (?:please|sure|i'm sure))* "
    r"(?:do|delete|erase|forget|wipe|remove|clear)\b(?:(?!\b(?:no|not|don't|but|except|only|keep|wait)\b).)*"
)
"""A yes to forgetting that names what it is a yes to; after anything else nothing is deleted."""

QUESTION = re.compile(
    r"\b(?:what|what's|how|why|when|where|who|which|is|are|can|could|do|does|should|would|will|am|tell me|explain)\b"
)
"""How a question opens, after fillers; only such words are taken for an aside in the middle of a round."""


def converse(talk: Talk) -> Reply:
    """Return what the skill says to what it heard; `talk` holds what follows from it."""
    # Whoever comes back from the question about a permission may be in another session, which listens for nothing yet.
    before = None if talk.heard.permission else talk.session.asked
    reply = _decide(talk)
    _describe(talk)
    return _expecting(talk, reply, before)


def _decide(talk: Talk) -> Reply:
    heard = talk.heard
    talk.trace.intent = heard.intent
    if quizzing.open_question(talk) is None:
        talk.session.asked = None
    choices = [id for id in talk.session.choices if id in talk.library.topics]
    talk.offers(talk.session.offer, choices if len(choices) == 2 and talk.session.offer is None else ())
    # The quiz's own words and a plain command are no cry for help, however hard they sound: we have read them.
    reading = talk.answerer.read(heard.words)
    answer = quizzing.heard_answer(talk, heard.words)
    if heard.words and not (answer.whole or reading.command) and reading.danger:
        return manners.safety(talk, reading.danger.kind)
    if heard.permission is not None:
        return reminding.resume(talk)
    if heard.only_time and talk.session.offer is None and (talk.session.asking or talk.session.choices):
        return _take_time_as_answer(talk)
    command = COMMANDS.get(heard.intent)
    if command is not None:
        return _obey(talk, heard.intent)
    if not heard.words:
        return _fallback(talk)
    return _free_words(talk, heard.words, reading, answer)


def _free_words(talk: Talk, words: str, reading: Reading, answer: Heard) -> Reply:
    """Make sense of words that no command's sample matched."""
    session = talk.session
    meaning = reading.meaning(following=talk.topic is not None)
    command = meaning.command if meaning.outcome == "command" else None
    if command in REMINDING and not (reading.command or reminding.is_meant(reading.said)):
        command = None
    if session.offer == "forget":
        reply = _whether_to_forget(talk, reading, answer, command)
        if reply is not None:
            return reply
    if session.offer == "time" or (session.offer in reminding.OFFERS and clock.heard(bare(words))):
        if clock.heard_in(words) and not QUESTION.match(bare(words)):
            return _obey(talk, "RemindMeIntent")
        if answer.kind != "nothing":
            return manners.no(talk)
    elif session.asking:
        beside = next((intent for pattern, intent in BESIDE_AN_ANSWER if pattern.search(plain(words))), None)
        if beside and not answer.whole and (command or answer.kind != "nothing"):
            return _obey(talk, command or beside)
        reply = quizzing.take_answer(talk, answer)
        if reply is not None:
            return reply
        if talk.heard.intent == "QuizAnswerIntent" and not reading.command:
            return quizzing.unheard(talk)
    reply = _choose(talk, words)
    if reply is not None:
        return reply
    if meaning.follow is not None:
        return asking.follow(talk, meaning.follow)
    if command in YES_OR_NO and not reading.command and session.asking and session.offer is None:
        # What only resembles a yes is no answer; the quiz has listened for one already.
        return quizzing.unheard(talk)
    if command is not None:
        return _obey(talk, command)
    aside = session.asking and meaning.outcome == "clarify" and QUESTION.match(bare(words))
    if meaning.outcome == "answer" or aside:
        return asking.answer(talk, talk.library.topics[meaning.topics[0][0]])
    if session.offer == "time" and (again := reminding.unheard(talk)):
        return again
    if session.asking:
        return quizzing.unheard(talk)
    if meaning.outcome == "clarify":
        return asking.either(talk, [id for id, _ in meaning.topics])
    return asking.unknown(talk)


def _choose(talk: Talk, words: str) -> Reply | None:
    """Take `words` as a choice between the two topics that stand open; None where they are none."""
    if not talk.session.choices:
        return None
    chosen = hear(words, [_as_choice(talk, id) for id in talk.session.choices])
    if chosen.kind == "choice" and chosen.index is not None:
        return asking.answer(talk, talk.library.topics[talk.session.choices[chosen.index]])
    return manners.no(talk) if chosen.kind == "declined" else None


def _take_time_as_answer(talk: Talk) -> Reply:
    """Make sense of a bare time where an answer was asked for: "two" may come as two o'clock."""
    talk.trace.intent = "QuizAnswerIntent"
    words = TIMES_AS_ANSWERS.get(talk.heard.time or "", "")
    if talk.session.asking:
        reply = quizzing.take_answer(talk, quizzing.heard_answer(talk, words))
    else:
        reply = _choose(talk, words)
    return reply or _fallback(talk)


def _whether_to_forget(talk: Talk, reading: Reading, answer: Heard, command: str | None) -> Reply | None:
    """Return what follows from an answer to "shall I erase it all?"; None for words about something else.

    Only a plain yes deletes: just as it is written down, or with what it is a yes to. What only resembles one
    (`command`) is asked again, and nothing is an answer of the quiz, since that was not the question.
    """
    if reading.command in YES_OR_NO:
        return _obey(talk, reading.command)
    if YES_ERASE.fullmatch(reading.said):
        return _obey(talk, "AMAZON.YesIntent")
    if command == "AMAZON.YesIntent":
        return manners.ask_to_forget(talk)
    if command == "AMAZON.NoIntent" or answer.kind != "nothing":
        return manners.no(talk)
    return None


def _as_choice(talk: Talk, id: str) -> Choice:
    topic = talk.library.topics[id]
    return Choice(topic.title, topic.names)


def _obey(talk: Talk, intent: str) -> Reply:
    talk.trace.intent = intent
    if talk.session.offer == "forget" and intent not in (*YES_OR_NO, "AMAZON.RepeatIntent", "SlowerIntent"):
        if talk.session.asking and (intent in PASSING or talk.heard.only_time):
            return manners.no(talk)
        talk.offers()
    if talk.session.offer == "time" and talk.session.asking and intent in PASSING:
        return manners.no(talk)
    if intent not in ("AMAZON.FallbackIntent", "AMAZON.RepeatIntent", "SlowerIntent"):
        talk.session.misses = 0
    return COMMANDS[intent](talk)


def _start_quiz(talk: Talk) -> Reply:
    fresh = talk.heard.fresh or bool(FRESH.search(plain(talk.heard.words)))
    return quizzing.start(talk, fresh)


def _start_over(talk: Talk) -> Reply:
    if talk.topic is not None and talk.listener.round is None:
        return asking.answer(talk, talk.topic)
    return quizzing.start(talk, fresh=True)


def _skip(talk: Talk) -> Reply:
    return quizzing.skip(talk) if talk.session.asking else asking.suggest(talk)


def _next(talk: Talk) -> Reply:
    if talk.session.asking and OTHER_TOPIC.search(plain(talk.heard.words)):
        return asking.suggest_aside(talk)
    return _skip(talk)


def _dont_know(talk: Talk) -> Reply:
    return quizzing.give_up(talk) if talk.session.asking else asking.suggest(talk, talk.say("never_mind_then"))


def _more(talk: Talk) -> Reply:
    # "Go on" to the offer of a round is a yes to it.
    going_on = talk.topic is None and talk.session.offer in ("resume", "round")
    return manners.yes(talk) if going_on else asking.more(talk)


def _resume(talk: Talk) -> Reply:
    if not talk.session.asking and talk.topic is not None and quizzing.open_question(talk) is None:
        return asking.more(talk)
    return quizzing.resume(talk)


def _fallback(talk: Talk) -> Reply:
    if again := reminding.unheard(talk):
        return again
    return quizzing.unheard(talk) if talk.session.asking else asking.unknown(talk)


COMMANDS: Mapping[str, Callable[[Talk], Reply]] = {
    "LaunchRequest": manners.welcome,
    "StartQuizIntent": _start_quiz,
    "SkipIntent": _skip,
    "DontKnowIntent": _dont_know,
    "ScoreIntent": quizzing.score,
    "DailyTipIntent": manners.tip,
    "TellMeMoreIntent": _more,
    "ExampleIntent": asking.example,
    "PracticeIntent": asking.practice,
    "SlowerIntent": lambda talk: manners.repeat(talk, slow=True),
    "ForgetMeIntent": manners.ask_to_forget,
    "RemindMeIntent": reminding.remind,
    "ReminderIntent": reminding.when,
    "StopRemindingIntent": reminding.stop,
    "AMAZON.HelpIntent": manners.helping,
    "AMAZON.StopIntent": manners.goodbye,
    "AMAZON.CancelIntent": manners.goodbye,
    "AMAZON.NavigateHomeIntent": manners.goodbye,
    "AMAZON.PauseIntent": manners.pause,
    "AMAZON.RepeatIntent": manners.repeat,
    "AMAZON.NextIntent": _next,
    "AMAZON.ResumeIntent": _resume,
    "AMAZON.StartOverIntent": _start_over,
    "AMAZON.YesIntent": manners.yes,
    "AMAZON.NoIntent": manners.no,
    "AMAZON.FallbackIntent": _fallback,
}
"""What each intent that needs no words does."""

REMINDING = ("RemindMeIntent", "ReminderIntent", "StopRemindingIntent")

TIMES_AS_ANSWERS = {
    **{"01:00": "number one", "02:00": "number two", "03:00": "number three"},
    **{"MO": "in the morning", "AF": "in the afternoon", "EV": "in the evening", "NI": "tonight"},
}
"""What was said where Alexa made a time of an answer."""

PASSING = ("SkipIntent", "DontKnowIntent", "AMAZON.NextIntent")
"""What passes over a question: where a time for a reminder or "shall I erase it all?" was asked, that one."""

YES_OR_NO = ("AMAZON.YesIntent", "AMAZON.NoIntent")


def _describe(talk: Talk) -> None:
    """Write into the trace how the quiz stands after the turn."""
    trace, session, current = talk.trace, talk.session, talk.listener.round
    question = quizzing.open_question(talk) if session.asking else None
    if question is not None and current is not None:
        trace.quiz = "asking"
        trace.question = {
            "id": question.id,
            "number": current.number,
            "choices": [choice.say for choice in question.choices],
            "right": question.right,
        }
    elif current is not None and current.open is not None:
        trace.quiz = "paused"
    elif session.over:
        trace.quiz = "over"
    trace.score_right = current.right if current is not None else None


def _expecting(talk: Talk, reply: Reply, before: str | None) -> Reply:
    """Return `reply` with the choices to listen for, where another question is open than `before`, or none any more.

    What closes the session expects nothing, and with safety help goes nothing but its words.
    """
    if reply.private or not reply.keeps_listening or talk.session.asked == before:
        return reply
    question = quizzing.asked_question(talk)
    return replace(reply, expects=question.choices if question else ())
