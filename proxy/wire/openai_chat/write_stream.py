"""A stream of chunks for a client."""

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    CitationDelta,
    Event,
    Failed,
    Finish,
    KeepAlive,
    RedactedThinking,
    Refusal,
    SignatureDelta,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.openai_chat.calls import custom_input, signed
from proxy.wire.openai_chat.citations import written_citation
from proxy.wire.openai_chat.errors import error_event
from proxy.wire.openai_chat.stops import stop_word
from proxy.wire.openai_chat.thinking import written_detail
from proxy.wire.openai_chat.usage import written_usage
from proxy.wire.target import Reply

_json = msgspec.json.encode
_STILL = b'},"finish_reason":null}]}\n\n'
_DONE = b"data: [DONE]\n\n"
_KEEP_ALIVE = b": keep-alive\n\n"
_CONTENT = b'"content":'
_REFUSAL = b'"refusal":'
_REASONING = b'"reasoning_content":'


class _Call:
    """A call that is being told, and its place among the calls."""

    def __init__(self, place: int, block: ToolCall) -> None:
        self.block = block
        self.more = b'"tool_calls":[{"index":%d,' % place
        self.has_arguments = False
        self.text: list[str] = []
        """What a custom tool is called with, in JSON; the client is given the plain text, at its end."""


class StreamWriter:
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._envelope = b""
        self._head = b""
        self._refusals: set[int] = set()
        self._starts: dict[int, int] = {}
        self._calls: dict[int, _Call] = {}
        self._length = 0
        self._called = 0
        self._over = False

    def write(self, event: Event) -> bytes:
        if self._over:
            return b""
        return self._WAYS[type(event)](self, event)

    def _begin(self, event: Begin) -> bytes:
        if self._head:
            return b""
        known = {
            "id": event.id or f"chatcmpl-{self._reply.id}",
            "object": "chat.completion.chunk",
            "created": self._reply.created,
            "model": self._reply.model,
        }
        self._envelope = b"data: " + _json(known)[:-1]
        self._head = self._envelope + b',"choices":[{"index":0,"delta":{'
        return self._head + b'"role":"assistant","content":""' + _STILL

    def _delta(self, members: bytes) -> bytes:
        if not self._head:
            return self._begin(Begin()) + self._head + members + _STILL
        return self._head + members + _STILL

    def _block(self, event: BlockBegin) -> bytes:
        """What a block has from the start; most are empty then."""
        index, block = event.index, event.block
        match block:
            case Text(text, citations):
                self._starts[index] = self._length
                told = self._text(TextDelta(index, text)) if text else b""
                return told + b"".join(self._citation(CitationDelta(index, one)) for one in citations)
            case Refusal(text):
                self._refusals.add(index)
                return self._text(TextDelta(index, text)) if text else b""
            case Thinking(text, signature):
                told = self._thinking(ThinkingDelta(index, text)) if text else b""
                return told + (self._signature(SignatureDelta(index, signature)) if signature else b"")
            case RedactedThinking():
                return self._details(written_detail(block, index))
            case ToolCall():
                return self._call(index, block)
        return b""  # what another provider's own tools did is no business of this client

    def _text(self, event: TextDelta) -> bytes:
        if event.index in self._refusals:
            return self._delta(_REFUSAL + _json(event.text))
        self._length += len(event.text)
        return self._delta(_CONTENT + _json(event.text))

    def _thinking(self, event: ThinkingDelta) -> bytes:
        return self._delta(_REASONING + _json(event.text))

    def _signature(self, event: SignatureDelta) -> bytes:
        call = self._calls.get(event.index)
        if call is not None:
            # Libraries that put a call together expect every piece to have its kind's member.
            nothing = b'"custom":{"input":""}' if call.block.custom else b'"function":{"arguments":""}'
            return self._delta(
                call.more + nothing + b',"extra_content":%s}]' % _json(signed(event.signature))
            )
        detail = {"type": "reasoning.text", "signature": event.signature, "index": event.index}
        return self._details(detail)

    def _details(self, detail: dict[str, Any]) -> bytes:
        return self._delta(b'"reasoning_details":[%s]' % _json(detail))

    def _citation(self, event: CitationDelta) -> bytes:
        start = self._starts.get(event.index, 0)
        annotation = written_citation(event.citation, start, self._length)
        return self._delta(b'"annotations":[%s]' % _json(annotation)) if annotation is not None else b""

    def _call(self, index: int, block: ToolCall) -> bytes:
        call = self._calls[index] = _Call(self._called, block)
        self._called += 1
        name = f"{block.namespace}__{block.name}" if block.namespace else block.name
        members: dict[str, Any] = {"id": block.id}
        if block.custom:
            members |= {"type": "custom", "custom": {"name": name, "input": ""}}
        else:
            members |= {"type": "function", "function": {"name": name, "arguments": ""}}
        told = self._delta(call.more + _json(members)[1:] + b"]")
        if block.signature is not None:
            told += self._signature(SignatureDelta(index, block.signature))
        return told + (self._arguments(ArgumentsDelta(index, block.arguments)) if block.arguments else b"")

    def _arguments(self, event: ArgumentsDelta) -> bytes:
        call = self._calls[event.index]
        if call.block.custom:
            call.text.append(event.json)
            return b""
        call.has_arguments = True
        return self._delta(call.more + b'"function":{"arguments":%s}}]' % _json(event.json))

    def _end(self, event: BlockEnd) -> bytes:
        call = self._calls.pop(event.index, None)
        return self._ended(call) if call is not None else b""

    def _ended(self, call: _Call) -> bytes:
        """Clients parse the arguments of every call, so a call without any has none in braces."""
        if call.block.custom:
            custom = {"input": custom_input("".join(call.text))}
            return self._delta(call.more + b'"custom":%s}]' % _json(custom))
        if call.has_arguments:
            return b""
        return self._delta(call.more + b'"function":{"arguments":"{}"}}]')

    def _finish(self, event: Finish) -> bytes:
        told = b"".join(self._ended(call) for call in self._calls.values())
        if not self._head:
            told += self._begin(Begin())
        word = stop_word(event.stop, has_calls=self._called > 0, has_refusal=bool(self._refusals))
        told += self._head + b'},"finish_reason":"%s"}]}\n\n' % word.encode()
        if self._reply.usage_in_stream and event.usage.is_known:
            told += self._envelope + b',"choices":[],"usage":%s}\n\n' % _json(written_usage(event.usage))
        self._over = True
        return told + _DONE

    def _failed(self, event: Failed) -> bytes:
        self._over = True
        return error_event(event.failure, self._reply.id)

    def _keep_alive(self, _event: KeepAlive) -> bytes:
        return _KEEP_ALIVE

    _WAYS: ClassVar[dict[type, Callable[..., bytes]]] = {
        Begin: _begin,
        BlockBegin: _block,
        TextDelta: _text,
        ThinkingDelta: _thinking,
        SignatureDelta: _signature,
        CitationDelta: _citation,
        ArgumentsDelta: _arguments,
        BlockEnd: _end,
        Finish: _finish,
        Failed: _failed,
        KeepAlive: _keep_alive,
    }
