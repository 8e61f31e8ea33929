"""The pins of a thread. A pin may be past its time and still be of use: to a tool turn, which it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

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
    first_locked: float
    """When the thread came to this service; renewals leave it as it is, and `max_age` counts from it."""

    @property
    def service(self) -> Service:
        return Service(self.provider, self.model)


class Need(Struct, frozen=True, omit_defaults=True):
    """What a thread's last typed turn was found to need, and what the one before it was."""

    wanted: str | None = None
    """The tier, whatever tier it was served in."""
    score: float | None = None
    """Of the last turn that had one: short replies and the like have none."""
    mark: int = 0
    """By it a turn is known that is sent again; it means nothing to another run of the program."""
    wanted_before: str | None = None
    score_before: float | None = None

    def followed_by(self, wanted: str | None, score: float | None, mark: int) -> "Need":
        """With a turn that came after it, or that is the same one again."""
        if mark == self.mark:
            return Need(wanted, self.score_before if score is None else score, mark, *self._before)
        return Need(wanted, self.score if score is None else score, mark, self.wanted, self.score)

    def seen_from(self, mark: int) -> tuple[str | None, float | None]:
        """What the turn before the marked one needed, and its score."""
        return self._before if mark == self.mark else (self.wanted, self.score)

    @property
    def _before(self) -> tuple[str | None, float | None]:
        return self.wanted_before, self.score_before


NOTHING_NEEDED = Need()


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
    need: Need = NOTHING_NEEDED

    def with_pin(self, partition: str, pin: Pin) -> "Remembered":
        return replace(self, pins=MappingProxyType({**self.pins, partition: pin}))

    def without(self, partition: str) -> "Remembered":
        left = {name: pin for name, pin in self.pins.items() if name != partition}
        return replace(self, pins=MappingProxyType(left))

    def typed(self, partition: str) -> "Remembered":
        """With this partition as the one of the last turn that was no tool's result."""
        return replace(self, last=partition)
