"""What every format must be able to say, so that the rest of the fakes need not know which it is."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

from multidict import CIMultiDict

from proxy.wire.format import Format
from tests.fakes.formats.text import encoded
from tests.fakes.script import Asked, Turn


class Task(StrEnum):
    """What can be asked for at a place."""

    ANSWER = "answer"
    COUNT = "count"
    EMBED = "embed"
    MODELS = "models"
    MODEL = "model"


@dataclass(frozen=True)
class Incoming:
    """A request before anybody has understood it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: CIMultiDict[str]
    body: Any

    @property
    def path_qs(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.path}?{query}" if query else self.path


@dataclass
class Memory:
    """What a vendor remembers of its own answers, and holds requests against."""

    signatures: set[str] = field(default_factory=set)
    responses: dict[str, list[Any]] = field(default_factory=dict)
    """The conversation up to and with each stored response."""


class Refused(Exception):  # noqa: N818 -- it is an answer
    """A request that breaks the rules, in the vendor's words."""

    def __init__(self, message: str, *, status: int = 400, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


class Speech(ABC):
    """One format: its places, how it is read, and how it is answered."""

    format: ClassVar[Format]
    base: ClassVar[str] = ""
    """What a configured address has behind the root."""
    places: ClassVar[tuple[tuple[str, str, Task], ...]]
    """Method, pattern of the path (with the model, where the path names it), task."""
    stream_type: ClassVar[str] = "text/event-stream"
    call_prefix: ClassVar[str] = "call_"
    """How the ids of calls begin; empty for a format that gives none."""
    signs: ClassVar[bool] = False
    """Whether thinking bears a signature."""
    key_headers: ClassVar[tuple[str, ...]] = ("authorization",)
    overflow_status: ClassVar[int] = 400

    def place(self, incoming: Incoming) -> tuple[Task, str] | None:
        """What is asked for there, and the model in the path."""
        for method, pattern, task in self.places:
            found = re.fullmatch(pattern, incoming.path)
            if found is not None and method == incoming.method:
                return task, found.groupdict().get("model") or ""
        return None

    def keys(self, incoming: Incoming) -> set[str]:
        """All that a request shows as its key."""
        shown = {incoming.headers.get(name, "") for name in self.key_headers}
        return {key.removeprefix("Bearer ") for key in shown}

    @abstractmethod
    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked: ...

    @abstractmethod
    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        """Raises Refused for what the vendor would refuse."""

    @abstractmethod
    def whole(self, turn: Turn, asked: Asked, number: int) -> Any: ...

    @abstractmethod
    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        """The stream in the pieces in which it is sent, an event each."""

    @abstractmethod
    def error(self, status: int, message: str, code: str | None = None) -> Reply: ...

    @abstractmethod
    def error_event(self, message: str, asked: Asked) -> bytes:
        """How a stream says that it failed."""

    @abstractmethod
    def malformed_event(self, asked: Asked) -> bytes:
        """An event cut off in its middle, but ended as if it were whole."""

    @abstractmethod
    def overflow(self, tokens: int, maximum: int) -> Refused: ...

    @abstractmethod
    def models(self, names: Collection[str]) -> Any: ...

    def model(self, name: str) -> Any:
        return self.models([name])["data"][0]

    def no_model(self, model: str) -> Refused:
        return Refused(f"model: {model}", status=404)

    def counted(self, tokens: int) -> Any:
        return {"input_tokens": tokens}

    def embedded(self, asked: Asked, tokens: int) -> Any:
        raise NotImplementedError(self.format)

    def whole_type(self, asked: Asked) -> str:
        return "application/json"

    def streamed_type(self, asked: Asked) -> str:
        return self.stream_type

    def stored(self, memory: Memory, turn: Turn, asked: Asked, number: int) -> None:
        """Remembers what was answered."""
        if turn.signature is not None:
            memory.signatures.add(turn.signature)

    def made_definite(self, turn: Turn, number: int) -> Turn:
        """With an id for each call and a signature for thinking, where the format has them."""
        calls = tuple(
            replace(
                call, id=call.id or (f"{self.call_prefix}{number:04}{place:02}" if self.call_prefix else "")
            )
            for place, call in enumerate(turn.calls)
        )
        signature = turn.signature
        if signature is None and self.signs and turn.thinking is not None:
            signature = signature_number(number)
        return replace(turn, calls=calls, signature=signature)


def signature_number(number: int) -> str:
    """Base64, as all of them are."""
    return f"c2lnbmF0dXJl{number:04}"


def json_reply(status: int, body: Any, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, encoded(body), {"content-type": "application/json", **named})


def need(holds: object, message: str, *, code: str | None = None, status: int = 400) -> None:
    """A rule: what does not hold is refused."""
    if not holds:
        raise Refused(message, status=status, code=code)
