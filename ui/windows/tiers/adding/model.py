"""The models that can be added, as rows of a list."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.mistakes import called_by_qt
from ui.windows.tiers.adding.wanted import Offer

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class OffersModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.offers: Sequence[Offer] = ()

    def place_of(self, service: str) -> int | None:
        return next((place for place, offer in enumerate(self.offers) if offer.service == service), None)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        if list(offers) != list(self.offers):
            self.beginResetModel()
            self.offers = offers
            self.endResetModel()

    @called_by_qt
    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self.offers)

    @called_by_qt
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        offer = self.offers[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{offer.service}   {offer.details}"
            case _:
                return None
