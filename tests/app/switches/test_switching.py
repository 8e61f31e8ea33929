"""Every switch, for good and for a while, is in force with the next request and undone by the last word."""

import asyncio
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from app.door import opened
from app.home import Home
from app.in_force import InForce
from app.secrets import Secrets
from app.switches.alarm import Alarm
from app.switches.kept import Kept
from app.switches.overlay import Overlays
from app.switches.writing import write
from proxy.config import ServiceEntry
from proxy.config.switch import (
    HOUR,
    LOCAL_ONLY,
    PROFILE,
    ROUTING,
    HowLong,
    Lasting,
    Switch,
    Value,
    What,
    provider_enabled,
    tier_enabled,
    tier_services,
    value_in,
)
from proxy.gateway import Gateway
from proxy.server.admin import Reloaded
from tests.app.switches.stage import Clock, Stage, running
from tests.fakes.local.ollama import FakeOllama

SWITCHES: list[tuple[What, Value]] = [
    (ROUTING, False),
    (LOCAL_ONLY, True),
    (PROFILE, "save"),
    (tier_enabled("SIMPLE"), False),
    (tier_enabled("MEDIUM"), False),
    (provider_enabled("far"), False),
]
NAMES = [".".join(what) for what, _ in SWITCHES]
FAR = provider_enabled("far")


def in_force(stage: Stage, what: What) -> Value | None:
    assert stage.application.loaded.settings == stage.application.gateway.config
    return value_in(stage.application.gateway.config, what)


@pytest.mark.parametrize(("what", "value"), SWITCHES, ids=NAMES)
async def test_for_good_it_is_in_the_file_and_survives_a_restart(
    tmp_path: Path, what: What, value: Value
) -> None:
    async with running(tmp_path) as stage:
        before = stage.text
        outcome = await stage.application.switch(Switch(what, value))
        assert (outcome.applied, outcome.config_version) == (True, stage.application.loaded.version)
        assert in_force(stage, what) == value
        assert not stage.application.ends()
        gone = set(before.splitlines()) - set(stage.text.splitlines())
        assert all(line.startswith(f"{what[-1]} =") for line in gone)
        for comment in ("# mine", "# spread", "# it takes none", "# the small one"):
            assert comment in stage.text
    async with running(tmp_path) as stage:
        assert in_force(stage, what) == value


@pytest.mark.parametrize(("what", "value"), SWITCHES, ids=NAMES)
async def test_for_an_hour_it_survives_a_restart_and_then_the_file_counts_again(
    tmp_path: Path, what: What, value: Value
) -> None:
    clock = Clock()
    async with running(tmp_path, clock) as stage:
        written, said = stage.text, in_force(stage, what)
        await stage.application.switch(Switch(what, value, HOUR))
        assert stage.text == written
        assert in_force(stage, what) == value
    clock.at += HOUR - 1
    async with running(tmp_path, clock) as stage:
        assert in_force(stage, what) == value
        assert stage.application.ends() == {what: clock.at + 1}
    clock.at += 1
    async with running(tmp_path, clock) as stage:
        assert in_force(stage, what) == said
        assert not stage.application.ends()
        assert not (Home(tmp_path).run / "switches.json").exists()


@pytest.mark.parametrize(("what", "value"), SWITCHES, ids=NAMES)
async def test_until_the_end_of_this_run_it_is_in_no_file(tmp_path: Path, what: What, value: Value) -> None:
    async with running(tmp_path) as stage:
        written, said = stage.text, in_force(stage, what)
        await stage.application.switch(Switch(what, value, Lasting.RUN))
        assert in_force(stage, what) == value
        assert stage.application.ends() == {what: "run"}
        assert stage.text == written
        assert not (stage.application.home.run / "switches.json").exists()
    async with running(tmp_path) as stage:
        assert in_force(stage, what) == said


