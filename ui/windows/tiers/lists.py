"""The services of tiers after one was moved, copied, added, removed or changed: values in, values out.

Under the tactic `priority` numbers decide before places, so a service that gets another place takes on a
number with which it stays there; all others keep theirs, and nothing but that number of it changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from app.errors import UserError
from app.settings import Settings
from proxy.config import TIER_NAMES, ServiceEntry, TierConfig, TierName
from ui.windows.tiers.speech import tr

Services = tuple[ServiceEntry, ...]


class RefusedError(UserError):
    """It makes no sense, and the sentence says why."""

    kind = "tiers"


@dataclass(frozen=True, slots=True)
class Held:
    """One service of one tier."""

    tier: TierName
    name: str


@dataclass(frozen=True, slots=True)
class Rearranged:
    """The lists that change, those that gain a service first, and what is said of it."""

    lists: Mapping[TierName, Services]
    sentence: str


Change = Callable[[Settings], Rearranged]


def in_order(pool: TierConfig) -> Services:
    """In the order in which they are asked, as far as it is fixed."""
    if pool.tactic != "priority":
        return pool.services
    return tuple(sorted(pool.services, key=lambda each: each.priority))


def moved(settings: Settings, held: Held, gap: int) -> Rearranged:
    """Within its tier; gap 0 is before the first, and the last one behind all."""
    pool = settings.tier(held.tier)
    entry, others = _taken_out(pool, held)
    place = gap - (gap > in_order(pool).index(entry))
    sentence = tr("%1 is number %2 in %3 now.", held.name, str(place + 1), held.tier)
    return Rearranged({held.tier: _placed(pool, others, entry, place)}, sentence)


def stepped(settings: Settings, held: Held, by: int) -> Rearranged:
    """One place up or down; at either end it stays."""
    names = [each.name for each in in_order(settings.tier(held.tier))]
    if held.name not in names:
        raise _gone(held)
    place = names.index(held.name)
    wanted = min(max(place + by, 0), len(names) - 1)
    return moved(settings, held, wanted + (wanted > place))


def carried(settings: Settings, held: Held, to: TierName, gap: int | None = None) -> Rearranged:
    """To another tier, with all its numbers and parameters; without a gap behind all that are there."""
    there = copied(settings, held, to, gap)
    _, others = _taken_out(settings.tier(held.tier), held)
    sentence = tr("%1 was moved from %2 to %3.", held.name, held.tier, to)
    return Rearranged({**there.lists, held.tier: others}, sentence)


def copied(settings: Settings, held: Held, to: TierName, gap: int | None = None) -> Rearranged:
    entry, _ = _taken_out(settings.tier(held.tier), held)
    added = with_new(settings, entry, to, gap)
    return Rearranged(added.lists, tr("%1 was copied from %2 to %3.", held.name, held.tier, to))


def with_new(settings: Settings, entry: ServiceEntry, to: TierName, gap: int | None = None) -> Rearranged:
    pool = settings.tier(to)
    if any(each.name == entry.name for each in pool.services):
        raise RefusedError(tr("%1 is in %2 already.", entry.name, to))
    others = in_order(pool)
    place = len(others) if gap is None else gap
    return Rearranged({to: _placed(pool, others, entry, place)}, tr("%1 was added to %2.", entry.name, to))


def removed(settings: Settings, held: Held) -> Rearranged:
    _, others = _taken_out(settings.tier(held.tier), held)
    return Rearranged({held.tier: others}, tr("%1 was removed from %2.", held.name, held.tier))


def changed(settings: Settings, held: Held, sentence: str, **values: int | bool) -> Rearranged:
    """With another weight, priority, or switched on or off within its tier; its place in the file stays."""
    pool = settings.tier(held.tier)
    _taken_out(pool, held)
    services = tuple(replace(each, **values) if each.name == held.name else each for each in pool.services)
    return Rearranged({held.tier: services}, sentence)


def neighbour(tier: TierName, by: int) -> TierName | None:
    """None beyond the first and the last."""
    place = TIER_NAMES.index(tier) + by
    return TIER_NAMES[place] if 0 <= place < len(TIER_NAMES) else None


def _taken_out(pool: TierConfig, held: Held) -> tuple[ServiceEntry, Services]:
    services = in_order(pool)
    found = next((each for each in services if each.name == held.name), None)
    if found is None:
        raise _gone(held)
    return found, tuple(each for each in services if each is not found)


def _gone(held: Held) -> RefusedError:
    return RefusedError(tr("%1 is not in %2 any more.", held.name, held.tier))


def _placed(pool: TierConfig, others: Services, entry: ServiceEntry, place: int) -> Services:
    before, after = others[:place], others[place:]
    if pool.tactic == "priority":
        entry = replace(entry, priority=_fitting(before, entry.priority, after))
    return (*before, entry, *after)


def _fitting(before: Sequence[ServiceEntry], own: int, after: Sequence[ServiceEntry]) -> int:
    """The nearest number with which it stands between the two."""
    number = max(own, before[-1].priority) if before else own
    return min(number, after[0].priority) if after else number
