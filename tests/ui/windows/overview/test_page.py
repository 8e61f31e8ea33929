"""The overview in its window: over a real record, by keyboard, and while things change."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

from app.desk.recorded import opened
from app.home import Home
from app.toml.edits import Assign
from proxy.config.switch import ROUTING, Lasting, Switch
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind
from tests.app.desk.stage import CONFIG, HAIKU, desk_over, ledger_of, made
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.proxy.ledger.made import attempt, exchange
from tests.ui.windows.machine import PretendedMachine
from tests.ui.windows.overview.stage import staged
from tests.ui.windows.overview.test_first_steps import PretendedDemo
from ui.loop import QtLoop
from ui.widgets.charts.chart import Chart
from ui.windows.overview.first_steps import FirstSteps
from ui.windows.overview.page import OverviewPage


async def test_what_was_done_today_is_on_show(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        page, today = stage.page, (await desk.overview())["today"]
        requests, cost, saved, tokens = (panel.number.text() for panel in page.figures)
        assert requests == str(today["requests"])
        assert cost.startswith("$")
        assert saved[0] in "$−"
        assert tokens.endswith("k")
        assert page.recent.model.rowCount() == 4
        assert page.days.chart.figure.categories
        assert {row["name"] for row in page.health.model._rows} == {"anthropic", "openai", "ollama"}
        assert page.head.url.text() == desk.standing().url


async def test_an_empty_home_says_what_to_do_and_shows_no_zeros_as_charts(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with desk_over(tmp_path, config="") as desk, staged(desk) as stage:
        await stage.answered()
        page = stage.page
        assert stage.warnings == ["No provider is configured yet, so every request is refused."]
        assert not page.recent.table.isVisible()
        assert not page.days.chart.isVisible()
        assert not page.days.choices.isVisible()
        assert not page.budgets.isVisible()
        assert page.figures[2].number.text() == "–"


async def test_a_calm_home_has_no_panel_of_warnings(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with (
        desk_over(tmp_path, config='[providers.ollama]\nkind = "ollama"\n') as desk,
        staged(desk) as stage,
    ):
        await stage.answered()
        assert stage.warnings == []
        assert not stage.page.warnings.isVisible()


async def test_a_request_that_is_served_appears_and_the_selection_stays(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        table = stage.page.recent.table
        table.selectRow(1)
        chosen = stage.page.recent.model.row(table.currentIndex())["id"]
        before = desk.program.gateway.answers.state
        assert before is not None
        newest = exchange(attempt(HAIKU), received=before.now())
        ledger_of(desk).record(newest)
        await stage.until(lambda: stage.page.recent.model.rowCount() == 5)
        assert stage.page.recent.model.row(table.model().index(0, 0))["id"] == newest.id
        assert stage.page.recent.model.row(table.currentIndex())["id"] == chosen


async def test_enter_on_a_request_opens_its_story(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        table = stage.page.recent.table
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Down)
        QTest.keyClick(table, Qt.Key.Key_Return)
        assert stage.window.current == "logs"
        assert await stage.elsewhere("logs") == stage.page.recent.model.row(table.currentIndex())["id"]


async def test_enter_on_a_provider_opens_it(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        table = stage.page.health.table
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Down)
        QTest.keyClick(table, Qt.Key.Key_Return)
        assert await stage.elsewhere("providers") == stage.page.health.model.row(table.currentIndex())["name"]


async def test_the_address_is_copied_and_that_is_said(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk, staged(desk) as stage:
        stage.page.head.copy.click()
        assert QGuiApplication.clipboard().text() == desk.standing().url
        assert "clipboard" in stage.window.notice.text


async def test_a_paused_routing_is_switched_on_and_off_again_from_here(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with desk_over(tmp_path) as desk, staged(desk) as stage:
        await stage.answered()
        await desk.switch(Switch(ROUTING, False))
        await stage.until(lambda: any("paused" in each for each in stage.warnings))
        assert "paused" in stage.page.head.routing.text()
        row = next(row for row in stage.page.warnings.rows if "paused" in row.sentence.text())
        row.button.setFocus()
        QTest.keyClick(row.button, Qt.Key.Key_Space)
        await stage.until(lambda: not any("paused" in each for each in stage.warnings))
        assert desk.settings.routing.enabled
        assert "on" in stage.page.head.routing.text()
        await stage.page.tasks.ended()  # then it has been told, with the way back
        stage.window.notice.undo.click()
        await stage.until(lambda: any("paused" in each for each in stage.warnings))
        assert not desk.settings.routing.enabled


async def test_an_undo_never_takes_back_what_was_switched_since(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk, staged(desk) as stage:
        await stage.answered()
        await desk.switch(Switch(ROUTING, False))
        await stage.until(lambda: any("paused" in each for each in stage.warnings))
        next(row for row in stage.page.warnings.rows if "paused" in row.sentence.text()).button.click()
        await stage.page.tasks.ended()
        await desk.switch(Switch(ROUTING, False, Lasting.RUN))
        before = (tmp_path / "config.toml").read_text()
        stage.window.notice.undo.click()
        await stage.window._tasks.ended()
        assert "changed since" in stage.window.notice.text
        assert (tmp_path / "config.toml").read_text() == before


async def test_a_pause_that_would_end_by_itself_ends_now_and_leaves_the_file_alone(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with desk_over(tmp_path) as desk, staged(desk) as stage:
        await stage.answered()
        await desk.switch(Switch(ROUTING, False, Lasting.RUN))
        await stage.until(lambda: any("until Tierwise ends" in each for each in stage.warnings))
        (row,) = (row for row in stage.page.warnings.rows if "paused" in row.sentence.text())
        row.button.click()
        await stage.until(lambda: not any("paused" in each for each in stage.warnings))
        assert (tmp_path / "config.toml").read_text() == CONFIG


async def test_an_open_breaker_is_told_and_reset(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        board = desk.program.gateway.answers.world.board
        service = Service("ollama", "qwen3-coder:30b")
        for _ in range(20):
            board.failed(service, Key("ollama", "none"), Failure(FailureKind.SERVER, "It failed."))
        await stage.until(lambda: any("failed too often" in each for each in stage.warnings))
        states = {row["name"]: row["state"] for row in stage.page.health.model._rows}
        assert states["ollama"] == "✕ breaker open: qwen3-coder:30b"
        row = next(row for row in stage.page.warnings.rows if "failed too often" in row.sentence.text())
        row.button.click()
        await stage.until(lambda: not any("failed too often" in each for each in stage.warnings))
        assert "asked again" in stage.window.notice.text


async def test_a_record_that_cannot_be_read_is_told_in_every_place(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = {"error": "ledger", "detail": "The record cannot be read: it is locked."}
    async with desk_over(tmp_path, made()) as desk:
        whole = desk.overview

        async def broken() -> dict[str, Any]:
            return {**(await whole()), "today": lost, "recentRequests": lost}

        monkeypatch.setattr(desk, "overview", broken)
        async with staged(desk) as stage:
            await stage.answered()
            for panel in (*stage.page.figures, stage.page.recent):
                assert any("it is locked" in text for text in _shown_texts(panel))
            assert stage.page.days.chart.isVisible()


async def test_cost_can_be_chosen_by_keyboard(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        days = stage.page.days
        requests, cost = days.choices.findChildren(QAbstractButton)
        assert requests.isChecked()
        requests.setFocus()
        QTest.keyClick(requests, Qt.Key.Key_Right)
        QTest.keyClick(cost, Qt.Key.Key_Space)
        assert cost.isChecked()
        assert days.chart.figure.unit.told(1.0).startswith("$")


async def test_tab_leads_through_the_page_in_its_order(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        page = stage.page
        page.head.copy.setFocus()
        seen = [page.head.copy, *_walked(page)]
        wanted: list[QWidget] = [
            page.head.copy,
            page.figures[0].trend,
            page.days.chart,
            page.mix.requests,
            page.health.table,
            page.recent.table,
        ]
        assert [widget for widget in seen if widget in wanted] == wanted


async def test_a_budget_is_shown_as_soon_as_one_is_set(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        assert not stage.page.budgets.isVisible()
        await desk.write(Assign(("budgets", "daily_usd"), 5.0))
        await stage.until(stage.page.budgets.isVisible)


async def test_the_first_steps_are_there_until_a_provider_is(qt_loop: QtLoop, tmp_path: Path) -> None:
    machine = PretendedMachine()

    def made_steps(go_to: Callable[[str], None]) -> FirstSteps:
        return FirstSteps(PretendedDemo(), machine, go_to)

    async with desk_over(tmp_path, config="") as desk, staged(desk, made_steps) as stage:
        await stage.answered()
        steps = stage.page.beginning.first_steps
        assert steps is not None
        assert steps.isVisible()
        assert stage.warnings == []
        await desk.write(Assign(("providers", "ollama", "kind"), "ollama"))
        await stage.until(lambda: stage.page.beginning.first_steps is None)
        assert not stage.page.beginning.isVisible()
        assert machine.listeners == []


async def test_the_first_steps_listen_to_nothing_after_the_window(qt_loop: QtLoop, tmp_path: Path) -> None:
    machine = PretendedMachine()
    async with desk_over(tmp_path, config="") as desk:
        async with staged(desk, lambda go_to: FirstSteps(PretendedDemo(), machine, go_to)):
            assert machine.listeners
        assert machine.listeners == []


async def test_a_file_that_was_broken_at_the_start_is_told(qt_loop: QtLoop, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.config.write_text("[providers.x\n")
    (home.backups / "config.last-good.toml").write_text(CONFIG)
    async with opened(home, keyring=keyring_on(MemoryBackend())) as desk, staged(desk) as stage:
        await stage.answered()
        (told,) = (each for each in stage.warnings if "last good one is in force" in each)
        assert "config.toml:1" in told


async def test_a_file_that_breaks_is_told_until_it_is_in_order_again(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path) as desk, staged(desk) as stage:
        await stage.answered()
        before = stage.warnings
        (tmp_path / "config.toml").write_text("[providers.x\n")
        assert not (await desk.program.reload()).applied
        await stage.until(lambda: any("last good one is in force" in each for each in stage.warnings))
        (tmp_path / "config.toml").write_text(CONFIG)
        assert (await desk.program.reload()).applied
        await stage.until(lambda: stage.warnings == before)


async def test_a_new_day_is_begun_at_midnight(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_over(tmp_path, made()) as desk:
        whole, days = desk.overview, []

        async def almost_over() -> dict[str, Any]:
            """Of a day that ends at once, the first time."""
            told = await whole()
            days.append(told["today"]["date"])
            return {**told, "today": {**told["today"], "until": 0}} if len(days) == 1 else told

        monkeypatch.setattr(desk, "overview", almost_over)
        async with staged(desk) as stage:
            await stage.until(lambda: len(days) == 2)


async def test_everything_that_takes_the_focus_has_a_name(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        for widget in stage.page.findChildren(QWidget):
            if isinstance(widget, QAbstractButton) and widget.isVisible():
                assert widget.text() or widget.accessibleName()
            elif isinstance(widget, Chart | QTableView):
                assert widget.accessibleName()


@pytest.mark.parametrize(("width", "columns"), [(720, 2), (1080, 4)])
async def test_a_narrow_window_shows_the_figures_in_two_rows(
    qt_loop: QtLoop, tmp_path: Path, width: int, columns: int
) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        stage.window.resize(width, 600)
        await stage.answered()
        assert stage.page.beside.columns == columns
        assert stage.page.minimumSizeHint().width() <= stage.page.width()


async def test_a_hidden_page_asks_nothing(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        await stage.window.built("usage")
        whole = desk.overview

        async def watched() -> dict[str, Any]:
            asked.set()
            return await whole()

        monkeypatch.setattr(desk, "overview", watched)
        stage.page.refresh()
        await desk.counts()
        assert not asked.is_set()
        stage.window.go_to("overview")
        await asked.wait()


def _shown_texts(panel: QWidget) -> list[str]:
    return [str(each.property("text")) for each in panel.findChildren(QWidget) if each.isVisible()]


def _walked(page: OverviewPage) -> list[QWidget]:
    """Where Tab leads from the widget that has the focus, as long as that is on the page."""
    seen: list[QWidget] = []
    while True:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is None or not page.isAncestorOf(focused) or focused in seen:
            return seen
        seen.append(focused)


async def test_one_tier_for_everything_is_no_concern_once_it_has_ended(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with opened(Home(tmp_path)) as desk:
        await desk.set_override("COMPLEX", 0.5 / 60)
        async with staged(desk) as stage:
            await stage.until(lambda: any("COMPLEX" in warning for warning in stage.warnings))
            await stage.until(lambda: not any("COMPLEX" in warning for warning in stage.warnings))


async def test_undo_keeps_its_letter_beside_this_page(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with desk_over(tmp_path, made()) as desk, staged(desk) as stage:
        await stage.answered()
        buttons = [each for each in stage.page.findChildren(QAbstractButton) if each.isVisible()]
        letters = [text[text.index("&") + 1].lower() for each in buttons if "&" in (text := each.text())]
        assert len(letters) == len({*letters})
        assert "u" not in letters
