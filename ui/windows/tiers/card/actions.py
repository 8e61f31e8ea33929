"""What can be done with the chosen service: the same as keys, as buttons and as a menu."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.theme.roles import with_role
from ui.windows.tiers.card.service_list import ServiceList
from ui.windows.tiers.lists import neighbour
from ui.windows.tiers.speech import tr


class ServiceActions:
    """Bound to one list: the keys count while it has the focus."""

    def __init__(self, services: ServiceList) -> None:
        self._list = services
        self.up = self._add(tr("Move up"), "↑", "Alt+Up")
        self.down = self._add(tr("Move down"), "↓", "Alt+Down")
        self.left = self._to_neighbour(-1, "←", "Alt+Left")
        self.right = self._to_neighbour(1, "→", "Alt+Right")
        self.copy = self._add(tr("Copy"), tr("Copy"), QKeySequence.StandardKey.Copy)
        self.paste = self._add(tr("Paste"), "", QKeySequence.StandardKey.Paste)
        self.remove = self._add(tr("Remove"), tr("Remove"), QKeySequence.StandardKey.Delete)
        self.to_providers = self._add(tr("Go to its provider"), "", None)
        services.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def heed(self, *, has_copied: bool) -> None:
        """Only what can be done can be chosen. At either end of the list moving on does nothing: a button
        that went grey would lose the keyboard."""
        is_any = self._list.current is not None
        for action in (self.up, self.down, self.left, self.right, self.copy, self.remove, self.to_providers):
            action.setEnabled(is_any)
        self.paste.setEnabled(has_copied)

    def buttons(self) -> QWidget:
        row = QWidget()
        places = QHBoxLayout(row)
        places.setContentsMargins(0, 0, 0, 0)
        places.setSpacing(0)
        for action in (self.up, self.down, self.left, self.right, self.copy, self.remove):
            if action.isVisible():
                places.addWidget(ActionButton(action))
        return row

    def _to_neighbour(self, by: int, sign: str, key: str) -> QAction:
        tier = neighbour(self._list.tier, by)
        action = self._add(tr("Move to %1", tier) if tier is not None else tr("Move"), sign, key)
        action.setVisible(tier is not None)
        return action

    def _add(self, text: str, sign: str, key: str | QKeySequence.StandardKey | None) -> QAction:
        action = QAction(text, self._list)
        action.setIconText(sign)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        told = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({told})" if told else text)
        self._list.addAction(action)
        return action


class ActionButton(QPushButton):
    """Looks quiet, and does and tells what its action does."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.iconText())
        with_role(self, "quiet")
        self.setAccessibleName(action.text())
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
        self.clicked.connect(action.trigger)
        action.enabledChanged.connect(self.setEnabled)
