"""The tray over a real home: what its menu says, what clicks write, and that it shows what others change."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.desk.changes import Change
from app.desk.desk import Desk
from app.desk.recorded import opened
from app.home import Home
from proxy.config.switch import (
    LOCAL_ONLY,
    PROFILE,
    ROUTING,
    Lasting,
    Switch,
    provider_enabled,
    tier_enabled,
)
from ui.loop import QtLoop
from ui.switching import switched
from ui.tasks import Tasks
from ui.tray.menu import TrayActions
from ui.tray.tray import Tray

CONFIG = """
# mine
[providers.ollama]
kind = "ollama"

[providers.house]
kind = "openai-compatible"
base_url = "https://models.example.com/v1"
key = "none"

[tiers.SIMPLE]
services = ["ollama/qwen3"]

[tiers.COMPLEX]
services = ["house/large"]
"""


class Shown:
    """A tray, with what was asked of it."""

    def __init__(self, desk: Desk, platform: str) -> None:
        self.desk = desk
        self.calls: list[str] = []
        self.asked: list[str] = []
        self.says_yes = True
        self.tasks = Tasks()
        actions = TrayActions(
            open_window=lambda: self.calls.append("open"),
            show_page=self.calls.append,
            copy_url=lambda: self.calls.append("copy"),
            quit=lambda: self.calls.append("quit"),
            throw=lambda switch: self.tasks.start(self._thrown(switch)),
        )
        self.tray = Tray(desk, actions, platform=platform)
        self.tray.appear()

    @property
    def menu(self) -> QMenu:
        return self.tray.menu

    async def click(self, *path: str) -> None:
        self.entry(*path).trigger()
        await self.tasks.ended()
        await self.told()

    async def told(self) -> None:
        """Until the tray was told of a change, which is in the next turns of the loop."""
        for _ in range(5):
            await asyncio.sleep(0)

    def entry(self, *path: str) -> QAction:
        """The first entries that can be used, one below the other, that begin so."""
        menu: QMenu | None = self.menu
        for text in path:
            assert menu is not None
            usable = [each for each in menu.actions() if each.isEnabled()]
            entry = next(each for each in usable if plain(each).startswith(text))
            menu = entry.menu()
        return entry

    def config(self) -> str:
        return self.desk.program.home.config.read_text()

    async def _thrown(self, switch: Switch) -> None:
        await switched(self.desk, self._confirmed, switch)
        self.tray.refresh()

    async def _confirmed(self, question: str, details: str, yes: str) -> bool:
        self.asked.append(question)
        return self.says_yes


def plain(action: QAction) -> str:
    return action.text().replace("&", "").strip("●○◐▲ ")


@asynccontextmanager
async def shown(folder: Path, config: str = CONFIG, platform: str = "linux") -> AsyncIterator[Shown]:
    (folder / "config.toml").write_text(config)
    async with opened(Home(folder)) as desk:
        made = Shown(desk, platform)
        try:
            await made.tray.feed.settled()
            yield made
        finally:
            made.tray.remove()


async def test_the_menu_tells_everything_at_a_glance(qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path) -> None:
    async with shown(tmp_path) as here:
        texts = [plain(each) for each in here.menu.actions() if each.isVisible() and not each.isSeparator()]
        assert texts == [
            "Running · 0 requests today · saved $0.00 today",
            "No request since the start",
            "Routing",
            "Local only",
            "For a while",
            "Profile",
            "Tiers",
            "Providers",
            "Local models: not looked for yet",
            "Open Tierwise",
            "Copy URL",
            "Quit Tierwise",
        ]
        assert plain(here.entry("Tiers", "MEDIUM")) == "MEDIUM · empty → COMPLEX"
        assert plain(here.entry("Providers", "house")) == "house · ready"


async def test_entries_do_what_they_say(qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path) -> None:
    async with shown(tmp_path) as here:
        for path in (("Open",), ("Copy",), ("Providers", "Add a provider"), ("Quit",)):
            await here.click(*path)
        assert here.calls == ["open", "copy", "providers", "quit"]


@pytest.mark.parametrize(("platform", "calls"), [("linux", ["open"]), ("win32", ["open"]), ("darwin", [])])
async def test_only_a_left_click_opens_the_window_and_on_macos_it_opens_the_menu(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path, platform: str, calls: list[str]
) -> None:
    async with shown(tmp_path, platform=platform) as here:
        for reason in QSystemTrayIcon.ActivationReason:
            here.tray.activated.emit(reason)
        assert here.calls == calls


async def test_a_toggle_is_written_into_the_file_and_its_comments_stay(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        await here.click("Routing")
        assert "[routing]\nenabled = false" in here.config()
        assert "# mine" in here.config()
        assert not here.desk.settings.routing.enabled
        assert not here.entry("Routing").isChecked()
        assert here.tray.toolTip().splitlines()[1].startswith("Routing paused")
        await here.click("Routing")
        assert here.desk.settings.routing.enabled


async def test_for_one_hour_and_until_quitting_leave_the_file_alone(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        await here.click("For a while", "Pause routing for one hour")
        await here.click("For a while", "Local only until I quit")
        assert here.config() == CONFIG
        assert not here.desk.settings.routing.enabled
        assert re.fullmatch(r"Routing \(paused until .*\d\d:\d\d\)", plain(here.entry("Routing")))
        assert plain(here.entry("Local only")) == "Local only (until you quit)"
        await here.click("For a while", "Back to what is set for good")
        assert here.desk.settings.routing.enabled
        assert plain(here.entry("Routing")) == "Routing"


async def test_profiles_tiers_and_providers_are_switched(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        await here.click("Profile", "Quality")
        await here.click("Tiers", "SIMPLE", "Off until I quit")
        assert plain(here.entry("Tiers", "SIMPLE")) == "SIMPLE · off until you quit → COMPLEX"
        await here.click("Providers", "house", "Off")
        settings = here.desk.settings
        assert settings.routing.profile == "quality"
        assert not settings.tier("SIMPLE").enabled
        assert not settings.providers["house"].enabled
        assert plain(here.entry("Tiers", "SIMPLE")) == "SIMPLE · off until you quit → nobody"
        assert here.entry("Tiers", "SIMPLE", "Off until I quit").isChecked()
        assert plain(here.entry("Providers", "house")) == "house · off"
        assert 'profile = "quality"' in here.config()
        assert "enabled = false" in here.config()
        assert "until" not in here.config()


async def test_before_the_last_provider_is_switched_off_the_user_is_asked(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        await here.click("Providers", "house", "Off")
        assert here.asked == []
        here.says_yes = False
        await here.click("Providers", "ollama", "Off")
        assert len(here.asked) == 1
        assert "every request will be refused" in here.asked[0]
        assert here.desk.settings.providers["ollama"].enabled
        assert here.entry("Providers", "ollama", "On").isChecked()
        here.says_yes = True
        await here.click("Providers", "ollama", "Off")
        assert not here.desk.settings.providers["ollama"].enabled


async def test_what_is_changed_elsewhere_shows_in_the_open_menu(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        entry = here.entry("Routing")
        heard = asyncio.Event()
        here.desk.listen(lambda change: heard.set() if change is Change.SETTINGS else None)
        await here.desk.program.switch(Switch(ROUTING, False, Lasting.RUN))
        await heard.wait()
        assert not entry.isChecked(), "the same entry, changed in place"
        assert plain(entry) == "Routing (paused until you quit)"


async def test_a_new_provider_joins_the_menu_and_a_removed_one_leaves_it(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        here.desk.program.home.config.write_text(
            CONFIG.replace("[providers.ollama]", "[providers.new]").replace("ollama/", "new/")
        )
        await here.desk.program.reload()
        await here.told()
        names = [plain(each).split(" ")[0] for each in here.entry("Providers").menu().actions()]
        assert names == ["house", "new", "", "Add"]


async def test_without_any_provider_the_icon_and_a_line_say_so(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path, config="") as here:
        await here.click("⚠ No provider is configured.")
        assert here.calls == ["overview"]


async def test_no_two_entries_of_the_menu_have_the_same_letter(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        letters = re.findall(r"&(\w)", " ".join(each.text() for each in here.menu.actions()).lower())
        assert len(letters) > 6
        assert sorted(set(letters)) == sorted(letters)


async def test_an_ampersand_in_what_is_wrong_is_no_key(qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path) -> None:
    async with shown(tmp_path) as here:
        here.tray.menu.tell(replace(here.desk.standing(), problem="R&D cannot be read."))
        assert here.tray.menu.trouble.text() == "⚠ R&&D cannot be read."


async def test_a_profile_for_a_while_says_so_and_is_taken_back(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async with shown(tmp_path) as here:
        await here.desk.switch(Switch(PROFILE, "quality", Lasting.RUN))
        await here.told()
        assert plain(here.entry("Profile")) == "Profile (until you quit)"
        await here.click("For a while", "Back to what is set for good")
        assert plain(here.entry("Profile")) == "Profile"
        assert here.desk.settings.routing.profile == "balanced"


async def test_removed_it_listens_no_more(qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path) -> None:
    async with shown(tmp_path) as here:
        assert here.desk._listening._listeners
    assert not here.desk._listening._listeners


async def test_for_a_while_every_line_says_what_it_is_until_then(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    quiet = re.sub(r"(?<=SIMPLE]\n)|(?<=ollama]\n)", "enabled = false\n", CONFIG)
    settings = "[routing]\nenabled = false\nlocal_only = true\n"
    async with shown(tmp_path, f"{quiet}{settings}") as here:
        for what, is_on in (
            (ROUTING, True),
            (LOCAL_ONLY, False),
            (tier_enabled("SIMPLE"), True),
            (provider_enabled("ollama"), True),
            (provider_enabled("house"), False),
        ):
            await here.desk.switch(Switch(what, is_on, Lasting.RUN))
        here.tray.refresh()
        assert plain(here.entry("Routing")) == "Routing (until you quit)"
        assert plain(here.entry("Local only")) == "Local only (off until you quit)"
        assert plain(here.entry("Tiers", "SIMPLE")) == "SIMPLE · ollama/qwen3 (on until you quit)"
        assert plain(here.entry("Providers", "house")) == "house · off until you quit"
        assert plain(here.entry("Providers", "ollama")) == "ollama · ready (on until you quit)"
