"""The pin that a decision leaves behind, so that the session's next turn finds its way back."""

from msgspec.structs import replace

from proxy.config import TierName
from proxy.routing.affinity.pins import Pin
from proxy.routing.names import plain
from proxy.routing.selection.context import SelectionContext
from proxy.routing.service import Candidate, Service


def fresh_pin(context: SelectionContext, pick: Candidate, service_version: str, config_version: str) -> Pin:
    """Its life begins now. A service that had the session before still has what it has cached of it."""
    snapshot, rule, service = context.snapshot, context.rule, pick.service
    remembered = snapshot.remembered
    before = None if remembered is None else remembered.pins.get(context.partition)
    was_here = before is not None and (before.provider, before.model) == (service.provider, service.model)
    return Pin(
        provider=service.provider,
        model=service.model,
        tier=pick.tier,
        requested=plain(context.signals.model),
        rule="" if rule is None else rule.name,
        rule_index=context.matched_rule_index,
        score=None if context.score is None else context.score.value,
        message_id=before.message_id if before is not None and was_here else "",
        locked_at=snapshot.now,
        expires_at=snapshot.now + context.route.affinity.ttl,
        service_version=service_version,
        config_version=config_version,
        awaits_result=False,
        prefix=before.prefix if before is not None and was_here else 0,
        warm_until=before.warm_until if before is not None and was_here else 0.0,
        first_locked=snapshot.now,
    )


def moved_pin(
    pin: Pin, service: Service, tier: TierName | None, service_version: str, now: float, expires_at: float
) -> Pin:
    """The pin of a session that somebody else has answered, who has nothing of it in a cache."""
    return replace(
        pin,
        provider=service.provider,
        model=service.model,
        tier=tier,
        service_version=service_version,
        locked_at=now,
        first_locked=now,
        expires_at=expires_at,
        message_id="",
        awaits_result=False,
        prefix=0,
        warm_until=0.0,
    )
