"""Messages as Anthropic's format has them: results of tools are blocks beside the user's words."""

from msgspec import Raw, Struct

from proxy.routing.signals.blocks import decoded_texts, held_in
from proxy.routing.signals.leniently import Leniently, first
from proxy.routing.signals.seen import NOTHING, ROLES, Role, Seen
from proxy.wire.reading import ABSENT


class _Message(Struct, gc=False):
    role: str | None = None
    content: Raw = ABSENT


_MESSAGE = Leniently(_Message)


def seen(raw: bytes) -> Seen:
    message = _MESSAGE.read(raw)
    role = ROLES.get(message.role or "")
    if role is None:
        return NOTHING
    held = held_in(message.content)
    if role is Role.ASSISTANT:
        answered = {block.tool_use_id for block in held.results}
        return Seen(
            role,
            called=tuple([block.name for block in held.calls if block.name]),
            is_open=any(block.id not in answered for block in held.calls),
            has_tools=bool(held.calls or held.results),
            images=held.images,
            documents=held.documents,
        )
    inside = [held_in(block.content) for block in held.results if first(block.content) == "["]
    return Seen(
        role,
        texts=decoded_texts(held.texts),
        results=tuple([block.tool_use_id or "" for block in held.results]),
        has_tools=bool(held.results),
        images=held.images + sum(one.images for one in inside),
        documents=held.documents + sum(one.documents for one in inside),
    )
