"""At most so many requests at a provider, in the order in which they came."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from proxy.config import ProviderConfig
from proxy.routing.service import Service
from proxy.upstream.call import Call
from proxy.upstream.seats import NO_LIMIT, Seats


class Crowd:
    """Requests that hold their seat until they are told to go."""

    def __init__(self) -> None:
        self.seats = Seats()
        self.seated: list[str] = []
        self._go: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def comes(self, name: str, limit: int, provider: str = "p") -> None:
        self._go[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._sits(name, limit, provider))
        await settled()

    async def goes(self, name: str) -> None:
        self._go[name].set()
        await self._tasks[name]
        await settled()

    async def gives_up(self, name: str) -> None:
        self._tasks[name].cancel()
        with pytest.raises(asyncio.CancelledError):
            await self._tasks[name]

    def cancel(self, name: str) -> None:
        self._tasks[name].cancel()

    def let_go(self, name: str) -> None:
        self._go[name].set()

    async def all_go(self) -> None:
        for event in self._go.values():
            event.set()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _sits(self, name: str, limit: int, provider: str) -> None:
        async with self.seats.taken(provider, limit):
            self.seated.append(name)
            await self._go[name].wait()


async def settled() -> None:
    """Every task that can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_no_limit_lets_everybody_sit() -> None:
    seats = Seats()
    async with AsyncExitStack() as stack:
        for _ in range(100):
            await stack.enter_async_context(seats.taken("p", 0))
        assert seats.free("p", 0) is None


async def test_who_came_first_sits_down_first() -> None:
    crowd = Crowd()
    for name in "abcd":
        await crowd.comes(name, 2)
    assert crowd.seated == ["a", "b"]
    await crowd.goes("b")
    assert crowd.seated == ["a", "b", "c"]
    await crowd.goes("a")
    assert crowd.seated == ["a", "b", "c", "d"]
    await crowd.all_go()


async def test_a_newcomer_does_not_overtake_those_who_wait() -> None:
    crowd = Crowd()
    await crowd.comes("a", 1)
    await crowd.comes("b", 1)
    crowd.let_go("a")
    await crowd.comes("c", 1)
    assert crowd.seated == ["a", "b"]
    await crowd.all_go()
    assert crowd.seated == ["a", "b", "c"]


async def test_providers_have_seats_of_their_own() -> None:
    crowd = Crowd()
    await crowd.comes("a", 1, "p")
    await crowd.comes("b", 1, "q")
    assert crowd.seated == ["a", "b"]
    await crowd.all_go()


async def test_the_wait_for_a_seat_counts_against_the_callers_time() -> None:
    seats = Seats()
    async with seats.taken("p", 1):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), seats.taken("p", 1):
                pytest.fail("there was no seat")
    assert seats.free("p", 1) == 1


async def test_who_gives_up_waiting_blocks_nobody() -> None:
    crowd = Crowd()
    for name in "abc":
        await crowd.comes(name, 1)
    await crowd.gives_up("b")
    await crowd.goes("a")
    assert crowd.seated == ["a", "c"]
    await crowd.all_go()
    assert crowd.seats.free("p", 1) == 1


async def test_a_seat_given_to_one_who_is_just_giving_up_goes_to_the_next() -> None:
    crowd = Crowd()
    async with crowd.seats.taken("p", 1):
        await crowd.comes("b", 1)
        await crowd.comes("c", 1)
    crowd.cancel("b")
    await settled()
    assert crowd.seated == ["c"]
    await crowd.all_go()
    assert crowd.seats.free("p", 1) == 1


async def test_who_gives_up_in_the_moment_a_seat_gets_free_does_not_take_it() -> None:
    crowd = Crowd()
    async with crowd.seats.taken("p", 1):
        await crowd.comes("b", 1)
        await crowd.comes("c", 1)
        crowd.cancel("b")
    await settled()
    assert crowd.seated == ["c"]
    await crowd.all_go()
    assert crowd.seats.free("p", 1) == 1


async def test_a_failure_in_the_scope_gives_the_seat_back() -> None:
    seats = Seats()
    with pytest.raises(ZeroDivisionError):
        async with seats.taken("p", 1):
            raise ZeroDivisionError
    assert seats.free("p", 1) == 1


@pytest.mark.parametrize("limit", [3, NO_LIMIT])
async def test_a_higher_limit_seats_those_who_wait(limit: int) -> None:
    crowd = Crowd()
    for name in "abc":
        await crowd.comes(name, 1)
    await crowd.comes("d", limit)
    assert set("abc") <= set(crowd.seated)
    await crowd.all_go()
    assert sorted(crowd.seated) == ["a", "b", "c", "d"]


async def test_a_lower_limit_asks_nobody_to_leave_but_lets_nobody_in() -> None:
    crowd = Crowd()
    for name in "abc":
        await crowd.comes(name, 3)
    await crowd.comes("d", 1)
    assert crowd.seats.free("p", 1) == 0
    await crowd.goes("a")
    await crowd.goes("b")
    assert "d" not in crowd.seated
    await crowd.goes("c")
    assert crowd.seated[-1] == "d"
    await crowd.all_go()


async def test_those_without_a_limit_count_once_there_is_one() -> None:
    crowd = Crowd()
    await crowd.comes("a", 0)
    assert crowd.seats.free("p", 2) == 1
    await crowd.all_go()


async def test_a_provider_nobody_asks_leaves_nothing_behind() -> None:
    crowd = Crowd()
    for name in "abc":
        await crowd.comes(name, 1)
    await crowd.all_go()
    assert crowd.seats._rooms == {}


async def test_who_knows_of_no_limit_takes_none_away() -> None:
    crowd = Crowd()
    await crowd.comes("a", 1)
    await crowd.comes("b", 1)
    await crowd.comes("c", 0)
    assert crowd.seated == ["a"]
    await crowd.goes("a")
    assert crowd.seated == ["a", "b"]
    await crowd.goes("b")
    assert crowd.seated == ["a", "b", "c"]
    await crowd.all_go()


@pytest.mark.parametrize(
    ("own", "seats", "at", "room", "limit"),
    [
        (0, 2, "http://here", "http://here", 2),
        (0, 0, "http://here", "http://here", 0),
        (5, 2, "http://here", "near", 5),
        (5, 0, "", "near", 5),
        (0, 0, "", "near", NO_LIMIT),
    ],
)
def test_the_users_own_limit_is_the_providers_and_a_servers_is_for_whoever_leads_there(
    own: int, seats: int, at: str, room: str, limit: int
) -> None:
    config = ProviderConfig(kind="llamacpp", max_concurrency=own)
    call = Call(
        service=Service("near", "m"),
        config=config,
        url="http://here/v1",
        shown_url="http://here/v1",
        headers=(),
        body=None,
        seats=seats,
        seats_at=at,
    )
    assert (call.room, call.limit) == (room, limit)
