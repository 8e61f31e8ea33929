"""The thread that writes: in order, once, and without making anybody wait."""

import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from proxy.exchange import Exchange
from proxy.ledger.line import MOST_WAITING
from proxy.ledger.record import recorded
from proxy.ledger.rows import number_of
from proxy.ledger.scribe import Scribe, Settled
from proxy.ledger.writer import Writer
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import (
    SECONDS,
    a_record,
    assert_sums_fit,
    ids_in,
    put,
    rows_in,
    settle,
    settle_in_the_end,
    writer_on,
    writing,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tierwise.db"


def _numbers(ids: Sequence[str]) -> list[int]:
    return [number_of(id_) for id_ in ids]


def _nothing(_scribe: Scribe) -> None:
    pass


def test_what_is_put_is_written_in_order_and_summed_up(path: Path) -> None:
    with writing(path) as writer:
        ids = put(writer, 2500)
        settle(writer)

        assert ids_in(path) == _numbers(ids)
        assert (writer.written, writer.waiting, writer.dropped, writer.problem) == (2500, 0, 0, "")
    assert_sums_fit(path)


def test_what_is_put_before_the_start_waits_for_it(path: Path) -> None:
    writer = writer_on(path)
    ids = put(writer, 3)
    assert (writer.waiting, path.exists()) == (3, False)
    writer.start()
    settle(writer)
    writer.stop(SECONDS)

    assert ids_in(path) == _numbers(ids)


def test_a_record_is_written_without_anybody_asking(path: Path) -> None:
    told = threading.Event()
    with writing(path, on_written=lambda _batch, _first: told.set()) as writer:
        put(writer, 1)

        assert told.wait(SECONDS)


def test_numbers_go_on_after_a_restart(path: Path) -> None:
    for _ in range(2):
        with writing(path) as writer:
            put(writer, 2)

    assert rows_in(path, "select seq from exchanges order by seq") == [(1,), (2,), (3,), (4,)]


def test_listeners_hear_of_every_batch_once_and_of_its_first_number(path: Path) -> None:
    heard: list[tuple[int, list[str]]] = []

    def hear(batch: Sequence[Settled], first: int) -> None:
        heard.append((first, [each.record.id for each in batch]))

    with writing(path, on_written=hear) as writer:
        first = put(writer, 2)
        settle(writer)
        second = put(writer, 1)
        settle(writer)

    assert [each for each in heard if each[1]] == [(1, first), (3, second)]


@pytest.mark.parametrize("error", [ValueError, TypeError, OSError])
def test_a_listener_that_fails_makes_nobody_write_twice(path: Path, error: type[Exception]) -> None:
    def fail(_batch: Sequence[Settled], _first: int) -> None:
        raise error("no")

    with writing(path, on_written=fail) as writer:
        ids = put(writer, 3)
        settle(writer)

        assert ids_in(path) == _numbers(ids)
        assert (writer.written, writer.problem) == (3, "")


# -- values that no database takes -----------------------------------------------------------------


_BEYOND = 2**63


@pytest.mark.parametrize(
    "spoilt",
    [
        made.exchange(id="req_nothex"),
        made.exchange(id="req_é\ud800"),
        made.exchange(id="req_" + "7f" * 9),
        made.exchange(status=_BEYOND),
        made.exchange(cache_seconds=_BEYOND),
        made.exchange(received=1e300),
        made.exchange(reasons=("\ud800",)),
        made.exchange(made.attempt(status=-_BEYOND - 1)),
        made.exchange(made.attempt(notes=("\udfff",))),
        made.exchange(made.refused(purpose=None), made.attempt()),
    ],
    ids=lambda exchange: exchange.id[:10].encode("ascii", "replace").decode(),
)
def test_a_record_that_cannot_be_stored_is_lost_alone_and_counted(path: Path, spoilt: Exchange) -> None:
    with writing(path) as writer:
        before = put(writer, 3)
        writer.put(recorded(spoilt))
        after = put(writer, 3)
        settle(writer)

        assert ids_in(path) == _numbers([*before, *after])
        assert (writer.written, writer.dropped, writer.waiting, writer.problem) == (6, 1, 0, "")
    assert_sums_fit(path)


@pytest.mark.parametrize("name", ["\ud800 model", "mo\0del", "m" * 10_000, "\x00", "\U0001f99c" * 300])
def test_any_name_can_be_stored(path: Path, name: str) -> None:
    with writing(path) as writer:
        put(writer, 1, requested_model=name, client=name, profile=name, session=name)
        settle(writer)

        assert (writer.written, writer.dropped) == (1, 0)
    (stored,) = rows_in(path, "select word from exchanges join words on words.id = client")
    assert stored == (name.encode("utf-8", "replace").decode()[:200],)


# -- jobs ------------------------------------------------------------------------------------------


def test_a_job_sees_what_was_put_before_it(path: Path) -> None:
    with writing(path) as writer:
        put(writer, 2100)
        count = writer.ask(
            lambda scribe: scribe.connection.execute("select count(*) from exchanges").fetchone()
        )

        assert count.result(SECONDS) == (2100,)


def test_jobs_have_their_turn_although_records_never_stop_coming(path: Path) -> None:
    """Each batch brings a record forth while it is written, so there is always one more."""
    records = [a_record() for _ in range(3)]

    def another(_batch: Sequence[Settled], _first: int) -> None:
        writer.put(records[0])

    writer = writer_on(path, on_written=another)
    writer.put(records[1])
    writer.start()
    for _ in range(5):
        settle(writer)
    assert writer.written >= 1
    writer.stop(0)


def test_a_job_that_nobody_waits_for_any_more_does_no_harm(path: Path) -> None:
    writer = writer_on(path)
    given_up, asked = writer.ask(_nothing), writer.ask(lambda scribe: scribe.last_seq)
    assert given_up.cancel()
    writer.start()

    assert asked.result(SECONDS) == 0
    assert writer.problem == ""
    writer.stop(SECONDS)


def test_a_job_given_up_in_trouble_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    writer = writer_on(folder / "tierwise.db")
    writer.ask(_nothing).cancel()
    writer.start()
    assert isinstance(writer.ask(_nothing).exception(SECONDS), FileNotFoundError)
    folder.mkdir(parents=True, exist_ok=True)
    put(writer, 1)
    settle(writer)

    assert writer.written == 1
    writer.stop(SECONDS)


def test_a_job_that_fails_tells_who_asked_and_nobody_else(path: Path) -> None:
    def fail(_scribe: Scribe) -> None:
        raise ZeroDivisionError

    with writing(path) as writer:
        assert isinstance(writer.ask(fail).exception(SECONDS), ZeroDivisionError)
        put(writer, 1)
        settle(writer)

        assert (writer.written, writer.problem) == (1, "")


def test_a_question_about_a_table_that_never_was_costs_nobody_the_record(path: Path) -> None:
    """It looks like a table that somebody has taken out; the file is looked at before it is given up."""
    with writing(path) as writer:
        put(writer, 2)
        settle(writer)
        wrong = writer.ask(lambda scribe: scribe.connection.execute("select * from unicorns"))
        assert str(wrong.exception(SECONDS)) == "no such table: unicorns"
        settle_in_the_end(writer)

        assert (writer.problem, writer.notice) == ("", "")
        assert len(ids_in(path)) == 2


@pytest.mark.parametrize("is_started", [True, False])
def test_after_the_end_jobs_are_refused(path: Path, is_started: bool) -> None:
    writer = writer_on(path)
    early = writer.ask(_nothing)
    if is_started:
        writer.start()
        early.result(SECONDS)
    assert writer.stop(SECONDS)

    if is_started:
        assert isinstance(writer.ask(_nothing).exception(SECONDS), RuntimeError)
    else:
        assert not early.done()


# -- two that write --------------------------------------------------------------------------------


def test_two_writers_on_one_file_lose_nothing(path: Path) -> None:
    """One that ends and one that begins may meet; each gives numbers that the other one does not know."""
    with writing(path) as one, writing(path) as other:
        for turn in range(6):
            for writer in (one, other):
                put(writer, 5, client=f"client {turn}", requested_model=f"model {turn}")
                settle_in_the_end(writer)

        assert [writer.dropped for writer in (one, other)] == [0, 0]
        assert [writer.written for writer in (one, other)] == [30, 30]
    assert len(set(ids_in(path))) == 60
    assert_sums_fit(path)


# -- nobody is made to wait ------------------------------------------------------------------------


class Gate:
    """Stops the thread that writes wherever this is called, until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, *_: object) -> bool:
        self.reached.set()
        assert self.opened.wait(SECONDS)
        return True


def _in_transaction(gate: Gate) -> Callable[[Scribe], bool]:
    return lambda scribe: bool(scribe.in_transaction(gate))


def test_nobody_waits_for_a_transaction(path: Path) -> None:
    gate = Gate()
    with writing(path) as writer:
        asked: Future[bool] = writer.ask(_in_transaction(gate))
        assert gate.reached.wait(SECONDS)
        ids = put(writer, 100)
        assert (writer.waiting, writer.written, writer.dropped) == (100, 0, 0)
        writer.reconfigured(made.CONFIG)
        assert not asked.done()
        gate.opened.set()
        settle(writer)

    assert ids_in(path) == _numbers(ids)


def test_nobody_waits_for_a_listener(path: Path) -> None:
    gate = Gate()
    with writing(path, on_written=gate) as writer:
        put(writer, 1)
        assert gate.reached.wait(SECONDS)
        put(writer, 100)
        assert writer.waiting == 100
        gate.opened.set()


def test_while_one_transaction_lasts_the_oldest_of_too_many_give_way(path: Path) -> None:
    gate, record = Gate(), a_record()
    with writing(path) as writer:
        writer.ask(_in_transaction(gate))
        assert gate.reached.wait(SECONDS)
        for _ in range(MOST_WAITING):
            writer.put(record)
        newest = put(writer, 500)
        assert (writer.waiting, writer.dropped) == (MOST_WAITING, 500)
        gate.opened.set()
        settle(writer)

        assert (writer.written, writer.dropped) == (MOST_WAITING, 500)
        assert ids_in(path)[-500:] == _numbers(newest)


def test_other_threads_have_their_turn_while_a_batch_is_prepared(path: Path) -> None:
    """With an interpreter that never takes itself away from anybody: only who gives it up lets others on."""
    before = sys.getswitchinterval()
    gate, turns = Gate(), 0
    with writing(path) as writer:
        writer.ask(gate)
        assert gate.reached.wait(SECONDS)
        put(writer, 800)
        try:
            sys.setswitchinterval(SECONDS)
            gate.opened.set()
            while writer.written < 800:
                turns += 1
                threading.Event().wait(0.0001)  # the writer's turn
        finally:
            sys.setswitchinterval(before)

    assert turns > 120


# -- the end ---------------------------------------------------------------------------------------


def test_at_the_end_everything_that_waits_is_written(path: Path) -> None:
    writer = writer_on(path)
    writer.start()
    ids = put(writer, 3000)

    assert writer.stop(SECONDS)
    assert ids_in(path) == _numbers(ids)
    assert not Path(f"{path}-wal").exists()


def test_one_that_was_never_started_ends_at_once(path: Path) -> None:
    writer: Writer = writer_on(path)
    assert writer.stop(SECONDS)
    put(writer, 1)

    assert not writer.stop(SECONDS)
