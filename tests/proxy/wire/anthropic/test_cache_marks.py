import json
from typing import Any

import pytest

from proxy.wire.anthropic.cache_marks import cache_seconds_in

FIVE_MINUTES: dict[str, Any] = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}


def body(*marks: dict[str, Any] | None, text: str = "hello") -> bytes:
    blocks = [{"type": "text", "text": text, **({"cache_control": mark} if mark else {})} for mark in marks]
    return json.dumps({"system": blocks, "messages": []}).encode()


@pytest.mark.parametrize(
    ("marks", "seconds"),
    [
        ((None,), 0),
        ((FIVE_MINUTES,), 300),
        ((None, FIVE_MINUTES), 300),
        ((HOUR, FIVE_MINUTES), 3600),
        ((FIVE_MINUTES, HOUR), 3600),
        (({"type": "ephemeral", "ttl": "5m"},), 300),
    ],
)
def test_how_long_a_prompt_is_to_be_cached(marks: tuple[dict[str, Any] | None, ...], seconds: int) -> None:
    assert cache_seconds_in(body(*marks)) == seconds


def test_words_about_a_mark_are_none() -> None:
    assert cache_seconds_in(body(None, text='say "cache_control": {"ttl": "1h"}')) == 0
