"""Our loop does what asyncio's does: callbacks, timers, threads, running and stopping, tasks, debug mode.

Every test runs on both, which shows that it asks for nothing but asyncio's own behaviour.
"""

import asyncio
import contextlib
import contextvars
import gc
import logging
import random
import socket
import statistics
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.ui.conftest import LoopFactory

Loop = asyncio.AbstractEventLoop


class Something:
    """Can be weakly referred to."""


# Callbacks


async def test_callbacks_run_in_the_order_of_their_scheduling(loop: Loop) -> None:
    ran: list[int] = []
    for number in range(100):
        loop.call_soon(ran.append, number)
    await asyncio.sleep(0)
    assert ran == list(range(100))


def test_a_turn_runs_only_what_was_waiting_when_it_began(loop: Loop) -> None:
    ran: list[str] = []

    def again(name: str) -> None:
        ran.append(name)
        if len(ran) < 6:
            loop.call_soon(again, name)
        else:
            loop.stop()

    loop.call_soon(again, "a")
    loop.call_soon(again, "b")
    loop.run_forever()
    assert ran[:6] == ["a", "b"] * 3


async def test_a_cancelled_callback_does_not_run(loop: Loop) -> None:
    ran: list[str] = []
    handle = loop.call_soon(ran.append, "cancelled")
    loop.call_soon(ran.append, "kept")
    handle.cancel()
    await asyncio.sleep(0)
    assert ran == ["kept"]
    assert handle.cancelled()


async def test_scheduling_returns_asyncios_handles(loop: Loop) -> None:
    soon, threadsafe = loop.call_soon(print), loop.call_soon_threadsafe(print)
    later, at = loop.call_later(5, print), loop.call_at(loop.time() + 7, print)
    assert type(soon) is type(threadsafe) is asyncio.Handle
    assert type(later) is type(at) is asyncio.TimerHandle
    assert 1.9 < at.when() - later.when() < 2.1
    for handle in (soon, threadsafe, later, at):
        assert not handle.cancelled()
        handle.cancel()
        assert handle.cancelled()


async def test_a_callback_runs_in_the_context_it_was_given_or_in_a_copy_of_the_callers(loop: Loop) -> None:
    name = contextvars.ContextVar("name", default="nobody")
    seen: list[str] = []
    given = contextvars.copy_context()
    given.run(name.set, "given")

    name.set("caller")
    methods: list[Callable[..., object]] = [
        loop.call_soon,
        loop.call_soon_threadsafe,
        partial(loop.call_later, 0),
        partial(loop.call_at, 0),
    ]
    for schedule in methods:
        schedule(lambda: seen.append(name.get()), context=given)
        schedule(lambda: seen.append(name.get()))
    name.set("later")
    await asyncio.sleep(0.01)
    assert sorted(seen) == ["caller"] * 4 + ["given"] * 4


async def test_callbacks_find_the_running_loop_and_no_task(loop: Loop) -> None:
    found = loop.create_future()
    loop.call_soon(lambda: found.set_result((asyncio.get_running_loop(), asyncio.current_task())))
    assert await found == (loop, None)


async def test_a_failing_callback_is_reported_and_the_rest_runs(loop: Loop) -> None:
    reported: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: reported.append(context))
    ran: list[str] = []
    handle = loop.call_soon(lambda: 1 / 0)
    loop.call_soon(ran.append, "after")
    await asyncio.sleep(0)
    (context,) = reported
    assert isinstance(context["exception"], ZeroDivisionError)
    assert context["message"].startswith("Exception in callback ")
    assert context["handle"] is handle
    assert ran == ["after"]


