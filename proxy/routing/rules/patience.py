"""How long the patterns of one request may take: every one of them at most half of what is left for all.

So one that is slow takes nothing from the others but time, and many that are slow cost no more than one. What
was taken is measured with the clock that is handed in. Without one that moves, a search that was given up
counts as long as it was allowed to take, and every other as nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

SECONDS: Final = 0.005
"""For all patterns of a request together, for as long as it is decided about nothing else goes on."""

_LEAST: Final = 0.00002
"""Too little for any search."""


def _still() -> float:
    return 0.0


class Patience:
    """Of one request; it is used up."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = _still) -> None:
        self._left = seconds
        self._clock = clock

    @contextmanager
    def share(self) -> Iterator[float]:
        """The seconds that a search may take; it raises TimeoutError for want of any, as the search does."""
        allowed = self._left / 2
        if allowed < _LEAST:
            raise TimeoutError
        began = self._clock()
        try:
            yield allowed
        except TimeoutError:
            self._left -= max(allowed, self._clock() - began)
            raise
        self._left -= self._clock() - began
