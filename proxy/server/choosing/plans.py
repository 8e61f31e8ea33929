"""A decision as those who ask providers carry it out."""

from proxy.routing.selection.decision import Decision
from proxy.routing.service import Plan
from proxy.wire.failure import Failure


def plan_of(decision: Decision) -> Plan:
    """Raises the Failure of a decision that nobody can be asked."""
    refusal = decision.refusal
    if refusal is not None and refusal.sentence:
        raise Failure(
            refusal.kind,
            refusal.sentence,
            status=refusal.status,
            tokens=refusal.tokens,
            maximum=refusal.maximum,
        )
    return Plan(decision.candidates, decision.source, decision.deadline)
