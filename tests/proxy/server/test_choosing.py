"""What the door makes of a decision: headers that force, headers that explain, and nothing left behind."""

import json
from typing import Any

import pytest
from msgspec import convert
from msgspec.structs import replace

from proxy.config import ProviderConfig
from proxy.exchange import Origin
from tests.fakes.faults import server_error
from tests.fakes.script import Call, Turn
from tests.proxy.server.choosing_stage import HI, Stage, pool, ranked, result_of, staged

SMART = {"name": "P0", "when": [{"signal": "model", "op": "contains", "value": "sm"}], "services": ["B/m"]}
ROUTES = {"routes": [pool("A/m", rules=[SMART])]}
COUNT = "/v1/messages/count_tokens"


async def probe(stage: Stage, service: str, **more: Any) -> Any:
    return await stage.ask(session=None, **{"x-tierwise-service": service}, **more)


@pytest.mark.parametrize(
    ("service", "status", "words"),
    [
        ("nobody/m", 400, "not found"),
        ("off/m", 503, "disabled"),
        ("A", 400, "provider/model"),
        ("A/", 400, "provider/model"),
        ("/m", 400, "provider/model"),
    ],
    ids=["X4 unknown", "X4 disabled", "X5 no slash", "X5 no model", "X5 no provider"],
)
async def test_x4_x5_a_probe_that_nobody_can_answer(service: str, status: int, words: str) -> None:
    async with staged(**ROUTES) as stage:
        off = {
            "kind": "anthropic-compatible",
            "base_url": "http://127.0.0.1:9",
            "key": "none",
            "enabled": False,
        }
        config = stage.gateway.config
        more = {**config.providers, "off": convert(off, ProviderConfig)}
        stage.gateway.apply(replace(config, providers=more))
        answer = await probe(stage, service)
        assert (answer.status, stage.asked) == (status, {})
        assert answer.body["type"] == "error"
        assert words in answer.sentence


@pytest.mark.parametrize("service", ["A/m", "a/m", "A/listed nowhere", "A/vendor/m"])
async def test_x5_a_probe_goes_to_whom_it_names_listed_or_not(service: str) -> None:
    async with staged(**ROUTES) as stage:
        answer = await probe(stage, service, model="smart")
        assert (answer.status, answer.source) == (200, "probe_pin")
        assert answer.served.lower() == service.lower().replace(" ", "%20")
        assert stage.asked == {"A": 1}
        assert stage.recorded.exchanges[0].origin is Origin.PROBE
        assert stage.pins() == []


async def test_x5_a_probe_may_ask_what_is_listed_but_not_active() -> None:
    """To try it is how one finds out whether to switch it on."""
    async with staged(routes=[pool({**ranked("A", 0), "active": False}, "B/m")]) as stage:
        answer = await probe(stage, "A/m")
        assert (answer.status, answer.served) == (200, "A/m")


async def test_x5_a_probe_fails_over_to_nobody() -> None:
    async with staged({"A": server_error(), "B": "Hello"}, **ROUTES) as stage:
        answer = await probe(stage, "A/m")
        assert (answer.status, stage.tried(), stage.asked) == (500, ["A/m"], {"A": 1})


async def test_x6_the_debug_header_explains() -> None:
    async with staged(**ROUTES) as stage:
        answer = await stage.ask(model="smart", x_tierwise_debug="1")
        assert (answer.served, answer.source) == ("B/m", "smart_routing")
        assert "rule P0 applies" in answer.headers["x-tierwise-reasons"]
        decision = stage.recorded.exchanges[0].decision
        assert decision is not None
        assert decision.stages == ("health", "smart_routing", "affinity", "load_balancer")
        assert decision.result.matched_rule_index == 0


async def test_x6_without_it_no_reasons_are_told() -> None:
    async with staged(**ROUTES) as stage:
        answer = await stage.ask(model="smart")
        assert "x-tierwise-reasons" not in answer.headers


async def test_a_header_forces_a_tier_on_typed_turns_but_moves_no_tools_result() -> None:
    tiers = {"SIMPLE": {"services": ["A/m"]}, "REASONING": {"services": ["B/m"]}}
    asks = Turn(calls=(Call("look", {}, "toolu_1"),))
    async with staged({"A": [asks, "Hello"], "B": "Hello"}, tiers=tiers) as stage:
        assert (await stage.ask(model="claude-haiku-4-5")).served == "A/m"
        forced = await stage.ask(result_of("toolu_1"), model="claude-haiku-4-5", x_tierwise_tier="reasoning")
        assert (forced.served, forced.source) == ("A/m", "affinity")
        forced = await stage.ask(model="claude-haiku-4-5", x_tierwise_tier="reasoning")
        assert (forced.served, forced.source) == ("B/m", "tier")


async def test_an_unknown_tier_is_refused_before_anybody_is_asked() -> None:
    async with staged(**ROUTES) as stage:
        answer = await stage.ask(x_tierwise_tier="huge")
        assert (answer.status, stage.asked) == (400, {})
        assert "SIMPLE" in answer.sentence


def traces(stage: Stage) -> dict[str, Any]:
    world = stage.world
    return {
        "pins": [(each.thread, each.partition, each.pin) for each in world.affinity.live(stage.now())],
        "changed": world.affinity.changed,
        "calls": len(world.call_ids),
        "cursors": dict(world.cursors),
        "board": world.board.snapshot(),
        "recorded": len(stage.recorded.exchanges),
    }


@pytest.mark.parametrize("tactic", ["priority", "random", "round_robin"])
async def test_counting_tokens_leaves_no_trace(tactic: str) -> None:
    async with staged(routes=[pool("A/m", "B/m", tactic=tactic)]) as stage:
        await stage.ask()
        before = traces(stage)
        for session in ("s1", "s2", None):
            for body in (HI, result_of("toolu_1")):
                answer = await stage.ask(body, session=session, path=COUNT)
                assert answer.status == 200
        assert traces(stage) == before
        await stage.ask(session="s2")
        assert traces(stage) != before


async def test_explaining_leaves_no_trace() -> None:
    async with staged(routes=[pool("A/m", "B/m", tactic="round_robin")]) as stage:
        await stage.ask()
        before, asked = traces(stage), stage.asked
        question = {"surface": "messages", "client": "sdk", "body": {"model": "auto", **HI}}
        for _ in range(3):
            async with stage.http.post(
                f"{stage.gateway.url}/api/explain",
                data=json.dumps(question).encode(),
                headers={"authorization": "Bearer admin-token"},
            ) as answer:
                assert answer.status == 200, await answer.text()
        assert traces(stage) == before
        assert stage.asked == asked


async def test_only_requests_that_are_sent_take_turns() -> None:
    async with staged(routes=[pool("A/m", "B/m", tactic="round_robin")]) as stage:
        served = []
        for number in range(4):
            await stage.ask(session=f"n{number}", path=COUNT)
            served.append((await stage.ask(session=f"s{number}")).served)
        assert served == ["A/m", "B/m", "A/m", "B/m"]
