"""The typed turns of recorded sessions, and their texts within the requests."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.savings.session import Request, Session, written
from proxy.routing.signals import cleaned


@dataclass(frozen=True, slots=True)
class Typed:
    """A request that begins a typed turn."""

    session: Session
    request: Request

    def with_body(self, asked: dict[str, Any]) -> Request:
        return replace(self.request, body=written(asked))

    def with_text(self, other: Callable[[str], str]) -> Request:
        asked = json.loads(self.request.body)
        said = asked["messages" if self.request.surface == "messages" else "input"]
        for message in reversed(said):
            if message.get("role") == "user" and _reworded(message, other):
                return self.with_body(asked)
        raise ValueError(f"nothing is typed in a typed turn of {self.session.name}")


def typed_turns(session: Session) -> Iterator[Typed]:
    for request in session.requests:
        if request.typed and request.call == "main":
            yield Typed(session, request)


def _reworded(message: dict[str, Any], other: Callable[[str], str]) -> bool:
    """Whether the message holds something typed; the last such text in it is another one then."""
    content = message["content"]
    if isinstance(content, str):
        if cleaned(content):
            message["content"] = other(content)
        return bool(cleaned(content))
    for block in reversed(content):
        if cleaned(block.get("text", "")):
            block["text"] = other(block["text"])
            return True
    return False
