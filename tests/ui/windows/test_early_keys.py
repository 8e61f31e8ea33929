"""Keys that are pressed while a page is still being built do nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.recorded import opened
from app.home import Home
from tests.ui.windows.logs.conftest import Surroundings
from ui.frame.page import Host, Page
from ui.loop import QtLoop
from ui.windows.logs.page import LogsPage
from ui.windows.routing.page import RoutingPage
from ui.windows.usage.page import UsagePage


@pytest.mark.parametrize("make", [LogsPage, RoutingPage, UsagePage])
async def test_they_do_nothing(qt_loop: QtLoop, tmp_path: Path, make: Callable[[Desk, Host], Page]) -> None:
    async with opened(Home(tmp_path)) as desk:
        page = make(desk, Surroundings())
        assert page.search_field() is None
        page.refresh()
        page.leave()
        page.deleteLater()
