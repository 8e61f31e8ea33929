"""With large letters in the smallest window every page shows all of its width: nothing scrolls sideways."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea

from app.desk.recorded import opened
from app.home import Home
from benchmarks.ledger import build
from benchmarks.made_exchanges import developers_year, written_config
from ui.frame.page import Page
from ui.frame.window import MainWindow
from ui.icons import program_icon
from ui.loop import QtLoop
from ui.offered_demo import OfferedDemo
from ui.theme.theme import Theme
from ui.windows.pages import Around, entries, makers
from ui.windows.tiers.thresholds.legend import LegendEntry

POINTS = 14
SMALLEST = (720, 480)
PAGES = tuple(entry.name for entry in entries())


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[Theme]:
    """Worn with the program's own looks."""
    before, sheet = qapp.font(), qapp.styleSheet()
    theme = Theme(qapp, "light")
    theme.wear()
    large = qapp.font()
    large.setPointSize(POINTS)
    qapp.setFont(large)
    yield theme
    qapp.setFont(before)
    qapp.setStyleSheet(sheet)
    theme.deleteLater()


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    made = {name: Home(tmp_path_factory.mktemp(name)) for name in ("used", "new")}
    used, now = made["used"], time.time()
    used.config.write_text(written_config())
    build(used.database, developers_year(300, now, 10), now)
    return made


def room_lacking(page: Page) -> int:
    """How far the page, or a part of it, would have to be scrolled sideways."""
    if not page.scrolls:
        parts = (part for part in page.findChildren(QScrollArea) if part.isVisible())
        within = (part.horizontalScrollBar().maximum() for part in parts)
        return max(page.minimumSizeHint().width() - page.width(), *within, 0)
    viewport = page.parentWidget()
    area = None if viewport is None else viewport.parentWidget()
    assert isinstance(area, QScrollArea)
    return area.horizontalScrollBar().maximum()


@pytest.mark.parametrize("home", ["used", "new"])
@pytest.mark.parametrize("name", PAGES)
async def test_no_page_scrolls_sideways(
    qt_loop: QtLoop, large_letters: Theme, homes: dict[str, Home], tmp_path: Path, name: str, home: str
) -> None:
    demo = OfferedDemo(Home(tmp_path), {})
    async with opened(homes[home], environ={}) as desk:
        window = MainWindow(program_icon(), entries(), makers(Around(desk, large_letters, demo)))
        window.resize(*SMALLEST)
        window.go_to(name)
        window.show()
        page = await window.built(name)
        await page.settled()
        await page.tasks.ended()
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents()  # what was laid out anew may have to be laid out once more
        assert (window.width(), window.height()) == SMALLEST
        assert room_lacking(page) == 0
        window.close()
        await window.dismantled()
    demo.deleteLater()


async def test_the_legend_of_the_thresholds_is_there_to_the_last_letter(
    qt_loop: QtLoop, large_letters: Theme, homes: dict[str, Home], tmp_path: Path
) -> None:
    demo = OfferedDemo(Home(tmp_path), {})
    async with opened(homes["used"], environ={}) as desk:
        window = MainWindow(program_icon(), entries(), makers(Around(desk, large_letters, demo)))
        window.resize(*SMALLEST)
        window.go_to("tiers")
        window.show()
        page = await window.built("tiers")
        await page.settled()
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents()
        cut = [
            each for each in page.findChildren(LegendEntry) if each.width() < each.minimumSizeHint().width()
        ]
        assert cut == []
        window.close()
        await window.dismantled()
    demo.deleteLater()
