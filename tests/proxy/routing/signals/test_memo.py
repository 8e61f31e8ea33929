"""What is known of messages: it tells the same again, costs what is new, and never holds words."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals import Looked, Messages, Signals, ends_in_tool_result, signals
from proxy.routing.signals.memo import Memo
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.routing.signals.asking import (
    EXCHANGE,
    IMAGE,
    REMINDER,
    SURFACES,
    anthropic,
    assistant,
    call,
    looked,
    result,
    text,
    user,
)

_scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5)
_words = st.sampled_from(
    [
        "user",
        "assistant",
        "tool",
        "text",
        "tool_use",
        "tool_result",
        "function_call_output",
        REMINDER,
        "\ud83d",
    ]
)
_MEMBERS = (
    *("system", "messages", "input", "contents", "tools", "role", "content", "type", "parts", "text"),
    *("tool_calls", "function", "id", "name", "call_id", "output", "thinking", "metadata", "user_id"),
    *("generationConfig", "output_config", "functionCall", "functionResponse", "inlineData"),
)
_names = st.sampled_from(_MEMBERS)
_json = st.recursive(
    _scalars | _words,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_names | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=25,
)
_talk = st.lists(
    st.sampled_from(
        [
            user("hi"),
            user(REMINDER),
            user([text("see"), IMAGE]),
            user([result("t1"), text("go on")]),
            assistant("yes"),
            assistant([call("t1")]),
            {"role": "system", "content": "plan"},
        ]
    ),
    max_size=8,
)


def _told(found: Signals) -> tuple[Signals, str, str, str]:
    return found, found.system_text, found.user_text, found.latest_user_text


@given(st.sampled_from(list(SURFACES)), st.dictionaries(_names, _json, max_size=6))
def test_nothing_in_a_body_makes_it_fail(written: Format, body: Any) -> None:
    known = Messages()
    asked = Looked(
        body=Body(json.dumps(body).encode()),
        format=written,
        surface=SURFACES[written],
        client="claude-code",
        anonymous="fingerprint",
    )
    assert _told(signals(asked, known)) == _told(signals(asked, known))
    ends_in_tool_result(body, written)


@given(st.lists(_talk, min_size=1, max_size=4))
def test_a_request_tells_the_same_whatever_was_known_before(talks: list[Any]) -> None:
    known = Messages(size=8)
    for talk in talks:
        asked = looked(anthropic(*talk, system="Be brief."), client="claude-code", anonymous="fingerprint")
        assert _told(signals(asked, known)) == _told(signals(asked, Messages()))


def test_only_new_messages_are_read() -> None:
    known = Messages()
    signals(looked(anthropic(*EXCHANGE)), known)
    before = len(known.facts)
    signals(looked(anthropic(*EXCHANGE, assistant("Two."), user("thanks"))), known)

    assert (before, len(known.facts)) == (3, 5)


def test_one_message_in_two_formats_is_two() -> None:
    known = Messages()
    chat = {"messages": [{"role": "tool", "tool_call_id": "c", "content": "x"}]}

    assert signals(looked(chat, Format.ANTHROPIC), known).answered == ()
    assert signals(looked(chat, Format.OPENAI_CHAT), known).answered == ("c",)


def test_no_words_are_kept() -> None:
    known = Messages()
    signals(
        looked(
            anthropic(
                *EXCHANGE, user("sesame"), system="sesame", tools=[{"name": "Open", "description": "sesame"}]
            )
        ),
        known,
    )
    kept = [*known.facts._young.values(), *known.offered._young.values()]

    assert len(kept) == 6
    assert not any("sesame" in str(msgspec.structs.astuple(one)) for one in kept)


def test_a_memo_keeps_what_is_asked_for_and_no_more_than_it_may() -> None:
    memo: Memo[int] = Memo(10)
    reads: list[bytes] = []

    def read(raws: Sequence[bytes]) -> list[int]:
        reads.extend(raws)
        return list(map(len, raws))

    for number in range(100):
        assert memo.of([b"always"], "x", read) == [6]
        memo.of([str(number).encode()], "x", read)
        assert len(memo) <= 10
    assert len(reads) == 101


def test_a_request_larger_than_a_memo_is_read_and_remembered_in_part() -> None:
    memo: Memo[int] = Memo(10)
    pieces = [str(number).encode() * 3 for number in range(40)]

    assert memo.of(pieces, "x", lambda raws: list(map(len, raws))) == list(map(len, pieces))
    assert 0 < len(memo) <= 10


def test_messages_read_together_tell_what_each_tells_alone() -> None:
    """So many and so large ones that they are read in several groups."""
    several = [user("words " * 900), *EXCHANGE, user([IMAGE, text(REMINDER)])] * 12
    together, alone = Messages(), Messages()
    whole = signals(looked(anthropic(*several)), together)
    for message in several:
        signals(looked(anthropic(message)), alone)

    assert _told(signals(looked(anthropic(*several)), alone)) == _told(whole)
