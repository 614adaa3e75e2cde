"""True and false, in these words, in others, and as they are misheard."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from skill.hearing import mentions
from skill.hearing.mentions import Mention
from skill.library import Choice
from skill.words import bare

TRUE = frozenset(
    "true|drew|through|troo|threw|crew|truth|that's true|it's true|that is true|very true|so true|true that|correct|"
    "that's correct|right|that's right|yes|yeah|yep|yup|yes it is|yes it's true|yes that's true|i agree|tru|chew|"
    "tree".split("|")
)
FALSE = frozenset(
    "false|falls|fall|force|fools|fuls|vols|faults|fault|faucet|fast|wrong|that's wrong|it's wrong|not true|"
    "that's not true|it's not true|untrue|that's false|it's false|incorrect|not correct|not right|that's not right|"
    "that's a lie|no|nope|nah|no it isn't|no it's not|no it's false|no that's false|no that's not true|i disagree|"
    "falsch|walls|halls|fours|floors".split("|")
)


TRUTH = re.compile(
    r"\b(?P<open>true or (?:is it )?false|(?:maybe|perhaps) (?:true|false) (?:maybe|perhaps) (?:true|false))\b|"
    r"\b(?P<false>false|untrue|incorrect|rubbish|nonsense|disagree|no way|don't think so|doubt it|"
    r"(?:of course|absolutely|definitely|certainly) not(?! (?:false|wrong))|"
    r"(?:it's|that's|it is|that is|what|such) a lie|(?:that's|it's|it is|that is) (?:just |all |totally )?wrong)\b|"
    r"\b(?P<true>true|correct|absolutely|exactly|i agree|i think so|(?:yes|yeah) of course|"
    r"(?:that's|it's|it is|that is|must be|has to be|sounds) (?:about |quite |so )?right)\b"
)
"""Words for true and for false, wherever they stand."""
YES_NO = re.compile(r"(?:(?P<yes>yes|yeah|yep|yup|sure)|(?P<no>no|nope|nah))\b")
COMMAND = re.compile(
    r"\b(?:stop|quit|skip|pass|repeat|again|pause|wait|cancel|leave|enough|done|later|next|hang on|hold on|slower|help|"
    r"question|quiz|score|thanks|thank you|please|alexa)\b"
)
"""Words beside which a yes or a no may be about something else than the question."""


_ENDS_IN_NO = re.compile(r"\b(?:but|really|well|um|so|think) no$")


def is_true_or_false(choices: Sequence[Choice]) -> bool:
    """Return whether the choices are true and false."""
    return {c.say for c in choices} == {"true", "false"}


def whole(forms: Set[str], choices: Sequence[Choice]) -> int | None:
    """Return the choice that one of the `forms` of an utterance is a word for and nothing else; None where none is."""
    index = _index(choices)
    return index["false"] if forms & FALSE else index["true"] if forms & TRUE else None


def find(said: str, choices: Sequence[Choice]) -> list[Mention]:
    """Return where `said` says true or false, in these words or in others."""
    index = _index(choices)
    if _ENDS_IN_NO.search(said):
        return [Mention(said.rindex("no"), len(said), index["false"])]
    found = []
    since = 0
    for match in TRUTH.finditer(said):
        name = match.lastgroup
        opposite = mentions.denied(said, match.start(), match.end(), since)
        since = match.end()
        if name == "open":
            found.append(Mention(match.start(), match.end(), None))
        else:
            found.append(
                Mention(match.start(), match.end(), index["true" if (name == "true") != opposite else "false"])
            )
    if found:
        return found
    pointed = mentions.find(said, choices)
    if pointed:
        return pointed
    opening = YES_NO.match(bare(said)) or YES_NO.match(said)
    if opening and not COMMAND.search(said):
        return [Mention(0, len(opening[0]), index["true" if opening.lastgroup == "yes" else "false"])]
    return []


def _index(choices: Sequence[Choice]) -> dict[str, int]:
    return {choice.say: index for index, choice in enumerate(choices)}
