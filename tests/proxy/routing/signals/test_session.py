"""Which conversation a request belongs to, and which of its agents asks."""

import json
from typing import Any

import pytest

from proxy.routing.signals import SessionId, resolve_session_id
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.routing.signals.asking import REMINDER, anthropic, assistant, read, text, user


def _metadata(user_id: Any) -> dict[str, Any]:
    return {"metadata": {"user_id": user_id}}


@pytest.mark.parametrize(
    ("headers", "body", "session"),
    [
        ({"x-claude-code-session-id": "s1"}, _metadata("user_a_session_s2"), SessionId("s1", "header")),
        ({"session-id": "s2", "thread-id": "s3"}, {"prompt_cache_key": "k"}, SessionId("s2", "header")),
        ({"session_id": "s2"}, {}, SessionId("s2", "header")),
        ({"x-session-id": "s2", "x-session-affinity": "s3"}, {}, SessionId("s2", "header")),
        ({"x-session-affinity": "s3"}, {}, SessionId("s3", "header")),
        ({"conversation_id": "s4"}, {}, SessionId("s4", "header")),
        ({"x-codex-window-id": "w:0"}, {}, SessionId("w", "header")),
        ({"x-codex-window-id": "w"}, {}, SessionId("w", "header")),
        ({"session-id": "  "}, {"prompt_cache_key": "k"}, SessionId("k", "body")),
        ({}, _metadata(json.dumps({"device_id": "d", "session_id": "s5"})), SessionId("s5", "body")),
        ({}, _metadata("user_ab_account__session_s6"), SessionId("s6", "body")),
        ({"x-tierwise-session": "ours"}, _metadata("user_ab_session_s6"), SessionId("s6", "body")),
        ({"x-tierwise-session": "ours"}, {"prompt_cache_key": "k"}, SessionId("k", "body")),
        ({"x-tierwise-session": "ours"}, _metadata("somebody"), SessionId("ours", "header")),
        ({}, _metadata("somebody"), SessionId(None, "none")),
        ({}, _metadata(7), SessionId(None, "none")),
        ({}, _metadata('{"session_id":'), SessionId(None, "none")),
        ({}, _metadata('{"session_id":5}'), SessionId(None, "none")),
        ({}, {"metadata": "odd"}, SessionId(None, "none")),
        ({}, {"prompt_cache_key": 5}, SessionId(None, "none")),
    ],
)
def test_the_client_s_own_id_goes_first(headers: dict[str, str], body: Any, session: SessionId) -> None:
    assert resolve_session_id(headers, Body(json.dumps(body).encode())) == session


def test_an_id_without_end_becomes_its_hash() -> None:
    long = resolve_session_id({"session-id": "x" * 5000}, None).id
    other = resolve_session_id({"session-id": "x" * 4999 + "y"}, None).id

    assert long is not None
    assert other is not None
    assert len(long) < 50
    assert long != other


@pytest.mark.parametrize(
    ("anonymous", "session"),
    [
        ("call_ids", SessionId(None, "call_ids")),
        ("none", SessionId(None, "none")),
        ("ip", SessionId("127.0.0.1", "ip")),
    ],
)
def test_programs_that_send_no_id_have_none_unless_it_is_wanted(anonymous: str, session: SessionId) -> None:
    assert read(anthropic(user("hi")), anonymous=anonymous, address="127.0.0.1").session == session


_TALK = (user("count the stars"), assistant("Many."), user("sure?"))


def _fingerprint(*messages: Any, agent: str = "sdk/1", **more: Any) -> SessionId:
    return read(anthropic(*messages, **more), anonymous="fingerprint", headers={"User-Agent": agent}).session


def test_a_fingerprint_counts_from_the_third_message_on() -> None:
    assert _fingerprint(*_TALK[:1]) == SessionId(None, "fingerprint")
    assert _fingerprint(*_TALK[:2]) == SessionId(None, "fingerprint")
    taken = _fingerprint(*_TALK).id
    assert taken is not None
    assert taken.startswith("fp-")
    assert len(taken) == 35


def test_a_fingerprint_stays_while_the_conversation_grows_and_nonces_change() -> None:
    def system(nonce: str) -> list[Any]:
        return [text(f"x-anthropic-billing-header: cch={nonce};"), text("You are a stargazer.")]

    begun = _fingerprint(*_TALK, system=system("1"))
    assert begun == _fingerprint(*_TALK, assistant("Yes."), user("thanks"), system=system("2"))
    assert begun == _fingerprint(
        user([text(REMINDER), text("count the stars")]), *_TALK[1:], system=system("3")
    )


def test_a_fingerprint_tells_openers_systems_and_programs_apart() -> None:
    taken = {
        _fingerprint(*_TALK).id,
        _fingerprint(user("count the trees"), *_TALK[1:]).id,
        _fingerprint(*_TALK, system="You are a stargazer.").id,
        _fingerprint(*_TALK, agent="other/1").id,
    }
    assert len(taken) == 4


@pytest.mark.parametrize(
    ("headers", "agent"),
    [
        ({}, "main"),
        ({"x-claude-code-session-id": "s", "x-claude-code-agent-id": "a7"}, "a7"),
        ({"session-id": "root", "thread-id": "root"}, "main"),
        ({"session-id": "root", "thread-id": "child"}, "child"),
        ({"thread-id": "alone"}, "main"),
    ],
)
def test_agents_of_one_conversation_are_told_apart(headers: dict[str, str], agent: str) -> None:
    assert read({"input": "hi"}, Format.RESPONSES, headers=headers).agent == agent
