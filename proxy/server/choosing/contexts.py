"""How much context models near were told to give, by us: what is in memory there shows only after a while.

To be told more or less loads a model anew, so whoever was told much is not told less by the next small
request, by whatever name and from whichever provider it is asked. To believe too much costs memory and
nothing else, for each request says how much it wants. So a belief lasts, unless its server fails.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

_SECONDS = 1800.0
_MOST = 200

Model = tuple[str, str]
"""The address of a server, and the full name of a model."""


class Contexts:
    """Touched on the loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: OrderedDict[Model, tuple[int, float]] = OrderedDict()

    def tell(self, model: Model, context: int) -> None:
        self._told[model] = context, self._clock()
        self._told.move_to_end(model)
        if len(self._told) > _MOST:
            self._told.popitem(last=False)

    def of(self, model: Model) -> int:
        """Zero where nothing was told lately."""
        context, since = self._told.get(model, (0, 0.0))
        return context if self._clock() - since < _SECONDS else 0

    def forget_at(self, address: str) -> None:
        """Its server was restarted, or could not do it."""
        for model in [each for each in self._told if each[0] == address]:
            del self._told[model]
