"""The requests by client and model, with what they cost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.estimate.request import Request

Pricing: TypeAlias = Callable[[Request], int | None]
"""What a request costs in nano-dollars; None: nobody knows."""


@dataclass(slots=True)
class Row:
    """All requests of one client to one model that have a price, or all that have none."""

    client: str
    model: str
    requests: int = 0
    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    cost: int | None = None
    """In nano-dollars; None is unknown, which is not 0."""

    def add(self, request: Request, cost: int | None) -> None:
        usage = request.usage
        self.requests += 1
        self.input += usage.input or 0
        self.cache_read += usage.cache_read or 0
        self.cache_write += usage.cache_write or 0
        self.output += usage.output or 0
        if cost is not None:
            self.cost = (self.cost or 0) + cost


def rows_of(requests: Iterable[Request], pricing: Pricing) -> list[Row]:
    """The dearest first for each client, those without a price last. Each request is priced by itself:
    prices depend on its day and on the length of its prompt."""
    rows: dict[tuple[str, str, bool], Row] = {}
    for request in requests:
        cost = pricing(request)
        key = (request.client, request.model, cost is None)
        rows.setdefault(key, Row(request.client, request.model)).add(request, cost)
    return sorted(rows.values(), key=lambda row: (row.client, row.cost is None, -(row.cost or 0), row.model))


def total_of(rows: Sequence[Row]) -> int | None:
    """The sum of what is known; None where there are requests, and no price for any of them."""
    costs = [row.cost for row in rows if row.cost is not None]
    return sum(costs) if costs or not rows else None


def unpriced(rows: Iterable[Row]) -> list[str]:
    return sorted({row.model for row in rows if row.cost is None})
