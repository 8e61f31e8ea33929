"""Items as the Responses format has them: messages, calls and results stand in one row."""

from msgspec import Raw, Struct

from proxy.routing.signals.blocks import decoded_texts, held_in
from proxy.routing.signals.leniently import Leniently, first, text
from proxy.routing.signals.seen import NOTHING, ROLES, Role, Seen
from proxy.wire.reading import ABSENT


class _Item(Struct, gc=False):
    type: str | None = None
    role: str | None = None
    content: Raw = ABSENT
    call_id: str | None = None
    name: str | None = None
    output: Raw = ABSENT
    approval_request_id: str | None = None


_ITEM = Leniently(_Item)
_CALL, _OUTPUT = "_call", "_call_output"
_ASKED, _ALLOWED = "mcp_approval_request", "mcp_approval_response"


def seen(raw: bytes) -> Seen:
    """A whole `input` that is a string is one message of the user."""
    if first(raw) == '"':
        words = text(raw)
        return Seen(Role.USER, (words,) if words else ())
    item = _ITEM.read(raw)
    kind = item.type or "message"
    if kind == "message":
        return _message(item)
    if kind.endswith(_OUTPUT) or kind == _ALLOWED:
        return _result(item)
    if kind.endswith(_CALL) or kind == _ASKED:
        return _call(item, kind)
    return NOTHING


def _message(item: _Item) -> Seen:
    role = ROLES.get(item.role or "")
    if role is None:
        return NOTHING
    held = held_in(item.content)
    return Seen(
        role=role,
        texts=() if role is Role.ASSISTANT else decoded_texts(held.texts),
        images=held.images,
        documents=held.documents,
    )


def _result(item: _Item) -> Seen:
    held = held_in(item.output)
    return Seen(
        role=Role.USER,
        results=(item.call_id or item.approval_request_id or "",),
        has_tools=True,
        images=held.images,
        documents=held.documents,
    )


def _call(item: _Item, kind: str) -> Seen:
    """Tools that the provider runs have no `call_id`, and nobody is waited for."""
    return Seen(
        role=Role.ASSISTANT,
        called=(item.name or kind.removesuffix(_CALL),),
        is_open=item.call_id is not None or kind == _ASKED,
        has_tools=True,
    )
