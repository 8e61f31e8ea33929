"""A command is the last word also on what was switched for a while to other than the file says."""

import asyncio
from pathlib import Path

import pytest

from app import cli
from app.home import Home
from app.instance import InstanceLock
from proxy.config.switch import HOUR, Switch, What, provider_enabled, tier_enabled, value_in
from tests.app.switches.stage import Stage, running
from tests.app.tiers.program import NoDesktop


async def typed(stage: Stage, *words: str) -> int:
    home = str(stage.application.home.root)
    return await asyncio.to_thread(cli.run, ["--home", home, *words, "--yes"], NoDesktop())


@pytest.mark.parametrize(
    ("what", "words"),
    [(tier_enabled("SIMPLE"), ("tiers", "SIMPLE")), (provider_enabled("far"), ("providers", "far"))],
    ids=["tier", "provider"],
)
async def test_what_is_off_for_a_while_is_on_when_a_command_says_so(
    tmp_path: Path, what: What, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path)
    home.prepare()
    with InstanceLock(home):
        async with running(tmp_path) as stage:
            await command_ends_it(stage, what, words, capsys)


async def command_ends_it(
    stage: Stage, what: What, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = stage.text
    await stage.application.switch(Switch(what, False, HOUR))
    assert await typed(stage, words[0], "enable", words[1]) == 0
    assert "already" not in capsys.readouterr().out
    assert value_in(stage.application.loaded.settings, what) is True
    assert not stage.application.ends()
    assert await typed(stage, words[0], "enable", words[1]) == 0
    assert "already" in capsys.readouterr().out
    assert stage.text == before
