"""What the pick costs beside the one that would have come next: a number that needs no explanation."""

from collections.abc import Iterator, Mapping
from typing import Final

from proxy.config import TIER_NAMES, TierName
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.selection.services import among, unmarked
from proxy.routing.service import Candidate

_SENTENCES: Final[Mapping[str, str]] = {
    "comparison.dearer": "{0} would cost {1}x",
    "comparison.cheaper": "{0} would cost only {1}x",
    "comparison.same": "{0} would cost the same",
    "comparison.paid": "{0} would cost money (${1} per million tokens)",
    "comparison.free": "{0} would cost nothing",
}
_ALIKE: Final = 0.01
"""Prices that differ by less than this share are the same to everybody."""
_WHOLE: Final = 10
_PLAINLY_MORE: Final = 1.1
_LEAST: Final = 0.001


def comparison(context: SelectionContext, pick: Candidate, order: tuple[Candidate, ...]) -> Reason | None:
    """The next tier up, or where there is none the next candidate, against the pick; None where a price is
    not known, and between two that are free.
    """
    other = next(_others(context, pick, order), None)
    if other is None:
        return None
    name, service = other
    prices = context.snapshot.prices
    here, there = prices.get(pick.service), prices.get(service.service)
    if here is None or there is None or (here == 0 and there == 0):
        return None
    if here == 0:
        return reason("comparison.paid", name, there)
    if there == 0:
        return reason("comparison.free", name)
    times = there / here
    if abs(times - 1) < _ALIKE:
        return reason("comparison.same", name)
    return reason("comparison.dearer" if times > 1 else "comparison.cheaper", name, times)


def comparison_text(found: Reason) -> str:
    """The words for it, to stand at the end of a sentence; empty for what another version has found."""
    form = _SENTENCES.get(found.code)
    values = [_number(value) if isinstance(value, float) else str(value) for value in found.values]
    needed = 0 if form is None else form.count("{")
    return "" if form is None or len(values) < needed else form.format(*values)


def _others(
    context: SelectionContext, pick: Candidate, order: tuple[Candidate, ...]
) -> Iterator[tuple[str, Candidate]]:
    """Whom the pick may be compared with, and what to call them."""
    if pick.tier is not None:
        for tier in TIER_NAMES[TIER_NAMES.index(pick.tier) + 1 :]:
            first = _first_of(context, tier, pick)
            if first is not None:
                yield f"{tier.lower()} tier", first
    for each in order[1:]:
        yield str(each.service), each


def _first_of(context: SelectionContext, tier: TierName, pick: Candidate) -> Candidate | None:
    """Whom a tier would begin with; nobody where that is the pick itself, which stands in several tiers."""
    pool = context.route.tiers.get(tier)
    if pool is None:
        return None
    left = among(pool.candidates, {each.service for each in context.healthy})
    well = unmarked(left, context.marks) or left
    first = min(well, key=lambda each: each.priority, default=None)
    return None if first is None or first.service == pick.service else first


def _number(value: float) -> str:
    """As short as it can be said: 12, 1.5, 0.04."""
    if value >= _WHOLE:
        return f"{value:,.0f}"
    if value >= _PLAINLY_MORE:
        return f"{value:.1f}".removesuffix(".0")
    if value >= 1:
        return f"{value:.2f}"
    return f"{max(value, _LEAST):.3f}".rstrip("0").rstrip(".")
