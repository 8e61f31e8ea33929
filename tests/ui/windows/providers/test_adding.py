"""A provider is added by keyboard alone: found, named, given its key, and tried out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.ui.windows.providers.stage import CANARY, Stage, press, staged, told
from ui.loop import QtLoop
from ui.windows.providers.adding.form import Form
from ui.windows.providers.adding.sheet import AddSheet

NOBODY = "[local]\nenabled = false\n"
GROQ = "gsk_" + "a1b2c3d4e5f6" * 4
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


async def opened(stage: Stage) -> AddSheet:
    await stage.open()
    press(stage.page, Qt.Key.Key_N, CONTROL)
    sheet = await stage.sheet(AddSheet)
    await stage.until(sheet.presets.list.count)
    return sheet


def filled(sheet: AddSheet, words: str) -> Form:
    """The form of what is found by these words."""
    QTest.keyClicks(sheet.presets.search, words)
    press(sheet.presets.search, Qt.Key.Key_Return)
    assert sheet.form is not None
    return sheet.form


async def test_a_server_is_added_with_its_key_and_tried_out(
    qt_loop: QtLoop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with staged(tmp_path, NOBODY, key=CANARY) as stage:
        sheet = await opened(stage)
        form = filled(sheet, "another openai")
        assert form.address.hasFocus()
        form.name.setText("house")
        QTest.keyClicks(form.address, stage.fake.base_url)
        QGuiApplication.clipboard().setText(f"HOUSE_KEY={CANARY}")
        press(form.key.line, Qt.Key.Key_V, CONTROL)
        press(form.key.line, Qt.Key.Key_Return)
        await stage.done()
        trial = stage.page.details.trial
        await trial.tasks.ended()
        QGuiApplication.clipboard().clear()
        assert stage.backend.values == {("tierwise", "provider/house"): CANARY}
        assert 'key = "keyring"' in stage.config
        assert stage.page.list.name == "house"
        assert stage.page.details.head.name.text() == "house"
        assert [each.word for each in trial.steps][:3] == ["✓ works"] * 3
        everything = told(stage.page) + stage.config + " ".join(stage.window.said) + caplog.text
        assert CANARY not in everything


async def test_what_is_missing_is_told_beside_its_field(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        form = filled(sheet, "another openai")
        form.name.setText("Not A Name")
        press(sheet.yes, Qt.Key.Key_Space)
        assert "small letters" in form.fields["name"].complaint
        assert "of its own" in form.fields["address"].complaint
        assert "Paste the key" in form.fields["key"].complaint
        assert form.name.hasFocus()
        assert "small letters" in form.name.accessibleDescription()
        assert stage.config == NOBODY
        sheet.reject()
        await stage.done()
        assert stage.window.said == []


async def test_the_way_back_forgets_the_key(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        form = filled(sheet, "groq")
        form.key.line.setText(CANARY)
        press(sheet.back, Qt.Key.Key_Space)
        assert sheet.form is None
        assert sheet.presets.search.hasFocus()
        assert CANARY not in told(sheet)
        assert filled(sheet, "").key.line.text() == ""
        sheet.reject()
        await stage.done()


async def test_a_key_in_the_environment_is_offered_by_name_and_added_with_one_click(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path, NOBODY, environ={"GROQ_API_KEY": GROQ}) as stage:
        sheet = await opened(stage)
        (offer,) = sheet.offers.findChildren(QPushButton)
        assert offer.accessibleName() == "Add Groq"
        assert "GROQ_API_KEY" in offer.accessibleDescription()
        assert GROQ not in told(sheet)
        stage.page.details.trial.try_out = lambda: None  # type: ignore[method-assign] # nobody is asked over there
        press(offer, Qt.Key.Key_Space)
        await stage.done()
        assert 'key = "env:GROQ_API_KEY"' in stage.config
        assert stage.page.list.name == "groq"


async def test_what_was_added_already_says_so(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, f'{NOBODY}[providers.groq]\nkind = "groq"\n') as stage:
        sheet = await opened(stage)
        QTest.keyClicks(sheet.presets.search, "groq")
        item = sheet.presets.list.item(0)
        assert "added already" in item.data(Qt.ItemDataRole.AccessibleTextRole)
        press(sheet.presets.search, Qt.Key.Key_Return)
        assert sheet.form is not None
        assert sheet.form.name.text() == "groq-2"
        sheet.reject()
        await stage.done()


async def test_where_nothing_is_found_the_search_says_so(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        QTest.keyClicks(sheet.presets.search, "zzz")
        assert sheet.presets.nothing.isVisible()
        press(sheet.presets.search, Qt.Key.Key_Return)
        assert sheet.form is None
        sheet.reject()
        await stage.done()


async def test_the_field_for_the_key_follows_where_it_is(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        form = filled(sheet, "groq")
        assert form.key.isVisible()
        assert "console.groq.com" in form.keys_at.text()
        form.source.setFocus()
        press(form.source, Qt.Key.Key_Down)
        form.source.chosen.emit(form.source.value)
        assert form.variable.isVisible()
        assert form.variable.text() == "GROQ_API_KEY"
        assert not form.key.isVisible()
        sheet.reject()
        await stage.done()


def fields(within: QWidget) -> list[QWidget]:
    return [
        each
        for each in within.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.isVisible()
        and each.isEnabled()
    ]


async def test_tab_leads_through_the_form(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        form = filled(sheet, "groq")
        passed: list[QWidget] = []
        while (here := QApplication.focusWidget()) not in passed and here is not None:
            passed.append(here)
            press(here, Qt.Key.Key_Tab)
        assert {form.name, form.address, form.source, form.key.line, form.key.reveal} <= set(passed)
        assert set(fields(sheet)) <= set(passed)
        sheet.reject()
        await stage.done()


async def test_the_provider_of_that_very_name_comes_first(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        form = filled(sheet, "openai")
        assert form.name.text() == "openai"
        sheet.reject()
        await stage.done()


async def test_enter_presses_the_button_that_has_the_keyboard(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, NOBODY) as stage:
        sheet = await opened(stage)
        filled(sheet, "groq")
        sheet.back.setFocus()
        press(sheet.back, Qt.Key.Key_Return)
        assert sheet.form is None
        assert stage.config == NOBODY
        sheet.reject()
        await stage.done()
