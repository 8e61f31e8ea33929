"""Claude Code's logs: each answer once, with its last count."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimate.claude_code import ClaudeCodeLogs
from app.estimate.request import Request, UnreadableLineError
from proxy.wire.canonical import Usage
from tests.app.estimate.logs import MARKER, WINDOW, answer, at, encoded, heard


def requests(*files: list[dict[str, Any]]) -> list[Request]:
    logs = ClaudeCodeLogs(WINDOW)
    heard(logs, *files)
    return list(logs.requests())


def test_all_parts_of_the_usage_are_read() -> None:
    line = answer(
        cache_read_input_tokens=300,
        cache_creation_input_tokens=50,
        cache_creation={"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 40},
    )
    [request] = requests([line])
    assert request.usage == Usage(input=10, cache_read=300, cache_write=50, cache_write_1h=40, output=20)
    assert (request.client, request.model, request.session) == ("Claude Code", "claude-opus-4-5", "s-1")


@pytest.mark.parametrize("counts", [(1, 1, 640), (640, 1, 1), (640, 640, 640)])
def test_an_answer_of_several_lines_counts_once_with_its_largest_count(counts: tuple[int, ...]) -> None:
    [request] = requests([answer(output_tokens=count) for count in counts])
    assert request.usage.output == 640


def test_the_last_of_equal_counts_holds() -> None:
    first, last = answer(cache_read_input_tokens=0), answer(cache_read_input_tokens=70)
    assert [request.usage.cache_read for request in requests([first, last])] == [70]


def test_a_resumed_session_that_copies_its_lines_into_another_file_counts_once() -> None:
    old = [answer("msg_1"), answer("msg_2")]
    copied = [answer("msg_1", session="s-2"), answer("msg_2", session="s-2")]
    found = requests(old, [*copied, answer("msg_3", session="s-2")])
    assert [request.session for request in found] == ["s-1", "s-1", "s-2"]


def test_the_same_message_id_in_two_requests_is_two_answers() -> None:
    """Some hosts call all their messages the same."""
    assert len(requests([answer("msg", "req_1"), answer("msg", "req_2")])) == 2


def test_without_a_request_id_the_message_id_tells() -> None:
    assert len(requests([answer("msg_1", None), answer("msg_1", None), answer("msg_2", None)])) == 2


def test_without_any_id_a_line_is_known_by_its_own_id() -> None:
    line = answer(None, None)
    assert len(requests([line, line, answer(None, None, when=at(days=2))])) == 2


def test_subagents_are_counted() -> None:
    assert len(requests([{**answer(), "isSidechain": True, "agentId": "a1"}])) == 1


@pytest.mark.parametrize(
    "line",
    [
        answer(model="<synthetic>"),
        {**answer(), "type": "user", "toolUseResult": {"usage": {"input_tokens": 9}, "x": "assistant"}},
        {**answer(), "type": "progress"},
        answer(input_tokens=None, output_tokens=None),
        {**answer(), "message": {"id": "msg_1", "model": "m", "content": 'no "usage" here'}},
    ],
    ids=["the client's own words", "a tool's result", "progress", "no counts", "no usage"],
)
def test_what_is_no_answer_does_not_count(line: dict[str, Any]) -> None:
    assert requests([line]) == []


@pytest.mark.parametrize(
    ("when", "counts"),
    [(at(days=29), True), (at(days=31), False), (at(days=-1), False)],
    ids=["within", "before", "in the future"],
)
def test_only_the_days_asked_for_count(when: str, counts: bool) -> None:
    assert bool(requests([answer(when=when)])) is counts


def test_half_of_an_emoji_does_not_hide_a_line() -> None:
    logs = ClaudeCodeLogs(WINDOW)
    logs.take(encoded(answer()).replace(MARKER.encode(), rb"\ud83d"))
    assert len(list(logs.requests())) == 1


@pytest.mark.parametrize(
    "line",
    [
        encoded(answer())[:-1],
        encoded({**answer(), "message": ["usage"]}),
        encoded(answer(when="yesterday")),
        encoded({**answer(), "timestamp": 7}),
        b'{"type":"assistant","message":{"usage":' + b"[" * 100_000,
    ],
    ids=["torn", "no message", "no time", "a wrong time", "deep"],
)
def test_a_line_that_cannot_be_read_says_so_without_its_text(line: bytes) -> None:
    with pytest.raises(UnreadableLineError) as caught:
        ClaudeCodeLogs(WINDOW).take(line)
    assert MARKER not in str(caught.value)


def test_a_model_is_a_name_that_can_be_printed() -> None:
    [request] = requests([answer(model="\x1b[2J" + "m" * 500)])
    assert request.model.startswith("?[2Jm")
    assert len(request.model) == 100


@given(st.binary() | st.binary().map(lambda data: b'{"type":"assistant","message":{"usage":' + data))
def test_any_bytes_are_taken_or_refused(line: bytes) -> None:
    logs = ClaudeCodeLogs(WINDOW)
    with suppress(UnreadableLineError):
        logs.take(line)
    assert list(logs.requests()) == []


_VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)


@given(
    st.fixed_dictionaries(
        {"type": st.just("assistant")},
        optional={
            "timestamp": _VALUES | st.datetimes().map(lambda when: when.isoformat()),
            "requestId": _VALUES,
            "uuid": _VALUES,
            "message": _VALUES
            | st.fixed_dictionaries(
                {
                    "usage": _VALUES
                    | st.dictionaries(st.sampled_from(["input_tokens", "output_tokens"]), _VALUES)
                },
                optional={"id": _VALUES, "model": _VALUES},
            ),
        },
    )
)
def test_any_value_anywhere_is_taken_or_refused(line: dict[str, Any]) -> None:
    logs = ClaudeCodeLogs(WINDOW)
    with suppress(UnreadableLineError):
        logs.take(encoded(line))
    assert all(request.usage.is_known for request in logs.requests())
