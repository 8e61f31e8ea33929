"""Adding a service: searched among known models, or typed; nonsense is refused with a sentence."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.errors import UserError
from tests.ui.windows.tiers.stage import CONFIG, Stage, recorded, running
from ui.loop import QtLoop
from ui.windows.tiers.adding.dialog import AddDialog
from ui.windows.tiers.adding.wanted import Offer, matching, wanted

HOSTED = f"{CONFIG}\n[providers.anthropic]\nkind = 'anthropic'\nkey = 'env:NOWHERE'\n"


async def opened(stage: Stage) -> AddDialog:
    stage.medium.add.click()
    dialog = stage.page.adding
    assert dialog is not None
    await dialog.tasks.ended()
    return dialog


async def test_a_known_model_is_found_and_added_by_keys(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        dialog.activateWindow()
        QTest.keyClicks(dialog.search, "anthropic haiku")
        offered = [offer.service for offer in dialog.offers.offers]
        assert "anthropic/claude-haiku-4-5" in offered
        assert all("haiku" in each for each in offered)
        dialog.search.setFocus()
        QTest.keyClick(dialog.search, Qt.Key.Key_Down)
        assert dialog.list.hasFocus()
        picked = dialog.search.text()
        assert picked == offered[0]
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", picked]
        assert "# the middle one" in stage.text
        assert stage.medium.services.current == picked
        assert stage.page.adding is None
        await stage.undone()
        assert stage.names("MEDIUM") == ["p/middle"]


async def test_only_providers_that_are_on_are_asked(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        dialog = await opened(stage)
        assert {offer.service.partition("/")[0] for offer in dialog.offers.offers} == {"p"}
        assert dialog.progress.isHidden()


async def test_a_typed_model_is_added_though_nobody_tells_of_it(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        dialog = await opened(stage)
        dialog.search.setText("p/typed")
        dialog.add.click()
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", "p/typed"]
        assert stage.window.said == ["p/typed was added to MEDIUM."]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Choose a model"),
        ("nonsense", "provider/model"),
        ("p/", "provider/model"),
        ("strange/model", "No provider is called “strange”"),
        ("p/two words", "there is a space in it"),
        ("p/middle", "is in MEDIUM already"),
    ],
)
async def test_nonsense_is_refused_with_a_sentence(
    qt_loop: QtLoop, tmp_path: Path, typed: str, why: str
) -> None:
    async with recorded(tmp_path) as stage:
        dialog = await opened(stage)
        before = stage.text
        QTest.keyClicks(dialog.search, typed)
        dialog.add.click()
        assert why in dialog.complaint.text()
        assert dialog.isVisible()
        await stage.done()
        assert stage.text == before
        with pytest.raises(UserError):
            wanted(typed, "MEDIUM", stage.desk.settings)


def chosen(dialog: AddDialog) -> str:
    """The row that is highlighted, empty for none."""
    found = dialog.list.selectedIndexes()
    return dialog.offers.offers[found[0].row()].service if found else ""


async def test_the_row_that_is_chosen_by_keys_is_the_one_that_is_added(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        QTest.keyClicks(dialog.search, "anthropic")
        for _ in range(3):
            QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Down)
        third = dialog.offers.offers[2].service
        assert chosen(dialog) == dialog.search.text() == third
        dialog.add.click()
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", third]


async def test_a_row_stays_chosen_only_while_its_name_is_typed(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        QTest.keyClicks(dialog.search, "anthropic")
        QTest.keyClick(dialog.search, Qt.Key.Key_Down)
        picked = chosen(dialog)
        dialog.search.setFocus()
        QTest.keyClicks(dialog.search, "x")
        assert chosen(dialog) == ""
        QTest.keyClick(dialog.search, Qt.Key.Key_Backspace)
        assert chosen(dialog) == picked
        dialog.search.selectAll()
        QTest.keyClicks(dialog.search, "anthropic/")
        assert chosen(dialog) == ""
        QTest.keyClick(dialog.search, Qt.Key.Key_Tab)
        assert dialog.search.text() == "anthropic/"


async def test_answers_that_come_late_leave_what_is_chosen(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        QTest.keyClicks(dialog.search, "anthropic haiku")
        QTest.keyClick(dialog.search, Qt.Key.Key_Down)
        picked = chosen(dialog)
        await dialog._ask("p", [])
        assert chosen(dialog) == dialog.search.text() == picked
        dialog._offers.append(Offer("anthropic/a-haiku", ""))
        await dialog._ask("anthropic", [])
        assert chosen(dialog) == dialog.search.text() == picked
        assert all("haiku" in offer.service for offer in dialog.offers.offers)


async def test_nobody_is_asked_any_more_once_it_is_closed(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        asked: set[asyncio.Task[object] | None] = set()
        all_asked = asyncio.Event()

        async def never(_name: str) -> list[object]:
            asked.add(asyncio.current_task())
            if len(asked) == 2:
                all_asked.set()
            return await asyncio.Future()

        monkeypatch.setattr(stage.desk.providers, "models", never)
        stage.medium.add.click()
        dialog = stage.page.adding
        assert dialog is not None
        await all_asked.wait()
        tasks = dialog.tasks
        dialog.reject()
        await tasks.ended()
        assert all(task is not None and task.cancelled() for task in asked)


async def test_escape_closes_it_and_the_page_can_open_it_again(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        dialog = await opened(stage)
        dialog.search.setFocus()
        QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
        assert stage.page.adding is None
        assert await opened(stage) is not dialog
        assert QApplication.focusWidget() is not None


def test_every_word_that_is_typed_has_to_occur() -> None:
    offers = [Offer("a/big-coder", ""), Offer("b/coder-mini", ""), Offer("a/mini", "")]
    assert [each.service for each in matching(offers, "CODER mini")] == ["b/coder-mini"]
    assert matching(offers, " ") == offers


async def test_the_only_model_that_is_left_is_chosen_and_added_by_enter(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        dialog.activateWindow()
        QTest.keyClicks(dialog.search, "haiku-4-5")
        assert [offer.service for offer in dialog.offers.offers] == ["anthropic/claude-haiku-4-5"]
        assert chosen(dialog) == "anthropic/claude-haiku-4-5"
        assert dialog.search.text() == "haiku-4-5", "who types goes on typing"
        QTest.keyClick(dialog.search, Qt.Key.Key_Return)
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", "anthropic/claude-haiku-4-5"]


async def test_the_only_model_that_is_left_can_be_gone_to_and_added(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        dialog.activateWindow()
        QTest.keyClicks(dialog.search, "haiku-4-5")
        QTest.keyClick(dialog.search, Qt.Key.Key_Down)
        assert dialog.list.hasFocus()
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", "anthropic/claude-haiku-4-5"]


async def test_a_whole_name_is_added_as_it_is_typed_though_one_longer_name_is_left(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        QTest.keyClicks(dialog.search, "anthropic/claude-haiku-4-")
        assert len(dialog.offers.offers) == 1
        assert chosen(dialog) == ""
        dialog.add.click()
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", "anthropic/claude-haiku-4-"]


async def test_what_is_left_of_two_is_chosen_no_more_when_another_one_is_told(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path, HOSTED) as stage:
        dialog = await opened(stage)
        before = stage.text
        QTest.keyClicks(dialog.search, "haiku-4-5")
        dialog._offers.append(Offer("p/haiku-4-5", ""))
        await dialog._ask("p", [])
        assert len(dialog.offers.offers) == 2
        assert chosen(dialog) == ""
        dialog.add.click()
        assert "provider/model" in dialog.complaint.text()
        assert stage.text == before
