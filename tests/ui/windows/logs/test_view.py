"""How the table of the log is painted."""

import pytest
from PySide6.QtGui import QColor

from tests.proxy.ledger.made import NOW, exchange, failed
from tests.ui.windows.logs.conftest import Opened, OpenLogs
from ui.loop import QtLoop
from ui.theme.colors import colors
from ui.windows.logs.columns import log_columns
from ui.windows.logs.lines import PAD
from ui.windows.logs.view import LogView

COLUMNS = {each.name: each for each in log_columns()}


def painted(logs: Opened) -> set[str]:
    """The colours in the first row, cell by cell."""
    view = logs.page.view
    image = view.viewport().grab().toImage()
    ratio, high = image.devicePixelRatio(), view.verticalHeader().defaultSectionSize()
    points = ((x, y) for x in range(view.viewport().width()) for y in range(high))
    return {image.pixelColor(round(x * ratio), round(y * ratio)).name() for x, y in points}


async def test_the_selected_row_is_seen(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange(received=NOW), exchange(received=NOW + 1)) as logs:
        selection: QColor = colors(logs.page.view.palette()).selection
        assert selection.name() not in painted(logs)
        logs.page.view.selectRow(0)
        assert selection.name() in painted(logs)
        logs.page.view.selectRow(1)
        assert selection.name() not in painted(logs)


async def test_what_failed_is_stressed(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(failed()) as logs:
        assert colors(logs.page.view.palette()).bad.name() in painted(logs)


async def test_an_empty_table_is_painted_too(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs() as logs:
        assert painted(logs) == {colors(logs.page.view.palette()).surface.name()}


async def test_beside_the_details_the_status_is_still_told(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(failed()) as logs:
        view = logs.page.view
        view.resize(_whole(view, "time", "status") + _whole(view, "service") * 3 // 4, 400)
        assert view.shown == {"time", "service", "status"}
        assert sum(map(view.columnWidth, map(list(COLUMNS).index, view.shown))) == view.viewport().width()


async def test_no_status_is_cut_while_another_column_is_wider_than_it_need_be(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    async with open_logs(failed()) as logs:
        view = logs.page.view
        view.resize(_whole(view, *view.shown) + 40, 400)
        place = list(COLUMNS).index("status")
        assert view.columnWidth(place) > view.fontMetrics().horizontalAdvance("✗ Tierwise was stopping")


def _whole(view: LogView, *names: str) -> int:
    """What these take with all they hold."""
    places = [list(COLUMNS).index(name) for name in names]
    return sum(view._natural[place] for place in places) + view.width() - view.viewport().width()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cost", "$0.000099"),
        ("saved", "≈ −$0.000099"),
        ("duration", "59 min 59 s"),
        ("first_byte", "1 min 05 s"),
        ("out", "12.3k"),
    ],
)
async def test_no_number_is_cut(qt_loop: QtLoop, open_logs: OpenLogs, name: str, text: str) -> None:
    async with open_logs() as logs:
        view = logs.page.view
        view.show_columns(frozenset(COLUMNS))
        width = view.columnWidth(list(COLUMNS).index(name))
        assert view.fontMetrics().horizontalAdvance(text) <= width - 2 * PAD
