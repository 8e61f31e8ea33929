"""Which pages there are, in the order of the navigation, and how each is made.

A page's modules are loaded in a thread, so that no stream waits for files: when it is first gone to, or
before that, when the program has nothing else to do.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication

from app.desk.desk import Desk
from ui.frame.navigation import Entry
from ui.frame.page import Host, Page
from ui.frame.window import MakePage
from ui.theme.theme import Theme
from ui.windows.demo_panel import DemoSource

_PAUSE_SECONDS = 0.1

Make = Callable[["Around", Host], Page]


@dataclass(frozen=True, slots=True)
class Around:
    """What pages are made with."""

    desk: Desk
    theme: Theme
    demo: DemoSource


def load(is_over: threading.Event) -> None:
    """The modules of all pages, 8 MB, page by page; it blocks for a second, or until it is over."""
    for load_page in _LOAD.values():
        if is_over.wait(_PAUSE_SECONDS):
            return
        load_page()


def entries() -> Sequence[Entry]:
    return (
        Entry("overview", _tr("Overview")),
        Entry("usage", _tr("Usage")),
        Entry("routing", _tr("Routing")),
        Entry("logs", _tr("Logs")),
        Entry("providers", _tr("Providers")),
        Entry("tiers", _tr("Tiers")),
        Entry("settings", _tr("Settings")),
    )


def makers(around: Around) -> Mapping[str, MakePage]:
    return {entry.name: partial(_made, _LOAD[entry.name], around) for entry in entries()}


async def _made(load: Callable[[], Make], around: Around, host: Host) -> Page:
    return (await asyncio.to_thread(load))(around, host)


def _overview() -> Make:
    from ui.windows.overview.first_steps import FirstSteps
    from ui.windows.overview.page import OverviewPage

    def made(around: Around, host: Host) -> Page:
        desk = around.desk
        return OverviewPage(desk, host, lambda go_to: FirstSteps(around.demo, desk.program, go_to))

    return made


def _usage() -> Make:
    from ui.windows.usage.page import UsagePage

    return lambda around, host: UsagePage(around.desk, host)


def _routing() -> Make:
    from ui.windows.routing.page import RoutingPage

    return lambda around, host: RoutingPage(around.desk, host)


def _logs() -> Make:
    from ui.windows.logs.page import LogsPage

    return lambda around, host: LogsPage(around.desk, host)


def _providers() -> Make:
    from ui.windows.providers.page import ProvidersPage

    return lambda around, host: ProvidersPage(around.desk, host)


def _tiers() -> Make:
    from ui.windows.tiers.page import TiersPage

    return lambda around, host: TiersPage(around.desk, host)


def _settings() -> Make:
    from ui.windows.settings.page import SettingsPage

    return lambda around, host: SettingsPage(around.desk, host, around.theme)


_LOAD: Mapping[str, Callable[[], Make]] = {
    "overview": _overview,
    "usage": _usage,
    "routing": _routing,
    "logs": _logs,
    "providers": _providers,
    "tiers": _tiers,
    "settings": _settings,
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages", text)
