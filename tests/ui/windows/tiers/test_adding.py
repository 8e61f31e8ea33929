"""Adding a service: searched among known models, or typed; nonsense is refused with a sentence."""

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
