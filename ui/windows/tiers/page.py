"""Tiers: which services each of the four asks, in which order, and from which score on."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.providers.listing import Row
from app.tiers.models import remarks
from proxy.config import TIER_NAMES, ServiceEntry, TierName
from ui.frame.page import Host, Page
from ui.windows.pointing import Point
from ui.windows.tiers.adding.dialog import AddDialog
from ui.windows.tiers.card.around import Around, Copied
from ui.windows.tiers.card.card import TierCard
from ui.windows.tiers.cards import Cards
from ui.windows.tiers.empty import NoServices
from ui.windows.tiers.lines import Prices
from ui.windows.tiers.lists import with_new
from ui.windows.tiers.orders import Orders
from ui.windows.tiers.proposal.asking import Proposing
from ui.windows.tiers.proposal.panel import ProposalPanel
from ui.windows.tiers.speech import tr
from ui.windows.tiers.state import Known
from ui.windows.tiers.thresholds.panel import ThresholdsPanel
from ui.windows.tiers.thresholds.spread import Scores

_DAYS = 7
_LAST_SEEN_FIRST: TierName = "MEDIUM"
"""The cards of further tiers are below what a window of the usual size shows."""


class TiersPage(Page):
    """`look_at` takes the name of a tier."""

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.heading = self.tr("Tiers")
        self.desk = desk
        self.orders = Orders(desk, host)
        self.cards: dict[TierName, TierCard] = {}
        self.adding: AddDialog | None = None
        self._known = Known()
        self._prices: Prices | None = None
        self._usage: Mapping[str, Any] | None = None
        self._around = Around(
            orders=self.orders,
            host=host,
            do=self.do,
            page=uuid4().hex,
            copied=Copied(),
            add=self._add,
            choose=self._choose,
            refresh=self._show_settings,
        )

    def build(self) -> Iterator[None]:
        self._build_head()
        yield
        self.thresholds = ThresholdsPanel(self.orders, self.do)
        self.rows.addWidget(self.thresholds)
        yield
        self._show_settings()
        self._ask()
        yield
        cards = Cards()
        self.rows.addWidget(cards)
        self.rows.addStretch(1)
        for tier in TIER_NAMES:
            card = self.cards[tier] = TierCard(tier, self._around)
            yield
            self._show_on(card)
            yield
            cards.add(card)
            if tier == _LAST_SEEN_FIRST:
                self.built()
            yield

    def look_at(self, about: object) -> None:
        if about is Point.PROPOSE_TIERS:
            self._propose()
        card = next((card for tier, card in self.cards.items() if tier == about), None)
        if card is not None:
            card.services.setFocus()
            if (area := self._area()) is not None:
                area.ensureWidgetVisible(card)

    def leave(self) -> None:
        if self.adding is not None:
            self.adding.reject()
        super().leave()

    # -- what is asked and shown --------------------------------------------------------------------

    def _ask(self) -> None:
        self.feed(self._settings, self._on_settings, changes={Change.SETTINGS})
        # The keyring is behind the rows: a locked one may ask for its password each time.
        self.feed(self.desk.providers.rows, self._show_rows, changes={Change.PROVIDERS})
        self.feed(self.desk.routing, self._show_health, changes={Change.SETTINGS, Change.HEALTH})
        self.feed(self.desk.prices, self._show_prices, changes={Change.SETTINGS})
        self.feed(partial(self.desk.usage, "7d"), self._show_usage, changes={Change.RECORD})
        self.feed(partial(self.desk.scores, _DAYS), self._show_scores, changes={Change.RECORD})

    async def _settings(self) -> None:
        """They are in memory; `_show_settings` looks at them when it shows them."""

    def _on_settings(self, _nothing: None) -> None:
        self._show_settings()

    def _show_settings(self) -> None:
        settings, ends = self.desk.settings, self.desk.ends()
        is_empty = not any(settings.tier(tier).services for tier in TIER_NAMES)
        self.empty.setVisible(is_empty and self.proposal.isHidden())
        self.thresholds.show_routing(settings.routing, ends)
        for card in self.cards.values():
            card.show_settings(settings, ends, self._known, self._prices)

    def _show_on(self, card: TierCard) -> None:
        """What is known so far."""
        card.show_settings(self.desk.settings, self.desk.ends(), self._known, self._prices)
        if self._usage is not None:
            card.show_usage(self._usage)

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self._known = replace(self._known, providers={row.name: row for row in rows})
        self._show_settings()

    def _show_health(self, routing: Mapping[str, Any]) -> None:
        breakers, marks = routing["circuitBreakers"], routing["marks"]
        self._known = replace(
            self._known,
            breakers=breakers if isinstance(breakers, list) else (),
            marks=marks if isinstance(marks, list) else (),
            accuracy=routing["accuracy"] if "tiers" in routing["accuracy"] else None,
        )
        self._show_settings()

    def _show_prices(self, told: Mapping[str, Any]) -> None:
        self._prices = {each["service"]: each for each in told["services"]}
        self._show_settings()

    def _show_usage(self, usage: Mapping[str, Any]) -> None:
        self._usage = usage
        for card in self.cards.values():
            card.show_usage(usage)

    def _show_scores(self, scores: Scores) -> None:
        self.thresholds.show_scores(scores)

    # -- what is done -------------------------------------------------------------------------------

    def _add(self, tier: TierName) -> None:
        if self.adding is not None:
            return
        self.adding = AddDialog(self.desk, tier, self)
        self.adding.chosen.connect(lambda entry: self.do(self._added(entry, tier)))
        self.adding.finished.connect(self._on_adding_ended)
        self.adding.begin()

    def _on_adding_ended(self) -> None:
        self.adding = None

    async def _added(self, entry: ServiceEntry, tier: TierName) -> None:
        """A model that nobody has heard of is added all the same, with a remark."""
        remark = await asyncio.to_thread(self._remark, entry)
        if await self.orders.rearrange(lambda settings: with_new(settings, entry, tier), remark):
            self._choose(tier, entry.name)

    def _remark(self, entry: ServiceEntry) -> str:
        servers = self.desk.program.local_servers()
        return "" if servers is None else " ".join(remarks([entry], self.desk.settings, servers))

    def _choose(self, tier: TierName, name: str) -> None:
        self._show_settings()
        self.cards[tier].choose(name)

    def _propose(self) -> None:
        self.empty.hide()
        self.do(self.proposal.ask())

    def _on_proposal_closed(self) -> None:
        self._show_settings()
        self.propose.setFocus()

    # -- within -------------------------------------------------------------------------------------

    def _build_head(self) -> None:
        self.propose = QPushButton(tr("&Propose tiers …"))
        self.propose.setToolTip(tr("By the model servers and keys on this computer"))
        self.propose.clicked.connect(self._propose)
        head = QHBoxLayout()
        head.addWidget(self.title(self.tr("Tiers")))
        head.addStretch()
        head.addWidget(self.propose)
        self.rows.addLayout(head)
        self.proposal = ProposalPanel(Proposing(self.desk), self.host, self.do)
        self.proposal.closed.connect(self._on_proposal_closed)
        self.rows.addWidget(self.proposal)
        self.empty = NoServices()
        self.empty.propose.clicked.connect(self._propose)
        self.empty.providers.clicked.connect(lambda: self.host.go_to("providers"))
        self.empty.hide()
        self.rows.addWidget(self.empty)

    def _area(self) -> QScrollArea | None:
        widget: QWidget | None = self.parentWidget()
        while widget is not None and not isinstance(widget, QScrollArea):
            widget = widget.parentWidget()
        return widget
