"""Messages as the Chat Completions format has them: every result of a tool is a message of its own."""

from collections.abc import Sequence

from msgspec import Struct

from proxy.routing.signals.blocks import Content, content_of, held_in
from proxy.routing.signals.leniently import Leniently
from proxy.routing.signals.seen import NOTHING, ROLES, Seen


class _Named(Struct, gc=False):
    name: str | None = None


class _Call(Struct, gc=False):
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
        results=(message.tool_call_id or message.name or "",) if is_result else (),
        called=tuple([call.name for call in calls if call.name]),
        is_open=bool(calls),
        has_tools=is_result or bool(calls),
        images=held.images,
        documents=held.documents,
        is_text=held.is_text and role != "assistant",
    )


def _calls(message: _Message) -> list[_Named]:
    """The old way with one function as well; a call that cannot be read is one nevertheless."""
    calls = [call.function or call.custom or _Named() for call in message.tool_calls or ()]
    return [*calls, message.function_call] if message.function_call is not None else calls
