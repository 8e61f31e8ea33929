"""Calls of the client's tools in a streamed answer: of functions, and of custom tools."""

from collections.abc import Callable
from typing import Any

from proxy.wire.canonical import ArgumentsDelta, Block, Event, ToolCall
from proxy.wire.reading import is_json_object
from proxy.wire.responses.custom_text import Unwrapping
from proxy.wire.responses.numbering import Delta
from proxy.wire.responses.output_items import COMPLETED, INCOMPLETE, call_item
from proxy.wire.responses.streamed_items import IN_PROGRESS, Output, StreamedItem

NO_ARGUMENTS = "{}"


class StreamedCall(StreamedItem):
    """A call, which is announced at once: clients show what is about to be done."""

    _events = "response.function_call_arguments"
    _member = "arguments"

    def __init__(self, output: Output, block: ToolCall) -> None:
        super().__init__(output, block)
        self._call = block
        self._pieces: list[str] = []
        self._delta: Callable[[str], bytes] | None = None

    def begin(self) -> bytes:
        return self._announce(self._call) + self._say(self._call.arguments)

    def more(self, event: Event) -> bytes:
        return self._say(event.json) if type(event) is ArgumentsDelta else b""

    def end(self) -> bytes:
        rest = self._rest()
        said = "".join(self._pieces)
        done = self._event(f"{self._events}.done", **{self._member: said}, name=self._call.name)
        item = {**call_item(self._call, self._id), self._member: said, "status": self._status(said)}
        return rest + done + self._finish(item)

    def _say(self, text: str) -> bytes:
        if not text:
            return b""
        self._pieces.append(text)
        if self._delta is None:
            self._delta = Delta(self._output.numbering, f"{self._events}.delta", self._where()).event
        return self._delta(text)

    def _rest(self) -> bytes:
        return b"" if self._pieces else self._say(NO_ARGUMENTS)

    def _status(self, said: str) -> str:
        return COMPLETED if is_json_object(said) else INCOMPLETE

    def _empty(self, block: Block) -> Any:
        return {**call_item(self._call, self._id), self._member: "", "status": IN_PROGRESS}


class StreamedCustomCall(StreamedCall):
    """A custom tool's call: the text is freed of its wrapping on the way."""

    _events = "response.custom_tool_call_input"
    _member = "input"

    def __init__(self, output: Output, block: ToolCall) -> None:
        super().__init__(output, block)
        self._unwrapping = Unwrapping()

    def _say(self, text: str) -> bytes:
        return super()._say(self._unwrapping.feed(text))

    def _rest(self) -> bytes:
        return super()._say(self._unwrapping.end())

    def _status(self, said: str) -> str:
        return COMPLETED
