"""What an exchange cost, and what it would have cost otherwise: the same records give the same sums.

Every attempt is paid for, whether its answer was served or not. What nobody counted is unknown: only an
attempt that the provider refused, or that never reached one, is known to have cost nothing.
"""

from msgspec import Struct

from proxy.config import Config
from proxy.exchange import Outcome, Surface
from proxy.ledger.baselines import Baseline, Baselines
from proxy.ledger.record import Record, TryRecord
from proxy.ledger.store.schema import Flag
from proxy.money.book import PriceBook
from proxy.money.caching import CacheSimulation, Turn
from proxy.money.catalogue import Catalogue
from proxy.money.cost import NANO, cost_of
from proxy.money.rates import UNPRICED, Priced, PriceSource
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import FailureKind

REPORTED = "provider"
"""The source of a cost that the provider itself has told."""

_FIRST_ERROR = 400
_STREAMED, _SUBSCRIPTION, _LOCAL, _PARTIAL, _REFERENCE, _UNPRICED, _PASSED_ON = (int(flag) for flag in Flag)
"""Numbers, because to combine members of an enumeration takes longer than to find a price."""


class Account(Struct, frozen=True, gc=False):
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


class _Charge(Struct, frozen=True, gc=False):
    cost: int | None
    source: str | None
    is_unpriced: bool = False


class _Comparison(Struct, frozen=True, gc=False):
    baseline: int | None = None
    alike: int | None = None
    name: str | None = None
    is_reference: bool = False


