"""The table of selection cases: one test for each, named by what the table calls it."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.wire.failure import FailureKind
from tests.proxy.routing.selection.simulator import AFTER_A_CALL, CALL, HI, RESULT, Simulator

PROVIDERS = {
    name: {"kind": "openai-compatible", "base_url": f"http://{name.lower()}.example/v1", "key": "none"}
    for name in ("A", "B", "S", "S2", "P")
}
HSAL = ("health", "smart_routing", "affinity", "load_balancer")
HSA = HSAL[:3]
SMART = {"signal": "model", "op": "contains", "value": "sm"}


def rule(name: str, when: Mapping[str, Any], *services: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "when": [when], "services": list(services), **more}


def pool(
    *services: Any,
    rules: tuple[Mapping[str, Any], ...] = (),
    tactic: str = "random",
    providers: Mapping[str, Any] | None = None,
    ttl: int = 600,
    **more: Any,
) -> Simulator:
    """A route with a pool of its own, for every model."""
    route = {"name": "r", "use": "pool", "tactic": tactic, "services": list(services), "rules": list(rules)}
    return Simulator(
        {
            "providers": {**PROVIDERS, **(providers or {})},
            "routes": [route],
            "health": {"successes": 3},
            "affinity": {"ttl": ttl, "sliding": False},
            **more,
        }
    )


def weighted(name: str, weight: int) -> dict[str, Any]:
    return {"provider": name.partition("/")[0], "model": "m", "weight": weight}


def with_capacity(name: str, capacity: int) -> dict[str, Any]:
    return {"provider": name.partition("/")[0], "model": "m", "weight": 0, "capacity": capacity}


def served(decision: Decision) -> str:
    assert decision.service is not None, decision.refusal
    return str(decision.service)


def refusal(decision: Decision) -> str:
    assert decision.service is None
    assert decision.refusal is not None
    return decision.refusal.sentence


def shares(simulator: Simulator, draws: int = 8000, **about: Any) -> dict[str, float]:
    drawn = Counter(served(simulator.decide(session=None, **about)) for _ in range(draws))
    return {name: count / draws for name, count in drawn.items()}


# L: the load balancer


def test_l1() -> None:
    decision = pool("A/m").decide()
    assert (served(decision), decision.source, decision.stages) == ("A/m", "load_balancer", HSAL)


def test_l2() -> None:
    decision = pool().decide()
    assert "route r" in refusal(decision)
    assert decision.refusal is not None
    assert decision.refusal.kind is FailureKind.NO_SERVICE


@pytest.mark.parametrize("provider", [{"enabled": False}, None], ids=["L3", "L4"])
def test_l3_l4(provider: Mapping[str, Any] | None) -> None:
    service = "A/m" if provider else "gone/m"
    off = {"A": {**PROVIDERS["A"], **(provider or {})}}
    assert "No service available" in refusal(pool(service, providers=off).decide())


def test_l5() -> None:
    found = shares(pool(weighted("A/m", 3), weighted("B/m", 1)))
    assert found["A/m"] == pytest.approx(0.75, abs=0.02)


def test_l6() -> None:
    found = shares(pool(weighted("A/m", 0), weighted("B/m", 0)))
    assert found["A/m"] == pytest.approx(0.5, abs=0.02)


def test_l7() -> None:
    found = shares(pool(with_capacity("A/m", 9), with_capacity("B/m", 1), tactic="capacity"))
    assert found["A/m"] == pytest.approx(0.9, abs=0.02)


def test_l8() -> None:
    """No limit counts as much as the largest one."""
    found = shares(pool(with_capacity("A/m", 9), with_capacity("B/m", 0), tactic="capacity"))
    assert found["A/m"] == pytest.approx(0.5, abs=0.02)


def test_l9() -> None:
    simulator = pool("A/m", "B/m", tactic="speed")
    simulator.measure("A/m", speed=40, samples=5)
    found = shares(simulator)
    assert found["A/m"] > 0.95
    assert 0 < found["B/m"] < 0.05


def test_l10() -> None:
    simulator = pool("A/m", "B/m", tactic="speed")
    simulator.measure("A/m", speed=20, samples=5)
    assert shares(simulator)["B/m"] > 0.95


# H: health


def test_h1() -> None:
    simulator = pool("A/m", "B/m")
    simulator.limit("A/m", 60)
    simulator.limit("B/m", 30)
    assert served(simulator.decide()) == "B/m"


def test_h2() -> None:
    simulator = pool("A/m", "B/m")
    simulator.limit("A/m", 60)
    simulator.succeed("A/m")
    assert shares(simulator, 50) == {"B/m": 1.0}


def test_h3() -> None:
    simulator = pool("A/m", "B/m")
    simulator.fail("A/m", FailureKind.RATE_LIMIT)
    simulator.clock.at += 1
    assert shares(simulator, 50) == {"B/m": 1.0}


# S: smart rules


def one_rule(**more: Any) -> Simulator:
    return pool("A/m", rules=(rule("P0", SMART, "S/m"),), **more)


def test_s1() -> None:
    decision = one_rule().decide()
    assert (served(decision), decision.source, decision.stages) == ("S/m", "smart_routing", HSAL)
    assert decision.result.matched_rule_index == 0


def test_s2() -> None:
    """Without rules nothing of theirs is used."""
    assert served(pool("A/m").decide()) == "A/m"


def test_s3() -> None:
    simulator = one_rule()
    simulator.apply(
        routes=[
            {
                "name": "r",
                "use": "pool",
                "surface": "embeddings",
                "services": ["A/m"],
                "rules": [rule("P0", SMART, "S/m")],
            }
        ]
    )
    decision = simulator.decide({"input": "text"}, surface="embeddings")
    assert (served(decision), decision.stages) == ("A/m", HSAL)


def test_s4() -> None:
    broken = {"signal": "user_text", "op": "regex", "value": "("}
    simulator = pool("A/m", rules=(rule("P0", SMART, "S/m"), rule("P1", broken, "S2/m")))
    assert served(simulator.decide()) == "S/m"
    simulator = pool("A/m", rules=(rule("P1", broken, "S2/m"), rule("P0", SMART, "S/m")))
    decision = simulator.decide()
    assert served(decision) == "S/m"
    assert any("P1" in each.text and "left out" in each.text for each in decision.reasons)


def test_s5() -> None:
    exactly = {"signal": "model", "op": "equals", "value": "smart"}
    simulator = pool("A/m", rules=(rule("P0", SMART, "S/m"), rule("P1", exactly, "S2/m")))
    assert served(simulator.decide()) == "S/m"


def test_s6() -> None:
    inactive = {"provider": "S", "model": "m", "active": False}
    simulator = pool("A/m", rules=(rule("P0", SMART, inactive),))
    decision = simulator.ask()
    assert (served(decision), decision.result.matched_rule_index) == ("A/m", -1)
    assert list(simulator.pins()) == [""]


def test_s7() -> None:
    simulator = one_rule()
    simulator.limit("S/m")
    decision = simulator.decide()
    assert (served(decision), decision.source) == ("A/m", "load_balancer")
    assert decision.result.matched_rule_index == -1
    assert any("unwell" in each.text for each in decision.reasons)


def test_s8() -> None:
    simulator = one_rule()
    simulator.limit("A/m")
    assert served(simulator.decide(model="other")) == "A/m"


def test_s9() -> None:
    off = {"S": {**PROVIDERS["S"], "enabled": False}}
    assert served(one_rule(providers=off).decide()) == "A/m"


AGENT = {**HI, "system": "You are an agent that looks for files."}
SUBAGENT = {"signal": "kind", "op": "equals", "value": "subagent"}


def test_s10() -> None:
    simulator = pool("A/m", rules=(rule("P0", SUBAGENT, "S/m"),))
    decision = simulator.decide(AGENT, client="claude-code")
    assert (served(decision), decision.result.matched_rule_index) == ("S/m", 0)


def test_s11() -> None:
    simulator = pool("A/m", rules=(rule("P0", SUBAGENT, "S/m"),))
    assert served(simulator.decide(AGENT)) == "A/m"


def test_s12() -> None:
    compaction = {"signal": "kind", "op": "equals", "value": "compaction"}
    simulator = pool("A/m", rules=(rule("P0", compaction, "S/m"),))
    wish = "Write a summary of the conversation so far."
    now = {"system": AGENT["system"], "messages": [{"role": "user", "content": wish}]}
    assert served(simulator.decide(now, client="claude-code")) == "S/m"
    long_ago = [
        {"role": "user", "content": wish},
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "Now fix the test."},
    ]
    earlier = {"system": AGENT["system"], "messages": long_ago}
    assert served(simulator.decide(earlier, client="claude-code")) == "A/m"


def test_s13() -> None:
    keyword = {"signal": "latest_user_text", "op": "contains", "value": "kw"}
    simulator = pool("A/m", rules=(rule("P0", keyword, "S/m"),))
    typed = {"messages": [{"role": "user", "content": "kw"}]}
    assert served(simulator.decide(typed)) == "S/m"
    result = {"messages": [*typed["messages"], *AFTER_A_CALL["messages"][1:]]}
    assert served(simulator.decide(result)) == "A/m"


# A: affinity


def test_a1() -> None:
    simulator = pool("A/m", "B/m")
    decision = simulator.ask()
    assert decision.source == "load_balancer"
    assert simulator.pins() == {"": (served(decision), 600.0)}


def test_a2() -> None:
    simulator = pool("A/m", "B/m")
    simulator.pin("B/m", left=300)
    decision = simulator.ask()
    assert (served(decision), decision.source, decision.stages) == ("B/m", "affinity", HSA)
    assert simulator.pins() == {"": ("B/m", 300.0)}


def test_a2_slides() -> None:
    simulator = pool("A/m", "B/m", affinity={"ttl": 600, "sliding": True})
    simulator.pin("B/m", left=300)
    simulator.ask()
    assert simulator.pins() == {"": ("B/m", 600.0)}


def test_a3() -> None:
    simulator = pool("A/m", "B/m")
    simulator.pin("B/m", left=-1)
    decision = simulator.ask()
    assert decision.source == "load_balancer"
    assert simulator.pins()[""] == (served(decision), 600.0)


def test_a4() -> None:
    simulator = pool("A/m", "B/m", tactic="priority")
    simulator.pin("B/m", left=300)
    thread = simulator.decide().thread
    assert thread is not None
    simulator.apply(affinity={"mode": "off"})
    decision = simulator.ask()
    assert (served(decision), decision.source) == ("A/m", "load_balancer")
    known = simulator.world.affinity.remembered(thread)
    assert known is not None
    assert known.pins[""].service == Service("B", "m")


def test_a5() -> None:
    simulator = pool("A/m")
    simulator.pin("B/m", left=300)
    decision = simulator.ask()
    assert (served(decision), decision.source) == ("A/m", "load_balancer")
    assert simulator.pins()[""][0] == "A/m"


def test_a6() -> None:
    simulator = pool("A/m", "B/m")
    simulator.pin("B/m", left=300)
    simulator.limit("B/m")
    decision = simulator.ask()
    assert (served(decision), decision.source) == ("A/m", "load_balancer")
    assert simulator.pins()[""][0] == "A/m"


def test_a7() -> None:
    simulator = pool("A/m", "B/m")
    simulator.pin("B/m", left=300)
    simulator.open("B/m")
    assert served(simulator.ask()) == "A/m"
    assert simulator.pins()[""][0] == "A/m"


def test_a8() -> None:
    simulator = pool("A/m")
    simulator.pin("A/m", left=300)
    simulator.open("A/m")
    decision = simulator.decide()
    assert (served(decision), decision.source) == ("A/m", "affinity")


def tiered() -> Simulator:
    return pool(
        {"provider": "A", "model": "m", "priority": 0},
        {"provider": "B", "model": "m", "priority": 1},
        tactic="priority",
    )


def test_a9() -> None:
    simulator = tiered()
    simulator.pin("B/m", left=300)
    simulator.open("A/m")
    decision = simulator.decide()
    assert (served(decision), decision.source) == ("B/m", "affinity")


def test_a10() -> None:
    simulator = tiered()
    simulator.pin("B/m", left=300)
    simulator.open("A/m")
    simulator.clock.at += 30
    for _ in range(3):
        simulator.succeed("A/m")
    simulator.clock.at += 59
    assert served(simulator.decide()) == "B/m"
    assert served(simulator.decide(session="another")) == "A/m"
    simulator.clock.at += 2
    assert served(simulator.decide()) == "A/m"


def partitioned() -> Simulator:
    other = {"signal": "model", "op": "equals", "value": "other"}
    return pool("A/m", rules=(rule("P0", SMART, "S/m", "S2/m"), rule("P1", other, "B/m")))


def test_a11_a12() -> None:
    simulator = partitioned()
    simulator.pin("A/m", left=300)
    decision = simulator.ask()
    assert served(decision) in ("S/m", "S2/m")
    assert decision.source == "smart_routing"
    assert simulator.pins()[""][0] == "A/m"
    assert simulator.pins()["P0"] == (served(decision), 600.0)
    again = simulator.ask()
    assert (served(again), again.source, again.stages) == (served(decision), "affinity", HSA)
    assert again.result.matched_rule_index == 0


def test_a13() -> None:
    simulator = partitioned()
    for model in ("smart", "other", "plain"):
        simulator.ask(model=model)
    pins = simulator.pins()
    assert set(pins) == {"P0", "P1", ""}
    assert pins[""][0] == "A/m"
    assert pins["P1"][0] == "B/m"


# T: breakers


def test_t1() -> None:
    services = [{"provider": "B", "model": "m", "priority": 1}, "A/m"]
    assert served(pool(*services, tactic="priority").decide()) == "A/m"


def test_t2() -> None:
    simulator = tiered()
    simulator.open("A/m", "B/m")
    assert served(simulator.decide()) == "A/m"


def test_t3() -> None:
    simulator = tiered()
    simulator.open("A/m")
    simulator.clock.at += 29
    assert served(simulator.decide()) == "B/m"
    simulator.clock.at += 1
    probe = simulator.decide(session=None)
    assert served(probe) == "A/m"
    simulator.choosing.follow.sent(exchange("probe"), probe)
    assert served(simulator.decide(session=None)) == "B/m"
    simulator.clock.at += 30
    again = simulator.decide(session=None)
    assert served(again) == "A/m"
    assert simulator.board.admit(Service("A", "m"), "another")


def test_t4() -> None:
    simulator = pool("A/m", "B/m")
    simulator.open("A/m")
    assert shares(simulator, 50) == {"B/m": 1.0}


def test_t5() -> None:
    simulator = pool("A/m", "B/m")
    simulator.open("A/m", "B/m")
    assert shares(simulator)["A/m"] == pytest.approx(0.5, abs=0.02)


def test_t6() -> None:
    """Health is of services, whichever rule they failed under."""
    simulator = one_rule()
    simulator.open("A/m")
    assert served(simulator.decide(model="other")) == "A/m"


# X: everything else


def test_x1() -> None:
    inactive = {"provider": "A", "model": "m", "active": False}
    simulator = pool(inactive, "B/m", rules=(rule("P0", SMART, "A/m"),))
    assert shares(simulator, 50, model="other") == {"B/m": 1.0}
    assert shares(simulator, 50) == {"B/m": 1.0}


def test_x2() -> None:
    simulator = pool("A/m")
    for number in range(4):
        simulator.ask(session=f"s{number}")
    assert simulator.world.affinity.count_by_service(Service("A", "m"), simulator.clock()) == 4
    simulator.clock.at += 601
    assert simulator.world.affinity.count_by_service(Service("A", "m"), simulator.clock()) == 0


def test_x3() -> None:
    slow = {"signal": "first_byte", "op": "ge", "value": 999999}
    simulator = pool("A/m", rules=(rule("P0", slow, "S/m"),))
    assert served(simulator.decide()) == "A/m"


@pytest.mark.parametrize(
    ("probe", "words"), [(Service("gone", "m"), "not configured"), (Service("P", "m"), "disabled")]
)
def test_x4(probe: Service, words: str) -> None:
    off = {"P": {**PROVIDERS["P"], "enabled": False}}
    assert words in refusal(pool("A/m", providers=off).decide(service=probe))


def exchange(id_: str) -> Any:
    from proxy.exchange import Exchange, Surface
    from proxy.wire.format import Format

    return Exchange(id_, Surface.MESSAGES, "sdk", "smart", Format.ANTHROPIC)


# The conversation that must not move


TIERS = {
    "SIMPLE": {"services": ["A/m"]},
    "COMPLEX": {"services": ["B/m"]},
    "REASONING": {"services": ["S/m"]},
}


def tiers(**more: Any) -> Simulator:
    return Simulator({"providers": PROVIDERS, "tiers": TIERS, **more})


@pytest.mark.parametrize("model", ["claude-opus-4-8", "claude-haiku-4-5"])
def test_a_tools_result_goes_where_its_call_came_from_whatever_it_scores(model: str) -> None:
    simulator = tiers(rules=[rule("new", {"signal": "tokens", "op": "ge", "value": 30}, "S2/m")])
    first = simulator.ask(model="claude-haiku-4-5", calls=["toolu_1"])
    assert (served(first), first.tier) == ("A/m", "SIMPLE")
    second = simulator.decide(AFTER_A_CALL, model=model)
    assert (served(second), second.source) == ("A/m", "affinity")


def test_a_rule_that_begins_to_match_moves_no_tools_result() -> None:
    long = {"signal": "tokens", "op": "ge", "value": 500}
    simulator = tiers(rules=[rule("long", long, "S2/m")])
    simulator.ask(model="claude-haiku-4-5")
    result = {**RESULT, "content": "word " * 2000}
    body = {
        "messages": [
            *HI["messages"],
            {"role": "assistant", "content": [CALL]},
            {"role": "user", "content": [result]},
        ]
    }
    stays = simulator.decide(body, model="claude-haiku-4-5")
    assert (served(stays), stays.source) == ("A/m", "affinity")
    typed = {"messages": [{"role": "user", "content": "word " * 2000}]}
    moves = simulator.decide(typed, model="claude-haiku-4-5")
    assert (served(moves), moves.rule) == ("S2/m", "long")


Beside = Callable[[Simulator], Decision]


@pytest.mark.parametrize(
    "beside",
    [
        lambda simulator: simulator.ask(
            {
                "messages": [{"role": "user", "content": "Name it."}],
                "output_config": {"format": {"type": "json_schema", "schema": {}}},
            },
            client="claude-code",
            model="claude-opus-4-8",
        ),
        lambda simulator: simulator.ask(
            client="claude-code", model="claude-opus-4-8", headers={"x-claude-code-agent-id": "a1"}
        ),
        lambda simulator: simulator.ask(
            client="claude-code", model="claude-haiku-4-5", headers={"x-claude-code-agent-id": "a2"}
        ),
    ],
    ids=["title", "subagent", "another subagent"],
)
def test_what_goes_on_beside_a_conversation_changes_nothing_in_it(beside: Beside) -> None:
    simulator = tiers()
    simulator.ask(client="claude-code", model="claude-sonnet-4-5")
    beside(simulator)
    result = simulator.decide(AFTER_A_CALL, client="claude-code", model="claude-sonnet-4-5")
    assert (served(result), result.source) == ("B/m", "affinity")


# Promises hold whoever is named


def test_a_strict_rule_holds_for_a_client_that_names_another_service() -> None:
    private = {"signal": "system_text", "op": "contains", "value": "private"}
    simulator = tiers(rules=[rule("keep", private, "A/m", strict=True)])
    body = {**HI, "system": "This is private."}
    assert "rule keep is strict" in refusal(simulator.decide(body, model="B/m"))
    assert served(simulator.decide(body, model="A/m")) == "A/m"
    assert served(simulator.decide(model="B/m")) == "B/m"


def test_a_strict_route_holds_for_a_client_that_names_another_service() -> None:
    route = {"name": "here", "use": "pool", "services": ["A/m"], "strict": True}
    simulator = tiers(routes=[route])
    assert "route here is strict" in refusal(simulator.decide(model="B/m"))
    assert served(simulator.decide(model="A/m")) == "A/m"


SECRET = {"signal": "latest_user_text", "op": "contains", "value": "SECRET"}
SAID = [{"role": "user", "content": "This is SECRET."}]
THEN_A_RESULT = {"messages": [*SAID, *AFTER_A_CALL["messages"][1:]]}


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "A/m"])
@pytest.mark.parametrize("affinity", [{}, {"scope": "route"}, {"mode": "off"}], ids=str)
def test_what_a_tool_brings_stays_under_the_promise_of_its_turn(model: str, affinity: dict[str, Any]) -> None:
    simulator = tiers(rules=[rule("keep", SECRET, "A/m", strict=True)], affinity=affinity)
    first = simulator.ask({"messages": SAID}, model=model, calls=["toolu_1"])
    assert (served(first), first.rule) == ("A/m", "keep")
    simulator.open("A/m")
    second = simulator.decide(THEN_A_RESULT, model=model)
    assert [str(each.service) for each in second.candidates] == ["A/m"]


def test_a_promise_holds_for_a_result_whose_turn_nobody_remembers() -> None:
    simulator = tiers(rules=[rule("keep", SECRET, "A/m", strict=True)])
    assert served(simulator.decide(THEN_A_RESULT, session=None)) == "A/m"
    assert served(simulator.decide(AFTER_A_CALL, session=None)) == "B/m"


def test_embeddings_keep_promises_too() -> None:
    routes = [
        {"name": "here", "client": "sdk", "use": "pool", "services": ["A/m"], "strict": True},
        {"name": "there", "client": "codex", "use": "pool", "services": ["B/emb"]},
    ]
    simulator = tiers(routes=routes)
    asked: dict[str, Any] = {"surface": "embeddings", "model": "emb"}
    assert "strict" in refusal(simulator.decide({"input": "x"}, **asked))
    assert served(simulator.decide({"input": "x"}, client="codex", **asked)) == "B/emb"


def test_a_small_call_under_a_rule_of_its_own_does_not_lead_the_conversation() -> None:
    small = {"signal": "model", "op": "contains", "value": "haiku"}
    simulator = tiers(rules=[rule("small", small, "S2/m")])
    simulator.ask(model="claude-sonnet-4-5", calls=["toolu_9"])
    simulator.ask(model="claude-haiku-4-5")
    result = simulator.decide(AFTER_A_CALL, model="claude-sonnet-4-5")
    assert (served(result), result.source) == ("B/m", "affinity")


def test_a_service_that_a_pool_lists_twice_takes_its_turn_once() -> None:
    simulator = pool("A/m", "A/m", "B/m", tactic="round_robin")
    assert [served(simulator.ask(session=None)) for _ in range(4)] == ["A/m", "B/m", "A/m", "B/m"]


# What must not happen again


def test_what_a_client_appends_for_itself_makes_no_other_model() -> None:
    simulator = pool("A/m", "B/m", tactic="round_robin")
    first = served(simulator.ask(model="claude-opus-4-8[1m]"))
    assert [served(simulator.ask(model="claude-opus-4-8[1m]")) for _ in range(2)] == [first, first]


def test_agents_that_count_their_calls_alike_keep_their_own() -> None:
    simulator = pool("A/m", "B/m", tactic="round_robin")
    agent = {"x-claude-code-agent-id": "a1"}
    main = served(simulator.ask(client="claude-code", calls=["toolu_1"]))
    other = served(simulator.ask(client="claude-code", headers=agent, calls=["toolu_1"]))
    assert main != other
    assert served(simulator.decide(AFTER_A_CALL, client="claude-code")) == main
    assert served(simulator.decide(AFTER_A_CALL, client="claude-code", headers=agent)) == other


def test_rules_without_names_are_told_apart() -> None:
    own = {"when": [{"signal": "model", "op": "equals", "value": "none such"}], "services": ["S/m"]}
    shared = {"when": [SMART], "services": ["B/m"]}
    route = {"name": "r", "use": "pool", "services": ["A/m"], "rules": [own]}
    simulator = Simulator({"providers": PROVIDERS, "routes": [route], "rules": [shared]})
    first = simulator.ask(calls=["toolu_1"])
    assert (served(first), first.result.matched_rule_index) == ("B/m", 1)
    second = simulator.decide(AFTER_A_CALL)
    assert (served(second), second.rule) == ("B/m", first.rule)


def test_a_service_that_is_off_in_one_tier_is_on_in_another() -> None:
    off = {"provider": "A", "model": "m", "active": False}
    simulator = Simulator(
        {
            "providers": PROVIDERS,
            "tiers": {"SIMPLE": {"services": [off, "B/m"]}, "COMPLEX": {"services": ["A/m"]}},
        }
    )
    assert served(simulator.decide(model="claude-sonnet-4-5")) == "A/m"
    assert served(simulator.decide(model="claude-haiku-4-5")) == "B/m"


def test_a_service_that_was_named_once_does_not_take_the_session_along() -> None:
    simulator = tiers()
    simulator.ask(model="auto")
    named = simulator.ask(model="S/m", calls=["toolu_1"])
    result = simulator.ask(AFTER_A_CALL, model="S/m")
    again = simulator.decide(model="auto")
    assert [served(each) for each in (named, result, again)] == ["S/m", "S/m", "B/m"]
    assert again.source == "affinity"


def test_a_stand_in_says_where_it_comes_from() -> None:
    simulator = pool("A/m", rules=(rule("P0", SMART, "S/m", "S2/m"),), tactic="priority")
    assert [source_of(simulator, by) for by in ("S/m", "S2/m", "A/m")] == [
        "smart_routing",
        "smart_routing",
        "load_balancer",
    ]


def source_of(simulator: Simulator, by: str) -> str | None:
    simulator.ask(by=by, session=None)
    return simulator.last.source


def test_a_call_id_of_a_provider_that_is_another_now_binds_nobody() -> None:
    simulator = pool("A/m", "B/m", tactic="priority")
    simulator.ask(session=None, by="B/m", calls=["toolu_01AbCdEfGh"])
    call = {**CALL, "id": "toolu_01AbCdEfGh"}
    result = {**RESULT, "tool_use_id": "toolu_01AbCdEfGh"}
    body = {
        "messages": [
            *HI["messages"],
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [result]},
        ]
    }
    assert served(simulator.decide(body, session=None)) == "B/m"
    moved = {**PROVIDERS["B"], "base_url": "http://elsewhere.example/v1"}
    simulator.apply(providers={**PROVIDERS, "B": moved})
    assert served(simulator.decide(body, session=None)) == "A/m"
