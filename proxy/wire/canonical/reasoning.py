"""How much the model should think, in any of the ways that formats ask for it."""

from msgspec import Struct

from proxy.wire.canonical.blocks import Extra

BUDGETS = {"minimal": 1024, "low": 4096, "medium": 10240, "high": 20480, "xhigh": 24576, "max": 32768}
"""What an effort comes to in tokens, where only one of the two can be told."""


class Reasoning(Struct, frozen=True):
    """`enabled` is the client's plain yes or no."""

    enabled: bool | None = None
    adaptive: bool = False
    effort: str | None = None
    budget: int | None = None
    summary: str | None = None
    extra: Extra | None = None

    @property
    def is_off(self) -> bool:
        return self.enabled is False or self.effort == "none"

    @property
    def nearest_effort(self) -> str | None:
        """The effort, or the smallest that has room for the budget."""
        if self.effort or self.budget is None:
            return self.effort
        return next((effort for effort, most in BUDGETS.items() if self.budget <= most), "max")
