"""What the skill loads is what the content says, all of it and nothing else, and never older than its files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from skill import library
from skill.answering import Answerer
from skill.errors import ContentError
from skill.library import Library
from skill.making import compiling, engine
from skill.making.compiling import build, compiled_form, opener_intent, stale
from skill.making.source import Source, exact_commands

from .conftest import Content


@pytest.fixture(scope="module")
def loaded(real: Source) -> Library:
    return library.from_dict(json.loads(json.dumps(compiled_form(real))))


@pytest.fixture(scope="module")
def _built(small_content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "compiled"
    build(folder, small_content.folder)
    return folder


@pytest.fixture
def compiled(_built: Path, tmp_path: Path) -> Path:
    """What `build` made of the small content, in a copy."""
    return Path(shutil.copytree(_built, tmp_path / "compiled"))


def plain(value: Any) -> Any:
    """Return a dataclass as the content files have it: lists, not tuples."""
    return json.loads(json.dumps(asdict(value)))


# The whole library


def test_every_topic_is_there_as_it_was_written(loaded: Library, real: Source) -> None:
    heard = [{k: v for k, v in topic.items() if k not in ("questions", "source")} for topic in real.topics]
    assert [plain(topic) for topic in loaded.topics.values()] == heard


def test_every_quiz_question_is_there_as_it_was_written(loaded: Library, real: Source) -> None:
    assert [plain(question) for question in loaded.quiz.values()] == real.quiz


def test_every_tip_is_there_as_it_was_written(loaded: Library, real: Source) -> None:
    assert [plain(tip) for tip in loaded.tips] == real.tips


def test_phrases_and_locales_are_there_as_they_were_written(loaded: Library, real: Source) -> None:
    assert {kind: list(texts) for kind, texts in loaded.phrases.items()} == real.phrases
    assert {name: plain(locale) for name, locale in loaded.locales.items()} == real.locales


def test_every_opening_word_can_be_put_back(loaded: Library, real: Source) -> None:
    assert list(loaded.openers.values()) == real.listening["openers"]


def test_the_compiled_form_holds_nothing_else(real: Source) -> None:
    assert set(compiled_form(real)) == {
        "format", "language", "topics", "quiz", "tips", "phrases", "openers", "follows", "locales",
    }  # fmt: skip


def test_ways_to_ask_and_the_editor_s_notes_stay_at_home(real: Source) -> None:
    topics = compiled_form(real)["topics"]
    assert all("questions" not in topic and "source" not in topic for topic in topics)


def test_what_is_installed_is_what_the_content_gives(real: Source) -> None:
    compiling.freshen()
    assert stale() == []
    assert json.loads((library.COMPILED / "en.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(compiled_form(real))
    )


# Building


def test_a_build_can_be_loaded(compiled: Path, small_content: Content) -> None:
    source = small_content.read()
    assert library.load("en-GB", compiled) == library.from_dict(json.loads(json.dumps(compiled_form(source))))
    assert list(library.load("en-GB", compiled).locales) == list(source.locales)
    answerer = Answerer.load("en", compiled)
    assert answerer.read("skip").command == "SkipIntent"


def test_a_build_leaves_what_a_skill_needs_and_nothing_besides(compiled: Path) -> None:
    assert sorted(path.name for path in compiled.iterdir()) == [
        "en.digest", "en.engine.npz", "en.json", "en.rules",
    ]  # fmt: skip


def test_the_watch_for_danger_gets_every_pattern(compiled: Path, small_content: Content) -> None:
    rules = json.loads((compiled / "en.rules").read_text(encoding="utf-8"))
    assert rules["danger"] == small_content.read().danger_patterns


def test_the_same_content_is_built_to_the_same_bytes(compiled: Path, small_content: Content, tmp_path: Path) -> None:
    again = tmp_path / "again"
    build(again, small_content.folder)
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {p.name: p.read_bytes() for p in compiled.iterdir()}


def test_every_language_that_has_content_is_built(content: Content, tmp_path: Path) -> None:
    shutil.copytree(content.folder / "en", content.folder / "xx")
    build(tmp_path / "compiled", content.folder)
    assert library.load("xx-XX", tmp_path / "compiled").language == "xx"
    assert library.load("en-US", tmp_path / "compiled").language == "en"


def test_content_that_breaks_a_rule_is_not_built_and_harms_nothing(compiled: Path, content: Content) -> None:
    before = {path.name: path.read_bytes() for path in compiled.iterdir()}
    with content.edited("tips.yaml") as tips:
        tips[0]["text"] = "See https://example.org"
        tips[1]["text"] = "Call 50 people."
    with pytest.raises(ContentError) as caught:
        build(compiled, content.folder)
    assert len(str(caught.value).splitlines()) == 2
    assert {path.name: path.read_bytes() for path in compiled.iterdir()} == before


# Staleness


def test_what_was_just_built_is_fresh(compiled: Path, small_content: Content) -> None:
    assert stale(compiled, small_content.folder) == []


@pytest.mark.parametrize("name", ["topics/boundaries.yaml", "quiz/boundaries.yaml", "tips.yaml", "danger.yaml",
                                  "phrases.yaml", "listening.yaml"])  # fmt: skip
def test_a_changed_file_makes_it_stale(compiled: Path, content: Content, name: str) -> None:
    with content.path(name).open("a", encoding="utf-8") as file:
        file.write("# seen\n")
    assert stale(compiled, content.folder) == ["en"]


def test_a_new_file_and_a_lost_one_make_it_stale(compiled: Path, content: Content) -> None:
    content.path("quiz/more.yaml").write_text("[]\n", encoding="utf-8")
    assert stale(compiled, content.folder) == ["en"]
    content.path("quiz/more.yaml").unlink()
    assert stale(compiled, content.folder) == []
    content.path("quiz/boundaries.yaml").unlink()
    assert stale(compiled, content.folder) == ["en"]


def test_what_was_never_built_is_stale(tmp_path: Path, small_content: Content) -> None:
    assert stale(tmp_path, small_content.folder) == ["en"]


def test_a_build_that_was_cut_short_is_stale(compiled: Path, small_content: Content) -> None:
    (compiled / "en.digest").unlink()
    assert stale(compiled, small_content.folder) == ["en"]


def test_a_file_that_is_edited_while_the_build_goes_on_is_not_missed(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = engine.build

    def edited_meanwhile(made: Source) -> Any:
        with content.path("tips.yaml").open("a", encoding="utf-8") as file:
            file.write("# seen\n")
        return train(made)

    monkeypatch.setattr(engine, "build", edited_meanwhile)
    build(tmp_path / "compiled", content.folder)
    assert stale(tmp_path / "compiled", content.folder) == ["en"]


def test_a_new_language_is_stale_and_the_other_is_not(compiled: Path, content: Content) -> None:
    shutil.copytree(content.folder / "en", content.folder / "xx")
    assert stale(compiled, content.folder) == ["xx"]


# Names and commands


@pytest.mark.parametrize(
    ("word", "intent"),
    [
        ("what", "AskWhatIntent"),
        ("what's", "AskWhatsIntent"),
        ("how come", "AskHowComeIntent"),
        ("i'm a", "AskImAIntent"),
    ],
)
def test_an_intent_is_called_after_its_opening_word(word: str, intent: str) -> None:
    assert opener_intent(word) == intent


def lines_of(source: Source) -> Iterator[tuple[str, str]]:
    return ((intent, line) for intent, lines in source.commands.items() for line in lines)


def test_every_way_to_say_a_command_is_exactly_that_command(real: Source) -> None:
    exact = exact_commands(real)
    assert [line for intent, line in lines_of(real) if exact[line] != intent] == []


def test_a_command_is_known_without_its_fillers(small: Source) -> None:
    small.commands = {"SkipIntent": ["um skip it please"]}
    assert exact_commands(small) == {"um skip it please": "SkipIntent", "skip it": "SkipIntent"}


def test_words_that_are_a_command_by_themselves_are_no_other_with_fillers_taken_off(small: Source) -> None:
    small.commands = {"AMAZON.RepeatIntent": ["huh"], "AMAZON.YesIntent": ["uh huh"]}
    assert exact_commands(small) == {"huh": "AMAZON.RepeatIntent", "uh huh": "AMAZON.YesIntent"}


def test_fillers_that_tell_two_commands_apart_leave_no_command_behind(small: Source) -> None:
    small.commands = {"TellMeMoreIntent": ["and then"], "AMAZON.YesIntent": ["okay then"]}
    assert "then" not in exact_commands(small)
