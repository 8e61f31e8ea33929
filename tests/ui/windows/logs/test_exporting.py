"""How the writing of a file is told and given up."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.home import Home
from app.record.rows_file import Form
from proxy.ledger.exporting import Wanted
from tests.proxy.ledger.made import exchange, filled
from tests.ui.windows.logs.conftest import OpenLogs, until
from ui.loop import QtLoop
from ui.windows.logs.exporting import ExportMenu, Progress
from ui.words import count

ROWS = 3000


async def test_what_is_given_up_leaves_no_file(qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path) -> None:
    home = Home(tmp_path)
    filled(home.database, [exchange() for _ in range(ROWS)])
    progress = Progress()
    qtbot.addWidget(progress)
    writing = asyncio.create_task(progress.write(home, Wanted(), tmp_path / "rows.csv", Form.CSV))
    await asyncio.sleep(0)
    progress.cancel.click()
    assert await writing == "The export was cancelled; no file was written."
    assert not (tmp_path / "rows.csv").exists()


async def test_one_that_lasts_is_told_and_one_that_does_not_is_not(
    qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    filled(home.database, [exchange() for _ in range(ROWS)])
    progress = Progress()
    qtbot.addWidget(progress)
    short = tmp_path / "short.csv"
    assert await progress.write(home, Wanted(), short, Form.CSV) == f"{count(ROWS)} requests are in {short}."
    assert progress.sentence.text() == ""
    lasting = asyncio.create_task(progress.write(home, Wanted(), tmp_path / "long.csv", Form.CSV))
    await asyncio.sleep(0)
    progress._timer.setInterval(0)  # as if a second had passed
    await until(lambda: progress.isVisible() or lasting.done())
    assert progress.sentence.text().endswith("rows are written …")
    assert (await lasting).startswith(count(ROWS))
    assert not progress.isVisible()


async def test_the_menu_asks_for_a_file_of_the_form(qt_loop: QtLoop, qtbot: QtBot, tmp_path: Path) -> None:
    button = QPushButton("Export")
    qtbot.addWidget(button)
    menu = ExportMenu(button)
    chosen: list[tuple[Path, Form]] = []
    menu.chosen.connect(lambda file, form: chosen.append((file, form)))
    menu.actions()[1].trigger()
    (dialog,) = button.findChildren(QFileDialog)
    assert dialog.defaultSuffix() == "json"
    dialog.fileSelected.emit(str(tmp_path / "a.json"))
    dialog.close()
    assert chosen == [(tmp_path / "a.json", Form.JSON)]


async def test_there_is_one_export_at_a_time(qt_loop: QtLoop, open_logs: OpenLogs, tmp_path: Path) -> None:
    async with open_logs(exchange()) as logs:
        page = logs.page
        page.export.chosen.emit(tmp_path / "a.csv", Form.CSV)
        await asyncio.sleep(0)
        assert not page.head.export.isEnabled()
        await until(lambda: logs.host.said)
        await page.tasks.ended()
        assert page.head.export.isEnabled()
        page.export.chosen.emit(tmp_path / "no folder" / "a.csv", Form.CSV)
        await until(lambda: len(logs.host.said) == 2)
        await page.tasks.ended()
        assert page.head.export.isEnabled()
