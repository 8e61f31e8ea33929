"""Marks for what is used up: whoever has none left is not asked until there is some again."""

from collections.abc import Callable, Iterable
from typing import Protocol

from proxy.money.quota import Allowance, AllowanceKind
from proxy.routing.health.key import Key
from proxy.routing.service import Service

_SOON_SECONDS = 60.0
"""That a window of a minute is used up is pacing: before anything was decided by it, it begins anew."""


class Board(Protocol):
    """Where the health of keys and services is kept. Its clock is not that of allowances."""

    def quota_exhausted(self, of: Service | Key | str, until: float | None = None) -> None: ...

    def quota_restored(self, of: Service | Key | str) -> None: ...


class Marking:
    """Remembers what it marked, so that it takes no mark away that somebody else has set."""

    def __init__(self, board: Board, wall: Callable[[], float], clock: Callable[[], float]) -> None:
        self._board = board
        self._wall = wall
        self._clock = clock
        self._marked: set[Service | Key] = set()

    def settle(self, of: Service | Key, allowances: Iterable[Allowance]) -> None:
        """Mark it as long as any of these is used up, or take back the mark."""
        now = self._wall()
        in_the_way = [each for each in allowances if _is_in_the_way(each, now)]
        if not in_the_way:
            self.release(of)
            return
        self._marked.add(of)
        self._board.quota_exhausted(of, self._until(in_the_way, now))

    def release(self, of: Service | Key) -> None:
        if of in self._marked:
            self._marked.remove(of)
            self._board.quota_restored(of)

    def forget(self, provider: str) -> None:
        for of in [of for of in self._marked if of.provider == provider]:
            self.release(of)

    def _until(self, in_the_way: Iterable[Allowance], now: float) -> float | None:
        """When the last of them heals; None if one never does by itself."""
        moments = [None if each.kind is AllowanceKind.RESOURCE else each.resets_at for each in in_the_way]
        known = [moment for moment in moments if moment is not None]
        return self._clock() + max(known) - now if len(known) == len(moments) else None


def _is_in_the_way(allowance: Allowance, now: float) -> bool:
    if not allowance.counts or not allowance.at(now).is_used_up:
        return False
    if allowance.kind is AllowanceKind.RESOURCE:
        return True
    return allowance.resets_at is not None and allowance.resets_at > now + _SOON_SECONDS
