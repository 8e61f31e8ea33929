"""The routing page in front of a running Tierwise."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from proxy.routing.health.breaker import State
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind
from tests.ui.windows.routing.stage import CONFIG, RULE, Stage, staged
from ui.frame.panel import Panel
from ui.loop import QtLoop
from ui.windows.routing.asking import OWN

WORDS = "What is the capital of France?"
OFF = CONFIG.replace('key = "none"', 'key = "none"\nenabled = false')
SMALL = Service("p", "small")


def fail(stage: Stage, service: Service) -> None:
    board = stage.application.gateway.answers.world.board
    for _ in range(3):
        board.failed(service, Key("p", "none"), Failure(FailureKind.SERVER, "no"))


def states(stage: Stage) -> list[State]:
    return [each.state for each in stage.desk.program.gateway.answers.health().breakers]


def tier_for_all(stage: Stage) -> str | None:
    override = stage.application.gateway.answers.world.override
    return None if override is None else override.tier


def shown(page: QWidget, name: str) -> QPushButton:
    buttons = page.findChildren(QPushButton)
    return next(each for each in buttons if each.accessibleName() == name)


async def test_without_requests_every_panel_says_what_is_the_case(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        page = stage.page
        assert page.asking.nothing.isVisible()
        assert page.breakers._message._sentence.text() == "Every service may be asked."
        assert "no rules" in page.rules_panel._message._sentence.text()
        assert not page.result.score_panel.isVisible()
        page.explain()
        await stage.explained()
        assert page.result.answer._message.isVisible()


async def test_a_recent_request_that_is_picked_is_explained(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, CONFIG + RULE) as stage:
        await stage.serve(WORDS)
        await stage.open()
        page = stage.page
        table = page.asking.recent
        assert table.model().index(0, 2).data() == WORDS
        table.setFocus()
        table.setCurrentIndex(table.model().index(0, 0))
        QTest.keyClick(table, Qt.Key.Key_Return)
        await stage.explained()
        verdict = page.result.verdict
        assert verdict.sentence.text().startswith("Sent to p/small: typed turn")
        assert [badge.text() for badge in verdict.badges] == ["p/small", "SIMPLE", "by its tier"]
        assert "would go there again" in verdict.comparison.text()
        assert not verdict._between.isVisible()
        assert "in the band of SIMPLE" in page.result.score.scale.accessibleDescription()
        stages = [row.name.text() for row in page.result.stages.rows if row.isVisible()]
        assert stages == ["1. Health", "2. Rules", "3. Tier", "4. Session", "5. Balance"]
        assert page.result.candidates.model.rowCount() == 5
        assert not page.result.economics_panel.isVisible()
        assert len(stage.provider.received) == 1, "explaining asks nobody"


async def test_where_it_would_go_elsewhere_now_both_are_told(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        id_ = await stage.serve(WORDS)
        await stage.open()
        await stage.desk.set_override("REASONING", None)
        stage.page.look_at(id_)
        await stage.explained()
        between = stage.page.result.verdict._between
        assert between.isVisible()
        assert between.then.text() == "p/small, SIMPLE"
        assert between.now.text() == "p/largest, REASONING"


async def test_an_exchange_whose_request_is_gone_shows_how_it_was_decided(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        id_ = await stage.serve(WORDS)
        await stage.open()
        await stage.recorded()
        stage.forget_recent()
        stage.page.look_at(id_)
        await stage.explained()
        result = stage.page.result
        assert result.answer.title.text() == "Where it went"
        assert result.verdict.sentence.text().startswith("Sent to p/small")
        assert "no longer kept" in result.verdict.comparison.text()


async def test_an_exchange_that_nobody_knows_is_said_to_be_unknown(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        stage.page.look_at("req_0000000000000000")
        await stage.explained()
        assert "There is no exchange" in stage.page.result.answer._message._sentence.text()


async def test_words_are_explained_by_keyboard_alone(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        page = stage.page
        page.activateWindow()
        field = page.search_field()
        assert field is page.asking.own.field
        field.setFocus()
        QTest.keyClicks(field, WORDS)
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await stage.explained()
        assert page.result.verdict.sentence.text().startswith("Sent to p/small")
        assert stage.provider.received == []
        QTest.keyClick(field, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is not field


async def test_a_request_that_is_no_json_is_refused_with_its_place(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        page = stage.page
        page.asking.take_way(OWN)
        page.asking.own.field.take('{"messages": x}')
        page.explain()
        await stage.explained()
        assert "line 1, column 14" in page.result.answer._message._sentence.text()
        page.asking.own.look()
        await page.guessing.ended()
        assert "line 1, column 14" in page.asking.own.told.text()


async def test_what_a_request_is_taken_for_is_shown(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        own = stage.page.asking.own
        assert "stays in memory" in own.told.text()
        own.field.take('{"model": "gemini-pro", "contents": [{"parts": [{"text": "Hi"}]}]}')
        own.look()
        await stage.page.guessing.ended()
        assert own.surface.itemText(0) == "Guessed: Gemini"
        assert own.model.placeholderText() == "gemini-pro"
        assert "is not sent" in own.told.text()
        own.model.setFocus()
        QTest.keyClicks(own.model, "another")
        assert own._pause.isActive()
        own.look()
        await stage.page.guessing.ended()
        assert "for the model another" in own.told.text()
        own.model.clear()
        own.field.forget()
        own.look()
        assert own.surface.itemText(0) == "Guessed"
        assert own.model.placeholderText() == "as the request says"


async def test_what_nobody_can_take_shows_why(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, OFF) as stage:
        await stage.open()
        page = stage.page
        page.asking.take_way(OWN)
        page.asking.own.field.take(WORDS)
        page.explain()
        await stage.explained()
        verdict = page.result.verdict
        assert verdict.sentence.text().startswith("⚠")
        assert "the provider p is off" in verdict.sentence.text()
        assert verdict.badges[0].text() == "nobody"
        row = page.result.candidates.model.row(page.result.candidates.model.index(0, 0))
        assert (row["outcome"], row["why"]) == ("✕ dropped by Health", "The provider p is off")


async def test_the_newest_question_counts(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        page = stage.page
        page.asking.take_way(OWN)
        for words, model in ((WORDS, "reasoning"), (WORDS, "simple")):
            page.asking.own.field.forget()
            page.asking.own.field.take(words)
            page.asking.own.model.setText(model)
            page.explain()
        await stage.explained()
        assert page.result.verdict.badges[0].text() == "p/small"
        page.asking.own.model.setText("reasoning")
        page.explain()
        await stage.explained()
        assert page.result.verdict.badges[0].text() == "p/largest"
        assert all(panel.updatesEnabled() for panel in page.result.findChildren(Panel))


async def test_an_open_breaker_appears_by_itself_and_is_reset_by_its_button(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        page = stage.page
        rows = page.breakers.table.model
        appeared = asyncio.Event()
        rows.layoutChanged.connect(appeared.set)
        fail(stage, SMALL)
        await appeared.wait()
        assert [rows.row(rows.index(0, 0))[name] for name in ("service", "state")] == [
            "p/small",
            "✕ Left alone",
        ]
        assert page.breakers._tick.isActive()
        QTest.keyClick(shown(page, "Reset p/small"), Qt.Key.Key_Space)
        await page.tasks.ended()
        await page.settled()
        assert states(stage) == []
        assert stage.window.said == ["p/small may be asked again from the next request on."]
        assert page.breakers._message.isVisible()


async def test_a_button_goes_with_its_row(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        fail(stage, SMALL)
        fail(stage, Service("p", "large"))
        await stage.open()
        page = stage.page
        QTest.keyClick(shown(page, "Reset p/small"), Qt.Key.Key_Space)
        await page.tasks.ended()
        await page.settled()
        buttons = [each for each in page.breakers.findChildren(QPushButton) if each.isVisible()]
        assert [each.accessibleName() for each in buttons] == ["Reset p/large"]


async def test_enter_on_a_row_resets_it_too(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        fail(stage, SMALL)
        await stage.open()
        table = stage.page.breakers.table.table
        table.setCurrentIndex(table.model().index(0, 0))
        assert "Enter resets it." in stage.page.breakers.table.told.text()
        QTest.keyClick(table, Qt.Key.Key_Return)
        await stage.page.tasks.ended()
        assert states(stage) == []


async def test_a_key_that_was_refused_is_tried_again_after_a_reset(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        board = stage.application.gateway.answers.world.board
        board.failed(SMALL, Key("p", "work", Secret("x")), Failure(FailureKind.UNAUTHENTICATED, "no"))
        await stage.open()
        table = stage.page.breakers.table.table
        told = [table.model().index(0, column).data() for column in (0, 1)]
        assert told == ["p, key work", "✕ Key rejected"]
        table.setCurrentIndex(table.model().index(0, 0))
        QTest.keyClick(table, Qt.Key.Key_Return)
        await stage.page.tasks.ended()
        assert stage.desk.program.gateway.answers.health().marks == ()
        assert stage.window.said == ["p may be asked again from the next request on."]


async def test_countdowns_stand_still_while_nobody_sees_them(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        fail(stage, SMALL)
        await stage.open()
        assert stage.page.breakers._tick.isActive()
        stage.page.hide()
        assert not stage.page.breakers._tick.isActive()
        stage.page.show()
        assert stage.page.breakers._tick.isActive()


async def test_one_tier_for_everything_is_set_shown_undone_and_stopped(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with staged(tmp_path) as stage:
        await stage.open()
        page = stage.page
        override = page.override
        override.tier.setCurrentText("COMPLEX")
        QTest.keyClick(override.send, Qt.Key.Key_Space)
        await page.tasks.ended()
        await page.settled()
        assert tier_for_all(stage) == "COMPLEX"
        assert "goes to COMPLEX for 15 min" in override.told.text()
        assert override.stop.isVisible()
        QTest.keyClick(override.stop, Qt.Key.Key_Space)
        await page.tasks.ended()
        await page.settled()
        assert tier_for_all(stage) is None
        assert override.send.isVisible()


async def test_until_one_quits_has_no_end(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.desk.set_override("SIMPLE", None)
        await stage.open()
        assert stage.page.override.told.text().endswith("goes to SIMPLE until you quit.")
        assert not stage.page.override._tick.isActive()


async def test_rules_are_told_in_words(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, CONFIG + RULE) as stage:
        await stage.open()
        rules = stage.page.rules.model
        told = [rules.index(0, column).data() for column in range(4)]
        assert told == ["from codex", "every route", "✓ in force", "client is codex"]


async def test_a_rule_that_is_broken_says_why(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, CONFIG + RULE.replace('"client"', '"klient"')) as stage:
        await stage.open()
        rules = stage.page.rules
        assert rules.model.index(0, 2).data() == "⚠ broken"
        rules.table.setCurrentIndex(rules.model.index(0, 0))
        assert 'no signal is called "klient"' in rules.told.text()


async def test_what_cannot_be_told_is_said_and_can_be_asked_again(
    qt_loop: QtLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        told = stage.desk.routing

        async def half_told() -> dict[str, Any]:
            return {**await told(), "circuitBreakers": {"error": "internal", "detail": "It is broken."}}

        monkeypatch.setattr(stage.desk, "routing", half_told)
        await stage.open()
        message = stage.page.breakers._message
        assert message._sentence.text() == "⚠ It is broken."
        monkeypatch.undo()
        QTest.keyClick(message._button, Qt.Key.Key_Space)
        await stage.page.settled()
        assert message._sentence.text() == "Every service may be asked."


async def test_everything_that_can_be_used_has_a_name(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with staged(tmp_path, CONFIG + RULE) as stage:
        fail(stage, SMALL)
        await stage.serve(WORDS)
        await stage.open()
        page = stage.page
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
                assert name_of(widget), widget


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name))
