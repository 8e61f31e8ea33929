"""The filters above the log: what is chosen in them is one value, and their choices come from the record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QWidget

from proxy.exchange import Origin
from proxy.ledger.queries.usage import NOBODYS_NAME
from ui.widgets.flow import Flow
from ui.windows.logs.wanted import Since, Wanted

_CHARACTERS: Final = 7
"""Of a name that are seen; all of it is in the list and in the tip."""
_AIR: Final = 28
_DAY: Final = 86_400


class FilterBar(QWidget):
    """`changed` is emitted when the user has chosen something else."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wanted = Wanted()
        self.client = self._names(self.tr("Any client"), self.tr("Client"))
        self.provider = self._names(self.tr("Any provider"), self.tr("Provider"))
        self.model = self._names(self.tr("Any model"), self.tr("Model"))
        self.tier = self._names(self.tr("Any tier"), self.tr("Tier"))
        self.since = self._fixed(self.tr("Since"), self._spans())
        self.moment = self._moment()
        self.origin = self._fixed(self.tr("Origin"), self._origins())
        self.errors = QCheckBox(self.tr("Only &errors"))
        self.errors.setMinimumHeight(self.client.sizeHint().height())
        self.errors.clicked.connect(self._on_chosen)
        flow = Flow(self)
        names = (self.client, self.provider, self.model, self.tier)
        for widget in (*names, self.since, self.moment, self.origin, self.errors):
            flow.addWidget(widget)

    @property
    def wanted(self) -> Wanted:
        return self._wanted

    def show_wanted(self, wanted: Wanted) -> None:
        """Show what was chosen elsewhere."""
        self._wanted = wanted
        for combo, value in self._chosen_names().items():
            _choose(combo, getattr(wanted, value))
        _choose(self.since, wanted.since)
        _choose(self.origin, wanted.origin)
        self.errors.setChecked(wanted.errors_only)
        self.moment.setVisible(wanted.since is Since.MOMENT)
        if wanted.since is Since.MOMENT and wanted.moment != self._moment_chosen():
            self.moment.setDateTime(QDateTime.fromMSecsSinceEpoch(wanted.moment))

    def offer(self, choices: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """The names that occur in the record; what is chosen stays, whether or not it is among them."""
        for combo, group in self._chosen_names().items():
            chosen: str = getattr(self._wanted, group)
            names = [each["name"] for each in choices[group]]
            self._fill(combo, names if not chosen or chosen in names else [chosen, *names])
            _choose(combo, chosen)

    def _chosen_names(self) -> Mapping[QComboBox, str]:
        return {self.client: "client", self.provider: "provider", self.model: "model", self.tier: "tier"}

    def _fill(self, combo: QComboBox, names: Sequence[str]) -> None:
        if names == [combo.itemData(place) for place in range(1, combo.count())]:
            return
        while combo.count() > 1:
            combo.removeItem(1)
        for name in names:
            combo.addItem(self.tr("None") if name == NOBODYS_NAME else name, name)
        combo.view().setMinimumWidth(combo.view().sizeHintForColumn(0) + _AIR)

    def _names(self, any_of_them: str, name: str) -> QComboBox:
        return self._fixed(name, [(any_of_them, "")])

    def _fixed(self, name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setMinimumContentsLength(_CHARACTERS)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, data in choices:
            combo.addItem(text, data)
        combo.activated.connect(self._on_chosen)
        return combo

    def _moment(self) -> QDateTimeEdit:
        edit = QDateTimeEdit(QDateTime.currentDateTime().addSecs(-_DAY))
        edit.setAccessibleName(self.tr("Received since"))
        edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        edit.setCalendarPopup(True)
        edit.setKeyboardTracking(False)
        edit.dateTimeChanged.connect(self._on_chosen)
        edit.hide()
        return edit

    def _moment_chosen(self) -> int:
        return int(self.moment.dateTime().toMSecsSinceEpoch())

    def _spans(self) -> Sequence[tuple[str, str]]:
        return (
            (self.tr("Any time"), Since.EVER),
            (self.tr("Last hour"), Since.HOUR),
            (self.tr("Today"), Since.TODAY),
            (self.tr("Last 7 days"), Since.WEEK),
            (self.tr("Last 30 days"), Since.MONTH),
            (self.tr("Since …"), Since.MOMENT),
        )

    def _origins(self) -> Sequence[tuple[str, str]]:
        return (
            (self.tr("From clients"), Origin.CLIENT),
            (self.tr("Tests"), Origin.TEST),
            (self.tr("Trials of services"), Origin.PROBE),
            (self.tr("Demo"), Origin.DEMO),
        )

    def _on_chosen(self) -> None:
        since = Since(self.since.currentData())
        chosen = replace(
            self._wanted,
            **{name: combo.currentData() for combo, name in self._chosen_names().items()},
            errors_only=self.errors.isChecked(),
            since=since,
            moment=self._moment_chosen() if since is Since.MOMENT else 0,
            origin=Origin(self.origin.currentData()),
        )
        if chosen != self._wanted:
            self.show_wanted(chosen)
            self.changed.emit()


def _choose(combo: QComboBox, value: str) -> None:
    place = combo.findData(str(value))
    if place < 0:
        combo.addItem(value, value)
        place = combo.count() - 1
    combo.setCurrentIndex(place)
