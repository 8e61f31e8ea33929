"""Calls back once the wall clock has come to a moment, and never before."""

import asyncio
from collections.abc import Callable
from typing import Final

_LONGEST: Final = 20.0
"""A loop's timers stand still while the machine sleeps, and know nothing of a clock that is set anew; so the
clock is looked at again and again."""
_SHORTEST: Final = 0.01

Later = Callable[[float, Callable[[], None]], asyncio.TimerHandle]


class Alarm:
    """One, for one moment at a time."""

    def __init__(
        self, ring: Callable[[], None], now: Callable[[], float], later: Later | None = None
    ) -> None:
        """`later` is how a timer is set; the running loop's by default."""
        self._ring = ring
        self._now = now
        self._later = later
        self._timer: asyncio.TimerHandle | None = None

    def set(self, moment: float | None) -> None:
        """Ring at that moment instead of any other; None is never."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if moment is None else self._waiting(moment)

    def _waiting(self, moment: float) -> asyncio.TimerHandle:
        later = self._later or asyncio.get_running_loop().call_later
        seconds = min(max(moment - self._now(), _SHORTEST), _LONGEST)
        return later(seconds, lambda: self._look(moment))

    def _look(self, moment: float) -> None:
        self._timer = None
        if self._now() >= moment:
            self._ring()
        else:
            self._timer = self._waiting(moment)
