"""What Alexa is told to listen for while a quiz question is open: its choices, as dynamic entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from ask_sdk_model.dialog import DynamicEntitiesDirective
from ask_sdk_model.er.dynamic import Entity, EntityListItem, EntityValueAndSynonyms, UpdateBehavior

from skill.library import Choice
from skill.words import plain

SLOT_TYPE = "QuizAnswer"
"""The slot type of the interaction model whose values the choices join."""
MOST = 100
"""How many values and synonyms Alexa takes in all ("Use Dynamic Entities for Customized Interactions")."""
LONGEST = 140
"""Amazon's limit on a slot value or synonym, in characters."""


def update(choices: Sequence[Choice]) -> DynamicEntitiesDirective:
    """Return the directive after which Alexa listens for `choices`, called choice-a and so on, and for no others.

    Without choices it takes back those that were sent before.
    """
    if not choices:
        return DynamicEntitiesDirective(update_behavior=UpdateBehavior.CLEAR)
    spoken = [list(dict.fromkeys(filter(None, map(plain, (choice.say, *choice.also))))) for choice in choices]
    # What would stand for two of them helps with neither.
    shared = Counter(text for texts in spoken for text in texts)
    most = MOST // len(choices)
    values = []
    for letter, (value, *others) in zip("abcdefgh", spoken, strict=False):
        fitting = (text for text in others if shared[text] == 1 and len(text) <= LONGEST)
        name = EntityValueAndSynonyms(value=value[:LONGEST], synonyms=list(islice(fitting, most - 1)))
        values.append(Entity(id=f"choice-{letter}", name=name))
    return DynamicEntitiesDirective(
        update_behavior=UpdateBehavior.REPLACE, types=[EntityListItem(name=SLOT_TYPE, values=values)]
    )
