"""Which keys a service may be asked with, and by which it is judged where nobody says."""

from collections.abc import Sequence

from proxy.routing.health.key import Key
from proxy.routing.health.marks import Marks, Reason
from proxy.routing.health.records import Heard
from proxy.routing.service import Service


def in_order(marks: Marks, service: Service, keys: Sequence[Key], now: float) -> list[Key]:
    """Those without a mark, then those whose mark ends first; none that is rejected."""
    ends: list[tuple[float, Key]] = []
    for key in keys:
        found = tuple(marks.for_key(service, key, now))
        if all(mark.reason is not Reason.REJECTED for mark in found):
            ends.append((max((mark.until for mark in found), default=now), key))
    return [key for _, key in sorted(ends, key=lambda entry: entry[0])]


def lately(marks: Marks, heard: Heard, service: Service, now: float) -> list[Key]:
    """The keys that were used. One that was used long ago counts only if a mark explains why not since."""
    return [
        key
        for key in heard.keys(service.provider)
        if heard.is_recent(key, now) or any(marks.for_key(service, key, now))
    ]
