"""The turns of a conversation, from `contents`.

Results name the function, and only some clients give calls an id. Where there is none it is made from the
call's place, so it stays the same as the conversation grows, and a result belongs to the first call of that
name in the turn before it that has none yet.
"""

from msgspec import Raw, ValidationError

from proxy.wire.canonical import (
    Block,
    Extra,
    Message,
    Opaque,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.gemini.media import read_file, read_inline
from proxy.wire.gemini.responses import read_response
from proxy.wire.gemini.schema import CONTENT, FUNCTION_CALL, FUNCTION_RESPONSE, PART, Part
from proxy.wire.reading import given

MADE_UP = "call_auto_"
_ROLES = {
    "user": Role.USER,
    "function": Role.USER,
    "tool": Role.USER,
    "model": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
}


class _Calls:
    """The calls of the model's last turn that have no result yet."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, str]] = []

    def begin_turn(self) -> None:
        self._waiting.clear()

    def add(self, call: ToolCall) -> None:
        self._waiting.append((call.id, call.name))

    def answered(self, id_: str | None, name: str) -> str:
        """The id of the call that a result belongs to; blank if only the calls around it could tell."""
        by_id = (call for call in self._waiting if call[0] == id_)
        by_name = (call for call in self._waiting if call[1] == name)
        call = next(by_id, None) or next(by_name, None)
        if call is None:
            return id_ or ""
        self._waiting.remove(call)
        return call[0]


def read_contents(raws: list[Raw]) -> tuple[Message, ...]:
    messages: list[Message] = []
    calls = _Calls()
    spoke: Role | None = None
    for place, raw in enumerate(raws):
        content, extra = CONTENT.read(raw)
        role = _ROLES.get(content.role or "user")
        if role is None:
            raise ValidationError(f"Unknown role - at `$.contents[{place}]`")
        if role is Role.ASSISTANT and spoke is not role:
            calls.begin_turn()
        spoke = role
        blocks: list[Block] = []
        for nth, part in enumerate(content.parts or ()):
            blocks += _read_part(part, f"{MADE_UP}{place}_{nth}", calls)
        if blocks:
            messages.append(Message(role, tuple(blocks), extra=extra))
    return tuple(messages)


def read_instruction(raw: Raw) -> tuple[Block, ...]:
    """Instructions are a content like any other; some clients send a bare text or a list of parts."""
    text = bytes(raw).lstrip()
    if text.startswith(b'"'):
        raw = Raw(b'{"parts":[{"text":' + text + b"}]}")
    elif text.startswith(b"["):
        raw = Raw(b'{"parts":' + text + b"}")
    content, _ = CONTENT.read(raw)
    return tuple(b for part in content.parts or () for b in _read_part(part, MADE_UP, _Calls()))


def _read_part(raw: Raw, made_up: str, calls: _Calls) -> list[Block]:
    part, extra = PART.read(raw)
    if given(part.function_call) is not None:
        call = _call(part, made_up, extra)
        calls.add(call)
        return [call]
    if part.thought and part.text is not None:
        thought = Thinking(part.text, part.thought_signature, extra=extra)
        return [thought] if thought != Thinking("") else []
    spoken = _spoken(part, raw, extra, calls)
    return [*spoken, *_signed(part, is_opaque=any(isinstance(block, Opaque) for block in spoken))]


def _spoken(part: Part, raw: Raw, extra: Extra | None, calls: _Calls) -> list[Block]:
    if part.text is not None:
        # Empty texts say nothing, and other providers refuse them.
        return [Text(part.text, extra=extra)] if part.text else []
    if given(part.function_response) is not None:
        return [_result(part.function_response, extra, calls)]
    if given(part.inline_data) is not None:
        return [read_inline(part.inline_data, extra)]
    if given(part.file_data) is not None:
        return [read_file(part.file_data, extra)]
    return [Opaque(Format.GEMINI, next(iter(extra)), raw)] if extra else []


def _signed(part: Part, *, is_opaque: bool) -> list[Block]:
    """A signature on what is no thought and no call is a thought without words, after it.

    That is how the API itself sends it on streams, and in this form it survives clients of other formats.
    """
    if not part.thought_signature or is_opaque:
        return []
    return [Thinking("", part.thought_signature)]


def _call(part: Part, made_up: str, extra: Extra | None) -> ToolCall:
    call, extra = FUNCTION_CALL.read_inner(part.function_call, "functionCall", extra)
    args = given(call.args)
    return ToolCall(
        call.id or made_up,
        call.name,
        bytes(args).decode() if args is not None else "{}",
        signature=part.thought_signature or None,
        extra=extra,
    )


def _result(raw: Raw, extra: Extra | None, calls: _Calls) -> ToolResult:
    result, extra = FUNCTION_RESPONSE.read_inner(raw, "functionResponse", extra)
    text, is_error = read_response(result.response)
    content: list[Block] = [Text(text)] if text else []
    for part in result.parts or ():
        content += _read_part(part, MADE_UP, _Calls())
    return ToolResult(calls.answered(result.id, result.name), tuple(content), is_error, extra=extra)
