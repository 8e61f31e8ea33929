"""What the query of an address asks for, read in one way for all pages; what makes no sense is refused."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from proxy.exchange import Origin, Outcome
from proxy.ledger.queries.logs import FAR, LogFilters, Place
from proxy.ledger.queries.spans import WINDOWS, Days, Window, WindowName, today
from proxy.ledger.queries.usage import NOBODYS_NAME, Filters
from proxy.wire.failure import Failure, FailureKind

USUAL_ROWS: Final = 100
MOST_ROWS: Final = 500
_USUAL_WINDOW: WindowName = "7d"
_TRUE: Final = ("true", "1", "yes")
_STATUS_CLASSES: Final = {"": 0, "2xx": 2, "4xx": 4, "5xx": 5}
_SESSION: Final = re.compile(r"[0-9a-fA-F]{16}")
_EARLIEST: Final = date(1970, 1, 2)
_LATEST: Final = date(2999, 12, 30)
"""No system knows the local time of a later one for certain."""
_MOST_YEARS: Final = 100

Query = Mapping[str, str]


def window(query: Query, now: float) -> Window:
    """A named one, or certain days; of these the last one is today where only the first is said."""
    if query.get("since") or query.get("until"):
        return _days(query, now)
    wanted = query.get("window") or _USUAL_WINDOW
    found = next((name for name in WINDOWS if name == wanted), None)
    if found is None:
        raise _bad(f"`window` is one of {', '.join(WINDOWS)}.")
    return found


def _days(query: Query, now: float) -> Days:
    try:
        first = date.fromisoformat(query.get("since", ""))
        last = date.fromisoformat(query.get("until") or today(now).label)
    except ValueError as error:
        raise _bad(
            "`since` and `until` are days such as 2026-03-31; the last one may be left out."
        ) from error
    if not _EARLIEST <= first <= last <= _LATEST or last.year - first.year > _MOST_YEARS:
        raise _bad(
            "`since` is a day from 1970 to 2999 and not after `until`, with a century at most in between."
        )
    return Days(first, last)


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
    return LogFilters(
        filters=filters(query, origin),
        since=moment(query.get("since", "")),
        until=moment(query.get("until", ""), "until") if query.get("until") else FAR,
        errors_only=query.get("error", "").lower() in _TRUE,
        outcome=_outcome(query.get("outcome", "")),
        status_class=_status_class(query.get("status", "")),
        session=_session(query.get("session", "")),
        before=_place(query.get("before", "")),
    )


def _place(text: str) -> Place:
    try:
        return Place.named(text) if text else Place(FAR, FAR)
    except ValueError as error:
        raise _bad("`before` is what another page gave as `next`.") from error


def _outcome(text: str) -> Outcome | None:
    if text and text not in list(Outcome):
        raise _bad(f"`outcome` is one of {', '.join(Outcome)}.")
    return Outcome(text) if text else None


def _status_class(text: str) -> int:
    if text not in _STATUS_CLASSES:
        raise _bad("`status` is 2xx, 4xx or 5xx.")
    return _STATUS_CLASSES[text]


def _session(text: str) -> str:
    if text and not _SESSION.fullmatch(text):
        raise _bad("`session` is what a row tells as its session: 16 digits from 0 to f.")
    return text.lower()


def limit(query: Query) -> int:
    text = query.get("limit") or str(USUAL_ROWS)
    try:
        wanted = int(text)
    except ValueError as error:
        raise _bad("`limit` is a number of rows.") from error
    return max(1, min(wanted, MOST_ROWS))


def moment(text: str, name: str = "since") -> int:
    """Milliseconds since 1970, from such a number or an ISO time, which is local where it names no zone."""
    if not text:
        return 0
    try:
        found = (
            int(text) if text.lstrip("-").isdigit() else int(datetime.fromisoformat(text).timestamp() * 1000)
        )
    except (ValueError, OverflowError, OSError) as error:
        raise _bad(f"`{name}` is a number of milliseconds since 1970, or an ISO date.") from error
    return max(-FAR, min(found, FAR))


def _bad(sentence: str) -> Failure:
    return Failure(FailureKind.BAD_REQUEST, sentence)
