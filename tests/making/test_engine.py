"""The engine learns what writers wrote, and is measured on writers that it has not read."""

from __future__ import annotations

import numpy as np
import pytest

from skill.answering.encoder import MATRICES
from skill.answering.weights import counted, head
from skill.making import engine, minilm
from skill.making.engine import Fitted, Lesson, Line, folds, lines
from skill.making.source import Source


def test_every_line_of_the_content_is_learned_once(real: Source) -> None:
    learned = lines(real)
    texts = [line.text for line in learned]
    assert len(set(texts)) == len(texts)
    assert {text for topic in real.topics for by in topic["questions"].values() for text in by} <= set(texts)
    assert {text for kinds in real.danger.values() for by in kinds.values() for text in by} <= set(texts)


def test_every_line_that_is_written_for_danger_has_no_topic(real: Source) -> None:
    assert all((line.topic is None) == line.bordering for line in lines(real))


def test_every_writer_is_left_out_once_and_no_fold_lacks_a_topic(real: Source) -> None:
    learned = lines(real)
    writers = [writer for fold in folds(learned) for writer in fold]
    assert sorted(writers) == sorted({line.writer for line in learned} - set(engine.SHARED_WRITERS))
    topics = {line.topic for line in learned}
    for fold in folds(learned):
        assert {line.topic for line in learned if line.writer not in fold} == topics


def test_what_tuning_changed_fits_the_encoder() -> None:
    found, settings = engine.tuned("en")
    whole = engine.encoder({})
    assert found
    assert all(found[name].shape == whole[name].shape and found[name].dtype == whole[name].dtype for name in found)
    assert not any(name in found for name in ("words", "places", "norm", "vocabulary"))
    assert {name.split(".")[1] for name in found if name.count(".") == 1} >= set(MATRICES)
    assert set(settings) == {"trust", "costs", "alarm_from", "pattern_from"}


def test_a_language_that_nobody_has_tuned_is_read_by_minilm_as_it_comes() -> None:
    found, settings = engine.tuned("xx")
    assert found == {}
    assert settings == engine.UNTUNED


def test_a_classifier_runs_as_it_was_trained() -> None:
    said = {
        "saying-no": ["no thank you", "i said no", "never say yes"],
        "independence": ["walks on my own", "a day for myself", "alone at last"],
        "growth": ["we change a lot", "learning new things", "grown up together"],
    }
    texts, labels = [text for some in said.values() for text in some], [name for name in said for _ in range(3)]
    learned = [Line(text, label, "none", "ada") for text, label in zip(texts, labels, strict=True)]
    vectors = np.random.default_rng(1).normal(size=(len(texts), 384)).astype(np.float32)
    lesson = Lesson(vectors, [counted(text) for text in texts])
    fitted = Fitted(lesson, [line.topic for line in learned])
    meaning, words = fitted.scores(lesson)
    made = head("topics", {f"topics.{k}": v for k, v in fitted.arrays().items()}, tuple(fitted.classes), (1.0, 2.0))
    for i, text in enumerate(texts):
        odds = np.exp(meaning[i] + 2.0 * words[i])
        trained = dict(zip(fitted.classes, odds / odds.sum(), strict=True))
        assert made.chances(text, vectors[i]) == pytest.approx(trained, abs=0.02)


def test_weights_lie_where_the_package_puts_them() -> None:
    assert (minilm.folder() / "model.safetensors").stat().st_size > 80_000_000
    assert len(minilm.vocabulary()) == 30522


@pytest.mark.parametrize("name", ["topics", "danger"])
def test_each_line_is_labelled_for_each_head(real: Source, name: str) -> None:
    labels = engine.labelled(lines(real))[name]
    assert len({label for label in labels if label}) == (
        3 if name == "danger" else 38 + 2 + len(real.commands) + len(real.follows)
    )
