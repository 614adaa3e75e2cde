"""What the skill says keeps to its rules: each rule catches its own kind of fault, and the content has none."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import skill
from skill.library import language_of
from skill.making import rules
from skill.making.source import Record, Source

TOPICS = """
    about abuse-risk asking-for-needs attachment authenticity benefits-of-connection beyond-romance boundaries
    causes-of-codependency codependency communication control difference differentiation effects-on-wellbeing
    emotional-intimacy fear-of-rejection feeling-responsible getting-support growth healthy-relationship
    helping-a-partner hobbies-and-friends independence interdependence moving-to-interdependence people-pleasing
    responsibility saying-no self-check self-esteem signs-of-codependency signs-of-interdependence
    support-in-hard-times time-together-and-apart toxic-relationship vulnerability which-is-better
""".split()
"""The ids of the design; content, quiz, tips and the bench refer to them."""

HELP = {
    "en-US": ("911", ("National Domestic Violence Hotline", "18007997233"), ("Suicide and Crisis Lifeline", "988")),
    "en-CA": ("911", ("211", "211"), ("988", "988")),
    "en-GB": ("999", ("National Domestic Abuse Helpline", "08082000247"), ("Samaritans", "116123")),
    "en-AU": ("000", ("1800 RESPECT", "1800737732"), ("Lifeline", "131114")),
    "en-IN": ("112", ("Women's Helpline", "181"), ("Tele MANAS", "14416")),
}
"""Each locale's emergency number, and its lines for violence at home and for despair: names and numbers as dialled."""

SPOKEN = {word: str(digit) for digit, word in enumerate("zero one two three four five six seven eight nine".split())}
SPOKEN |= {"hundred": "00", "thousand": "000"}


def dialled(spoken: str) -> str:
    """Return the digits of a number as it is spoken: "two thousand, two four seven" is 2000247."""
    return "".join(SPOKEN.get(word.strip(","), "") for word in spoken.lower().split())


def topic(source: Source, id: str = "boundaries") -> Record:
    return next(topic for topic in source.topics if topic["id"] == id)


def question(source: Source, kind: str) -> Record:
    return next(question for question in source.quiz if question["kind"] == kind)


def words(count: int) -> str:
    return " ".join(["kind"] * count) + "."


# The real content


def test_the_content_has_no_fault(real: Source) -> None:
    assert rules.faults(real) == []


def test_there_are_exactly_the_topics_of_the_design(real: Source) -> None:
    assert len(TOPICS) == 38
    assert [topic["id"] for topic in real.topics] == TOPICS


def test_every_topic_is_asked_for_in_the_words_of_many_people(real: Source) -> None:
    for topic in real.topics:
        ways = {line for lines in topic["questions"].values() for line in lines}
        assert len(ways) >= 30, topic["id"]
        assert len([lines for lines in topic["questions"].values() if lines]) >= 3, topic["id"]


def test_there_is_a_tip_for_every_day_of_a_leap_year(real: Source) -> None:
    assert len({tip["text"] for tip in real.tips}) >= 366


def test_there_is_quiz_for_many_rounds_and_on_every_topic(real: Source) -> None:
    assert len(real.quiz) >= 200
    assert {question["topic"] for question in real.quiz} == set(TOPICS)
    assert {question["difficulty"] for question in real.quiz} == {1, 2, 3}
    assert {question["kind"] for question in real.quiz} == {"true-false", "scene", "choice"}


def test_tips_are_tied_to_every_topic(real: Source) -> None:
    assert {tip["topic"] for tip in real.tips} >= set(TOPICS) - {"about"}


def test_what_no_topic_answers_is_known_too(real: Source) -> None:
    assert sum(len(lines) for lines in real.outside["near"].values()) >= 400
    assert sum(len(lines) for lines in real.outside["far"].values()) >= 200


def test_beyond_the_source_article_the_editor_is_told_where_it_comes_from(real: Source) -> None:
    assert all(len(topic["source"].split()) >= 3 for topic in real.topics)


@pytest.mark.parametrize("locale", HELP)
def test_in_danger_the_right_number_of_ones_own_country_is_given(real: Source, locale: str) -> None:
    emergency, violence, crisis = HELP[locale]
    given = real.locales[locale]
    assert dialled(given["emergency"]) == emergency
    for (name, number), spoken in ((violence, given["violence"]), (crisis, given["crisis"])):
        named, at, rest = spoken.partition(", at ")
        assert dialled(rest if at else named) == number
        if not name[0].isdigit():
            assert name.lower() in named.lower()


def test_there_are_five_countries_and_no_other(real: Source) -> None:
    assert set(real.locales) == set(HELP)
    assert {language_of(locale) for locale in real.locales} == {real.language}


