"""The watchdog of the program, which here also tells what was the machine's: others compute on it, too.

By the clock a slice is long as well where another program had the core. So with each long slice comes the CPU
that it took and whether the thread was made to wait: it is the program's own where its CPU is over the limit
(`computed`), or where nobody took its core away and it waited by itself, for a lock or a file (`waited`).
"""

import resource
import time
from dataclasses import asdict, dataclass
from typing import Any

from ui.watchdog import Watchdog


@dataclass(frozen=True, slots=True)
class Slice:
    """One that was too long by the clock."""

    ms: float
    cpu_ms: float
    limit_ms: float
    was_interrupted: bool
    what: str
    where: str


class CountingWatchdog(Watchdog):
    """Keeps what is too long, until it is taken."""

    def __init__(self) -> None:
        super().__init__(self._keep)
        self._slices: list[Slice] = []
        self._cpu = 0.0
        self._interrupted = 0
        self.is_counting = False

    def begin(self, what: str) -> None:
        self._cpu, self._interrupted = time.thread_time(), _interruptions()
        super().begin(what)

    def taken(self) -> list[dict[str, Any]]:
        slices, self._slices = self._slices, []
        return [asdict(each) for each in slices]

    def _keep(self, ms: float, what: str, where: str) -> None:
        if self.is_counting:
            cpu_ms = (time.thread_time() - self._cpu) * 1000
            interrupted = _interruptions() > self._interrupted
            self._slices.append(Slice(ms, cpu_ms, self.limit_ms, interrupted, what, where))


def _interruptions() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
