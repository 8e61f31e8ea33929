"""Contents as the Gemini format has them: parts without types, calls mostly without ids."""

from collections.abc import Iterable, Sequence

from msgspec import Raw, Struct, field

from proxy.routing.signals.leniently import Leniently
from proxy.routing.signals.seen import NOTHING, ROLES, Answered, Called, Seen
from proxy.wire.reading import ABSENT


class _Data(Struct, gc=False):
    mime_type: str | None = None
    mime_type_too: str | None = field(default=None, name="mimeType")


class _Shown(Struct, gc=False):
    """A part within what a tool has answered, whose words are no signal."""

    inline_data: _Data | None = None
    inline_data_too: _Data | None = field(default=None, name="inlineData")
    file_data: _Data | None = None
    file_data_too: _Data | None = field(default=None, name="fileData")


class _Tool(Struct, gc=False):
    id: str | None = None
    name: str | None = None
    parts: list[_Shown] | None = None
    args: Raw = ABSENT
    response: Raw = ABSENT


class _Part(_Shown, gc=False):
    """Google takes both spellings, and its own libraries write both."""

    text: str | None = None
    function_call: _Tool | None = None
    function_call_too: _Tool | None = field(default=None, name="functionCall")
    function_response: _Tool | None = None
    function_response_too: _Tool | None = field(default=None, name="functionResponse")


class _Content(Struct, gc=False):
    role: str | None = None
    parts: list[_Part] | None = None


_DATA = Leniently(_Data).read
_DATAS = {"inline_data": _DATA, "inline_data_too": _DATA, "file_data": _DATA, "file_data_too": _DATA}
_TOOL = Leniently(_Tool, parts=Leniently(_Shown, **_DATAS).read_all).read
_PART = Leniently(
    _Part,
    **_DATAS,
    function_call=_TOOL,
    function_call_too=_TOOL,
    function_response=_TOOL,
    function_response_too=_TOOL,
)
_CONTENT = Leniently(_Content, parts=_PART.read_all)


def seen(raws: Sequence[bytes]) -> list[Seen]:
    return [_seen(content) for content in _CONTENT.read_each(raws)]


def system_texts(raw: bytes) -> tuple[str, ...]:
    return _texts(_CONTENT.read(raw).parts or ())


def _seen(content: _Content) -> Seen:
    """A content without a role is the user's."""
    role = ROLES.get(content.role or "user")
    if role is None:
        return NOTHING
    parts = content.parts or ()
    calls = [call for part in parts if (call := part.function_call or part.function_call_too)]
    results = [result for part in parts if (result := part.function_response or part.function_response_too)]
    kinds = _kinds(parts)
    for result in results:
        kinds += _kinds(result.parts or ())
    images = sum(kind.startswith("image/") for kind in kinds)
    return Seen(
        role,
        texts=() if role == "assistant" else _texts(parts),
        calls=tuple([Called(call.name or "", call.id or call.name or "", call.args) for call in calls]),
        answers=tuple([Answered(result.id or result.name or "", result.response) for result in results]),
        is_open=bool(calls),
        has_tools=bool(calls or results),
        images=images,
        documents=len(kinds) - images,
    )


def _texts(parts: Iterable[_Part]) -> tuple[str, ...]:
    return tuple([part.text for part in parts if part.text])


def _kinds(parts: Iterable[_Shown]) -> list[str]:
    datas = [
        data
        for part in parts
        for data in (part.inline_data or part.inline_data_too, part.file_data or part.file_data_too)
        if data
    ]
    return [data.mime_type or data.mime_type_too or "" for data in datas]
