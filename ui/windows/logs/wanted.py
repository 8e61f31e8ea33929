"""What the log is narrowed to: a value, as filters for the record, and as a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication

from proxy.exchange import Origin
from proxy.ledger.queries.logs import LogFilters, Place
from proxy.ledger.queries.spans import Days, Window
from proxy.ledger.queries.usage import NOBODYS_NAME, Filters
from ui.words import whole_moment

_HOUR_MS: Final = 3_600_000


class Since(StrEnum):
    """How far back."""

    EVER = "ever"
    HOUR = "hour"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    MOMENT = "moment"
    """From a moment that was said."""


_HOURS: Final[Mapping[Since, int]] = {Since.HOUR: 1, Since.WEEK: 7 * 24, Since.MONTH: 30 * 24}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows; empty is any."""

    client: str = ""
    provider: str = ""
    model: str = ""
    tier: str = ""
    errors_only: bool = False
    since: Since = Since.EVER
    moment: int = 0
    """Milliseconds since 1970, where that is asked for."""
    origin: Origin = Origin.CLIENT
    session: str = ""

    @property
    def filters(self) -> Filters:
        return Filters(
            origin=self.origin,
            client=self.client,
            provider=self.provider,
            model=self.model,
            tier=self.tier,
        )

    def start(self, now: float) -> int:
        """The earliest moment in milliseconds; `now` is in seconds."""
        if self.since is Since.MOMENT:
            return self.moment
        if self.since is Since.TODAY:
            midnight = datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: DTZ006 -- the local day
            return int(midnight.timestamp() * 1000)
        hours = _HOURS.get(self.since)
        return 0 if hours is None else int(now * 1000) - hours * _HOUR_MS

    def window(self, now: float) -> Window:
        """The window whose names are offered: at least as long."""
        if self.since is Since.MOMENT:
            first, today = (datetime.fromtimestamp(at).date() for at in (self.moment / 1000, now))  # noqa: DTZ006 -- local days
            return Days(min(first, today), today)
        named: dict[Since, Window] = {
            Since.HOUR: "1d",
            Since.TODAY: "1d",
            Since.WEEK: "7d",
            Since.MONTH: "30d",
        }
        return named.get(self.since, "all")

    def in_record(self, start: int, page: str | None = None) -> LogFilters:
        """What to ask for; `start` is fixed when the list begins, so that all its pages agree."""
        wanted = LogFilters(
            filters=self.filters, since=start, errors_only=self.errors_only, session=self.session
        )
        if page is None:
            return wanted
        return LogFilters(
            filters=self.filters,
            since=start,
            errors_only=self.errors_only,
            session=self.session,
            before=Place.named(page),
        )

    def sentence(self) -> str:
        """What is on show, from its noun to its moment."""
        told = [_tr("Failed requests") if self.errors_only else _tr("All requests")]
        told += [
            template.replace("%1", value)
            for template, value in (
                (_tr("of %1"), self.client),
                (_tr("answered by %1"), _named(self.provider)),
                (_tr("with %1"), _named(self.model)),
                (_tr("in tier %1"), _named(self.tier)),
            )
            if value
        ]
        if self.session:
            told.append(_tr("in one conversation"))
        if self.origin is not Origin.CLIENT:
            told.append(_origins()[self.origin])
        if self.since is not Since.EVER:
            told.append(self._since())
        return " ".join(told)

    def _since(self) -> str:
        if self.since is Since.MOMENT:
            return _tr("since %1").replace("%1", whole_moment(self.moment))
        return {
            Since.HOUR: _tr("of the last hour"),
            Since.TODAY: _tr("of today"),
            Since.WEEK: _tr("of the last 7 days"),
        }.get(self.since, _tr("of the last 30 days"))


def _named(name: str) -> str:
    return _tr("nobody") if name == NOBODYS_NAME else name


def _origins() -> Mapping[Origin, str]:
    return {
        Origin.TEST: _tr("made by tests"),
        Origin.PROBE: _tr("made to try a service"),
        Origin.DEMO: _tr("of the demo"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("logs", text)
