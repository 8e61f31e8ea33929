"""What the program is, what it is made of, and what a report of a bug needs."""

import asyncio
import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from app.preferences.details import details
from app.preferences.licences import licences
from app.preferences.preferences import Standing
from proxy.version import __version__
from ui.theme.roles import with_role
from ui.windows.settings.parts import PartsList
from ui.windows.settings.section import Section, Surroundings


class AboutSection(Section):
    """The licences of others are read when somebody wants to see them."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("About"), around)
        self.copy = QPushButton(self.tr("Copy deta&ils"))
        self.copy.setAccessibleDescription(self.tr("Versions and states for the report of a bug, no secrets"))
        self.copy.clicked.connect(self._on_copy)
        self.others = QPushButton(self.tr("Licence&s of all parts"))
        self.others.setCheckable(True)
        self.others.clicked.connect(self._on_others)
        self.parts = PartsList()
        self.parts.hide()
        self.add(self._facts(), self._buttons())
        self._rows.addWidget(self.parts)

    def show_values(self, standing: Standing) -> None:
        """It says the same whatever is set; `Copy details` reads what stands then."""

    def _facts(self) -> QWidget:
        widget = QWidget()
        form = QFormLayout(widget)
        form.setContentsMargins(0, 4, 0, 10)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(4)
        for name, text in (
            (self.tr("Tierwise"), __version__),
            (self.tr("Licence"), self.tr("Apache-2.0: use, change and share it, without warranty")),
            (self.tr("Python"), f"{platform.python_version()} (PSF-2.0)"),
            (
                self.tr("Qt"),
                self.tr("%1, through PySide6 %2, under the LGPL 3")
                .replace("%1", qVersion())
                .replace("%2", pyside_version),
            ),
            (self.tr("Source of Qt"), "https://code.qt.io"),
        ):
            value = QLabel(text)
            value.setWordWrap(True)
            value.setAccessibleName(f"{name}: {text}")
            form.addRow(with_role(QLabel(name), "muted"), value)
        return widget

    def _buttons(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 10, 0, 4)
        row.addWidget(self.copy)
        row.addWidget(self.others)
        row.addStretch()
        return widget

    def _on_copy(self) -> None:
        if self._standing is not None:
            faces = {"Qt": qVersion(), "PySide6": pyside_version, "Screen": QGuiApplication.platformName()}
            QGuiApplication.clipboard().setText(details(self._standing, faces))
            self.around.host.say(
                self.tr("The details are copied. They hold no keys, no addresses, no names.")
            )

    def _on_others(self, wanted: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self.parts.setVisible(wanted)
        if wanted:
            self.around.do(self._show_others())

    async def _show_others(self) -> None:
        self.parts.show_parts(await asyncio.to_thread(licences))
