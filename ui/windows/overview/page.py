"""The overview: what happens today, how the week went, who answers how well, and what needs the user."""

import asyncio
import time
from collections.abc import Collection, Iterator
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.desk.changes import Change
from app.desk.desk import Desk
from ui.frame.page import GAP, Host, Page
from ui.frame.panel import Panel
from ui.widgets.beside import Beside
from ui.widgets.charts.data import Figure
from ui.windows.overview.beginning import Beginning, MakeFirstSteps
from ui.windows.overview.budgets_panel import BudgetsPanel
from ui.windows.overview.concern import Known
from ui.windows.overview.concerns import concerns
from ui.windows.overview.figure_panel import FigurePanel
from ui.windows.overview.figures import cost_told, requests_told, saved_told, tokens_told, trends
from ui.windows.overview.head import Head
from ui.windows.overview.health import provider_rows, usable_names
from ui.windows.overview.health_panel import health_panel
from ui.windows.overview.mending import mended
from ui.windows.overview.orders import Order
from ui.windows.overview.recent_panel import recent_panel
from ui.windows.overview.speech import Part, failure
from ui.windows.overview.tiers import day_names
from ui.windows.overview.tiers_panels import DaysPanel, MixPanel
from ui.windows.overview.warnings_panel import WarningsPanel

_TOLD = (requests_told, cost_told, saved_told, tokens_told)
_EVERYTHING = frozenset(Change)
_SHORTEST_DAY_MS = 1000
_A_LITTLE_LATER_MS = 50
"""So that what ends by itself has ended when it is asked about."""
_FIGURE_WIDTH = 25
_CHART_WIDTH = 44
"""In characters: panels that would be narrower stand below each other."""


