"""What is printed: policies side by side, each class of sessions, and one session request by request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any, Final

from benchmarks.savings.careful import MOST, Alike
from benchmarks.savings.figures import Figures, figures, share
from benchmarks.savings.policies import BASELINE, NAIVE, ORACLE, OURS
from benchmarks.savings.product import looked_at
from benchmarks.savings.replay import Line, Story
from benchmarks.savings.session import Request
from benchmarks.table import Table
from proxy.config import TIER_NAMES
from proxy.money.cost import NANO
from proxy.routing.signals import Messages, signals
from proxy.wire.splice import Body

_HEAD = (
    f"{'dollars':>9}{'saved':>8}   {'S/M/C/R %':<15}{'switches':>8}{'hits':>8}"
    f"{'weak':>8}{'typed':>8}{'strong':>8}{'low tier':>10}"
)
SAVED_BAR: Final = 60.0
WEAK_BAR: Final = 2.0
"""In per cent: what is aimed at, met or not."""
_LONGEST: Final = 150
"""Characters that are shown of a typed text."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A session under all policies, by their names."""

    story: Story
    lines: Mapping[str, Sequence[Line]] = field(repr=False)


def tell_policies(table: Table, title: str, replayed: Sequence[Replayed]) -> None:
    sums = {name: _summed(name, replayed) for name in _policies(replayed)}
    requests, typed = _counted(replayed)
    print(f"{title}: {len(replayed)} sessions, {requests} requests, {typed} typed turns")
    table.tell("", _HEAD)
    for name, each in sums.items():
        table.tell(f"  {name}", _row(each, sums[BASELINE]))
    print()


def tell_goals(table: Table, replayed: Sequence[Replayed]) -> None:
    """What is saved is worth only as much as few turns are under-served for it: so both are told.

    The oracle under-serves none, and so a policy that under-serves some may save more than it does.
    """
    sums = {name: _summed(name, replayed) for name in (BASELINE, OURS, ORACLE)}
    ours, saved = sums[OURS], sums[OURS].saved(sums[BASELINE])
    weak = share(ours.below, ours.requests)
    table.tell(f"  {OURS}: saved", f"{saved:.1f}%", f">= {SAVED_BAR:g}%", met=saved >= SAVED_BAR)
    table.tell(f"  {OURS}: weak", f"{weak:.1f}%", f"<= {WEAK_BAR:g}%", met=weak <= WEAK_BAR)
    of_oracle = share(saved, sums[ORACLE].saved(sums[BASELINE]))
    table.tell(
        "  of what the oracle saves", f"{of_oracle:.0f}%, but {weak:.1f}% weak where the oracle has none"
    )


def tell_careful(table: Table, replayed: Sequence[Replayed], alike: Alike | None) -> None:
    """The product against the naive policy: as it is, and where both under-serve as many requests."""
    ours, naive = _summed(OURS, replayed), _summed(NAIVE, replayed)
    dollars = share(ours.nano - naive.nano, naive.nano)
    weak = share(ours.below - naive.below, ours.requests)
    is_met = ours.nano < naive.nano and ours.below < naive.below
    told = f"{dollars:+.1f}% dollars, {weak:+.1f} points weak"
    table.tell(f"  {OURS} against {NAIVE}", told, "fewer of both", met=is_met)
    figure = f"  the same, {NAIVE} as weak"
    if alike is None:
        table.tell(figure, f"no thresholds within {MOST} points make it so: not compared")
    else:
        table.tell(figure, _told_alike(ours, alike), "fewer dollars", met=ours.nano < alike.nano)
    print()


def _told_alike(ours: Figures, alike: Alike) -> str:
    way = "lower" if alike.lower >= 0 else "higher"
    moved = f"thresholds {abs(alike.lower):.1f} points {way}: {alike.nano / NANO:.3f}"
    return f"{share(ours.nano - alike.nano, alike.nano):+.2f}% dollars ({moved})"


