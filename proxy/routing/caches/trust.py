"""Whether services that should cache every prompt do, as far as their answers tell."""

from collections import OrderedDict
from collections.abc import Callable

from proxy.money.caching import CacheRules
from proxy.routing.service import Service

_MOST = 500
_MISTAKES = 2
"""So many in a row: one may be another machine, or a prefix that the client has changed."""


class Trust:
    """Of each service how often in a row a belief was wrong. The one noted longest ago is forgotten first."""

    def __init__(self) -> None:
        self._mistakes: OrderedDict[Service, int] = OrderedDict()

    def is_believed(self, service: Service) -> bool:
        return self._mistakes.get(service, 0) < _MISTAKES

    def note(self, service: Service, read: int | None, *, was_warm: bool, rules: CacheRules) -> None:
        """An answer reports this much as read, or nothing, while its prefix was or was not believed there."""
        mistakes = self._mistakes.pop(service, 0 if rules.is_known else _MISTAKES)
        if read:
            mistakes = 0
        elif read == 0 and was_warm and not rules.slots:
            mistakes = min(mistakes + 1, _MISTAKES)
        self._mistakes[service] = mistakes
        while len(self._mistakes) > _MOST:
            self._mistakes.popitem(last=False)

    def release(self, fits: Callable[[Service], bool]) -> None:
        for service in tuple(self._mistakes):
            if fits(service):
                del self._mistakes[service]
