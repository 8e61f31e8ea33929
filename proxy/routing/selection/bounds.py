"""What no request may do, however it came to its service: leave a machine that it must not leave, or be cut.

The pipeline sees to both by its first stage; this is for requests that name who is to answer.
"""

from proxy.routing.selection.decision import Decision, narrowed
from proxy.routing.selection.room import too_long, too_small
from proxy.routing.selection.route import Route
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.selection.stage import Refusal
from proxy.routing.signals import Signals


def within(decision: Decision, signals: Signals, route: Route, snapshot: Snapshot) -> Decision:
    """With those of its services that keep to both; a refusal where none does."""
    return _uncut(_staying(decision, route, snapshot), signals, snapshot)


def _staying(decision: Decision, route: Route, snapshot: Snapshot) -> Decision:
    if not route.local_only:
        return decision
    sentence = f"{decision.service} would leave this machine, which `local_only` forbids."
    return narrowed(decision, lambda each: not snapshot.abilities_of(each).leaves, Refusal(sentence))


def _uncut(decision: Decision, signals: Signals, snapshot: Snapshot) -> Decision:
    """Whoever says so when a prompt is too long may be asked, for the answer is then the client's to have."""
    cutting = {
        each.service: why
        for each in decision.candidates
        if snapshot.abilities_of(each.service).cuts
        and (why := too_small(snapshot, signals, each.service)) is not None
    }
    if not cutting:
        return decision
    return narrowed(decision, lambda each: each not in cutting, too_long(list(cutting.values())))
