"""What is stored and what never leaves: told in plain words, and the two things that change it."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.preferences.preferences import Standing
from app.preferences.record_facts import RecordFacts, said_before
from ui.theme.roles import with_role
from ui.widgets.fields import NumberField
from ui.widgets.switch import Switch
from ui.windows.settings.row import Row
from ui.windows.settings.section import Section, Surroundings
from ui.windows.settings.wording import days
from ui.words import count

_DAYS = ("ledger", "keep_bodies_days")
_USUAL_DAYS, _MOST_DAYS = 7, 36500


class PrivacySection(Section):
    """Whatever makes more be kept, or what is kept be deleted, is asked about first."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(self.tr("Privacy"), around)
        self._kept: int | None = None
        """Requests whose words are kept; None as long as that is not known."""
        self.keeps = Switch()
        self.keeps.clicked.connect(lambda on: around.do(self._keep() if on else self._forget()))
        self.days = NumberField(1, _MOST_DAYS, unit=self.tr(" days"))
        self.days.settled.connect(lambda wanted: around.do(self._keep_for(int(wanted))))
        self.local_only = Switch()
        self.local_only.clicked.connect(lambda on: around.do(self._only_local(is_on=on)))
        self.keeps_row = Row(self.tr("&Keep prompts and answers"), self.keeps)
        self.days_row = Row(
            self.tr("Keep them &for"),
            self.days,
            self.tr("Older ones are deleted by themselves. They are in no backup."),
        )
        self.days.judged.connect(self.days_row.complain)
        self.local_row = Row(self.tr("Only &local models"), self.local_only)
        self.add(self._told(), self.keeps_row, self.days_row, self.local_row)

    def show_values(self, standing: Standing) -> None:
        kept_for = standing.written.ledger.keep_bodies_days
        self.keeps.setChecked(kept_for > 0)
        self.days.show_value(kept_for or _USUAL_DAYS)
        self.show_row(self.days_row, is_shown=kept_for > 0)
        self.local_only.setChecked(standing.in_force.routing.local_only)
        self._explain()
        self.local_row.explain(self._meaning_of_local(standing))

    def show_facts(self, facts: RecordFacts) -> None:
        self._kept = facts.said
        self._explain()

    def forget_facts(self) -> None:
        """The record could not be read."""
        self._kept = None
        self._explain()

    def _told(self) -> QWidget:
        both = QWidget()
        columns = QHBoxLayout(both)
        columns.setContentsMargins(0, 6, 0, 10)
        columns.setSpacing(24)
        columns.addWidget(
            _list(
                self.tr("Stored on this computer"),
                self.tr(
                    "Of each request the time, client, models, tokens, cost and why it went where it went"
                ),
                self.tr("Your settings in config.toml"),
                self.tr("Logs, without prompts and answers"),
            ),
            1,
        )
        columns.addWidget(
            _list(
                self.tr("Not stored"),
                self.tr("Prompts and answers, unless you switch it on below"),
                self.tr("API keys: they are in the keyring of the system"),
                self.tr("Nothing is reported to anybody: only the providers that answer see requests"),
            ),
            1,
        )
        return both

    def _explain(self) -> None:
        if not self.keeps.isChecked():
            told = self.tr("Off: what you and the models write is not stored.")
        else:
            told = self.tr("On: they are stored compressed, with keys taken out. Requests kept now: %1.")
        self.keeps_row.explain(told.replace("%1", count(self._kept)))

    def _meaning_of_local(self, standing: Standing) -> str:
        written, in_force = standing.written.routing.local_only, standing.in_force.routing.local_only
        told = self.tr(
            "Requests are answered on this computer or not at all; nothing goes to a hosted model."
        )
        if written == in_force:
            return told
        state = self.tr("on") if in_force else self.tr("off")
        return f"{told} " + self.tr("It is %1 for a while only.").replace("%1", state)

    async def _keep(self) -> None:
        database = str(self.around.home.database)
        if await self.around.host.confirmed(
            self.tr("Keep prompts and answers?"),
            self.tr(
                "Everything that you and the models write from now on is stored in %1, for %2. "
                "Whoever can read that file can read it."
            )
            .replace("%1", database)
            .replace("%2", days(self.days.value())),
            self.tr("&Keep them"),
        ):
            wanted = int(self.days.value())
            told = self.tr("Prompts and answers are kept for %1.").replace("%1", days(wanted))
            await self.written(self.keeps_row, _DAYS, wanted, told)
        else:
            self.go_back()

    async def _forget(self) -> None:
        """No way back is offered: what was deleted would not return with it."""
        if self._kept == 0 or await self.around.host.confirmed(
            self.tr("Delete the prompts and answers that are kept?"),
            self.tr(
                "No more are kept from now on, and those that are (requests: %1) are deleted at once. "
                "That cannot be undone."
            ).replace("%1", count(self._kept)),
            self.tr("&Delete them"),
        ):
            told = self.tr("Prompts and answers are not kept any more.")
            work = self.around.preferences.set(_DAYS, 0)
            await self.done(self.keeps_row, work, told, has_way_back=self._kept == 0)
        else:
            self.go_back()

    async def _keep_for(self, wanted: int) -> None:
        gone = await asyncio.to_thread(said_before, self.around.home.database, wanted)
        if gone:
            self.end_if_gone()
        if not gone or await self.around.host.confirmed(
            self.tr("Keep prompts and answers for only %1?").replace("%1", days(wanted)),
            self.tr("Older ones (about %1) are deleted at once.").replace("%1", count(gone)),
            self.tr("&Delete them"),
        ):
            told = self.tr("Prompts and answers are kept for %1.").replace("%1", days(wanted))
            work = self.around.preferences.set(_DAYS, wanted)
            await self.done(self.days_row, work, told, has_way_back=not gone)
        else:
            self.go_back()

    async def _only_local(self, *, is_on: bool) -> None:
        consequence = self.around.preferences.consequence_of_local_only(is_on=is_on)
        if not consequence or await self.around.host.confirmed(
            self.tr("Use only local models?"), consequence, self.tr("&Only local models")
        ):
            told = (
                self.tr("Only models on this computer answer now.")
                if is_on
                else self.tr("Hosted models may answer again.")
            )
            work = self.around.preferences.set_local_only(is_on=is_on)
            await self.done(self.local_row, work, told)
        else:
            self.go_back()


def _list(title: str, *lines: str) -> QWidget:
    widget = QWidget()
    rows = QGridLayout(widget)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setVerticalSpacing(3)
    rows.setColumnStretch(1, 1)
    rows.addWidget(QLabel(title), 0, 0, 1, 2)
    for place, line in enumerate(lines, start=1):
        label = with_role(QLabel(line), "muted")
        label.setWordWrap(True)
        rows.addWidget(with_role(QLabel("•"), "muted"), place, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(label, place, 1)
    rows.setRowStretch(len(lines) + 1, 1)
    return widget
