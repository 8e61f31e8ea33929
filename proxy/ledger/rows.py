"""A settled exchange as the rows that are kept of it."""

import hashlib
from collections.abc import Iterator

from proxy.ledger.accounting import Account
from proxy.ledger.record import Record, TryRecord
from proxy.ledger.store.words import Words
from proxy.ledger.traces.packing import packed
from proxy.money.cost import NANO
from proxy.wire.canonical import Usage

Row = tuple[object, ...]

EXCHANGE = (
    "seq", "id", "received", "origin", "client", "surface", "profile", "session", "requested", "source",
    "tier", "score", "provider", "model", "status", "outcome", "error", "flags", "tries", "decided",
    "first_byte", "ended", "cache_seconds", "input", "cache_read", "cache_write", "cache_write_1h", "output",
    "reasoning", "cost", "other_cost", "price_source", "baseline", "baseline_alike", "compared_with",
)  # fmt: skip
TRY = (
    "seq", "place", "provider", "model", "key", "tier", "purpose", "serves", "status", "outcome", "error",
    "began", "first_byte", "ended", "input", "cache_read", "cache_write", "cache_write_1h", "output",
    "reasoning", "cost", "reported",
)  # fmt: skip

_NO_COUNTS = (None,) * 6


def number_of(id_: str) -> int:
    """The number that stands for an exchange's id, which is that number after a word."""
    return int.from_bytes(bytes.fromhex(id_.rpartition("_")[2]), "big", signed=True)


def id_of(number: int) -> str:
    return f"req_{number.to_bytes(8, 'big', signed=True).hex()}"


def session_number(session: str | None) -> int | None:
    """What tells sessions apart without keeping their ids."""
    if session is None:
        return None
    digest = hashlib.blake2b(session.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def session_named(told: str) -> int:
    """The same from the digits that a row is told with; ValueError for what are none."""
    return int.from_bytes(bytes.fromhex(told), "big", signed=True)


def exchange_row(seq: int, record: Record, session: int | None, account: Account, words: Words) -> Row:
    told = _telling(record)
    served = told if told is not None and told.serves else None
    return (
        seq,
        number_of(record.id),
        record.received,
        words[record.origin],
        words[record.client],
        words[record.surface],
        words[record.profile or None],
        session,
        words[record.requested],
        words[record.source],
        None if told is None else words[told.tier],
        _score(record),
        None if served is None else words[served.provider],
        None if served is None else words[served.model],
        record.status,
        words[record.outcome],
        words[record.error],
        account.flags,
        len(record.tries),
        record.decided,
        None if served is None else served.first_byte,
        record.ended,
        record.cache_seconds,
        *_counts(account.usage),
        account.cost,
        account.other_cost,
        words[account.price_source],
        account.baseline,
        account.baseline_alike,
        words[account.compared_with],
    )


def try_rows(seq: int, record: Record, account: Account, words: Words) -> Iterator[Row]:
    for place, each in enumerate(record.tries):
        usage = each.usage
        yield (
            seq,
            place,
            words[each.provider],
            words[each.model],
            words[each.key or None],
            words[each.tier],
            words[each.purpose],
            int(each.serves),
            each.status,
            words[each.outcome],
            words[each.error],
            each.began,
            each.first_byte,
            each.ended,
            *(_NO_COUNTS if each.serves else _counts(usage)),
            account.tries[place],
            None if usage.cost_usd is None else round(usage.cost_usd * NANO),
        )


def trace_row(seq: int, record: Record, words: Words) -> Row | None:
    """None where there is nothing to tell."""
    told = packed(record, words)
    return None if told is None else (seq, told)


def _score(record: Record) -> float | None:
    score = None if record.decision is None else record.decision.score
    return None if score is None else score.value


def _telling(record: Record) -> TryRecord | None:
    """The attempt that served, else the first one: it tells the tier that was chosen."""
    for each in record.tries:
        if each.serves:
            return each
    return record.tries[0] if record.tries else None


def _counts(usage: Usage) -> Row:
    return (
        usage.input,
        usage.cache_read,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
    )
