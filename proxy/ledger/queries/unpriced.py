"""What no price is known for, and what cannot be compared: the money that the sums do not hold."""

import sqlite3
from typing import Final

from msgspec import Struct

from proxy.exchange import Origin
from proxy.ledger.store.schema import QUARTER_MS
from proxy.ledger.store.words import NUMBER

DAYS: Final = 90
_DAY_MS = 24 * 60 * 60 * 1000
_MOST = 100
"""Clients may ask for any text as a model."""

_UNPRICED = f"""
select provider.word, model.word, sum(unpriced), sum(unpriced_tokens), min(quarter), max(quarter)
from quarters join words provider on provider.id = provider join words model on model.id = model
where quarter >= ? and origin = {NUMBER[Origin.CLIENT]} and unpriced > 0
group by provider, model order by sum(unpriced) desc, provider.word, model.word
"""  # noqa: S608 -- constants
_UNCOMPARED = f"""
select coalesce(word, ''), count(*)
from exchanges left join words on words.id = requested
where received >= ? and origin = {NUMBER[Origin.CLIENT]}
    and provider is not null and cost is not null and baseline is null and input is not null
group by requested order by count(*) desc, word limit {_MOST}
"""  # noqa: S608 -- constants


class Unpriced(Struct, frozen=True):
    """A service that has served, and what it charges is not known. Times are milliseconds since 1970."""

    service: str
    provider: str
    model: str
    requests: int
    tokens: int
    since: int
    last: int
    """Each at most a quarter of an hour before the first and the last of its requests."""


class Uncompared(Struct, frozen=True):
    """A model that was asked for and has no price, without a reference that would stand in for it."""

    requested: str
    """Empty where no model was named."""
    requests: int


def unpriced(connection: sqlite3.Connection, now: float) -> list[Unpriced]:
    """Of the last 90 days; `now` is in seconds since 1970."""
    rows = connection.execute(_UNPRICED, (_since(now) // QUARTER_MS,))
    return [
        Unpriced(
            f"{provider}/{model}", provider, model, requests, tokens, first * QUARTER_MS, last * QUARTER_MS
        )
        for provider, model, requests, tokens, first, last in rows
    ]


def uncompared(connection: sqlite3.Connection, now: float) -> list[Uncompared]:
    """Of the last 90 days, so far as the rows themselves are still there."""
    return [Uncompared(*row) for row in connection.execute(_UNCOMPARED, (_since(now),))]


def _since(now: float) -> int:
    return int(now * 1000) - DAYS * _DAY_MS
