"""The tray's menu. Its lines change in place, so that it may be open while something happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.desk.figures import Counts, LastDecision
from app.desk.standing import ServerStanding, Standing
from proxy.config import TIER_NAMES
from proxy.config.switch import (
    HOUR,
    LOCAL_ONLY,
    PROFILE,
    PROFILES,
    ROUTING,
    Lasting,
    Switch,
    What,
    provider_enabled,
    tier_enabled,
)
from ui.tray import telling
from ui.tray.choices import OnOffMenu, Throw, set_text
from ui.tray.lasting import local_only_title, profile_title, routing_title, until

_FOR_A_WHILE: Final[tuple[What, ...]] = (ROUTING, LOCAL_ONLY, PROFILE)
"""What the menu itself takes back; tiers and providers have their own submenus."""


@dataclass(frozen=True, slots=True)
class TrayActions:
    """What the menu can ask for."""

    open_window: Callable[[], None]
    show_page: Callable[[str], None]
    copy_url: Callable[[], None]
    quit: Callable[[], None]
    throw: Throw


class TrayMenu(QMenu):
    """Built once; `tell` says how things stand."""

    def __init__(self, actions: TrayActions) -> None:
        super().__init__()
        self._actions = actions
        self.status = self._quiet("")
        self.trouble = self._add("", lambda: actions.show_page("overview"))
        self.last = self._add("", lambda: actions.show_page("logs"))
        self.addSeparator()
        self.routing = self._switch(ROUTING)
        self.local_only = self._switch(LOCAL_ONLY)
        self.addMenu(self._for_a_while())
        self.profile = self._profile()
        self.addMenu(self.profile)
        self.addSeparator()
        self.tiers = _Tiers(self, actions.throw)
        self.providers = _Providers(self, actions)
        self.servers = _Servers(self, actions)
        for each in (self.tiers, self.providers, self.servers):
            self.addMenu(each)
        self.addSeparator()
        self._add(self.tr("&Open Tierwise"), actions.open_window)
        self._add(self.tr("&Copy URL"), actions.copy_url)
        self.addSeparator()
        self._add(self.tr("&Quit Tierwise"), actions.quit)

    def tell(self, standing: Standing) -> None:
        now, ends = datetime.now().astimezone(), standing.ends
        trouble = telling.trouble(standing)
        set_text(self.trouble, f"⚠ {telling.mnemonic_free(telling.shortened(trouble))}")
        self.trouble.setVisible(bool(trouble))
        routing, local_only, profile = (until(ends.get(what), now) for what in _FOR_A_WHILE)
        set_text(self.routing, routing_title(routing, is_on=standing.routing))
        self.routing.setChecked(standing.routing)
        set_text(self.local_only, local_only_title(local_only, is_on=standing.local_only))
        self.local_only.setChecked(standing.local_only)
        set_text(self.profile.menuAction(), profile_title(profile))
        for name, action in self._profiles.items():
            action.setChecked(name == standing.profile)
        self._end_now.setEnabled(any(what in ends for what in _FOR_A_WHILE))
        self.tiers.tell(standing, now)
        self.providers.tell(standing, now)
        self.servers.tell(standing.servers)

    def tell_figures(self, standing: Standing, counts: Counts | None, last: LastDecision | None) -> None:
        set_text(self.status, telling.status_line(standing, counts))
        set_text(self.last, telling.mnemonic_free(telling.last_line(last)))
        self.last.setEnabled(last is not None)

    def _switch(self, what: What) -> QAction:
        action = self.addAction("")
        action.setCheckable(True)
        action.triggered.connect(lambda on: self._actions.throw(Switch(what, on)))
        return action

    def _for_a_while(self) -> QMenu:
        menu = QMenu(self.tr("For a &while"), self)
        for text, what, value, lasting in (
            (self.tr("Pause routing for one hour"), ROUTING, False, HOUR),
            (self.tr("Pause routing until I quit"), ROUTING, False, Lasting.RUN),
            (self.tr("Local only for one hour"), LOCAL_ONLY, True, HOUR),
            (self.tr("Local only until I quit"), LOCAL_ONLY, True, Lasting.RUN),
        ):
            switch = Switch(what, value, lasting)
            menu.addAction(text).triggered.connect(lambda _=False, switch=switch: self._actions.throw(switch))
        menu.addSeparator()
        self._end_now = menu.addAction(self.tr("Back to what is set for good"))
        self._end_now.triggered.connect(self._end_all)
        return menu

    def _end_all(self) -> None:
        for what in _FOR_A_WHILE:
            self._actions.throw(Switch(what, None, Lasting.RUN))

    def _profile(self) -> QMenu:
        menu = QMenu(self)
        words = {
            "save": self.tr("&Save: cheaper tiers sooner"),
            "balanced": self.tr("&Balanced"),
            "quality": self.tr("&Quality: stronger tiers sooner"),
        }
        group = QActionGroup(menu)
        self._profiles: dict[str, QAction] = {}
        for name in PROFILES:
            action = menu.addAction(words[name])
            action.setCheckable(True)
            group.addAction(action)
            switch = Switch(PROFILE, name)
            action.triggered.connect(lambda _=False, switch=switch: self._actions.throw(switch))
            self._profiles[name] = action
        return menu

    def _add(self, text: str, act: Callable[[], None]) -> QAction:
        action = self.addAction(text)
        action.triggered.connect(act)
        return action

    def _quiet(self, text: str) -> QAction:
        action = self.addAction(text)
        action.setEnabled(False)
        return action


class _Tiers(QMenu):
    """Which tiers are on, and where their traffic goes."""

    def __init__(self, parent: QMenu, throw: Throw) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Tiers"))
        self._menus = {name: OnOffMenu(tier_enabled(name), throw, self) for name in TIER_NAMES}
        for menu in self._menus.values():
            self.addMenu(menu)

    def tell(self, standing: Standing, now: datetime) -> None:
        for tier in standing.tiers:
            end = standing.ends.get(tier_enabled(tier.name))
            title = telling.mnemonic_free(telling.tier_line(tier, until(end, now)))
            why = telling.mnemonic_free(telling.tier_explained(tier))
            self._menus[tier.name].tell(title, why, is_on=tier.enabled, end=end)


class _Providers(QMenu):
    """Which providers are on, how they are, and how much of what they allow is used."""

    def __init__(self, parent: QMenu, actions: TrayActions) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Pro&viders"))
        self._throw = actions.throw
        self._menus: dict[str, OnOffMenu] = {}
        self._add = self.addAction(self.tr("&Add a provider …"))
        self._add.triggered.connect(lambda: actions.show_page("providers"))
        self._line = self.insertSeparator(self._add)

    def tell(self, standing: Standing, now: datetime) -> None:
        for gone in self._menus.keys() - {each.name for each in standing.providers}:
            menu = self._menus.pop(gone)
            self.removeAction(menu.menuAction())
            menu.deleteLater()
        for each in standing.providers:
            end = standing.ends.get(provider_enabled(each.name))
            line = telling.provider_line(each, now.timestamp(), until(end, now))
            title = telling.mnemonic_free(line)
            why = telling.mnemonic_free(telling.provider_explained(each))
            self._menu(each.name).tell(title, why, is_on=each.enabled, end=end)

    def _menu(self, name: str) -> OnOffMenu:
        if name not in self._menus:
            menu = OnOffMenu(provider_enabled(name), self._throw, self)
            self.insertMenu(self._line, menu)
            self._menus[name] = menu
        return self._menus[name]


class _Servers(QMenu):
    """The model servers that run on this computer."""

    def __init__(self, parent: QMenu, actions: TrayActions) -> None:
        super().__init__(parent)
        self._lines: list[QAction] = []
        self._use = self.addAction(self.tr("&Use them …"))
        self._use.triggered.connect(lambda: actions.show_page("tiers"))

    def tell(self, servers: Sequence[ServerStanding] | None) -> None:
        set_text(self.menuAction(), telling.servers_title(servers))
        self.menuAction().setEnabled(bool(servers))
        texts = [telling.mnemonic_free(telling.server_line(each)) for each in servers or ()]
        while len(self._lines) < len(texts):
            line = QAction(self)
            line.setEnabled(False)
            self.insertAction(self._use, line)
            self._lines.append(line)
        while len(self._lines) > len(texts):
            line = self._lines.pop()
            self.removeAction(line)
            line.deleteLater()
        for line, text in zip(self._lines, texts, strict=True):
            set_text(line, text)
