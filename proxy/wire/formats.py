"""The wire formats by name, and how each of them says that something failed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from proxy.wire.anthropic import errors as anthropic
from proxy.wire.failure import Failure
from proxy.wire.openai_chat import errors as openai_chat


class Format(StrEnum):
    """A way of writing a conversation down; named for the API that defined it."""

    ANTHROPIC = "anthropic"
    OPENAI_CHAT = "openai_chat"


@dataclass(frozen=True, slots=True)
class ErrorStyle:
    """How one format carries an error, outside and inside a stream."""

    body: Callable[[Failure, str], bytes]
    event: Callable[[Failure, str], bytes]


ERRORS = {
    Format.ANTHROPIC: ErrorStyle(anthropic.error_body, anthropic.error_event),
    Format.OPENAI_CHAT: ErrorStyle(openai_chat.error_body, openai_chat.error_event),
}
