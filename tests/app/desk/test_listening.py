"""Windows are told what has changed: soon, not too often, and only while they listen."""

import asyncio
import time
from pathlib import Path

import pytest

from app.desk import listening
from app.desk.changes import Change
from app.desk.desk import Desk
from app.toml.edits import Assign
from proxy.config import HealthConfig
from proxy.money.quota import Allowance
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind
from tests.app.desk.stage import CONFIG, Heard, desk_over, ledger_of
from tests.proxy.ledger.made import exchange

SERVICE, KEY = Service("anthropic", "claude-sonnet-4-6"), Key("anthropic", "main")


async def test_rows_that_are_written_are_told_and_can_be_asked_for_then(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        ledger_of(desk).record(exchange())
        await heard.until(Change.RECORD)
        assert len((await desk.logs())["rows"]) == 1
        assert set(heard.changes) == {Change.RECORD}


async def test_many_changes_are_told_at_once_and_then_once_more(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        board = desk.program.gateway.answers.world.board
        for _ in range(100):
            board.away("ollama")
            board.back("ollama")
        await heard.until(Change.HEALTH)
        board.away("ollama")
        board.back("ollama")
        await heard.until(Change.HEALTH, 2)
        assert heard.changes == [Change.HEALTH] * 2


async def test_settings_that_come_into_force_are_told(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        desk.program.home.config.write_text(CONFIG.replace("enabled = false", "enabled = true"))
        await desk.program.reload()
        await heard.until(Change.SETTINGS)
        assert desk.settings.providers["openai"].enabled
        assert next(each for each in desk.standing().providers if each.name == "openai").enabled


async def test_only_other_providers_are_told_to_those_who_would_ask_for_their_keys(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        await desk.write(Assign(("ledger", "retention_days"), 10))
        await heard.until(Change.SETTINGS)
        assert Change.PROVIDERS not in heard.changes
        await desk.write(Assign(("providers", "openai", "enabled"), value=True))
        await heard.until(Change.PROVIDERS)
        await heard.until(Change.SETTINGS, 2)


async def test_a_breaker_that_half_opens_by_itself_is_told_without_looking_for_it(tmp_path: Path) -> None:
    config = f"{CONFIG}\n[health]\nopen_seconds = 1\n"
    async with desk_over(tmp_path, config=config) as desk:
        heard = Heard(desk)
        board = desk.program.gateway.answers.world.board
        for _ in range(HealthConfig().failures):
            board.failed(SERVICE, KEY, Failure(FailureKind.SERVER, "It failed."))
        await heard.until(Change.HEALTH)
        assert board.is_open(SERVICE)
        await heard.until(Change.HEALTH, 2)
        assert not board.is_open(SERVICE)


def window(used: float, resets_at: float) -> Allowance:
    return Allowance(
        provider="anthropic",
        key="main",
        window="unified 5h",
        used_percent=used,
        resets_at=resets_at,
        seen_at=time.time(),
    )


def tightest(desk: Desk) -> float | None:
    (quota,) = [each.tightest for each in desk.standing().providers if each.name == "anthropic"]
    return None if quota is None else quota.used_percent


async def test_a_quota_that_becomes_tighter_is_told(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        allowances = desk.program.gateway.answers.quotas.allowances
        for times, used in ((1, 40.0), (2, 55.0)):
            allowances.asked(KEY, [window(used, time.time() + 3600)])
            async with asyncio.timeout(5):
                await heard.until(Change.HEALTH, times)
            assert tightest(desk) == used


async def test_a_quota_that_begins_anew_is_told_when_it_does(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        desk.program.gateway.answers.quotas.allowances.asked(KEY, [window(40.0, time.time() + 0.5)])
        async with asyncio.timeout(5):
            await heard.until(Change.HEALTH)
            assert tightest(desk) == 40.0
            await heard.until(Change.HEALTH, 2)
        assert tightest(desk) is None


async def test_a_quota_that_lasts_for_a_month_is_waited_for_in_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_FARTHEST", 0.1)
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        desk.program.gateway.answers.quotas.allowances.asked(KEY, [window(40.0, time.time() + 0.5)])
        async with asyncio.timeout(5):
            await heard.until(Change.HEALTH, 2)
        assert tightest(desk) is None


async def test_who_has_stopped_hears_nothing_and_others_still_do(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        one, other = Heard(desk), Heard(desk)
        one.stop()
        one.stop()
        desk.program.gateway.answers.world.board.away("ollama")
        await other.until(Change.HEALTH)
        assert one.changes == []


async def test_while_nobody_listens_no_timer_waits_and_nobody_is_listened_to(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        board = desk.program.gateway.answers.world.board
        heard = Heard(desk)
        board.failed(SERVICE, KEY, Failure(FailureKind.RATE_LIMIT, "Too many.", retry_after=60))
        await heard.until(Change.HEALTH)
        heard.stop()
        board.away("ollama")
        ledger_of(desk).record(exchange())
        await asyncio.wrap_future(ledger_of(desk).change(lambda _scribe: None))
        await asyncio.sleep(0)
        assert heard.changes == [Change.HEALTH]
        again = Heard(desk)
        board.back("ollama")
        await again.until(Change.HEALTH)


async def test_one_tier_for_everything_is_told_when_it_is_set_and_taken_back(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        heard = Heard(desk)
        await desk.set_override("COMPLEX", 15)
        await heard.until(Change.HEALTH)
        await desk.end_override()
        await heard.until(Change.HEALTH, 2)
