"""What the tables keep by themselves: days that follow their quarters, and ids that are found in any part."""

from pathlib import Path

from proxy.ledger.queries.logs import exchange as exchange_of
from proxy.ledger.rows import id_of
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.schema import QUARTERS_OF_DAY
from tests.proxy.ledger.made import NOW, exchange, failed, write, writing

DIMENSIONS = "origin, client, provider, model, tier"
OF_QUARTERS = f"""
select quarter / {QUARTERS_OF_DAY}, {DIMENSIONS}, sum(requests), sum(errors) from quarters
group by 1, {DIMENSIONS} having sum(requests) > 0 order by 1, {DIMENSIONS}
"""
OF_DAYS = f"""
select day, {DIMENSIONS}, requests, errors from days where requests > 0 order by day, {DIMENSIONS}
"""


def assert_days_follow(scribe: Scribe, rows: int) -> None:
    days = scribe.connection.execute(OF_DAYS).fetchall()
    assert days == scribe.connection.execute(OF_QUARTERS).fetchall()
    assert sum(day[-2] for day in days) == rows


def test_days_follow_their_quarters(tmp_path: Path) -> None:
    made = [
        make(received=NOW + 5 * 3600 * place, client=f"client {place % 3}")
        for place in range(30)
        for make in (exchange, failed)
    ]
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, made)
        assert_days_follow(scribe, 60)
        write(scribe, made)
        assert_days_follow(scribe, 120)
        scribe.connection.execute("update quarters set requests = requests - 1 where errors = 0")
        scribe.connection.execute("delete from quarters where client = (select max(client) from quarters)")
        assert_days_follow(
            scribe, scribe.connection.execute("select sum(requests) from quarters").fetchone()[0]
        )


def test_an_id_is_found_wherever_it_stands(tmp_path: Path) -> None:
    ids = [id_of(number * 7_919 - 10**15) for number in range(9000)]
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, (exchange(id=id_) for id_ in ids))
        scribe.connection.execute("pragma optimize = 0x10002")
        for id_ in (ids[0], ids[4094], ids[4095], ids[4096], ids[-1]):
            found = exchange_of(scribe.connection, id_)
            assert found is not None
            assert found["id"] == id_
        assert exchange_of(scribe.connection, "req_0000000000000001") is None
        scribe.connection.execute("delete from exchanges where seq < 5000")
        assert exchange_of(scribe.connection, ids[0]) is None
        assert exchange_of(scribe.connection, ids[-1]) is not None
