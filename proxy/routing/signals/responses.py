"""Items as the Responses format has them: messages, calls and results stand in one row."""

from collections.abc import Sequence

from msgspec import Raw, Struct

from proxy.routing.signals.blocks import Content, content_of, held_in
from proxy.routing.signals.leniently import Leniently
from proxy.routing.signals.seen import NOTHING, ROLES, Answered, Called, Seen
from proxy.wire.reading import ABSENT, given


class _Item(Struct, gc=False):
    type: str | None = None
    role: str | None = None
    content: Content = None
    call_id: str | None = None
    name: str | None = None
    output: Content = None
    approval_request_id: str | None = None
    arguments: Raw = ABSENT
    input: Raw = ABSENT
    action: Raw = ABSENT
    success: bool | None = None


_ITEM = Leniently(_Item, content=content_of, output=content_of)
_CALL, _OUTPUT = "_call", "_call_output"
_ASKED, _ALLOWED = "mcp_approval_request", "mcp_approval_response"


def seen(raws: Sequence[bytes]) -> list[Seen]:
    """An `input` that is a string is one message of the user."""
    items = [b'{"role":"user","content":%s}' % raw if raw[:1] == b'"' else raw for raw in raws]
    return [_seen(item) for item in _ITEM.read_each(items)]


def _seen(item: _Item) -> Seen:
    kind = item.type or "message"
    if kind == "message":
        return _message(item)
    if kind.endswith(_OUTPUT) or kind == _ALLOWED:
        return _result(item)
    if kind.endswith(_CALL) or kind == _ASKED:
        return _call(item, kind)
    return NOTHING


def _message(item: _Item) -> Seen:
    role = ROLES.get(item.role)
    if role is None:
        return NOTHING
    held = held_in(item.content)
    return Seen(
        role=role,
        texts=() if role == "assistant" else held.texts,
        images=held.images,
        documents=held.documents,
        is_text=held.is_text and role != "assistant",
    )


def _result(item: _Item) -> Seen:
    held = held_in(item.output)
    return Seen(
        role="user",
        answers=(
            Answered(
                item.call_id or item.approval_request_id or "",
                item.output,
                None if item.success is None else not item.success,
            ),
        ),
        has_tools=True,
        images=held.images,
        documents=held.documents,
        is_text=held.is_text,
    )


def _call(item: _Item, kind: str) -> Seen:
    """Tools that the provider runs have no `call_id`, and nobody is waited for."""
    return Seen(
        role="assistant",
        calls=(Called(item.name or kind.removesuffix(_CALL), item.call_id or "", _arguments(item)),),
        is_open=item.call_id is not None or kind == _ASKED,
        has_tools=True,
    )


def _arguments(item: _Item) -> Raw:
    """Functions take arguments, custom tools an input, the tools that OpenAI has defined an action."""
    return next((raw for raw in (item.arguments, item.input, item.action) if given(raw)), ABSENT)
