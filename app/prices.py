"""The user's prices as they stand in config.toml."""

from collections.abc import Mapping

from app.toml.edits import Assign, Edit, Remove
from proxy.config import PriceConfig


def price_edits(service: str, prices: Mapping[str, float]) -> list[Edit]:
    """What makes these the only prices of a service; without any its table goes.

    Each price is edited by itself, so that what the user has written beside it stays there.
    """
    table = ("prices", service)
    if not prices:
        return [Remove(table)]
    absent = [Remove((*table, kind)) for kind in PriceConfig.__struct_fields__ if kind not in prices]
    return [*(Assign((*table, kind), price) for kind, price in prices.items()), *absent]
