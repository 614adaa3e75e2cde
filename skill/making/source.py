"""The content as a counsellor edits it: YAML files in a folder for each language, read and checked for form.

What the texts may say is checked in rules.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from skill.errors import ContentError
from skill.words import bare, plain

CONTENT = Path(__file__).parent.parent / "content"

Record = dict[str, Any]

TOPIC_FIELDS = ("id", "title", "short", "more", "example", "practice", "names", "related", "source", "questions")
QUESTION_FIELDS = ("id", "topic", "kind", "difficulty", "ask", "choices", "right", "explanation")
LOCALE_FIELDS = ("time_zone", "emergency", "violence", "crisis")
FOLLOW_FIELDS = ("leads", "alone", "instead", "lines")
LEADS = ("more", "example", "practice")
"""What a follow-up may lead to."""
LISTENING_FIELDS = (
    *("openers", "answer_carriers", "answer_values", "fresh_round", "fresh_round_samples", "reminder_samples"),
)
KINDS = {"true-false": 2, "scene": 2, "choice": 3}
"""The kinds of quiz questions, and how many choices each has."""
LINE = re.compile(r"[a-z' .-]+")
"""What a way to ask may be written with: as a recogniser hands it over, and as Alexa accepts it in a sample."""


class Source:
    """All the content of one language, as the files have it."""

    def __init__(self, language: str = "en", folder: Path = CONTENT) -> None:
        """Read the files. Raises ContentError, which names the file and what to do, at the first that is wrong."""
        self.language = language
        self.folder = folder / language
        if not self.folder.is_dir():
            known = ", ".join(sorted(path.name for path in folder.iterdir() if path.is_dir()))
            raise ContentError(f"there is no content in {language!r}: the languages are {known}")
        self.topics = sorted((self._topic(path) for path in self._files("topics")), key=lambda t: str(t["id"]))
        ids = {topic["id"] for topic in self.topics}
        for topic in self.topics:
            self._known(f"topics/{topic['id']}.yaml: related", topic["related"], ids)
        self.quiz = [q for path in self._files("quiz") for q in self._questions(path, ids)]
        self._once("quiz", [q["id"] for q in self.quiz])
        self.tips = [self._tip(tip, ids) for tip in self._list("tips.yaml")]
        self._once("tips.yaml", [tip["id"] for tip in self.tips])
        self.outside = self._lines_by("outside.yaml", ("near", "far"))
        self.commands: dict[str, list[str]] = {
            intent: self._lines(f"commands.yaml: {intent}", lines)
            for intent, lines in self._map("commands.yaml").items()
        }
        self.phrases: dict[str, list[str]] = {
            kind: self._texts(f"phrases.yaml: {kind}", texts) for kind, texts in self._map("phrases.yaml").items()
        }
        self.follows = self._follows("followups.yaml", ids)
        self.locales = {name: self._locale(name, values) for name, values in self._map("locales.yaml").items()}
        self.listening = self._listening(self._map("listening.yaml"))
        danger = self._map("danger.yaml")
        self.danger_patterns = [self._pattern(row) for row in danger.get("patterns", [])]
        self.danger = self._lines_by("danger-lines.yaml", ("violence", "crisis", "none"))

    def _files(self, name: str) -> list[Path]:
        files = sorted((self.folder / name).glob("*.yaml"))
        if not files:
            raise ContentError(f"{self.folder.name}/{name} has no YAML files: put them back")
        return files

    def _read(self, path: Path) -> Any:
        shown = path.relative_to(self.folder)
        try:
            return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        except FileNotFoundError:
            raise ContentError(f"{shown} is missing: put it back") from None
        except UnicodeDecodeError:
            raise ContentError(f"{shown} is not in UTF-8: save it as UTF-8 text") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or "can't be read"
            raise ContentError(f"{shown}{where}: {problem}; mend the YAML there") from None
        except ValueError as error:  # what looks like a date, and is none
            raise ContentError(f"{shown}: {error}; put such a text in double quotes") from None

    def _map(self, name: str) -> Record:
        data = self._read(self.folder / name)
        if not isinstance(data, dict):
            raise ContentError(f"{name} must hold named entries, as in `name: ...`")
        return data

    def _list(self, name: str) -> list[Record]:
        data = self._read(self.folder / name)
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise ContentError(f"{name} must be a list of entries, each beginning with `- id:`")
        return data

    def _topic(self, path: Path) -> Record:
        data = self._map(f"topics/{path.name}")
        where = f"topics/{path.name}"
        self._fields(where, data, TOPIC_FIELDS)
        if data["id"] != path.stem:
            raise ContentError(
                f"{where}: its id is {data['id']!r}, but the file's name says {path.stem!r}; make them equal"
            )
        for name in ("title", "short", "example", "practice", "source"):
            data[name] = self._text(f"{where}: {name}", data[name])
        data["more"] = self._texts(f"{where}: more", data["more"])
        data["names"] = self._lines(f"{where}: names", data["names"])
        if not isinstance(data["questions"], dict):
            raise ContentError(f"{where}: questions must name a writer for each list of lines")
        data["questions"] = {
            str(writer): self._lines(f"{where}: questions of {writer}", lines)
            for writer, lines in data["questions"].items()
        }
        return data

    def _questions(self, path: Path, ids: set[str]) -> Iterator[Record]:
        for data in self._list(f"quiz/{path.name}"):
            where = f"quiz/{path.name}: {data.get('id', 'a question without id')}"
            self._fields(where, data, QUESTION_FIELDS)
            self._known(where, [data["topic"]], ids)
            if not isinstance(data["kind"], str) or data["kind"] not in KINDS:
                raise ContentError(f"{where}: its kind is {data['kind']!r}; it must be one of {', '.join(KINDS)}")
            if not isinstance(data["choices"], list) or len(data["choices"]) != KINDS[data["kind"]]:
                raise ContentError(f"{where}: a {data['kind']} question has {KINDS[data['kind']]} choices")
            choices = [c if isinstance(c, dict) else {"say": c} for c in data["choices"]]
            for choice in choices:
                choice["say"] = self._text(f"{where}: a choice", choice.get("say"))
                choice["also"] = self._texts(f"{where}: also", choice.get("also", []))
            if type(data["right"]) is not int or not 1 <= data["right"] <= len(choices):
                raise ContentError(f"{where}: right must be the place of the right choice, 1 to {len(choices)}")
            if data["difficulty"] not in (1, 2, 3):
                raise ContentError(f"{where}: difficulty must be 1, 2 or 3")
            for name in ("ask", "explanation"):
                data[name] = self._text(f"{where}: {name}", data[name])
            yield data | {"choices": choices, "right": data["right"] - 1}

    def _tip(self, data: Record, ids: set[str]) -> Record:
        where = f"tips.yaml: {data.get('id', 'a tip without id')}"
        self._fields(where, data, ("id", "topic", "text"))
        self._known(where, [data["topic"]], ids)
        return data | {"text": self._text(where, data["text"])}

    def _follows(self, name: str, ids: set[str]) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for kind, data in self._map(name).items():
            where = f"{name}: {kind}"
            if not isinstance(data, dict):
                raise ContentError(f"{where} must hold named entries, as in `leads: more`")
            data = {"alone": None, "instead": {}, **data}
            self._fields(where, data, FOLLOW_FIELDS)
            if data["leads"] not in LEADS:
                raise ContentError(f"{where}: leads must be one of {', '.join(LEADS)}")
            if not isinstance(data["instead"], dict):
                raise ContentError(f"{where}: instead must name a topic for each topic in hand")
            self._known(f"{where}: instead", [*data["instead"], *data["instead"].values()], ids)
            self._known(f"{where}: alone", [data["alone"]] if data["alone"] else [], ids)
            found[str(kind)] = data | {"lines": self._lines(f"{where}: lines", data["lines"])}
        return found

    def _locale(self, name: str, data: Any) -> dict[str, str]:
        where = f"locales.yaml: {name}"
        if not isinstance(data, dict):
            raise ContentError(f"{where} must hold named entries, as in `emergency: ...`")
        self._fields(where, data, LOCALE_FIELDS)
        return {field: self._text(f"{where}: {field}", data[field]) for field in LOCALE_FIELDS}

    def _listening(self, data: Record) -> Record:
        where = "listening.yaml"
        self._fields(where, data, LISTENING_FIELDS)
        values = data["answer_values"]
        if not isinstance(values, dict) or not all(values.values()):
            raise ContentError(f"{where}: answer_values must name an id for each list of answers")
        return {
            "openers": self._lines(f"{where}: openers", data["openers"]),
            "answer_carriers": self._lines(f"{where}: answer_carriers", data["answer_carriers"]),
            "answer_values": {str(id): self._lines(f"{where}: answer_values", lines) for id, lines in values.items()},
            "fresh_round": self._lines(f"{where}: fresh_round", data["fresh_round"]),
            "fresh_round_samples": self._texts(f"{where}: fresh_round_samples", data["fresh_round_samples"]),
            "reminder_samples": self._texts(f"{where}: reminder_samples", data["reminder_samples"]),
        }

    def _pattern(self, row: Any) -> dict[str, str]:
        where = f"danger.yaml: {row.get('why', 'a pattern') if isinstance(row, dict) else row}"
        if not isinstance(row, dict) or not {"why", "kind", "words"} <= row.keys():
            raise ContentError(f"{where}: a pattern needs why, kind and words")
        if row["kind"] not in ("violence", "crisis"):
            raise ContentError(f"{where}: kind must be violence or crisis")
        for name in ("words", "unless"):
            try:
                re.compile(row.get(name) or "", re.VERBOSE)
            except re.error as error:
                raise ContentError(f"{where}: {name} is no regular expression: {error}") from None
        return {str(name): str(value) for name, value in row.items()}

    def _lines_by(self, name: str, kinds: tuple[str, ...]) -> dict[str, dict[str, list[str]]]:
        data = self._map(name)
        self._fields(name, data, kinds)
        return {
            kind: {
                str(writer): self._lines(f"{name}: {kind} of {writer}", lines)
                for writer, lines in (data[kind] or {}).items()
            }
            for kind in kinds
        }

    def _lines(self, where: str, lines: Any) -> list[str]:
        texts = self._texts(where, lines)
        for line in texts:
            if not LINE.fullmatch(line):
                raise ContentError(
                    f"{where}: {line!r} may only have lower-case letters, spaces, apostrophes and hyphens"
                )
        return texts

    def _texts(self, where: str, texts: Any) -> list[str]:
        if not isinstance(texts, list):
            raise ContentError(f"{where}: must be a list, each line beginning with a dash")
        return [self._text(where, text) for text in texts]

    def _text(self, where: str, text: Any) -> str:
        if not isinstance(text, str) or not text.strip():
            raise ContentError(f"{where}: {text!r} is no text; put it in double quotes")
        return " ".join(text.split())

    def _fields(self, where: str, data: Mapping[str, Any], names: tuple[str, ...]) -> None:
        missing = [name for name in names if name not in data]
        extra = [str(name) for name in data if name not in names]
        if missing:
            raise ContentError(f"{where}: {', '.join(missing)} is missing; add it")
        if extra:
            raise ContentError(f"{where}: {', '.join(extra)} is not known; its entries are {', '.join(names)}")

    def _known(self, where: str, wanted: Any, ids: set[str]) -> None:
        if not isinstance(wanted, list):
            raise ContentError(f"{where}: must be a list of topics")
        for id in wanted:
            if not isinstance(id, str) or id not in ids:
                raise ContentError(f"{where}: there is no topic {id!r}; the topics are the files in topics/")

    def _once(self, where: str, ids: list[str]) -> None:
        twice = sorted({str(id) for id in ids if ids.count(id) > 1})
        if twice:
            raise ContentError(f"{where}: {', '.join(twice)} stands twice; give each its own id")


def digest(language: str = "en", folder: Path = CONTENT) -> str:
    """Return a fingerprint of a language's files, and of the code that compiles them."""
    sums = hashlib.sha256()
    here = Path(__file__).parent
    code = [*sorted(here.glob("*.py")), here.parent / "words.py", *sorted((here.parent / "answering").glob("*.py"))]
    tuned = sorted((here / "tuned").glob(f"{language}.*"))
    for path in [*sorted((folder / language).rglob("*.yaml")), *code, *tuned]:
        sums.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()


def exact_commands(made: Source) -> dict[str, str]:
    """Return the intent of each way to say a command, by its plain words and by those without fillers.

    Where fillers tell two commands apart, as in "huh" and "uh huh", the words without them mean what they say by
    themselves or, where they are nobody's own words, nothing.
    """
    exact = {plain(line): intent for intent, lines in made.commands.items() for line in lines}
    trimmed: dict[str, set[str]] = {}
    for line, intent in exact.items():
        trimmed.setdefault(bare(line), set()).add(intent)
    return {line: next(iter(intents)) for line, intents in trimmed.items() if len(intents) == 1} | exact


def languages(folder: Path = CONTENT) -> list[str]:
    """Return the languages that have content, in order."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML in which yes, no, on and off are words, as a counsellor means them, and no name stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a name that stands twice, since what it held first would be lost without a word."""
        names: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in names:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands twice", key.start_mark)
            names.add(str(key.value))
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
