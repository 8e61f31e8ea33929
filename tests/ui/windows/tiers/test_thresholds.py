"""Profile and thresholds: by key, by mouse, under a profile, and with the scores of the last days."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.toml.edits import Assign
from benchmarks.made_exchanges import developers_year, written_config
from proxy.config import RoutingConfig
from tests.proxy.ledger.made import filled
from tests.ui.windows.tiers.stage import CONFIG, recorded, running
from ui.loop import QtLoop
from ui.windows.tiers.thresholds.scale import ThresholdScale
from ui.windows.tiers.thresholds.spread import spread
from ui.windows.tiers.words import band_words

ROUTED = f"{CONFIG}\n[routing]\n# my own\nthresholds = [10, 40, 90]  # tuned\n"


async def test_thresholds_are_moved_by_keys_and_undone(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        scale = stage.page.thresholds.scale
        stage.page.propose.setFocus()
        stage.tab_to(scale.handles[0])
        QTest.keyClick(scale.handles[0], Qt.Key.Key_Right)
        QTest.keyClick(scale.handles[0], Qt.Key.Key_PageUp)
        QTest.keyClick(scale.handles[0], Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is scale.handles[1]
        await stage.done()
        assert stage.tree["routing"]["thresholds"] == [26, 50, 75]
        assert list(stage.desk.settings.routing.thresholds) == [26, 50, 75]
        QTest.keyClick(scale.handles[1], Qt.Key.Key_PageDown)
        QTest.keyClick(scale.handles[1], Qt.Key.Key_Left)
        stage.page.propose.setFocus()
        await stage.done()
        assert stage.tree["routing"]["thresholds"] == [26, 44, 75]
        await stage.undone()
        assert stage.tree["routing"]["thresholds"] == [26, 50, 75]
        assert "# the small ones" in stage.text


async def test_as_shipped_takes_the_key_out_and_can_be_undone(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, ROUTED) as stage:
        panel = stage.page.thresholds
        assert list(panel.scale.values) == [10, 40, 90]
        panel.reset.click()
        await stage.done()
        assert "thresholds" not in stage.tree.get("routing", {})
        assert stage.desk.settings.routing.thresholds == RoutingConfig().thresholds
        await stage.page.settled()
        assert list(panel.scale.values) == [20, 50, 75]
        assert not panel.reset.isEnabled()
        await stage.undone()
        assert stage.tree["routing"]["thresholds"] == [10, 40, 90]


async def test_a_threshold_keeps_its_comment(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path, ROUTED) as stage:
        scale = stage.page.thresholds.scale
        scale.handles[2].setFocus()
        QTest.keyClick(scale.handles[2], Qt.Key.Key_Right)
        stage.page.propose.setFocus()
        await stage.done()
        assert "# my own\nthresholds = [10, 40, 91]  # tuned" in stage.text


async def test_a_change_from_elsewhere_moves_no_handle_that_is_in_hand(
    qt_loop: QtLoop, tmp_path: Path
) -> None:
    async with recorded(tmp_path) as stage:
        scale = stage.page.thresholds.scale
        scale.handles[0].setFocus()
        QTest.keyClick(scale.handles[0], Qt.Key.Key_Right)
        await stage.desk.write(Assign(("routing", "thresholds"), [1, 2, 3]))
        stage.page._show_settings()
        assert list(scale.values) == [21, 50, 75]
        assert scale.handles[0].hasFocus()


@pytest.fixture
def scale(qt_loop: QtLoop) -> ThresholdScale:
    made = ThresholdScale()
    made.resize(400, made.sizeHint().height())
    made.show_thresholds((20, 50, 75))
    return made


async def test_handles_never_cross(qt_loop: QtLoop, scale: ThresholdScale) -> None:
    low, middle, high = scale.handles
    for _ in range(40):
        QTest.keyClick(middle, Qt.Key.Key_PageDown)
    assert list(scale.values) == [20, 21, 75]
    QTest.keyClick(low, Qt.Key.Key_End)
    assert list(scale.values) == [20, 21, 75]
    QTest.keyClick(high, Qt.Key.Key_End)
    QTest.keyClick(low, Qt.Key.Key_Home)
    assert list(scale.values) == [0, 21, 100]
    middle.dragged.emit(4000.0)
    assert list(scale.values) == [0, 99, 100]


async def test_the_mouse_pulls_a_handle_and_tells_once_when_it_lets_go(
    qt_loop: QtLoop, scale: ThresholdScale
) -> None:
    told: list[tuple[float, ...]] = []
    scale.settled.connect(told.append)
    scale.show()
    handle = scale.handles[0]
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    for value in (25, 30):
        goal = QPoint(round(scale.x_of(value)), handle.geometry().center().y())
        QTest.mouseMove(handle, handle.mapFromParent(goal))
    assert not told
    assert scale.is_in_hand
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    assert told == [(30, 50, 75)]
    scale.close()


async def test_a_handle_is_a_slider_with_a_name_and_a_value(qt_loop: QtLoop, scale: ThresholdScale) -> None:
    told = QAccessible.queryAccessibleInterface(scale.handles[1])
    assert told.role() == QAccessible.Role.Slider
    assert told.text(QAccessible.Text.Name) == "Score from which COMPLEX is asked"
    values = told.valueInterface()
    assert (values.minimumValue(), values.currentValue(), values.maximumValue()) == (21, 50, 74)


async def test_numbers_between_points_stay_until_their_handle_is_moved(
    qt_loop: QtLoop, scale: ThresholdScale
) -> None:
    scale.show_thresholds((12.5, 12.75, 60))
    assert list(scale.values) == [12.5, 12.75, 60]
    QTest.keyClick(scale.handles[2], Qt.Key.Key_Right)
    assert list(scale.values) == [12.5, 12.75, 61]


async def test_a_profile_is_chosen_by_arrow_and_shifts_the_bands(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        panel = stage.page.thresholds
        assert not panel.shifted.isVisible()
        panel.profiles["balanced"].setFocus()
        QTest.keyClick(panel.profiles["balanced"], Qt.Key.Key_Left)
        await stage.done()
        assert stage.tree["routing"]["profile"] == "save"
        stage.page._show_settings()
        assert "30 · 60 · 85" in panel.shifted.text()
        assert panel.shifted.isVisible()
        assert panel.legend["MEDIUM"].band.text() == "30 to below 60"
        assert "10 more" in panel.meaning.text()
        await stage.undone()
        stage.page._show_settings()
        assert panel.profiles["balanced"].isChecked()


@pytest.mark.parametrize(
    ("routing", "words"),
    [
        (RoutingConfig(), ["below 20", "20 to below 50", "50 to below 75", "from 75"]),
        (
            RoutingConfig(profile="quality", thresholds=(5, 9, 40)),
            ["no score", "no score", "0 to below 30", "from 30"],
        ),
    ],
)
async def test_bands_in_words(qt_loop: QtLoop, routing: RoutingConfig, words: list[str]) -> None:
    assert [band_words(tier, routing) for tier in ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")] == words


def test_a_score_on_a_border_belongs_to_the_tier_above() -> None:
    assert spread([(19.9, 1), (20.0, 2), (80.0, 4)], (20, 50, 75)) == {
        "SIMPLE": 1,
        "MEDIUM": 2,
        "COMPLEX": 0,
        "REASONING": 4,
    }


async def test_the_scores_of_the_last_days_are_spread_over_the_bands(qt_loop: QtLoop, tmp_path: Path) -> None:
    filled(tmp_path / "tierwise.db", list(developers_year(200, time.time(), 3)))
    async with recorded(tmp_path, written_config()) as stage:
        panel, scores = stage.page.thresholds, await stage.desk.scores(7)
        total = sum(requests for _, requests in scores)
        assert total > 0
        assert panel.counted.isVisible()
        assert sum(shown(entry.part.text()) for entry in panel.legend.values()) == total


async def test_without_scores_nothing_is_said_of_them(qt_loop: QtLoop, tmp_path: Path) -> None:
    async with recorded(tmp_path) as stage:
        assert not stage.page.thresholds.counted.isVisible()


def shown(part: str) -> int:
    return int(part.partition("(")[2].rstrip(")").replace(",", ""))
