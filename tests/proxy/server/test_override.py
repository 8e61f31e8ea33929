"""One tier for everything, over HTTP: who may set it, what is no setting, and when it ends."""

from typing import Any

import pytest

from tests.fakes.script import Call, Turn
from tests.proxy.routing.selection.judging import Says
from tests.proxy.server.choosing_stage import HI, Stage, result_of, staged

PATH = "/api/routing/override"
TIERS = {"SIMPLE": {"services": ["A/m"]}, "REASONING": {"services": ["B/m"]}}
ADMIN = {"authorization": "Bearer admin-token"}


async def asked(stage: Stage, method: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    given = {"authorization": headers.get("authorization", "Bearer admin-token")}
    data = body if isinstance(body, bytes) else None
    sent: dict[str, Any] = {"data": data} if data is not None or body is None else {"json": body}
    async with stage.http.request(method, stage.gateway.url + PATH, headers=given, **sent) as answer:
        return answer.status, await answer.json()


def simple(stage: Stage) -> None:
    """Every text is an easy one."""
    stage.gateway._choosing.selector.judge = Says({}, otherwise=5)


async def test_it_is_set_shown_and_ended() -> None:
    async with staged(tiers=TIERS) as stage:
        simple(stage)
        assert await asked(stage, "GET") == (200, {"override": None})
        assert (await stage.ask()).served == "A/m"
        set_ = {"override": {"tier": "REASONING", "ends_in": 600.0}}
        assert await asked(stage, "PUT", {"tier": "REASONING", "minutes": 10}) == (200, set_)
        assert await asked(stage, "GET") == (200, set_)
        answer = await stage.ask(x_tierwise_debug="1")
        assert (answer.served, answer.headers["x-tierwise-tier"]) == ("B/m", "REASONING")
        assert "is set for everything" in answer.headers["x-tierwise-reasons"]
        assert await asked(stage, "DELETE") == (200, {"override": None})
        assert (await stage.ask(session="new")).served == "A/m"


async def test_it_ends_by_itself() -> None:
    async with staged(tiers=TIERS) as stage:
        simple(stage)
        await asked(stage, "PUT", {"tier": "REASONING", "minutes": 0.5})
        stage.pass_time(29)
        assert (await asked(stage, "GET"))[1] == {"override": {"tier": "REASONING", "ends_in": 1.0}}
        assert (await stage.ask(session="s1")).served == "B/m"
        stage.pass_time(1)
        assert (await asked(stage, "GET"))[1] == {"override": None}
        assert (await stage.ask(session="s2")).served == "A/m"


async def test_without_minutes_it_holds_until_the_program_ends() -> None:
    async with staged(tiers=TIERS) as stage:
        simple(stage)
        told = (await asked(stage, "PUT", {"tier": "REASONING"}))[1]
        assert told == {"override": {"tier": "REASONING", "ends_in": None}}
        stage.pass_time(10_000_000)
        assert (await stage.ask()).served == "B/m"


async def test_it_moves_no_tools_result_and_yields_to_the_request_itself() -> None:
    asks = Turn(calls=(Call("look", {}, "toolu_1"),))
    async with staged({"A": [asks, "Hello", "Hello"], "B": "Hello"}, tiers=TIERS) as stage:
        simple(stage)
        assert (await stage.ask()).served == "A/m"
        await asked(stage, "PUT", {"tier": "REASONING"})
        goes_on = await stage.ask(result_of("toolu_1"))
        assert (goes_on.served, goes_on.source) == ("A/m", "affinity")
        assert (await stage.ask(session="s2", x_tierwise_tier="simple")).served == "A/m"


async def test_a_new_one_takes_the_place_of_the_old_one() -> None:
    async with staged(tiers=TIERS) as stage:
        await asked(stage, "PUT", {"tier": "REASONING", "minutes": 60})
        await asked(stage, "PUT", {"tier": "SIMPLE", "minutes": 1})
        told = {"override": {"tier": "SIMPLE", "ends_in": 60.0}}
        assert await asked(stage, "GET") == (200, told)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        [],
        {},
        {"tier": "HUGE"},
        {"tier": "tiny"},
        {"tier": 3},
        {"tier": None},
        {"minutes": 5},
        {"tier": "SIMPLE", "minutes": 0},
        {"tier": "SIMPLE", "minutes": -1},
        {"tier": "SIMPLE", "minutes": 7 * 24 * 60 + 1},
        {"tier": "SIMPLE", "minutes": "5"},
        {"tier": "SIMPLE", "hours": 5},
        b'{"tier": "SIMPLE", "minutes": NaN}',
        b'{"tier": "SIMPLE", "minutes": 1e999}',
    ],
    ids=str,
)
async def test_what_is_no_setting_is_400_and_changes_nothing(body: Any) -> None:
    async with staged(tiers=TIERS) as stage:
        await asked(stage, "PUT", {"tier": "REASONING", "minutes": 5})
        status, page = await asked(stage, "PUT", body)
        assert (status, page["error"]["type"]) == (400, "bad_request")
        assert page["error"]["message"]
        assert (await asked(stage, "GET"))[1]["override"]["tier"] == "REASONING"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer token-of-sdk"])
async def test_only_the_users_own_tools_may_ask(method: str, token: str) -> None:
    async with staged(tiers=TIERS) as stage:
        await asked(stage, "PUT", {"tier": "REASONING"})
        body = {"tier": "SIMPLE"} if method == "PUT" else None
        status, _ = await asked(stage, method, body, authorization=token)
        assert status == 401
        assert (await asked(stage, "GET"))[1]["override"]["tier"] == "REASONING"


async def test_it_survives_a_reload() -> None:
    async with staged(tiers=TIERS) as stage:
        simple(stage)
        await asked(stage, "PUT", {"tier": "REASONING"})
        stage.gateway.apply(stage.gateway.config)
        assert (await stage.ask(HI)).served == "B/m"
