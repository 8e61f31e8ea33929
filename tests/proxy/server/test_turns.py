"""How many requests sessions still have before them, with a record that is asked beside the requests."""

from pathlib import Path

from proxy.ledger.ledger import Ledger
from proxy.money.remaining import USUAL, USUAL_STAY
from proxy.server.choosing.turns import Turns
from tests.proxy.ledger.made import CONFIG, NOW, attempt, exchange, filled

HOUR = 3600.0


def record(folder: Path, length: int) -> Ledger:
    """Twenty conversations of so many requests, each of which came down to SIMPLE with its last two."""
    tiers = ["COMPLEX"] * (length - 2) + ["SIMPLE"] * 2
    exchanges = (
        exchange(attempt(tier=tier), session=f"s{talk}", received=NOW - HOUR + second)
        for talk in range(20)
        for second, tier in enumerate(tiers)
    )
    folder.mkdir(exist_ok=True)
    return Ledger(filled(folder / "tierwise.db", exchanges), folder, CONFIG)


async def test_until_the_record_has_answered_the_usual_is_expected(tmp_path: Path) -> None:
    turns = Turns(lambda: NOW)
    assert turns.remaining.expected(0) == USUAL
    await turns.look(record(tmp_path, 6))
    assert turns.remaining.expected(0) == 6
    assert turns.remaining.expected_stay("SIMPLE") == 2


async def test_the_newest_answer_counts(tmp_path: Path) -> None:
    turns = Turns(lambda: NOW)
    await turns.look(record(tmp_path / "first", 6))
    await turns.look(record(tmp_path / "then", 9))
    assert turns.remaining.expected(0) == 9


async def test_what_was_known_stays_known_when_the_record_cannot_be_read(tmp_path: Path) -> None:
    turns = Turns(lambda: NOW)
    await turns.look(record(tmp_path, 6))
    await turns.look(Ledger(tmp_path / "none.db", tmp_path, CONFIG))
    assert turns.remaining.expected(0) == 6


async def test_without_a_record_the_usual_is_expected(tmp_path: Path) -> None:
    turns = Turns(lambda: NOW)
    await turns.look(Ledger(tmp_path / "none.db", tmp_path, CONFIG))
    assert turns.remaining.expected_run(0, "SIMPLE") == USUAL_STAY
