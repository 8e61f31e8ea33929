"""Which API a body is written for, told by what is in it: for those that come without an address."""

from collections.abc import Iterable

from msgspec import Raw, Struct

from proxy.exchange import Surface
from proxy.routing.signals.leniently import Leniently, first, items, text
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.reading import ABSENT
from proxy.wire.splice import Body


class _Message(Struct):
    role: str = ""
    content: Raw = ABSENT
    tool_calls: Raw = ABSENT


class _Typed(Struct):
    type: str = ""
    input_schema: Raw = ABSENT
    function: Raw = ABSENT


_MESSAGES, _TYPED = Leniently(_Message), Leniently(_Typed)

_ONLY_ANTHROPIC = ("system", "thinking", "stop_sequences", "top_k", "context_management", "anthropic_version")
_ONLY_CHAT = (
    "response_format",
    "max_completion_tokens",
    "stream_options",
    "reasoning_effort",
    "parallel_tool_calls",
    "functions",
    "stop",
    "n",
)
_ONLY_EMBEDDINGS = ("encoding_format", "dimensions")
_ANTHROPIC_BLOCKS = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking", "document"})
_CHAT_ROLES = frozenset({"system", "developer", "tool", "function"})

_NEEDED = {
    Surface.MESSAGES: ("messages",),
    Surface.CHAT: ("messages", "input"),
    Surface.RESPONSES: ("input", "prompt", "previous_response_id"),
    Surface.GEMINI: ("contents",),
    Surface.EMBEDDINGS: ("input",),
}
_LISTS = frozenset({"messages", "contents"})


def surface_of(body: Body) -> Surface:
    """A Failure for a body that is none of ours."""
    if _has(body, "contents"):
        return Surface.GEMINI
    if _has(body, "messages"):
        return Surface.MESSAGES if _is_anthropic(body) else Surface.CHAT
    if any(_has(body, name) for name in _NEEDED[Surface.RESPONSES]):
        is_embedding = any(_has(body, name) for name in _ONLY_EMBEDDINGS) or "embed" in _model(body)
        return Surface.EMBEDDINGS if is_embedding else Surface.RESPONSES
    raise _unfit(
        "It has none of `messages`, `input` and `contents`, so it is no request that Tierwise knows."
    )


def check(body: Body, surface: Surface) -> None:
    """A Failure for a body that holds nothing to be answered on that surface."""
    found = [name for name in _NEEDED[surface] if _has(body, name)]
    if not found:
        wanted = " or ".join(f"`{name}`" for name in _NEEDED[surface])
        raise _unfit(f"A body for the surface {surface} has {wanted}.")
    if found[0] in _LISTS and first(body.value(found[0]) or b"") != "[":
        raise _unfit(f"`{found[0]}` is no list.")


def _is_anthropic(body: Body) -> bool:
    """By the messages and tools themselves, then by parameters that only one of the two APIs has."""
    tools = _TYPED.read_all(body.value("tools") or ABSENT)
    if tools:
        return not any(tool.function is not ABSENT or tool.type == "function" for tool in tools)
    messages = _MESSAGES.read_all(body.value("messages") or ABSENT)
    if any(each.role in _CHAT_ROLES or each.tool_calls is not ABSENT for each in messages):
        return False
    if any(block.type in _ANTHROPIC_BLOCKS for each in messages for block in _blocks(each)):
        return True
    if any(_has(body, name) for name in _ONLY_ANTHROPIC):
        return True
    return not any(_has(body, name) for name in _ONLY_CHAT) and _model(body).startswith("claude")


def _blocks(message: _Message) -> Iterable[_Typed]:
    if message.content is ABSENT or first(message.content) != "[":
        return ()
    return (_TYPED.read(item) for item in items(message.content))


def _model(body: Body) -> str:
    return text(body.value("model") or ABSENT).casefold()


def _has(body: Body, name: str) -> bool:
    value = body.value(name)
    return value is not None and bytes(value) != b"null"


def _unfit(sentence: str) -> Failure:
    return Failure(FailureKind.BAD_REQUEST, f"The body cannot be explained. {sentence}")
