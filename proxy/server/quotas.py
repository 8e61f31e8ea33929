"""How much providers allow and how much of it is used up, as windows and pages are told it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from proxy.config import Config
from proxy.money.quota import Allowance, tightest
from proxy.providers.provider import Provider
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.allowances.balances import Balances
from proxy.upstream.allowances.endpoints import questions
from proxy.wire.failure import Failure

_NO_FAILURES: Mapping[str, Failure] = {}


class QuotaWindow(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one key; null is unknown. Moments are in seconds since 1970."""

    name: str
    kind: str
    key: str
    model: str
    """Whose requests it counts; empty: those of the whole key."""
    counts: bool
    """False for one that says something of a part of its key only."""
    used_percent: float | None
    limit: float | None
    remaining: float | None
    unit: str
    resets_at: float | None
    seen_at: float
    source: str


class ProviderQuota(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one provider; `error` and `detail` tell why its balance could not be had just now."""

    provider: str
    tightest: QuotaWindow | None
    windows: list[QuotaWindow]
    balance_supported: bool
    error: str | None = None
    detail: str | None = None


class Quota(msgspec.Struct, frozen=True):
    """All of it."""

    providers: list[ProviderQuota]
    budgets: object = None


@dataclass(frozen=True, slots=True)
class Quotas:
    """One gateway's."""

    config: Callable[[], Config]
    balances: Balances
    allowances: Allowances
    budgets: Callable[[], object] = lambda: None
    """Whatever JSON can say of them; None as long as nobody counts."""

    def known(self, failures: Mapping[str, Failure] = _NO_FAILURES) -> Quota:
        """As it was heard on the way, and asked for before."""
        tables = self.config().providers
        enabled = [Provider(name, table) for name, table in tables.items() if table.enabled]
        return Quota([_told(each, self.allowances, failures) for each in enabled], self.budgets())

    async def asked_for(self) -> Quota:
        """As it is once every provider that can be asked for a balance was asked."""
        return self.known(await self.balances.refresh(self.config()))


def _told(provider: Provider, allowances: Allowances, failures: Mapping[str, Failure]) -> ProviderQuota:
    known, failure = allowances.of(provider.name), failures.get(provider.name)
    narrow = tightest(known, allowances.now)
    return ProviderQuota(
        provider=provider.name,
        tightest=None if narrow is None else _window(narrow),
        windows=[_window(each) for each in known],
        balance_supported=bool(questions(provider)),
        error=None if failure is None else failure.kind.value,
        detail=None if failure is None else failure.sentence,
    )


def _window(allowance: Allowance) -> QuotaWindow:
    used = allowance.used
    return QuotaWindow(
        name=allowance.window,
        kind=allowance.kind.value,
        key=allowance.key,
        model=allowance.model,
        counts=allowance.counts,
        used_percent=None if used is None else round(used, 2),
        limit=allowance.limit,
        remaining=allowance.remaining,
        unit=allowance.unit,
        resets_at=allowance.resets_at,
        seen_at=allowance.seen_at,
        source=allowance.source.value,
    )
