"""The keyring thread: in order, with time-outs, and never in anybody's way."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable

import pytest

from app.keyring.state import WAITING, KeyringUnavailableError
from app.keyring.thread import AbandonedError, KeyringThread, Proceed

SOON = 0.02
LONG = 10.0


class Gate:
    """Work that hangs until it is opened."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()
        self.left = threading.Event()
        self.later_steps = 0

    def __call__(self, proceed: Proceed) -> str:
        self.entered.set()
        self.opened.wait()
        try:
            proceed()
            self.later_steps += 1
        finally:
            self.left.set()
        return "opened"


def leave_stuck_in(gate: Gate, keyring: KeyringThread) -> None:
    """The thread hangs in the gate, and the caller has given up."""

    async def give_up() -> None:
        asking = asyncio.ensure_future(keyring.ask(gate, timeout=LONG))
        await asyncio.to_thread(gate.entered.wait)
        asking.cancel()
        await asyncio.wait((asking,))

    asyncio.run(give_up())


def test_work_runs_on_one_daemon_thread_in_order() -> None:
    keyring = KeyringThread()
    seen: list[int] = []

    async def ask_many() -> list[threading.Thread]:
        def work(number: int) -> threading.Thread:
            seen.append(number)
            return threading.current_thread()

        return await asyncio.gather(*(keyring.ask(lambda _, n=n: work(n), timeout=LONG) for n in range(20)))

    threads = set(asyncio.run(ask_many()))

    assert seen == list(range(20))
    assert threads == {keyring.ask_blocking(lambda _: threading.current_thread(), timeout=LONG)}
    assert threads.pop().daemon


def test_what_work_raises_reaches_its_caller_and_the_thread_goes_on() -> None:
    keyring = KeyringThread()

    def fail(proceed: Proceed) -> None:
        raise TimeoutError("the work's own")

    with pytest.raises(TimeoutError, match="the work's own"):
        keyring.ask_blocking(fail, timeout=LONG)
    with pytest.raises(TimeoutError, match="the work's own"):
        asyncio.run(keyring.ask(fail, timeout=LONG))
    assert keyring.ask_blocking(lambda _: 1, timeout=LONG) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda keyring, work: keyring.ask_blocking(work, timeout=SOON),
        lambda keyring, work: asyncio.run(keyring.ask(work, timeout=SOON)),
    ],
    ids=["blocking", "async"],
)
def test_a_hanging_call_is_left_after_its_time_out(ask: Callable[[KeyringThread, Gate], str]) -> None:
    gate = Gate()

    with pytest.raises(KeyringUnavailableError, match="waiting for you to unlock") as caught:
        ask(KeyringThread(), gate)

    assert caught.value.state == WAITING
    gate.opened.set()


def test_later_callers_wait_only_a_moment_while_the_thread_is_stuck() -> None:
    keyring, gate = KeyringThread(patience=SOON), Gate()
    leave_stuck_in(gate, keyring)
    began = time.monotonic()

    with pytest.raises(KeyringUnavailableError):
        keyring.ask_blocking(lambda _: 1, timeout=LONG)
    with pytest.raises(KeyringUnavailableError):
        asyncio.run(keyring.ask(lambda _: 1, timeout=LONG))

    assert time.monotonic() - began < LONG / 2
    gate.opened.set()


def test_the_thread_goes_on_by_itself_once_the_call_returns() -> None:
    keyring, gate = KeyringThread(patience=LONG), Gate()
    leave_stuck_in(gate, keyring)
    assert keyring.is_stuck

    async def unlock_while_somebody_asks() -> str:
        asking = asyncio.ensure_future(keyring.ask(lambda _: "answer", timeout=LONG))
        await asyncio.sleep(0)
        gate.opened.set()
        return await asking

    assert asyncio.run(unlock_while_somebody_asks()) == "answer"
    assert not keyring.is_stuck


def test_requests_that_were_given_up_are_not_carried_out() -> None:
    keyring, gate = KeyringThread(patience=SOON), Gate()
    done: list[str] = []
    leave_stuck_in(gate, keyring)
    with pytest.raises(KeyringUnavailableError):
        keyring.ask_blocking(lambda _: done.append("given up"), timeout=LONG)
    gate.opened.set()
    gate.left.wait()

    keyring.ask_blocking(lambda _: done.append("wanted"), timeout=LONG)

    assert done == ["wanted"]


def test_the_rest_of_a_request_that_was_given_up_is_not_carried_out() -> None:
    keyring, gate = KeyringThread(), Gate()
    leave_stuck_in(gate, keyring)

    gate.opened.set()
    gate.left.wait()

    assert gate.later_steps == 0


@pytest.mark.parametrize("leaves", ["cancelled", "timed out"])
def test_a_late_answer_disturbs_nobody(leaves: str, caplog: pytest.LogCaptureFixture) -> None:
    keyring, gate = KeyringThread(patience=LONG), Gate()

    async def leave_and_ask_again() -> str:
        task = asyncio.ensure_future(keyring.ask(gate, timeout=LONG if leaves == "cancelled" else 0.5))
        await asyncio.to_thread(gate.entered.wait)
        if leaves == "cancelled":
            task.cancel()
        with pytest.raises((asyncio.CancelledError, KeyringUnavailableError)):
            await task
        assert keyring.is_stuck
        del task
        gate.opened.set()
        return await keyring.ask(lambda _: "answer", timeout=LONG)

    assert asyncio.run(leave_and_ask_again()) == "answer"
    gc.collect()  # asyncio complains when it throws an answer away that nobody looked at
    assert [record for record in caplog.records if "never retrieved" in record.getMessage()] == []


def test_proceed_lets_a_wanted_request_through() -> None:
    assert KeyringThread().ask_blocking(lambda proceed: proceed(), timeout=LONG) is None


def test_being_given_up_is_no_answer_of_the_keyring() -> None:
    assert not issubclass(AbandonedError, KeyringUnavailableError)


def test_a_fast_caller_is_not_mistaken_for_one_that_gave_up() -> None:
    keyring = KeyringThread(patience=0.0)

    for number in range(500):
        assert keyring.ask_blocking(lambda _, n=number: n, timeout=LONG) == number
