"""A key is written for good with its comments around it, and taken back as if it had never been touched."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.recorded import opened
from app.home import Home
from app.preferences.preferences import PreferenceError, Preferences, Value
from app.toml.scan import KeyPath
from proxy.config.switch import HOUR, LOCAL_ONLY, Switch

CONFIG = """\
# mine
[ui]
theme = "light" # by day

[ledger] # short
retention_days = 30
"""
THEME: KeyPath = ("ui", "theme")


class Stage:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.home = desk.program.home
        self.preferences = Preferences(self.home, desk)

    @property
    def text(self) -> str:
        return self.home.config.read_text()


@asynccontextmanager
async def staged(folder: Path, config: str | None = CONFIG) -> AsyncIterator[Stage]:
    home = Home(folder)
    home.prepare()
    if config is not None:
        home.config.write_text(config)
    async with opened(home) as desk:
        yield Stage(desk)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (THEME, "dark", 'theme = "dark" # by day'),
        (("ledger", "retention_days"), 90, "retention_days = 90"),
        (("ui", "close_to_tray"), False, "close_to_tray = false"),
        (("budgets", "daily_usd"), 2.5, "daily_usd = 2.5"),
        (("ui", "window_at_start"), "minimised", 'window_at_start = "minimised"'),
    ],
)
async def test_what_is_set_is_in_the_file_and_in_force_and_can_be_taken_back(
    tmp_path: Path, path: KeyPath, value: Value, line: str
) -> None:
    async with staged(tmp_path) as stage:
        before = stage.desk.settings
        take_back = await stage.preferences.set(path, value)
        assert line in stage.text.splitlines()
        assert {"# mine", "[ledger] # short"} <= set(stage.text.splitlines())
        assert getattr(getattr(stage.desk.settings, str(path[0])), str(path[1])) == value
        await take_back()
        assert stage.text.rstrip("\n") == CONFIG.rstrip("\n")
        assert stage.desk.settings == before


async def test_the_first_key_of_a_home_makes_its_file(tmp_path: Path) -> None:
    async with staged(tmp_path, None) as stage:
        await stage.preferences.set(THEME, "dark")
        assert stage.text == '[ui]\ntheme = "dark"\n'


async def test_what_was_written_beside_it_since_stays(tmp_path: Path) -> None:
    async with staged(tmp_path, "") as stage:
        take_back = await stage.preferences.set(("budgets", "daily_usd"), 2.5)
        stage.home.config.write_text(stage.text + "monthly_usd = 40\n")
        await take_back()
        assert stage.text == "[budgets]\nmonthly_usd = 40\n"


async def test_a_file_with_mistakes_is_left_alone_and_the_first_of_them_named(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        broken = '[ui]\nthem = "x"\n[server]\nport = "y"\n'
        stage.home.config.write_text(broken)
        with pytest.raises(PreferenceError, match=r"^Nothing was changed: .*them.*theme.*\(and 1 more\)$"):
            await stage.preferences.set(THEME, "dark")
        assert stage.text == broken
        standing = await stage.preferences.standing()
        assert len(standing.problems) == 2
        assert standing.written.ui.theme == "light"


async def test_a_value_that_is_out_of_range_is_refused(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        with pytest.raises(PreferenceError, match="retention_days"):
            await stage.preferences.set(("ledger", "retention_days"), 0)
        assert stage.text == CONFIG


async def test_what_cannot_be_taken_back_is_told(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        take_back = await stage.preferences.set(THEME, "dark")
        stage.home.config.write_text("[ui\n")
        with pytest.raises(PreferenceError, match="Nothing was changed"):
            await take_back()


async def test_local_only_for_good_ends_what_was_switched_for_an_hour_and_gives_it_back(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        await stage.desk.switch(Switch(LOCAL_ONLY, value=True, lasting=HOUR))
        standing = await stage.preferences.standing()
        assert (standing.written.routing.local_only, standing.in_force.routing.local_only) == (False, True)
        take_back = await stage.preferences.set_local_only(is_on=False)
        assert not (await stage.preferences.standing()).in_force.routing.local_only
        await take_back()
        assert (await stage.preferences.standing()).in_force.routing.local_only


async def test_local_only_without_a_local_model_has_a_consequence(tmp_path: Path) -> None:
    async with staged(tmp_path, '[providers.far]\nkind = "anthropic"\n') as stage:
        assert "refused" in stage.preferences.consequence_of_local_only(is_on=True)
        assert not stage.preferences.consequence_of_local_only(is_on=False)


async def test_what_was_changed_since_is_not_taken_back(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        take_back = await stage.preferences.set(THEME, "dark")
        await stage.preferences.set(THEME, "system")
        before = stage.text
        with pytest.raises(PreferenceError, match="changed since"):
            await take_back()
        assert stage.text == before


async def test_local_only_that_was_switched_since_is_not_taken_back(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        take_back = await stage.preferences.set_local_only(is_on=True)
        await stage.desk.switch(Switch(LOCAL_ONLY, False, HOUR))
        with pytest.raises(PreferenceError, match="changed since"):
            await take_back()
        assert not stage.desk.settings.routing.local_only
