"""Searches the models of all providers that are on, and takes one of them or what was typed.

What stands in the field is what is added, and a row is chosen only while its name stands there: who chooses
one puts its name into the field, who types something else chooses none. Typing alone narrows the list; when
one row is left of it, that is chosen without its name, unless what was typed is a whole name by itself.
"""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.desk.desk import Desk
from app.desk.errors import DeskError
from app.errors import UserError
from proxy.config import TierName
from ui.mistakes import called_by_qt
from ui.tasks import Tasks
from ui.theme.roles import with_role
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.adding.model import OffersModel
from ui.windows.tiers.adding.wanted import Offer, matching, meant, providers_to_ask, wanted
from ui.windows.tiers.speech import tr

_SIZE = (560, 460)


class AddDialog(QDialog):
    """`chosen` tells the service; then, and when it is closed, it is gone."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, tier: TierName, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a service to %1", tier))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._desk, self._tier = desk, tier
        self._offers: list[Offer] = []
        self._narrowed_by = ""
        self.tasks = Tasks()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search, or type provider/model"))
        self.search.textChanged.connect(self._on_typed)
        label = QLabel(tr("&Service"))
        label.setBuddy(self.search)
        self.search.setAccessibleName(tr("Service to add"))
        self.offers = OffersModel(self)
        self.list = QListView()
        self.list.setModel(self.offers)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(2)
        self.list.setAccessibleName(tr("Models that can be added"))
        self.list.selectionModel().selectionChanged.connect(self._on_chosen)
        self.list.activated.connect(self._on_activated)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Providers that were asked for their models"))
        self.note = wrapped("muted")
        self.complaint = wrapped("bad")
        self.complaint.hide()
        self.add = with_role(QPushButton(tr("&Add")), "primary")
        self.add.setDefault(True)
        self.add.clicked.connect(self._on_add)
        self.cancel = QPushButton(tr("&Cancel"))
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.add)
        rows = QVBoxLayout(self)
        rows.setSpacing(8)
        for widget in (label, self.search, self.complaint, self.list, self.progress, self.note):
            rows.addWidget(widget)
        rows.addLayout(buttons)

    def begin(self) -> None:
        """Show it, and ask all providers at the same time."""
        self.open()
        self.search.setFocus()
        self.tasks.start(self._asked(providers_to_ask(self._desk.settings)))

    @called_by_qt
    def done(self, result: int) -> None:
        self.tasks.cancel()
        super().done(result)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self.offers.rowCount():
            self._go_into_list()
            return
        super().keyPressEvent(event)

    # -- within -------------------------------------------------------------------------------------

    async def _asked(self, providers: Sequence[str]) -> None:
        self.progress.setRange(0, max(len(providers), 1))
        self.note.setText(tr("Asking for models …") if providers else tr("No provider is on."))
        silent: list[str] = []
        async with asyncio.TaskGroup() as group:
            for name in providers:
                group.create_task(self._ask(name, silent))
        self.progress.hide()
        self._tell(silent)

    async def _ask(self, name: str, silent: list[str]) -> None:
        try:
            found = [Offer.of(each) for each in await self._desk.providers.models(name)]
        except DeskError:
            silent.append(name)
            found = []
        self._offers = sorted([*self._offers, *found], key=lambda each: each.service)
        self.progress.setValue(self.progress.value() + 1)
        self._show_matching()

    def _tell(self, silent: Sequence[str]) -> None:
        if silent:
            self.note.setText(
                tr("%1 did not tell its models; one can be typed as provider/model.", ", ".join(silent))
            )
        elif not self._offers:
            self.note.setText(tr("No model is known here; type one as provider/model."))
        else:
            self.note.setText(tr("A model that is not in the list can be typed as provider/model."))

    def _on_typed(self, typed: str) -> None:
        self.complaint.hide()
        self._narrowed_by = typed
        self._show_matching()

    def _show_matching(self) -> None:
        self.offers.show_offers(matching(self._offers, self._narrowed_by))
        place = self.offers.place_of(self._meant())
        if place is None:
            self.list.clearSelection()
        else:
            self.list.setCurrentIndex(self.offers.index(place))

    def _on_chosen(self) -> None:
        chosen = [self.offers.offers[index.row()].service for index in self.list.selectedIndexes()]
        if chosen and chosen != [self._meant()]:
            self._put_name(chosen[0])

    def _go_into_list(self) -> None:
        self.list.setFocus()
        if not self.list.selectedIndexes():
            self.list.setCurrentIndex(self.offers.index(0))
        self._put_name(self._meant())

    def _put_name(self, service: str) -> None:
        self.complaint.hide()
        with QSignalBlocker(self.search):
            self.search.setText(service)

    def _meant(self) -> str:
        """By what stands in the field."""
        return meant(self.search.text().strip(), self.offers.offers, self._desk.settings)

    def _on_activated(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._on_add()

    def _on_add(self) -> None:
        try:
            entry = wanted(self._meant(), self._tier, self._desk.settings)
        except UserError as error:
            self.complaint.setText(f"⚠ {error}")
            self.complaint.show()
            self.search.setFocus()
            return
        self.chosen.emit(entry)
        self.accept()
