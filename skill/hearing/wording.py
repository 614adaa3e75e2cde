"""How people put an answer, change it, turn it down and doubt it: the English words around a choice."""

from __future__ import annotations

import re

LETTERS = (
    {"a", "ay", "eh", "letter a"},
    {"b", "be", "bee", "bea", "letter b", "beat"},
    {"c", "see", "sea", "cee", "si", "letter c"},
)
PLACES = (
    {"first", "one", "number one", "won", "1st", "former", "beginning", "top"},
    {"second", "two", "number two", "too", "to", "2nd", "middle", "latter"},
    {"third", "three", "number three", "tree", "free", "3rd"},
)
CARRIER = re.compile(
    r"^(?:(?:no|wait|but|and|or|is it|it is|it's|its|was it|it was|that's|that is|i think|i say|i'd say|i would say|"
    r"i guess|i believe|i reckon|i choose|i pick|i go with|i'd go with|i'll go with|i'm going with|i'll take|i'll say|"
    r"i want|i mean|i meant|i want to say|i'd go for|i'll go for|go for|give me|what about|how about|that sounds like|"
    r"that sounds|sounds like|sounds|that looks like|that looks|looks like|"
    r"think|guess|reckon|say|my answer is|the answer is|answer is|answer|must be|it must be|it has to be|has to be|"
    r"could it be|could be|"
    r"probably|maybe|definitely|surely|for sure|let's go with|let's say|going with|gonna say|i'm gonna say|gotta be|"
    r"go with|take|it's gotta be|that would be|would be|that'd be|the|this|that|is|it|option|choice|letter|number|"
    r"one is|(?:the )?one (?:about|with|where|that says)|he|she|they|we think|we say|we go with|me i think|me|i)\s+)+"
)
REST = re.compile(
    r"(?:\s+(?:one|i think|i guess|i suppose|i reckon|i believe|to me|isn't it|isn't that|final answer|answer|is it|"
    r"right|yes|maybe|of course|for sure|"
    r"definitely|probably|sure|choice|option|please|thanks|then|is right|is correct|is the answer|of them|i say|no))+$"
)
CHANGE = re.compile(
    r"\b(?:no wait|wait no|no no|no sorry|sorry no|or no|never mind|no actually|actually no|actually|i mean|"
    r"scratch that|on second thought|hang on|hold on|wait|sorry|no make that|make that|make it|i meant|no it's|no i|"
    r"no)\b"
)
NONE = re.compile(
    r"^(?:(?:it's |i think |i say |i want |it is )?(?:neither|none|none of (?:them|these|those|the above)|"
    r"neither of (?:them|these|those)|neither one|not (?:any|either) of (?:them|these)|both|both of them|both of these|"
    r"all|all of (?:them|these|those|the above)|all three|the two|no one|"
    r"a bit of both|a little of both|all the above))(?: (?:is|are) (?:right|true|correct|wrong))?$"
)
ALL_DOWN = re.compile(
    r"\b(?:none|neither|all|(?:not )?any|not either) of (?:them|these|those|the above)\b|"
    r"\b(?:don't|do not) like (?:any|either) of\b|\b(?:(?:wo|would|ca|could)n't) (?:say|pick|choose|take) either\b|"
    r"\bneither\b(?=$| (?:he|she|they|it)'(?:s|re)\b)|\bneither (?:true nor false|one)\b|"
    r"\b(?:bit|little) (?:of|from) both\b|\bboth of them\b|\bdoing both\b|\ball three\b|"
    r"\b(?:pick|choose|take|say) (?:any|either|none)$|"
    r"\b(?:they're|they are|those are) all (?:true|right|wrong|false)\b|"
    r"\bone or the other\b|\bnot the first and not the second\b"
)
"""What turns all choices down, or takes all of them, somewhere in a sentence."""
NOT_ONE = re.compile(r"\b(?:not|isn't|ain't|can't be|cannot be|except|(?:don't|do not) (?:think|believe|reckon))\b")
THAT_ONE = re.compile(r"^(?:i (?:think|say) )?(?:that|this|it's that|it's this) one\b(?: yes| please| i think)?$")
DOUBT = re.compile(
    r"^(?:(?:i'm |i am )?(?:not (?:really |quite |so |too )?sure|unsure)|i (?:really )?don't know|dunno)\b"
)
WHETHER = re.compile(DOUBT.pattern + r" (?:if|whether|about|that)\b")
"""A doubt of the very choice that is named after it."""
VAGUE = re.compile(
    r"^(?:(?:it )?(?:all )?depends|sometimes|maybe|perhaps|partly|either|not always|half and half|could be|"
    r"(?:yes|partly|kind of|sort of) (?:yes )?and (?:partly )?no)\b|\bone of (?:those|these|them|the two)\b"
)
"""An answer that names no choice."""
OR = re.compile(r"\b(?:or|and|either|between)\b")
OR_ELSE = re.compile(r"^ or (?!no\b|whatever|something|so\b)\S+")
OR_BEFORE = re.compile(r"\S (?<!or no )or (?:maybe |perhaps )?$")
"""Something else that is put beside the one choice that was heard."""
TAG = re.compile(
    r"(?<!^)\b(?:(?:is|are|does|do|has|won)n't (?:it|that|he|she|they)|don't you think|innit)\b|"
    r"\b(?:i'm |i am )?not (?:really |quite |so |too |completely )?sure but\b|\bi don't know but\b"
)
"""What is put after an answer, or before it, and denies nothing."""
AT_LAST = re.compile(
    r"\b(?:(?:i would|i'd) say|i think it's|(?:i'd|i'll|i would) go with|my answer is|yes|um|uh|hmm) "
    r"(?P<rest>(?:\S+ ?){1,5})$"
)
"""How an answer is put after the question's own words."""
OTHERWISE = re.compile(
    r"\b(?:didn't|did not|couldn't|can't) (?:hear|catch|get|understand)\b|\b(?:don't|do not) care\b|"
    r"^(?:no|not an?y?) (?:idea|clue)\b"
)
"""What says something else than an answer, whatever words of one are in it."""
ASKS = re.compile(
    r"^(?:(?:what|how)(?! about\b)|what's|how's|why|who|who's|where|which|am|are|do|does|did|can|should|will|repeat|"
    r"(?:could|would) (?:you|i|we|he|she|they)\b|when (?:do|does|did|is|are|was|can|should|will)|"
    r"tell me (?:what|how|why)|is (?:my|our|he|she|there)|is (?:this|that|it) an? \w+|"
    r"is it (?:true|false|okay|ok|normal|bad|good|healthy|wrong) (?!or\b)\w+)\b"
)
"""How a question of the listener's own opens, or a wish to hear something again: no answer, whatever it names."""

SPELT = re.compile(r"([abc]) (?:as in|for|like) \w+")