def _row(sums: Figures, always: Figures) -> str:
    tiers = "/".join(f"{share(sums.by_tier[tier], sums.requests):.0f}" for tier in TIER_NAMES)
    return (
        f"{sums.dollars:9.3f}{sums.saved(always):7.1f}%   {tiers:<15}{sums.switches:>8}"
        f"{sums.hit_share:7.1f}%{share(sums.below, sums.requests):7.1f}%"
        f"{share(sums.below_typed, sums.typed):7.1f}%{share(sums.above, sums.requests):7.1f}%"
        f"{share(sums.tier_below, sums.requests):9.1f}%"
    )


def tell_classes(table: Table, replayed: Sequence[Replayed]) -> None:
    names = _policies(replayed)
    table.tell("Dollars by class", "".join(f"{name:>12}" for name in names) + f"{'saved':>10}")
    for cls in sorted({each.story.session.cls for each in replayed}):
        here = [each for each in replayed if each.story.session.cls == cls]
        sums = {name: _summed(name, here) for name in names}
        told = "".join(f"{each.dollars:12.3f}" for each in sums.values())
        told += f"{sums[OURS].saved(sums[BASELINE]):9.1f}%"
        is_met = sums[OURS].nano <= sums[BASELINE].nano
        table.tell(f"  {cls} ({len(here)})", told, f"<= {BASELINE}", met=is_met)
    print()


def tell_turns(replayed: Replayed, policy: str) -> None:
    session = replayed.story.session
    print(f"{session.name}: {session.cls}, {session.client}, {session.model}, {policy}")
    for at, line in enumerate(replayed.lines[policy]):
        if line.request.typed:
            print(f"\n{_typed(line.request, session.client)}")
        print(_first(at, line))
        for told in _why(line):
            print(f"{'':12}{told}")
    print(f"{figures(replayed.lines[policy]).dollars:.4f} dollars")


def _typed(request: Request, client: str) -> str:
    body = Body(request.body)
    text = signals(looked_at(request, client, body, request.model), Messages()).latest_user_text
    return shorten(text, _LONGEST, placeholder=" ...")


def _first(at: int, line: Line) -> str:
    request, usage = line.request, line.usage
    turn = f"{at:3} {request.at:7.0f}s {'typed' if request.typed else request.call}"
    verdict = "WEAK" if line.is_below else "strong" if line.is_above else ""
    moved = "->" if line.is_switch else "  "
    return (
        f"{turn:<24}{line.label:<10}{verdict:<7}{line.choice.tier:<10}{moved} {line.choice.service.model:<18}"
        f"read {usage.cache_read or 0:>7} written {usage.cache_write or 0:>7} fresh {usage.input or 0:>7}"
        f"  out {usage.output or 0:>5}  ${line.nano / NANO:.4f}"
    )


def _why(line: Line) -> Iterable[str]:
    decision = line.choice.decision
    if decision is None:
        return
    if decision.score is not None:
        parts = ", ".join(
            f"{each.signal} {each.points:+.1f} ({each.evidence})" for each in decision.score.contributions
        )
        yield f"score {decision.score.value:.1f} = {parts}"
    yield "; ".join(each.text for each in decision.reasons)


def as_json(replayed: Sequence[Replayed]) -> Mapping[str, Any]:
    """Everything that the tables are made of, session by session."""
    return {
        each.story.session.name: {
            "class": each.story.session.cls,
            "client": each.story.session.client,
            "held": each.story.session.held,
            "policies": {name: figures(lines).told() for name, lines in each.lines.items()},
        }
        for each in replayed
    }


def _policies(replayed: Sequence[Replayed]) -> tuple[str, ...]:
    return tuple(replayed[0].lines)


def _summed(name: str, replayed: Iterable[Replayed]) -> Figures:
    return figures(line for each in replayed for line in each.lines[name])


def _counted(replayed: Iterable[Replayed]) -> tuple[int, int]:
    requests = [request for each in replayed for request in each.story.session.requests]
    return len(requests), sum(request.typed for request in requests)
