"""Which of a few choices somebody means: said as its words, its letter, its place, inside a sentence, or misheard.

`mentions` finds where choices are named, `truth` does so for true and false, `wording` knows the words around them, and
`choosing` makes of these what is meant.
"""

from skill.hearing.choosing import DECLINED, NOTHING, UNSURE, Heard, hear

__all__ = ["DECLINED", "NOTHING", "UNSURE", "Heard", "hear"]
