"""Promises kept on the wire: what must not leave does not, and no conversation takes another's place."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from proxy.ledger.ledger import Ledger
from proxy.money.budget import BudgetState
from proxy.wire.format import Format
from tests.fakes.asking import question
from tests.fakes.faults import server_error
from tests.fakes.script import Call, Turn
from tests.fakes.server import AnyScript
from tests.proxy.server.choosing_stage import HI, Cast, Stage, Told, cast, pool, ranked, result_of, staged

FAILS, HELLO = server_error(), "Hello"
LOCAL_FAILS: Mapping[str, AnyScript] = {"near": FAILS, "far": HELLO}
TIERS = {
    "SIMPLE": {"services": ["near/m"]},
    "COMPLEX": {"services": ["far/m"]},
    "REASONING": {"services": ["far/big"]},
}


ON = {"model": "complex"}
"""In the tier of the far one, however hard the question is."""

# Nothing leaves


LOCAL_ONLY = {
    "everywhere": {"routing": {"local_only": True}, "tiers": TIERS},
    "on a tier route": {"tiers": TIERS, "routes": [{"name": "r", "local_only": True}]},
    "on a pool route": {"tiers": TIERS, "routes": [pool("near/m", "far/m", local_only=True)]},
    "on a route whose rule names others": {
        "tiers": TIERS,
        "routes": [pool("near/m", local_only=True, rules=[{"name": "R", "services": ["far/m"]}])],
    },
}


@pytest.mark.parametrize("tables", LOCAL_ONLY.values(), ids=LOCAL_ONLY)
@pytest.mark.parametrize("model", ["claude-haiku-4-5", "claude-opus-4-8", "reasoning", "far/m", "auto"])
@pytest.mark.parametrize("near", [FAILS, HELLO], ids=["fails", "answers"])
async def test_local_only_is_kept(tables: Any, model: str, near: AnyScript) -> None:
    async with staged({"near": near, "far": HELLO}, cloud="far", **tables) as stage:
        answers = [await stage.ask(model=model) for _ in range(5)]
        answers.append(await stage.ask(result_of("toolu_1"), model=model))
        answers.append(await stage.ask(model=model, x_tierwise_tier="reasoning"))
        assert "far" not in stage.asked
        for answer in answers:
            assert answer.status == 200 or answer.body["type"] == "error"
            assert answer.status != 200 or answer.served == "near/m"


async def test_local_only_says_why() -> None:
    async with staged({"near": HELLO, "far": HELLO}, cloud="far", **LOCAL_ONLY["everywhere"]) as stage:
        answer = await stage.ask(model="far/m")
        assert answer.status == 503
        assert "local_only" in answer.sentence
        answer = await stage.ask(session=None, **{"x-tierwise-service": "far/m"})
        assert answer.status == 503
        assert "local_only" in answer.sentence
    tables = {"routes": [pool("far/m", local_only=True)]}
    async with staged({"far": HELLO}, cloud="far", **tables) as stage:
        answer = await stage.ask()
        assert (answer.status, stage.asked) == (503, {})
        assert "local_only" in answer.sentence


async def test_switching_local_only_on_moves_a_conversation_at_once() -> None:
    """Not even the result of a tool leaves any more."""
    asks = Turn(calls=(Call("look", {}, "toolu_1"),))
    async with staged({"near": HELLO, "far": asks}, cloud="far", tiers=TIERS) as stage:
        assert (await stage.ask(**ON)).served == "far/m"
        config = stage.gateway.config
        stage.gateway.apply(replace(config, routing=replace(config.routing, local_only=True)))
        moved = await stage.ask(result_of("toolu_1"), **ON)
        assert (moved.status, moved.served) == (200, "near/m")
        assert stage.asked["far"] == 1


STRICT_RULE = {"name": "R", "strict": True, "services": ["near/m"]}
STRICT = {
    "rule of a pool route": {"routes": [pool("far/m", rules=[STRICT_RULE])]},
    "rule of a tier route": {"tiers": TIERS, "rules": [STRICT_RULE]},
    "rule for a tier": {"tiers": TIERS, "rules": [{"name": "R", "strict": True, "tier": "SIMPLE"}]},
    "route": {"tiers": TIERS, "routes": [pool("near/m", strict=True)]},
}


@pytest.mark.parametrize("tables", STRICT.values(), ids=STRICT)
@pytest.mark.parametrize("tier", [None, "reasoning"])
async def test_what_is_strict_is_not_left(tables: Any, tier: str | None) -> None:
    forced = {} if tier is None else {"x_tierwise_tier": tier}
    async with staged(LOCAL_FAILS, **tables) as stage:
        for number in range(5):  # first choice, failover, and with an open breaker
            answer = await stage.ask(session=f"s{number % 2}", **forced)
            assert answer.status == 500
            assert answer.body["type"] == "error"
        answer = await stage.ask(result_of("toolu_1"), session="s1", **forced)
        assert answer.status == 500
        assert stage.breakers() == {"near/m": "open"}
        assert stage.asked == {"near": 6}


@pytest.mark.parametrize("tables", STRICT.values(), ids=STRICT)
async def test_what_is_strict_is_not_left_for_who_asks_another_service_by_name(tables: Any) -> None:
    async with staged({"near": HELLO, "far": HELLO}, **tables) as stage:
        for body in (HI, result_of("toolu_1")):
            answer = await stage.ask(body, model="far/m", session=None)
            assert answer.status == 200 or answer.body["type"] == "error"
        assert "far" not in stage.asked


async def test_a_strict_rule_says_why_nobody_may_answer() -> None:
    rule = {"name": "private", "strict": True, "services": [{**ranked("near", 0), "active": False}]}
    async with staged({"near": HELLO, "far": HELLO}, routes=[pool("far/m", rules=[rule])]) as stage:
        answer = await stage.ask()
        assert (answer.status, answer.body["type"], stage.asked) == (503, "error", {})
        assert "private is strict" in answer.sentence


# Money


def spent(stage: Stage, action: Any) -> None:
    """All of it, until in an hour."""
    state = BudgetState(
        daily_spent=2,
        daily_limit=1,
        monthly_spent=2,
        monthly_limit=None,
        in_flight=0,
        over=True,
        action=action,
        resets_at=stage.now() + 3600,
    )
    stage.world.budget = lambda: state


ASKS = Turn(calls=(Call("look", {}, "toolu_1"),))


async def test_a_budget_that_warns_changes_nothing() -> None:
    async with staged({"near": HELLO, "far": HELLO}, cloud="far", tiers=TIERS) as stage:
        spent(stage, "warn")
        assert (await stage.ask(**ON)).served == "far/m"


async def test_a_budget_that_saves_keeps_typed_turns_simple_and_leaves_tool_turns_where_they_are() -> None:
    async with staged({"near": HELLO, "far": ASKS}, cloud="far", tiers=TIERS) as stage:
        assert (await stage.ask(**ON)).served == "far/m"
        spent(stage, "cheaper")
        goes_on = await stage.ask(result_of("toolu_1"), **ON)
        assert (goes_on.served, goes_on.source) == ("far/m", "affinity")
        assert (await stage.ask(session="new", **ON)).served == "near/m"


async def test_a_budget_that_stops_lets_only_what_is_free_go_on() -> None:
    async with staged({"near": HELLO, "far": ASKS}, cloud="far", tiers=TIERS) as stage:
        assert (await stage.ask(**ON)).served == "far/m"
        spent(stage, "stop")
        for body in (HI, result_of("toolu_1")):
            assert (await stage.ask(body, **ON)).served == "near/m"
        assert stage.asked["far"] == 1


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "complex", "far/m"])
async def test_a_budget_that_stops_says_until_when(model: str) -> None:
    async with staged({"far": HELLO}, cloud="far", tiers={"COMPLEX": {"services": ["far/m"]}}) as stage:
        spent(stage, "stop")
        answer = await stage.ask(model=model)
        assert (answer.status, stage.asked) == (402, {})
        assert answer.body["type"] == "error"
        assert "The budget is used up until 20" in answer.sentence


# Nobody takes another's place


TURNS = {"routes": [pool("A/m", "B/m", tactic="round_robin")]}

CODEX = [{"session-id": f"c-{name}", "thread-id": f"c-{name}"} for name in "ab"]
OPENCODE = [{"x-session-id": f"ses_{name}", "x-session-affinity": f"ses_{name}"} for name in "ab"]
CLAUDE = [{"x-claude-code-session-id": f"0b1c-{name}", "x-app": "cli"} for name in "ab"]
WINDOWS: list[tuple[Format, str, list[dict[str, str]]]] = [
    (Format.RESPONSES, "codex", CODEX),
    (Format.OPENAI_CHAT, "opencode", OPENCODE),
    (Format.ANTHROPIC, "claude-code", CLAUDE),
]


async def typed(stage: Stage, spoken: Format, client: str, headers: Mapping[str, str]) -> Told:
    """As that client asks; Codex tells its session in the body as well."""
    asked = question(spoken)
    body = {**asked.body, "model": "auto"}
    if client == "codex":
        body["prompt_cache_key"] = headers["session-id"]
    async with stage.post(asked.path, body, client, {**asked.headers, **headers}) as answer:
        lower = {name.lower(): value for name, value in answer.headers.items()}
        return Told(answer.status, lower, json.loads(await answer.read()))


@pytest.mark.parametrize(("spoken", "client", "windows"), WINDOWS, ids=[client for _, client, _ in WINDOWS])
async def test_two_windows_of_a_client_do_not_share_a_pin(
    spoken: Format, client: str, windows: list[dict[str, str]]
) -> None:
    async with staged(**TURNS) as stage:
        for _ in range(3):
            for headers, service in zip(windows, ("A/m", "B/m"), strict=True):
                answer = await typed(stage, spoken, client, headers)
                assert (answer.status, answer.served) == (200, service)
        assert sorted(map(str, stage.pins())) == ["A/m", "B/m"]


async def test_an_agent_of_a_window_has_a_pin_of_its_own() -> None:
    async with staged(**TURNS) as stage:
        main = CLAUDE[0]
        agent = {**main, "x-claude-code-agent-id": "a1"}
        for _ in range(2):
            for headers, service in ((main, "A/m"), (agent, "B/m")):
                answer = await typed(stage, Format.ANTHROPIC, "claude-code", headers)
                assert answer.served == service


@pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT, Format.RESPONSES])
async def test_two_plain_programs_do_not_share_a_pin(spoken: Format) -> None:
    """They tell no session, so there is none to be mistaken about."""
    async with staged(**TURNS) as stage:
        served = [(await typed(stage, spoken, "sdk", {})).served for _ in range(4)]
        assert served == ["A/m", "B/m", "A/m", "B/m"]
        assert stage.pins() == []


async def test_the_same_session_id_of_two_clients_is_two_sessions() -> None:
    async with staged(**TURNS) as stage:
        for _ in range(2):
            for client, service in (("one", "A/m"), ("two", "B/m")):
                assert (await stage.ask(client=client)).served == service


async def test_an_anonymous_result_of_a_tool_goes_to_who_asked_for_it() -> None:
    def asking_for(name: str) -> list[Turn]:
        return [Turn(calls=(Call("look", {}, f"toolu_{name}{at}x7f3"),)) for at in range(9)]

    async with staged({"A": asking_for("A"), "B": asking_for("B")}, **TURNS) as stage:
        calls = []
        for _ in range(4):
            answer = await stage.ask(session=None)
            calls.append((answer.body["content"][-1]["id"], answer.served))
        assert [served for _, served in calls] == ["A/m", "B/m", "A/m", "B/m"]
        for call, served in reversed(calls):
            answer = await stage.ask(result_of(call), session=None)
            assert (answer.served, answer.source) == (served, "affinity")


async def test_also_before_the_answer_that_asks_for_it_has_ended() -> None:
    """Quick clients run a tool as soon as its call is whole, and do not wait for the rest."""
    asks = [Turn(calls=(Call("look", {}, "toolu_01Quick7f3"),)), "Hello"]
    async with staged({"A": asks, "B": HELLO}, **TURNS) as stage:
        body = {"model": "auto", "stream": True, **HI}
        async with stage.post("/v1/messages", body, "sdk", {}) as streamed:
            heard = b""
            while b"content_block_stop" not in heard:
                heard += await streamed.content.readany()
            is_open = not stage.recorded.exchanges
            answer = await stage.ask(result_of("toolu_01Quick7f3"), session=None)
            assert (answer.served, answer.source) == ("A/m", "affinity")
            await streamed.read()
        assert is_open or stage.recorded.exchanges


# Pins last


@asynccontextmanager
async def kept(players: Cast, folder: Path, **tables: Any) -> AsyncIterator[Stage]:
    """With a record, which outlives the gateway."""
    ledger = Ledger(folder / "tierwise.db", folder / "copies", players.config(**tables), players.now)
    ledger.start()
    try:
        async with players.running(ledger, **tables) as stage:
            yield stage
    finally:
        await ledger.stop()


async def test_pins_survive_a_restart(tmp_path: Path) -> None:
    async with cast(A=HELLO, B=HELLO) as players:
        async with kept(players, tmp_path, **TURNS) as stage:
            served = {name: (await stage.ask(session=name)).served for name in ("s1", "s2", "s3")}
        async with kept(players, tmp_path, **TURNS) as stage:
            for name in ("s3", "s1", "s2"):
                answer = await stage.ask(session=name)
                assert (answer.served, answer.source) == (served[name], "affinity")
                answer = await stage.ask(result_of("toolu_1"), session=name)
                assert (answer.served, answer.source) == (served[name], "affinity")


async def test_a_pin_that_was_moved_by_failover_survives_a_restart_where_it_went(tmp_path: Path) -> None:
    tables = {"routes": [pool(ranked("A", 0), ranked("B", 1))]}
    async with cast(A=[FAILS, HELLO, HELLO], B=HELLO) as players:
        async with kept(players, tmp_path, **tables) as stage:
            assert (await stage.ask()).served == "B/m"
        async with kept(players, tmp_path, **tables) as stage:
            answer = await stage.ask(result_of("toolu_1"))
            assert (answer.served, answer.source) == ("B/m", "affinity")


async def test_a_restart_with_another_address_releases_the_pins_of_that_provider(tmp_path: Path) -> None:
    async with cast(A=HELLO, B=HELLO) as players:
        async with kept(players, tmp_path, **TURNS) as stage:
            assert (await stage.ask()).served == "A/m"
        providers = {name: {**table} for name, table in players.providers.items()}
        providers["A"]["headers"] = {"x-other": "1"}
        moved = Cast(players.fakes, providers, players.now, players.steady)
        async with kept(moved, tmp_path, routes=[pool("B/m", "A/m", tactic="round_robin")]) as stage:
            answer = await stage.ask()
            assert (answer.served, answer.source) == ("B/m", "load_balancer")


async def test_a_change_of_a_provider_releases_its_pins_and_no_others() -> None:
    async with staged(**TURNS) as stage:
        for name in ("s1", "s2"):
            await stage.ask(session=name)
        assert sorted(map(str, stage.pins())) == ["A/m", "B/m"]
        config = stage.gateway.config
        other = {**config.providers, "A": replace(config.providers["A"], headers={"x-other": "1"})}
        stage.gateway.apply(replace(config, providers=other))
        assert list(map(str, stage.pins())) == ["B/m"]
        assert (await stage.ask(session="s2")).source == "affinity"
        assert (await stage.ask(session="s1")).source == "load_balancer"


async def test_switching_a_provider_off_and_on_releases_nobody() -> None:
    async with staged(routes=[pool(ranked("A", 0), ranked("B", 1))]) as stage:
        assert (await stage.ask()).served == "A/m"
        config = stage.gateway.config
        off = {**config.providers, "A": replace(config.providers["A"], enabled=False)}
        stage.gateway.apply(replace(config, providers=off))
        assert (await stage.ask(session="s2")).served == "B/m"
        stage.gateway.apply(config)
        answer = await stage.ask()
        assert (answer.served, answer.source) == ("A/m", "affinity")
