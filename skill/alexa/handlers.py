"""Thin handlers: an Alexa request in, a turn of the conversation, an Alexa response out."""

from __future__ import annotations

import functools
import logging
import random
import traceback
from dataclasses import dataclass, field, replace
from typing import Any

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.response_helper import ResponseFactory
from ask_sdk_core.utils import get_request_type
from ask_sdk_model.ui import SimpleCard

from skill import deadline, library
from skill.alexa import consent, day, entities, events, hearing, keeping, speech, touching
from skill.alexa.reminders import AlexaReminders
from skill.answering import Answerer
from skill.conversation import Session, Support, Talk, Trace, converse, worded
from skill.errors import StoreUnavailableError
from skill.library import Library
from skill.reply import Reply
from skill.stores.protocol import Store

TURNS = frozenset({"LaunchRequest", "IntentRequest", touching.EVENT})
"""The types of request that bring what a listener says."""
CARRIED = "carried"
"""The session attribute that holds what the store could not take."""

log = logging.getLogger(__name__)


@dataclass
class Observation:
    """What a speaker of our own gets to see of a turn; it goes in as the context of the invocation."""

    trace: Trace = field(default_factory=Trace)


@functools.cache
def library_for(language: str) -> Library:
    """Return the library of a language, loaded once."""
    return library.load(language)


@functools.cache
def answerer_for(language: str) -> Answerer:
    """Return the answerer of a language, loaded once."""
    return Answerer.load(language)


def library_of(locale: str | None) -> Library:
    """Return the library of the language that is spoken to a locale."""
    return library_for(_language(locale or "en-US"))


def is_turn(handler_input: Any) -> bool:
    """Return whether a request is a turn of a conversation, to which something may be said."""
    return get_request_type(handler_input) in TURNS or consent.is_answer(handler_input.request_envelope.request)


class TurnHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Handles what a listener says: opening the skill, every intent, a touch that says the same, a permission."""

    def __init__(self, store: Store, support: Support | None) -> None:
        self._store = store
        self._support = support

    def can_handle(self, handler_input: Any) -> bool:
        """Return whether the request is a turn of a conversation."""
        return is_turn(handler_input)

    def handle(self, handler_input: Any) -> Any:
        """Hold one turn, in which the store and Alexa's APIs are waited for deadline.TURN seconds at most."""
        with deadline.turn():
            return self._handle(handler_input)

    def _handle(self, handler_input: Any) -> Any:
        envelope, context = handler_input.request_envelope, handler_input.context
        request, manager = envelope.request, handler_input.attributes_manager
        attributes = manager.session_attributes if envelope.session else {}
        if consent.is_answer(request) and not attributes:
            attributes = consent.session(request)
        known = library_of(request.locale)
        session = Session.from_dict(attributes)
        if request.object_type == touching.EVENT:
            request = touching.as_spoken(request, known, session)
            if request is None:
                return handler_input.response_builder.response
        listener_id, carried = events.listener_id(envelope), attributes.get(CARRIED)
        record = keeping.load(
            self._store, listener_id, request.timestamp, carried if isinstance(carried, dict) else None
        )
        place = known.locale(request.locale or "en-US")
        today = functools.partial(day.local_date, handler_input, session, place)
        reminders = AlexaReminders(handler_input, functools.partial(day.local_zone, handler_input, session, place))
        starts = envelope.session is None or bool(envelope.session.new)
        talk = Talk(
            library=known,
            answerer=answerer_for(known.language),
            heard=hearing.heard(request, known, starts, today, self._support, reminders),
            session=session,
            listener=record.listener,
        )
        reply, unsaved = self._keep(talk, record, listener_id, converse(talk))
        if envelope.session:
            manager.session_attributes = session.to_dict() | unsaved
        if isinstance(context, Observation):
            context.trace = talk.trace
        response = respond(handler_input, reply)
        if reply.asks_permission:
            handler_input.response_builder.add_directive(consent.directive(session))
        return response

    def _keep(
        self, talk: Talk, record: keeping.Record, listener_id: str | None, reply: Reply
    ) -> tuple[Reply, dict[str, Any]]:
        """Write what changed; return the reply, which may have to say that it can't be kept, and what to carry on."""
        talk.trace.listener_version = record.version if record.known else None
        changed = talk.listener != record.listener or record.carried
        if not (changed or talk.forgotten):
            return reply, {}
        try:
            if talk.forgotten:
                if listener_id is not None:
                    keeping.forget(self._store, listener_id, talk.heard.now)
                talk.trace.listener_version = None
                return reply, {}
            if listener_id is None or not record.reachable:
                raise StoreUnavailableError("it did not answer when the turn began")
            version = keeping.save(self._store, listener_id, record, talk.listener, talk.heard.now)
            talk.trace.listener_version = version or None
        except StoreUnavailableError as error:
            log.warning("store unavailable at save: %s", error)
            if talk.forgotten:
                unsaved = {CARRIED: record.carry(record.listener)} if record.carried else {}
                failed = talk.reply(talk.say("forget_failed"), reprompt=talk.say("reprompt"))
                return replace(failed, expects=reply.expects), unsaved
            if talk.session.asking and "unkept" not in talk.session.said:
                reply = reply.led_by(talk.say("unkept"))
            return reply, {CARRIED: record.carry(talk.listener)}
        return reply, {}


