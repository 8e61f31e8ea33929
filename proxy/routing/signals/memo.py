"""What was found out about pieces of requests, kept while requests repeat them.

A conversation comes again with every turn, and only its end is new. Pieces are known by a hash of 64 bits
that Python seeds anew in every process, so nobody can make two of them alike on purpose.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from proxy.routing.customs import Customs
from proxy.routing.customs.opening import Opening
from proxy.routing.signals.facts import Facts
from proxy.routing.signals.offered import Offered

T = TypeVar("T")


class Memo(Generic[T]):
    """Holds at most `size` values. What was not asked for while half of them were replaced is forgotten.

    Threads share it without a lock: every step is one operation of a dict, and a lost entry is read again.
    """

    def __init__(self, size: int) -> None:
        self._half = max(1, size // 2)
        self._young: dict[int, T] = {}
        self._old: dict[int, T] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def of(self, raws: Sequence[bytes], kind: str, read: Callable[[Sequence[bytes]], list[T]]) -> list[T]:
        """What each piece tells. `kind` tells pieces apart that are read in different ways."""
        salt = hash(kind)
        keys = [hash(raw) ^ salt for raw in raws]
        found = list(map(self._young.get, keys))
        aged = [place for place, value in enumerate(found) if value is None]
        for place in aged:
            found[place] = self._old.get(keys[place])
        new = [place for place in aged if found[place] is None]
        for place, value in zip(new, read([raws[place] for place in new]) if new else (), strict=True):
            found[place] = value
        values = [value for value in found if value is not None]
        self._keep([(keys[place], values[place]) for place in aged])
        return values

    def _keep(self, known: list[tuple[int, T]]) -> None:
        if len(self._young) + len(known) > self._half:
            self._old, self._young = self._young, {}
        self._young.update(known[-self._half :])


class Messages:
    """What is known of messages, of offered tools and of those who send them, over all requests."""

    def __init__(self, size: int = 20_000, customs: Customs | None = None) -> None:
        self.customs = Customs() if customs is None else customs
        self.facts: Memo[Facts] = Memo(size)
        self.offered: Memo[Offered] = Memo(max(2, size // 100))
        self.openings: Memo[Opening] = Memo(max(2, size // 20))
