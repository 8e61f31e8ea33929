"""The tier that is asked for in so many words: by a header, the user, the tray, or the model's name.

It counts on typed turns. What a tool has answered stays in the tier of the turn it belongs to.
"""

from typing import NamedTuple

from proxy.config import TIER_NAMES, TierName
from proxy.routing.names import tier_named
from proxy.routing.score.bands import tier_of
from proxy.routing.score.judging import TextJudge
from proxy.routing.score.scoring import scored
from proxy.routing.selection.request import Request
from proxy.routing.selection.session_past import tier_before
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.signals import Kind


class Forced(NamedTuple):
    tier: TierName | None = None
    by: str = ""
    """`header`, `command`, `override` or `model`."""


def forced_tier(
    request: Request, snapshot: Snapshot, thresholds: tuple[float, ...], judge: TextJudge | None
) -> Forced:
    """The nearest word counts: what stands beside this very request before what was set for a while."""
    if request.said.tier is not None:
        return Forced(request.said.tier, "header")
    commanded = _commanded(request, snapshot, thresholds, judge)
    if commanded is not None:
        return Forced(commanded, "command")
    override = snapshot.override
    if override is not None and snapshot.now < override.until and request.signals.kind in _LED_BY_USERS:
        return Forced(override.tier, "override")
    named = tier_named(request.signals.model)
    return Forced() if named is None else Forced(named, "model")


def _commanded(
    request: Request, snapshot: Snapshot, thresholds: tuple[float, ...], judge: TextJudge | None
) -> TierName | None:
    """Only what a user says: titles repeat it, and what subagents are told a model has written."""
    signals = request.signals
    if signals.kind is not Kind.MAIN or signals.is_tool_turn or signals.command is None:
        return None
    command = signals.command
    if command.tier is not None or not command.step:
        return command.tier
    before = tier_before(snapshot, signals)
    if before is not None and signals.is_command_repeated:
        return before  # the turn before has gone the step
    if before is None:
        said = signals if signals.worded else signals.as_said_before()
        before = tier_of(scored(said, judge).value, thresholds)
    place = TIER_NAMES.index(before) + command.step
    return TIER_NAMES[min(max(place, 0), len(TIER_NAMES) - 1)]


_LED_BY_USERS = frozenset({Kind.MAIN, Kind.SUBAGENT, Kind.COMPACTION})
"""Chores on the side cost nothing to speak of, and are as well done by the smallest."""
