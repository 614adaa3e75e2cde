"""How a listener is doing over all their rounds: only what is news, and never a reproach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from skill.conversation.turn import Talk, spoken
from skill.listener import Listener
from skill.quiz import ROUND
from skill.strengths import Strengths, strengths
from skill.tips import STREAK_SAID_FROM

WORDS = 45
"""How many words a score may have in all: about 20 seconds."""
NEWS_AFTER_A_ROUND = 2
"""How many things are told beside the score of a round, after the explanation of its last answer."""


def history(talk: Talk, right: int, words: int) -> list[str]:
    """Return what there is to tell beside a score of `right`, in `words` words at most.

    It is told in the order of `news`; where it is too much, what is last in the order of what matters is left out.
    """
    listener = talk.listener
    topics = _strengths(talk)
    best = listener.best
    news = {
        "best": "",
        "trend": _trend(talk),
        "strong": _topic(talk, "strong", topics.strong),
        "other": _topic(talk, "weak", topics.weak),
        "streak": _streak(talk),
    }
    if best is not None and (right < best[0] or (right and len(listener.rounds) > 1)):
        news["best"] = talk.say("score_best", best=spoken(best[0])) if right < best[0] else talk.say("score_is_best")
    if news["strong"] and not topics.weak and topics.new:
        news["other"] = _topic(talk, "new", [talk.heard.rng.choice(topics.new)])
    told = set()
    for name in ("streak", "best", "strong", "other", "trend"):
        length = len(news[name].split())
        if 0 < length <= words:
            told.add(name)
            words -= length
    return [line for name, line in news.items() if name in told]


def after_round(talk: Talk, before: Listener) -> list[str]:
    """Return what to tell beside the score of the round that was just finished; `before` is from before its end."""
    listener, news = talk.listener, []
    done = listener.round
    if done is None:
        return []
    if done.right == len(done.questions) == ROUND:
        news.append(talk.say("round_full"))
    elif before.best is not None and done.right > before.best[0]:
        news.append(talk.say("round_best"))
    if listener.practised != before.practised:
        news.append(_streak(talk))
    topics = _strengths(talk)
    here = {talk.library.quiz[id].topic for id in done.questions if id in talk.library.quiz}
    ranked = [("strong", id) for id in topics.strong] + [("weak", id) for id in topics.weak]
    for kind, id in sorted(ranked, key=lambda one: one[1] not in here)[:1]:
        news.append(_topic(talk, kind, [id]))
    return [line for line in news if line][:NEWS_AFTER_A_ROUND]


def _strengths(talk: Talk) -> Strengths:
    return strengths(talk.library.quiz, talk.listener.memories, talk.heard.now)


def _topic(talk: Talk, kind: str, ids: Sequence[str]) -> str:
    return talk.say(f"topic_{kind}", title=talk.library.topics[ids[0]].title) if ids else ""


def _trend(talk: Talk) -> str:
    """Return how the last rounds, three at most, went beside as many before; going down is not said."""
    shares = [right / max(asked, 1) for _, right, asked in talk.listener.rounds]
    count = min(3, len(shares) // 2)
    if not count:
        return ""
    lately, earlier = sum(shares[-count:]) / count, sum(shares[-2 * count : -count]) / count
    if lately >= earlier + 0.5 / ROUND:
        return talk.say("rounds_better")
    return talk.say("rounds_same") if lately > earlier - 0.5 / ROUND and lately >= 0.5 else ""


def _streak(talk: Talk) -> str:
    """Return on how many days in a row a round was finished, today or up to yesterday; a broken row is not said."""
    row = talk.listener.practised
    if row is None or row.days < STREAK_SAID_FROM or row.last < talk.heard.today() - timedelta(days=1):
        return ""
    return talk.say("practised", days=spoken(row.days))
