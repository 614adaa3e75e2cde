"""The command line: `python -m skill COMMAND`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from skill.errors import ContentError, SettingError, SkillError

# Not in build/: what can't be made again must outlive `make clean`.
DEFAULT_STORE = f"sqlite:///{Path(__file__).parents[1] / 'listeners.db'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status. An error is one clear line."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except SkillError as error:
        print(f"healthy bonds: {error}", file=sys.stderr)
        return 2
    except (BrokenPipeError, KeyboardInterrupt):
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m skill", description="Healthy Bonds, a voice skill.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    ask = commands.add_parser("ask", help="answer questions from standard input, one a line")
    ask.add_argument("--json", action="store_true", help="print one JSON object a line")
    ask.set_defaults(run=_ask)

    talk = commands.add_parser("talk", help="hold a conversation in the terminal")
    talk.add_argument("--json", action="store_true", help="read words or JSON objects, print one JSON object a turn")
    talk.add_argument("--store", help="where listeners are kept (default: SKILL_STORE, or listeners.db in this folder)")
    talk.add_argument("--listener", default="me", help="who is speaking")
    talk.add_argument("--now", help="the time to pretend it is, as ISO 8601")
    talk.add_argument("--timezone", help="the device's time zone, such as Europe/London")
    talk.set_defaults(run=_talk)

    content = commands.add_parser("content", help="print everything the skill knows")
    content.add_argument("--json", action="store_true", help="as one JSON object")
    content.set_defaults(run=_content)
    for command in (ask, talk, content):
        command.add_argument("--locale", default="en-US", help="such as en-GB")

    serve = commands.add_parser("serve", help="serve the page, the signed endpoint and the health check")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=_serve)

    store = commands.add_parser("store", help="look after the store")
    store.add_argument("action", choices=["create"], help="make the table that SKILL_STORE names")
    store.set_defaults(run=_store)

    build = commands.add_parser("build", help="compile the content and build the engine, where something changed")
    build.set_defaults(run=_build)

    check = commands.add_parser("check", help="tell whether the content is fair and easy to hear, and the worst places")
    check.add_argument(
        "--quick", action="store_true", help="without a comparison of meanings, which takes minutes once"
    )
    check.set_defaults(run=_check)

    models = commands.add_parser("models", help="write the interaction models that content gives")
    models.add_argument("--check", action="store_true", help="only tell whether the checked-in ones match and hold")
    models.set_defaults(run=_models)

    why = commands.add_parser("why", help="tell why sentences from standard input are understood as they are")
    why.set_defaults(run=_why)

    settle = commands.add_parser("settle", help="set confidences and thresholds after tuning, or a change of the costs")
    settle.set_defaults(run=_settle)
    return parser


def _ask(options: argparse.Namespace) -> None:
    from skill.alexa.skill import assemble
    from skill.speakers import terminal
    from skill.speakers.settings import DeviceSettings
    from skill.stores import open_store

    _freshen()
    skill = assemble(open_store("memory://"), DeviceSettings())
    questions = (line.rstrip("\n") for line in terminal.standard_lines())
    for answer in terminal.ask(skill, questions, options.locale):
        print(json.dumps(answer) if options.json else answer["speech"], flush=True)


def _talk(options: argparse.Namespace) -> None:
    from skill.alexa.skill import assemble
    from skill.speakers import terminal
    from skill.speakers.settings import DeviceSettings
    from skill.stores import open_store

    _freshen()
    settings = DeviceSettings()
    skill = assemble(open_store(options.store or _store_url()), settings)
    now = terminal.moment(options.now) if options.now else None
    setting = terminal.Setting(options.listener, now, options.timezone, options.locale)
    run = terminal.talk_json if options.json else terminal.talk
    run(skill, settings, terminal.standard_lines(), sys.stdout, setting)


def _content(options: argparse.Namespace) -> None:
    from skill.library import language_of
    from skill.making.source import Source

    source = Source(language_of(options.locale))
    if options.json:
        print(json.dumps({"topics": source.topics, "quiz": source.quiz, "tips": source.tips}))
        return
    for topic in source.topics:
        ways = sum(len(lines) for lines in topic["questions"].values())
        questions = sum(q["topic"] == topic["id"] for q in source.quiz)
        tips = sum(t["topic"] == topic["id"] for t in source.tips)
        print(f"{topic['id']:28} {ways:4} ways to ask  {questions:3} quiz questions  {tips:3} tips")


def _serve(options: argparse.Namespace) -> None:
    from skill.speakers import web

    web.serve(options.host, options.port, _store_url(), _freshen)


def _store(options: argparse.Namespace) -> None:
    from skill.stores import create

    print(create(_store_url()))


def _build(options: argparse.Namespace) -> None:
    _freshen()


def _check(options: argparse.Namespace) -> None:
    from skill.making import checking
    from skill.making.source import Source, languages

    broken = 0
    for language in languages():
        print(f"content/{language}")
        for row in checking.rows(Source(language), meaning=not options.quick):
            print(row, flush=True)
            broken += not row.holds
    if broken:
        raise ContentError(f"{broken} of the checks marked with ! above; mend the places they name")


def _models(options: argparse.Namespace) -> None:
    from skill.making import manifest, model
    from skill.making.source import Source, languages

    sources = [Source(language) for language in languages()]
    if options.check:
        for source in sources:
            model.check(source)
        manifest.check(*sources)
        return
    for source in sources:
        print(*(path.name for path in model.write(source)))
    manifest.write(*sources)


def _why(options: argparse.Namespace) -> None:
    from skill.answering import Answerer
    from skill.making import why
    from skill.making.source import Source
    from skill.speakers import terminal

    _freshen()
    answerer, known = Answerer.load(), why.Known.of(Source())
    for line in terminal.standard_lines():
        print(*why.explained(line, answerer, known), sep="\n", flush=True)


def _settle(options: argparse.Namespace) -> None:
    from skill.making import settling
    from skill.making.source import Source, languages

    for language in languages():
        for line in settling.settle(Source(language)):
            print(line, flush=True)


def _freshen() -> None:
    """Compile the content where it is at hand and has changed; a package without the workshop goes without."""
    try:
        from skill.making import compiling
    except ImportError:
        return
    compiling.freshen()


def _store_url() -> str:
    url = os.environ.get("SKILL_STORE", "").strip()
    if url:
        return url
    if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
        raise SettingError("set SKILL_STORE to dynamodb://TABLE")
    return DEFAULT_STORE


if __name__ == "__main__":
    sys.exit(main())
