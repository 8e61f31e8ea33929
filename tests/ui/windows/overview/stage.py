"""The overview in a real window over a recorded home; the other pages note what they are asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

from app.desk.desk import Desk
from ui.frame.navigation import Entry
from ui.frame.page import Host, Page
from ui.frame.window import MainWindow
from ui.icons import program_icon
from ui.windows.overview.beginning import MakeFirstSteps
from ui.windows.overview.page import OverviewPage

_NAMES = ("overview", "usage", "routing", "logs", "providers", "tiers", "settings")


class Elsewhere(Page):
    """Another page, as far as the overview leads there."""

    heading = "Elsewhere"

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__(desk, host)
        self.asked = asyncio.Queue[object]()

    def build(self) -> Iterator[None]:
        yield

    def look_at(self, about: object) -> None:
        self.asked.put_nowait(about)


class Stage:
    """A window on the overview."""

    def __init__(self, window: MainWindow, page: OverviewPage) -> None:
        self.window = window
        self.page = page
        self._judged = asyncio.Event()
        page.judged.connect(self._judged.set)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Looked at whenever the page shows something new."""
        while not is_so():
            self._judged.clear()
            await self._judged.wait()

    async def answered(self) -> None:
        """Everything that is asked at first is on show."""
        page = self.page
        await page.settled()
        await self.until(lambda: None not in (page._overview, page._usage, page._routing))

    async def elsewhere(self, name: str) -> object:
        """What that page was asked to look at."""
        page = await self.window.built(name)
        assert isinstance(page, Elsewhere)
        return await page.asked.get()

    @property
    def warnings(self) -> list[str]:
        return [row.sentence.text() for row in self.page.warnings.rows]


@asynccontextmanager
async def staged(desk: Desk, first_steps: MakeFirstSteps | None = None) -> AsyncIterator[Stage]:
    async def overview(host: Host) -> Page:
        return OverviewPage(desk, host, first_steps)

    async def elsewhere(host: Host) -> Page:
        return Elsewhere(desk, host)

    pages = {name: overview if name == "overview" else elsewhere for name in _NAMES}
    window = MainWindow(program_icon(), [Entry(name, name.title()) for name in _NAMES], pages)
    window.show()
    try:
        page = await window.built("overview")
        assert isinstance(page, OverviewPage)
        yield Stage(window, page)
    finally:
        window.close()
        await window.dismantled()
