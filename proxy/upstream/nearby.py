"""What those who ask providers may know of the servers on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from proxy.config import Config
from proxy.routing.service import Candidate, Service


@dataclass(frozen=True, slots=True)
class Fitting:
    """How one request is put so that the server's model has room for it."""

    params: Mapping[str, Any] = field(default_factory=dict)
    """Beside those of the service, which count more."""
    max_output: int | None = None
    """Tokens that an answer has room for."""
    context: int | None = None
    """What the model is told to have, and the most that it could be told; None where it is not told."""
    most: int | None = None
    notes: tuple[str, ...] = ()


NOTHING_TO_FIT = Fitting()


@dataclass(frozen=True, slots=True)
class Slots:
    """How many requests a server works on at the same time, and where it is: providers may share it."""

    at: str
    many: int | None
    """None is not known."""


class Nearby(Protocol):
    """Asked for every request; nothing of it waits for anybody."""

    def slots(self, provider: str) -> Slots | None:
        """Those of its server; None where none is known."""
        ...

    def window(self, candidate: Candidate, config: Config) -> int | None:
        """Tokens that its model takes as it is loaded, or can be."""
        ...

    def leaves(self, service: Service) -> bool:
        """Whether its server passes on what it is asked to another machine."""
        ...

    def counted(self, service: Service, estimated: int) -> int:
        """How many tokens its model most likely counts where so many are estimated."""
        ...

    def fitting(self, candidate: Candidate, config: Config, tokens: int) -> Fitting:
        """For a prompt of so many tokens, as the model counts them."""
        ...


class NobodyNear:
    """For whoever knows of no servers on this machine."""

    def slots(self, provider: str) -> Slots | None:
        return None

    def window(self, candidate: Candidate, config: Config) -> int | None:
        return None

    def leaves(self, service: Service) -> bool:
        return False

    def counted(self, service: Service, estimated: int) -> int:
        return estimated

    def fitting(self, candidate: Candidate, config: Config, tokens: int) -> Fitting:
        return NOTHING_TO_FIT
