"""Whether a session may leave a service that has its prompt cached, for one that would do as well.

Going up is never judged: a turn that needs more gets more. Going down, or back to a service that comes first,
costs what reading the prompt anew costs, so it waits until that pays, or until nothing is cached any more.
"""

from typing import Final

from proxy.config import TierName
from proxy.money.break_even import Side, Turnover, break_even
from proxy.routing.affinity.pins import Pin
from proxy.routing.caches.beliefs import Belief, begins_anew
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.economics import Economics, Verdict
from proxy.routing.selection.tier import is_capped
from proxy.routing.service import Service
from proxy.routing.signals import Kind

_LONG_TO_READ: Final = 16_000
"""Tokens that a model on this machine is not asked to read twice without need."""


def weighed(context: SelectionContext, pin: Pin, there: Service, tier: TierName | None = None) -> Economics:
    """What it comes to, to go from the pin's service to another one now, in a smaller tier or beside it."""
    here = pin.service
    snapshot, names = context.snapshot, (str(here), str(there))
    if is_capped(context):
        return Economics(Verdict.BUDGET, *names)
    belief = believed(context, pin)
    if belief is None:
        return Economics(Verdict.COLD, *names)
    prefix, tokens = belief.prefix, snapshot.tokens_at(here, context.signals.tokens)
    if begins_anew(tokens, prefix):
        return Economics(Verdict.RESTARTED, *names, prefix)
    kept_here, kept_there = snapshot.terms_of(here), snapshot.terms_of(there)
    if kept_here.is_local and kept_there.is_local:
        return Economics(Verdict.LOCAL if prefix > _LONG_TO_READ else Verdict.FREE, *names, prefix)
    if kept_here.prices is None or kept_there.prices is None:
        return Economics(Verdict.UNPRICED, *names, prefix)
    known = snapshot.beliefs.get(there)
    found = break_even(
        Side(kept_here.prices, kept_here.rules, prefix),
        Side(kept_there.prices, kept_there.rules, 0 if known is None else known.prefix),
        Turnover(
            prompt=max(tokens, prefix),
            turns=_expected_turns(context, tier),
            back=_way_back(context, tier),
            asked_seconds=snapshot.asked_seconds,
        ),
    )
    if found is None:
        return Economics(Verdict.UNPRICED, *names, prefix)
    return Economics(
        Verdict.PAYS if found.pays else Verdict.STAYS,
        *names,
        prefix,
        found.stay_usd,
        found.switch_usd,
        found.once_usd,
        found.turns,
        found.expected,
    )


def believed(context: SelectionContext, pin: Pin) -> Belief | None:
    """What the pin's service is believed to have cached of the session, if that is worth a thought."""
    snapshot = context.snapshot
    belief = snapshot.beliefs.get(pin.service)
    if belief is None or belief.prefix < snapshot.terms_of(pin.service).rules.least:
        return None
    return belief if snapshot.now <= belief.until else None


def _expected_turns(context: SelectionContext, tier: TierName | None) -> float:
    """How many requests are likely to follow where this one goes, this one included."""
    if context.signals.kind is Kind.COMPACTION:
        return 1.0  # the session begins anew after it
    done, turns = context.signals.answers, context.snapshot.turns
    return turns.expected(done) if tier is None else turns.expected_run(done, tier)


def _way_back(context: SelectionContext, tier: TierName | None) -> float:
    """How likely it is that the session comes back before it ends."""
    if tier is None or context.signals.kind is Kind.COMPACTION:
        return 0.0
    return context.snapshot.turns.expected_return(tier)
