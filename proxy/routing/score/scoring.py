"""What a typed turn needs: the text as it was learned, and what is known around it.

Evidence comes one after the other, and each piece moves the score from where those before it have brought it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from proxy.routing.score import weights
from proxy.routing.score.judging import TextJudge
from proxy.routing.score.scale import UNIT, points_at
from proxy.routing.score.score import Contribution, Score
from proxy.routing.score.text import of_text
from proxy.routing.score.trajectory import of_trajectory
from proxy.routing.signals import Signals
from proxy.routing.signals.follow_ups import points_back


class Finding(NamedTuple):
    signal: str
    by: float
    """In points of the middle of the scale."""
    evidence: str


def scored(signals: Signals, judge: TextJudge | None, before: float | None = None) -> Score:
    """Without a judge of texts every text counts as an ordinary one, and the score says so.

    `before` is the score of the session's last typed turn, where that is known.
    """
    whole = weights.WHOLE_OF_KIND.get(signals.kind)
    if whole is not None:
        return Score(whole, (Contribution("kind", whole, f"a {signals.kind.value} call"),))
    place, why = of_text(signals.worded, judge)
    value = points_at(place)
    listed = [Contribution("text", value, why)]
    for found in _findings(signals):
        place += found.by / UNIT
        after = points_at(place)
        listed.append(Contribution(found.signal, after - value, found.evidence))
        value = after
    if before is not None and value < before and _goes_on(signals):
        gained = weights.GOES_ON * (before - value)
        listed.append(Contribution("session", gained, f"it goes on from a turn that scored {before:.0f}"))
        value += gained
    return Score(value, tuple(listed))


def _findings(signals: Signals) -> Iterator[Finding]:
    if weights.OF_TASK[signals.task]:
        yield Finding("task", weights.OF_TASK[signals.task], signals.task.value)
    stakes = sorted(signals.stakes, key=lambda stake: (-weights.OF_STAKE[stake], stake))
    if stakes:
        points = sum(weights.OF_STAKE[stake] for stake in stakes)
        yield Finding("stakes", min(points, weights.MOST_OF_STAKES), ", ".join(stakes))
    if signals.is_errand:
        yield Finding("errand", weights.ERRAND, "something to be done, not to be thought about")
    if signals.family in weights.OF_FAMILY:
        yield Finding("family", weights.OF_FAMILY[signals.family], signals.family)
    if signals.kind in weights.OF_KIND:
        yield Finding("kind", weights.OF_KIND[signals.kind], f"a {signals.kind.value} call")
    how = of_trajectory(signals.trajectory)
    if how is not None:
        yield Finding("trajectory", *how)


def _goes_on(signals: Signals) -> bool:
    """Whoever says "those two as well" has said little, and wants as much as before."""
    return points_back(signals.worded) and not signals.is_errand
