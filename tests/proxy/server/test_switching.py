"""Sessions that cost something to move, over HTTP: they stay, go down, and go up, and it is told why."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from proxy.ledger.ledger import Ledger
from proxy.money.remaining import USUAL_STAY
from tests.fakes.script import Asked, Billed, Call, Turn
from tests.proxy.routing.selection.judging import Says
from tests.proxy.server.choosing_stage import Stage, Told, cast

TIERS = {
    "SIMPLE": {"services": ["far/small"]},
    "MEDIUM": {"services": ["far/middle"]},
    "COMPLEX": {"services": ["far/big"]},
    "REASONING": {"services": ["far/huge"]},
}
NEAR, FAR_APART = (4.9, 4.95, 5.0, 5.1), (1.0, 3.0, 5.0, 15.0)
"""Dollars per million tokens, from the smallest to the largest."""
LONG, BRIEF = "Mind the house rules. " * 6000, "Be brief."
CACHE = {"cache_control": {"type": "ephemeral"}}


def prices(several: tuple[float, ...]) -> dict[str, Any]:
    names = ("far/small", "far/middle", "far/big", "far/huge")
    return {
        name: {"input": each, "output": 5 * each, "cache_read": each / 10, "cache_write": 1.25 * each}
        for name, each in zip(names, several, strict=True)
    }


def answered(asked: Asked) -> Turn:
    """All of the prompt but its last words is read from the cache, or written to it."""
    prompt = len(json.dumps(asked.body)) // 4
    calls = (Call("look", {}, "toolu_01Here7f3"),) if "look" in asked.user else ()
    return Turn("" if calls else "Done.", calls=calls, usage=Billed(50, prompt // 2, prompt // 2 - 50, 20))


@dataclass
class Session:
    """Beside a real record."""

    stage: Stage
    ledger: Ledger

    async def says(self, text: str, system: str = LONG, **more: Any) -> Told:
        return await self.asks([{"role": "user", "content": text}], system, **more)

    async def brings(self, text: str, **more: Any) -> Told:
        call = {"type": "tool_use", "id": "toolu_01Here7f3", "name": "look", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "toolu_01Here7f3", "content": text}
        messages = [
            {"role": "user", "content": "look at it"},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
        ]
        return await self.asks(messages, **more)

    async def asks(self, messages: list[Any], system: str = LONG, **more: Any) -> Told:
        body = {
            "max_tokens": 1000,
            "system": [{"type": "text", "text": system, **CACHE}],
            "messages": messages,
        }
        answer = await self.stage.ask(body, x_tierwise_debug="1", **more)
        assert answer.status == 200, answer.body
        return answer

    async def logged(self, answer: Told) -> Any:
        """What the record tells of how it was decided."""
        await asyncio.wrap_future(self.ledger.change(lambda _scribe: None))
        url = f"{self.stage.gateway.url}/api/logs/{answer.headers['x-tierwise-request-id']}"
        headers = {"authorization": "Bearer admin-token"}
        async with self.stage.http.get(url, headers=headers) as page:
            assert page.status == 200
            return (await page.json())["decision"]


@asynccontextmanager
async def session(folder: Path, several: tuple[float, ...] = NEAR) -> AsyncIterator[Session]:
    tables: Mapping[str, Any] = {"tiers": TIERS, "prices": prices(several)}
    async with cast("far", far=answered) as players:
        ledger = Ledger(folder / "tierwise.db", folder / "copies", players.config(**tables), players.now)
        ledger.start()
        try:
            async with players.running(ledger, **tables) as stage:
                stage.world.prices.learn(ledger.catalogue)
                judge = Says({"tiny": 8, "plain": 35, "knotty": 62, "deep": 92, "look": 62})
                stage.gateway._choosing.selector.judge = judge
                yield Session(stage, ledger)
        finally:
            await ledger.stop()


def tier(answer: Told) -> str:
    return answer.headers["x-tierwise-tier"]


async def test_an_easy_turn_stays_with_the_dear_one_that_has_all_of_it_cached(tmp_path: Path) -> None:
    async with session(tmp_path) as here:
        assert tier(await here.says("a knotty thing")) == "COMPLEX"
        answer = await here.says("a tiny thing")
        assert (answer.served, answer.source, tier(answer)) == ("far/big", "affinity", "COMPLEX")
        reasons = answer.headers["x-tierwise-reasons"]
        assert f"tier SIMPLE would do, but over {USUAL_STAY:.3g} turns far/big costs $" in reasons
        row = await here.logged(answer)
    found = row["economics"]
    assert (found["verdict"], found["from"], found["to"]) == ("stays", "far/big", "far/small")
    assert 0 < found["stay_usd"] < found["switch_usd"]
    assert found["warm_prefix_tokens"] > 25_000
    assert found["expected_turns"] == USUAL_STAY
    for side in (found["stay_usd"], found["switch_usd"]):
        assert f"${side:.3g}" in reasons
    assert f"${found['stay_usd']:.3g}" in json.dumps(row["reasons"])
    assert (row["tier"], row["wanted_tier"]) == ("COMPLEX", "SIMPLE")


async def test_it_goes_down_when_the_cache_is_cold(tmp_path: Path) -> None:
    async with session(tmp_path) as here:
        await here.says("a knotty thing")
        for _ in range(3):
            here.stage.pass_time(240)
            assert tier(await here.says("a tiny thing")) == "COMPLEX"  # each answer keeps it warm
        here.stage.pass_time(301)
        answer = await here.says("a tiny thing")
        assert (answer.served, tier(answer)) == ("far/small", "SIMPLE")
        assert "its prompt cache is cold" in answer.headers["x-tierwise-reasons"]
        assert (await here.logged(answer))["economics"]["verdict"] == "cold"


async def test_it_goes_down_at_once_where_that_pays(tmp_path: Path) -> None:
    async with session(tmp_path, FAR_APART) as here:
        await here.says("a knotty thing")
        answer = await here.says("a tiny thing")
        assert (answer.served, tier(answer)) == ("far/small", "SIMPLE")
        found = (await here.logged(answer))["economics"]
    assert found["verdict"] == "pays"
    assert 0 < found["switch_usd"] < found["stay_usd"]
    assert 0 < found["break_even_turns"] < found["expected_turns"]


@pytest.mark.parametrize("several", [NEAR, FAR_APART])
async def test_a_hard_turn_goes_up_at_once(tmp_path: Path, several: tuple[float, ...]) -> None:
    async with session(tmp_path, several) as here:
        assert tier(await here.says("a tiny thing")) == "SIMPLE"
        answer = await here.says("a deep thing")
        assert (answer.served, tier(answer)) == ("far/huge", "REASONING")
        assert (await here.logged(answer))["economics"] is None


async def test_a_prompt_that_was_compacted_goes_down(tmp_path: Path) -> None:
    async with session(tmp_path) as here:
        await here.says("a knotty thing")
        answer = await here.says("a tiny thing", BRIEF)
        assert (answer.served, tier(answer)) == ("far/small", "SIMPLE")
        assert "its prompt begins anew" in answer.headers["x-tierwise-reasons"]
        assert (await here.logged(answer))["economics"]["verdict"] == "restarted"


async def test_between_a_call_and_its_result_nothing_is_weighed(tmp_path: Path) -> None:
    async with session(tmp_path, FAR_APART) as here:
        assert tier(await here.says("look at it")) == "COMPLEX"
        here.stage.pass_time(400)
        answer = await here.brings("a tiny thing [tier:simple]")
        assert (answer.served, answer.source, tier(answer)) == ("far/big", "affinity", "COMPLEX")
        assert (await here.logged(answer))["economics"] is None


async def test_whoever_comes_back_finds_what_is_still_cached_there(tmp_path: Path) -> None:
    async with session(tmp_path, FAR_APART) as here:
        for text, expected in (("knotty", "COMPLEX"), ("tiny", "SIMPLE"), ("knotty", "COMPLEX")):
            assert tier(await here.says(f"a {text} thing")) == expected
        again = await here.logged(await here.says("a tiny thing"))
    assert again["economics"]["verdict"] == "pays"
    assert again["economics"]["switch_once_usd"] < 0.1  # what it has read a moment ago is still there


async def test_another_session_has_nothing_cached_and_is_where_it_should_be(tmp_path: Path) -> None:
    async with session(tmp_path) as here:
        await here.says("a knotty thing")
        answer = await here.says("a tiny thing", session="s2")
        assert (answer.served, tier(answer)) == ("far/small", "SIMPLE")


async def test_a_command_moves_a_warm_session_and_the_next_turn_goes_by_what_it_costs(tmp_path: Path) -> None:
    async with session(tmp_path) as here:
        await here.says("a knotty thing")
        answer = await here.says("a tiny thing [tier:simple]")
        assert (answer.served, answer.source) == ("far/small", "tier")
        assert tier(await here.says("a tiny thing")) == "SIMPLE"
