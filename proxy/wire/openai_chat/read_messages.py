"""The messages of a request.

Results of tools are messages of their own here. Those that follow each other answer one turn of the
assistant, and become one message of the user.
"""

from msgspec import Raw, ValidationError

from proxy.wire.canonical import Block, Extra, Message, Refusal, Role, ToolCall, ToolResult
from proxy.wire.openai_chat.calls import read_call, read_function_call
from proxy.wire.openai_chat.read_parts import read_content
from proxy.wire.openai_chat.schema import (
    AnyMessage,
    AssistantMessage,
    DeveloperMessage,
    FunctionMessage,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from proxy.wire.openai_chat.thinking import read_thinking
from proxy.wire.reading import Shapes, given

_MESSAGES = Shapes[AnyMessage](
    SystemMessage, DeveloperMessage, UserMessage, AssistantMessage, ToolMessage, FunctionMessage
)


def read_messages(raws: list[Raw]) -> tuple[Message, ...]:
    messages: list[Message] = []
    results: list[Block] = []
    custom_ids: set[str] = set()
    for place, raw in enumerate(raws):
        found = _MESSAGES.read(raw)
        if found is None:
            raise ValidationError(f"Unknown role - at `$.messages[{place}]`")
        message, extra = found
        if isinstance(message, ToolMessage | FunctionMessage):
            results.append(_result(message, extra, custom_ids))
            continue
        if results:
            messages.append(Message(Role.USER, tuple(results)))
            results = []
        said = _message(message, extra, place)
        custom_ids |= {b.id for b in said.content if isinstance(b, ToolCall) and b.custom}
        messages.append(said)
    if results:
        messages.append(Message(Role.USER, tuple(results)))
    return tuple(messages)


def _message(
    message: SystemMessage | DeveloperMessage | UserMessage | AssistantMessage,
    extra: Extra | None,
    place: int,
) -> Message:
    match message:
        case AssistantMessage():
            return Message(Role.ASSISTANT, _said(message, place), message.name, extra)
        case SystemMessage():
            role = Role.SYSTEM
        case DeveloperMessage():
            role = Role.DEVELOPER
        case UserMessage():
            role = Role.USER
    return Message(role, read_content(message.content), message.name, extra)


def _said(message: AssistantMessage, place: int) -> tuple[Block, ...]:
    """The blocks of the assistant's message, in the order in which models speak.

    A missing id is made from the message's place, so it stays the same as the conversation grows.
    """
    plain = message.reasoning_content or message.reasoning
    blocks: list[Block] = [*read_thinking(plain, message.reasoning_details), *read_content(message.content)]
    if message.refusal:
        blocks.append(Refusal(message.refusal))
    for nth, raw in enumerate(message.tool_calls or ()):
        blocks.append(read_call(raw, f"call_auto_{place}_{nth}"))
    if given(message.function_call) is not None:
        blocks.append(read_function_call(message.function_call, f"call_auto_{place}"))
    return tuple(blocks)


def _result(message: ToolMessage | FunctionMessage, extra: Extra | None, custom_ids: set[str]) -> ToolResult:
    """A blank id stays blank: whose result it is can be told only from the calls around it."""
    id_ = message.tool_call_id or "" if isinstance(message, ToolMessage) else ""
    return ToolResult(id_, read_content(message.content), custom=id_ in custom_ids, extra=extra)
