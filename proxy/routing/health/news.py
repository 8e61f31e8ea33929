"""Whoever wants to hear that something on the board has become otherwise."""

from collections.abc import Callable


class News:
    """Tells that there is something new, and not what: who listens looks at the board."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """The answer ends it; asked again it does nothing."""

        def heard() -> None:
            listener()

        def stop() -> None:
            if heard in self._listeners:
                self._listeners.remove(heard)

        self._listeners.append(heard)
        return stop

    def tell(self) -> None:
        for heard in tuple(self._listeners):
            heard()
