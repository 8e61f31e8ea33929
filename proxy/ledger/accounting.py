"""What an exchange cost, and what it would have cost otherwise: the same records give the same sums.

Every attempt is paid for, whether its answer was served or not. What nobody counted is unknown: only an
attempt that the provider refused, or that never reached one, is known to have cost nothing.
"""

from dataclasses import dataclass

from proxy.config import Config
from proxy.exchange import Outcome
from proxy.ledger.baselines import Baseline, Baselines
from proxy.ledger.record import Record, TryRecord
from proxy.ledger.store.schema import Flag
from proxy.money.book import PriceBook
from proxy.money.caching import CacheSimulation, Turn
from proxy.money.catalogue import Catalogue
from proxy.money.cost import NANO, cost_of
from proxy.money.rates import PriceSource
from proxy.wire.canonical import UNKNOWN, Usage

REPORTED = "provider"
"""The source of a cost that the provider itself has told."""

_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one exchange in nano-dollars; None is unknown. `cost` has everything that was paid."""

    usage: Usage
    flags: int
    tries: tuple[int | None, ...]
    cost: int | None
    other_cost: int
    price_source: str | None
    baseline: int | None
    baseline_alike: int | None
    """The baseline had its cache done what the real one did."""
    compared_with: str | None


@dataclass(frozen=True, slots=True)
class _Charge:
    cost: int | None
    source: str | None
    is_unpriced: bool = False


_NOTHING = _Charge(0, None)


class Accounting:
    """Settles exchanges one after the other, in the order in which they ended."""

    def __init__(self, config: Config, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._caches = CacheSimulation()
        self.reconfigured(config)

    def reconfigured(self, config: Config) -> None:
        self._config = config
        self._book = PriceBook(config, self._catalogue)
        self._baselines = Baselines(config, self._book)

    def settled(self, record: Record, session: int | None) -> Account:
        at = record.received / 1000
        charges = [self._charge(record, each, at) for each in record.tries]
        serving, served = None, _NOTHING
        others = 0
        flags = Flag.STREAMED if record.streamed else Flag(0)
        for each, charge in zip(record.tries, charges, strict=True):
            if each.serves:
                serving, served = each, charge
            elif charge.cost is None:
                flags |= Flag.PARTIAL
            else:
                others += charge.cost
        usage = UNKNOWN if serving is None else serving.usage
        flags |= self._flags(record, serving, served)
        cost = None if served.cost is None else served.cost + others
        baseline = self._compared(record, session, serving, at) if cost is not None else None
        if baseline is not None and baseline[0].is_reference:
            flags |= Flag.REFERENCE
        return Account(
            usage,
            int(flags),
            tuple([charge.cost for charge in charges]),
            cost,
            others,
            served.source,
            *((None, None, None) if baseline is None else (baseline[1], baseline[2], baseline[0].name)),
        )

    def _charge(self, record: Record, each: TryRecord, at: float) -> _Charge:
        usage = each.usage
        if each.serves and record.on_subscription:
            return _Charge(None, None)
        if usage is UNKNOWN:
            was_refused = each.status is None or each.status >= _FIRST_ERROR
            return _NOTHING if was_refused and each.outcome == Outcome.FAILED else _Charge(None, None)
        priced = self._book.of(each, at)
        if usage.cost_usd is not None and (usage.cost_usd or priced.source is not PriceSource.LOCAL):
            return _Charge(round(usage.cost_usd * NANO), REPORTED)
        if priced.prices is None:
            return _Charge(None, priced.source, is_unpriced=True)
        cost = cost_of(usage, priced.prices)
        if cost is None:
            return _Charge(None, priced.source, is_unpriced=usage.is_known)
        return _Charge(cost.total, priced.source)

    def _flags(self, record: Record, serving: TryRecord | None, served: _Charge) -> Flag:
        flags = Flag(0)
        if record.on_subscription:
            flags |= Flag.SUBSCRIPTION
        if served.is_unpriced:
            flags |= Flag.UNPRICED
        if serving is None:
            return flags
        table = self._config.providers.get(serving.provider)
        if table is not None and table.is_on_this_machine:
            flags |= Flag.LOCAL
        counts = (serving.usage.input, serving.usage.output)
        is_whole = record.outcome == Outcome.ANSWERED and None not in counts
        if serving.usage is not UNKNOWN and not is_whole:
            flags |= Flag.PARTIAL
        return flags

    def _compared(
        self, record: Record, session: int | None, serving: TryRecord | None, at: float
    ) -> tuple[Baseline, int, int] | None:
        """With what it is compared, what that would have cost, and what with a cache that did the same."""
        if serving is None or serving.usage is UNKNOWN:
            return None
        baseline = self._baselines.of(record.requested, at)
        if baseline is None:
            return None
        usage = serving.usage
        own = baseline.name in (serving.model, f"{serving.provider}/{serving.model}")
        turn = Turn(usage=usage, at=at, asked_seconds=record.cache_seconds, is_own=own)
        conversation = None if session is None else (session, baseline.name)
        simulated = self._caches.usage(conversation, baseline.rules, turn)
        alike = cost_of(usage, baseline.prices)
        otherwise = alike if simulated is usage else cost_of(simulated, baseline.prices)
        if otherwise is None or alike is None:
            return None
        return baseline, otherwise.total, alike.total
