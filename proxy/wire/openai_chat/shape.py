"""Tells requests that came to this format's address in another one: Cursor sends Responses bodies there."""

from proxy.wire.reading import given
from proxy.wire.splice import Body


def is_responses_shaped(body: Body) -> bool:
    """Whether the body asks with `input` instead of `messages`."""
    return _has(body, "input") and not _has(body, "messages")


def _has(body: Body, name: str) -> bool:
    value = body.value(name)
    return value is not None and given(value) is not None
