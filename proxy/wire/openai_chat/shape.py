"""Tells requests that came to this format's address in another one: Cursor sends Responses bodies there."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.reading import ABSENT, UNREADABLE, decoded, given


class _Tell(Struct):
    messages: Raw = ABSENT
    input: Raw = ABSENT


_TELL = msgspec.json.Decoder(_Tell)


def is_responses_shaped(body: bytes) -> bool:
    """Whether the body asks with `input` instead of `messages`; what cannot be read does not."""
    try:
        tell = decoded(_TELL, body)
    except UNREADABLE:
        return False
    return given(tell.input) is not None and given(tell.messages) is None
