"""What was done on the page is undone letter by letter, and never over what somebody else has said since."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.toml.edits import Assign
from proxy.config.switch import HOUR, PROFILE, Lasting, Switch, tier_enabled
from tests.ui.windows.tiers.stage import CONFIG, Stage, recorded
from ui.loop import QtLoop

LAST = CONFIG.index("[tiers.MEDIUM]")
COMMENTED = CONFIG[:LAST].replace('    "p/small",', '    # quick, and cheap\n    "p/small",')
"""Without a table of MEDIUM."""
ROUTED = f'{CONFIG}\n[routing]\nprofile = "balanced"  # fair\nthresholds = [10, 40, 90]  # tuned\n'


def move_right(stage: Stage) -> None:
    stage.simple.choose("p/small")
    QTest.keyClick(stage.simple.services, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)


def set_tactic(stage: Stage) -> None:
    stage.simple.tactic.chosen.emit("random")


def set_profile(stage: Stage) -> None:
    stage.page.thresholds.profiles["save"].click()


def reset_thresholds(stage: Stage) -> None:
    stage.page.thresholds.reset.click()


def switch_off(stage: Stage) -> None:
    stage.medium.switch.box.click()


def switch_off_for_an_hour(stage: Stage) -> None:
    stage.medium.switch.off_hour.trigger()


Act = Callable[[Stage], None]


@pytest.mark.parametrize("act", [move_right, set_tactic, set_profile, switch_off])
async def test_undone_the_file_is_letter_by_letter_as_it_was(
    qt_loop: QtLoop, tmp_path: Path, act: Act
) -> None:
    async with recorded(tmp_path, COMMENTED) as stage:
        before = stage.text
        act(stage)
        await stage.done()
        assert stage.text != before
        await stage.undone()
        assert stage.text == before


async def test_what_was_written_elsewhere_in_the_file_since_stays(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, COMMENTED) as stage:
        theirs = stage.text.replace("# mine", "# ours\n[ui]\ntheme = 'dark'\n")
        move_right(stage)
        await stage.done()
        text = stage.text.replace("# mine", "# ours\n[ui]\ntheme = 'dark'\n")
        stage.desk.program.home.config.write_text(text)
        await stage.undone()
        assert stage.text == theirs


@pytest.mark.parametrize(
    ("act", "key", "value"),
    [
        (move_right, ("tiers", "MEDIUM", "services"), ["p/other"]),
        (set_tactic, ("tiers", "SIMPLE", "tactic"), "latency"),
        (set_profile, PROFILE, "quality"),
        (reset_thresholds, ("routing", "thresholds"), [1, 2, 3]),
        (switch_off, tier_enabled("MEDIUM"), True),
    ],
)
async def test_what_somebody_has_said_of_it_since_is_the_last_word(
    qt_loop: QtLoop, tmp_path: Path, act: Act, key: tuple[str, ...], value: object
) -> None:
    async with recorded(tmp_path, ROUTED) as stage:
        act(stage)
        await stage.done()
        undo = stage.window.undo
        await stage.desk.write(Assign(key, value))
        after = stage.text
        stage.window.undo = undo
        await stage.undone()
        assert stage.text == after
        assert "nothing was undone" in stage.window.said[-1]


async def test_a_hand_in_the_file_counts_though_it_was_not_read_yet(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, ROUTED) as stage:
        set_profile(stage)
        await stage.done()
        theirs = stage.text.replace('"save"', '"quality"')
        stage.desk.program.home.config.write_text(theirs)
        await stage.undone()
        assert stage.text == theirs
        assert "nothing was undone" in stage.window.said[-1]


@pytest.mark.parametrize(
    "since",
    [
        Switch(tier_enabled("MEDIUM"), False, Lasting.RUN),
        Switch(tier_enabled("MEDIUM"), False, 2 * HOUR),
        Switch(tier_enabled("MEDIUM"), None, Lasting.RUN),
        Switch(tier_enabled("MEDIUM"), False),
    ],
    ids=["until the end", "for longer", "taken back", "for good"],
)
async def test_what_is_switched_for_a_while_is_taken_back_only_while_it_is_the_last_word(
    qt_loop: QtLoop, tmp_path: Path, since: Switch
) -> None:
    async with recorded(tmp_path) as stage:
        switch_off_for_an_hour(stage)
        await stage.done()
        await stage.desk.switch(since)
        held = stage.desk.settings, stage.desk.ends(), stage.text
        await stage.undone()
        assert (stage.desk.settings, stage.desk.ends(), stage.text) == held
        assert "nothing was undone" in stage.window.said[-1]


async def test_a_broken_file_is_told_and_left_as_it_is(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        set_tactic(stage)
        await stage.done()
        stage.desk.program.home.config.write_text("[broken")
        await stage.undone()
        assert stage.text == "[broken"
        assert "nothing was undone" in stage.window.said[-1]
