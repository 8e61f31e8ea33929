"""What each signal beside the text adds to a score: the whole table, and why each row is there.

All of it is weak evidence but the kinds of calls. Points are those of the middle of the scale, where a tier
is about 25 wide, so none of them by itself moves a turn by more than one tier; towards the ends they count
for less.
"""

from collections.abc import Mapping
from typing import Final

from proxy.routing.signals.kind import Kind
from proxy.routing.signals.stakes import Stake
from proxy.routing.signals.task import Task

OF_FAMILY: Final[Mapping[str, float]] = {
    # Clients ask for a small model when they know that the chore is small; and nobody who asked for one wants
    # to pay for more than one tier above it.
    **dict.fromkeys(("haiku", "mini", "nano", "flash", "lite"), -25.0),
    # Nobody who asked for a middle one wants the top for what is nearly as easy.
    "sonnet": -5.0,
    # A big model is what many people set once for everything, so it says next to nothing of a single turn.
    **dict.fromkeys(("opus", "fable", "pro"), 2.0),
}

OF_KIND: Final[Mapping[Kind, float]] = {
    # A subagent is given one piece of somebody else's work, and its prompt was written by a model: long.
    Kind.SUBAGENT: -10.0,
}

WHOLE_OF_KIND: Final[Mapping[Kind, float]] = {
    # Calls beside the conversation: what they need does not depend on what the user has said.
    Kind.TITLE: 0.0,
    Kind.SUGGESTION: 0.0,
    Kind.WARM_UP: 0.0,
    Kind.QUOTA_PROBE: 0.0,
    Kind.CHORE: 0.0,
    # A summary must not lose what the rest of the session needs; a small model leaves things out.
    Kind.COMPACTION: 35.0,
}

OF_TASK: Final[Mapping[Task, float]] = {
    Task.FACTOID: -6.0,
    Task.CODE: 0.0,
    Task.REASONING: 8.0,
    Task.OTHER: 0.0,
}

OF_STAKE: Final[Mapping[Stake, float]] = {
    # Keywords, and no more than that: several together move a turn by one tier at most.
    Stake.DESIGN: 12.0,
    Stake.CONCURRENCY: 10.0,
    Stake.SECURITY: 10.0,
    Stake.DOUBT: 8.0,
    Stake.SPEED: 6.0,
    Stake.SCOPE: 6.0,
    Stake.CARE: 6.0,
}
MOST_OF_STAKES: Final = 24.0

# "Those two as well" means what it points back to: so much of the way up to the score of the turn before.
GOES_ON: Final = 0.4
# "Commit it" is little work after whatever came before it.
ERRAND: Final = -12.0

# How the work went that was done for what the user said before.
REPEATED_FAILURE: Final = 15.0
SPINNING: Final = 10.0
CRASHED: Final = 8.0
FAILING: Final = 6.0
GREEN: Final = -3.0
EXPLORING: Final = -3.0
