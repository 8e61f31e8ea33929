"""How long conversations were, and for how long they stayed at or below a tier.

A session has several: its agents ask for other models. The record does not tell agents apart, so a
conversation is what of a session has asked for the same model. One whose last request is not half an hour
old may not be over, and is left out.

So are calls beside the conversation: titles, suggestions, warm-ups. They are SIMPLE in the midst of whatever
goes on, so each of them would look like a stay of one request, and shorten all that are real. The record does
not name them, but each is scored 0 to the last bit, and the scale on which all else is scored never gets
there. What has no score counts; so does a compaction, which is scored, and is a turn of its conversation.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from proxy.config import TIER_NAMES, TierName
from proxy.exchange import Origin, Surface
from proxy.ledger.store.words import NUMBER

DAYS: Final = 7
_DAY_MS: Final = 24 * 60 * 60 * 1000
_OVER_MS: Final = 30 * 60 * 1000
_MOST: Final = 20_000
"""The newest exchanges that are looked at."""

_QUESTION = f"""
select session, requested, received, tier from exchanges
where received >= ? and origin = {NUMBER[Origin.CLIENT]} and session is not null
    and surface != {NUMBER[Surface.EMBEDDINGS]} and (score is null or score != 0)
order by received desc, seq desc limit {_MOST}
"""  # noqa: S608 -- constants

_LEFT_UPWARDS: Final = TIER_NAMES[:-1]
"""Nothing is above the last one."""

_Row = tuple[int, int | None, int, int | None]


class Conversations(Struct, frozen=True):
    """Counts of requests, one for each conversation or stay."""

    lengths: Sequence[int]
    stays: Mapping[TierName, Sequence[int]]
    """A stay begins with the first request at or below the tier after one above it, and ends before the next
    one above it, or with the conversation."""
    returns: Mapping[TierName, int]
    """How many of them ended before one above it."""


def conversations(connection: sqlite3.Connection, now: float) -> Conversations:
    """Of the last seven days; `now` is in seconds since 1970."""
    moment = int(now * 1000)
    rows = connection.execute(_QUESTION, (moment - DAYS * _DAY_MS,))
    finished = list(_finished(rows, moment - _OVER_MS))
    stays = {
        name: [stay for tiers in finished for stay in _stays(tiers, NUMBER[name])] for name in _LEFT_UPWARDS
    }
    return Conversations(
        [len(tiers) for tiers in finished],
        {name: [length for length, _ in found] for name, found in stays.items()},
        {name: sum(returns for _, returns in found) for name, found in stays.items()},
    )


def _finished(newest_first: Iterable[_Row], over: int) -> Iterator[list[int | None]]:
    """The tiers of each conversation that rests since that moment, the oldest first."""
    tiers: dict[tuple[int, int | None], list[int | None]] = defaultdict(list)
    last: dict[tuple[int, int | None], int] = {}
    for session, requested, received, tier in newest_first:
        talk = session, requested
        last.setdefault(talk, received)
        tiers[talk].append(tier)
    for talk, of_talk in tiers.items():
        if last[talk] < over:
            of_talk.reverse()
            yield of_talk


def _stays(tiers: Iterable[int | None], highest: int) -> Iterator[tuple[int, bool]]:
    """How long each was, and whether something above came after it.

    A request without a tier neither ends a stay nor is part of one. Tiers' numbers ascend as they do.
    """
    length: int | None = None
    for tier in tiers:
        if tier is None:
            continue
        if tier > highest:
            if length:
                yield length, True
            length = 0
        elif length is not None:
            length += 1
    if length:
        yield length, False