class TroubleHandler(AbstractExceptionHandler):  # type: ignore[misc]
    """Turns any failure of ours into a short word and a question; its trace goes to the log, never to a listener."""

    def can_handle(self, handler_input: Any, exception: Exception) -> bool:
        """Return True, save for a skill event: its failure must reach Amazon, which then sends it again."""
        return get_request_type(handler_input) not in events.EVENTS

    def handle(self, handler_input: Any, exception: Exception) -> Any:
        """Log the exception, without a listener's words, and ask what they would like, where that may be asked."""
        # The message of an exception may quote a listener, so only its kind and its place are logged.
        place = traceback.extract_tb(exception.__traceback__)[-1] if exception.__traceback__ else None
        log.error("turn failed: %s at %s", type(exception).__name__, place and f"{place.name}:{place.lineno}")
        if not is_turn(handler_input):
            return ResponseFactory().response
        envelope, manager = handler_input.request_envelope, handler_input.attributes_manager
        attributes = manager.session_attributes if envelope.session else {}
        known = library_of(envelope.request.locale)
        # Whatever spoilt the turn may have come with the session, so no more of it is used than this.
        said = Session.from_dict(attributes).said if isinstance(attributes, dict) else {}
        rng = random.Random(envelope.request.request_id)
        line, reprompt = (worded(known, kind, said, rng) for kind in ("trouble", "reprompt"))
        if envelope.session and isinstance(attributes, dict):
            manager.session_attributes = attributes | {"said": said}
        return respond(handler_input, Reply((line,), reprompt=reprompt))


def respond(handler_input: Any, reply: Reply) -> Any:
    """Return the SDK's response for a reply."""
    builder = handler_input.response_builder
    builder.speak(speech.ssml(reply))
    if reply.reprompt is not None:
        builder.ask(speech.reprompt_ssml(reply.reprompt))
    if not reply.asks_permission:  # the session is Alexa's then, neither ended nor listening for us
        builder.set_should_end_session(not reply.keeps_listening)
    if reply.card is not None and not reply.private:
        builder.set_card(SimpleCard(reply.card.title, reply.card.text))
    if reply.permission_card and not reply.private and not consent.has_card(handler_input.request_envelope.request):
        builder.set_card(consent.card())
    if reply.expects is not None and reply.keeps_listening and not reply.private:
        builder.add_directive(entities.update(reply.expects))
    return builder.response


def _language(locale: str) -> str:
    """Return the language to speak: the locale's own where there is content in it, else English."""
    language = library.language_of(locale)
    return language if language in _languages() else "en"


@functools.cache
def _languages() -> frozenset[str]:
    return frozenset(library.languages())
