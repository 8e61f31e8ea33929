"""What follows from a decision once its request is really sent; looking on has none of it."""

from dataclasses import dataclass

from proxy.routing.affinity.pins import Pin
from proxy.routing.affinity.threads import Thread
from proxy.routing.selection.snapshot import CursorKey
from proxy.routing.service import Service


@dataclass(frozen=True, slots=True)
class ClaimProbe:
    """If its breaker is half open, this request is the one that finds out."""

    service: Service


@dataclass(frozen=True, slots=True)
class TakeSeat:
    service: Service


@dataclass(frozen=True, slots=True)
class WritePin:
    """The session is with this service from now on."""

    thread: Thread
    partition: str
    pin: Pin


@dataclass(frozen=True, slots=True)
class KeepPin:
    """The session stays where it is; a pin that slides lives on for a while."""

    thread: Thread
    partition: str


@dataclass(frozen=True, slots=True)
class AdvanceCursor:
    """The next request is the turn of the service after this one."""

    key: CursorKey
    service: Service


Effect = ClaimProbe | TakeSeat | WritePin | KeepPin | AdvanceCursor
