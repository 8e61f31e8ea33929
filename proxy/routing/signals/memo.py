"""What was found out about pieces of requests, kept while requests repeat them.

A conversation comes again with every turn, and only its end is new. Pieces are known by their bytes: a hash
that Python seeds anew in every process, and their length.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from proxy.routing.signals.facts import Facts
from proxy.routing.signals.offered import Offered

T = TypeVar("T")


class Memo(Generic[T]):
    """Holds at most `size` values. What was not asked for while half of them were replaced is forgotten.

    Threads share it without a lock: every step is one operation of a dict, and a lost entry is read again.
    """

    def __init__(self, size: int) -> None:
        self._half = max(1, size // 2)
        self._young: dict[tuple[int, int, str], T] = {}
        self._old: dict[tuple[int, int, str], T] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def of(self, raw: bytes, kind: str, read: Callable[[bytes], T]) -> T:
        """`kind` tells pieces apart that are read in different ways."""
        key = (hash(raw), len(raw), kind)
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is None:
                value = read(raw)
            self._keep(key, value)
        return value

    def _keep(self, key: tuple[int, int, str], value: T) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = value


class Messages:
    """What is known of messages and of offered tools, over all requests."""

    def __init__(self, size: int = 50_000) -> None:
        self.facts: Memo[Facts] = Memo(size)
        self.offered: Memo[Offered] = Memo(max(2, size // 100))
