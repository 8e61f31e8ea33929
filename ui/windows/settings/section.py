"""A part of the page: rows that belong together, and how what is set in them is written and told."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

import shiboken6
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.errors import UserError
from app.home import Home
from app.preferences.preferences import Preferences, Standing, TakeBack, Value
from app.toml.scan import KeyPath
from proxy.secret import Secret
from ui.frame.page import Host
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.theme.theme import Theme
from ui.windows.settings.row import Row


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the parts of the page stand in."""

    home: Home
    url: str
    """Where the gateway listens in this run."""
    client_token: Callable[[], Secret | None]
    """For programs that have none of their own; None where nothing runs."""
    preferences: Preferences
    theme: Theme
    host: Host
    do: Callable[[Coroutine[None, None, None]], None]
    """Work that a click begins; what fails with a sentence is told."""


class Section(Panel):
    """Shows how things stand, and goes back to that when something could not be set."""

    def __init__(self, title: str, around: Surroundings) -> None:
        super().__init__(title)
        self.around = around
        self._standing: Standing | None = None
        self._refused: set[Row] = set()
        """Rows in which something could not be written."""
        content = QWidget()
        self._lines: dict[QWidget, QFrame] = {}
        """Above each row but the first."""
        self._rows = QVBoxLayout(content)
        self._rows.setSpacing(0)
        self.fill(content)

    def show_standing(self, standing: Standing) -> None:
        while self._refused and standing != self._standing and not standing.problems:
            self._refused.pop().complain("")
        self._standing = standing
        self.show_values(standing)
        self.ready()

    def show_values(self, standing: Standing) -> None:
        """What the fields of a section of its own kind are to show."""

    def add(self, *rows: QWidget) -> None:
        for row in rows:
            if self._rows.count():
                self._lines[row] = with_role(QFrame(), "line")
                self._rows.addWidget(self._lines[row])
            self._rows.addWidget(row)

    def show_row(self, row: QWidget, *, is_shown: bool) -> None:
        row.setVisible(is_shown)
        self._lines[row].setVisible(is_shown)

    def go_back(self) -> None:
        """The fields show what holds."""
        if self._standing is not None:
            self.show_values(self._standing)

    def set(self, row: Row, path: KeyPath, value: Value, sentence: str) -> None:
        """Write it, tell so with the way back; what goes wrong stands beside the field."""
        self.around.do(self.written(row, path, value, sentence))

    async def written(self, row: Row, path: KeyPath, value: Value, sentence: str) -> None:
        await self.done(row, self.around.preferences.set(path, value), sentence)

    async def done(
        self, row: Row, work: Coroutine[None, None, TakeBack], sentence: str, *, has_way_back: bool = True
    ) -> None:
        try:
            take_back = await work
        except UserError as error:
            self.end_if_gone()
            row.complain(str(error))
            self._refused.add(row)
            self.go_back()
        else:
            self.end_if_gone()
            row.complain("")
            self.around.host.say(sentence, take_back if has_way_back else None)

    def end_if_gone(self) -> None:
        """What stands in a field is taken while the window closes; by now nobody can be told or asked."""
        if not shiboken6.isValid(self):
            raise asyncio.CancelledError
