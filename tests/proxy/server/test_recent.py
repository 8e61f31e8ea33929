"""The newest requests of clients: so many, so large, without secrets, and of nobody but clients."""

import json
from typing import Any

import pytest

from proxy.exchange import Attempt, Exchange, Origin, Surface
from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.secret import Secret
from proxy.server.recent import Recent
from proxy.upstream.asked import Asked
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.routing.selection.decisions import OTHER, PICK, decided


def asked(name: str, words: str = "Hi", decision: Decision | None = None, **more: Any) -> Asked:
    exchange = Exchange(
        name,
        Surface.MESSAGES,
        "sdk",
        "auto",
        Format.ANTHROPIC,
        received=1.5,
        decision=decision or decided(),
        **more,
    )
    body = {"model": "auto", "messages": [{"role": "user", "content": words}]}
    headers = [
        ("X-Api-Key", "secret 1"),
        ("Authorization", "secret 2"),
        ("X-Tierwise-Token", "secret 3"),
        ("Cookie", "secret 4"),
        ("X-Claude-Code-Session-Id", "s1"),
    ]
    return Asked(exchange, Body(json.dumps(body).encode()), headers)


def names(recent: Recent) -> list[str]:
    return [past.id for past in recent.newest_first()]


def test_the_newest_stay() -> None:
    recent = Recent(most=3)
    for number in range(5):
        recent.note(asked(f"req_{number}"), "")
    assert names(recent) == ["req_4", "req_3", "req_2"]
    assert recent.find("req_3") is not None
    assert recent.find("req_1") is None


def test_bodies_have_room_for_so_many_bytes_in_all() -> None:
    one = len(asked("x", "w" * 100).body.data)
    recent = Recent(most_bytes=2 * one)
    for number in range(5):
        recent.note(asked(f"req_{number}", "w" * 100), "")
        assert recent.bytes <= 2 * one
    assert names(recent) == ["req_4", "req_3"]
    assert recent.bytes == 2 * one


def test_a_body_that_is_larger_than_all_room_is_not_kept_and_drives_nobody_out() -> None:
    recent = Recent(most_bytes=200)
    recent.note(asked("small"), "")
    recent.note(asked("large", "w" * 1000), "")
    assert names(recent) == ["large", "small"]
    large = recent.find("large")
    assert large is not None
    assert large.preview == ""
    with pytest.raises(Failure, match="too large to be kept"):
        large.question()


def test_nothing_that_proves_who_asked_is_kept() -> None:
    recent = Recent()
    recent.note(asked("req_1", credential=Secret("secret 5")), "127.0.0.1")
    [past] = recent.newest_first()
    kept = dict(past.headers)
    assert kept.pop("X-Claude-Code-Session-Id") == "s1"
    assert kept == {"X-Api-Key": "", "Authorization": "", "X-Tierwise-Token": "", "Cookie": ""}
    assert past.question().headers["x-claude-code-session-id"] == "s1"
    assert past.has_credential
    assert "secret" not in repr(vars(past))


def test_the_first_words_are_cleaned_and_short() -> None:
    recent = Recent()
    recent.note(asked("req_1", "<system-reminder>no</system-reminder>" + "word " * 100), "")
    [past] = recent.newest_first()
    assert past.preview == ("word " * 100)[:200]


@pytest.mark.parametrize(("origin", "count"), [("client", 1), ("demo", 1), ("probe", 0), ("test", 0)])
def test_only_what_clients_ask_is_kept(origin: str, count: int) -> None:
    recent = Recent()
    recent.note(asked("req_1", origin=Origin(origin)), "")
    assert len(recent) == count


def test_what_nobody_decided_about_is_not_kept() -> None:
    recent = Recent()
    request = asked("req_1")
    request.exchange.decision = None
    recent.note(request, "")
    assert len(recent) == 0


def test_who_answered_in_the_end_is_told() -> None:
    request = asked("req_1")
    limited = Failure(FailureKind.RATE_LIMIT, "Too many.")
    serving = Attempt(OTHER, tier="COMPLEX")
    request.exchange.attempts += [Attempt(PICK, failure=limited), serving]
    request.exchange.serving = serving
    recent = Recent()
    recent.note(request, "")
    [past] = recent.newest_first()
    assert (past.served, past.tier) == (Service("anthropic", "claude-opus-4-8"), "COMPLEX")
    assert past.sentence == (
        "Sent to anthropic/claude-opus-4-8: ollama/qwen3 failed (rate limited), so the next in line was "
        "asked; typed turn."
    )
