"""What benchmarks print: figures as they come, and whether all bars were met."""

FIGURE = 42


class Table:
    """`width` is that of the values."""

    def __init__(self, width: int) -> None:
        self.is_met = True
        self._width = width

    def tell(self, figure: str, value: str, bar: str = "", *, met: bool = True) -> None:
        self.is_met &= met
        judged = f"bar {bar:<14}{'met' if met else 'NOT met'}" if bar else ""
        print(f"{figure:<{FIGURE}}{value:<{self._width}}{judged}".rstrip(), flush=True)
