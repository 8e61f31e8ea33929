"""What was done with tools in one message: the calls, and how those that are answered went.

Only messages near the end of a conversation are asked for it, so it is found out when somebody asks, and
then stays known with whatever else is known of the message.
"""

from msgspec import Struct

from proxy.routing.signals.acts import Act, act_of
from proxy.routing.signals.outcomes import Outcome, outcome_of
from proxy.routing.signals.seen import Seen


class Deeds(Struct, frozen=True, gc=False):
    acts: tuple[Act, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


def deeds_of(seen: Seen) -> Deeds:
    return Deeds(tuple(map(act_of, seen.calls)), tuple(map(outcome_of, seen.answers)))
