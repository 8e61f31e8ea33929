"""What benchmarks print: figures as they come, and whether all bars were met."""

from collections.abc import Iterator
from contextlib import contextmanager

FIGURE = 42


class NotMeasuredError(Exception):
    """There is no figure, and why."""


class Table:
    """`width` is that of the values."""

    def __init__(self, width: int) -> None:
        self.is_met = True
        self._width = width

    def tell(self, figure: str, value: str, bar: str = "", *, met: bool = True) -> None:
        self.is_met &= met
        judged = f"bar {bar:<14}{'met' if met else 'NOT met'}" if bar else ""
        print(f"{figure:<{FIGURE}}{value:<{self._width}}{judged}".rstrip(), flush=True)

    @contextmanager
    def measuring(self, figure: str) -> Iterator[None]:
        """A figure that cannot be had is told in its place, and is as bad as a bar that was missed."""
        try:
            yield
        except NotMeasuredError as error:
            self.is_met = False
            print(f"{figure:<{FIGURE}}NOT measured: {error}", flush=True)
