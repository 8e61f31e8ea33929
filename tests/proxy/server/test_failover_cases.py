"""The table of failover cases on real sockets: who is asked instead, and where the session is afterwards."""

from typing import Any

import pytest

from proxy.routing.health.breaker import State
from tests.fakes.faults import forbidden, server_error, unauthenticated
from tests.proxy.server.choosing_stage import pool, ranked, result_of, staged

TWO = {"routes": [pool(ranked("A", 0), ranked("B", 1))], "affinity": {"ttl": 1800}}


@pytest.mark.parametrize("fault", [unauthenticated(), forbidden()], ids=["401", "403"])
async def test_f1(fault: Any) -> None:
    async with staged({"A": fault, "B": "Hello"}, **TWO) as stage:
        answer = await stage.ask()
        assert (answer.status, answer.served) == (200, "B/m")
        assert stage.tried() == ["A/m", "B/m"]
        assert [str(each) for each in stage.pins()] == ["B/m"]
        again = await stage.ask(session="another")
        assert (again.served, stage.tried()) == ("B/m", ["B/m"])


async def test_f1_without_a_peer() -> None:
    """Then the client is told, in its own format."""
    async with staged({"A": unauthenticated()}, routes=[pool("A/m")]) as stage:
        answer = await stage.ask()
        assert answer.status == 401
        assert answer.body["type"] == "error"
        assert "A" in answer.sentence


async def test_f2() -> None:
    failing = [server_error()] * 3
    async with staged({"A": [*failing, "Hello", "Hello"], "B": ["Hello"] * 9}, **TWO) as stage:
        first = await stage.ask(session="s1")
        assert (first.status, first.served, stage.tried()) == (200, "B/m", ["A/m", "B/m"])
        assert [str(each) for each in stage.pins()] == ["B/m"]
        stays = await stage.ask(session="s1")
        assert (stays.served, stays.source, stage.tried()) == ("B/m", "affinity", ["B/m"])
        for session in ("s2", "s3"):
            await stage.ask(session=session)
            assert stage.tried() == ["A/m", "B/m"]
        assert stage.breakers() == {"A/m": State.OPEN}
        fourth = await stage.ask(session="s1")
        assert (fourth.served, fourth.source) == ("B/m", "affinity")
        new = await stage.ask(session="s4")
        assert (new.served, stage.tried()) == ("B/m", ["B/m"])
        stage.pass_time(31)
        probe = await stage.ask(session="s5")
        assert (probe.served, stage.tried()) == ("A/m", ["A/m"])
        assert stage.breakers() == {"A/m": State.HALF_OPEN}
        assert [str(each) for each in stage.pins()].count("A/m") == 1
        stays = await stage.ask(session="s1")
        assert (stays.served, stays.source) == ("B/m", "affinity")


async def test_f2_a_second_probe_closes_the_breaker() -> None:
    async with staged({"A": [*[server_error()] * 3, "Hello", "Hello"], "B": ["Hello"] * 9}, **TWO) as stage:
        for session in ("s1", "s2", "s3"):
            await stage.ask(session=session)
        stage.pass_time(31)
        for session in ("s4", "s5"):
            assert (await stage.ask(session=session)).served == "A/m"
        assert stage.breakers() == {}


async def test_a_session_that_moved_away_comes_back_once_its_service_has_been_well_for_a_minute() -> None:
    async with staged({"A": [server_error(), *["Hello"] * 9], "B": ["Hello"] * 9}, **TWO) as stage:
        assert (await stage.ask()).served == "B/m"
        stage.pass_time(59)
        assert (await stage.ask()).served == "B/m"
        stage.pass_time(400)  # what B may have cached of it is cold by now
        assert (await stage.ask()).served == "A/m"
        assert [str(each) for each in stage.pins()] == ["A/m"]


async def test_f3() -> None:
    """Each with its own model."""
    services = [ranked("A", 0, "m1"), ranked("B", 1, "m2")]
    async with staged({"A": server_error(), "B": "Hello"}, routes=[pool(*services)]) as stage:
        answer = await stage.ask()
        assert (answer.served, stage.tried()) == ("B/m2", ["A/m1", "B/m2"])
        assert [fake.asked[0].model for fake in stage.fakes.values()] == ["m1", "m2"]


async def test_f4() -> None:
    services = [ranked("A", 0), ranked("B", 0), ranked("C", 1), ranked("D", 1)]
    scripts = {"A": server_error(), "B": server_error(), "C": "Hello", "D": "Hello"}
    async with staged(scripts, routes=[pool(*services)]) as stage:
        for number in range(3):
            answer = await stage.ask(session=f"s{number}")
            assert (answer.status, answer.served) == (200, "C/m")
        assert stage.breakers() == {"A/m": State.OPEN, "B/m": State.OPEN}
        assert stage.asked == {"A": 3, "B": 3, "C": 3}
        await stage.ask(session="s4")
        assert stage.tried() == ["C/m"]


async def test_on_a_tier_route_those_above_stand_in_before_those_below() -> None:
    tiers = {
        "SIMPLE": {"services": ["A/m"]},
        "MEDIUM": {"services": ["B/m"]},
        "COMPLEX": {"services": ["C/m"]},
        "REASONING": {"services": ["D/m"]},
    }
    async with staged(dict.fromkeys("ABCD", server_error()), tiers=tiers) as stage:
        answer = await stage.ask(model="medium")
        assert answer.status == 500
        assert stage.tried() == ["B/m", "C/m", "D/m", "A/m"]


async def test_behind_a_matched_rule_stand_its_own_then_the_base_then_the_tiers() -> None:
    rule = {
        "name": "R",
        "when": [{"signal": "model", "op": "equals", "value": "smart"}],
        "services": ["A/m", "B/m"],
    }
    tiers = {"COMPLEX": {"services": ["D/m"]}}
    scripts = dict.fromkeys("ABCD", server_error())
    async with staged(scripts, routes=[pool("C/m", rules=[rule])], tiers=tiers) as stage:
        await stage.ask(model="smart")
        assert stage.tried() == ["A/m", "B/m", "C/m", "D/m"]


async def test_the_pin_of_a_failed_over_tool_turn_moves_as_well() -> None:
    async with staged({"A": ["Hello", server_error(), "Hello"], "B": ["Hello"] * 3}, **TWO) as stage:
        assert (await stage.ask()).served == "A/m"
        moved = await stage.ask(result_of("toolu_unknown"))
        assert (moved.served, stage.tried()) == ("B/m", ["A/m", "B/m"])
        stays = await stage.ask(result_of("toolu_unknown"))
        assert (stays.served, stays.source) == ("B/m", "affinity")
