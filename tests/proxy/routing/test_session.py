"""The conversation a request belongs to, by what the clients send."""

import json
from typing import Any

import pytest

from proxy.routing.session import session_of
from proxy.wire.splice import Body


@pytest.mark.parametrize(
    ("headers", "body", "session"),
    [
        ({"x-claude-code-session-id": "s1"}, {}, "s1"),
        ({"session-id": "s2"}, {}, "s2"),
        ({"x-tierwise-session": "ours", "session-id": "s2"}, {}, "ours"),
        ({}, {"metadata": {"user_id": json.dumps({"device_id": "d", "session_id": "s3"})}}, "s3"),
        ({}, {"metadata": {"user_id": "user_ab_account__session_s4"}}, "s4"),
        ({}, {"metadata": {"user_id": "somebody"}}, None),
        ({}, {"metadata": {"user_id": 7}}, None),
        ({}, {"metadata": "odd"}, None),
        ({}, {"prompt_cache_key": "s5"}, "s5"),
        ({}, {"prompt_cache_key": 5}, None),
        ({}, {"messages": []}, None),
    ],
)
def test_a_session_is_known_by_header_metadata_or_cache_key(
    headers: dict[str, str], body: dict[str, Any], session: str | None
) -> None:
    assert session_of(headers, Body(json.dumps(body).encode())) == session


def test_without_a_body_headers_are_all_there_is() -> None:
    assert session_of({}, None) is None
