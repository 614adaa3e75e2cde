"""The front door on AWS: Alexa calls `lambda_handler` with a request envelope and plays the response envelope.

Everything is made when this module is imported, so that a SnapStart snapshot holds it ready for the first listener.
"""

from __future__ import annotations

import logging
import os
from typing import Any

import warming
from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers

from skill.alexa.amazon_api import AmazonApi
from skill.alexa.skill import EMPTY, OtherSkillError, RefusedError, answer, assemble
from skill.errors import SettingError
from skill.stores import Store, open_store

SKILL_ID = os.environ.get("SKILL_ID", "").strip() or None
"""The one application that is served; None serves any."""

logger = Logger(service="healthy-bonds")
logging.getLogger("skill")  # Only a logger that somebody has asked for can be given the same form.
copy_config_to_registered_loggers(logger, include={"skill"})


def _store() -> Store:
    url = os.environ.get("SKILL_STORE", "").strip()
    if not url:
        raise SettingError("set SKILL_STORE to dynamodb://TABLE")
    return open_store(url)


healthy_bonds = assemble(_store(), AmazonApi(), SKILL_ID)
warming.warm()


def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    """Return the response envelope for the request envelope `event`.

    Raises OtherSkillError for another application's envelope, and what the store raises where a skill event must come
    again: either shows as an error of the function. An envelope that can't be read gets an empty response.
    """
    # Not Logger.inject_lambda_context: by an environment variable it would log events, and so a listener's words.
    logger.append_keys(request_id=getattr(context, "aws_request_id", None))
    try:
        return answer(healthy_bonds, event, context)
    except OtherSkillError:
        # A stranger's call can only come from a wrong setting or an attack: it must show as an error of the function
        # and in its alarm.
        raise
    except RefusedError as error:
        # Perhaps a newer form than ours: no reason to tell a listener that the skill is broken.
        logger.warning("envelope not answered: %s", error)
        return dict(EMPTY)
