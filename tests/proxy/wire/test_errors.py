"""Failures in each format's own words, as the official SDKs understand them."""

import json

import pytest

from proxy.wire.failure import STATUS, Failure, FailureKind
from proxy.wire.formats import ERRORS, Format


@pytest.mark.parametrize("kind", list(FailureKind))
@pytest.mark.parametrize("format_", list(Format))
def test_every_kind_of_failure_has_a_status_and_words_in_every_format(
    kind: FailureKind, format_: Format
) -> None:
    body = json.loads(ERRORS[format_].body(Failure(kind, "Say «why».\n"), "req_1"))
    assert 400 <= STATUS[kind] < 600
    assert body["error"]["message"] == "Say «why».\n"
    assert body["error"]["type"].endswith(("_error", "_too_large"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FailureKind.BAD_REQUEST, "invalid_request_error"),
        (FailureKind.UNAUTHENTICATED, "authentication_error"),
        (FailureKind.FORBIDDEN, "permission_error"),
        (FailureKind.NOT_FOUND, "not_found_error"),
        (FailureKind.TOO_LARGE, "request_too_large"),
        (FailureKind.TIMEOUT, "timeout_error"),
        (FailureKind.CONNECTION, "api_error"),
        (FailureKind.INTERNAL, "api_error"),
    ],
)
def test_anthropic_has_a_type_of_its_own_for_each(kind: FailureKind, expected: str) -> None:
    body = json.loads(ERRORS[Format.ANTHROPIC].body(Failure(kind, "x"), "req_1"))
    assert body == {"type": "error", "error": {"type": expected, "message": "x"}, "request_id": "req_1"}


def test_an_event_is_one_complete_event_in_each_format() -> None:
    failure = Failure(FailureKind.CONNECTION, "two\nlines")
    anthropic = ERRORS[Format.ANTHROPIC].event(failure, "req_1")
    openai = ERRORS[Format.OPENAI_CHAT].event(failure, "req_1")
    assert anthropic.startswith(b"event: error\ndata: {")
    assert openai.startswith(b"data: {")
    for event in (anthropic, openai):
        assert event.endswith(b"}\n\n")
        assert event.count(b"\n\n") == 1
