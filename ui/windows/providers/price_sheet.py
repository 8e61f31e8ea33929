"""The dialog for what a model costs, where the user knows it better than the price list."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from ui.windows.providers.labels import wrapped
from ui.windows.providers.sheet import Sheet
from ui.windows.providers.words import later, tr

SetPrice = Callable[[Mapping[str, float]], Awaitable[None]]
"""None at all takes them back."""

_MOST: Final = 1_000_000.0
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
        self._wanted: Mapping[str, float] | None = None
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
            label = QLabel(tr(title))
            label.setBuddy(field)
            field.setAccessibleName(tr(title).replace("&", ""))
            field.setPlaceholderText(tr("unknown"))
            field.setFixedWidth(150)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self.content.addLayout(grid)
        self.take_back = QPushButton(tr("&Take back"))
        self.take_back.setAutoDefault(False)
        self.take_back.setToolTip(tr("The price list that came with Tierwise holds again"))
        self.take_back.clicked.connect(self._on_take_back)
        self.take_back.setVisible(is_own)
        self.buttons.insertWidget(0, self.take_back)
        self.fields["input"].setFocus()

    def problem(self) -> str:
        if self._wanted is not None:
            return ""
        prices, wrong = self._read()
        if wrong is not None:
            wrong.setFocus()
            wrong.selectAll()
            name = wrong.accessibleName()
            return tr("%1: a number from 0 to 1000000 is wanted, such as 0.25.", name)
        return "" if prices else tr("Give at least one price, or cancel.")

    async def submit(self) -> None:
        wanted, self._wanted = self._wanted, None
        await self._set_price(self._read()[0] if wanted is None else wanted)

    def _on_take_back(self) -> None:
        self._wanted = {}
        self.work()

    def _read(self) -> tuple[dict[str, float], QLineEdit | None]:
        """The prices, and the first field that holds none."""
        prices: dict[str, float] = {}
        for kind, field in self.fields.items():
            text = field.text().strip().removeprefix("$").replace(",", ".")
            if not text:
                continue
            try:
                prices[kind] = float(text)
            except ValueError:
                return prices, field
            if not 0 <= prices[kind] <= _MOST:
                return prices, field
        return prices, None


def _written(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.10g}"
