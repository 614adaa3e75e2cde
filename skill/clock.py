"""Times of day as they are said in English, and as Alexa hands them over.

A heard time is what Alexa's AMAZON.TIME gives ("Slot Type Reference" in Amazon's documentation): "08:00", or "MO",
"AF", "EV" or "NI" for the morning, afternoon, evening or night as a whole. An hour without more, as in "at eight", is
that of the morning.
"""

from __future__ import annotations

import re
from datetime import time

from skill.words import plain

PARTS = {"MO": time(8), "AF": time(14), "EV": time(19), "NI": time(21)}
"""The hour to take where only a part of the day was named."""

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_NUMBERS = {word: n for n, word in enumerate(f"{_ONES} seventeen eighteen nineteen".split())}
_NUMBERS |= {
    f"{ten} {one}".strip(): 10 * n + k
    for n, ten in enumerate("twenty thirty forty fifty".split(), 2)
    for k, one in enumerate(["", *_ONES.split()[1:10]])
}
_WORDS = {n: word for word, n in _NUMBERS.items()}


def _one_of(numbers: range) -> str:
    return "|".join(_WORDS[n] for n in sorted(numbers, key=lambda n: -len(_WORDS[n])))


_HALF_DAY = (
    r"(?: (?P<am>a ?m)| (?P<pm>p ?m)| (?:in the |this )?(?P<part>morning|afternoon|evening)|"
    r" (?:at |in the |to)?(?P<night>night))"
)
_HOUR = rf"(?P<hour>{_one_of(range(1, 24))})"
_MINUTE = rf"(?: (?:and )?(?P<minute>(?:{_one_of(range(10, 60))})|(?:oh|o|zero) (?:{_one_of(range(1, 10))})|hundred))?"
_BY_THE_HOUR = rf"{_HOUR}{_MINUTE}(?: o'?clock)?"
_BESIDE = (
    rf"(?:(?P<quarter>(?:a )?quarter)|(?P<half>half)|(?P<off>{_one_of(range(1, 60))})(?: minutes?)?) "
    rf"(?P<way>past|after|to|till|before|of) (?P<next>{_one_of(range(1, 13))})(?: o'?clock)?"
)
_HALF_SEVEN = rf"half (?P<halved>{_one_of(range(1, 13))})"
_NAMED = r"(?:(?:twelve )?(?P<noon>noon|midday)|(?:twelve )?(?P<midnight>midnight))"
_PART = r"(?:(?:in|during) )?(?:(?:the|this|every|each) )?(?P<whole>morning|afternoon|evening|night|tonight)s?"
_EXACT = rf"(?:(?:{_BESIDE}|{_HALF_SEVEN}|{_BY_THE_HOUR}){_HALF_DAY}?|{_NAMED})"
_SHARP = r"(?: (?:sharp|exactly))?"

_TIME = re.compile(rf"(?:(?:at|around|about|by|for|exactly) )*(?:(?:early )?{_PART}|{_EXACT}{_SHARP})")
_LEADS = frozenset("at around about by for to it it's say till until".split())
"""Words before a number that make it a time."""
_TIMELY = re.compile(
    r"\b(?:o'?clock|[ap] ?m|mornings?|afternoons?|evenings?|nights?|past|quarter|half|noon|midday|midnight|"
    r"\w+ (?:to|till|before) \w+)\b"
)
"""Words in a time that tell it from any number."""
_LONGEST = 9
"""The most words that a time has."""

_DIGITS = re.compile(
    r"(?<![\w:.,/])(\d{1,2})(?:[:.](\d{2}))?(?![\d:/]|[.,]\d)(?=\s?[ap]\.?\s?m\b|(?![a-z]))", re.IGNORECASE
)


def spelled(text: str) -> str:
    """Return `text` with the digits of times and small numbers in words: "8:30" gives "eight thirty"."""

    def words(match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour > 59 or minute > 59:
            return match[0]
        said = _WORDS[hour]
        if minute:
            said += f" oh {_WORDS[minute]}" if minute < 10 else f" {_WORDS[minute]}"
        return f"{said} "

    return _DIGITS.sub(words, text)


def heard(text: str) -> str | None:
    """Return the time that `text` is and nothing else, as Alexa would hand it over; None where it is none."""
    match = _TIME.fullmatch(plain(text))
    return _value(match) if match else None


def heard_in(text: str) -> str | None:
    """Return the time that a sentence names, as Alexa would hand it over; None where it names none.

    A number alone is no time: it needs "at" or the like before it, or "o'clock", "pm" or "in the morning" after it.
    """
    said = plain(text)
    whole = heard(said)
    if whole:
        return whole
    words, found, start = said.split(), None, 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST), start, -1):
            part = " ".join(words[start:end])
            value = heard(part) if _TIMELY.search(part) or (start and words[start - 1] in _LEADS) else None
            if value:
                # "not at eight, at nine": the last one counts
                found, start = value, end - 1
                break
        start += 1
    return found


def time_of(value: str) -> time | None:
    """Return the time of day that Alexa's value stands for; None where it is none, such as "?"."""
    if value in PARTS:
        return PARTS[value]
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)(?::\d\d)?", value)
    return time(int(match[1]), int(match[2])) if match else None


def spoken(at: time) -> str:
    """Return a time of day as it is said: "eight thirty in the morning", "noon"."""
    if not at.minute and at.hour in (0, 12):
        return "noon" if at.hour else "midnight"
    if at.hour < 12:
        part = "in the morning"
    elif at.hour < 18:
        part = "in the afternoon"
    else:
        part = "in the evening" if at.hour < 21 else "at night"
    minute = "" if not at.minute else f" oh {_WORDS[at.minute]}" if at.minute < 10 else f" {_WORDS[at.minute]}"
    return f"{_WORDS[at.hour % 12 or 12]}{minute} {part}"


def _value(match: re.Match[str]) -> str | None:
    said = match.groupdict()
    if said["whole"]:
        return {"morning": "MO", "afternoon": "AF", "evening": "EV"}.get(said["whole"], "NI")
    if said["noon"] or said["midnight"]:
        return "12:00" if said["noon"] else "00:00"
    if said["halved"]:
        hour, minute = _NUMBERS[said["halved"]], 30
    elif said["next"]:
        hour = _NUMBERS[said["next"]]
        minute = 15 if said["quarter"] else 30 if said["half"] else _NUMBERS[said["off"]]
        if said["way"] not in ("past", "after"):
            hour, minute = hour - 1 or 12, 60 - minute
    else:
        hour, minute = _NUMBERS[said["hour"]], _minute(said["minute"])
    return f"{_hour(hour, said):02}:{minute:02}"


def _minute(said: str | None) -> int:
    if said is None or said == "hundred":
        return 0
    return _NUMBERS[re.sub(r"^(?:oh|o|zero) ", "", said)]


def _hour(hour: int, said: dict[str, str | None]) -> int:
    """Return the hour of the day of an hour of the clock, by what was said of the half of the day."""
    if hour > 12:
        return hour
    if said["am"] or said["part"] == "morning":
        return hour % 12
    if said["pm"] or said["part"]:
        return hour % 12 + 12
    if said["night"]:  # "two at night" is before dawn, "ten at night" before midnight
        return hour % 12 if hour < 5 or hour == 12 else hour + 12
    return hour