async def test_without_a_handler_failures_are_logged(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("asyncio", logging.ERROR)
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


async def test_a_failing_exception_handler_is_logged_too(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(loop: Loop, context: dict[str, Any]) -> None:
        raise LookupError

    loop.set_exception_handler(handler)
    assert loop.get_exception_handler() is handler
    loop.call_exception_handler({"message": "first"})
    assert "Unhandled error in exception handler" in caplog.text


# Timers


async def test_timers_are_never_early(loop: Loop) -> None:
    early: list[float] = []
    left = 300
    done = asyncio.Event()

    def check(when: float) -> None:
        nonlocal left
        if loop.time() < when - time.get_clock_info("monotonic").resolution:
            early.append(when - loop.time())
        left -= 1
        if not left:
            done.set()

    chance = random.Random(7)
    for _ in range(left):
        when = loop.time() + chance.choice((0.0001, 0.001, 0.01, 0.1)) * chance.uniform(0.5, 3)
        loop.call_at(when, check, when)
    await done.wait()
    assert early == []


@pytest.mark.parametrize("delay", [0.0001, 0.0005, 0.0009, 0.001, 0.0015, 0.0101, 0.05])
async def test_a_sleep_lasts_at_least_as_long_as_it_says(loop: Loop, delay: float) -> None:
    for _ in range(5):
        began = loop.time()
        await asyncio.sleep(delay)
        assert loop.time() - began >= delay - time.get_clock_info("monotonic").resolution


async def test_an_idle_loop_is_punctual(loop: Loop) -> None:
    late = []
    for delay in (0.001, 0.0042, 0.01, 0.02) * 5:
        due = loop.time() + delay
        await asyncio.sleep(delay)
        late.append(loop.time() - due)
    assert statistics.median(late) < 0.01  # machines are busy; benchmarks/loop.py has the figures


async def test_timers_run_in_the_order_of_their_times(loop: Loop) -> None:
    ran: list[int] = []
    now = loop.time()
    for number in random.Random(3).sample(range(50), 50):
        loop.call_at(now + 0.01 + number * 1e-5, ran.append, number)
    await asyncio.sleep(0.03)
    assert ran == list(range(50))


async def test_a_timer_can_come_before_one_that_was_set_earlier(loop: Loop) -> None:
    first: asyncio.Future[str] = loop.create_future()
    late = loop.call_later(60, first.set_result, "late")
    await asyncio.sleep(0.001)
    loop.call_later(0.001, first.set_result, "early")
    assert await first == "early"
    late.cancel()


async def test_a_time_in_the_past_means_soon(loop: Loop) -> None:
    ran: list[str] = []
    loop.call_later(-1, ran.append, "past")
    loop.call_at(0, ran.append, "long past")
    loop.call_later(0, ran.append, "now")
    await asyncio.sleep(0.005)
    assert ran == ["long past", "past", "now"]


async def test_timers_may_be_years_away(loop: Loop) -> None:
    handle = loop.call_later(1e9, print)
    await asyncio.sleep(0.001)
    handle.cancel()


async def test_a_cancelled_timer_frees_what_it_held_at_once(loop: Loop) -> None:
    held = Something()
    gone = weakref.ref(held)
    handle = loop.call_later(300, print, held)
    await asyncio.sleep(0)
    del held
    assert gone() is not None
    handle.cancel()
    assert gone() is None


async def test_cancelled_timers_do_not_pile_up(loop: Loop) -> None:
    live = [loop.call_later(300, print) for _ in range(100)]
    for _ in range(20):
        for handle in [loop.call_later(300, print) for _ in range(1000)]:
            handle.cancel()
        await asyncio.sleep(0.001)
    gc.collect()
    timers = [it for it in gc.get_objects() if type(it) is asyncio.TimerHandle and it._loop is loop]
    assert 100 <= len(timers) < 1000
    for handle in live:
        handle.cancel()


async def test_live_timers_survive_the_sweeping_of_cancelled_ones(loop: Loop) -> None:
    ran: list[int] = []
    for number in range(1000):
        loop.call_later(0.01, ran.append, number).cancel()
        if number % 100 == 0:
            loop.call_later(0.02 + number * 1e-6, ran.append, number)
    await asyncio.sleep(0.05)
    assert ran == list(range(0, 1000, 100))


def test_time_is_monotonic(loop: Loop) -> None:
    times = [loop.time() for _ in range(1000)]
    assert times == sorted(times)


# Threads


def test_another_thread_wakes_a_sleeping_loop(loop: Loop) -> None:
    def wake() -> None:
        assert asleep.wait(10)
        loop.call_soon_threadsafe(loop.stop)

    asleep = threading.Event()
    thread = threading.Thread(target=wake)
    thread.start()
    loop.call_later(0.05, asleep.set)
    watchdog = loop.call_later(10, loop.stop)
    began = loop.time()
    loop.run_forever()
    thread.join()
    assert loop.time() - began < 5
    watchdog.cancel()


async def test_nothing_is_lost_when_many_threads_call(loop: Loop) -> None:
    arrived: dict[int, list[int]] = {thread: [] for thread in range(8)}
    done = asyncio.Event()

    def arrive(thread: int, number: int) -> None:
        arrived[thread].append(number)
        if sum(map(len, arrived.values())) == 8 * 2000:
            done.set()

    def call(thread: int) -> None:
        for number in range(2000):
            loop.call_soon_threadsafe(arrive, thread, number)

    threads = [threading.Thread(target=call, args=(thread,)) for thread in arrived]
    for thread in threads:
        thread.start()
    await done.wait()
    for thread in threads:
        thread.join()
    assert all(numbers == list(range(2000)) for numbers in arrived.values())


async def test_a_call_from_a_thread_can_be_cancelled(loop: Loop) -> None:
    ran: list[str] = []
    loop.call_soon_threadsafe(ran.append, "cancelled").cancel()
    loop.call_soon_threadsafe(ran.append, "kept")
    await asyncio.sleep(0.01)
    assert ran == ["kept"]


# Running, stopping, closing


def test_run_until_complete_returns_or_raises(loop: Loop) -> None:
    async def fail() -> None:
        raise LookupError("lost")

    assert loop.run_until_complete(asyncio.sleep(0, "result")) == "result"
    with pytest.raises(LookupError, match="lost"):
        loop.run_until_complete(fail())
    future = loop.create_future()
    loop.call_soon(future.set_result, 3)
    assert loop.run_until_complete(future) == 3
    assert loop.run_until_complete(future) == 3


def test_the_loop_is_running_only_while_it_runs(loop: Loop) -> None:
    async def look() -> bool:
        return loop.is_running()

    assert not loop.is_running()
    assert loop.run_until_complete(look())
    assert not loop.is_running()
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


async def test_a_running_loop_cannot_be_run_again_nor_closed(loop: Loop) -> None:
    with pytest.raises(RuntimeError, match="This event loop is already running"):
        loop.run_until_complete(loop.create_future())
    with pytest.raises(RuntimeError, match="Cannot close a running event loop"):
        loop.close()


async def test_no_other_loop_can_run_inside(loop: Loop, new_loop: LoopFactory) -> None:
    refused = pytest.raises(RuntimeError, match="while another loop is running")
    with contextlib.closing(new_loop()) as other, refused:
        other.run_forever()


def test_stop_before_the_run_still_runs_one_turn(loop: Loop) -> None:
    ran: list[str] = []

    def first() -> None:
        ran.append("first")
        loop.call_soon(ran.append, "second")

    loop.call_soon(first)
    loop.stop()
    loop.run_forever()
    assert ran == ["first"]


def test_stop_ends_the_run_after_the_current_turn(loop: Loop) -> None:
    ran: list[str] = []

    def first() -> None:
        loop.stop()
        loop.call_soon(ran.append, "next turn")

    loop.call_soon(first)
    loop.call_soon(ran.append, "this turn")
    loop.run_forever()
    assert ran == ["this turn"]
    loop.run_until_complete(asyncio.sleep(0))
    assert ran == ["this turn", "next turn"]


def test_a_stopped_run_says_that_its_future_is_not_done(loop: Loop) -> None:
    loop.call_soon(loop.stop)
    with pytest.raises(RuntimeError, match="Event loop stopped before Future completed"):
        loop.run_until_complete(loop.create_future())


def test_nothing_runs_on_a_closed_loop(loop: Loop) -> None:
    ours, theirs = socket.socketpair()
    loop.close()
    loop.close()
    assert loop.is_closed()
    attempts: list[Callable[[], object]] = [
        lambda: loop.call_soon(print),
        lambda: loop.call_later(1, print),
        lambda: loop.call_at(1, print),
        lambda: loop.call_soon_threadsafe(print),
        lambda: loop.run_in_executor(None, print),
        loop.run_forever,
    ]
    if sys.platform != "win32":
        attempts += [lambda: loop.add_reader(ours, print), lambda: loop.add_writer(ours, print)]
    for attempt in attempts:
        with pytest.raises(RuntimeError, match="Event loop is closed"):
            attempt()
    ours.close()
    theirs.close()


def test_a_closed_loop_is_forgotten(new_loop: LoopFactory) -> None:
    loop = new_loop()
    loop.run_until_complete(asyncio.sleep(0.001))
    loop.call_later(300, print)
    loop.close()
    gone = weakref.ref(loop)
    del loop
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_leaves_the_run_and_the_loop_goes_on_after(
    loop: Loop, error: type[BaseException]
) -> None:
    def interrupt() -> None:
        raise error

    async def main() -> None:
        raise error

    loop.call_soon(interrupt)
    with pytest.raises(error):
        loop.run_forever()
    with pytest.raises(error):
        loop.run_until_complete(main())
    assert loop.run_until_complete(asyncio.sleep(0, "on")) == "on"


def test_a_runner_cancels_what_is_left_and_closes(new_loop: LoopFactory) -> None:
    ended: list[str] = []

    async def leftover() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("leftover")

    async def main() -> tuple[Loop, asyncio.Task[None]]:
        task = asyncio.create_task(leftover())
        await asyncio.sleep(0)
        return asyncio.get_running_loop(), task

    with asyncio.Runner(loop_factory=new_loop) as runner:
        loop, _task = runner.run(main())
    assert ended == ["leftover"]
    assert loop.is_closed()


# Tasks


async def test_tasks_have_names_contexts_and_a_factory(loop: Loop) -> None:
    name = contextvars.ContextVar("name", default="nobody")
    context = contextvars.copy_context()
    context.run(name.set, "given")

    async def look() -> str:
        return name.get()

    task = loop.create_task(look(), name="looker", context=context)
    assert (task.get_name(), await task) == ("looker", "given")

    made: list[asyncio.Task[Any]] = []

    def factory(loop: Loop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        made.append(asyncio.Task(coroutine, loop=loop, **options))
        return made[-1]

    loop.set_task_factory(factory)
    assert loop.get_task_factory() is factory
    task = asyncio.create_task(look())
    assert made == [task]
    await task


async def test_timeouts_groups_and_cancellation(loop: Loop) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.005):
            await asyncio.Event().wait()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.005)

    async def fail() -> None:
        await asyncio.sleep(0.001)
        raise LookupError

    async def fail_together() -> None:
        async with asyncio.TaskGroup() as group:
            tasks.append(group.create_task(asyncio.Event().wait()))
            group.create_task(fail())

    tasks: list[asyncio.Task[Any]] = []
    with pytest.raises(ExceptionGroup) as caught:
        await fail_together()
    assert caught.group_contains(LookupError)
    assert tasks[0].cancelled()

    task = asyncio.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)
    task.cancel("enough")
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_abandoned_generators_are_closed(loop: Loop) -> None:
    closed: list[str] = []

    async def numbers(name: str) -> Any:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            closed.append(name)

    forgotten, kept = numbers("forgotten"), numbers("kept")
    await anext(forgotten)
    await anext(kept)
    del forgotten
    gc.collect()
    await asyncio.sleep(0.005)
    assert closed == ["forgotten"]
    await loop.shutdown_asyncgens()
    assert closed == ["forgotten", "kept"]


