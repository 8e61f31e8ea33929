"""When a provider says to come back."""

import json
from typing import Any

import pytest

from proxy.wire.errors import read_error


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "17"}, 17),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_the_header_tells_it_in_seconds(headers: dict[str, str], wait: float | None) -> None:
    assert read_error(429, b"{}", headers).retry_after == wait


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        ({"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}]}, 17),
        ({"details": [{"retryDelay": "38.275s"}]}, 38.275),
        ({"retry_after": 12}, 12),
        ({"message": "Rate limit reached for gpt-5. Please try again in 11.054s. Visit us."}, 11.054),
        ({"message": "Please try again in 250ms."}, 0.25),
        ({"message": "Please try again in 1m2.5s."}, 62.5),
        ({"message": "Please retry after 7 seconds."}, 7),
        ({"message": "Please try again in a moment."}, None),
    ],
)
def test_the_error_tells_it(error: dict[str, Any], wait: float | None) -> None:
    assert read_error(429, json.dumps({"error": error}).encode()).retry_after == wait
    assert read_error(429, json.dumps({"error": error}).encode(), {"retry-after": "3"}).retry_after == 3
