"""Exchanges read back from their rows, as far as money depends on them, so that they can be settled again."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proxy.exchange import Origin, Purpose
from proxy.ledger.accounting import Account
from proxy.ledger.record import Record, TryRecord
from proxy.ledger.store.schema import Flag
from proxy.ledger.store.words import all_words
from proxy.money.cost import NANO
from proxy.wire.canonical import UNKNOWN, Usage

_TOKENS = "input, cache_read, cache_write, cache_write_1h, output, reasoning"
_EXCHANGES = f"""
select seq, received, session, surface, requested, outcome, flags, cache_seconds, cost, other_cost,
    price_source, baseline, baseline_alike, compared_with, {_TOKENS}
from exchanges where seq between ? and ? order by seq limit ?
"""  # noqa: S608 -- constants
_TRIES = f"""
select seq, provider, model, serves, status, outcome, error, cost, reported, {_TOKENS}
from tries where seq between ? and ? order by seq, place
"""  # noqa: S608 -- constants

_NAMED = ("surface", "requested", "outcome", "error", "price_source", "compared_with", "provider", "model")

_Fields = dict[str, Any]
_Counts = tuple[int | None, int | None, int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Reread:
    """One exchange as it was handed over, and what it came to so far."""

    seq: int
    record: Record
    session: int | None
    account: Account


def reread(connection: sqlite3.Connection, first: int, last: int, most: int) -> list[Reread]:
    """The exchanges with these numbers in their order, but no more than so many."""
    word = all_words(connection).get
    found = list(_asked(connection, word, _EXCHANGES, (first, last, most)))
    if not found:
        return []
    tries: defaultdict[int, list[_Fields]] = defaultdict(list)
    for each in _asked(connection, word, _TRIES, (found[0]["seq"], found[-1]["seq"])):
        tries[each["seq"]].append(each)
    return [_reread(fields, tries[fields["seq"]]) for fields in found]


def _asked(
    connection: sqlite3.Connection, word: Callable[[int], str | None], question: str, values: tuple[int, ...]
) -> Iterator[_Fields]:
    cursor = connection.execute(question, values)
    columns = [column[0] for column in cursor.description]
    named = [name for name in _NAMED if name in columns]
    for row in cursor:
        fields = dict(zip(columns, row, strict=True))
        for name in named:
            fields[name] = word(fields[name])
        yield fields


def _reread(fields: Mapping[str, Any], tries: list[_Fields]) -> Reread:
    served = _counts(fields)
    told = tuple([_try(each, served, fields["flags"]) for each in tries])
    usage = next((each.usage for each in told if each.serves), UNKNOWN)
    account = Account(
        usage,
        fields["flags"],
        tuple([each["cost"] for each in tries]),
        fields["cost"],
        fields["other_cost"],
        fields["price_source"],
        fields["baseline"],
        fields["baseline_alike"],
        fields["compared_with"],
    )
    return Reread(fields["seq"], _record(fields, told), fields["session"], account)


def _record(fields: Mapping[str, Any], tries: tuple[TryRecord, ...]) -> Record:
    """What has no bearing on money is left empty."""
    return Record(
        id="",
        origin=Origin.CLIENT,
        received=fields["received"],
        decided=None,
        ended=0,
        surface=fields["surface"],
        client="",
        profile="",
        session=None,
        requested=fields["requested"],
        source=None,
        reasons=(),
        status=None,
        outcome=fields["outcome"],
        error=None,
        streamed=bool(fields["flags"] & Flag.STREAMED),
        on_subscription=bool(fields["flags"] & Flag.SUBSCRIPTION),
        cache_seconds=fields["cache_seconds"],
        tries=tries,
    )


def _try(fields: Mapping[str, Any], served: _Counts, flags: int) -> TryRecord:
    """The tokens of the attempt that served stand in its exchange."""
    counts = served if fields["serves"] else _counts(fields)
    reported = fields["reported"]
    usage = Usage(*counts, cost_usd=None if reported is None else reported / NANO)
    return TryRecord(
        provider=fields["provider"],
        model=fields["model"],
        key="",
        tier=None,
        purpose=Purpose.ANSWER,
        status=fields["status"],
        outcome=fields["outcome"],
        error=fields["error"],
        began=0,
        first_byte=None,
        ended=0,
        usage=UNKNOWN if usage == UNKNOWN else usage,
        notes=(),
        serves=bool(fields["serves"]),
        # Of those that did not serve it is only known what they cost, and what stayed here was free.
        leaves=bool(flags & Flag.PASSED_ON) if fields["serves"] else fields["cost"] is None,
    )


def _counts(fields: Mapping[str, Any]) -> _Counts:
    return (
        fields["input"],
        fields["cache_read"],
        fields["cache_write"],
        fields["cache_write_1h"],
        fields["output"],
        fields["reasoning"],
    )
