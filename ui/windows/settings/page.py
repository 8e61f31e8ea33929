"""Settings: everything that is set by hand, written the moment it is chosen."""

import asyncio
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.preferences.preferences import Preferences, Standing
from app.preferences.record_facts import RecordFacts, record_facts
from app.record.errors import RecordError
from ui.frame.page import GAP, Host, Page
from ui.theme.theme import Theme
from ui.windows.settings.about import AboutSection
from ui.windows.settings.backup import BackupSection
from ui.windows.settings.connection import ConnectionSection
from ui.windows.settings.files import FilesSection
from ui.windows.settings.general import GeneralSection
from ui.windows.settings.privacy import PrivacySection
from ui.windows.settings.record import RecordSection
from ui.windows.settings.section import Section, Surroundings

_WIDEST = 860
"""Longer lines are hard to read, and the field would stand far from what it is for."""


class SettingsPage(Page):
    """`look_at` takes the name of a section: general, connection, privacy, record, backup, files, about."""

    def __init__(self, desk: Desk, host: Host, theme: Theme) -> None:
        super().__init__(desk, host)
        self.heading = self.tr("Settings")
        home = desk.program.home
        self._around = Surroundings(
            home=home,
            url=desk.program.gateway.url,
            client_token=desk.client_token,
            preferences=Preferences(home, desk),
            theme=theme,
            host=host,
            do=self.do,
        )
        self.sections: dict[str, Section] = {}
        self._standing: Standing | None = None

    def build(self) -> Iterator[None]:
        self.rows.addWidget(self.title(self.tr("Settings")))
        column = self._column()
        self.feed(
            self._around.preferences.standing,
            self._show,
            changes={Change.SETTINGS},
            panels=self.sections.values(),
        )
        yield
        self.general = GeneralSection(self._around)
        yield from self._put("general", self.general, column)
        self.connection = ConnectionSection(self._around)
        yield from self._put("connection", self.connection, column)
        self.privacy = PrivacySection(self._around)
        yield from self._put("privacy", self.privacy, column)
        self.built()  # what is seen first is shown while the rest is still being made
        self.record = RecordSection(self._around)
        yield from self._put("record", self.record, column)
        self.backup = BackupSection(self._around)
        yield from self._put("backup", self.backup, column)
        self.files = FilesSection(self._around)
        yield from self._put("files", self.files, column)
        self.about = AboutSection(self._around)
        yield from self._put("about", self.about, column)
        self.feed(self._facts, self._show_facts, changes={Change.RECORD, Change.SETTINGS})

    def look_at(self, about: object) -> None:
        section = self.sections.get(str(about))
        if section is not None and (area := self._area()) is not None:
            area.verticalScrollBar().setValue(section.mapTo(self, section.rect().topLeft()).y() - GAP)
            _first_field(section).setFocus()

    def _column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GAP)
        within = QWidget()
        within.setMaximumWidth(_WIDEST)
        within.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addWidget(within, _WIDEST)
        line.addStretch(1)
        self.rows.addLayout(line)
        self.rows.addStretch()
        return column

    def _put(self, name: str, section: Section, column: QVBoxLayout) -> Iterator[None]:
        self.sections[name] = section
        yield
        column.addWidget(section)
        if self._standing is not None:
            section.show_standing(self._standing)
        yield

    def _show(self, standing: Standing) -> Iterator[None]:
        """One section after the other: what is shown for the first time is laid out then."""
        self._standing = standing
        for section in tuple(self.sections.values()):
            section.show_standing(standing)
            yield

    async def _facts(self) -> RecordFacts | str:
        try:
            return await asyncio.to_thread(record_facts, self._around.home.database)
        except RecordError as error:
            return str(error)

    def _show_facts(self, facts: RecordFacts | str) -> None:
        if isinstance(facts, str):
            self.record.fail(facts)
            self.privacy.forget_facts()
        else:
            self.record.show_facts(facts)
            self.privacy.show_facts(facts)

    def _area(self) -> QScrollArea | None:
        widget = self.parentWidget()
        while widget is not None and not isinstance(widget, QScrollArea):
            widget = widget.parentWidget()
        return widget


def _first_field(section: Section) -> QWidget:
    fields = (each for each in section.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((each for each in fields if each.isVisible()), section)
