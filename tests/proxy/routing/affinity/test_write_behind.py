"""What is kept over a restart, what wins when both know a thread, and what a failing store costs."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

import pytest

from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.packing import Kept, Row
from proxy.routing.affinity.pins import OVERTIME
from proxy.routing.affinity.threads import Thread
from proxy.routing.affinity.write_behind import NotKeptError, WriteBehind
from proxy.routing.service import Service
from tests.proxy.routing.affinity.made import HAIKU, HOUR, LOCAL, MOST, NOW, OPUS, THREAD, pin


class Shelf:
    """A store whose moods are told to it."""

    def __init__(self) -> None:
        self.rows: dict[bytes, Kept] = {}
        self.saved: list[int] = []
        """How many changes each time."""
        self.problem = ""
        self.may_load = asyncio.Event()
        self.may_load.set()
        self.may_save = asyncio.Event()
        self.may_save.set()
        self.is_asked = asyncio.Event()

    async def load(self) -> Sequence[Row]:
        rows = [(key, *kept) for key, kept in self.rows.items()]
        self.is_asked.set()
        await self.may_load.wait()
        self._fail()
        return rows

    async def save(self, changes: Mapping[bytes, Kept | None]) -> None:
        self.is_asked.set()
        await self.may_save.wait()
        self._fail()
        self.saved.append(len(changes))
        for key, kept in changes.items():
            self.rows.pop(key, None)
            if kept is not None:
                self.rows[key] = kept

    def _fail(self) -> None:
        if self.problem:
            raise NotKeptError(self.problem)


def service_of(affinity: Affinity, thread: Thread = THREAD) -> Service | None:
    known = affinity.remembered(thread)
    return known.pins[""].service if known is not None else None


async def kept(*threads: Thread) -> Shelf:
    """The store of a run that is over."""
    shelf, affinity = Shelf(), Affinity()
    for thread in threads:
        affinity.put(thread, "", pin(HAIKU), NOW, MOST)
    await WriteBehind(affinity, shelf).flush(NOW)
    return shelf


async def test_the_next_run_remembers_all_that_was_flushed() -> None:
    shelf, before = Shelf(), Affinity()
    before.put(THREAD, "", pin(HAIKU, tier="SIMPLE", score=12.5), NOW, MOST)
    before.put(THREAD, "code", pin(OPUS), NOW + 1, MOST)
    before.note_answer(THREAD, "code", "msg_1", awaits_result=True, prefix=7, warm_until=NOW + 300)
    await WriteBehind(before, shelf).flush(NOW + 2)

    after = Affinity()
    await WriteBehind(after, shelf).restore(NOW + 60)
    assert after.remembered(THREAD) == before.remembered(THREAD)
    assert after.count_by_service(OPUS, NOW + 60) == 1
    assert after.changed == 0


async def test_nobody_can_read_from_the_store_whose_session_it_was() -> None:
    shelf = await kept(THREAD)
    [(key, (value, expires))] = shelf.rows.items()
    assert key == THREAD.key
    assert b"session-1" not in value
    assert expires == int((NOW + HOUR + OVERTIME) * 1000)


async def test_only_what_has_changed_is_written() -> None:
    others = [Thread("main", "codex", str(number)) for number in range(5)]
    shelf, affinity = Shelf(), Affinity()
    behind = WriteBehind(affinity, shelf)
    for thread in others:
        affinity.put(thread, "", pin(), NOW, MOST)
    await behind.flush(NOW)
    await behind.flush(NOW)
    affinity.renew(others[0], "", NOW + 1, HOUR, HOUR)
    affinity.drop(others[1], "")
    affinity.remembered(others[2])
    await behind.flush(NOW + 1)
    assert shelf.saved == [5, 2]
    assert others[1].key not in shelf.rows


async def test_many_changes_are_written_in_several_turns() -> None:
    shelf = await kept(*[Thread("main", "codex", str(number)) for number in range(1500)])
    assert len(shelf.rows) == 1500
    assert shelf.saved == [1000, 500]


async def test_what_is_written_while_the_last_run_is_read_wins() -> None:
    gone, unknown = Thread("main", "codex", "gone"), Thread("main", "codex", "unknown")
    shelf, affinity = await kept(THREAD, gone, unknown), Affinity()
    behind = WriteBehind(affinity, shelf)
    shelf.may_load.clear()
    restoring = asyncio.create_task(behind.restore(NOW))
    await shelf.is_asked.wait()
    affinity.put(THREAD, "", pin(LOCAL), NOW, MOST)
    affinity.put(gone, "", pin(LOCAL), NOW, MOST)
    affinity.drop(gone, "")
    shelf.may_load.set()
    await restoring

    assert service_of(affinity) == LOCAL
    assert service_of(affinity, gone) is None
    assert service_of(affinity, unknown) == HAIKU
    await behind.flush(NOW)
    assert set(shelf.rows) == {THREAD.key, unknown.key}


async def test_two_who_restore_at_once_restore_once() -> None:
    shelf, affinity = await kept(THREAD), Affinity()
    behind = WriteBehind(affinity, shelf)
    shelf.may_load.clear()
    flushing = [asyncio.create_task(behind.flush(NOW)) for _ in range(2)]
    await shelf.is_asked.wait()
    shelf.may_load.set()
    await flushing[0]
    affinity.drop(THREAD, "")
    await flushing[1]
    assert len(affinity) == 0


async def test_those_of_the_last_run_make_room_before_those_of_this_one() -> None:
    old = [Thread("main", "codex", str(number)) for number in range(3)]
    shelf, affinity = Shelf(), Affinity()
    before = Affinity()
    for number, thread in enumerate(old):
        before.put(thread, "", pin(at=NOW + number), NOW, MOST)
    await WriteBehind(before, shelf).flush(NOW)

    affinity.put(THREAD, "", pin(at=NOW - 1), NOW - 1, MOST)
    await WriteBehind(affinity, shelf).restore(NOW)
    affinity.put(Thread("main", "codex", "new"), "", pin(), NOW, 3)
    assert [affinity.remembered(thread) is not None for thread in (*old, THREAD)] == [
        False,
        False,
        True,
        True,
    ]


async def test_what_cannot_be_read_or_is_past_all_use_goes_and_nothing_else() -> None:
    late = Thread("main", "codex", "late")
    shelf = await kept(THREAD, late)
    shelf.rows[b"k" * 16] = (b"\xc1 no such thing", 0)
    shelf.rows[b"l" * 16] = (b"\x93\x01\x02\x03", 0)
    shelf.rows[b"short"] = shelf.rows[THREAD.key]
    affinity, now = Affinity(), NOW + HOUR + OVERTIME + 1
    behind = WriteBehind(affinity, shelf)
    affinity.put(late, "", pin(at=now), now, MOST)

    await behind.restore(now)
    assert len(affinity) == 1
    await behind.flush(now)
    assert set(shelf.rows) == {late.key}


async def test_what_a_store_does_not_take_is_offered_again(caplog: pytest.LogCaptureFixture) -> None:
    shelf, affinity = Shelf(), Affinity()
    behind = WriteBehind(affinity, shelf)
    await behind.restore(NOW)
    affinity.put(THREAD, "", pin(HAIKU), NOW, MOST)
    shelf.problem = "The disk is full."
    with caplog.at_level(logging.WARNING):
        await behind.flush(NOW)
        await behind.flush(NOW)
    assert [record.getMessage().endswith("The disk is full.") for record in caplog.records] == [True]
    affinity.put(THREAD, "", pin(OPUS), NOW, MOST)

    shelf.problem = ""
    await behind.flush(NOW)
    after = Affinity()
    await WriteBehind(after, shelf).restore(NOW)
    assert service_of(after) == OPUS


async def test_a_store_that_cannot_be_read_at_first_is_read_later() -> None:
    shelf, affinity = await kept(THREAD), Affinity()
    behind = WriteBehind(affinity, shelf)
    shelf.problem = "Another program holds the record."
    await behind.restore(NOW)
    assert len(affinity) == 0
    shelf.problem = ""
    await behind.flush(NOW)
    assert service_of(affinity) == HAIKU


async def test_a_flush_that_is_cancelled_loses_nothing() -> None:
    shelf, affinity = Shelf(), Affinity()
    behind = WriteBehind(affinity, shelf)
    await behind.restore(NOW)
    shelf.is_asked.clear()
    shelf.may_save.clear()
    affinity.put(THREAD, "", pin(), NOW, MOST)
    flushing = asyncio.create_task(behind.flush(NOW))
    await shelf.is_asked.wait()
    flushing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flushing
    assert affinity.changed == 1


async def test_what_is_past_all_use_is_swept_out_now_and_then() -> None:
    shelf, affinity = Shelf(), Affinity()
    behind = WriteBehind(affinity, shelf)
    affinity.put(THREAD, "", pin(), NOW, MOST)
    await behind.flush(NOW)
    await behind.flush(NOW + HOUR + OVERTIME + 1)
    assert len(affinity) == 0
    assert shelf.rows == {}
