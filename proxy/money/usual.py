"""What an exchange with a service usually costs, from those that were: a guess for the ones under way."""

from collections import OrderedDict

_MOST = 500
_WEIGHT = 0.2
"""Of the newest one; so about the last ten count."""


class UsualCosts:
    """A moving mean in nano-dollars for each service; the one that was not asked for longest is forgotten."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, float] = OrderedDict()

    def note(self, service: str, cost: int) -> None:
        before = self._of.pop(service, float(cost))
        self._of[service] = before + _WEIGHT * (cost - before)
        while len(self._of) > _MOST:
            self._of.popitem(last=False)

    def of(self, service: str) -> int:
        """Nothing for one that has never cost anything here."""
        return round(self._of.get(service, 0.0))
