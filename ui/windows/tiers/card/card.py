"""The card of a tier."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.settings import Settings
from proxy.config import TierName
from proxy.config.services import Tactic
from proxy.config.switch import Until, What
from ui.frame.panel import Panel
from ui.widgets.fields import Choice
from ui.widgets.wrapped import wrapped
from ui.windows.tiers.card.actions import ServiceActions
from ui.windows.tiers.card.around import Around
from ui.windows.tiers.card.details import Details
from ui.windows.tiers.card.doing import Doing
from ui.windows.tiers.card.head import TierSwitch
from ui.windows.tiers.card.service_list import ServiceList
from ui.windows.tiers.lines import Prices, lines_of
from ui.windows.tiers.speech import tr
from ui.windows.tiers.state import Known
from ui.windows.tiers.thresholds.legend import Chip, put_before
from ui.windows.tiers.traffic import accuracy_words, share_words, where_it_goes
from ui.windows.tiers.words import TACTICS, TIER_WORDS


class TierCard(Panel):
    def __init__(self, tier: TierName, around: Around) -> None:
        super().__init__(tier)
        self.tier, self._around = tier, around
        self._tactic: Tactic = "priority"
        put_before(Chip(tier), self.title)
        self.switch = TierSwitch(tier)
        self.add_to_head(self.switch)
        self.traffic = wrapped("warn")
        self.share = wrapped("muted")
        self.accuracy = wrapped("muted")
        self.tactic = Choice([(name, tr(words[0])) for name, words in TACTICS.items()])
        self.tactic.setAccessibleName(tr("Tactic of %1", tier))
        self.tactic.chosen.connect(lambda name: around.do(self._set_tactic(name)))
        self.tactic_meaning = wrapped("muted")
        self.services = ServiceList(tier, around.page)
        self.service_actions = ServiceActions(self.services)
        self.details = Details(tier)
        self.add = QPushButton(tr("Add …"))
        self.add.setAccessibleName(tr("Add a service to %1", tier))
        self.add.clicked.connect(lambda: around.add(tier))
        self.doing = Doing(self.services, self.service_actions, self.details, around)
        self.switch.wished.connect(self.doing.switch)
        self.services.current_changed.connect(self._show_current)
        self.fill(self._content())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_settings(
        self, settings: Settings, ends: Mapping[What, Until], known: Known, prices: Prices | None
    ) -> None:
        pool = settings.tier(self.tier)
        self._tactic = pool.tactic
        self.switch.show_state(is_on=pool.enabled)
        told = where_it_goes(settings, self.tier, ends)
        self.traffic.setText(f"▲ {told}")
        self.traffic.setVisible(bool(told))
        how_often = accuracy_words(known.accuracy, self.tier)
        self.accuracy.setText(how_often)
        self.accuracy.setVisible(bool(how_often))
        if not self.tactic.view().isVisible():
            self.tactic.show_value(pool.tactic)
        self.tactic_meaning.setText(tr(TACTICS[pool.tactic][1]))
        self.tactic.setAccessibleDescription(self.tactic_meaning.text())
        self.services.show_lines(lines_of(self.tier, settings, known, prices))
        self._show_current()
        self.ready()

    def show_usage(self, usage: Mapping[str, Any]) -> None:
        self.share.setText(share_words(usage, self.tier))

    def choose(self, name: str) -> None:
        self.services.choose(name)
        self.services.setFocus()

    # -- within -------------------------------------------------------------------------------------

    def _content(self) -> QWidget:
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setSpacing(6)
        words = wrapped("muted", tr(TIER_WORDS[self.tier]))
        for widget in (words, self.traffic, self.share, self.accuracy):
            rows.addWidget(widget)
        rows.addSpacing(2)
        tactic = QHBoxLayout()
        label = QLabel(tr("Tactic"))
        label.setBuddy(self.tactic)
        tactic.addWidget(label)
        self.tactic.setMinimumWidth(120)
        tactic.addWidget(self.tactic, 1)
        rows.addLayout(tactic)
        rows.addWidget(self.tactic_meaning)
        rows.addWidget(self.services)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch()
        below.addWidget(self.service_actions.buttons())
        rows.addLayout(below)
        rows.addWidget(self.details)
        rows.addStretch()
        return content

    def _show_current(self) -> None:
        index = self.services.currentIndex()
        line = self.services.services.line(index) if index.isValid() else None
        self.details.show_line(line, self._tactic)
        self.service_actions.heed(has_copied=self._around.copied.held is not None)

    async def _set_tactic(self, name: str) -> None:
        words = next(words for key, words in TACTICS.items() if key == name)
        sentence = tr("%1: %2. %3", self.tier, tr(words[0]), tr(words[1]))
        try:
            await self._around.orders.write(("tiers", self.tier, "tactic"), name, sentence)
        finally:
            self._around.refresh()
