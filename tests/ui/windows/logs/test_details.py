"""One request: how it is opened, what is told of it, and where it leads."""

import asyncio
import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.proxy.ledger.made import NOW, attempt, decided, exchange, failed, refused
from tests.ui.windows.logs.conftest import Opened, OpenLogs
from ui.loop import QtLoop

KEY = Qt.Key


async def press(logs: Opened, key: Qt.Key) -> None:
    QTest.keyClick(logs.page.view, key)
    await logs.page.settled()


def value(logs: Opened, name: str) -> str:
    return dict(logs.page.details.facts.lines)[name]


async def test_the_keyboard_opens_moves_on_and_closes(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    old, new = exchange(received=NOW), exchange(received=NOW + 1)
    async with open_logs(old, new) as logs:
        page = logs.page
        page.activateWindow()
        page.view.setFocus()
        page.view.selectRow(0)
        assert not page.details.isVisible()
        await press(logs, KEY.Key_Return)
        assert (page.details.isVisible(), page.looking.id) == (True, new.id)
        await press(logs, KEY.Key_Down)
        assert page.looking.id == old.id
        await press(logs, KEY.Key_Up)
        assert page.looking.id == new.id
        await press(logs, KEY.Key_Escape)
        assert not page.details.isVisible()
        assert page.view.hasFocus()


async def test_a_failover_is_told_attempt_by_attempt(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    tried = (refused("openai/gpt-5.5", ended=0.4), attempt(began=0.5, first_byte=1.0))
    async with open_logs(exchange(*tried)) as logs:
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        details = logs.page.details
        first, second = details.attempts.lines
        assert first[0] == "1. openai/gpt-5.5"
        assert first[1].startswith("✗ overloaded (529)")
        assert second[1].startswith("✓ 200, first byte after 500 ms")
        assert [(span.label, span.failure) for span in details.waterfall.spans] == [
            ("openai/gpt-5.5", "overloaded"),
            ("anthropic/claude-haiku-4-5", ""),
        ]


async def test_facts_say_what_it_cost_and_against_what(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        assert value(logs, "Id") == logs.ids()[0]
        assert value(logs, "Served by") == "anthropic/claude-haiku-4-5"
        assert value(logs, "Cost").endswith(" by the price list")
        assert value(logs, "Instead").endswith(" with claude-opus-4-8")
        assert value(logs, "Saved").endswith(", measured")
        assert value(logs, "Took") == "2.0 s, first byte after 510 ms"


async def test_the_decision_is_told_with_its_reasons_and_candidates(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    decision = decided()
    async with open_logs(exchange(decision=decision, reasons=())) as logs:
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        details = logs.page.details
        assert details.sentence.text().startswith("Sent to anthropic/claude-haiku-4-5")
        assert [text for _, text in details.reasons.lines] == [each.text for each in decision.reasons]
        assert [service for service, _ in details.candidates.lines] == [
            str(each.service) for each in decision.verdicts
        ]


async def test_what_nobody_served_says_so(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(failed()) as logs:
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        assert logs.page.details.heading.text() == "Nobody served this"
        assert value(logs, "Outcome") == "✗ overloaded (529)"
        assert value(logs, "Saved") == "unknown"


async def test_a_request_that_is_far_down_is_opened_by_its_id(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    made = [exchange(received=NOW + place) for place in range(300)]
    async with open_logs(*made) as logs:
        assert made[0].id not in logs.ids()
        logs.page.look_at(made[0].id)
        await logs.page.settled()
        assert value(logs, "Id") == made[0].id
        assert not logs.page.view.selectionModel().hasSelection()
        logs.page.look_at(made[-2].id)
        await logs.page.settled()
        assert logs.page.view.currentIndex().row() == 1


async def test_its_row_is_selected_as_soon_as_it_is_there(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    wanted = exchange(received=NOW)
    async with open_logs(wanted, exchange(received=NOW + 1)) as logs:
        logs.page.refresh()
        logs.page.look_at(wanted.id)
        await logs.page.settled()
        assert logs.page.view.currentIndex().row() == 1
        assert logs.page.looking.id == wanted.id


async def test_an_id_that_nobody_knows_is_told(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        logs.page.look_at("req_0000000000000000")
        await logs.page.settled()
        assert logs.host.said == ["There is no exchange req_0000000000000000 in the record."]
        assert not logs.page.details.isVisible()


async def test_it_is_copied_explained_and_its_conversation_shown(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    wanted = exchange(session="a", received=NOW)
    async with open_logs(wanted, exchange(session="b", received=NOW + 1)) as logs:
        logs.page.look_at(wanted.id)
        await logs.page.settled()
        details, clipboard = logs.page.details, QGuiApplication.clipboard()
        details.copy_id.click()
        assert clipboard.text() == wanted.id
        details.copy_json.click()
        assert json.loads(clipboard.text())["id"] == wanted.id
        details.explain.click()
        assert logs.host.gone_to == [("routing", wanted.id)]
        details.conversation.click()
        await logs.page.settled()
        assert logs.ids() == [wanted.id]


async def test_prompts_are_not_stored_and_that_is_said(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        said = logs.page.details.said
        assert said.words.startswith("Prompts and answers are not stored.")
        assert not said.button.isVisible()


async def test_what_was_said_is_fetched_only_when_it_is_wanted(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange(), config="[ledger]\nkeep_bodies_days = 3\n") as logs:
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        said = logs.page.details.said
        assert said.words == "Days for which prompts and answers are kept: 3."
        said.button.click()
        await logs.page.settled()
        assert said.words == "What was said in this request is not kept."
        said.show_said({"request": '{"a": 1}', "answer": "b", "is_whole": False})
        assert (said.request.toPlainText(), said.answer.toPlainText()) == ('{"a": 1}', "b")
        assert said.words == "Keys are masked, and the end is cut off."


async def test_a_narrow_page_has_them_below(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange()) as logs:
        assert logs.page.parts.orientation() is Qt.Orientation.Horizontal
        logs.page.resize(600, 460)
        assert logs.page.parts.orientation() is Qt.Orientation.Vertical
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        assert not logs.page.filters.isVisible()
        logs.page.looking.close()
        assert logs.page.filters.isVisible()


async def test_one_that_is_asked_for_again_while_it_is_laid_out_opens(
    qt_loop: QtLoop, open_logs: OpenLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_logs(exchange()) as logs:
        page, show = logs.page, logs.page.details.show_exchange
        (id_,) = logs.ids()
        again = asyncio.Event()

        def interrupted(row: dict[str, Any], days: int) -> None:
            """As when Enter is held down."""
            show(row, days)
            if not again.is_set():
                again.set()
                asyncio.get_running_loop().call_soon(page.open, id_)

        monkeypatch.setattr(page.details, "show_exchange", interrupted)
        page.open(id_)
        await again.wait()
        await asyncio.sleep(0)
        await page.settled()
        assert page.looking.is_open


async def test_a_long_name_is_told_whole(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    async with open_logs(exchange(attempt(f"{'a-long-name-' * 5}/{'and-more-' * 6}"))) as logs:
        logs.page.resize(720, 480)
        logs.page.look_at(logs.ids()[0])
        await logs.page.settled()
        heading = logs.page.details.heading
        assert heading.height() >= heading.heightForWidth(heading.width())
        assert logs.page.details.width() <= logs.page.width()
        assert heading.heightForWidth(heading.width()) > heading.fontMetrics().height()
