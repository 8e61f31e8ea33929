"""A restart in the midst of a conversation changes nothing of what its turns are compared with."""

from pathlib import Path

from proxy.ledger.accounting import Account, Accounting
from proxy.ledger.record import recorded
from proxy.ledger.rows import session_number
from proxy.ledger.warming import warm
from proxy.wire.canonical import Usage
from tests.proxy.ledger.made import CONFIG, NOW, attempt, catalogue, exchange, settled, write, writing

FIRST = exchange(attempt("anthropic/claude-opus-4-8", usage=Usage(20, 0, 50_000, None, 500)), received=NOW)
NEXT = exchange(attempt("ollama/qwen3-coder:30b", usage=Usage(51_000, output=500)), received=NOW + 60)


def next_after_a_restart(tmp_path: Path, *before: object, now: float = NOW + 60) -> Account:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, before)  # type: ignore[arg-type] # exchanges
        accounting = Accounting(CONFIG, catalogue())
        warm(accounting, scribe.connection, now, lambda: None)
    record = recorded(NEXT)
    return accounting.settled(record, session_number(record.session))


def test_the_next_turn_is_compared_with_a_warm_cache(tmp_path: Path) -> None:
    without_restart = settled(FIRST, NEXT)[1].account
    assert next_after_a_restart(tmp_path, FIRST) == without_restart
    assert without_restart.baseline is not None
    cold = settled(NEXT)[0].account.baseline
    assert cold is not None
    assert without_restart.baseline < cold / 5


def test_an_empty_record_warms_nothing(tmp_path: Path) -> None:
    assert next_after_a_restart(tmp_path) == settled(NEXT)[0].account


def test_what_is_older_than_any_cache_is_not_gone_through(tmp_path: Path) -> None:
    asked: list[int] = []

    class Counting(Accounting):
        def settled(self, *arguments: object, **more: object) -> Account:
            asked.append(1)
            return super().settled(*arguments, **more)  # type: ignore[arg-type] # passed on

    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, [exchange(received=NOW - 7200), exchange(received=NOW - 3000), exchange(received=NOW)])
        warm(Counting(CONFIG, catalogue()), scribe.connection, NOW + 10, lambda: None)
    assert len(asked) == 2
