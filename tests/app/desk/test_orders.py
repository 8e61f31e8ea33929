"""What windows order is in config.toml and in force when it is done, or nothing is changed."""

import asyncio
from pathlib import Path

import pytest

from app.desk.errors import DeskError
from app.toml.edits import Assign
from proxy.config.switch import LOCAL_ONLY, ROUTING, Lasting, Switch
from proxy.secret import Secret
from tests.app.desk.stage import CONFIG, desk_over, secrets_of
from tests.app.keyring.backends import MemoryBackend, keyring_on


async def test_a_switch_is_in_force_and_its_undo_takes_it_back(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        undo = (await desk.switch(Switch(ROUTING, value=False))).undo
        assert not desk.standing().routing
        assert "enabled = false" in desk.program.home.config.read_text().split("[tiers")[0]
        await desk.switch(*undo)
        assert desk.standing().routing


async def test_a_switch_until_the_end_leaves_the_file_alone(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        await desk.switch(Switch(LOCAL_ONLY, value=True, lasting=Lasting.RUN))
        assert desk.standing().local_only
        assert desk.ends() == {LOCAL_ONLY: "run"}
        assert desk.program.home.config.read_text() == CONFIG


async def test_a_setting_is_written_and_one_that_makes_no_sense_changes_nothing(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        await desk.write(Assign(("ledger", "retention_days"), 10))
        assert desk.settings.ledger.retention_days == 10
        before = desk.program.home.config.read_text()
        with pytest.raises(DeskError, match="port"):
            await desk.write(Assign(("server", "port"), 70_000))
        assert desk.program.home.config.read_text() == before


async def test_keys_are_asked_for_anew_only_where_providers_become_others(
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    class Listed(MemoryBackend):
        def get_password(self, service: str, username: str) -> str | None:
            asked.append(username)
            return super().get_password(service, username)

    name, key = "provider/anthropic", Secret("sk-ant-api03-of-ours")
    async with desk_over(tmp_path, keyring=keyring_on(Listed())) as desk:
        await desk.program.keyring.put(name, key)
        secrets = secrets_of(desk)
        assert await secrets.get(name) == key
        asked.clear()

        await desk.write(Assign(("ledger", "retention_days"), 10))
        await desk.set_price("openai/gpt-5.5", {"input": 1.0, "output": 2.0})
        assert await secrets.get(name) == key
        assert asked == []

        await desk.write(Assign(("providers", "anthropic", "keys"), ["keyring"]))
        assert await secrets.get(name) == key
        assert asked == [name]


async def test_what_a_service_costs_is_set(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        await desk.set_price("openai/gpt-5.5", {"input": 1.0, "output": 2.0})
        assert desk.settings.prices["openai/gpt-5.5"].input == 1.0
        told = {each["service"]: each for each in (await desk.prices())["services"]}
        assert told["openai/gpt-5.5"]["prices"]["output"] == 2.0


async def test_one_tier_is_set_for_everything_and_taken_back(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        await desk.set_override("COMPLEX", 30)
        override = (await desk.routing())["override"]
        assert override["tier"] == "COMPLEX"
        assert 0 < override["ends_in"] <= 1800
        await desk.end_override()
        assert (await desk.routing())["override"] is None
        with pytest.raises(DeskError, match="no tier NONE"):
            await desk.set_override("NONE", None)
        with pytest.raises(DeskError, match="no model server"):
            await desk.use_local("http://127.0.0.1:9", "here", "model", "SIMPLE")


async def test_orders_at_the_same_time_are_all_in_the_file(tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk:
        for n in range(20):
            days, is_on = 10 + n, n % 2 == 0
            await asyncio.gather(
                desk.write(Assign(("ledger", "retention_days"), days)),
                desk.switch(Switch(LOCAL_ONLY, is_on)),
            )
            written = await asyncio.to_thread(desk.program.file.load)
            said = written.settings.ledger.retention_days, written.settings.routing.local_only
            assert said == (days, is_on)
