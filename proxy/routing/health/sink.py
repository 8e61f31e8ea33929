"""What those who ask providers tell about how it went."""

from typing import Protocol

from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.wire.failure import Failure


class HealthSink(Protocol):
    """Told of every try when it begins to be answered, and once, by one of the others, when it is over.

    `asker` is the request that asked, for it may have been let through as a probe.
    """

    def begun(self, service: Service, *, asker: str) -> None:
        """The first byte of an answer came; the end may be minutes away."""
        ...

    def succeeded(self, service: Service, key: Key) -> None:
        """It answered to the end."""
        ...

    def failed(
        self, service: Service, key: Key, failure: Failure, *, asker: str = "", is_local: bool = False
    ) -> None:
        """It did not answer, or broke off. A local server that cannot be reached has crashed."""
        ...

    def cancelled(self, service: Service, key: Key, *, asker: str) -> None:
        """The client went away first, which says nothing about the service."""
        ...
