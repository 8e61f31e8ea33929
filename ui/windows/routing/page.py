"""Routing: where a request would go and why, what keeps services from being asked, and the rules."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.errors import UserError
from ui.frame.page import MARGIN, Host, Page
from ui.frame.panel import Panel
from ui.tasks import Tasks
from ui.windows.routing.asking import OWN, RECENT, Asking
from ui.windows.routing.breakers import Breakers
from ui.windows.routing.override import OverridePanel
from ui.windows.routing.questions import Questions
from ui.windows.routing.result import Result, ResultView, Tiers
from ui.windows.routing.rules_part import rule_rows, rules_part
from ui.windows.unwell import asked_again

_NO_TIERS = Tiers({}, {})


class RoutingPage(Page):
    """It looks at requests; the only things it changes are breakers, and the tier that holds for a while."""

    scrolls = True

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.heading = self.tr("Routing")
        self.explaining, self.guessing = Tasks(), Tasks()
        self._desk = desk
        self._questions = Questions(desk)
        self._tiers = _NO_TIERS
        self._ticking: list[Breakers | OverridePanel] = []

    def build(self) -> Iterator[None]:
        self.rows.addWidget(self.title(self.tr("Routing")))
        self.asking = Asking(self.guessing)
        self._add(self.asking)
        yield from self.asking.build()
        self.asking.wished.connect(self.explain)
        yield
        self.result = ResultView()
        self.rows.addWidget(self.result)
        yield from self.result.build()
        yield
        self.breakers = Breakers()
        self.breakers.reset_wished.connect(lambda service: self.do(self._reset(service)))
        self._add(self.breakers)
        yield
        self.override = OverridePanel()
        self.override.set_wished.connect(lambda tier, minutes: self.do(self._set(tier, minutes)))
        self.override.end_wished.connect(lambda: self.do(self._end()))
        self._add(self.override)
        yield
        self.rules, self.rules_panel = rules_part(), Panel(self.tr("Rules"))
        self.rules_panel.fill(self.rules)
        self._add(self.rules_panel)
        self.rows.addStretch(1)
        yield
        self._begin()

    def search_field(self) -> QWidget | None:
        """Where one writes what is to be looked at."""
        if not self.is_built:
            return None
        self.asking.take_way(OWN)
        return self.asking.own.field

    def look_at(self, about: object) -> None:
        """An exchange by its id, also one whose body is gone."""
        self._explain(partial(self._of_exchange, str(about)))

    def explain(self) -> None:
        """What is chosen or written."""
        if self.asking.way == OWN:
            own = self.asking.own
            self._explain(partial(self._questions.of_written, own.field.text, own.choices))
        elif (row := self.asking.recent.chosen) is not None:
            self._explain(partial(self._questions.of_recent, row))
        else:
            self.result.say(self.tr("Pick one of the recent requests first, or write one of your own."))

    async def settled(self) -> None:
        await super().settled()
        await self.explaining.ended()

    def pause(self) -> None:
        super().pause()
        for panel in self._ticking:
            panel.sleep()

    def resume(self) -> None:
        super().resume()
        for panel in self._ticking:
            panel.wake()

    def leave(self) -> None:
        self.explaining.cancel()
        self.guessing.cancel()
        super().leave()

    def _begin(self) -> None:
        """From here on it asks."""
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.explain)
        self.feed(self._desk.recent, self.asking.show_recent, changes={Change.RECORD}, panels=[self.asking])
        feed = self.feed(
            self._questions.routing,
            self._show_routing,
            changes={Change.HEALTH, Change.SETTINGS},
            panels=[self.breakers, self.override, self.rules_panel],
        )
        self._routing = feed
        self._ticking += [self.breakers, self.override]
        self.breakers.ended.connect(feed.ask_anew)
        self.override.ended.connect(feed.ask_anew)

    def _add(self, panel: Panel) -> None:
        """As high as it needs to be: what is left over is left at the end."""
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.rows.addWidget(panel)

    # -- what is explained --------------------------------------------------------------------------

    def _explain(self, ask: Callable[[], Awaitable[Result]]) -> None:
        """The newest question counts."""
        self.explaining.cancel()
        self.explaining.start(self._explained(ask))

    async def _explained(self, ask: Callable[[], Awaitable[Result]]) -> None:
        try:
            result = await ask()
        except UserError as error:
            self.result.fail(str(error))
            return
        except Exception:
            self.result.fail(self.tr("That failed for a reason that only the log knows."))
            raise
        for _ in self.result.show_result(result, self._tiers):
            await asyncio.sleep(0)
        self._bring_up(self.result.answer)

    def _bring_up(self, panel: Panel) -> None:
        """In a low window what was asked for would lie beneath the edge."""
        port = self.parentWidget()
        area = None if port is None else port.parentWidget()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(panel, 0, MARGIN)

    async def _of_exchange(self, id_: str) -> Result:
        recent = await self._desk.recent()
        self.asking.show_recent(recent)
        self.asking.take_way(RECENT)
        row = self.asking.recent.choose(id_)
        return await (self._questions.of_record(id_) if row is None else self._questions.of_recent(row))

    # -- what is not well, and what is set ----------------------------------------------------------

    def _show_routing(self, routing: Mapping[str, Any]) -> None:
        tiers = routing["tierDefinitions"]
        self._tiers = Tiers(
            {name: each["range"] for name, each in tiers.items()},
            {name: each["services"] for name, each in tiers.items()},
        )
        self.breakers.show_health(routing)
        self.override.show_override(routing["override"])
        self._show_rules(routing["rules"])

    def _show_rules(self, rules: list[dict[str, Any]]) -> None:
        if not rules:
            self.rules_panel.empty(
                self.tr("There are no rules: the difficulty of a turn and its session decide.")
            )
            return
        self.rules.show_rows(rule_rows(rules))
        self.rules_panel.ready()

    async def _reset(self, service: str) -> None:
        await self._desk.reset_breaker(service)
        self.host.say(asked_again(service))
        self._routing.ask_anew()

    async def _set(self, tier: str, minutes: float | None) -> None:
        await self._desk.set_override(tier, minutes)
        self.host.say(
            self.tr("From the next typed turn on, everything goes to %1.").replace("%1", tier), self._end
        )
        self._routing.ask_anew()

    async def _end(self) -> None:
        await self._desk.end_override()
        self.host.say(self.tr("Every turn decides again."))
        self._routing.ask_anew()
