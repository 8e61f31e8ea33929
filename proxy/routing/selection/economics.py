"""What it comes to, to leave a service that has a session's prompt in its cache for a cheaper one."""

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    COLD = "cold"
    """Nothing of the session is cached any more, so leaving costs nothing."""
    RESTARTED = "restarted"
    """The prompt has shrunk, as after a compaction: what is cached is of no use."""
    PAYS = "pays"
    STAYS = "stays"
    """What is saved later does not make up for reading all of the prompt again."""
    LOCAL = "local"
    """Both cost nothing, but reading a long prompt again takes its time."""
    FREE = "free"
    """Both cost nothing, and there is little to read again."""
    BUDGET = "budget"
    """The budget is used up, so it must go, whatever is cached."""
    UNPRICED = "unpriced"
    """Of one of the two nobody knows the price."""


_GOING = (Verdict.COLD, Verdict.RESTARTED, Verdict.FREE, Verdict.BUDGET, Verdict.PAYS)


class Economics(Struct, frozen=True, array_like=True):
    """Both sides of the comparison, as far as it came to one."""

    verdict: str
    here: str
    """The service that the session is with."""
    there: str
    """The one that it could go to."""
    prefix: int = 0
    """Tokens that are believed to be cached here."""
    stay_usd: float | None = None
    """All expected turns, this one included, if it stays."""
    switch_usd: float | None = None
    """The same if it goes, with what going costs once."""
    once_usd: float | None = None
    """What going costs once beyond what staying does."""
    break_even: float | None = None
    """Turns after which going has paid; below zero: never."""
    expected: float | None = None
    """Turns that are expected."""

    @property
    def may_go(self) -> bool:
        return self.verdict in _GOING
