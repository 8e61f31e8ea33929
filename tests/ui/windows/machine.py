"""A machine on which a test puts model servers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from proxy.local.found import LocalServer


class PretendedMachine:
    def __init__(self, servers: Sequence[LocalServer] | None = None) -> None:
        self.servers = servers
        self.listeners: list[Callable[[], None]] = []
        self.watchers = 0

    def local_servers(self) -> Sequence[LocalServer] | None:
        return self.servers

    def on_local_servers(self, changed: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(changed)
        return lambda: self.listeners.remove(changed)

    @contextmanager
    def watching_local_servers(self) -> Iterator[None]:
        self.watchers += 1
        try:
            yield
        finally:
            self.watchers -= 1

    def has(self, *servers: LocalServer) -> None:
        """From now on, and all who listen hear of it."""
        self.servers = servers
        for changed in tuple(self.listeners):
            changed()
