"""Requests are listed by when they came and written when they end: one that took long is found, too."""

from proxy.exchange import Exchange
from tests.proxy.ledger.made import NOW, exchange
from tests.ui.windows.logs.conftest import OpenLogs, until
from tests.ui.windows.logs.rows import entry
from ui.loop import QtLoop
from ui.models.columns import Column
from ui.models.pages import PagesModel
from ui.windows.logs.following import in_their_places, is_due
from ui.windows.logs.wanted import Wanted

HOUR = 3600


def many(count: int) -> list[Exchange]:
    return [exchange(received=NOW + place) for place in range(count)]


async def test_a_request_of_hours_goes_in_where_it_began_when_it_ends(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    first, last = exchange(received=NOW), exchange(received=NOW + 5 * HOUR)
    async with open_logs(first, last) as logs:
        long = exchange(received=NOW + 2 * HOUR)
        await logs.write(long)
        await until(lambda: logs.ids() == [last.id, long.id, first.id])
        longer = exchange(received=NOW - HOUR)
        await logs.write(longer)
        await until(lambda: logs.ids() == [last.id, long.id, first.id, longer.id])


async def test_one_of_before_all_that_is_on_show_comes_with_its_page(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    async with open_logs(*many(600)) as logs:
        long, new = exchange(received=NOW + 100.5), exchange(received=NOW + 1000)
        await logs.write(long)
        await logs.write(new)
        await until(lambda: logs.ids()[0] == new.id)
        assert long.id not in logs.ids()
        while logs.page.model.canFetchMore():
            logs.page.model.fetchMore()
            await logs.page.settled()
        ids = logs.ids()
        assert len(ids) == len(set(ids)) == 602
        assert ids.index(long.id) == 1 + 499


async def test_a_long_one_is_found_below_many_that_came_after_it(
    qt_loop: QtLoop, open_logs: OpenLogs
) -> None:
    """Within a quarter of an hour, and still not among the newest that are looked at."""
    async with open_logs(*many(400)) as logs:
        logs.page.model.fetchMore()
        await logs.page.settled()
        long = exchange(received=NOW + 50.5)
        await logs.write(long)
        await until(lambda: long.id in logs.ids())
        assert logs.ids().index(long.id) == 349


async def test_one_that_a_filter_leaves_out_is_left_out(qt_loop: QtLoop, open_logs: OpenLogs) -> None:
    mine = exchange(received=NOW, client="codex")
    async with open_logs(mine) as logs:
        await logs.write(exchange(received=NOW + 1, client="aider"))
        logs.page.look_at(Wanted(client="codex"))
        await logs.page.settled()
        await logs.write(exchange(received=NOW - HOUR, client="aider"))
        other = exchange(received=NOW - HOUR, client="codex")
        await logs.write(other)
        await until(lambda: logs.ids() == [mine.id, other.id])


def model_of(*received: int) -> PagesModel:
    model = PagesModel((Column("Id", lambda row: row["id"]),), lambda row: row["id"])
    model.put_first([entry(id=str(each), received=each) for each in received])
    return model


def ids(model: PagesModel) -> list[str]:
    return [model.row(model.index(place, 0))["id"] for place in range(model.rowCount())]


def test_several_go_each_to_its_own_place(qt_loop: QtLoop) -> None:
    model = model_of(90, 60, 30)
    new = [
        entry(id=name, received=at) for name, at in (("d", 10), ("b2", 70), ("b1", 71), ("a", 95), ("c", 60))
    ]
    model.put_first(in_their_places(new, model))
    assert ids(model) == ["a", "90", "b1", "b2", "c", "60", "30", "d"]


def test_what_is_on_show_already_is_not_due(qt_loop: QtLoop) -> None:
    model = model_of(90, 60)
    assert not is_due(entry(id="60", received=60), model)
    assert is_due(entry(id="61", received=61), model)
    assert is_due(entry(id="5", received=5), model)
