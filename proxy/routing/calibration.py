"""How many tokens each model counts where we estimate one, learned from what its provider reports.

Prompts are estimated by their bytes, for a tokenizer would take longer than the routing. Models differ by a
third in how they cut the same text, and each is steady by itself.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from math import ceil

from proxy.routing.service import Service

_LEAST = 500
"""Tokens. In shorter prompts what the provider adds of its own weighs too much."""
_LOWEST, _HIGHEST = 0.4, 2.5
"""What lies beyond counts something else: a part of the prompt, or a prompt of somebody else's."""
_SLOWEST = 0.05
_MOST = 1000


class Calibration:
    """A moving mean for each service, which begins at what is estimated."""

    def __init__(self) -> None:
        self._known: OrderedDict[Service, tuple[float, int]] = OrderedDict()

    def note(self, service: Service, estimated: int, counted: int) -> None:
        if estimated < _LEAST or not _LOWEST <= counted / estimated <= _HIGHEST:
            return
        ratio, seen = self._known.pop(service, (1.0, 0))
        weight = max(_SLOWEST, 1 / (seen + 2))
        self._known[service] = ratio + weight * (counted / estimated - ratio), seen + 1
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def counted(self, service: Service, estimated: int) -> int:
        """What a model most likely counts where so many tokens are estimated."""
        known = self._known.get(service)
        return estimated if known is None else ceil(estimated * known[0])

    def ratios(self, services: Iterable[Service]) -> Mapping[Service, float]:
        """Of those that anything is known of."""
        if not self._known:
            return {}
        return {service: self._known[service][0] for service in services if service in self._known}
