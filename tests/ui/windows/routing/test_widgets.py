"""The widgets of the page by themselves."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.theme.colors import light
from ui.windows.routing.paste_field import MOST_SHOWN, PasteField
from ui.windows.routing.score_scale import ScoreScale, score_in_words, tier_at

BANDS = {"SIMPLE": (0, 20), "MEDIUM": (20, 50), "COMPLEX": (50, 75), "REASONING": (75, 100)}


def pasted(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def test_the_scale_says_its_score_to_those_who_cannot_see_it(qtbot: QtBot) -> None:
    scale = ScoreScale()
    qtbot.addWidget(scale)
    scale.show_score(62.5, BANDS)
    told = QAccessible.queryAccessibleInterface(scale).text(QAccessible.Text.Description)
    assert told == "Score 62.5 of 100, in the band of COMPLEX, which goes from 50 to 75."


def test_the_marker_stands_at_the_value(qtbot: QtBot) -> None:
    scale = ScoreScale()
    qtbot.addWidget(scale)
    scale.resize(440, scale.sizeHint().height())
    scale.show_score(50.0, BANDS)
    picture = scale.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    middle = scale.fontMetrics().height() + 7 + 4 + 6
    assert picture.pixelColor(int(20 + 0.10 * 400), middle) == light().tiers["SIMPLE"]
    assert picture.pixelColor(int(20 + 0.60 * 400), middle) == light().tiers["COMPLEX"]
    assert picture.pixelColor(220, middle) == light().text


@pytest.mark.parametrize(
    ("value", "tier"),
    [(0.0, "SIMPLE"), (19.9, "SIMPLE"), (20.0, "MEDIUM"), (100.0, "REASONING")],
)
def test_a_threshold_that_is_reached_is_passed(value: float, tier: str) -> None:
    assert tier_at(value, BANDS) == tier


def test_without_bands_the_score_is_still_said() -> None:
    assert score_in_words(3.0, {}) == "Score 3.0 of 100"


def test_what_is_pasted_is_the_text(qtbot: QtBot) -> None:
    field = PasteField()
    qtbot.addWidget(field)
    field.insertFromMimeData(pasted("Hello"))
    assert field.text == field.toPlainText() == "Hello"


def test_what_is_too_large_is_kept_beside_and_not_laid_out(qtbot: QtBot) -> None:
    field = PasteField()
    qtbot.addWidget(field)
    large = "x" * (MOST_SHOWN * 100)
    with qtbot.waitSignal(field.changed):
        field.insertFromMimeData(pasted(large))
    assert field.text == large
    assert len(field.toPlainText()) < MOST_SHOWN
    assert field.isReadOnly()


def test_a_key_takes_away_what_is_kept_beside(qtbot: QtBot) -> None:
    field = PasteField()
    qtbot.addWidget(field)
    field.insertFromMimeData(pasted("x" * (MOST_SHOWN + 1)))
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text == ""
    assert not field.isReadOnly()


def test_a_small_text_replaces_a_large_one(qtbot: QtBot) -> None:
    field = PasteField()
    qtbot.addWidget(field)
    field.take("x" * (MOST_SHOWN + 1))
    field.take("small")
    assert field.text == "small"
