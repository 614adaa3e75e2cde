"""The documents name what there is, and what there is, is named: nobody types a command that isn't there."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from skill import __main__ as command_line
from skill.alexa.events import EVENTS
from skill.conversation.policy import COMMANDS
from skill.making import model
from skill.making.source import Source

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
CODE = [*(ROOT / "skill").rglob("*.py"), *(ROOT / "lambda").glob("*.py"), ROOT / "template.yaml"]
UNSAID = {"help", "content", "clean"}
"""Targets that `make help` lists and that no document has to explain."""


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def skill_commands() -> set[str]:
    actions = command_line._parser()._actions
    return {name for action in actions if isinstance(action, argparse._SubParsersAction) for name in action.choices}


def test_every_make_target_in_the_documents_exists() -> None:
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s,.;)]|$)", _code(TEXT))) <= make_targets()


def test_every_make_target_is_in_the_documents() -> None:
    assert make_targets() - UNSAID <= set(re.findall(r"\bmake ([a-z]+)", TEXT))


def test_every_command_in_the_documents_exists() -> None:
    assert set(re.findall(r"-m skill ([a-z]+)", TEXT)) <= skill_commands()


def test_every_command_is_in_the_documents() -> None:
    assert skill_commands() <= set(re.findall(r"-m skill ([a-z]+)", TEXT))


def test_make_clean_removes_nobody_s_memories_and_git_keeps_them_out() -> None:
    store = Path(command_line.DEFAULT_STORE.removeprefix("sqlite:///"))
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nclean:")[1]
    removed = [ROOT / word for line in recipe.splitlines() if "rm " in line for word in line.split() if word != "rm"]
    assert ROOT / "build" in removed
    assert not any(store.is_relative_to(path) for path in removed)
    assert store.match("*.db")
    assert "*.db" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_documents_say_where_listeners_are_kept_by_default() -> None:
    store = Path(command_line.DEFAULT_STORE.removeprefix("sqlite:///")).relative_to(ROOT)
    for name in ("README.md", "docs/deploy.md", "docs/privacy.md"):
        assert f"`{store}`" in (ROOT / name).read_text(encoding="utf-8"), name


def test_every_option_in_the_documents_exists() -> None:
    known = {option for parser in _parsers() for action in parser._actions for option in action.option_strings}
    shown = {o for line in re.findall(r"-m skill [^\n`]*", TEXT) for o in re.findall(r"(?<!\w)--[a-z]+", line)}
    assert shown <= known


def test_variables_in_the_documents_are_those_that_the_code_reads() -> None:
    name = re.compile(r"\bSKILL_[A-Z_]+\b")
    read = set(name.findall("\n".join(path.read_text(encoding="utf-8") for path in CODE)))
    assert set(name.findall(TEXT)) == read - set(EVENTS.values()), "Amazon's names of events are no variables"


def test_intents_in_the_documents_are_those_of_the_model() -> None:
    named = set(re.findall(r"`((?:AMAZON\.)?[A-Z][A-Za-z]+Intent)`", TEXT))
    intents = {i["name"] for i in model.interaction_model(Source())["interactionModel"]["languageModel"]["intents"]}
    assert named <= intents
    assert {name for name in intents if name in COMMANDS or not name.startswith("Ask")} <= named


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_files_in_the_documents_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if not link.startswith("http")]
    files = re.findall(r"`((?:skill|docs|lambda|tests|scripts|requirements)/[\w/.-]*\w)`", text)
    for link in links:
        assert (path.parent / link).exists(), link
    for name in files:
        assert (ROOT / name).exists(), name


def _parsers() -> list[argparse.ArgumentParser]:
    actions = command_line._parser()._actions
    return [p for a in actions if isinstance(a, argparse._SubParsersAction) for p in a.choices.values()]


def _code(text: str) -> str:
    """Return what stands as code in a document: indented lines, and what is between backticks."""
    return "\n".join([*re.findall(r"^    .*$", text, re.MULTILINE), *re.findall(r"`[^`\n]+`", text)])
