"""Backups: made while Tierwise runs, put back while it does not."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QProgressBar, QPushButton

from app.errors import UserError
from app.preferences.backups import held_in, restore_command
from app.record.backing_up import Backup, back_up
from app.record.contents import size_told, told
from ui.windows.settings.choosing import file_to_read, file_to_write
from ui.windows.settings.restoring import Restoring
from ui.windows.settings.row import Row
from ui.windows.settings.section import Section, Surroundings


class BackupSection(Section):
    """One button each."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("Backup and restore"), around)
        self.back_up = QPushButton(self.tr("Back up …"))
        self.back_up.clicked.connect(lambda: around.do(self._back_up()))
        self.restore = QPushButton(self.tr("Restore …"))
        self.restore.clicked.connect(lambda: around.do(self._restore()))
        self.backup_row = Row(
            self.tr("Back up the record and the settings"),
            self.back_up,
            self.tr(
                "One file, made while Tierwise goes on. It holds no API keys, no prompts and no answers."
            ),
        )
        self.restore_row = Row(
            self.tr("Put a backup back"),
            self.restore,
            self.tr("Shows what a backup holds, and how it takes the place of what is there."),
        )
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("The backup is being made"))
        self.progress.hide()
        self.backup_row.put_below(self.progress)
        self.restoring = Restoring(around.host, around.do)
        self.restoring.hide()
        self.restore_row.put_below(self.restoring)
        self.add(self.backup_row, self.restore_row)

    async def _back_up(self) -> None:
        now = datetime.now(UTC)
        proposed = self.around.home.backups / f"tierwise-{now.astimezone():%Y-%m-%d}.zip"
        title, kind = self.tr("Back up"), self.tr("Backups (*.zip)")
        file = await file_to_write(self, title, proposed, kind)
        if file is not None:
            await self._backed_up(file, now)

    async def _backed_up(self, file: Path, now: datetime) -> None:
        """Nothing is touched when it is cancelled: the window is gone by then."""
        self._show_progress(is_going_on=True)
        try:
            made = await asyncio.to_thread(back_up, self.around.home, file, now)
        except Exception as error:
            self._show_progress(is_going_on=False)
            if not isinstance(error, UserError):
                raise
            self.backup_row.complain(str(error))
        else:
            self._show_progress(is_going_on=False)
            self.backup_row.complain("")
            self.around.host.say(self._told(made))

    def _show_progress(self, *, is_going_on: bool) -> None:
        self.progress.setVisible(is_going_on)
        self.back_up.setEnabled(not is_going_on)
        if not is_going_on:
            self.back_up.setFocus()

    def _told(self, made: Backup) -> str:
        record = "" if made.manifest.record is None else told(made.manifest.record)
        held = [each for each in (record, "config.toml" if made.has_config else "") if each]
        return (
            self.tr("%1 holds %2 (%3).")
            .replace("%1", str(made.file))
            .replace("%2", self.tr(" and ").join(held))
            .replace("%3", size_told(made.size))
        )

    async def _restore(self) -> None:
        title, kind = self.tr("Put a backup back"), self.tr("Backups (*.zip)")
        file = await file_to_read(self, title, self.around.home.backups, kind)
        if file is None:
            return
        try:
            held = await asyncio.to_thread(held_in, file)
        except UserError as error:
            self.restoring.hide()
            self.restore_row.complain(str(error))
        else:
            self.restore_row.complain("")
            self.restoring.show_held(held, restore_command(self.around.home, file))
