"""The models that can be added, as rows of a list."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from ui.windows.tiers.adding.wanted import Offer

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class OffersModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.offers: Sequence[Offer] = ()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        if list(offers) != list(self.offers):
            self.beginResetModel()
            self.offers = offers
            self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self.offers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        offer = self.offers[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{offer.service}   {offer.details}"
            case _:
                return None
