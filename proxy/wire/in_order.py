"""Puts the blocks of a stream one after the other, for the formats that demand it.

The block that began first is passed on as it comes. What is said meanwhile about later blocks waits until
it ends, for nothing can be added to a block once the next has begun. Providers that send one call after
the other, which is nearly all of them, never wait.
"""

from proxy.wire.canonical import BlockBegin, BlockEnd, Event, Failed, Finish


class InOrder:
    def __init__(self) -> None:
        self._open: int | None = None
        self._waiting: dict[int, list[Event]] = {}

    def feed(self, event: Event) -> list[Event]:
        index: int | None = getattr(event, "index", None)
        if index is None:
            is_last = isinstance(event, Finish | Failed)
            return [*self._released(everything=True), event] if is_last else [event]
        if self._open is None and isinstance(event, BlockBegin):
            self._open = index
        if index != self._open:
            self._waiting.setdefault(index, []).append(event)
            return []
        if isinstance(event, BlockEnd):
            return [event, *self._released(everything=False)]
        return [event]

    def _released(self, *, everything: bool) -> list[Event]:
        """What has waited for the open block: whole blocks, and the first that is not whole yet."""
        self._open = None
        events: list[Event] = []
        for index in sorted(self._waiting):
            events += self._waiting.pop(index)
            if everything or isinstance(events[-1], BlockEnd):
                continue
            self._open = index
            break
        return events