@pytest.mark.parametrize("lasting", [Lasting.ALWAYS, Lasting.RUN, HOUR], ids=["always", "run", "an hour"])
async def test_the_next_request_goes_where_the_switch_says(tmp_path: Path, lasting: HowLong) -> None:
    async with running(tmp_path) as stage:
        switch = stage.application.switch
        assert await stage.served() == "far/small"
        await switch(Switch(tier_enabled("SIMPLE"), False, lasting))
        assert await stage.served() == "other/big"
        await switch(Switch(tier_enabled("SIMPLE"), True, lasting))
        assert await stage.served() == "far/small"
        await switch(Switch(FAR, False, lasting))
        assert await stage.served() == "other/big"
        await switch(Switch(FAR, True, lasting), Switch(ROUTING, False, lasting))
        assert await stage.served("claude-opus-4") == "other/big"
        await switch(Switch(ROUTING, True, lasting), Switch(LOCAL_ONLY, True, lasting))
        assert await stage.served() == "far/small"  # a provider at 127.0.0.1 is a local one
        await switch(Switch(FAR, False, lasting), Switch(provider_enabled("other"), False, lasting))
        assert await stage.served() == "503"


async def test_services_are_written_and_those_that_stay_keep_their_form(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        services = (ServiceEntry("other", "big", weight=3), ServiceEntry("far", "small"))
        outcome = await stage.application.switch(Switch(tier_services("SIMPLE"), services))
        assert outcome.applied
        assert await stage.served() == "other/big"
        line = next(line for line in stage.text.splitlines() if "far/small" in line)
        assert '{ provider = "other", model = "big", weight = 3 }, "far/small"]' in line
        await stage.application.switch(*outcome.undo)
        assert await stage.served() == "far/small"


async def test_what_is_undone_is_as_it_was(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        before = stage.text
        await stage.application.switch(Switch(ROUTING, False, HOUR))
        done = await stage.application.switch(Switch(ROUTING, False), Switch(LOCAL_ONLY, True))
        assert stage.text != before
        assert done.undo[:2] == (Switch(ROUTING, True), Switch(LOCAL_ONLY, None))
        await stage.application.switch(*done.undo)
        assert stage.text == before
        assert stage.application.ends() == {ROUTING: stage.clock.at + HOUR}
        assert not in_force(stage, LOCAL_ONLY)


async def test_what_is_so_for_a_while_can_be_taken_back(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        done = await stage.application.switch(Switch(FAR, False, HOUR))
        await stage.application.switch(*done.undo)
        assert in_force(stage, FAR) is True
        assert not stage.application.ends()


async def test_a_switch_for_good_ends_the_one_for_a_while(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(ROUTING, False, HOUR))
        before = stage.text
        await stage.application.switch(Switch(ROUTING, True))
        assert in_force(stage, ROUTING) is True
        assert not stage.application.ends()
        assert stage.text == before


async def test_what_the_file_says_anyway_is_not_laid_over_it(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(ROUTING, False, HOUR))
        await stage.application.switch(Switch(ROUTING, True, HOUR))
        assert in_force(stage, ROUTING) is True
        assert not stage.application.ends()


async def test_a_change_of_the_same_key_by_hand_is_the_last_word(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(PROFILE, "save", HOUR), Switch(ROUTING, False, HOUR))
        stage.write("# mine", "# mine, and more\n[ui]\ntheme = 'dark'")
        await stage.application.reload()
        assert in_force(stage, PROFILE) == "save"
        stage.write('profile = "balanced"', 'profile = "quality"')
        await stage.application.reload()
        assert in_force(stage, PROFILE) == "quality"
        assert set(stage.application.ends()) == {ROUTING}


async def test_a_change_of_the_same_key_while_nothing_ran_is_the_last_word_too(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(PROFILE, "save", HOUR))
        stage.write('profile = "balanced"', 'profile = "quality"')
    async with running(tmp_path) as stage:
        assert in_force(stage, PROFILE) == "quality"


@pytest.mark.parametrize(
    ("what", "table"),
    [
        (provider_enabled("other"), '[providers.other]\nkind = "anthropic"\n'),
        (tier_enabled("REASONING"), "[tiers.REASONING]\n"),
    ],
    ids=["a provider", "a tier"],
)
async def test_with_its_table_gone_nothing_is_laid_over_it(tmp_path: Path, what: What, table: str) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(what, False, Lasting.RUN))
        start = stage.text.index(table)
        end = stage.text.find("\n[", start) + 1 or len(stage.text)
        stage.application.home.config.write_text(stage.text[:start] + stage.text[end:])
        assert (await stage.application.reload()).applied
        assert not stage.application.ends()


async def test_a_broken_file_refuses_what_is_for_good_and_nothing_else(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        stage.write("[routing]", "[routing")
        broken = stage.text
        refused = await stage.application.switch(Switch(FAR, False, HOUR), Switch(ROUTING, False))
        assert not refused.applied
        assert "config.toml:2" in refused.problems[0]
        assert (in_force(stage, ROUTING), in_force(stage, FAR), stage.text) == (True, True, broken)
        assert (await stage.application.switch(Switch(ROUTING, False, HOUR))).applied
        assert in_force(stage, ROUTING) is False


async def test_a_provider_that_is_not_there_is_not_switched(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        before = stage.text
        for lasting in (Lasting.ALWAYS, Lasting.RUN):
            refused = await stage.application.switch(Switch(provider_enabled("fra"), False, lasting))
            assert not refused.applied
            assert 'There is no provider "fra"' in refused.problems[0]
        assert stage.text == before


async def test_who_uses_a_found_model_for_a_tier_has_both_on(tmp_path: Path) -> None:
    async with FakeOllama().running() as server, running(tmp_path) as stage:
        desk = f'[providers.desk]\nkind = "ollama"\nbase_url = "{server.url}"\n'
        stage.write("[tiers.SIMPLE]", f'{desk}\n[[local.servers]]\nurl = "{server.url}"\n\n[tiers.SIMPLE]')
        await stage.application.reload()
        simple, its_provider = tier_enabled("SIMPLE"), provider_enabled("desk")
        await stage.application.switch(*(Switch(what, False, HOUR) for what in (simple, its_provider, FAR)))
        body = {"server": server.url, "model": "qwen3:8b", "tier": "SIMPLE"}
        await stage.api("POST", "/api/local/look")
        status, _ = await stage.api("POST", "/api/local/use", body)
        assert status == 200
        assert (in_force(stage, simple), in_force(stage, its_provider)) == (True, True)
        assert set(stage.application.ends()) == {FAR}


async def test_a_provider_that_is_off_for_a_while_is_one_that_is_configured(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        off = [Switch(provider_enabled(name), False, HOUR) for name in ("far", "other")]
        await stage.application.switch(*off)
        assert not any(each.enabled for each in stage.application.loaded.settings.providers.values())
        assert stage.application.has_providers


async def test_listeners_hear_every_change_and_nothing_else(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        switch, changes = stage.application.switch, stage.changes
        await switch(Switch(ROUTING, False, HOUR))
        await switch(Switch(ROUTING, False))
        assert changes.count == 2
        await stage.application.reload()
        assert changes.count == 2
        stage.write("enabled = false # spread", "enabled = true # spread")
        await stage.application.reload()
        assert changes.count == 3
        changes.stop()
        await switch(Switch(ROUTING, False))
        assert changes.count == 3


async def test_a_change_by_hand_reaches_listeners_by_itself(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        stage.write("enabled = true # spread", "enabled = false # spread")
        await stage.changes.next()
        assert in_force(stage, ROUTING) is False


async def test_an_end_comes_by_itself_and_never_early(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(FAR, False, 0.02), Switch(ROUTING, False, HOUR))
        told = stage.changes.count
        stage.clock.at += 0.015
        await stage.application.reload()
        assert (in_force(stage, FAR), stage.changes.count) == (False, told)
        stage.clock.at += 0.01
        await stage.changes.next()
        assert in_force(stage, FAR) is True
        assert set(stage.application.ends()) == {ROUTING}
        assert await stage.served("claude-haiku-4") == "far/small"


class Notes:
    """Hears what is kept for a restart, and by which threads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._loop, self._kept = asyncio.get_running_loop(), asyncio.Event()
        self.threads: set[int] = set()
        write = Kept.write

        def heard(kept: Kept, overlays: Overlays) -> None:
            write(kept, overlays)
            self.threads.add(threading.get_ident())
            self._loop.call_soon_threadsafe(self._kept.set)

        monkeypatch.setattr(Kept, "write", heard)

    async def next(self) -> None:
        self._kept.clear()
        await self._kept.wait()


async def test_what_has_ended_is_not_kept_for_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as stage:
        kept = stage.application.home.run / "switches.json"
        await stage.application.switch(Switch(FAR, False, 0.02), Switch(ROUTING, False, 0.2))
        notes = Notes(monkeypatch)
        stage.clock.at += 0.1
        await notes.next()
        assert b"routing" in kept.read_bytes()
        assert b"far" not in kept.read_bytes()
        stage.clock.at += 0.2
        await notes.next()
        assert not kept.exists()
        assert threading.get_ident() not in notes.threads


async def test_what_has_ended_is_not_kept_beside_a_broken_file_either(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        kept = stage.application.home.run / "switches.json"
        await stage.application.switch(Switch(FAR, False, HOUR))
        assert kept.exists()
        stage.application.home.config.write_text("[broken")
        stage.clock.at += HOUR
        assert not (await stage.application.reload()).applied
        assert not kept.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
async def test_what_is_kept_is_the_users_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(ROUTING, False, HOUR))
        kept = stage.application.home.run / "switches.json"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [b"{", b"[1]", b'[{"what":["server","port"],"value":true,"written":true,"until":1790000900}]'],
    ids=["no JSON", "something else", "a key that is no switch"],
)
async def test_a_file_that_makes_no_sense_is_left_out_with_a_word(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home(tmp_path)
    home.prepare()
    (home.run / "switches.json").write_bytes(content)
    async with running(tmp_path) as stage:
        assert not stage.application.ends()
        assert "switches.json" in caplog.text
        assert await stage.served() == "far/small"


async def test_a_listener_that_fails_keeps_nobody_else_from_hearing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RecursionError

    async with running(tmp_path) as stage:
        stage.changes.stop()
        stage.application.on_settings(broken)
        heard: list[bool] = []
        stage.application.on_settings(lambda: heard.append(True))
        assert (await stage.application.switch(Switch(ROUTING, False))).applied
        assert heard == [True]
        assert "RecursionError" in caplog.text


async def test_a_provider_that_is_kept_as_switched_and_is_nowhere_else_is_left_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    (home.run / "switches.json").write_bytes(
        b'[{"what":["providers","gone","enabled"],"value":false,"written":null,"until":1790000900}]'
    )
    async with running(tmp_path) as stage:
        assert not stage.application.ends()
        assert await stage.served() == "far/small"


async def test_an_end_while_the_door_is_being_opened_is_in_force_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, rung = Clock(), asyncio.Event()
    async with running(tmp_path, clock) as stage:
        await stage.application.switch(Switch(FAR, False, HOUR))

    async def slowly(gateway: Gateway, port: int) -> None:
        await opened(gateway, port)
        clock.at += HOUR
        rung.clear()
        await rung.wait()

    def rings(alarm: Alarm, moment: float) -> None:
        look(alarm, moment)
        rung.set()

    look = Alarm._look
    clock.at += HOUR - 0.02
    monkeypatch.setattr(Alarm, "_look", rings)
    monkeypatch.setattr("app.application.opened", slowly)
    async with running(tmp_path, clock) as stage:
        assert in_force(stage, FAR) is True


async def test_a_switch_during_a_stop_is_kept_for_the_next_start_and_sets_no_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = asyncio.Event(), threading.Event()
    loop, clock = asyncio.get_running_loop(), Clock()
    alarms: list[float | None] = []

    def slowly(*given: Any) -> Any:
        loop.call_soon_threadsafe(begun.set)
        assert may_end.wait(10)
        return write(*given)

    monkeypatch.setattr("app.in_force.write", slowly)
    async with running(tmp_path, clock) as stage:
        switches = (Switch(ROUTING, False), Switch(FAR, False, HOUR))
        switching = asyncio.create_task(stage.application.switch(*switches))
        await begun.wait()
    monkeypatch.setattr(Alarm, "set", lambda _alarm, moment: alarms.append(moment))
    may_end.set()
    assert (await switching).applied
    assert alarms == []
    monkeypatch.undo()
    async with running(tmp_path, clock) as stage:
        assert in_force(stage, ROUTING) is False
        assert in_force(stage, FAR) is False


async def test_keys_are_not_asked_for_anew_because_of_a_switch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, forgotten = asyncio.Event(), asyncio.Event()
    reload, forget = InForce.reload, Secrets.forget

    async def noted(in_force: InForce) -> Reloaded:
        done = await reload(in_force)
        looked.set()
        return done

    def heard(secrets: Secrets) -> None:
        forget(secrets)
        forgotten.set()

    monkeypatch.setattr(InForce, "reload", noted)
    monkeypatch.setattr(Secrets, "forget", heard)
    async with running(tmp_path) as stage:
        await stage.application.switch(Switch(ROUTING, False))
        await looked.wait()
        assert not forgotten.is_set()
        stage.write("# mine", "# yours")
        await forgotten.wait()
