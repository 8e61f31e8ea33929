"""Providers: who answers, with which keys, whether that works, and how more of them are added."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.desk.changes import Change
from app.desk.desk import Desk
from app.desk.errors import DeskError
from app.providers.listing import Row
from ui.frame.feed import Feed
from ui.frame.page import Host, Page
from ui.frame.panel import Panel
from ui.theme.roles import with_role
from ui.windows.pointing import Point
from ui.windows.providers.adding.sheet import AddSheet
from ui.windows.providers.columns import Columns
from ui.windows.providers.details import Details
from ui.windows.providers.entries import Lately, address, entries
from ui.windows.providers.lines import framed
from ui.windows.providers.models_panel import ModelsPanel
from ui.windows.providers.provider_list import ProviderList
from ui.windows.providers.surroundings import Surroundings
from ui.windows.providers.trial_panel import TrialPanel
from ui.windows.providers.words import tr

Offered = tuple[str, Sequence[Mapping[str, Any]], Mapping[str, Any]]
"""A provider, its models, and the prices."""


class ProvidersPage(Page):
    """`look_at` takes the name of a provider."""

    scrolls = False

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.heading = tr("Providers")
        self._desk = desk
        self._around = Surroundings(desk, host, self.do, self._on_other_keys)
        self._rows: Sequence[Row] | None = None
        self._models: Feed[Offered] | None = None
        self._failed_tests: dict[str, str] = {}
        self._statistics: Mapping[str, Any] = {}

    def build(self) -> Iterator[None]:
        self.add = with_role(QPushButton(tr("Add &provider …")), "primary")
        self.add.setShortcut("Ctrl+N")
        self.add.setToolTip(tr("Add a provider (Ctrl+N)"))
        self.add.clicked.connect(lambda: self.do(self._add()))
        head = QHBoxLayout()
        head.addWidget(self.title(self.heading))
        head.addStretch()
        head.addWidget(self.add)
        self.rows.addLayout(head)
        self.list = ProviderList()
        self.list.chosen.connect(self._on_chosen)
        yield
        self.details = Details(self._around)
        self.rows.addWidget(self._places(), 1)
        yield
        yield from self.details.build()  # in its place: to be put there costs each widget its style anew
        self.details.trial.found.connect(self._on_tested)
        self._show_list()
        yield
        self._ask()

    def look_at(self, about: object) -> None:
        self._show_list()
        if about is Point.ADD_PROVIDER:
            self.add.click()
            return
        self.list.choose(str(about))
        self.list.setFocus()

    def search_field(self) -> QWidget | None:
        models = self.findChild(ModelsPanel)  # not there yet, while the page is being built
        return None if models is None or not models.search.isVisible() else models.search

    def leave(self) -> None:
        super().leave()
        for trial in self.findChildren(TrialPanel):  # none yet, where it closes while it is being built
            trial.tasks.cancel()

    # -- questions ----------------------------------------------------------------------------------

    def _ask(self) -> None:
        """The keyring is asked when something was changed only: it may be locked, and would ask each time."""
        desk, details = self._desk, self.details

        async def state() -> Mapping[str, Any]:
            return await desk.quota()

        changes = set(Change)
        self.feed(desk.providers.rows, self._show_rows, changes={Change.PROVIDERS}, panels=(details.keys,))
        self.feed(state, self._show_state, changes=changes, panels=(details.limits,))
        told_of_health = {Change.HEALTH, Change.SETTINGS, Change.RECORD}
        self.feed(desk.routing, self._show_health, changes=told_of_health)
        self._models = self.feed(
            self._offered,
            self._show_models,
            changes={Change.SETTINGS, Change.LOCAL},
            panels=(details.models,),
        )

    async def _offered(self) -> Offered:
        name = self.list.name
        if not name:
            return "", (), {}
        models = await self._desk.providers.models(name)
        try:
            return name, models, await self._desk.prices(each["service"] for each in models)
        except DeskError:
            return name, models, {}  # without a record nothing is known of prices, and the rest is

    # -- answers ------------------------------------------------------------------------------------

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.details.show_rows(rows)
        self._show_list()

    def _show_health(self, health: Mapping[str, Any]) -> None:
        self._statistics = health["providerStats"]
        self.details.show_health(health)
        self._show_list()

    def _show_state(self, quota: Mapping[str, Any]) -> None:
        self.details.show_quota(quota)
        self._show_list()

    def _show_models(self, offered: Offered) -> None:
        self.details.show_models(*offered)

    def _show_list(self) -> None:
        desk = self._desk
        lately = Lately(self._failed_tests, self._statistics)
        shown = entries(desk.standing(), desk.settings.providers, self._rows, time.time(), lately)
        self.list.show_entries(shown)
        self._frame.setVisible(bool(shown))
        self._nobody.setVisible(not shown)
        self.details.setVisible(bool(shown))
        self._tell_details()

    def _on_tested(self, name: str, why: str) -> None:
        self._failed_tests[name] = why
        self._show_list()

    def _on_other_keys(self) -> None:
        """No settings tell of it, and what the last test has shown is no longer true."""
        self.details.trial.forget()
        self.refresh()

    def _on_chosen(self, _name: str) -> None:
        self._tell_details()
        if self._models is not None:
            self._models.ask_anew()

    def _tell_details(self) -> None:
        entry = self.list.entry
        config = None if entry is None else self._desk.settings.providers.get(entry.name)
        if entry is not None and config is not None:  # else the list is about to be told
            self.details.show_provider(entry, address(config))

    # -- clicks -------------------------------------------------------------------------------------

    async def _add(self) -> None:
        sheet = AddSheet(self.window(), self._desk)
        if await sheet.answered():
            self._show_list()
            self.list.choose(sheet.added)
            self.host.say(tr("%1 is added, and is being tried out.", sheet.added))
            self.details.trial.try_out()
            self.list.setFocus()

    def _places(self) -> QWidget:
        self._frame = framed(self.list)
        self._nobody = Panel()
        self._nobody.empty(
            tr(
                "No provider is configured yet, so there is nobody to pass requests to. "
                "Add one with its key, or a model server that runs on this computer."
            ),
            tr("Add a provider …"),
            self.add.click,
        )
        places = QWidget()
        row = QHBoxLayout(places)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._nobody, 1)
        row.addWidget(self.details, 1)
        columns = Columns(self._frame, places)
        columns.turned.connect(lambda is_narrow: self.list.show_less(is_less=is_narrow))
        return columns
