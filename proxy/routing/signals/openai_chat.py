"""Messages as the Chat Completions format has them: every result of a tool is a message of its own."""

from collections.abc import Sequence

from msgspec import Raw, Struct

from proxy.routing.signals.blocks import Content, content_of, held_in
from proxy.routing.signals.leniently import Leniently
from proxy.routing.signals.seen import NOTHING, ROLES, Answered, Called, Seen
from proxy.wire.reading import ABSENT


class _Named(Struct, gc=False):
    """What a call names, and what it hands over: `arguments` to functions, `input` to custom tools."""

    name: str | None = None
    arguments: Raw = ABSENT
    input: Raw = ABSENT


class _Call(Struct, gc=False):
    id: str | None = None
    function: _Named | None = None
    custom: _Named | None = None


class _Message(Struct, gc=False):
    role: str | None = None
    content: Content = None
    tool_calls: list[_Call] | None = None
    function_call: _Named | None = None
    tool_call_id: str | None = None
    name: str | None = None


_CALL = Leniently(_Call)
_MESSAGE = Leniently(_Message, content=content_of, tool_calls=_CALL.read_all)
_RESULTS = frozenset({"tool", "function"})


def seen(raws: Sequence[bytes]) -> list[Seen]:
    return [_seen(message) for message in _MESSAGE.read_each(raws)]


def _seen(message: _Message) -> Seen:
    role = ROLES.get(message.role)
    if role is None:
        return NOTHING
    held = held_in(message.content)
    is_result = message.role in _RESULTS
    calls = _calls(message) if role == "assistant" else ()
    return Seen(
        role,
        texts=() if is_result or role == "assistant" else held.texts,
        calls=calls,
        answers=(Answered(message.tool_call_id or message.name or "", message.content),) if is_result else (),
        is_open=bool(calls),
        has_tools=is_result or bool(calls),
        images=held.images,
        documents=held.documents,
        is_text=held.is_text and role != "assistant",
    )


def _calls(message: _Message) -> tuple[Called, ...]:
    """The old way with one function as well; a call that cannot be read is one nevertheless."""
    calls = [_called(call.function or call.custom or _Named(), call.id) for call in message.tool_calls or ()]
    if message.function_call is not None:
        calls.append(_called(message.function_call, message.function_call.name))
    return tuple(calls)


def _called(named: _Named, id_: str | None) -> Called:
    return Called(
        named.name or "", id_ or "", named.arguments if named.arguments is not ABSENT else named.input
    )
