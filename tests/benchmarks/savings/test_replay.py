"""A session that is replayed: what is worked out of it, and that it goes as it would over the wire."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

import pytest

from benchmarks.savings.billing import Billing
from benchmarks.savings.figures import figures
from benchmarks.savings.labels import labels_of
from benchmarks.savings.policies import BASELINE, OURS, POLICIES
from benchmarks.savings.product import STEADY
from benchmarks.savings.replay import Line, Story, replay, story
from benchmarks.savings.session import Request, Session, names, read
from benchmarks.savings.world import DAY, LADDERS, Ladder, config_of, shipped_prices
from proxy.config import Config
from proxy.routing.service import Service
from tests.benchmarks.savings.made import HAIKU, OPUS, SONNET, Talk
from tests.fakes.script import Asked, Billed, Call, Turn
from tests.proxy.server.choosing_stage import Cast, Clock, Stage, cast

FAKE: Final = Ladder("A", (HAIKU, HAIKU, SONNET, OPUS))
PRICES: Final = {
    f"A/{HAIKU}": {"input": 1.0, "output": 5.0, "cache_read": 0.1, "cache_write": 1.25},
    f"A/{SONNET}": {"input": 3.0, "output": 15.0, "cache_read": 0.3, "cache_write": 3.75},
    f"A/{OPUS}": {"input": 5.0, "output": 25.0, "cache_read": 0.5, "cache_write": 6.25},
}


def talk() -> Talk:
    """Turns of all sorts, close together and far apart, and of two models."""
    mixed = Talk()
    mixed.typed(
        "Design how the cache of the parser is shared between threads, and prove it is safe.", tools=2
    )
    mixed.typed("Where is that file?", tools=1, result="A path. ")
    mixed.typed("yes")
    mixed.typed("Rename the variable.", tools=2, pause=900.0)
    mixed.model = HAIKU
    mixed.typed("And commit it.", tools=1)
    mixed.model = OPUS
    return mixed.typed("Why does this deadlock under load? Find out and repair it.", tools=3, pause=60.0)


LABELS: Final = ("REASONING", "SIMPLE", "SIMPLE", "SIMPLE", "SIMPLE", "COMPLEX")


def test_the_calls_of_an_answer_are_those_that_are_new_in_the_next_request() -> None:
    made = Talk().typed("Look.", tools=2).typed("Again.", tools=1)
    told = story(made.session(), made.labels("SIMPLE", "SIMPLE"), LADDERS["claude-code"])
    assert told.calls == (("toolu_0",), ("toolu_1",), (), ("toolu_2",), ())


def test_agents_of_one_session_have_calls_of_their_own() -> None:
    main, other = Talk().typed("Look.", tools=1), Talk().typed("Search.", tools=1)
    theirs = [replace(each, call="subagent", agent=0) for each in other.requests]
    between = [main.requests[0], *theirs, main.requests[1]]
    session = replace(main.session(), requests=tuple(between))
    told = story(session, ["SIMPLE"] * 4, LADDERS["claude-code"])
    assert told.calls == (("toolu_0",), ("toolu_0",), (), ())


def test_a_title_asks_for_no_tool() -> None:
    made = Talk().typed("Look.", tools=1)
    title = replace(made.requests[0], call="title", typed=False)
    session = replace(made.session(), requests=(made.requests[0], title, made.requests[1]))
    assert story(session, ["SIMPLE"] * 3, LADDERS["claude-code"]).calls == (("toolu_0",), (), ())


def test_every_request_needs_a_label() -> None:
    made = Talk().typed("Look.")
    with pytest.raises(ValueError, match="1 requests and 0 labels"):
        story(made.session(), [], LADDERS["claude-code"])


async def test_a_switch_is_a_change_within_one_conversation() -> None:
    main = Talk().typed("One.").typed("Two.").typed("Three.")
    one, two, three = main.requests
    theirs = replace(one, call="subagent", agent=0, body=one.body.replace(OPUS.encode(), HAIKU.encode()))
    title = replace(theirs, call="title", agent=-1)
    last = replace(three, body=three.body.replace(OPUS.encode(), HAIKU.encode()))
    session = replace(main.session(), requests=(one, theirs, title, two, last))
    told = story(session, ["SIMPLE"] * 5, LADDERS["claude-code"])
    config = config_of(told.ladder)
    lines = await replay(told, POLICIES[BASELINE](told, config), config)
    assert [line.is_switch for line in lines] == [False, False, False, False, True]


async def test_figures_are_sums_over_requests() -> None:
    made = Talk(SONNET).typed("One.", tools=1).typed("Two.")
    told = story(made.session(), made.labels("REASONING", "SIMPLE"), LADDERS["claude-code"])
    config = config_of(told.ladder)
    lines = await replay(told, POLICIES[BASELINE](told, config), config)
    sums = figures(lines)
    assert (sums.requests, sums.typed, sums.by_tier["COMPLEX"]) == (3, 2, 3)
    assert (sums.below, sums.below_typed, sums.above, sums.tier_below) == (2, 1, 1, 2)
    assert sums.nano == sum(line.nano for line in lines)
    assert sums.hit_share == pytest.approx(100 * sums.read / sums.prompt)
    assert 0 < sums.hit_share < 100
    assert sums.saved(sums) == 0


# Over the wire


@asynccontextmanager
async def staged(told: Story, at: list[int]) -> AsyncIterator[tuple[Stage, Config]]:
    """A gateway before a vendor that bills every request by its content, as recorded."""

    def answer(asked: Asked) -> Turn:
        [here] = at
        request, calls = told.session.requests[here], told.calls[here]
        service, moment = Service("A", asked.model), DAY + request.at
        usage = vendor.bill(service, told.prompts[here], request.answer.output_tokens, moment).usage
        return Turn(
            request.answer.text or "Let me see.",
            calls=tuple(Call("Read", {"path": "any"}, call) for call in calls),
            usage=Billed(
                input=usage.input or 0,
                cache_read=usage.cache_read or 0,
                cache_write=usage.cache_write or 0,
                output=usage.output or 0,
            ),
        )

    async with cast("A", A=answer) as players:
        config = _config(players)
        vendor = Billing(config, shipped_prices())
        clocked = replace(players, now=Clock(DAY), steady=Clock(STEADY))
        async with clocked.running(tiers=_tiers(), prices=PRICES) as stage:
            stage.world.prices.learn(shipped_prices())
            yield stage, config


def _config(players: Cast) -> Config:
    return players.config(tiers=_tiers(), prices=PRICES)


def _tiers() -> dict[str, Any]:
    return {tier: {"services": [str(service)]} for tier, service in FAKE.services.items()}


async def _served(stage: Stage, request: Request, session: Session) -> tuple[str, str, str]:
    stage.now.at, stage.steady.at = DAY + request.at, STEADY + request.at
    headers = {
        **request.headers,
        "authorization": f"Bearer token-of-{session.client}",
        "content-type": "application/json",
    }
    url = stage.gateway.url + request.path
    async with stage.http.post(url, data=request.body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        await answer.read()
    await stage.gateway._exchanges.all_ended()  # what follows from an answer comes after its last byte
    decision = stage.recorded.exchanges[-1].decision
    assert decision is not None
    served = stage.recorded.exchanges[-1].served
    return str(served), str(decision.tier), decision.source


def _told(line: Line) -> tuple[str, str, str]:
    assert line.choice.decision is not None
    return str(line.choice.service), line.choice.tier, line.choice.decision.source


async def _goes_alike(told: Story) -> list[tuple[str, str, str]]:
    """Who served what, in which tier and why: the same over the wire as in the replay, and billed alike."""
    at: list[int] = []
    async with staged(told, at) as (stage, config):
        lines = await replay(told, POLICIES[OURS](told, config), config)
        served = []
        for here, request in enumerate(told.session.requests):
            at[:] = [here]
            served.append(await _served(stage, request, told.session))
        assert served == [_told(line) for line in lines]
        recorded = [each.serving.usage for each in stage.recorded.exchanges if each.serving is not None]
        assert [(usage.input, usage.cache_read, usage.cache_write) for usage in recorded] == [
            (line.usage.input, line.usage.cache_read, line.usage.cache_write) for line in lines
        ]
        return served


async def test_a_session_goes_over_the_wire_as_it_goes_in_the_replay() -> None:
    made = talk()
    served = await _goes_alike(story(made.session(), made.labels(*LABELS), FAKE))
    assert len({service for service, _, _ in served}) > 1
    assert {source for _, _, source in served} >= {"tier", "affinity"}


def _recorded(cls: str) -> Session:
    """The shortest one of a class."""
    sessions = [each for each in map(read, names()) if (each.cls, each.client) == (cls, "claude-code")]
    return min(sessions, key=lambda each: len(each.requests))


@pytest.mark.parametrize("cls", ["bug-fixes", "subagents", "compactions"])
async def test_a_recorded_session_goes_over_the_wire_as_it_goes_in_the_replay(cls: str) -> None:
    session = _recorded(cls)
    served = await _goes_alike(story(session, labels_of(session), FAKE))
    assert len(served) == len(session.requests)
