"""Where everything lies, what is wrong with config.toml, and how much the log tells."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from app.preferences.log_level import log_level, set_log_level
from app.preferences.preferences import Standing
from ui.theme.roles import with_role
from ui.widgets.fields import Choice
from ui.windows.settings.row import Row, breakable
from ui.windows.settings.section import Section, Surroundings


class FilesSection(Section):
    """Files are opened by whatever the desktop opens them with."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("Files and logs"), around)
        home = around.home
        self.open_config = QPushButton(self.tr("Open file"))
        self.open_folder = QPushButton(self.tr("Open folder"))
        self.open_logs = QPushButton(self.tr("Open folder"))
        self.config_row = Row(self.tr("Settings"), self.open_config, breakable(home.config))
        self.logs_row = Row(self.tr("Logs"), self.open_logs, breakable(home.logs))
        self.folder_row = Row(
            self.tr("Everything of Tierwise"),
            self.open_folder,
            self.tr("%1 holds the record, settings, logs and backups.").replace("%1", breakable(home.root)),
        )
        self.open_config.setAccessibleName(self.tr("Open config.toml"))
        self.open_folder.setAccessibleName(self.tr("Open the folder of Tierwise"))
        self.open_logs.setAccessibleName(self.tr("Open the folder of the logs"))
        self.open_config.clicked.connect(lambda: self._open(home.config, self.config_row))
        self.open_logs.clicked.connect(lambda: self._open(home.logs, self.logs_row))
        self.open_folder.clicked.connect(lambda: self._open(home.root, self.folder_row))
        self.problems = with_role(QLabel(), "bad")
        self.problems.setWordWrap(True)
        self.problems.setTextFormat(Qt.TextFormat.PlainText)
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.config_row.put_below(self.problems)
        self.level = Choice(
            (
                ("debug", self.tr("Everything")),
                ("info", self.tr("The usual")),
                ("warning", self.tr("Warnings and errors")),
                ("error", self.tr("Errors")),
            )
        )
        self.level.chosen.connect(self._on_level)
        self.level_row = Row(
            self.tr("The log t&ells"),
            self.level,
            self.tr("Until Tierwise ends. To start with it: tierwise --log-level debug"),
        )
        self.add(self.config_row, self.logs_row, self.folder_row, self.level_row)

    def show_values(self, standing: Standing) -> None:
        self.level.show_value(log_level())
        self._show_file(has_file=self.around.home.config.exists())
        self.problems.setVisible(bool(standing.problems))
        if standing.problems:
            heading = self.tr("⚠ This file has mistakes. What it said when it was last in order holds:")
            self.problems.setText("\n".join([heading, *standing.problems]))

    def _show_file(self, *, has_file: bool) -> None:
        path = breakable(self.around.home.config)
        self.open_config.setEnabled(has_file)
        absent = self.tr("%1 is not there yet: everything is as it comes. The first change makes it.")
        self.config_row.explain(path if has_file else absent.replace("%1", path))

    def _open(self, path: Path, row: Row) -> None:
        is_opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        told = self.tr("This desktop has nothing to open it with. The path is above.")
        row.complain("" if is_opened else told)

    def _on_level(self, level: str) -> None:
        set_log_level(level)
        told = self.tr("Until Tierwise ends the log tells: %1.")
        self.around.host.say(told.replace("%1", self.level.currentText().lower()))
