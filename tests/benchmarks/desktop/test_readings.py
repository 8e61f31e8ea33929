"""When a stream counts as whole, what else it is called, and what that says of a run."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.desktop.readings import Reading, Traffic, traffic_of
from benchmarks.table import NotMeasuredError

END = b"event: message_stop\ndata: {}\n\n"
ERROR = b'event: error\ndata: {"type": "error"}\n\n'


def tokens(*sent: int) -> bytes:
    return b"".join(b'event: content_block_delta\ndata: {"text": "<%d>"}\n\n' % each for each in sent)


def read(*chunks: bytes, asked: int = 2) -> Reading:
    reading = Reading(asked, since=0)
    for chunk in chunks:
        reading.feed(chunk, now=0)
    return reading


@pytest.mark.parametrize(
    ("chunks", "fault"),
    [
        ((tokens(1, 2), END), ""),
        ((), "ended early"),
        ((tokens(1, 2),), "ended early"),
        ((tokens(1, 2), END[:-1]), "ended early"),
        ((tokens(1), END), "had other tokens than asked"),
        ((tokens(1, 2, 3), END), "had other tokens than asked"),
        ((tokens(1), ERROR, END), "told of an error"),
    ],
)
def test_only_a_stream_with_all_its_tokens_and_its_last_event_is_whole(
    chunks: tuple[bytes, ...], fault: str
) -> None:
    assert read(*chunks).fault == fault


def test_the_first_failure_names_all_that_follow_from_it() -> None:
    reading = read(tokens(1))
    reading.fail("answered with HTTP 502")
    reading.fail("without an end")
    assert reading.fault == "answered with HTTP 502"


@given(st.lists(st.integers(0, 200), max_size=8))
def test_tokens_are_counted_wherever_the_bytes_are_cut(cuts: list[int]) -> None:
    answer = tokens(1, 22, 333) + END
    places = sorted({0, len(answer), *(cut % len(answer) for cut in cuts)})
    reading = read(*(answer[start:end] for start, end in pairwise(places)), asked=3)
    assert (reading.tokens, len(reading.delays), reading.fault) == (3, 3, "")


def test_tokens_of_the_warm_up_count_but_have_no_delay() -> None:
    reading = Reading(asked=2, since=5_000_000)
    reading.feed(tokens(4_000_000, 6_000_000) + END, now=9_000_000)
    assert (reading.tokens, reading.delays, reading.fault) == (2, [3.0], "")


def test_a_run_adds_up_its_streams_and_names_each_kind_of_fault() -> None:
    whole, short = read(tokens(1, 2), END), read(tokens(1), END)
    cut = read(tokens(1))
    run = traffic_of([whole, short, cut]) + Traffic(requests=5, faults={"requests answered with HTTP 500": 2})
    assert (run.streams, run.tokens, run.asked, len(run.delays)) == (3, 4, 6, 4)
    assert run.in_words() == (
        "1 streams had other tokens than asked, 1 streams ended early, 2 requests answered with HTTP 500"
        " (of 3 streams with 4 of 6 tokens and 5 requests)"
    )


def test_a_run_without_faults_has_nothing_to_say() -> None:
    assert traffic_of([read(tokens(1, 2), END)]).in_words() == ""


def test_what_is_told_between_processes_is_the_same_run_again() -> None:
    run = traffic_of([read(tokens(1), END)])
    assert Traffic(**run.told()) == run


def test_of_no_tokens_there_is_no_delay() -> None:
    assert Traffic(delays=[3.0, 1.0, 2.0]).percentile(50) == 2.0
    with pytest.raises(NotMeasuredError, match="no token"):
        Traffic().percentile(99)
