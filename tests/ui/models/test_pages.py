"""The table of which only some pages are fetched."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from app.errors import UserError
from ui.loop import QtLoop
from ui.models.columns import Column
from ui.models.pages import Fetch, Fetched, PagesModel

COLUMNS = (Column("Number", lambda row: str(row["n"])),)


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"n": number} for number in numbers]


def numbers_of(model: PagesModel) -> list[int]:
    return [int(model.data(model.index(place, 0))) for place in range(model.rowCount())]


def counting_down(start: int, size: int) -> Fetch:
    """Pages of so many numbers, down to 1."""

    async def fetch(page: str | None) -> Fetched:
        first = start if page is None else int(page)
        last = max(first - size, 0)
        return Fetched(rows(*range(first, last, -1)), str(last) if last else None)

    return fetch


async def begun(fetch: Fetch) -> PagesModel:
    model = PagesModel(COLUMNS, lambda row: row["n"])
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.begin(fetch)
    await model.settled()
    return model


async def test_the_first_page_comes_and_then_one_page_for_each_time_that_more_is_wanted(
    qt_loop: QtLoop,
) -> None:
    model = await begun(counting_down(5, 2))
    assert numbers_of(model) == [5, 4]
    model.fetchMore()
    await model.settled()
    assert numbers_of(model) == [5, 4, 3, 2]
    model.fetchMore()
    await model.settled()
    assert numbers_of(model) == [5, 4, 3, 2, 1]
    assert not model.canFetchMore()


async def test_a_page_is_fetched_once_however_often_it_is_wanted(qt_loop: QtLoop) -> None:
    model = await begun(counting_down(5, 2))
    for _ in range(3):
        model.fetchMore()
    await model.settled()
    assert model.rowCount() == 4


@pytest.mark.parametrize(
    ("newest", "then"),
    [
        ([], [9, 7, 5]),
        ([9, 7], [9, 7, 5]),
        ([11, 10, 9], [11, 10, 9, 7, 5]),
        ([9, 8, 7], [9, 8, 7, 5]),
        ([10, 9, 8, 7, 6], [10, 9, 8, 7, 6, 5]),
        ([9, 7, 5, 4], [9, 7, 5, 4]),
        ([12, 11], [12, 11, 9, 7, 5]),
    ],
)
async def test_new_rows_go_where_they_belong(qt_loop: QtLoop, newest: Sequence[int], then: list[int]) -> None:
    async def fetch(_page: str | None) -> Fetched:
        return Fetched(rows(9, 7, 5), None)

    model = await begun(fetch)
    model.put_first(rows(*newest))
    assert numbers_of(model) == then


async def test_what_has_come_meanwhile_does_not_come_twice_with_a_page(qt_loop: QtLoop) -> None:
    model = await begun(counting_down(4, 2))
    model.put_first(rows(6, 5, 4, 3, 2))
    model.fetchMore()
    await model.settled()
    assert numbers_of(model) == [6, 5, 4, 3, 2, 1]


async def test_the_old_rows_stay_until_the_new_ones_are_there(qt_loop: QtLoop) -> None:
    model = await begun(counting_down(2, 2))
    may_come = asyncio.Event()

    async def later(_page: str | None) -> Fetched:
        await may_come.wait()
        return Fetched(rows(8), None)

    model.begin(later)
    await asyncio.sleep(0)
    assert (numbers_of(model), model.is_begun) == ([2, 1], False)
    may_come.set()
    await model.settled()
    assert (numbers_of(model), model.is_begun) == ([8], True)


async def test_what_was_begun_before_is_no_answer_any_more(qt_loop: QtLoop) -> None:
    never = asyncio.Event()

    async def slow(_page: str | None) -> Fetched:
        await never.wait()
        return Fetched(rows(1), None)

    model = PagesModel(COLUMNS, lambda row: row["n"])
    model.begin(slow)
    model.begin(counting_down(3, 3))
    await model.settled()
    assert numbers_of(model) == [3, 2, 1]


async def test_a_page_that_fails_is_told_and_not_asked_for_without_end(qt_loop: QtLoop) -> None:
    async def failing(_page: str | None) -> Fetched:
        raise UserError("The record cannot be read.")

    told: list[str] = []
    model = PagesModel(COLUMNS, lambda row: row["n"])
    model.failed.connect(told.append)
    model.begin(failing)
    await model.settled()
    assert told == ["The record cannot be read."]
    assert not model.canFetchMore()


async def test_it_is_empty_after_its_end(qt_loop: QtLoop) -> None:
    model = await begun(counting_down(5, 2))
    model.end()
    assert (model.rowCount(), model.canFetchMore()) == (0, False)


@pytest.mark.parametrize("tell", [PagesModel.columnCount, PagesModel.rowCount])
async def test_its_rows_have_no_rows_of_their_own(
    qt_loop: QtLoop, tell: Callable[[PagesModel, QModelIndex], int]
) -> None:
    model = await begun(counting_down(2, 2))
    assert tell(model, model.index(0, 0)) == 0
