"""What a card stands in."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from proxy.config import TierName
from ui.frame.page import Host
from ui.windows.tiers.lists import Held
from ui.windows.tiers.orders import Orders


@dataclass(slots=True)
class Copied:
    """What was copied to be pasted into another tier."""

    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Around:
    orders: Orders
    host: Host
    do: Callable[[Coroutine[None, None, None]], None]
    """Work that a click begins; what fails with a sentence is told."""
    page: str
    """What tells the services of this page from those of others that are drawn over it."""
    copied: Copied
    add: Callable[[TierName], object]
    choose: Callable[[TierName, str], object]
    """Show the settings that hold now, with this service chosen in the list with the keyboard."""
    refresh: Callable[[], object]
    """Show the settings that hold now."""
