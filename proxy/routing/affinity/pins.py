"""The pins of a thread. A pin may be past its time and still be of use: to a tool turn, which it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from proxy.routing.service import Service

OVERTIME = 24 * 60 * 60
OVERTIME_AWAITING = 30 * OVERTIME
"""Seconds for which a pin is kept past its time. Who was asked to allow a tool call may be on holiday."""


class Pin(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The service that a thread stays with, under one of its route's rules."""

    provider: str
    model: str
    tier: str | None = None
    requested: str = ""
    """The model that the client asked for when it was written."""
    rule: str = ""
    """The name of the rule that matched then; empty if none did."""
    rule_index: int = -1
    score: float | None = None
    message_id: str = ""
    """Of the last answer."""
    locked_at: float
    """When it was last written or renewed."""
    expires_at: float
    service_version: str = ""
    config_version: str = ""
    awaits_result: bool = False
    """The last answer has called tools."""
    prefix: int = 0
    """Tokens that are believed to be in the provider's prompt cache."""
    warm_until: float = 0.0
    wanted: str | None = None
    """The tier that its last typed turn needed, whatever tier it was served in."""
    first_locked: float
    """When the thread came to this service; renewals leave it as it is, and `max_age` counts from it."""

    @property
    def service(self) -> Service:
        return Service(self.provider, self.model)


class Need(NamedTuple):
    """What a typed turn was found to need, and what it got."""

    wanted: str | None
    tier: str | None
    """The tier it was served in."""
    score: float | None


def is_live(pin: Pin, now: float, max_age: float | None = None) -> bool:
    """Whether it is within its time, the last moment included."""
    return now <= pin.expires_at and (max_age is None or now <= pin.first_locked + max_age)


def is_forgotten(pin: Pin, now: float) -> bool:
    """Whether not even a tool turn is going to ask for it."""
    return now > forgotten_at(pin)


def forgotten_at(pin: Pin) -> float:
    return pin.expires_at + (OVERTIME_AWAITING if pin.awaits_result else OVERTIME)


@dataclass(frozen=True, slots=True)
class Remembered:
    """All that is known of a thread. It never changes: what is written makes a new one."""

    pins: Mapping[str, Pin]
    """By partition: the name of the rule that matched, or empty."""
    last: str
    """The partition of the last typed turn."""
    first_seen: float
    route: str = ""
    client: str = ""

    def with_pin(self, partition: str, pin: Pin) -> "Remembered":
        return replace(self, pins=MappingProxyType({**self.pins, partition: pin}))

    def without(self, partition: str) -> "Remembered":
        left = {name: pin for name, pin in self.pins.items() if name != partition}
        return replace(self, pins=MappingProxyType(left))

    def typed(self, partition: str) -> "Remembered":
        """With this partition as the one of the last turn that was no tool's result."""
        return replace(self, last=partition)
