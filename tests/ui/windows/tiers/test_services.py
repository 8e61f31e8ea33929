"""Services on the page of tiers: moved, copied, added, removed and changed, by key and by mouse."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desk.changes import Change
from app.toml.edits import Assign
from tests.app.desk.stage import Heard
from tests.ui.windows.tiers.stage import CONFIG, Stage, recorded, running
from ui.loop import QtLoop
from ui.windows.tiers.card.carrying import MIME, packed
from ui.windows.tiers.card.number import Number
from ui.windows.tiers.card.service_list import ServiceList
from ui.windows.tiers.lists import Held

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
COMMENTS = ("# mine", "# the small ones", "# the middle one")


async def test_a_service_is_moved_to_the_next_tier_and_back_by_keyboard_alone(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with running(tmp_path) as stage:
        stage.page.propose.setFocus()
        stage.tab_to(stage.simple.services)
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Home)
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Down)
        assert stage.simple.services.current == "p/tiny"
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Right, ALT)
        await stage.done()
        assert stage.names("SIMPLE") == ["p/small", "off/sleeping"]
        assert stage.names("MEDIUM") == ["p/middle", "p/tiny"]
        assert stage.tree["tiers"]["MEDIUM"]["services"][1] == {
            "provider": "p",
            "model": "tiny",
            "weight": 3,
            "params": {"effort": "low"},
        }
        assert all(comment in stage.text for comment in (*COMMENTS, "# quick"))
        assert QApplication.focusWidget() is stage.medium.services
        assert stage.medium.services.current == "p/tiny"
        assert stage.window.said == ["p/tiny was moved from SIMPLE to MEDIUM."]
        await stage.undone()
        assert stage.names("SIMPLE") == ["p/small", "p/tiny", "off/sleeping"]
        assert stage.names("MEDIUM") == ["p/middle"]
        assert all(comment in stage.text for comment in COMMENTS)


async def test_the_running_gateway_asks_in_the_new_order(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        question = {
            "surface": "messages",
            "body": {
                "model": "simple",
                "max_tokens": 9,
                "messages": [{"role": "user", "content": "hi"}],
            },
        }
        assert (await stage.desk.explain(question))["decision"]["service"] == "p/small"
        stage.simple.choose("p/tiny")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Up, ALT)
        await stage.done()
        assert (await stage.desk.explain(question))["decision"]["service"] == "p/tiny"


async def test_up_and_down_move_within_a_tier_and_keep_the_comments(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.choose("p/small")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Down, ALT)
        await stage.done()
        assert stage.names("SIMPLE") == ["p/tiny", "p/small", "off/sleeping"]
        assert '"p/small",  # quick' in stage.text
        assert stage.simple.services.current == "p/small"
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Up, ALT)
        await stage.done()
        assert stage.text == CONFIG.replace("{url}", "http://127.0.0.1:9")
        stage.window.said.clear()
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Up, ALT)
        await stage.done()
        assert stage.window.said == []


async def test_keys_that_are_pressed_fast_all_count(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.choose("p/small")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Down, ALT)
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Down, ALT)
        await stage.done()
        assert stage.names("SIMPLE") == ["p/tiny", "off/sleeping", "p/small"]


async def test_a_copy_is_pasted_into_another_tier_and_never_twice(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.choose("p/tiny")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_C, CTRL)
        assert QApplication.clipboard().text() == "p/tiny"
        stage.medium.services.setFocus()
        QTest.keyClick(stage.medium.services, Qt.Key.Key_V, CTRL)
        await stage.done()
        assert stage.names("MEDIUM") == ["p/middle", "p/tiny"]
        assert stage.names("SIMPLE") == ["p/small", "p/tiny", "off/sleeping"]
        QTest.keyClick(stage.medium.services, Qt.Key.Key_V, CTRL)
        await stage.done()
        assert stage.window.said[-1] == "p/tiny is in MEDIUM already."
        assert stage.names("MEDIUM") == ["p/middle", "p/tiny"]


async def test_delete_removes_and_the_keyboard_stays_in_the_list(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.choose("p/tiny")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Delete)
        await stage.done()
        assert stage.names("SIMPLE") == ["p/small", "off/sleeping"]
        assert QApplication.focusWidget() is stage.simple.services
        assert stage.simple.services.current == "off/sleeping"
        await stage.undone()
        assert stage.names("SIMPLE") == ["p/small", "p/tiny", "off/sleeping"]
        assert stage.tree["tiers"]["SIMPLE"]["services"][1]["params"] == {"effort": "low"}


async def test_an_undo_never_takes_back_what_was_done_since(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.choose("p/tiny")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Delete)
        await stage.done()
        undo = stage.window.undo
        await stage.desk.write(Assign(("tiers", "SIMPLE", "services"), ["p/other"]))
        assert undo is not None
        stage.page.do(undo())
        await stage.done()
        assert stage.names("SIMPLE") == ["p/other"]
        assert "nothing was undone" in stage.window.said[-1]


async def test_taking_the_last_one_away_asks_first(qt_loop: QtLoop, tmp_path: Path) -> None:
    only = CONFIG[: CONFIG.index("[tiers.SIMPLE]")] + '[tiers.SIMPLE]\nservices = ["p/small"]\n'
    async with recorded(tmp_path, only) as stage:
        stage.window.says_yes = False
        stage.simple.choose("p/small")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Delete)
        await stage.done()
        assert "No tier is left that can answer" in stage.window.questions[0]
        assert stage.names("SIMPLE") == ["p/small"]
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Right, ALT)
        await stage.done()
        assert stage.names("MEDIUM") == ["p/small"]
        assert len(stage.window.questions) == 1


async def test_space_switches_a_service_off_within_its_tier(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.choose("p/small")
        QTest.keyClick(stage.simple.services, Qt.Key.Key_Space)
        await stage.done()
        assert stage.tree["tiers"]["SIMPLE"]["services"][0] == {
            "provider": "p",
            "model": "small",
            "active": False,
        }
        assert "# quick" in stage.text
        assert not stage.simple.details.active.isChecked()
        stage.simple.details.active.click()
        await stage.done()
        assert stage.names("SIMPLE")[0] == "p/small"
        assert "active" not in stage.text


async def test_a_click_into_the_box_does_the_same(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        row = stage.simple.services.visualRect(stage.simple.services.services.index(0))
        box = QPoint(row.left() + 16, row.center().y())
        viewport = stage.simple.services.viewport()
        QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=box)
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=box + QPoint(80, 0))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=box)
        await stage.done()
        assert stage.names("SIMPLE")[0] == "p/small"
        assert "active" not in stage.text
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=box)
        await stage.done()
        assert stage.tree["tiers"]["SIMPLE"]["services"][0]["active"] is False


def begin_typing(number: Number, text: str) -> None:
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, text)


async def test_a_weight_counts_under_the_random_tactic_only(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.tactic.chosen.emit("random")
        await stage.done()
        assert stage.tree["tiers"]["SIMPLE"]["tactic"] == "random"
        stage.simple.choose("p/tiny")
        number = stage.simple.details.number
        assert number.value() == 3
        assert "Weight" in number.accessibleName()
        begin_typing(number, "5")
        QTest.keyClick(number, Qt.Key.Key_Return)
        await stage.done()
        assert stage.tree["tiers"]["SIMPLE"]["services"][1]["weight"] == 5
        stage.simple.tactic.chosen.emit("round_robin")
        await stage.done()
        assert not number.isVisible()
        await stage.undone()
        assert stage.tree["tiers"]["SIMPLE"]["tactic"] == "random"
        assert all(comment in stage.text for comment in COMMENTS)


async def test_a_number_that_is_being_typed_belongs_to_the_service_that_was_chosen(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path) as stage:
        stage.simple.tactic.chosen.emit("random")
        await stage.done()
        stage.simple.choose("p/tiny")
        number = stage.simple.details.number
        begin_typing(number, "42")
        stage.simple.services.choose("p/small")
        await stage.done()
        weights = [each.weight for each in stage.desk.settings.tier("SIMPLE").services]
        assert weights == [1, 42, 1]
        assert number.value() == 1


async def test_a_change_from_elsewhere_disturbs_no_choice_and_no_number_being_typed(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path) as stage:
        heard = Heard(stage.desk)
        stage.simple.tactic.chosen.emit("random")
        await stage.done()
        stage.simple.choose("p/tiny")
        number = stage.simple.details.number
        begin_typing(number, "42")
        told = heard.changes.count(Change.SETTINGS)
        added = ["p/new", "p/small", {"provider": "p", "model": "tiny", "weight": 3}]
        await stage.desk.write(Assign(("tiers", "SIMPLE", "services"), added))
        await heard.until(Change.SETTINGS, told + 1)
        await stage.page.settled()
        assert stage.simple.services.services.names == ["p/new", "p/small", "p/tiny"]
        assert stage.simple.services.current == "p/tiny"
        assert QApplication.focusWidget() is number
        assert number.lineEdit().text() == "42"
        heard.stop()


# -- by mouse ---------------------------------------------------------------------------------------


def over(services: ServiceList, row: int, data: QMimeData, *, below: bool = False) -> QDropEvent:
    """A drop onto the upper or lower half of a row."""
    rect = services.visualRect(services.services.index(row))
    place = QPointF(rect.center().x(), rect.bottom() - 2 if below else rect.top() + 2)
    move = Qt.DropAction.MoveAction
    return QDropEvent(place, move, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def drawn_over(services: ServiceList, row: int, data: QMimeData) -> QDragMoveEvent:
    place = services.visualRect(services.services.index(row)).topLeft() + QPoint(9, 2)
    move = Qt.DropAction.MoveAction
    return QDragMoveEvent(place, move, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def marked(services: ServiceList) -> int | None:
    """Where the line shows that something would land."""
    return services.gap


def carried(stage: Stage, tier: str, name: str) -> QMimeData:
    held = next(Held(each, name) for each in stage.page.cards if each == tier)
    return packed(held, stage.page._around.page)


async def test_a_service_is_drawn_into_another_tier_where_the_line_shows(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path) as stage:
        data = carried(stage, "SIMPLE", "p/tiny")
        move = drawn_over(stage.medium.services, 0, data)
        stage.medium.services.dragMoveEvent(move)
        assert move.isAccepted()
        assert marked(stage.medium.services) == 0
        drop = over(stage.medium.services, 0, data)
        stage.medium.services.dropEvent(drop)
        await stage.done()
        assert drop.isAccepted()
        assert marked(stage.medium.services) is None
        assert stage.names("MEDIUM") == ["p/tiny", "p/middle"]
        assert stage.names("SIMPLE") == ["p/small", "off/sleeping"]
        await stage.undone()
        assert stage.names("SIMPLE") == ["p/small", "p/tiny", "off/sleeping"]


async def test_a_service_is_drawn_to_another_place_of_its_list(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        data = carried(stage, "SIMPLE", "p/small")
        drop = over(stage.simple.services, 2, data, below=True)
        stage.simple.services.dropEvent(drop)
        await stage.done()
        assert stage.names("SIMPLE") == ["p/tiny", "off/sleeping", "p/small"]
        assert "# quick" in stage.text


async def test_nothing_lands_that_is_double_or_of_another_page(qt_loop: QtLoop, tmp_path: Path) -> None:
    twice = CONFIG.replace('["p/middle"]', '["p/middle", "p/tiny"]')
    async with recorded(tmp_path, twice) as stage:
        before = stage.text
        text = QMimeData()
        text.setText("p/tiny")
        broken = QMimeData()
        broken.setData(MIME, b"{")
        strange = packed(Held("SIMPLE", "p/small"), "another page")
        for data in (carried(stage, "SIMPLE", "p/tiny"), text, broken, strange):
            move = drawn_over(stage.medium.services, 0, data)
            stage.medium.services.dragMoveEvent(move)
            assert not move.isAccepted()
            assert marked(stage.medium.services) is None
            drop = over(stage.medium.services, 0, data)
            stage.medium.services.dropEvent(drop)
            assert not drop.isAccepted()
        await stage.done()
        assert stage.text == before
