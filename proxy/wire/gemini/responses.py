"""What a tool answered, in the object that `functionResponse.response` must be.

Text stands under `output`, an error's text under `error`. Any other object is its own JSON text, byte for
byte, and goes back as the object it was, but only to this format and only if reading it again gives the same
text; so whatever the text, it is restored exactly.
"""

from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.reading import UNREADABLE, decoded, given, is_json_object, members_of

_TEXT = msgspec.json.Decoder(str)


def read_response(raw: Raw) -> tuple[str, bool]:
    """The text, and whether it tells an error."""
    said = given(raw)
    if said is None:
        return "", False
    members = members_of(said)
    is_error = members.keys() == {"error"}
    if is_error or members.keys() == {"output"}:
        (value,) = members.values()
        if bytes(value).startswith(b'"'):
            return decoded(_TEXT, value), is_error
    return bytes(said).decode(), is_error


def written_response(text: str, *, is_error: bool, own: bool) -> dict[str, Any] | Raw:
    if own and is_json_object(text) and _read_again(text) == (text, is_error):
        return Raw(text.encode())
    return {"error" if is_error else "output": text}


def _read_again(text: str) -> tuple[str, bool] | None:
    try:
        return read_response(Raw(text.encode()))
    except UNREADABLE:
        return None
