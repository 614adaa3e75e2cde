"""The content is our own: no sentence of the source article, and no line of the bench that measures it.

Both are compared by fingerprints, which scripts/fingerprint.py makes where the two are at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from scripts import fingerprint
from scripts.fingerprint import COMMAND_FROM, bag, near, runs, words
from skill.making.source import Source


class Bench:
    """The bench's lines as bags of words, by word: to compare every line with every other would take a minute."""

    def __init__(self, lines: Iterable[list[str]]) -> None:
        self._with: dict[str, list[list[str]]] = {}
        for line in lines:
            for word in set(line):
                self._with.setdefault(word, []).append(line)

    def __bool__(self) -> bool:
        return bool(self._with)

    def has_like(self, line: str) -> bool:
        """Return whether `line` is a near copy of one of the bench's."""
        own = sorted(bag(line), key=lambda word: len(self._with.get(word, ())))
        # A fifth of a copy's words may be its own, so of one word more at least one is the bench's too.
        rarest = own[: len(own) // 5 + 1]
        return any(near(own, other) for word in rarest for other in self._with.get(word, ()))


@pytest.fixture(scope="module")
def fingerprints() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fingerprint.FILE.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def bench(fingerprints: dict[str, Any]) -> Bench:
    return Bench(line.split() for line in fingerprints["bench"])


def spoken(source: Source) -> Iterator[tuple[str, str]]:
    """Yield every text that a listener may hear, with where it stands."""
    for topic in source.topics:
        for name in ("title", "short", "example", "practice"):
            yield f"topics/{topic['id']}.yaml: {name}", topic[name]
        yield from ((f"topics/{topic['id']}.yaml: more", text) for text in topic["more"])
    for question in source.quiz:
        said = [question["ask"], question["explanation"], *(choice["say"] for choice in question["choices"])]
        yield from ((f"quiz/{question['topic']}.yaml: {question['id']}", text) for text in said)
    yield from ((f"tips.yaml: {tip['id']}", tip["text"]) for tip in source.tips)
    yield from ((f"phrases.yaml: {kind}", text) for kind, texts in source.phrases.items() for text in texts)


def asked(source: Source) -> Iterator[tuple[str, str]]:
    """Yield every line that the engine learns from, with where it stands; short commands are nobody's own."""
    for topic in source.topics:
        yield from ((f"topics/{topic['id']}.yaml", line) for lines in topic["questions"].values() for line in lines)
    for name, kinds in (("outside.yaml", source.outside), ("danger-lines.yaml", source.danger)):
        yield from ((name, line) for writers in kinds.values() for lines in writers.values() for line in lines)
    for kind, data in source.follows.items():
        yield from ((f"followups.yaml: {kind}", line) for line in data["lines"] if len(words(line)) >= COMMAND_FROM)
    for intent, lines in source.commands.items():
        yield from ((f"commands.yaml: {intent}", line) for line in lines if len(words(line)) >= COMMAND_FROM)


def test_no_sentence_is_taken_from_the_source_article(real: Source, fingerprints: dict[str, Any]) -> None:
    article = set(fingerprints["article"])
    assert article
    assert [(where, text) for where, text in spoken(real) if not article.isdisjoint(runs(text))] == []


def test_no_line_of_the_bench_is_learnt_by_heart(real: Source, bench: Bench) -> None:
    assert bench
    assert [(where, line) for where, line in asked(real) if bench.has_like(line)] == []


def test_the_fingerprints_are_those_of_the_article_and_the_bench(fingerprints: dict[str, Any]) -> None:
    if not fingerprint.SHARED.is_dir():
        pytest.skip("the article and the bench are not beside the repository")
    assert fingerprints == fingerprint.made(), "run `python scripts/fingerprint.py` and commit what it writes"


@pytest.mark.parametrize(
    ("one", "other", "copy"),
    [
        ("how do i say no to my mother kindly", "how do i say no to my mother kindly", True),
        ("how do i say no to my mother kindly", "um how do i say no to my mother kindly", True),
        ("how do i say no to my mother kindly", "kindly mother my to no say i do how", True),
        ("he ignores my calls", "he ignores my texts", False),
        ("he always ignores my calls", "he always ignores my texts", True),
        ("he ignores me", "he ignores me and then he wants me to say sorry", False),
        ("no no no no", "no", False),
    ],
)
def test_four_fifths_of_the_longer_line_s_words_make_a_copy(one: str, other: str, copy: bool) -> None:
    assert near(bag(one), bag(other)) is copy
    assert Bench([bag(other)]).has_like(one) is copy


def test_a_run_of_eight_words_is_found_whatever_stands_between_them() -> None:
    text = "A bond that\u2019s good, lets both of you \u2013 grow."
    assert runs("and A BOND THAT'S GOOD lets both of you grow too")[1] == runs(text)[0]
    assert runs("only seven words are not yet enough") == []
