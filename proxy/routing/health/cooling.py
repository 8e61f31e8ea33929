"""How long to wait after a rate limit: as long as the provider says, else twice as long as the last time."""

from collections import OrderedDict
from collections.abc import Callable

from proxy.routing.health.marks import Place

_LONGEST_TOLD = 8 * 86400.0
"""The longest windows that providers have are weekly; whoever names a longer wait is mistaken."""
_LONGEST_GUESSED = 900.0
_ENOUGH_DOUBLINGS = 10
_MOST = 4000


def told(retry_after: float | None) -> float | None:
    """The wait a provider names. One of nothing names none: it would be asked again without a pause."""
    if retry_after is None or not retry_after > 0:
        return None
    return min(retry_after, _LONGEST_TOLD)


class Repeats:
    """How often in a row a place has been limited, without a success in between."""

    def __init__(self) -> None:
        self._times: OrderedDict[Place, int] = OrderedDict()

    def wait(self, place: Place, seconds: float, *, is_waiting: bool) -> float:
        """The wait to guess after a limit. Those that come while it is waiting are one and the same limit."""
        times = self._times.pop(place, 0)
        if times == 0 or not is_waiting:
            times += 1
        self._times[place] = times
        while len(self._times) > _MOST:
            self._times.popitem(last=False)
        return min(seconds * 2.0 ** min(times - 1, _ENOUGH_DOUBLINGS), _LONGEST_GUESSED)

    def forget(self, place: Place) -> None:
        self._times.pop(place, None)

    def forget_where(self, lies: Callable[[Place], bool]) -> None:
        for place in [each for each in self._times if lies(each)]:
            del self._times[place]
