"""How the table of the log is painted."""

from PySide6.QtGui import QColor

from tests.proxy.ledger.made import NOW, exchange, failed
from tests.ui.windows.logs.conftest import Opened, OpenLogs
from ui.loop import QtLoop
from ui.theme.colors import colors


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
