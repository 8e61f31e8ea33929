"""Codex's rollouts: running totals become requests, and copied histories do not."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimate.codex import CodexLogs
from app.estimate.request import Request, UnreadableLineError
from proxy.wire.canonical import Usage
from tests.app.estimate.logs import WINDOW, at, encoded, heard, meta, said, total, turn


def requests(*files: list[dict[str, Any]]) -> list[Request]:
    logs = CodexLogs(WINDOW)
    heard(logs, *files)
    return list(logs.requests())


def counts(*files: list[dict[str, Any]]) -> list[tuple[int | None, int | None]]:
    return [(request.usage.input, request.usage.output) for request in requests(*files)]


def test_a_running_total_becomes_requests() -> None:
    rollout = [meta("a"), turn(), said(), total(100, 10, last=(100, 10)), total(250, 15, last=(150, 5))]
    assert counts(rollout) == [(100, 10), (150, 5)]


def test_cached_tokens_are_part_of_the_input_and_reasoning_of_the_output() -> None:
    line = total(1000, 50, cached=900)
    line["payload"]["info"]["total_token_usage"]["reasoning_output_tokens"] = 30
    [request] = requests([meta("a"), turn(), line])
    assert request.usage == Usage(input=100, cache_read=900, cache_write=0, output=50, reasoning=30)


def test_a_total_told_twice_counts_once() -> None:
    again = total(100, 10, when=at(days=1, seconds=-5))
    assert counts([meta("a"), turn(), total(100, 10), again]) == [(100, 10)]


def test_growth_counts_even_where_the_last_request_says_less() -> None:
    """Some answers are told of only together with the next one."""
    assert counts([meta("a"), total(100, 10), total(400, 40, last=(50, 5))])[1] == (300, 30)


def test_each_request_has_the_model_of_its_turn() -> None:
    rollout = [meta("a"), turn("one"), total(1, 1), turn("two"), total(2, 2), total(3, 3)]
    assert [request.model for request in requests(rollout)] == ["one", "two", "two"]


def test_without_a_turn_the_model_is_unknown() -> None:
    assert [request.model for request in requests([total(1, 1)])] == ["unknown"]


def test_a_total_that_begins_anew_counts_what_the_last_request_says() -> None:
    rollout = [meta("a"), total(100, 10), total(0, 0, last=(0, 0)), total(30, 3, last=(30, 3))]
    assert counts(rollout) == [(100, 10), (30, 3)]


def test_a_first_total_that_holds_more_than_this_file_counts_its_last_request() -> None:
    assert counts([meta("a"), total(9000, 900, last=(40, 4))]) == [(40, 4)]


def test_limits_without_counts_are_no_request() -> None:
    line = total(1, 1)
    line["payload"]["info"] = None
    assert counts([meta("a"), line]) == []


def test_a_history_that_began_before_the_window_counts_from_there() -> None:
    rollout = [meta("a"), total(100, 10, when=at(days=40)), total(150, 11, when=at(days=2))]
    assert counts(rollout) == [(50, 1)]


PARENT = [
    meta("p", when=at(days=3)),
    turn(),
    total(100, 10, when=at(days=3)),
    total(300, 30, when=at(days=2)),
]
STAMPED = [total(100, 10, when=at(days=1)), total(300, 30, when=at(days=1))]
LATE = [total(100, 10, when=at(days=1, seconds=-9)), total(300, 30, when=at(days=1, seconds=-9))]
OWN = [turn("child"), total(350, 33, when=at(seconds=60))]
SPAWNED = {"subagent": {"thread_spawn": {"parent_thread_id": "p", "depth": 1}}}


@pytest.mark.parametrize("lineage", [{"forked_from_id": "p"}, {"source": SPAWNED}, {"parent_thread_id": "p"}])
@pytest.mark.parametrize("copied", [PARENT[2:], STAMPED, LATE], ids=["as it was", "stamped anew", "late"])
def test_the_history_that_a_child_copied_is_its_parents(
    lineage: dict[str, Any], copied: list[dict[str, Any]]
) -> None:
    child = [meta("c", **lineage), PARENT[0], turn(), *copied, *OWN]
    assert counts(PARENT, child) == [(100, 10), (200, 20), (50, 3)]
    assert counts(PARENT, child, [meta("d", **lineage), *copied, *OWN[:1]]) == [(100, 10), (200, 20), (50, 3)]


def test_a_copy_stamped_at_its_beginning_does_not_count_where_the_parent_is_gone() -> None:
    assert counts([meta("c", forked_from_id="p"), PARENT[0], *STAMPED, *OWN]) == [(50, 3)]


def test_a_grandchild_knows_the_totals_of_its_grandparent() -> None:
    child = [meta("c", forked_from_id="p"), *STAMPED, *OWN]
    copied = [*LATE, total(350, 33, when=at(days=1, seconds=-9))]
    grandchild = [meta("g", forked_from_id="c"), *copied, total(400, 40, when=at(seconds=30))]
    assert counts(PARENT, child, grandchild) == [(100, 10), (200, 20), (50, 3), (50, 7)]


def test_parents_that_name_each_other_end() -> None:
    one, other = meta("a", forked_from_id="b"), meta("b", forked_from_id="a")
    late = at(seconds=60)
    assert len(requests([one, total(1, 1, when=late)], [other, total(2, 2, when=late)])) == 2


def test_a_subagent_with_a_context_of_its_own_counts_from_its_first_request() -> None:
    child = [meta("c", source=SPAWNED), turn(), total(70, 7, last=(70, 7), when=at(seconds=60))]
    assert counts(PARENT, child)[-1] == (70, 7)


def test_an_archived_copy_of_a_session_counts_once() -> None:
    assert len(requests(PARENT, PARENT)) == 2


def test_two_sessions_with_the_same_counts_are_two() -> None:
    assert counts([meta("a"), total(5, 1)], [meta("b"), total(5, 1, when=at(days=2))]) == [(5, 1), (5, 1)]


@pytest.mark.parametrize(
    "line",
    [
        encoded(total(1, 1))[:-1],
        encoded(total(-1, 1)),
        encoded(total(1, 1, when="soon")),
        encoded({**turn(), "payload": [1]}),
        encoded({**meta("a"), "payload": "session_meta"}),
    ],
    ids=["torn", "less than nothing", "no time", "no turn", "no session"],
)
def test_a_line_that_cannot_be_read_says_so(line: bytes) -> None:
    with pytest.raises(UnreadableLineError):
        CodexLogs(WINDOW).begin(Path("rollout-a.jsonl")).take(line)


@given(
    st.lists(
        st.binary()
        | st.binary().map(lambda data: b'{"type":"event_msg","payload":{"type":"token_count","info":' + data)
        | st.tuples(
            st.sampled_from(["event_msg", "turn_context", "session_meta"]),
            st.recursive(
                st.none() | st.integers() | st.text(max_size=3) | st.just("token_count"),
                lambda inner: st.dictionaries(
                    st.sampled_from(["type", "info", "total_token_usage", "input_tokens", "id", "source"]),
                    inner,
                ),
                max_leaves=6,
            ),
        ).map(lambda told: encoded({"type": told[0], "timestamp": at(), "payload": told[1]})),
        max_size=5,
    )
)
def test_any_lines_are_taken_or_refused(lines: list[bytes]) -> None:
    logs = CodexLogs(WINDOW)
    reader = logs.begin(Path("rollout-a.jsonl"))
    for line in lines:
        try:
            reader.take(line)
        except UnreadableLineError:
            continue
    assert all(request.usage.is_known for request in logs.requests())