_NOTHING = _Charge(0, None)
_NOT_COMPARED = _Comparison()


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

    def settled(self, record: Record, session: int | None, formerly: Account | None = None) -> Account:
        """`formerly` is what it came to by other prices; what is no longer configured has kept those."""
        at = record.received / 1000
        charges = (
            [self._charge(record, each, at) for each in record.tries]
            if formerly is None
            else [self._charge_again(record, place, at, formerly) for place in range(len(record.tries))]
        )
        serving, served = None, _NOTHING
        others, is_unknown = 0, False
        flags = _STREAMED if record.streamed else 0
        for each, charge in zip(record.tries, charges, strict=True):
            if each.serves:
                serving, served = each, charge
            elif charge.cost is None:
                flags |= _PARTIAL
                is_unknown = True
            else:
                others += charge.cost
        usage = UNKNOWN if serving is None else serving.usage
        is_unknown = is_unknown and serving is None  # of an answer the sum is told, and that it is not all
        flags |= self._flags(record, serving, served, formerly)
        compared = self._compared(record, session, serving, served, at)
        if formerly is not None and self._was_better_compared(formerly, compared):
            compared = _Comparison(formerly.baseline, formerly.baseline_alike, formerly.compared_with)
        if compared.is_reference:
            flags |= _REFERENCE
        return Account(
            usage,
            flags,
            tuple([charge.cost for charge in charges]),
            None if served.cost is None or is_unknown else served.cost + others,
            others,
            served.source,
            compared.baseline,
            compared.alike,
            compared.name,
        )

    def _charge(self, record: Record, each: TryRecord, at: float) -> _Charge:
        usage = each.usage
        if each.serves and record.on_subscription:
            return _Charge(None, None)
        priced = self._priced(each, at)
        if priced.source is PriceSource.LOCAL and not usage.cost_usd:
            return _Charge(0, priced.source)
        if usage is UNKNOWN:
            return _NOTHING if _was_refused(each) else _Charge(None, None)
        if usage.cost_usd is not None:
            return _Charge(round(usage.cost_usd * NANO), REPORTED)
        if priced.prices is None:
            return _Charge(None, priced.source, is_unpriced=True)
        cost = cost_of(usage, priced.prices)
        if cost is None:
            return _Charge(None, priced.source, is_unpriced=usage.is_known)
        return _Charge(cost.total, priced.source)

    def _priced(self, each: TryRecord, at: float) -> Priced:
        """What a server here passed on is not free because the server is here."""
        priced = self._book.of(each, at)
        return UNPRICED if each.leaves and priced.source is PriceSource.LOCAL else priced

    def _charge_again(self, record: Record, place: int, at: float, formerly: Account) -> _Charge:
        each = record.tries[place]
        if self._is_still_itself(each, formerly):
            return self._charge(record, each, at)
        if not each.serves:
            return _Charge(formerly.tries[place], None)
        return _Charge(formerly.tries[place], formerly.price_source, bool(formerly.flags & _UNPRICED))

    def _is_still_itself(self, each: TryRecord, formerly: Account) -> bool:
        """Whether what has that name now is where it was then: on this machine, or not."""
        table = self._config.providers.get(each.provider)
        if table is None or not each.serves:
            return table is not None
        return table.is_on_this_machine == bool(formerly.flags & (_LOCAL | _PASSED_ON))

    def _flags(
        self, record: Record, serving: TryRecord | None, served: _Charge, formerly: Account | None
    ) -> int:
        flags = 0
        if record.on_subscription:
            flags |= _SUBSCRIPTION
        if served.is_unpriced:
            flags |= _UNPRICED
        if serving is None:
            return flags
        if formerly is not None:
            flags |= formerly.flags & (_LOCAL | _PASSED_ON)
        elif (table := self._config.providers.get(serving.provider)) and table.is_on_this_machine:
            flags |= _LOCAL if table.keeps_here(serving.model) and not serving.leaves else _PASSED_ON
        return flags if _is_whole(record, serving.usage) else flags | _PARTIAL

    def _compared(
        self, record: Record, session: int | None, serving: TryRecord | None, served: _Charge, at: float
    ) -> _Comparison:
        """Also what has no known cost is a turn of its conversation, from which later ones are simulated."""
        if serving is None or serving.usage is UNKNOWN:
            return _NOT_COMPARED
        baseline = self._baselines.of(record.requested, at)
        if baseline is None or (baseline.is_reference and record.surface == Surface.EMBEDDINGS):
            return _NOT_COMPARED  # no model that talks stands in for one that makes vectors
        usage, service = serving.usage, f"{serving.provider}/{serving.model}"
        own = baseline.name in (serving.model, service) or self._is_same_entry(baseline, serving, at)
        turn = Turn(usage=usage, at=at, asked_seconds=record.cache_seconds, is_own=own)
        conversation = None if session is None else (session, baseline.name)
        simulated = self._caches.usage(conversation, baseline.rules, turn)
        if served.cost is None:
            return _NOT_COMPARED
        if simulated is usage and baseline.name == service:  # whoever told the price
            return _Comparison(served.cost, served.cost, baseline.name, baseline.is_reference)
        alike = cost_of(usage, baseline.prices)
        otherwise = alike if simulated is usage else cost_of(simulated, baseline.prices)
        if otherwise is None or alike is None:
            return _NOT_COMPARED
        return _Comparison(otherwise.total, alike.total, baseline.name, baseline.is_reference)

    def _is_same_entry(self, baseline: Baseline, serving: TryRecord, at: float) -> bool:
        """Clients append dates and windows to the name of the very model that has served."""
        return bool(baseline.entry) and baseline.entry == self._book.of(serving, at).id

    def _was_better_compared(self, formerly: Account, now: _Comparison) -> bool:
        """With a service that is no longer configured, for which at most the reference stands in now."""
        if formerly.compared_with is None or formerly.flags & _REFERENCE:
            return False
        provider, _, model = formerly.compared_with.partition("/")
        is_gone = bool(model) and provider not in self._config.providers
        return is_gone and (now.name is None or now.is_reference)


def _was_refused(each: TryRecord) -> bool:
    """Whether it is sure that nobody has worked for it: the provider said no, or was never reached."""
    if each.outcome != Outcome.FAILED:
        return False
    return each.error == FailureKind.CONNECTION if each.status is None else each.status >= _FIRST_ERROR


def _is_whole(record: Record, usage: Usage) -> bool:
    """Whether everything that is charged was counted; vectors have no output."""
    counts = (usage.input,) if record.surface == Surface.EMBEDDINGS else (usage.input, usage.output)
    if record.outcome != Outcome.ANSWERED:
        return False
    return usage is UNKNOWN or None not in counts
