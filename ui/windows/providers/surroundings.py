"""What the parts of the page stand in."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from app.desk.desk import Desk
from ui.frame.page import Host


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The same for all of them."""

    desk: Desk
    host: Host
    do: Callable[[Coroutine[None, None, None]], None]
    """Work that a click begins; what fails with a sentence is told."""
    ask_anew: Callable[[], None]
    """Keys have changed, of which no settings tell."""
