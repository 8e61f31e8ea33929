"""A desk over a recorded home: its questions, its figures, and the one error of all of them."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.errors import DeskError
from app.desk.standing import State
from proxy.exchange import Outcome
from proxy.ledger.queries.logs import LogFilters
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind
from tests.app.desk.stage import CONFIG, HAIKU, desk_over, made
from tests.proxy.server.local.stage import free_port

KEY = Secret("sk-canary-4711")


async def test_the_record_of_a_home_is_told_without_a_door(tmp_path: Path) -> None:
    port = free_port()
    async with desk_over(tmp_path, made(), f"[server]\nport = {port}\n{CONFIG}") as desk:
        assert len((await desk.logs())["rows"]) == 4
        assert len((await desk.logs(LogFilters(outcome=Outcome.FAILED)))["rows"]) == 1
        assert (await desk.usage("7d"))["totals"]["requests"] == 4
        narrowed = await desk.usage("7d", replace(desk.filters, client="codex"))
        assert narrowed["totals"]["requests"] == 1
        assert sum(row["requests"] for row in await desk.export_usage("7d")) == 4
        assert {each["name"] for each in (await desk.choices("7d"))["client"]} == {"claude-code", "codex"}
        assert (await desk.overview())["port"] == port
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_counts_are_those_of_the_local_day_with_its_estimated_part(tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk:
        counts, today = await desk.counts(), (await desk.overview())["today"]
        assert (counts.requests, counts.errors) == (today["requests"], today["errors"])
        assert counts.saved == today["saved_usd"]
        parts = today["compared"]
        assert (counts.measured is None) == (parts["measured"]["requests"] == 0)
        assert (counts.estimated is None) == (parts["estimated"]["requests"] == 0)


async def test_what_was_spent_today_is_known_to_the_budgets(tmp_path: Path) -> None:
    async with desk_over(tmp_path, made(), f"{CONFIG}\n[budgets]\ndaily_usd = 100\n") as desk:
        overview = await desk.overview()
        assert overview["budgets"]["daily"]["spent_usd"] == pytest.approx(overview["today"]["cost_usd"])
        assert overview["today"]["cost_usd"] > 0


async def test_an_empty_home_answers_too(tmp_path: Path) -> None:
    async with desk_over(tmp_path, config="") as desk:
        counts = await desk.counts()
        assert (counts.requests, counts.errors, counts.measured, counts.estimated) == (0, 0, None, None)
        assert (await desk.logs())["rows"] == []
        assert desk.last_decision() is None
        assert desk.standing().providers == ()
        assert await desk.recent() == []


def _usage_of_what_is_no_file(desk: Desk) -> Awaitable[object]:
    desk.program.home.database.unlink()
    desk.program.home.database.mkdir()
    return desk.usage("7d")


@pytest.mark.parametrize(
    "question",
    [
        _usage_of_what_is_no_file,
        lambda desk: desk.explain({"surface": "messages"}),
        lambda desk: desk.exchange("req_0000000000000000"),
        lambda desk: desk.reset_breaker("nobody/model"),
    ],
)
async def test_every_question_that_cannot_be_answered_is_one_kind_of_error(
    tmp_path: Path, question: Callable[[Desk], Awaitable[object]]
) -> None:
    async with desk_over(tmp_path, made()) as desk:
        with pytest.raises(DeskError) as raised:
            await question(desk)
        assert str(raised.value).endswith(".")


async def test_a_question_is_explained_from_within(tmp_path: Path) -> None:
    body = {"model": "auto", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
    async with desk_over(tmp_path) as desk:
        told = await desk.explain({"surface": "messages", "body": body})
        assert told["refusal"] == ""
        assert told["decision"]["service"] == "ollama/qwen3-coder:30b"
        assert await desk.recent() == []


async def test_standing_tells_tiers_and_where_their_traffic_goes(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        standing = desk.standing()
    assert (standing.routing, standing.local_only, standing.profile) == (True, False, "balanced")
    assert {each.name: (each.enabled, each.answered_by) for each in standing.tiers} == {
        "SIMPLE": (True, "SIMPLE"),
        "MEDIUM": (False, "COMPLEX"),
        "COMPLEX": (True, "COMPLEX"),
        "REASONING": (True, "COMPLEX"),
    }
    assert standing.servers is None


async def test_standing_tells_in_words_how_providers_are(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        board = desk.program.gateway.answers.world.board
        before = {each.name: each for each in desk.standing().providers}
        assert before["openai"].state is State.OFF
        assert (before["anthropic"].state, before["anthropic"].why) == (State.READY, "")
        assert before["ollama"].is_local
        service, key = Service.named(HAIKU), Key("anthropic", "main", KEY)
        assert service is not None
        board.failed(service, key, Failure(FailureKind.RATE_LIMIT, "Too many."))
        board.away("ollama")
        after = {each.name: each for each in desk.standing().providers}
        assert after["anthropic"].state is State.PARTLY
        assert "claude-haiku-4-5" in after["anthropic"].why
        assert (after["ollama"].state, after["ollama"].why) == (
            State.UNAVAILABLE,
            "Its server is not running.",
        )
        board.failed(service, key, Failure(FailureKind.UNAUTHENTICATED, "Who?"))
        of_client = Key.of_client("ollama", "codex", KEY)
        board.back("ollama")
        board.failed(Service("ollama", "qwen3"), of_client, Failure(FailureKind.UNAUTHENTICATED, "Who?"))
        (local,) = [each for each in desk.standing().providers if each.name == "ollama"]
        assert local.state is State.PARTLY
        (refused,) = [each for each in desk.standing().providers if each.name == "anthropic"]
        assert (refused.state, refused.why) == (State.UNAVAILABLE, "The provider refuses the key.")


async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk:
        desk.listen(lambda _change: None)
        await desk.overview()
    assert asyncio.all_tasks() == {asyncio.current_task()}
