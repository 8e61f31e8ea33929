"""Many selections at once, while the configuration is replaced: none of them mixes two."""

import asyncio
import json
from random import Random
from typing import Any

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.effects import WritePin
from proxy.routing.selection.selector import Selector
from proxy.routing.signals import Looked
from proxy.upstream.asked import LARGE, Asked
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.configured import configured
from tests.proxy.routing.selection.simulator import Simulator

SELECTIONS, RELOADS = 500, 50


def tables(number: int) -> dict[str, Any]:
    """Configurations that have no service in common, nor the name of a rule."""
    name = f"P{number}"
    provider = {"kind": "openai-compatible", "base_url": f"http://p{number}.example/v1", "key": "none"}
    return {
        "providers": {name: provider},
        "tiers": {
            "SIMPLE": {"services": [f"{name}/small"]},
            "COMPLEX": {"services": [f"{name}/big", f"{name}/other"], "tactic": "round_robin"},
        },
        "rules": [
            {
                "name": f"R{number}",
                "when": [{"signal": "model", "op": "contains", "value": "smart"}],
                "services": [f"{name}/ruled"],
            }
        ],
    }


TABLES = [tables(number) for number in range(5)]


def explained_by(selector: Selector, decision: Decision) -> bool:
    """Whether this configuration alone can have led there."""
    route = next((each for each in selector.routes if each.name == decision.route), None)
    if route is None:
        return False
    rules = {rule.name for rule in route.rules}
    pools = {tier: {each.service for each in pool.candidates} for tier, pool in route.tiers.items()}
    known = {each.service for each in route.candidates}
    return (
        decision.rule in {None, *rules}
        and all(trace.rule in rules for trace in decision.judged)
        and all(each.service in known for each in decision.candidates)
        and all(each.tier is None or each.service in pools[each.tier] for each in decision.candidates)
        and {each.service for each in decision.verdicts} == known
        and all(
            effect.pin.service_version == selector.service_version(effect.pin.service)
            and effect.pin.config_version == selector.version
            for effect in decision.effects
            if isinstance(effect, WritePin)
        )
    )


def asked(number: int, random: Random) -> Asked:
    """Now and then one that is so large that it is looked at beside the loop."""
    model = random.choice(["smart", "claude-haiku-4-5", "claude-sonnet-4-5"])
    text = "word " * (LARGE // 4 if number % 25 == 0 else 3)
    body = Body(json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}).encode())
    exchange = Exchange(f"req_{number}", Surface.MESSAGES, "sdk", model, Format.ANTHROPIC)
    return Asked(exchange, body, ())


async def test_no_decision_mixes_two_configurations() -> None:
    simulator, random = Simulator(TABLES[0]), Random(3)
    choosing, board = simulator.choosing, simulator.board
    by_version: dict[str, Config] = {choosing.selector.version: simulator.config}
    decided: list[Decision] = []

    async def select(number: int) -> None:
        one = asked(number, random)
        exchange = one.exchange
        for _ in range(random.randrange(60)):
            await asyncio.sleep(0)
        selector = choosing.selector
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)
        looked = Looked(
            body=one.body,
            format=Format.ANTHROPIC,
            surface="messages",
            client="sdk",
            model=exchange.requested_model or "",
            headers={"x-tierwise-session": f"s{number % 40}"},
        )
        decision = choosing.decide(selector, await choosing.signals(selector, one, looked), exchange)
        assert decision.config_version == selector.version
        decided.append(decision)
        await asyncio.sleep(0)
        exchange.decision = decision
        choosing.follow.sent(exchange, decision)
        await asyncio.sleep(0)
        served = decision.candidates[number % len(decision.candidates)]
        exchange.serving = Attempt(served.service, tier=served.tier, outcome=Outcome.ANSWERED)
        exchange.attempts.append(exchange.serving)
        choosing.follow.begun(exchange, decision, _Said())  # type: ignore[arg-type] # all it is asked
        await asyncio.sleep(0)
        choosing.follow.over(exchange, decision)

    async def reload() -> None:
        for number in range(RELOADS):
            config = configured(**TABLES[(number + 1) % len(TABLES)])
            board.reconfigured(config.health)
            choosing.apply(config)
            by_version[choosing.selector.version] = config
            for _ in range(2):
                await asyncio.sleep(0)

    async with asyncio.timeout(25), asyncio.TaskGroup() as tasks:
        for number in range(SELECTIONS):
            tasks.create_task(select(number))
        tasks.create_task(reload())

    assert len(decided) == SELECTIONS
    selectors = {version: Selector(config) for version, config in by_version.items()}
    assert {decision.config_version for decision in decided} == set(selectors)
    for decision in decided:
        assert explained_by(selectors[decision.config_version], decision)
        others = [one for version, one in selectors.items() if version != decision.config_version]
        assert not any(explained_by(one, decision) for one in others)
    assert all(
        simulator.world.in_flight.count(each) == 0 for one in selectors.values() for each in one.versions
    )


def test_a_pin_that_failover_moves_belongs_to_the_configuration_it_was_served_by() -> None:
    """One that was changed meanwhile is another service, which the session has never been with."""
    before = {
        "providers": {name: _provider(f"http://{name.lower()}.example/v1") for name in "AB"},
        "routes": [{"name": "r", "use": "pool", "services": ["A/m", "B/m"]}],
    }
    simulator = Simulator(before)
    decision = simulator.decide()
    exchange = Exchange("req_1", Surface.MESSAGES, "sdk", "smart", Format.ANTHROPIC)
    old = simulator.choosing.selector
    simulator.choosing.follow.sent(exchange, decision)
    changed = {**before["providers"], "B": _provider("http://elsewhere.example/v1")}
    simulator.apply(providers=changed)
    served = decision.candidates[1]
    exchange.serving = Attempt(served.service, outcome=Outcome.ANSWERED)
    exchange.attempts.append(exchange.serving)
    simulator.choosing.follow.begun(exchange, decision, _Said())  # type: ignore[arg-type] # all it is asked
    simulator.choosing.follow.over(exchange, decision)
    assert decision.thread is not None
    known = simulator.world.affinity.remembered(decision.thread)
    versions = [] if known is None else [pin.service_version for pin in known.pins.values()]
    assert simulator.choosing.selector.service_version(served.service) != old.service_version(served.service)
    assert simulator.choosing.selector.service_version(served.service) not in versions
    assert simulator.decide().source == "load_balancer"


def _provider(url: str) -> dict[str, Any]:
    return {"kind": "openai-compatible", "base_url": url, "key": "none"}


class _Said:
    """An answer that calls no tools."""

    calls: tuple[str, ...] = ()

    @property
    def heard(self) -> "_Said":
        return self
