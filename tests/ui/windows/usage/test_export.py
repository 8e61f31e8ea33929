"""The file: asked for in a dialog that stops nothing, written whole, and told."""

import asyncio
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.ui.windows.usage.stage import Stage, on_stage
from ui.loop import QtLoop
from ui.windows.usage.files import FileKind


async def dialog_of(stage: Stage, kind: FileKind) -> QFileDialog:
    """The one that opens when the button is clicked."""
    stage.page.exports[kind].click()
    while not (found := stage.page.findChildren(QFileDialog)):  # noqa: ASYNC110 -- no signal tells of a child
        await asyncio.sleep(0)
    return found[0]


def type_name(dialog: QFileDialog, file: Path) -> None:
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText(str(file))


async def closed(stage: Stage) -> None:
    await stage.page.tasks.ended()


async def saved(stage: Stage, kind: FileKind, file: Path) -> None:
    dialog = await dialog_of(stage, kind)
    type_name(dialog, file)
    dialog.accept()
    await closed(stage)
    assert stage.page.saved.file == file, stage.window.notice.text


async def test_as_csv_every_request_is_in_it(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        file = tmp_path / "usage.csv"
        await saved(stage, FileKind.CSV, file)
        rows = list(csv.DictReader(file.open(newline="")))
        assert sum(int(row["requests"]) for row in rows) == 8
        assert stage.page.saved.isVisible()
        assert str(file) in stage.page.saved.text


async def test_as_json_it_is_what_is_shown(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.page.look_at({"client": "codex"})
        file = tmp_path / "usage.json"
        await saved(stage, FileKind.JSON, file)
        document = json.loads(file.read_text())
        assert document["filters"] == {"client": "codex"}
        assert document["totals"]["requests"] == sum(row["requests"] for row in document["rows"]) == 4


async def test_the_dialog_proposes_a_name_that_says_what_is_in_it(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        stage.page.look_at({"client": "codex"})
        dialog = await dialog_of(stage, FileKind.CSV)
        (proposed,) = dialog.selectedFiles()
        assert Path(proposed).name.startswith("tierwise-usage_")
        assert proposed.endswith("_client-codex.csv")
        dialog.reject()
        await closed(stage)
        assert stage.page.saved.isHidden()
        assert stage.page.exports[FileKind.CSV].isEnabled()


async def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with on_stage(tmp_path) as stage:
        folder = tmp_path / "gone"
        folder.mkdir()
        dialog = await dialog_of(stage, FileKind.CSV)
        type_name(dialog, folder / "usage.csv")
        dialog.accept()
        folder.rmdir()  # between the dialog's look at it and the writing
        await closed(stage)
        assert str(folder / "usage.csv") in stage.window.notice.text
        assert "cannot be written" in stage.window.notice.text
        assert stage.window.notice.text.endswith("Export it to another place.")
        assert stage.page.saved.isHidden()


class Opened(QObject):
    """In the place of the desktop, which would show a folder."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.urls.append(url)


@pytest.fixture
def desktop() -> Iterator[Opened]:
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "open")
    yield opened
    QDesktopServices.unsetUrlHandler("file")


async def test_the_folder_is_opened_when_wanted(qt_loop: QtLoop, tmp_path: Path, desktop: Opened) -> None:
    async with on_stage(tmp_path) as stage:
        await saved(stage, FileKind.CSV, tmp_path / "usage.csv")
        stage.page.saved.open_folder.click()
        assert [Path(url.toLocalFile()) for url in desktop.urls] == [tmp_path]
        stage.page.saved.dismiss.click()
        assert stage.page.saved.isHidden()
