"""The last line of a process that had to be ended by force says what kept it."""

import asyncio
import threading

from app.last_moment import what_runs


async def hanging_keyring(begun: asyncio.Event) -> None:
    begun.set()
    await asyncio.Event().wait()


async def stop(begun: asyncio.Event) -> None:
    await hanging_keyring(begun)


async def test_a_task_is_named_by_the_innermost_thing_it_waits_for() -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(stop(begun), name="the end")
    await begun.wait()
    found = await asyncio.to_thread(what_runs, asyncio.get_running_loop())
    assert any(
        line.startswith("task the end in ") and ("wait (locks.py" in line or "hanging_keyring" in line)
        for line in found
    )
    task.cancel()


def test_threads_that_keep_the_process_alive_are_named_with_their_place() -> None:
    over = threading.Event()
    threads = [
        threading.Thread(target=over.wait, name="writer"),
        threading.Thread(target=over.wait, name="watcher", daemon=True),
    ]
    for thread in threads:
        thread.start()
    found = what_runs(None)
    over.set()
    for thread in threads:
        thread.join()
    assert any(line.startswith("thread writer in wait (threading.py:") for line in found)
    assert any(line.startswith("thread MainThread in ") for line in found)
    assert not any("watcher" in line for line in found)
