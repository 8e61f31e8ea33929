"""Whether a service may still be paid for, when the budget that stops is used up."""

from proxy.routing.selection.decision import Decision, narrowed
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Service
from proxy.wire.failure import FailureKind

_PAYMENT_REQUIRED = 402


def is_affordable(snapshot: Snapshot, service: Service) -> bool:
    """What is not known to be free might cost something."""
    budget = snapshot.budget
    is_stopped = budget is not None and budget.over and budget.action == "stop"
    return not is_stopped or snapshot.prices.get(service) == 0


def out_of_money(snapshot: Snapshot) -> Refusal:
    until = "" if snapshot.budget is None else snapshot.budget.until
    return Refusal(
        f"The budget is used up{until}, and no free service can take this request. "
        "[budgets] in config.toml sets the limits and what happens at them.",
        FailureKind.QUOTA,
        _PAYMENT_REQUIRED,
    )


def afforded(decision: Decision, snapshot: Snapshot) -> Decision:
    """With those of its services that may be paid for."""
    return narrowed(decision, lambda service: is_affordable(snapshot, service), out_of_money(snapshot))
