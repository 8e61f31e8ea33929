"""Asking for a file, without holding up the loop."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


async def file_to_write(parent: QWidget, title: str, proposed: Path, kind: str) -> Path | None:
    """None if the user wants none after all."""
    dialog = _dialog(parent, title, proposed.parent, kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(proposed.suffix.removeprefix("."))
    dialog.selectFile(proposed.name)
    return await _chosen(dialog)


async def file_to_read(parent: QWidget, title: str, folder: Path, kind: str) -> Path | None:
    """One that exists; None if the user wants none after all."""
    dialog = _dialog(parent, title, folder, kind)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _chosen(dialog)


def _dialog(parent: QWidget, title: str, folder: Path, kind: str) -> QFileDialog:
    return QFileDialog(parent, title, str(folder), kind)


async def _chosen(dialog: QFileDialog) -> Path | None:
    """Who cancels it closes the window, and the dialog is gone with that before anybody could touch it."""
    finished = asyncio.Event()
    dialog.finished.connect(finished.set)
    dialog.open()
    await finished.wait()
    files = dialog.selectedFiles() if dialog.result() == QFileDialog.DialogCode.Accepted else []
    dialog.deleteLater()
    return Path(files[0]) if files else None
