"""Whoever edits the content is told in one line which file is wrong and what to do, whatever they broke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from skill.errors import ContentError
from skill.making.source import Source, digest, languages

from .conftest import Content

BOUNDARIES = "topics/boundaries.yaml"
QUIZ = "quiz/boundaries.yaml"


def fault(content: Content) -> str:
    """Return the one line that reading the copy gives."""
    with pytest.raises(ContentError) as caught:
        content.read()
    line = str(caught.value)
    assert line.splitlines() == [line]
    return line


def test_the_content_can_be_read() -> None:
    source = Source()
    assert source.topics
    assert source.quiz
    assert source.tips


def test_a_language_that_nobody_wrote_is_refused_with_those_that_are_there(content: Content) -> None:
    with pytest.raises(ContentError) as caught:
        Source("xx", content.folder)
    assert str(caught.value) == "there is no content in 'xx': the languages are en"


def test_a_language_is_a_folder_and_nothing_else(content: Content) -> None:
    (content.folder / "README.md").write_text("how to add a language", encoding="utf-8")
    (content.folder / "de").mkdir()
    assert languages(content.folder) == ["de", "en"]


@pytest.mark.parametrize("name", [BOUNDARIES, QUIZ, "tips.yaml", "phrases.yaml", "danger.yaml"])
def test_broken_yaml_names_the_file_and_the_line(content: Content, name: str) -> None:
    lines = content.path(name).read_text(encoding="utf-8").splitlines()
    content.path(name).write_text("\n".join([*lines, 'broken: "no end']) + "\n", encoding="utf-8")
    line = fault(content)
    assert line.startswith(f"{name}, line ")
    assert line.endswith("mend the YAML there")


@pytest.mark.parametrize("text", ["a: b: c", "- x\ny: z", "\ta: b", "a: &", "a: *nobody", "a: \x07", "a: 2026-13-45"])
def test_no_broken_yaml_is_more_than_a_line(content: Content, text: str) -> None:
    content.path("phrases.yaml").write_text(text, encoding="utf-8")
    assert fault(content).startswith("phrases.yaml")


def test_two_lists_of_one_writer_are_no_silent_loss_of_the_first(content: Content) -> None:
    with content.edited(BOUNDARIES) as topic:
        first, second, *_ = topic["questions"]
    content.replace(BOUNDARIES, f"  {second}:\n", f"  {first}:\n")
    line = fault(content)
    assert line.startswith(f"{BOUNDARIES}, line ")
    assert line.endswith(f"{first} stands twice; mend the YAML there")


@pytest.mark.parametrize("name", [BOUNDARIES, "tips.yaml", "outside.yaml"])
def test_a_file_of_another_encoding_says_to_save_it_as_utf_8(content: Content, name: str) -> None:
    text = content.path(name).read_text(encoding="utf-8")
    content.path(name).write_bytes(f"# caf\u00e9\n{text}".encode("latin-1"))
    assert fault(content) == f"{name} is not in UTF-8: save it as UTF-8 text"


def test_the_mark_that_windows_puts_before_utf_8_does_no_harm(content: Content) -> None:
    content.path(BOUNDARIES).write_bytes(b"\xef\xbb\xbf" + content.path(BOUNDARIES).read_bytes())
    assert "boundaries" in [topic["id"] for topic in content.read().topics]


@pytest.mark.parametrize(
    "name", ["tips.yaml", "outside.yaml", "commands.yaml", "phrases.yaml", "locales.yaml", "listening.yaml",
             "danger.yaml", "danger-lines.yaml"],
)  # fmt: skip
def test_a_lost_file_is_named(content: Content, name: str) -> None:
    content.path(name).unlink()
    assert fault(content) == f"{name} is missing: put it back"


@pytest.mark.parametrize("folder", ["topics", "quiz"])
def test_a_lost_folder_is_named(content: Content, folder: str) -> None:
    for path in content.path(folder).iterdir():
        path.unlink()
    assert fault(content) == f"en/{folder} has no YAML files: put them back"


@pytest.mark.parametrize("name", ["topics/boundaries.yaml", "outside.yaml", "commands.yaml", "locales.yaml"])
def test_a_list_where_names_are_due_is_refused(content: Content, name: str) -> None:
    content.path(name).write_text('- "one"\n- "two"\n', encoding="utf-8")
    assert fault(content) == f"{name} must hold named entries, as in `name: ...`"


@pytest.mark.parametrize("name", [QUIZ, "tips.yaml"])
@pytest.mark.parametrize("text", ["id: one\n", "- one\n- two\n", ""])
def test_names_where_a_list_is_due_are_refused(content: Content, name: str, text: str) -> None:
    content.path(name).write_text(text, encoding="utf-8")
    assert fault(content) == f"{name} must be a list of entries, each beginning with `- id:`"


@pytest.mark.parametrize("field", ["id", "title", "short", "more", "example", "practice", "names", "related",
                                   "source", "questions"])  # fmt: skip
def test_a_topic_says_which_field_it_lacks(content: Content, field: str) -> None:
    with content.edited(BOUNDARIES) as topic:
        del topic[field]
    assert fault(content) == f"{BOUNDARIES}: {field} is missing; add it"


@pytest.mark.parametrize("field", ["id", "topic", "kind", "difficulty", "ask", "choices", "right", "explanation"])
def test_a_quiz_question_says_which_field_it_lacks(content: Content, field: str) -> None:
    with content.edited(QUIZ) as questions:
        where = questions[0]["id"] if field != "id" else "a question without id"
        del questions[0][field]
    assert fault(content) == f"{QUIZ}: {where}: {field} is missing; add it"


def test_a_tip_says_which_field_it_lacks(content: Content) -> None:
    with content.edited("tips.yaml") as tips:
        id = tips[3]["id"]
        del tips[3]["topic"]
    assert fault(content) == f"tips.yaml: {id}: topic is missing; add it"


@pytest.mark.parametrize(("name", "field"), [("outside.yaml", "near"), ("danger-lines.yaml", "none")])
def test_a_kind_of_lines_that_is_lost_is_named(content: Content, name: str, field: str) -> None:
    with content.edited(name) as kinds:
        del kinds[field]
    assert fault(content) == f"{name}: {field} is missing; add it"


@pytest.mark.parametrize("field", ["openers", "answer_carriers", "answer_values", "fresh_round", "reminder_samples",
                                   "fresh_round_samples"])  # fmt: skip
def test_a_list_of_what_is_listened_for_that_is_lost_is_named(content: Content, field: str) -> None:
    with content.edited("listening.yaml") as listening:
        del listening[field]
    assert fault(content) == f"listening.yaml: {field} is missing; add it"


@pytest.mark.parametrize("field", ["time_zone", "emergency", "violence", "crisis"])
def test_a_country_without_a_number_to_call_is_refused(content: Content, field: str) -> None:
    with content.edited("locales.yaml") as locales:
        del locales["en-GB"][field]
    assert fault(content) == f"locales.yaml: en-GB: {field} is missing; add it"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (BOUNDARIES, lambda topic: topic.update(shrot="A slip of the pen.")),
        (QUIZ, lambda questions: questions[0].update(shrot="A slip of the pen.")),
        ("tips.yaml", lambda tips: tips[0].update(shrot="A slip of the pen.")),
        ("outside.yaml", lambda kinds: kinds.update(shrot={})),
        ("listening.yaml", lambda listening: listening.update(shrot=[])),
        ("locales.yaml", lambda locales: locales["en-US"].update(shrot="A slip of the pen.")),
    ],
    ids=["topic", "question", "tip", "outside", "listening", "locale"],
)
def test_a_field_that_nobody_knows_is_named_with_those_that_are_known(
    content: Content, name: str, change: Callable[[Any], None]
) -> None:
    with content.edited(name) as data:
        change(data)
    line = fault(content)
    assert line.startswith(f"{name}: ")
    assert "shrot is not known; its entries are " in line


def test_an_id_that_is_not_the_files_name_is_refused(content: Content) -> None:
    with content.edited(BOUNDARIES) as topic:
        topic["id"] = "boundary"
    assert fault(content) == (
        f"{BOUNDARIES}: its id is 'boundary', but the file's name says 'boundaries'; make them equal"
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (BOUNDARIES, lambda topic: topic.update(related=["saying-no", "bondaries"])),
        (QUIZ, lambda questions: questions[0].update(topic="bondaries")),
        ("tips.yaml", lambda tips: tips[0].update(topic="bondaries")),
    ],
    ids=["related", "question", "tip"],
)
def test_a_topic_that_is_not_there_is_named(content: Content, name: str, change: Callable[[Any], None]) -> None:
    with content.edited(name) as data:
        change(data)
    line = fault(content)
    assert line.startswith(f"{name}: ")
    assert line.endswith("there is no topic 'bondaries'; the topics are the files in topics/")


@pytest.mark.parametrize("related", ["control", None, [["control"]]], ids=["a word", "nothing", "a list in a list"])
def test_related_topics_that_are_no_list_of_ids_are_refused(content: Content, related: object) -> None:
    with content.edited(BOUNDARIES) as topic:
        topic["related"] = related
    assert fault(content).startswith(f"{BOUNDARIES}: related")


@pytest.mark.parametrize("kind", ["riddle", ["choice"], None], ids=["unknown", "a list", "nothing"])
def test_a_kind_of_question_that_there_is_not_is_named_with_those_there_are(content: Content, kind: object) -> None:
    with content.edited(QUIZ) as questions:
        id = questions[0]["id"]
        questions[0]["kind"] = kind
    assert fault(content) == f"{QUIZ}: {id}: its kind is {kind!r}; it must be one of true-false, scene, choice"


@pytest.mark.parametrize(("kind", "count"), [("true-false", 2), ("scene", 2), ("choice", 3)])
@pytest.mark.parametrize("change", [-1, 1])
def test_a_question_with_a_choice_too_many_or_too_few_is_refused(
    content: Content, kind: str, count: int, change: int
) -> None:
    with content.edited(QUIZ) as questions:
        questions[0] |= {"kind": kind, "choices": ["true", "false", "maybe", "never"][: count + change]}
        id = questions[0]["id"]
    assert fault(content) == f"{QUIZ}: {id}: a {kind} question has {count} choices"


@pytest.mark.parametrize("right", [0, 3, -1, "1", 1.0, None, ["1"]], ids=str)
def test_a_right_answer_that_is_no_choice_is_refused(content: Content, right: object) -> None:
    with content.edited(QUIZ) as questions:
        questions[0] |= {"kind": "true-false", "choices": ["true", "false"], "right": right}
        id = questions[0]["id"]
    assert fault(content) == f"{QUIZ}: {id}: right must be the place of the right choice, 1 to 2"


@pytest.mark.parametrize("difficulty", [0, 4, "easy", None], ids=str)
def test_a_difficulty_that_there_is_not_is_refused(content: Content, difficulty: object) -> None:
    with content.edited(QUIZ) as questions:
        id = questions[0]["id"]
        questions[0]["difficulty"] = difficulty
    assert fault(content) == f"{QUIZ}: {id}: difficulty must be 1, 2 or 3"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (BOUNDARIES, lambda topic: topic.update(short=42)),
        (BOUNDARIES, lambda topic: topic.update(title="  ")),
        (BOUNDARIES, lambda topic: topic["more"].append(None)),
        (QUIZ, lambda questions: questions[0]["choices"].__setitem__(0, 7)),
        (QUIZ, lambda questions: questions[0].update(ask=None)),
        ("tips.yaml", lambda tips: tips[0].update(text={"a": "b"})),
        ("locales.yaml", lambda locales: locales["en-GB"].update(emergency=999)),
    ],
    ids=["number", "blank", "nothing", "choice", "ask", "tip", "emergency"],
)
def test_what_is_no_text_is_to_be_put_in_quotes(content: Content, name: str, change: Callable[[Any], None]) -> None:
    with content.edited(name) as data:
        change(data)
    line = fault(content)
    assert line.startswith(f"{name}: ")
    assert line.endswith("is no text; put it in double quotes")


def test_yes_no_on_and_off_are_words_to_an_editor(content: Content) -> None:
    content.path("commands.yaml").write_text(
        "AMAZON.YesIntent: [yes, on]\nAMAZON.NoIntent: [no, off]\n", encoding="utf-8"
    )
    assert content.read().commands == {"AMAZON.YesIntent": ["yes", "on"], "AMAZON.NoIntent": ["no", "off"]}


def test_true_and_false_need_no_quotes_as_choices(content: Content) -> None:
    with content.edited(QUIZ) as questions:
        questions[0] |= {"kind": "true-false", "choices": ["true", "false"], "right": 1}
        id = questions[0]["id"]
    content.path(QUIZ).write_text(
        content.path(QUIZ).read_text(encoding="utf-8").replace("'true'", "true").replace("'false'", "false"),
        encoding="utf-8",
    )
    question = next(q for q in content.read().quiz if q["id"] == id)
    assert [choice["say"] for choice in question["choices"]] == ["true", "false"]


@pytest.mark.parametrize("wrong", ["What is a Boundary", "what is a boundary?", "is it 50 50", "caf\u00e9 talk"])
@pytest.mark.parametrize("name", [BOUNDARIES, "outside.yaml", "commands.yaml", "danger-lines.yaml"])
def test_a_way_to_ask_is_written_as_a_recogniser_hands_it_over(content: Content, name: str, wrong: str) -> None:
    with content.edited(name) as data:
        lines = next(iter(data.values())) if name != BOUNDARIES else data["questions"]
        (lines if isinstance(lines, list) else next(iter(lines.values()))).append(wrong)
    line = fault(content)
    assert line.startswith(f"{name}: ")
    assert line.endswith(f"{wrong!r} may only have lower-case letters, spaces, apostrophes and hyphens")


def test_names_of_a_topic_follow_the_same_rule(content: Content) -> None:
    with content.edited(BOUNDARIES) as topic:
        topic["names"].append("Boundaries")
    assert fault(content).startswith(f"{BOUNDARIES}: names: 'Boundaries' may only have lower-case letters")


def test_ways_to_ask_need_their_writers(content: Content) -> None:
    with content.edited(BOUNDARIES) as topic:
        topic["questions"] = ["what is a boundary"]
    assert fault(content) == f"{BOUNDARIES}: questions must name a writer for each list of lines"


@pytest.mark.parametrize("lines", ["what is a boundary", None, {"a": "b"}], ids=["text", "nothing", "names"])
def test_lines_that_are_no_list_are_refused(content: Content, lines: object) -> None:
    with content.edited(BOUNDARIES) as topic:
        topic["names"] = lines
    assert fault(content) == f"{BOUNDARIES}: names: must be a list, each line beginning with a dash"


@pytest.mark.parametrize("name", [QUIZ, "tips.yaml"])
def test_an_id_that_stands_twice_is_named(content: Content, name: str) -> None:
    with content.edited(name) as entries:
        entries[1]["id"] = entries[0]["id"]
        id = entries[0]["id"]
    line = fault(content)
    assert line.startswith(name.split("/")[0])
    assert line.endswith(f"{id} stands twice; give each its own id")


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        (lambda patterns: patterns[0].pop("words"), "a pattern needs why, kind and words"),
        (lambda patterns: patterns[0].update(kind="sadness"), "kind must be violence or crisis"),
        (lambda patterns: patterns[0].update(words="(unclosed"), "words is no regular expression"),
        (lambda patterns: patterns[0].update(unless="*"), "unless is no regular expression"),
        (lambda patterns: patterns.append("he hits me"), "a pattern needs why, kind and words"),
    ],
    ids=["missing", "kind", "words", "unless", "text"],
)
def test_a_pattern_of_danger_that_could_not_watch_is_refused(
    content: Content, change: Callable[[Any], None], remedy: str
) -> None:
    with content.edited("danger.yaml") as danger:
        change(danger["patterns"])
    line = fault(content)
    assert line.startswith("danger.yaml: ")
    assert remedy in line


def test_long_texts_may_be_broken_over_lines(content: Content) -> None:
    with content.edited(BOUNDARIES) as topic:
        topic["short"] = "A boundary says\n  what is\tokay. "
    assert next(t for t in content.read().topics if t["id"] == "boundaries")["short"] == "A boundary says what is okay."


def test_any_change_of_a_file_changes_the_fingerprint(content: Content) -> None:
    before = digest("en", content.folder)
    assert digest("en", content.folder) == before
    with content.path("tips.yaml").open("a", encoding="utf-8") as file:
        file.write("# seen by a counsellor\n")
    assert digest("en", content.folder) != before


def test_a_topic_file_that_is_added_or_renamed_changes_the_fingerprint(content: Content) -> None:
    before = digest("en", content.folder)
    content.path(BOUNDARIES).rename(content.path("topics/limits.yaml"))
    assert digest("en", content.folder) != before
