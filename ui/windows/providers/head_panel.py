"""Who the chosen provider is, how it stands, and its switch."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from proxy.config.switch import HOUR, HowLong, Lasting, Switch, provider_enabled
from ui.frame.panel import Panel
from ui.switching import switched, told_undoable
from ui.theme.roles import with_role
from ui.widgets.elided import ElidedLabel
from ui.widgets.switch import Switch as SwitchBox
from ui.widgets.with_aside import WithAside, in_a_row
from ui.windows.providers.entries import Entry
from ui.windows.providers.labels import quiet_button, wrapped
from ui.windows.providers.removing import removed
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.words import tr

_GAP = 8
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class HeadPanel(Panel):
    """Switching is undone where the window says what was done."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._entry: Entry | None = None
        self.name = wrapped("heading")
        self.state = wrapped()
        self.why = wrapped("muted")
        self.about = wrapped()
        self.address = with_role(ElidedLabel(), "muted")
        self.address.setTextInteractionFlags(_SELECTABLE)
        self.switch = SwitchBox()
        self.switch.setAccessibleName(tr("On"))
        self.switch.clicked.connect(self._on_switch)
        self.for_a_while = QPushButton(tr("For a &while"))
        self.menu = QMenu(self.for_a_while)
        self._for_an_hour = self.menu.addAction("", lambda: self._throw_for_a_while(HOUR))
        self._for_this_run = self.menu.addAction("", lambda: self._throw_for_a_while(Lasting.RUN))
        self.for_a_while.setMenu(self.menu)
        self.remove = quiet_button(tr("&Remove …"))
        self.remove.clicked.connect(lambda: around.do(self._remove()))
        self.fill(self._content())

    def show_entry(self, entry: Entry, address: str) -> None:
        self._entry = entry
        self.name.setText(entry.name)
        with_role(self.state, entry.level).setText(entry.signed)
        self.why.setText(entry.why)
        self.why.setVisible(bool(entry.why))
        self.about.setText(entry.about)
        self.address.say(address or tr("decided by its account"))
        self.switch.setChecked(entry.enabled)
        self.switch.setAccessibleName(tr("%1 is on", entry.name))
        on_or_off = (tr("Off for one &hour"), tr("Off until I &quit"))
        if not entry.enabled:
            on_or_off = (tr("On for one &hour"), tr("On until I &quit"))
        self._for_an_hour.setText(on_or_off[0])
        self._for_this_run.setText(on_or_off[1])
        self.remove.setAccessibleName(tr("Remove %1", entry.name))
        self.ready()

    def _content(self) -> QWidget:
        content = QWidget()
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        for label in (self.name, self.state, self.why):
            lines.addWidget(label)
        line = WithAside(words, in_a_row(self.switch, self.for_a_while, gap=_GAP), _GAP)
        told = QWidget()
        facts = QGridLayout(told)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setHorizontalSpacing(14)
        facts.setVerticalSpacing(4)
        facts.setColumnStretch(1, 1)
        for row, (title, label) in enumerate(((tr("Kind"), self.about), (tr("Address"), self.address))):
            facts.addWidget(with_role(QLabel(title), "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(label, row, 1)
        rows = QVBoxLayout(content)
        rows.setSpacing(10)
        rows.addWidget(line)
        rows.addWidget(WithAside(told, self.remove, _GAP))
        return content

    def _on_switch(self, is_on: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self._around.do(self._thrown(Lasting.ALWAYS, is_on=is_on))

    def _throw_for_a_while(self, lasting: HowLong) -> None:
        if self._entry is not None:
            self._around.do(self._thrown(lasting, is_on=not self._entry.enabled))

    async def _thrown(self, lasting: HowLong, *, is_on: bool) -> None:
        if (entry := self._entry) is None:
            return
        desk, host = self._around.desk, self._around.host
        switch = Switch(provider_enabled(entry.name), value=is_on, lasting=lasting)
        try:
            outcome = await switched(desk, host.confirmed, switch)
        finally:
            self.switch.setChecked(self._is_on())
        if outcome is not None:
            sentence = _done(entry.name, lasting, is_on=is_on)
            await told_undoable(
                desk, self._around.host, sentence, [switch.what], lambda: desk.switch(*outcome.undo)
            )

    def _is_on(self) -> bool:
        """As it is in force, of the one that is shown by now."""
        config = None if self._entry is None else self._around.desk.settings.providers.get(self._entry.name)
        return config is not None and config.enabled

    async def _remove(self) -> None:
        if self._entry is not None:
            await removed(self._around.desk, self._around.host, self._entry.name)


def _done(name: str, lasting: HowLong, *, is_on: bool) -> str:
    if lasting is Lasting.ALWAYS:
        return tr("%1 is on.", name) if is_on else tr("%1 is off.", name)
    if lasting is Lasting.RUN:
        return tr("%1 is on until Tierwise quits." if is_on else "%1 is off until Tierwise quits.", name)
    return tr("%1 is on for one hour." if is_on else "%1 is off for one hour.", name)