class OverviewPage(Page):
    """Three questions keep it alive; its warnings come from what all of them have answered so far.

    `judged` is emitted when what has come is on show, warnings included.
    """

    judged = Signal()

    def __init__(self, desk: Desk, host: Host, first_steps: MakeFirstSteps | None = None) -> None:
        """`first_steps` are made while no provider is configured; without them a warning says so."""
        super().__init__(desk, host)
        self.beginning = Beginning(first_steps, host.go_to)
        self.heading = self.tr("Overview")
        self._desk = desk
        self._overview: Part | None = None
        self._usage: Part | None = None
        self._routing: Part | None = None
        self._is_first_answered = asyncio.Event()
        self._of_overview: list[Panel] = []
        self._of_usage: list[Panel] = []
        self._of_routing: list[Panel] = []
        self._judging = QTimer(self)
        self._judging.setSingleShot(True)
        self._judging.timeout.connect(self._judge)
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self.refresh)
        self._end_of_override = QTimer(self)
        self._end_of_override.setSingleShot(True)
        self._end_of_override.timeout.connect(self.refresh)

    def build(self) -> Iterator[None]:
        self.head = Head(self.title(self.heading), self._copy)
        self.head.tell(self._desk.standing())
        self.warnings = WarningsPanel(self._mend)
        self.rows.addWidget(self.head)
        self.rows.addWidget(self.beginning)
        self.rows.addWidget(self.warnings)
        self._ask()  # answered while the rest is being made
        yield
        self.figures = (
            FigurePanel(self.tr("Requests today"), self.tr("Requests of the last 7 days")),
            FigurePanel(self.tr("Cost today"), self.tr("Cost of the last 7 days")),
            FigurePanel(self.tr("Saved today"), self.tr("Savings of the last 7 days")),
            FigurePanel(self.tr("Tokens today"), self.tr("Tokens of the last 7 days")),
        )
        self.beside = Beside(self.figures, _FIGURE_WIDTH, (4, 2), GAP)
        self.rows.addWidget(self.beside)
        self.budgets = BudgetsPanel()
        self.rows.addWidget(self.budgets)
        yield
        self.days, self.mix = DaysPanel(), MixPanel(lambda: self.host.go_to("tiers"))
        self.rows.addWidget(Beside((self.days, self.mix), _CHART_WIDTH, (2, 1), GAP, shares=(5, 3)))
        yield
        self.health = health_panel(lambda name: self.host.go_to("providers", name))
        self.rows.addWidget(self.health)
        yield
        self.recent = recent_panel(lambda id_: self.host.go_to("logs", id_))
        self.rows.addWidget(self.recent)
        self.rows.addStretch()
        self._of_overview += (*self.figures, self.recent)
        self._of_usage += (self.days, self.mix)
        self._of_routing.append(self.health)
        yield
        self._judge()

    def _ask(self) -> None:
        """The figures come first: three questions at once would each take longer."""
        desk = self._desk

        async def overview() -> dict[str, Any]:
            try:
                return await desk.overview()
            finally:
                self._is_first_answered.set()

        async def usage() -> dict[str, Any]:
            await self._is_first_answered.wait()
            return await desk.usage("7d")

        async def routing() -> dict[str, Any]:
            await self._is_first_answered.wait()
            return await desk.routing()

        self.feed(overview, self._show_overview, changes=_EVERYTHING, panels=self._of_overview)
        self.feed(usage, self._show_usage, changes={Change.RECORD}, panels=self._of_usage)
        self.feed(routing, self._show_routing, changes=_EVERYTHING, panels=self._of_routing)

    def leave(self) -> None:
        super().leave()
        self.beginning.clear()

    # -- answers ------------------------------------------------------------------------------------

    def _show_overview(self, overview: dict[str, Any]) -> Iterator[None]:
        self._overview = overview
        self._show_figures(overview["today"], overview["window"])
        self.budgets.show_budgets(overview["budgets"])
        yield
        if not self._failed(overview["recentRequests"], (self.recent,)):
            self.recent.show_rows(overview["recentRequests"])
        yield
        self._show_health()

    def _show_figures(self, today: Part, window: Part) -> None:
        if self._failed(today, self.figures) or self._failed(window, self.figures):
            return
        for panel, told in zip(self.figures, _TOLD, strict=True):
            panel.tell(told(today, window))
        # Then the figures begin anew, though nothing else happens.
        self._midnight.start(max(_SHORTEST_DAY_MS, round(today["until"] - time.time() * 1000)))

    def _show_usage(self, usage: dict[str, Any]) -> Iterator[None]:
        self._usage = usage
        daily = usage["daily"]
        figures: tuple[Figure, ...] = trends(daily, day_names(daily))
        for panel, figure in zip(self.figures, figures, strict=True):
            panel.draw(figure)
        yield
        self.days.show_usage(usage)
        yield
        self.mix.show_usage(usage)
        self._judging.start()

    def _show_routing(self, routing: dict[str, Any]) -> None:
        self._routing = routing
        self._show_health()
        self._wait_for_the_end_of(routing["override"])

    def _wait_for_the_end_of(self, override: Part | None) -> None:
        """One tier for everything ends by itself, and nobody says so."""
        self._end_of_override.stop()
        if override is not None and not failure(override) and override["ends_in"] is not None:
            self._end_of_override.start(round(override["ends_in"] * 1000) + _A_LITTLE_LATER_MS)

    def _show_health(self) -> None:
        """Whose key is missing the one answer tells, how they do the other."""
        if self._routing is not None:
            providers, usable = self._desk.standing().providers, usable_names(self._overview)
            self.health.show_rows(provider_rows(providers, self._routing, usable, time.time()))
        self._judging.start()

    def _judge(self) -> None:
        """Once for all the answers that have come in the meantime."""
        standing = self._desk.standing()
        self.head.tell(standing)
        self.beginning.follow(is_configured=bool(standing.providers))
        known = Known(
            standing=standing,
            now=time.time(),
            problems=[str(each) for each in self._desk.program.loaded.problems],
            overview=self._overview,
            usage=self._usage,
            routing=self._routing,
            has_first_steps=self.beginning.first_steps is not None,
        )
        self.warnings.show_concerns(concerns(known))
        self.judged.emit()

    def _failed(self, part: object, panels: Collection[Panel]) -> bool:
        """Say so in the place of a part of the answer that could not be had."""
        sentence = failure(part)
        for panel in panels if sentence else ():
            panel.failed(sentence, self.refresh)
        return bool(sentence)

    # -- clicks -------------------------------------------------------------------------------------

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._desk.standing().url)
        self.host.say(self.tr("The address is in the clipboard."))

    def _mend(self, order: Order) -> None:
        self.do(mended(order, self._desk, self.host))
