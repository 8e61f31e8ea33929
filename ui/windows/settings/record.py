"""How much of the record is kept, how large it is, and how much may be spent."""

import asyncio

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.preferences.preferences import Standing
from app.preferences.record_facts import RecordFacts, older_than
from app.record.contents import size_told
from ui.theme.roles import with_role
from ui.widgets.fields import Choice, NumberField
from ui.windows.settings.row import Row
from ui.windows.settings.section import Section, Surroundings
from ui.windows.settings.wording import days
from ui.words import UNKNOWN, count, moment, money

_DAYS = ("ledger", "retention_days")
_SIZE = ("ledger", "max_mb")
_ACTION = ("budgets", "action")
_MOST_DAYS, _MOST_MB, _MOST_DOLLARS = 36500, 1048576, 1_000_000
_MB = 1024 * 1024


class RecordSection(Section):
    """What would make the record forget at once is asked about first."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("Record and budgets"), around)
        self._size: int | None = None
        """Of the record; None as long as that is not known."""
        self.figures = Figures()
        self.days = NumberField(1, _MOST_DAYS, unit=self.tr(" days"))
        self.days.settled.connect(lambda wanted: around.do(self._keep_days(int(wanted))))
        self.most = NumberField(1, _MOST_MB, unit=self.tr(" MB"))
        self.most.settled.connect(lambda size: around.do(self._keep_size(int(size))))
        self.days_row = Row(
            self.tr("Keep exchanges fo&r"),
            self.days,
            self.tr("Older ones go from the record. The sums of each day stay."),
        )
        self.most_row = Row(
            self.tr("At &most"), self.most, self.tr("Where the record grows larger, the oldest goes first.")
        )
        self.daily = self._budget()
        self.monthly = self._budget()
        self.daily_row = Row(self.tr("&Daily budget"), self.daily, self.tr("In dollars, by the local day."))
        self.monthly_row = Row(self.tr("Mo&nthly budget"), self.monthly, self.tr("In dollars, by the month."))
        self.daily.settled.connect(lambda sum_: self._set_budget("daily_usd", sum_))
        self.monthly.settled.connect(lambda sum_: self._set_budget("monthly_usd", sum_))
        self.action = Choice(
            (
                ("warn", self.tr("Say so")),
                ("cheaper", self.tr("Use the cheapest tier")),
                ("stop", self.tr("Use nothing that costs")),
            )
        )
        self.action.chosen.connect(self._on_action)
        self.action_row = Row(
            self.tr("&Beyond a budget"),
            self.action,
            self.tr(
                "Use nothing that costs: local models go on, all else is refused until the day or month ends."
            ),
        )
        pairs = ((self.days, self.days_row), (self.most, self.most_row))
        for field, row in (*pairs, (self.daily, self.daily_row), (self.monthly, self.monthly_row)):
            field.judged.connect(row.complain)
        self.add(
            self.figures, self.days_row, self.most_row, self.daily_row, self.monthly_row, self.action_row
        )

    def show_values(self, standing: Standing) -> None:
        written = standing.written
        self.days.show_value(written.ledger.retention_days)
        self.most.show_value(written.ledger.max_mb)
        self.daily.show_value(written.budgets.daily_usd)
        self.monthly.show_value(written.budgets.monthly_usd)
        self.action.show_value(written.budgets.action)

    def show_facts(self, facts: RecordFacts) -> None:
        self._size = facts.size
        self.figures.show_facts(facts)

    def fail(self, sentence: str) -> None:
        """The record could not be read."""
        self._size = None
        self.figures.fail(sentence)

    def _budget(self) -> NumberField:
        return NumberField(0, _MOST_DOLLARS, decimals=2, unit=self.tr(" $"), none=self.tr("no limit"))

    def _set_budget(self, key: str, dollars: float) -> None:
        row = self.daily_row if key == "daily_usd" else self.monthly_row
        if not dollars:
            told = (
                self.tr("There is no daily limit.")
                if row is self.daily_row
                else self.tr("There is no monthly limit.")
            )
        else:
            told = (
                self.tr("The daily budget is %1.")
                if row is self.daily_row
                else self.tr("The monthly budget is %1.")
            )
        self.set(row, ("budgets", key), dollars, told.replace("%1", money(dollars)))

    def _on_action(self, action: str) -> None:
        told = self.tr("Beyond a budget: %1.").replace("%1", self.action.currentText().lower())
        self.set(self.action_row, _ACTION, action, told)

    async def _keep_days(self, wanted: int) -> None:
        gone = await asyncio.to_thread(older_than, self.around.home.database, wanted)
        details = self.tr(
            "Exchanges that are older (about %1) go from the record at once. That cannot be undone; "
            "a backup made before would keep them."
        )
        if await self._agreed(gone, details.replace("%1", count(gone))):
            told = self.tr("Exchanges are kept for %1.").replace("%1", days(wanted))
            work = self.around.preferences.set(_DAYS, wanted)
            await self.done(self.days_row, work, told, has_way_back=not gone)

    async def _keep_size(self, size: int) -> None:
        over = 1 if self._size is None else self._size - size * _MB
        large = UNKNOWN if self._size is None else size_told(self._size)
        details = self.tr(
            "The record is %1 large. The oldest exchanges go at once until it fits. That cannot be undone; "
            "a backup made before would keep them."
        )
        if await self._agreed(over, details.replace("%1", large)):
            told = self.tr("The record takes %1 MB at most.").replace("%1", count(size))
            work = self.around.preferences.set(_SIZE, size)
            await self.done(self.most_row, work, told, has_way_back=over <= 0)

    async def _agreed(self, loss: int, details: str) -> bool:
        if loss <= 0:
            return True
        self.end_if_gone()
        if await self.around.host.confirmed(self.tr("Shorten the record?"), details, self.tr("&Shorten it")):
            return True
        self.go_back()
        return False


class Figures(QWidget):
    """How large the record is, in three figures."""

    def __init__(self) -> None:
        super().__init__()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 4, 0, 10)
        columns.setSpacing(24)
        names = (self.tr("Size now"), self.tr("Exchanges"), self.tr("Oldest"))
        self._values = {name: QLabel(UNKNOWN) for name in names}
        for name, value in self._values.items():
            column = QVBoxLayout()
            column.setSpacing(1)
            column.addWidget(with_role(QLabel(name), "muted"))
            column.addWidget(value)
            columns.addLayout(column)
        self._problem = with_role(QLabel(), "bad")
        self._problem.setWordWrap(True)
        columns.addWidget(self._problem, 1)

    def show_facts(self, facts: RecordFacts) -> None:
        told = (size_told(facts.size), count(facts.exchanges), moment(facts.oldest))
        for (name, value), text in zip(self._values.items(), told, strict=True):
            value.setText(text)
            value.setAccessibleName(f"{name}: {text}")
        self._problem.setText("")

    def fail(self, sentence: str) -> None:
        self._problem.setText(f"⚠ {sentence}")
