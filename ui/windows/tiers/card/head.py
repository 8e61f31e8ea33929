"""The head of a card: its switch for good, and beside it those for a while."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from proxy.config import TierName
from proxy.config.switch import HOUR, HowLong, Lasting
from ui.theme.roles import with_role
from ui.widgets.switch import Switch as SwitchBox
from ui.windows.tiers.speech import tr


class TierSwitch(QWidget):
    """`wished`: on or off, and for how long."""

    wished = Signal(bool, object)

    def __init__(self, tier: TierName) -> None:
        super().__init__()
        self.box = SwitchBox()
        self.box.setAccessibleName(tr("%1 answers its turns", tier))
        self.box.clicked.connect(lambda is_on: self.wished.emit(is_on, Lasting.ALWAYS))
        self.more = with_role(QPushButton("…"), "quiet")
        self.more.setAccessibleName(tr("Switch %1 for a while", tier))
        self.more.setToolTip(self.more.accessibleName())
        self.more.clicked.connect(self._on_more)
        self.menu = QMenu(self.more)
        self.off_hour = self._add(tr("Off for one &hour"), is_on=False, lasting=HOUR)
        self.off_run = self._add(tr("Off until I &quit"), is_on=False, lasting=Lasting.RUN)
        self.menu.addSeparator()
        self.on_hour = self._add(tr("On for one h&our"), is_on=True, lasting=HOUR)
        self.on_run = self._add(tr("On until I q&uit"), is_on=True, lasting=Lasting.RUN)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.box)
        row.addWidget(self.more)

    def show_state(self, *, is_on: bool) -> None:
        self.box.setChecked(is_on)
        for action in (self.off_hour, self.off_run):
            action.setVisible(is_on)
        for action in (self.on_hour, self.on_run):
            action.setVisible(not is_on)

    def _on_more(self) -> None:
        """In place of the button's own way, which would draw an arrow beside the dots."""
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _add(self, text: str, *, is_on: bool, lasting: HowLong) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda: self.wished.emit(is_on, lasting))
        return action
