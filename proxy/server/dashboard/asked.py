"""What the query of an address asks for, read in one way for all pages; what makes no sense is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from proxy.exchange import Origin
from proxy.ledger.queries.logs import FAR, LogFilters, Place
from proxy.ledger.queries.spans import WINDOWS, WindowName
from proxy.ledger.queries.usage import NOBODYS_NAME, Filters
from proxy.wire.failure import Failure, FailureKind

USUAL_ROWS: Final = 100
MOST_ROWS: Final = 500
_USUAL_WINDOW: WindowName = "7d"
_TRUE: Final = ("true", "1", "yes")

Query = Mapping[str, str]


def window(query: Query) -> WindowName:
    wanted = query.get("window") or _USUAL_WINDOW
    found = next((name for name in WINDOWS if name == wanted), None)
    if found is None:
        raise _bad(f"`window` is one of {', '.join(WINDOWS)}.")
    return found


def filters(query: Query, origin: Origin) -> Filters:
    """What is to be counted. Names of tiers are found in any case, and `none` means: without one."""
    wanted = query.get("origin") or origin
    if wanted not in list(Origin):
        raise _bad(f"`origin` is one of {', '.join(Origin)}.")
    tier = query.get("tier", "")
    return Filters(
        origin=wanted,
        client=query.get("client", ""),
        provider=query.get("provider", ""),
        model=query.get("model", ""),
        tier=tier.lower() if tier.lower() == NOBODYS_NAME else tier.upper(),
    )


def log_filters(query: Query, origin: Origin) -> LogFilters:
    asked = LogFilters(
        filters=filters(query, origin),
        since=moment(query.get("since", "")),
        errors_only=query.get("error", "").lower() in _TRUE,
    )
    before = query.get("before")
    if not before:
        return asked
    try:
        place = Place.named(before)
    except ValueError as error:
        raise _bad("`before` is what another page gave as `next`.") from error
    return LogFilters(filters=asked.filters, since=asked.since, errors_only=asked.errors_only, before=place)


def limit(query: Query) -> int:
    text = query.get("limit") or str(USUAL_ROWS)
    try:
        wanted = int(text)
    except ValueError as error:
        raise _bad("`limit` is a number of rows.") from error
    return max(1, min(wanted, MOST_ROWS))


def moment(text: str) -> int:
    """Milliseconds since 1970, from such a number or an ISO time, which is local where it names no zone."""
    if not text:
        return 0
    try:
        found = (
            int(text) if text.lstrip("-").isdigit() else int(datetime.fromisoformat(text).timestamp() * 1000)
        )
    except (ValueError, OverflowError, OSError) as error:
        raise _bad("`since` is a number of milliseconds since 1970, or an ISO date.") from error
    return max(-FAR, min(found, FAR))


def _bad(sentence: str) -> Failure:
    return Failure(FailureKind.BAD_REQUEST, sentence)
