"""What a fake says, request by request, told without any format: one scenario serves them all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from multidict import CIMultiDict

from proxy.wire.format import Format
from tests.fakes.fault import Fault

Stop = Literal["end", "calls", "length", "sequence", "filter"]


@dataclass(frozen=True)
class Call:
    """A call of a client's tool; without an id, the fake makes one where the format has ids."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True)
class Billed:
    """What was charged. The three kinds of input are apart from one another; reasoning is part of output."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def prompt(self) -> int:
        return self.input + self.cache_read + self.cache_write

    def __add__(self, other: "Billed") -> "Billed":
        return Billed(
            self.input + other.input,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.output + other.output,
            self.reasoning + other.reasoning,
        )


@dataclass(frozen=True)
class Turn:
    """One answer of the model."""

    text: str = ""
    thinking: str | None = None
    calls: tuple[Call, ...] = ()
    stop: Stop | None = None
    """None: calls where there are some, else the end."""
    usage: Billed = Billed(input=10, output=5)
    signature: str | None = None
    """Of the thinking, in formats that sign it; without one, the fake makes one and remembers it."""

    @property
    def reason(self) -> Stop:
        return self.stop or ("calls" if self.calls else "end")


@dataclass(frozen=True)
class ToolResult:
    """What came of a call. The name is empty where the format does not tell it and the call is unknown."""

    name: str
    id: str
    text: str
    is_error: bool = False


@dataclass(frozen=True)
class Asked:
    """A request in neutral words, with the original beside them."""

    format: Format
    path: str
    """With the query."""
    headers: CIMultiDict[str]
    body: Any
    """The JSON as it came."""
    model: str
    stream: bool = False
    system: str = ""
    """All instructions, wherever the format has them."""
    user: str = ""
    """The last text of the user."""
    tools: tuple[str, ...] = ()
    """The names of the tools on offer."""
    results: tuple[ToolResult, ...] = ()
    """All results in the conversation, in their order."""
    thinking: bool | None = None
    """Whether thinking is asked for; None: nothing is said about it."""
    max_tokens: int | None = None

    @property
    def last_result(self) -> ToolResult:
        return self.results[-1]


Step = Turn | Fault
Answering = Callable[[Asked], Step]


class ScriptOverError(AssertionError):
    """A fake was asked more often than its script foresaw."""


class Script:
    """The answers one after the other, whoever asks; a text is a turn that says it."""

    def __init__(self, steps: Iterable[Step | str]) -> None:
        self._steps = [Turn(step) if isinstance(step, str) else step for step in steps]
        self._taken = 0

    def __call__(self, asked: Asked) -> Step:
        if self.is_over:
            raise ScriptOverError(
                f"The script has {self._taken} steps, and was asked for one more: {asked.user!r}"
            )
        self._taken += 1
        return self._steps[self._taken - 1]

    @property
    def is_over(self) -> bool:
        return self._taken == len(self._steps)


def answering(script: Answering | Step | str | Iterable[Step | str]) -> Answering:
    """Whatever is handy for a script: a callable, steps to be taken in turn, or one answer for ever."""
    if isinstance(script, str):
        return lambda _asked: Turn(script)
    if isinstance(script, Turn | Fault):
        return lambda _asked: script
    return script if callable(script) else Script(script)
