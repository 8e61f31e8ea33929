"""What was pasted, as a question: a request of any kind, one with its circumstances, or plain words.

All of this may be slow for a large text and is meant for a thread.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication

from app.errors import UserError
from proxy.exchange import Surface
from proxy.server.question import NOBODY_IN_PARTICULAR, envelope_in, question_in
from proxy.wire.failure import Failure

ANY_MODEL = "auto"
"""What plain words ask for, where no model is chosen."""

_Members = dict[str, msgspec.Raw]
_MEMBERS = msgspec.json.Decoder(_Members)
_OF_QUESTIONS = frozenset({"body", "id"})
"""What no body of any API has, and every question."""


class NoRequestError(UserError):
    """What was pasted is no request; the message says where."""

    kind = "bad_request"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user says beside it; empty is whatever the request itself says."""

    surface: str = ""
    client: str = ""
    model: str = ""

    @property
    def said(self) -> dict[str, str]:
        named = {"surface": self.surface, "client": self.client, "model": self.model}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Guess:
    """What holds where nothing is chosen."""

    surface: str
    client: str
    model: str
    is_plain: bool


def question_of(text: str, choices: Choices) -> dict[str, Any]:
    """As explain takes it; a NoRequestError for what cannot be read."""
    if not is_json(text):
        return _in_words(text, choices)
    members = _members(text)
    is_whole = not _OF_QUESTIONS.isdisjoint(members)
    asked = members if is_whole else {"body": msgspec.Raw(_bytes(text))}
    return {**asked, **choices.said}


def guess(text: str, choices: Choices) -> Guess:
    """A NoRequestError for what is no request."""
    question = question_of(text, choices)
    try:
        asked = question_in(envelope_in(msgspec.json.encode(question)))
    except Failure as failure:
        raise NoRequestError(failure.sentence) from failure
    return Guess(asked.surface.value, asked.client, asked.model, not is_json(text))


def is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def _in_words(text: str, choices: Choices) -> dict[str, Any]:
    """One turn of a user who says just this."""
    words = text.strip()
    if not words:
        raise NoRequestError(_tr("There is nothing to explain yet: paste a request, or write some words."))
    surface = choices.surface or Surface.MESSAGES.value
    body = {"model": choices.model or ANY_MODEL, **_turn(words)[surface]}
    return {"client": choices.client or NOBODY_IN_PARTICULAR, "surface": surface, "body": body}


def _turn(words: str) -> Mapping[str, dict[str, Any]]:
    messages = [{"role": "user", "content": words}]
    return {
        Surface.MESSAGES.value: {"max_tokens": 1024, "messages": messages},
        Surface.CHAT.value: {"messages": messages},
        Surface.RESPONSES.value: {"input": words},
        Surface.GEMINI.value: {"contents": [{"role": "user", "parts": [{"text": words}]}]},
        Surface.EMBEDDINGS.value: {"input": words},
    }


def _members(text: str) -> _Members:
    try:
        return _MEMBERS.decode(_bytes(text))
    except RecursionError as error:
        raise NoRequestError(_tr("This is nested too deeply to be a request.")) from error
    except msgspec.DecodeError as error:
        raise NoRequestError(_fault(text)) from error


def _bytes(text: str) -> bytes:
    """Half an emoji, which a cut in the wrong place leaves, is no reason to refuse the rest."""
    return text.lstrip("\ufeff").encode("utf-8", "replace")


def _fault(text: str) -> str:
    """Where the JSON ends to be JSON, as editors count lines and columns."""
    try:
        json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(error.doc.rstrip())
        sentence = (
            _tr("This is not all of a request: it ends in line %1, column %2, before it is complete.")
            if is_cut
            else _tr("This is not JSON: something is wrong in line %1, column %2 (%3).")
        )
        told = sentence.replace("%1", str(error.lineno)).replace("%2", str(error.colno))
        return told.replace("%3", error.msg)
    return _tr("This is not JSON as the APIs take it: it holds something that only some programs write.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("routing", text)
