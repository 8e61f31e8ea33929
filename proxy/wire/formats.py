"""The wire formats that clients speak, and how each of them says that something failed."""

from collections.abc import Callable
from dataclasses import dataclass

from proxy.wire.anthropic import errors as anthropic
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.gemini import errors as gemini
from proxy.wire.openai_chat import errors as openai_chat
from proxy.wire.responses import errors as responses

__all__ = ["ERRORS", "ErrorStyle", "Format"]


@dataclass(frozen=True, slots=True)
class ErrorStyle:
    """How one format carries an error: outside a stream with a status, and inside one."""

    body: Callable[[Failure, str], bytes]
    event: Callable[[Failure, str], bytes]
    status: Callable[[Failure], int]


ERRORS = {
    Format.ANTHROPIC: ErrorStyle(anthropic.error_body, anthropic.error_event, anthropic.status_for),
    Format.OPENAI_CHAT: ErrorStyle(openai_chat.error_body, openai_chat.error_event, openai_chat.status_for),
    Format.RESPONSES: ErrorStyle(responses.error_body, responses.error_event, responses.status_for),
    Format.GEMINI: ErrorStyle(gemini.error_body, gemini.error_event, gemini.status_for),
}
