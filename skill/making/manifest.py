"""The skill's manifest: how it presents itself in the skill store, and what it answers about privacy.

Generated from content/<language>/listing.yaml, and checked in as interaction_models/skill.json. Its form and limits
are those of "Skill Manifest Schema" in Amazon's documentation, as the package ask-smapi-model has them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from skill.alexa.events import EVENTS
from skill.alexa.reminders import PERMISSION
from skill.errors import ContentError, ModelError
from skill.making.model import FOLDER, INVOCATION
from skill.making.source import Source

NAME = "skill.json"
ENDPOINT_UNKNOWN = "arn:aws:lambda:REGION:ACCOUNT:function:NAME:live"
"""Stands where the address of a deployed skill goes; scripts/package.py puts it in."""

FIELDS = ("name", "summary", "description", "examples", "keywords", "testing")
MOST = {"summary": 160, "description": 4000, "testing": 4000}
"""Amazon's limits, in characters."""
MOST_EXAMPLES, LONGEST_EXAMPLE = 3, 200
MOST_KEYWORDS = 30
DISCLAIMER = "not a substitute for professional advice"
"""Amazon's policy for skills about health asks for it in the description."""

Json = dict[str, Any]


def manifest(*sources: Source) -> Json:
    """Return the manifest for all locales of all `sources`, one a language.

    Raises ContentError where listing.yaml is missing or malformed, ModelError where Amazon would refuse what it says.
    """
    listings = {source.language: listing(source) for source in sources}
    if broken := [fault for source in sources for fault in faults(source, listings[source.language])]:
        raise ModelError("\n".join(broken))
    locales = {locale: listings[source.language] for source in sources for locale in source.locales}
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "category": "HEALTH_AND_FITNESS",
                "distributionMode": "PUBLIC",
                # Only where the skill knows whom to call in danger.
                "isAvailableWorldwide": False,
                "distributionCountries": sorted({locale.split("-")[1] for locale in locales}),
                "testingInstructions": listings[sources[0].language]["testing"],
                "locales": {locale: _presented(text) for locale, text in locales.items()},
            },
            "apis": {
                "custom": {
                    "endpoint": {"uri": ENDPOINT_UNKNOWN},
                    "interfaces": [{"type": "CAN_FULFILL_INTENT_REQUEST"}],
                }
            },
            "events": {
                "endpoint": {"uri": ENDPOINT_UNKNOWN},
                "subscriptions": [{"eventName": name} for name in EVENTS.values()],
            },
            # Asked for only when a listener wishes for a reminder.
            "permissions": [{"name": PERMISSION}],
            "privacyAndCompliance": {
                "allowsPurchases": False,
                "containsAds": False,
                "isChildDirected": False,
                "isExportCompliant": True,
                # Nothing that identifies or reaches a person is asked for or kept: see docs/privacy.md.
                "usesPersonalInfo": False,
                # No covered entity under HIPAA, and no protected health information.
                "usesHealthInfo": False,
            },
        }
    }


def listing(source: Source) -> Json:
    """Return what a language's listing.yaml holds. Raises ContentError where it is missing or malformed."""
    path = source.folder / "listing.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError("listing.yaml is missing: put it back") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"listing.yaml can't be read ({type(error).__name__}): mend the YAML there") from None
    if not isinstance(data, dict) or set(data) != set(FIELDS):
        raise ContentError(f"listing.yaml must have {', '.join(FIELDS)}, and nothing else")
    for field in FIELDS:
        texts = data[field] if field in ("examples", "keywords") else [data[field]]
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t.strip() for t in texts):
            raise ContentError(
                f"listing.yaml: {field} must be text, or a list of texts where it is examples or keywords"
            )
    return {field: value.strip() if isinstance(value, str) else value for field, value in data.items()}


def faults(source: Source, text: Json) -> Iterator[str]:
    """Yield a line for each thing in a listing that Amazon would refuse."""
    for field, most in MOST.items():
        if len(text[field]) > most:
            yield f"listing.yaml: {field} has {len(text[field])} characters, at most {most}; shorten it"
    if len(text["examples"]) > MOST_EXAMPLES or len(text["keywords"]) > MOST_KEYWORDS:
        yield f"listing.yaml: at most {MOST_EXAMPLES} examples and {MOST_KEYWORDS} keywords; take some out"
    # The sentence is English; another language says it in its own words, which its reader has to check.
    if source.language == "en" and DISCLAIMER not in " ".join(text["description"].split()):
        yield f"listing.yaml: the description must say that the skill is {DISCLAIMER!r}"
    if text["examples"][0] != f"Alexa, open {INVOCATION}":
        yield f"listing.yaml: the first example must be 'Alexa, open {INVOCATION}'"
    for example in text["examples"][1:]:
        asked = example.removeprefix(f"Alexa, ask {INVOCATION} ")
        if asked == example or len(example) > LONGEST_EXAMPLE or not _is_heard(source, asked.removeprefix("to ")):
            yield (
                f"listing.yaml: {example!r} is not heard: write 'Alexa, ask {INVOCATION} ...' with a line of"
                " commands.yaml, a way to ask about a topic, or a question with an opening word of listening.yaml"
            )


def written(found: Json) -> str:
    """Return the manifest as it is checked in."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write(*sources: Source, folder: Path = FOLDER) -> Path:
    """Write the manifest; return the file. Raises as manifest does."""
    path = folder / NAME
    text = written(manifest(*sources))
    folder.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def check(*sources: Source, folder: Path = FOLDER) -> None:
    """Raise ModelError where the checked-in manifest is not what the content gives, or as manifest does."""
    path = folder / NAME
    text = written(manifest(*sources))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        raise ModelError(f"{path.name} is not what the content gives: run `python -m skill models` and commit it")


def _presented(text: Json) -> Json:
    return {
        "name": text["name"],
        "summary": text["summary"],
        "description": text["description"],
        "examplePhrases": text["examples"],
        "keywords": text["keywords"],
        "smallIconUri": "file://assets/images/small.png",
        "largeIconUri": "file://assets/images/large.png",
    }


def _is_heard(source: Source, words: str) -> bool:
    """Return whether the interaction model takes in `words`, as a sample, a slot value or after an opening word."""
    if any(words in lines for lines in source.commands.values()):
        return True
    if any(words.startswith(f"{opener} ") for opener in source.listening["openers"]):
        return True
    return any(words in lines for topic in source.topics for lines in topic["questions"].values())
