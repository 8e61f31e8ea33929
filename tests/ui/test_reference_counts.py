"""Calls into Qt leave None, True and False as they found them: the gate for every change of PySide6's
version.

PySide6 6.12.0 drops a reference to None with every call that returns nothing. A Python whose None can die
aborts when the last one is gone, after some thousands of calls.
"""

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QImage, QPainter, QPixmap, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QSystemTrayIcon, QTableView

CALLS = 2_000
NOISE = 50  # what else comes and goes meanwhile
SPARE = [None, True, False] * 200_000  # so that a PySide6 that drops references fails here and does not abort

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12),
    reason="None, True and False are immortal since Python 3.12: nothing to count",
)


class Sender(QObject):
    sent = Signal(bool)


def timer() -> Callable[[], object]:
    timer = QTimer()
    return lambda: (
        timer.setSingleShot(True),
        timer.start(10_000),
        timer.isActive(),
        timer.stop(),
        timer.isActive(),
    )


def action() -> Callable[[], object]:
    action = QAction("Routing")
    return lambda: (
        action.setText("Routing"),
        action.setCheckable(True),
        action.setChecked(False),
        action.isChecked(),
    )


def menu() -> Callable[[], object]:
    menu = QMenu()
    return lambda: (
        menu.setTitle("Tierwise"),
        menu.clear(),
        menu.isEmpty(),
        menu.isVisible(),
        menu.setEnabled(True),
    )


def tray_icon() -> Callable[[], object]:
    pixmap = QPixmap(22, 22)
    pixmap.fill(Qt.GlobalColor.darkGreen)
    icon, tray = QIcon(pixmap), QSystemTrayIcon()
    return lambda: (
        tray.setIcon(icon),
        tray.setToolTip("Tierwise"),
        tray.isVisible(),
        tray.supportsMessages(),
    )


def label() -> Callable[[], object]:
    label = QLabel()
    return lambda: (
        label.setText("saved today"),
        label.setEnabled(True),
        label.isEnabled(),
        label.isVisible(),
    )


def button() -> Callable[[], object]:
    button = QPushButton("Run")
    button.clicked.connect(lambda checked: None)
    return lambda: (button.click(), button.setCheckable(False), button.isDown())


def painter() -> Callable[[], object]:
    image = QImage(32, 32, QImage.Format.Format_ARGB32)

    def paint() -> None:
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawLine(0, 0, 31, 31)
        painter.fillRect(4, 4, 8, 8, Qt.GlobalColor.red)
        painter.isActive()
        painter.end()

    return paint


def table() -> Callable[[], object]:
    model, view = QStandardItemModel(10, 3), QTableView()
    view.setModel(model)
    return lambda: (view.setSortingEnabled(False), view.scrollToTop(), model.setRowCount(10), view.showGrid())


def signals() -> Callable[[], object]:
    sender = Sender()
    sender.sent.connect(lambda value: None)
    return lambda: (sender.sent.emit(True), sender.sent.emit(False), sender.blockSignals(False))


def properties() -> Callable[[], object]:
    thing = QObject()
    return lambda: (thing.setProperty("state", True), thing.property("state"), thing.property("missing"))


def events() -> Callable[[], object]:
    return lambda: (QApplication.processEvents(), QApplication.sendPostedEvents(), QApplication.closingDown())


def counts() -> dict[str, int]:
    gc.collect()
    return {str(value): sys.getrefcount(value) for value in (None, True, False)}


def drift(call: Callable[[], object]) -> dict[str, int]:
    """By how much a batch of calls moves the counts."""
    for _ in range(10):  # caches fill
        call()
    before = counts()
    for _ in range(CALLS):
        call()
    after = counts()
    return {name: after[name] - before[name] for name in before}


@pytest.mark.parametrize(
    "calls",
    [timer, action, menu, tray_icon, label, button, painter, table, signals, properties, events],
    ids=lambda calls: calls.__name__,
)
def test_calls_leave_the_constants_as_they_found_them(
    qapp: QApplication, calls: Callable[[], Callable[[], object]]
) -> None:
    moved = drift(calls())
    assert all(abs(count) < NOISE for count in moved.values()), moved


@pytest.mark.parametrize("constant", [None, True, False])
def test_a_reference_lost_or_kept_per_call_is_noticed(constant: object) -> None:
    kept: list[object] = []
    assert drift(lambda: kept.append(constant))[str(constant)] >= CALLS - NOISE
    assert drift(kept.pop)[str(constant)] <= NOISE - CALLS
