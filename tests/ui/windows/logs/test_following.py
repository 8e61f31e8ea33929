"""When new rows go in, and when they only wait."""

import pytest

from tests.ui.windows.logs.rows import entry
from ui.windows.logs.following import Newest, Pause, news_of, pause_of


@pytest.mark.parametrize(
    ("follows", "is_at_top", "has_selection", "pause"),
    [
        (True, True, False, None),
        (True, False, False, Pause.SCROLLED),
        (True, True, True, Pause.SELECTED),
        (True, False, True, Pause.SELECTED),
        (False, True, False, Pause.OFF),
    ],
)
def test_rows_go_in_only_where_nobody_looks_elsewhere(
    follows: bool, is_at_top: bool, has_selection: bool, pause: Pause | None
) -> None:
    assert pause_of(follows=follows, is_at_top=is_at_top, has_selection=has_selection) is pause


@pytest.mark.parametrize(
    ("new", "is_all", "text"),
    [(0, True, "0"), (2, True, "2"), (1, False, "1+"), (4, False, "4+"), (4, True, "4")],
)
def test_it_is_said_where_there_may_be_more_than_were_looked_at(new: int, is_all: bool, text: str) -> None:
    rows = [entry(id=str(place)) for place in range(4)]
    news = news_of(Newest(rows, is_all, last=4), lambda row: int(row["id"]) < new)
    assert (news.count, news.count_text) == (new, text)
