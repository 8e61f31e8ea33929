"""Prices are written into config.toml one by one, and all else in it stays."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.application import Application, Options
from app.home import Home
from app.instance import InstanceLock
from app.prices import price_edits
from app.toml.edits import edited
from proxy.config import PriceConfig

NAME = "a/b/c"
HEAD, TAIL = "# mine\n\n", '[ui]\ntheme = "dark"\n'
COMMENTED = f'{HEAD}[prices."a/b/c"]\n# a deal\ninput = 1.0 # cheap\noutput = 2\n\n{TAIL}'


@pytest.mark.parametrize(
    ("text", "prices", "after"),
    [
        ("", {"input": 1.5, "output": 2.0}, '[prices."a/b/c"]\ninput = 1.5\noutput = 2.0\n'),
        (
            COMMENTED,
            {"input": 2.5, "cache_read": 0.25},
            f'{HEAD}[prices."a/b/c"]\n# a deal\ninput = 2.5 # cheap\ncache_read = 0.25\n\n{TAIL}',
        ),
        (COMMENTED, {}, HEAD + TAIL),
        (TAIL, {}, TAIL),
    ],
    ids=["the first", "another one", "taken back", "none to take back"],
)
def test_only_the_prices_of_the_service_are_edited(text: str, prices: dict[str, float], after: str) -> None:
    assert edited(text, price_edits(NAME, prices)) == after


@asynccontextmanager
async def started(folder: Path) -> AsyncIterator[Application]:
    home = Home(folder)
    home.prepare()
    home.config.write_text("# mine\n[providers.a]\nkind = 'openai'\n")
    application = Application(home, InstanceLock(home), Options(port=0), {})
    await application.start()
    try:
        yield application
    finally:
        await application.stop()


async def test_a_price_that_is_set_is_in_force_and_in_the_file(tmp_path: Path) -> None:
    async with started(tmp_path) as running:
        outcome = await running.set_price(NAME, {"input": 1.5})
        assert (outcome.applied, outcome.config_version) == (True, running.loaded.version)
        assert running.gateway.config.prices == {NAME: PriceConfig(input=1.5)}
        assert running.home.config.read_text().startswith("# mine\n")
        await running.set_price(NAME, {})
        assert not running.gateway.config.prices
        assert running.home.config.read_text().rstrip() == "# mine\n[providers.a]\nkind = 'openai'"


async def test_a_file_that_is_broken_is_left_alone_and_told(tmp_path: Path) -> None:
    async with started(tmp_path) as running:
        running.home.config.write_text("[providers.a\n")
        outcome = await running.set_price(NAME, {"input": 1.5})
        assert not outcome.applied
        assert "config.toml" in outcome.problems[0]
        assert running.home.config.read_text() == "[providers.a\n"
        assert not running.gateway.config.prices
