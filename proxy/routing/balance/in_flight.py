"""How many requests each service is just answering."""

from proxy.routing.service import Service


class InFlight:
    """Every asker has one seat at most: a request is answered by one service at a time."""

    def __init__(self) -> None:
        self._seats: dict[str, Service] = {}
        self._counts: dict[Service, int] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def take(self, asker: str, service: Service) -> None:
        """Sit down at a service, and get up wherever the asker sat before."""
        self.leave(asker)
        self._seats[asker] = service
        self._counts[service] = self.count(service) + 1

    def leave(self, asker: str) -> None:
        """Get up; for one who has no seat nothing happens."""
        service = self._seats.pop(asker, None)
        if service is None:
            return
        left = self._counts[service] - 1
        if left:
            self._counts[service] = left
        else:
            del self._counts[service]

    @property
    def providers(self) -> set[str]:
        """Those that are answering something."""
        return {service.provider for service in self._counts}

    def count(self, service: Service) -> int:
        return self._counts.get(service, 0)
