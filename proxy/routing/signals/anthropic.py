"""Messages as Anthropic's format has them: results of tools are blocks beside the user's words."""

from collections.abc import Sequence

from msgspec import Struct

from proxy.routing.signals.blocks import Block, Content, Held, content_of, held_in, shown_in
from proxy.routing.signals.leniently import Leniently
from proxy.routing.signals.seen import NOTHING, ROLES, Answered, Called, Role, Seen


class _Message(Struct, gc=False):
    role: str | None = None
    content: Content = None


_MESSAGE = Leniently(_Message, content=content_of)


def seen(raws: Sequence[bytes]) -> list[Seen]:
    return [_seen(message) for message in _MESSAGE.read_each(raws)]


def _seen(message: _Message) -> Seen:
    role = ROLES.get(message.role)
    if role is None:
        return NOTHING
    held = held_in(message.content)
    return _of_the_model(held) if role == "assistant" else _of_others(role, held)


def _of_the_model(held: Held) -> Seen:
    calls, results = held.calls, held.results
    return Seen(
        "assistant",
        calls=tuple([Called(block.name or "", block.id or "", block.input) for block in calls])
        if calls
        else (),
        is_open=_is_unanswered(calls, results) if results else bool(calls),
        has_tools=bool(calls or results),
        images=held.images,
        documents=held.documents,
    )


def _is_unanswered(calls: Sequence[Block], results: Sequence[Block]) -> bool:
    """Tools that the provider runs answer in the message that calls them."""
    return not {block.id for block in calls} <= {block.tool_use_id for block in results}


def _of_others(role: Role, held: Held) -> Seen:
    results = held.results
    images, documents = (0, 0) if held.is_text else shown_in(results)
    return Seen(
        role,
        held.texts,
        answers=tuple([Answered(one.tool_use_id or "", one.content, one.is_error) for one in results])
        if results
        else (),
        has_tools=bool(results),
        images=held.images + images,
        documents=held.documents + documents,
        is_text=held.is_text,
    )
