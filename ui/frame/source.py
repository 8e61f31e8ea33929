"""What a page asks: the desk, as far as the frame needs to know it."""

from collections.abc import Callable
from typing import Protocol

from app.desk.changes import Change


class Source(Protocol):
    """Somebody who says when what was asked may have another answer."""

    def listen(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back, on the loop, whenever something has changed; the answer ends it."""
        ...