def test_the_kinds_of_phrases_are_those_that_the_conversation_says() -> None:
    # What is said by a name put together, as in f"verdict_{verdict}", is covered by its beginning.
    whole, starts = set(), set()
    for path in [
        *Path(skill.__file__).parent.glob("conversation/*.py"),
        *Path(skill.__file__).parent.glob("alexa/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                starts.add(str(node.values[0].value))
    unsaid = [kind for kind in rules.PHRASES if kind not in whole and not any(kind.startswith(s) for s in starts if s)]
    assert unsaid == []


def test_what_keeps_listening_ends_with_a_question(real: Source) -> None:
    ends = (
        "welcome reprompt offer clarify suggest unknown stray anything_else yes_to_else dropped neither no_round "
        "no_score nothing_to_repeat forget_ask forget_failed trouble"
    ).split()
    kinds = [kind for kind in real.phrases if kind.startswith(tuple(ends))] + ["help"]
    assert [text for kind in kinds for text in real.phrases[kind] if not text.endswith("?")] == []


def test_what_closes_does_not_ask(real: Source) -> None:
    closing = ("goodbye", "goodbye_round", "pause", "safety_violence", "safety_crisis")
    assert [text for kind in closing for text in real.phrases[kind] if "?" in text] == []


# Each rule on a change of the real content

Change = Callable[[Source], None]


def _answer_spread(source: Source) -> None:
    for question in source.quiz:
        if question["kind"] == "choice":
            question["right"] = 0


def _right_is_longest(source: Source) -> None:
    for question in source.quiz:
        if question["kind"] == "choice":
            question["choices"][question["right"]]["say"] += " with a few careful words more"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda s: topic(s).update(title=words(8)), "topics/boundaries.yaml: title has more than 7 words; shorten it"),
        (lambda s: topic(s).update(short=words(56)), "topics/boundaries.yaml: short: 56 words, at most 55; shorten it"),
        (lambda s: topic(s).update(example=words(61)), "topics/boundaries.yaml: example: 61 words, at most 60"),
        (lambda s: topic(s).update(practice=words(46)), "topics/boundaries.yaml: practice: 46 words, at most 45"),
        (lambda s: topic(s)["more"].__setitem__(1, words(61)), "topics/boundaries.yaml: more 2: 61 words, at most 60"),
        (
            lambda s: topic(s).update(more=["One piece."]),
            "topics/boundaries.yaml: more has 1 pieces; it needs two or three",
        ),
        (lambda s: topic(s)["more"].extend(["A piece."] * 2), "it needs two or three"),
        (
            lambda s: topic(s).update(related=["saying-no"]),
            "topics/boundaries.yaml: related must name two or three other topics",
        ),
        (lambda s: topic(s).update(related=["saying-no", "boundaries"]), "related must name two or three other topics"),
        (
            lambda s: topic(s)["names"].append(topic(s, "saying-no")["names"][0]),
            "stands in topics/boundaries.yaml too; keep it in one",
        ),
        (lambda s: s.quiz[0].update(explanation=words(36)), "explanation: 36 words, at most 35; shorten it"),
        (lambda s: s.quiz[0].update(ask=words(47)), "question and choices have 51 words, at most 48; shorten them"),
        (lambda s: s.quiz[0].update(ask="Is it 50/50?"), "can't be spoken; write it in words"),
        (lambda s: s.quiz[1].update(ask=s.quiz[0]["ask"]), "asks the same as"),
        (
            lambda s: question(s, "true-false")["choices"].reverse(),
            "the choices of a true-false question are true and false, in this order",
        ),
        (
            lambda s: question(s, "choice")["choices"][1].update(say=question(s, "choice")["choices"][0]["say"]),
            "can't be told from the other choices; change one of them",
        ),
        (
            lambda s: question(s, "choice")["choices"][1]["also"].append(question(s, "choice")["choices"][0]["say"]),
            "can't be told from the other choices; change one of them",
        ),
        (
            lambda s: question(s, "choice")["choices"][1].update(say=s.commands["SkipIntent"][0]),
            "'skip' is a way to say SkipIntent too; say it in other words",
        ),
        (
            lambda s: question(s, "choice")["choices"][1]["also"].append("um skip it please"),
            "'um skip it please' is a way to say SkipIntent too; say it in other words",
        ),
        (lambda s: s.tips[0].update(text=words(46)), "46 words, at most 45; shorten it"),
        (lambda s: s.tips[1].update(text=s.tips[0]["text"]), "says the same as"),
        (lambda s: s.phrases.update(goodbye=["Goodbye."] * 4), "phrases.yaml: goodbye has 1 wordings; it needs 4"),
        (lambda s: s.phrases["goodbye"].append(words(16)), "phrases.yaml: goodbye: 16 words, at most 15"),
        (lambda s: s.phrases["welcome"].append(words(46)), "phrases.yaml: welcome: 46 words, at most 45"),
        (lambda s: s.phrases["pause"].append(words(31)), "phrases.yaml: pause: 31 words, at most 30"),
        (lambda s: s.phrases.pop("unkept"), "phrases.yaml: unkept is missing; add it"),
        (
            lambda s: s.phrases.update(jokes=["Ha.", "Hi.", "Ho.", "Hu."]),
            "phrases.yaml: nothing says jokes; take it out",
        ),
        (
            lambda s: s.phrases["offer_topic"].append("Shall we look at {titel}?"),
            "nothing fills in {titel}; take it out",
        ),
        (lambda s: s.phrases["goodbye"].append("Bye {name}."), "nothing fills in {name}; take it out"),
        (lambda s: s.phrases["offer_topic"].append("Shall we look at {title?"), "a brace has no pair"),
        (lambda s: s.phrases["safety_violence"].append("Please call {line}."), "{emergency} is missing; add it"),
        (lambda s: s.phrases["safety_crisis"].append("Please call {emergency}."), "{line} is missing; add it"),
        (
            lambda s: s.commands.update(DanceIntent=["dance"]),
            "commands.yaml: there is no intent DanceIntent; take it out",
        ),
        (lambda s: s.commands.update({"AMAZON.FallbackIntent": ["hm"]}), "there is no intent AMAZON.FallbackIntent"),
        (lambda s: s.commands.pop("ForgetMeIntent"), "commands.yaml: ForgetMeIntent is missing; add it"),
        (lambda s: s.commands["AMAZON.StopIntent"].append(s.commands["SkipIntent"][0]), "keep it in one"),
        (
            lambda s: s.locales["en-GB"].update(time_zone="Europe/Londno"),
            "locales.yaml: en-GB: there is no time zone 'Europe/Londno'",
        ),
    ],
)
def test_a_rule_bites(small: Source, change: Change, fault: str) -> None:
    change(small)
    assert any(fault in line for line in rules.faults(small))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_answer_spread, "quiz: the right answer of choice questions is in place 1 in 100%; spread them"),
        (_right_is_longest, "at most a third may be"),
    ],
)
def test_a_right_answer_does_not_show_by_its_place_or_its_length(changed: Source, change: Change, fault: str) -> None:
    change(changed)
    assert any(fault in line for line in rules.faults(changed))


