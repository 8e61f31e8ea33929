"""Which effects a pick has."""

from proxy.routing.affinity.threads import Thread
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.effects import AdvanceCursor, ClaimProbe, Effect, KeepPin, TakeSeat, WritePin
from proxy.routing.selection.load_balancer import cursor_of
from proxy.routing.selection.pinning import fresh_pin
from proxy.routing.selection.stage import StageResult
from proxy.routing.service import Candidate


def effects_of(
    context: SelectionContext,
    found: StageResult,
    pick: Candidate,
    thread: Thread | None,
    versions: tuple[str, str],
) -> tuple[Effect, ...]:
    """What follows from a pick. `versions` are those of its service and of the configuration."""
    effects: list[Effect] = [ClaimProbe(pick.service), TakeSeat(pick.service)]
    is_followed = found.source == "affinity"
    if thread is not None and (followed := _followed(context, pick) if is_followed else None) is not None:
        effects.append(KeepPin(thread, followed))
    elif thread is not None and not (is_followed and context.snapshot.issuer is not None):
        effects.append(WritePin(thread, context.partition, fresh_pin(context, pick, *versions)))
    cursor = None if is_followed else cursor_of(context, pick)
    if cursor is not None:
        effects.append(AdvanceCursor(cursor, pick.service))
    return tuple(effects)


def _followed(context: SelectionContext, pick: Candidate) -> str | None:
    """The partition whose pin is at the service; None where another one knew that it was to be there.

    Who asked for a tool gets its result, also where the conversation has been pinned elsewhere meanwhile.
    """
    remembered, issuer = context.snapshot.remembered, context.snapshot.issuer
    if remembered is None:
        return None
    partitions = [context.partition]
    if context.is_tool_turn and context.route.affinity.scope == "partition":
        partitions = [*([] if issuer is None else [issuer.rule]), remembered.last]
    pins = ((partition, remembered.pins.get(partition)) for partition in partitions)
    return next((at for at, pin in pins if pin is not None and pin.service == pick.service), None)
