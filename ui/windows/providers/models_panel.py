"""The models of the chosen provider: what each can do, what it costs, and a place for it in a tier."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.tiers.lists import Manner, listed
from proxy.config import ServiceEntry, TierName
from proxy.config.switch import Switch, tier_services
from ui.frame.panel import Panel
from ui.models.columns import Column
from ui.switching import told_undoable
from ui.widgets.told_table import ToldTable
from ui.windows.providers.labels import wrapped
from ui.windows.providers.models import Row, list_told, matching, own_price, told
from ui.windows.providers.price_sheet import PriceSheet
from ui.windows.providers.served import served
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.tier_menu import TierMenu
from ui.windows.providers.words import several, tr

_ROWS_SHOWN = 8


class ModelsPanel(Panel):
    """What is done concerns the row that one is at."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(tr("Models"))
        self._around = around
        self._name = ""
        self._rows: list[Row] = []
        columns = (
            Column(tr("Model"), lambda row: row["model"]),
            Column(tr("Context"), lambda row: row["context"], is_number=True, characters=8),
            Column(tr("Tools"), lambda row: row["tools"], characters=6),
            Column(tr("Images"), lambda row: row["vision"], characters=7),
            Column(tr("Thinking"), lambda row: row["thinking"], characters=8),
            Column(tr("In / out"), lambda row: row["price"], is_number=True, characters=14, tip=_price_tip),
            Column(tr("Tiers"), lambda row: row["tiers_told"], characters=12),
        )
        self.told = ToldTable(
            columns, lambda row: row["service"], tr("Models"), told, _ROWS_SHOWN, spare=(2, 3, 4)
        )
        self.table = self.told.table
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search models"))
        self.search.setAccessibleName(tr("Search models"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(220)
        self.search.textChanged.connect(self._show_matching)
        self.add_to_head(self.search)
        self.use = QPushButton(tr("&Use in tier"))
        self.menu = TierMenu(self._use, self.use)
        self.use.setMenu(self.menu)
        self.price = QPushButton(tr("Pri&ce …"))
        self.price.clicked.connect(lambda: around.do(self._edit_price()))
        self.note = wrapped("muted")
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.fill(self._content())

    @property
    def row(self) -> Row | None:
        """The one that is chosen."""
        current = self.table.currentIndex()
        return dict(self.told.model.row(current)) if current.isValid() else None  # type: ignore[call-overload] # a row

    @property
    def names(self) -> list[str]:
        return [row["model"] for row in self._rows]

    @property
    def _is_on(self) -> bool:
        config = self._around.desk.settings.providers.get(self._name)
        return config is not None and config.enabled

    def wait_for(self, name: str) -> None:
        """Its list is asked for."""
        self._name, self._rows = name, []
        self.search.clear()
        self.told.show_rows([])
        self.empty(tr("Asking %1 for its models …", name))

    def show_models(self, rows: Sequence[Row]) -> None:
        self._rows = list(rows)
        self.search.setVisible(bool(rows))
        if not rows:
            self.empty(tr("%1 has told of no models, and none is configured.", self._name))
            return
        self._show_matching()
        self.ready()

    def _show_matching(self) -> None:
        rows = matching(self._rows, self.search.text())
        self.told.show_rows(rows)
        if not self.table.currentIndex().isValid() and rows:
            self.table.selectRow(0)
        self.note.setText(
            list_told(self._rows, is_on=self._is_on)
            if len(rows) == len(self._rows)
            else several(len(rows), "%1 model of %2", "%1 models of %2", str(len(self._rows)))
        )
        self.note.setVisible(bool(self.note.text()))
        self._on_current()

    def _on_current(self, *_: object) -> None:
        row = self.row
        for button in (self.use, self.price):
            button.setEnabled(row is not None)
        if row is not None:
            self.menu.tell(row["tiers"])
            self.use.setAccessibleName(tr("Use %1 in a tier", row["model"]))
            self.price.setAccessibleName(tr("Price of %1", row["model"]))

    def _use(self, tier: TierName, manner: Manner) -> None:
        if (row := self.row) is not None:
            self._around.do(self._used(self._name, row["model"], tier, manner))

    async def _used(self, name: str, model: str, tier: TierName, manner: Manner) -> None:
        desk = self._around.desk
        service = ServiceEntry(name, model)
        services = listed(desk.settings, tier, [service], manner)
        switch = Switch(tier_services(tier), value=tuple(services))
        outcome = await desk.switch(switch)
        sentence = served(desk.settings, tier, service, manner)
        await told_undoable(
            desk, self._around.host, sentence, [switch.what], lambda: desk.switch(*outcome.undo)
        )

    async def _edit_price(self) -> None:
        if (row := self.row) is None:
            return
        desk, service = self._around.desk, row["service"]
        own = own_price(desk.settings, service)
        before: Mapping[str, float] = own

        async def set_price(prices: Mapping[str, float]) -> None:
            nonlocal before
            before = own_price(desk.settings, service)  # it may have been changed while the sheet stood there
            await desk.set_price(service, prices)

        sheet = PriceSheet(self.window(), service, own or row["rates"] or {}, set_price, is_own=bool(own))
        if await sheet.answered():
            sentence = tr("The price of %1 is changed; what is in the record is priced anew.", service)
            await told_undoable(
                desk,
                self._around.host,
                sentence,
                [("prices", service)],
                lambda: desk.set_price(service, before),
            )

    def _content(self) -> QWidget:
        content = QWidget()
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.use)
        below.addWidget(self.price)
        below.addWidget(self.note, 1)
        below.addStretch()
        rows = QVBoxLayout(content)
        rows.setSpacing(10)
        rows.addWidget(self.told)
        rows.addLayout(below)
        return content


def _price_tip(_row: object) -> str:
    return tr("US dollars for a million tokens, in and out")
