"""Which pin goes when there are too many: the oldest written, but none that awaits a tool's result if another
can go.
"""

from heapq import heapify, heappop, heappush

Place = tuple[bytes, str]
"""A thread's key and a partition."""
_Turn = tuple[bool, int]
"""Smaller goes first."""
_SPARE = 64
"""Turns in the heap that no longer hold, beside as many as do, before they are cleared away."""


class Leaving:
    """The pins of one route, in the order in which they go.

    A pin whose turn changes is put into the heap again; an old entry is known by not being its turn any more.
    """

    def __init__(self) -> None:
        self._turns: dict[Place, _Turn] = {}
        self._heap: list[tuple[_Turn, Place]] = []
        self._youngest = 0
        self._oldest = 0

    def __len__(self) -> int:
        return len(self._turns)

    def written(self, place: Place, *, awaits: bool) -> None:
        """It is the youngest now."""
        self._youngest += 1
        self._turn(place, (awaits, self._youngest))

    def recalled(self, place: Place, *, awaits: bool) -> None:
        """It is older than all others, for it was written before the program started."""
        self._oldest -= 1
        self._turn(place, (awaits, self._oldest))

    def noted(self, place: Place, *, awaits: bool) -> None:
        """It is as old as it was."""
        turn = (awaits, self._turns[place][1])
        if turn != self._turns[place]:
            self._turn(place, turn)

    def gone(self, place: Place) -> None:
        self._turns.pop(place, None)
        self._tidy()

    def first(self) -> Place:
        """Who goes next; there must be somebody."""
        while True:
            turn, place = self._heap[0]
            if self._turns.get(place) == turn:
                return place
            heappop(self._heap)

    def _turn(self, place: Place, turn: _Turn) -> None:
        self._turns[place] = turn
        heappush(self._heap, (turn, place))
        self._tidy()

    def _tidy(self) -> None:
        if len(self._heap) > 2 * len(self._turns) + _SPARE:
            self._heap = [(turn, place) for place, turn in self._turns.items()]
            heapify(self._heap)