SPOKEN_TEXTS: dict[str, Callable[[Source, str], None]] = {
    "short": lambda s, text: topic(s).update(short=text),
    "more 1": lambda s, text: topic(s)["more"].__setitem__(0, text),
    "example": lambda s, text: topic(s).update(example=text),
    "practice": lambda s, text: topic(s).update(practice=text),
    "explanation": lambda s, text: s.quiz[0].update(explanation=text),
    "tip": lambda s, text: s.tips[0].update(text=text),
}
"""Where texts are heard, and how one is put there."""


@pytest.mark.parametrize("place", SPOKEN_TEXTS)
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Call 50 people.", "'5' can't be spoken"),
        ("You (both) matter.", "'(' can't be spoken"),
        ("Give & take.", "'&' can't be spoken"),
        ("See https://example.org for it.", "'https:' can't be spoken"),
        ("Small things, e.g. tea.", "'e.g' can't be spoken"),
        ("Wait -- listen.", "'--' can't be spoken"),
        ("Caf\u00e9 time.", "'\u00e9' can't be spoken"),
        ("That means you're codependent.", "the skill never diagnoses"),
        ("Then you are a codependent.", "the skill never diagnoses"),
        (
            "Differentiation necessitates maintaining individual autonomy notwithstanding considerable emotional "
            "proximity, thereby facilitating sustainable interpersonal reciprocity everywhere.",
            "reading grade",
        ),
    ],
    ids=["digit", "parenthesis", "sign", "address", "abbreviation", "dash", "accent", "diagnosis", "noun", "hard"],
)
def test_no_voice_stumbles_and_nobody_is_diagnosed(small: Source, place: str, text: str, fault: str) -> None:
    SPOKEN_TEXTS[place](small, text)
    found = [line for line in rules.faults(small) if fault in line]
    assert len(found) == 1
    assert place.split()[0] in found[0]


def test_a_pattern_may_be_named_without_being_pinned_on_somebody(small: Source) -> None:
    topic(small)["short"] = "Codependent habits were learned. You can learn new ones."
    assert rules.faults(small) == []


@pytest.mark.parametrize(
    ("text", "words", "sentences", "syllables"),
    [
        ("The cat sat on the mat.", 6, 1, 6),
        ("Say what you want. Then ask what they want, and listen.", 11, 2, 12),
        ("Don't wait! Isn't it time?", 5, 2, 6),
        ("Boundaries are a kindness", 4, 1, 7),
    ],
)
def test_the_reading_grade_is_that_of_flesch_and_kincaid(text: str, words: int, sentences: int, syllables: int) -> None:
    assert rules.grade(text) == pytest.approx(0.39 * words / sentences + 11.8 * syllables / words - 15.59)


def test_a_word_that_no_dictionary_has_counts_as_it_is_hyphenated() -> None:
    assert rules.grade("Unforgettablenesses happen.") > rules.grade("Cats nap.")


def test_right_answers_are_spread_evenly(real: Source) -> None:
    for kind, size in (("true-false", 2), ("scene", 2), ("choice", 3)):
        places = Counter(question["right"] for question in real.quiz if question["kind"] == kind)
        assert set(places) == set(range(size))
