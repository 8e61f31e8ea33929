"""The watchdog of the program, which here also tells what was the machine's: others compute on it, too.

By the clock a slice is long as well where other programs had the core. So with each long slice come the CPU
that it took and how long its thread was ready to run but had no core, as the kernel counts it. A slice is
excused only where its CPU is under the limit, and so is all of its time but those waits for a core: else it
has computed for too long, or it has waited by itself, for a lock, a file or another thread.
"""

import os
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ui.watchdog import Watchdog


class Verdict(StrEnum):
    """Why a slice was long."""

    COMPUTED = "computed"
    WAITED = "waited"
    EXCUSED = "had no core"


@dataclass(frozen=True, slots=True)
class Slice:
    """One that was too long by the clock. `without_core_ms` is part of `ms`, as `cpu_ms` is."""

    ms: float
    cpu_ms: float
    without_core_ms: float
    limit_ms: float
    what: str
    where: str

    @property
    def verdict(self) -> Verdict:
        if self.cpu_ms > self.limit_ms:
            return Verdict.COMPUTED
        return Verdict.WAITED if self.ms - self.without_core_ms > self.limit_ms else Verdict.EXCUSED

    def in_words(self) -> str:
        times = f"{self.ms:6.1f} ms, CPU {self.cpu_ms:.1f}, without a core {self.without_core_ms:.1f}"
        return f"{times} ({self.verdict}): {self.what}"


class CoreWaits:
    """How long the thread that made this has been ready but without a core, in all its life.

    Where the system does not tell, it is zero: then nothing is excused.
    """

    def __init__(self) -> None:
        try:
            self._file: int | None = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._file = None

    def seconds(self) -> float:
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9 if self._file is not None else 0.0

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)


class CountingWatchdog(Watchdog):
    """Counts slices, and keeps what is too long, until it is taken."""

    def __init__(self) -> None:
        super().__init__(self._keep)
        self._slices: list[Slice] = []
        self._seen = 0
        self._cpu = 0.0
        self._core_waits = CoreWaits()
        self._without_core = 0.0
        self.is_counting = False

    def begin(self, what: str) -> None:
        self._seen += self.is_counting
        self._cpu, self._without_core = time.thread_time(), self._core_waits.seconds()
        super().begin(what)

    def stop(self) -> None:
        super().stop()
        self._core_waits.close()

    def taken(self) -> dict[str, Any]:
        slices, self._slices = self._slices, []
        seen, self._seen = self._seen, 0
        return {"seen": seen, "slices": [asdict(each) for each in slices]}

    def _keep(self, ms: float, what: str, where: str) -> None:
        if self.is_counting:
            cpu_ms = (time.thread_time() - self._cpu) * 1000
            without_core_ms = (self._core_waits.seconds() - self._without_core) * 1000
            self._slices.append(Slice(ms, cpu_ms, without_core_ms, self.limit_ms, what, where))
