"""The line in which records wait."""

import threading

from proxy.ledger.line import Line
from tests.proxy.ledger.writers import SECONDS, a_record

_LONG = 3600.0


def test_records_leave_it_in_the_order_in_which_they_came() -> None:
    line = Line()
    records = [a_record() for _ in range(3)]
    for record in records:
        line.put(record)

    assert [line.next() for _ in range(4)] == [*records, None]


def test_a_full_line_drops_the_oldest_and_counts_it() -> None:
    line = Line(most=3)
    records = [a_record() for _ in range(5)]
    for record in records:
        line.put(record)

    assert (len(line), line.dropped) == (3, 2)
    assert [line.next() for _ in range(3)] == records[2:]


def test_a_record_wakes_who_rests() -> None:
    line = Line()
    resting = threading.Thread(target=line.rest, args=(_LONG, 0.0))
    resting.start()
    line.put(a_record())
    resting.join(SECONDS)

    assert not resting.is_alive()


def test_a_record_does_not_end_a_pause_and_a_call_does() -> None:
    line = Line()
    was_whole: list[bool] = []
    pausing = threading.Thread(target=lambda: was_whole.append(line.pause(_LONG)))
    pausing.start()
    line.put(a_record())
    pausing.join(0.1)
    assert pausing.is_alive()

    line.rouse()
    pausing.join(SECONDS)
    assert was_whole == [False]


def test_a_pause_that_nobody_ends_is_a_whole_one() -> None:
    assert Line().pause(0.001)


def test_a_call_before_the_rest_is_not_missed() -> None:
    line = Line()
    line.rouse()
    line.rest(_LONG, _LONG)

    assert not line.next()


def test_what_is_taken_what_waits_and_what_was_dropped_is_what_was_put() -> None:
    """While one thread fills it and another one empties it."""
    line, record, count = Line(most=50), a_record(), 20_000
    taken = 0
    is_over = threading.Event()

    def take() -> None:
        nonlocal taken
        while not is_over.is_set():
            while line.next() is not None:
                taken += 1

    taking = threading.Thread(target=take)
    taking.start()
    for _ in range(count):
        line.put(record)
        assert len(line) <= 50
    is_over.set()
    taking.join(SECONDS)

    assert taken + len(line) + line.dropped == count
