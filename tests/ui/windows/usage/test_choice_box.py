"""A filter's list."""

import pytest
from pytestqt.qtbot import QtBot

from ui.windows.usage.choice_box import ChoiceBox

BOTH = ({"name": "codex", "requests": 5}, {"name": "none", "requests": 2})


@pytest.fixture
def box(qtbot: QtBot) -> ChoiceBox:
    box = ChoiceBox("client")
    qtbot.addWidget(box)
    return box


def texts(box: ChoiceBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


def test_every_name_with_its_requests_and_all_of_them_first(box: ChoiceBox) -> None:
    box.offer(BOTH, "")
    assert texts(box) == ["All (7)", "codex (5)", "unknown client (2)"]
    assert box.currentIndex() == 0


def test_what_is_chosen_stays_although_it_has_vanished(box: ChoiceBox) -> None:
    box.offer(BOTH, "cursor")
    assert box.currentData() == "cursor"
    assert box.currentText() == "No requests: cursor"


def test_once_it_is_there_again_it_is_a_choice_like_others(box: ChoiceBox) -> None:
    box.offer((), "codex")
    box.offer(BOTH, "codex")
    assert box.currentText() == "codex (5)"
    assert len(texts(box)) == 3


def test_other_counts_change_in_place_and_tell_nobody(box: ChoiceBox) -> None:
    picked: list[str] = []
    box.picked.connect(picked.append)
    box.offer(BOTH, "codex")
    box.offer(({"name": "codex", "requests": 6}, BOTH[1]), "codex")
    assert box.currentText() == "codex (6)"
    assert picked == []
