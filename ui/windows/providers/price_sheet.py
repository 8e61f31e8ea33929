"""The dialog for what a model costs, where the user knows it better than the price list."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from ui.windows.providers.labels import named, wrapped
from ui.windows.providers.price_text import price_in, why_no_price
from ui.windows.providers.sheet import Sheet
from ui.windows.providers.words import later, tr

SetPrice = Callable[[Mapping[str, float]], Awaitable[None]]
"""None at all takes them back."""

_FIELDS: Final = (
    ("input", later("&Input")),
    ("output", later("&Output")),
    ("cache_read", later("Input &read from the cache")),
    ("cache_write", later("Input &written to the cache")),
)


class PriceSheet(Sheet):
    """An empty field is a price that nobody knows."""

    def __init__(
        self,
        parent: QWidget,
        service: str,
        known: Mapping[str, float | None],
        set_price: SetPrice,
        *,
        is_own: bool,
    ) -> None:
        super().__init__(parent, tr("Price of %1", service), tr("&Set price"))
        self._set_price = set_price
        self.content.addWidget(wrapped("heading", tr("Price of %1", service)))
        self.content.addWidget(
            wrapped("muted", tr("In US dollars per million tokens. What is left empty is unknown."))
        )
        self.fields: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(0, 1)
        for row, (kind, title) in enumerate(_FIELDS):
            field = self.fields[kind] = QLineEdit(_written(known.get(kind)))
            field.setPlaceholderText(tr("unknown"))
            field.setFixedWidth(150)
            grid.addWidget(named(field, tr(title)), row, 0)
            grid.addWidget(field, row, 1)
        self.content.addLayout(grid)
        self.take_back = QPushButton(tr("&Take back"))
        self.take_back.setAutoDefault(False)
        self.take_back.setToolTip(tr("The price list that came with Tierwise holds again"))
        self.take_back.clicked.connect(lambda: self.carry_out(lambda: set_price({})))
        self.take_back.setVisible(is_own)
        self.buttons.insertWidget(0, self.take_back)
        self.fields["input"].setFocus()

    def problem(self) -> str:
        for field in self.fields.values():
            if told := why_no_price(field.text()):
                field.setFocus()
                field.selectAll()
                return f"{field.accessibleName()}: {told}"
        return "" if self._prices() else tr("Give at least one price, or cancel.")

    async def submit(self) -> None:
        await self._set_price(self._prices())

    def _prices(self) -> dict[str, float]:
        return {kind: price_in(text) for kind, field in self.fields.items() if (text := field.text().strip())}


def _written(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.10g}"
