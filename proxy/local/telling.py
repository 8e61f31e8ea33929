"""Who wants to hear of changes, and how many there have been."""

from collections.abc import Callable

from proxy import log

_log = log.area("local")


class Telling:
    """Of one watch. On the loop only."""

    def __init__(self) -> None:
        self.revision = 0
        """Another one when what is known has changed."""
        self._listeners: list[Callable[[], None]] = []

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back whenever something has changed; the answer ends that."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    def changed(self) -> None:
        self.revision += 1
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:  # noqa: BLE001 -- whoever is told must not keep others from being told
                _log.exception("telling of a change of the model servers failed")