# Executors


async def test_work_in_threads_comes_back_with_its_context(loop: Loop) -> None:
    name = contextvars.ContextVar("name", default="nobody")
    name.set("caller")
    assert await asyncio.to_thread(name.get) == "caller"
    assert await loop.run_in_executor(None, threading.current_thread) is not threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(lambda: 1 / 0)


async def test_the_default_executor_can_be_set_and_shut_down(loop: Loop) -> None:
    with pytest.raises(TypeError):
        loop.set_default_executor("not one")  # type: ignore[arg-type] -- the point
    loop.set_default_executor(ThreadPoolExecutor(1, "ours"))
    assert (await loop.run_in_executor(None, threading.current_thread)).name.startswith("ours")
    await loop.shutdown_default_executor()
    with pytest.raises(RuntimeError, match="Executor shutdown has been called"):
        loop.run_in_executor(None, print)


# Debug mode


async def test_debug_mode_logs_slow_callbacks(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    loop.set_debug(True)
    assert loop.get_debug()
    loop.slow_callback_duration = 0.001
    loop.call_soon(time.sleep, 0.005)
    await asyncio.sleep(0.001)
    assert any(
        record.name == "asyncio" and "Executing" in record.message and "took" in record.message
        for record in caplog.records
    )


async def test_debug_mode_refuses_calls_from_the_wrong_thread(loop: Loop) -> None:
    loop.set_debug(True)
    with pytest.raises(RuntimeError, match="Non-thread-safe operation"):
        await asyncio.to_thread(loop.call_soon, print)
    with pytest.raises(RuntimeError, match="Non-thread-safe operation"):
        await asyncio.to_thread(loop.call_later, 1, print)


async def test_debug_mode_refuses_coroutines_as_callbacks(loop: Loop) -> None:
    async def coroutine() -> None: ...

    loop.set_debug(True)
    for schedule in (loop.call_soon, partial(loop.call_later, 1), loop.call_soon_threadsafe):
        with pytest.raises(TypeError, match="coroutines cannot be used"):
            schedule(coroutine)


async def test_debug_mode_tells_where_a_handle_was_made(loop: Loop) -> None:
    loop.set_debug(True)
    for handle in (loop.call_soon(print), loop.call_later(60, print)):
        assert handle._source_traceback[-1].filename == __file__
        handle.cancel()
