"""What a model costs at which time: vendors change prices on a day, and some charge more at certain hours."""

from calendar import timegm
from collections.abc import Iterable
from datetime import date
from typing import Final

from msgspec import Struct

from proxy.money.rates import UNPRICED, Priced

_DAY: Final = 86_400


class Season(Struct, frozen=True):
    """When a price holds: from a moment on, and of each day only some hours. All of it is UTC."""

    since: float
    """Seconds since the epoch."""
    opens: int
    closes: int
    """Seconds since midnight, never before it opens."""
    priced: Priced


class Offer(Struct, frozen=True):
    """All prices of one model."""

    usual: Priced
    """What holds in no season."""
    seasons: tuple[Season, ...] = ()
    """The first that holds counts."""

    def at(self, moment: float) -> Priced:
        if not self.seasons:
            return self.usual
        now = moment % _DAY
        for season in self.seasons:
            if season.since <= moment and season.opens <= now < season.closes:
                return season.priced
        return self.usual


NO_OFFER: Final = Offer(UNPRICED)


def seasons(priced: Priced, since: str, hours: tuple[str, str] | None) -> Iterable[Season]:
    """From an ISO day, or an empty text, and two times of a day as `hh:mm`; hours may go over midnight."""
    begins = float(timegm(date.fromisoformat(since).timetuple())) if since else 0.0
    opens, closes = (0, _DAY) if hours is None else map(_seconds, hours)
    parts = ((opens, closes),) if opens <= closes else ((opens, _DAY), (0, closes))
    return (Season(begins, start, end, priced) for start, end in parts)


def _seconds(time: str) -> int:
    hour, _, minute = time.partition(":")
    return int(hour) * 3600 + int(minute) * 60
