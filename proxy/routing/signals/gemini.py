"""Contents as the Gemini format has them: parts without types, calls mostly without ids."""

from msgspec import Raw, Struct, field

from proxy.routing.signals.leniently import Leniently, text
from proxy.routing.signals.seen import NOTHING, ROLES, Role, Seen
from proxy.wire.reading import ABSENT


class _Content(Struct, gc=False):
    role: str | None = None
    parts: Raw = ABSENT


class _Part(Struct, gc=False):
    """Google takes both spellings, and its own libraries write both."""

    text: Raw = ABSENT
    function_call: Raw = ABSENT
    function_call_too: Raw = field(default=ABSENT, name="functionCall")
    function_response: Raw = ABSENT
    function_response_too: Raw = field(default=ABSENT, name="functionResponse")
    inline_data: Raw = ABSENT
    inline_data_too: Raw = field(default=ABSENT, name="inlineData")
    file_data: Raw = ABSENT
    file_data_too: Raw = field(default=ABSENT, name="fileData")


class _Tool(Struct, gc=False):
    id: str | None = None
    name: str | None = None
    parts: Raw = ABSENT


class _Data(Struct, gc=False):
    mime_type: str | None = None
    mime_type_too: str | None = field(default=None, name="mimeType")


_CONTENT, _PART, _TOOL, _DATA = Leniently(_Content), Leniently(_Part), Leniently(_Tool), Leniently(_Data)


def seen(raw: bytes) -> Seen:
    """A content without a role is the user's."""
    content = _CONTENT.read(raw)
    role = ROLES.get(content.role or "user")
    if role is None:
        return NOTHING
    parts = _PART.read_all(content.parts)
    calls = _tools([_either(part.function_call, part.function_call_too) for part in parts])
    results = _tools([_either(part.function_response, part.function_response_too) for part in parts])
    held = [inner for result in results for inner in _PART.read_all(result.parts)]
    kinds = _kinds([*parts, *held])
    images = sum(kind.startswith("image/") for kind in kinds)
    return Seen(
        role=role,
        texts=() if role is Role.ASSISTANT else texts_of(parts),
        results=tuple(result.id or result.name or "" for result in results),
        called=tuple(call.name for call in calls if call.name),
        is_open=bool(calls),
        has_tools=bool(calls or results),
        images=images,
        documents=len(kinds) - images,
    )


def system_texts(raw: Raw) -> tuple[str, ...]:
    return texts_of(_PART.read_all(_CONTENT.read(raw).parts))


def texts_of(parts: list[_Part]) -> tuple[str, ...]:
    found = (text(part.text) for part in parts if part.text is not ABSENT)
    return tuple(words for words in found if words)


def _tools(raws: list[Raw]) -> list[_Tool]:
    return [_TOOL.read(raw) for raw in raws if raw is not ABSENT]


def _kinds(parts: list[_Part]) -> list[str]:
    raws = [
        raw
        for part in parts
        for raw in (
            _either(part.inline_data, part.inline_data_too),
            _either(part.file_data, part.file_data_too),
        )
        if raw is not ABSENT
    ]
    read = [_DATA.read(raw) for raw in raws]
    return [data.mime_type or data.mime_type_too or "" for data in read]


def _either(one: Raw, other: Raw) -> Raw:
    return one if one is not ABSENT else other
