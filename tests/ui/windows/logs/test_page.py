"""The Logs page over a real record: what it shows, how it follows, and how it is narrowed."""

import asyncio
import csv
import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from app.desk.changes import Change
from app.home import Home
from app.preferences.log_columns import keep_columns
from app.record.rows_file import Form
from proxy.exchange import Exchange, Origin
from tests.proxy.ledger.made import NOW, attempt, exchange, failed
from tests.ui.windows.logs.conftest import Opened, OpenLogs, until
from ui.loop import QtLoop
from ui.windows.logs.following import Pause
from ui.windows.logs.wanted import Wanted

KEY = Qt.Key


def many(count: int) -> list[Exchange]:
    return [exchange(received=NOW + place) for place in range(count)]


async def chosen(logs: Opened, combo: QComboBox, name: str) -> None:
    """By the keyboard, as a user does it."""
    combo.setFocus()
    while combo.currentText() != name:
        before = combo.currentIndex()
        QTest.keyClick(combo, KEY.Key_Down)
        assert combo.currentIndex() != before, f"{name} is not offered"
        await logs.page.settled()


async def test_the_newest_request_is_at_the_top(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    old, new = exchange(received=NOW), exchange(received=NOW + 1)
    async with open_logs(old, new) as logs:
        assert logs.ids() == [new.id, old.id]


async def test_pages_are_fetched_as_they_are_scrolled_to(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(*many(600)) as logs:
        assert logs.page.model.rowCount() == 256
        logs.page.view.selectRow(0)
        QTest.keyClick(logs.page.view, KEY.Key_End, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: logs.page.model.rowCount() == 512)


async def test_filters_are_chosen_from_what_the_record_holds(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    wanted = exchange(client="codex")
    async with open_logs(exchange(), wanted) as logs:
        await chosen(logs, logs.page.filters.client, "codex")
        assert logs.ids() == [wanted.id]
        assert logs.page.state.sentence.text() == "All requests of codex"
        logs.page.state.clear.click()
        await logs.page.settled()
        assert len(logs.ids()) == 2
        assert logs.page.filters.client.currentText() == "Any client"


async def test_only_errors(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    wanted = failed()
    async with open_logs(exchange(), wanted) as logs:
        logs.page.filters.errors.setFocus()
        QTest.keyClick(logs.page.filters.errors, KEY.Key_Space)
        await logs.page.settled()
        assert logs.ids() == [wanted.id]


async def test_a_moment_can_be_said(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    old, new = exchange(received=NOW), exchange(received=NOW + 7200)
    async with open_logs(old, new) as logs:
        await chosen(logs, logs.page.filters.since, "Since …")
        edit = logs.page.filters.moment
        assert edit.isVisible()
        edit.setDateTime(edit.dateTime().fromMSecsSinceEpoch(int((NOW + 3600) * 1000)))
        await logs.page.settled()
        assert logs.ids() == [new.id]


async def test_tests_are_shown_when_asked_for(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    test = exchange(origin=Origin.TEST)
    async with open_logs(exchange(), test) as logs:
        await chosen(logs, logs.page.filters.origin, "Tests")
        assert logs.ids() == [test.id]


async def test_nothing_that_fits_is_said_with_a_way_out(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        logs.page.look_at(Wanted(client="nobody"))
        await logs.page.settled()
        button = next(b for b in logs.page.table.findChildren(QAbstractButton) if b.isVisible())
        assert button.text() == "Clear the filters"
        button.click()
        await logs.page.settled()
        assert len(logs.ids()) == 1
        assert logs.page.view.isVisible()


async def test_a_new_request_appears_at_the_top(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    old, new, late = exchange(received=NOW), exchange(received=NOW + 5), exchange(received=NOW + 3)
    async with open_logs(old) as logs:
        await logs.write(new)
        await until(lambda: logs.ids() == [new.id, old.id])
        await logs.write(late)
        await until(lambda: logs.ids() == [new.id, late.id, old.id])


async def test_the_first_request_of_all_appears(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs() as logs:
        assert not logs.page.view.isVisible()
        await logs.write(exchange())
        await until(logs.page.view.isVisible)


async def test_new_requests_heed_the_filters(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange(client="codex")) as logs:
        logs.page.look_at(Wanted(client="codex"))
        await logs.page.settled()
        wanted = exchange(client="codex", received=NOW + 2)
        await logs.write(exchange(client="cursor", received=NOW + 1), wanted)
        await until(lambda: len(logs.ids()) > 1)
        assert logs.ids()[0] == wanted.id
        assert len(logs.ids()) == 2


async def test_a_selected_row_keeps_its_place_until_the_new_ones_are_wanted(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    old, new = exchange(received=NOW), exchange(received=NOW + 5)
    async with open_logs(old) as logs:
        view, state = logs.page.view, logs.page.state
        view.setFocus()
        view.selectRow(0)
        await logs.write(new)
        await until(state.news.isVisible)
        assert (logs.ids(), logs.page.live.pause) == ([old.id], Pause.SELECTED)
        assert state.news.text() == "1 new ↑"
        state.news.setFocus()
        QTest.keyClick(state.news, KEY.Key_Space)
        assert logs.ids() == [new.id, old.id]
        assert (logs.page.live.pause, state.news.isVisible()) == (None, False)


async def test_escape_leaves_the_row_so_that_the_table_follows_again(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    old, new = exchange(received=NOW), exchange(received=NOW + 5)
    async with open_logs(old) as logs:
        logs.page.view.selectRow(0)
        await logs.write(new)
        await until(logs.page.state.news.isVisible)
        logs.page._on_escape()
        assert logs.ids() == [new.id, old.id]


async def test_a_view_that_is_scrolled_down_does_not_jump(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(*many(100)) as logs:
        bar = logs.page.view.verticalScrollBar()
        bar.setValue(200)
        await logs.write(exchange(received=NOW + 500))
        await until(logs.page.state.news.isVisible)
        assert (len(logs.ids()), bar.value()) == (100, 200)
        assert logs.page.state.live.text() == "❚❚ Waiting: scrolled down"
        bar.setValue(0)
        assert len(logs.ids()) == 101


async def test_f_stops_following_and_starts_it(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        logs.page.activateWindow()
        logs.page.view.setFocus()
        QTest.keyClick(logs.page.view, KEY.Key_F)
        assert not logs.page.head.follow.isChecked()
        assert logs.page.state.live.text() == "❚❚ Not following"
        await logs.write(exchange(received=NOW + 1))
        await until(logs.page.state.news.isVisible)
        assert len(logs.ids()) == 1
        QTest.keyClick(logs.page.view, KEY.Key_F)
        assert len(logs.ids()) == 2


async def test_more_new_rows_than_are_looked_at_begin_the_table_anew(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    burst = [exchange(received=NOW + 10 + place / 100) for place in range(500)]
    async with open_logs(exchange()) as logs:
        await logs.write(*burst)
        await until(lambda: logs.ids() == [each.id for each in reversed(burst)][:256])


async def test_columns_are_chosen_from_the_menu_and_left_to_the_width_again(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    async with open_logs(exchange()) as logs:
        view, menu = logs.page.view, logs.page.columns
        assert "requested" not in view.shown
        menu.aboutToShow.emit()
        menu.line("requested").trigger()
        assert "requested" in view.shown
        for name in view.shown:
            menu.aboutToShow.emit()
            menu.line(name).trigger()
        assert len(view.shown) == 1
        menu.by_width.trigger()
        assert {"time", "service", "status"} <= view.shown


async def test_the_choice_of_columns_is_there_again_and_so_is_the_way_back(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    async with open_logs(exchange()) as logs:
        by_width = logs.page.view.shown
        logs.page.columns.aboutToShow.emit()
        assert logs.page.columns.by_width.isChecked()
        logs.page.columns.line("requested").trigger()
        await logs.page.settled()
    async with open_logs() as logs:
        assert logs.page.view.shown == by_width | {"requested"}
        logs.page.columns.aboutToShow.emit()
        assert not logs.page.columns.by_width.isChecked()
        logs.page.columns.by_width.trigger()
        await logs.page.settled()
    async with open_logs() as logs:
        assert logs.page.view.shown == by_width
        logs.page.columns.aboutToShow.emit()
        assert logs.page.columns.by_width.isChecked()


async def test_columns_that_there_are_no_more_are_passed_over(
    qt_loop: QtLoop, open_logs: OpenLogs, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.prepare()
    keep_columns(home.run, frozenset({"of old"}))
    async with open_logs() as logs:
        assert {"time", "service", "status"} <= logs.page.view.shown
    keep_columns(home.run, frozenset({"of old", "cost"}))
    async with open_logs() as logs:
        assert logs.page.view.shown == {"cost"}


async def test_what_is_chosen_while_the_kept_choice_is_read_stays(
    qt_loop: QtLoop, open_logs: OpenLogs, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.prepare()
    keep_columns(home.run, frozenset({"time", "cost"}))
    async with open_logs() as logs:
        kept, menu = logs.page.kept_columns, logs.page.columns
        reading = asyncio.create_task(kept.bring_back())
        menu.aboutToShow.emit()
        menu.line("client").trigger()
        await reading
        assert logs.page.view.shown == {"time", "cost", "client"}


async def test_what_is_on_show_is_exported(qt_loop: QtLoop, open_logs: OpenLogs, tmp_path: Path) -> None:
    wanted = exchange(client="codex")
    async with open_logs(exchange(), wanted) as logs:
        logs.page.look_at(Wanted(client="codex"))
        await logs.page.settled()
        await logs.page._export(tmp_path / "rows.csv", Form.CSV)
        await logs.page._export(tmp_path / "rows.json", Form.JSON)
        assert logs.host.said[0] == f"1 request is in {tmp_path / 'rows.csv'}."
    with (tmp_path / "rows.csv").open(newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [wanted.id]
    told = json.loads((tmp_path / "rows.json").read_text())
    assert [row["id"] for row in told["exchanges"]] == [wanted.id]


async def test_what_takes_the_focus_has_a_name(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        unnamed = [
            widget
            for widget in logs.page.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and not widget.accessibleName()
            and not (isinstance(widget, QAbstractButton) and widget.text())
        ]
        assert unnamed == []


async def test_tab_goes_through_the_page_from_the_top(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        page = logs.page
        page.activateWindow()
        page.head.follow.setFocus()
        seen = []
        for _ in range(12):
            seen.append(page.focusWidget())
            QTest.keyClick(page.focusWidget(), KEY.Key_Tab)
        wanted = [page.head.follow, page.head.export, page.filters.client, page.filters.errors, page.view]
        assert [widget for widget in dict.fromkeys(seen) if widget in wanted] == wanted


async def test_a_price_that_is_not_known_is_no_zero(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange(attempt("openai/unheard-of"))) as logs:
        place = next(n for n, each in enumerate(logs.page.model.columns) if each.title == "Cost")
        assert logs.page.model.data(logs.page.model.index(0, place)) == "–"


async def test_a_hidden_page_asks_nothing_until_it_is_shown_again(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    async with open_logs(exchange()) as logs:
        heard = asyncio.Event()
        logs.desk.listen(lambda change: heard.set() if change is Change.RECORD else None)
        logs.page.hide()
        await logs.write(exchange(received=NOW + 5))
        await heard.wait()
        await asyncio.sleep(0)
        assert len(logs.ids()) == 1
        logs.page.show()
        await until(lambda: len(logs.ids()) == 2)
