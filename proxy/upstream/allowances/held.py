"""The newest word on every allowance, by key, by the model it counts and by window."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from proxy import log
from proxy.money.quota import Allowance, AllowanceSource

_log = log.area("quota")

_MOST_MODELS = 200
_MOST_WINDOWS = 50
"""Of one model, and of one key; whoever invents names with every answer fills no memory."""

WHOLE_KEY = ""
"""In place of a model."""

Account = tuple[str, str]
"""A provider, and the label of one of its keys."""
_Windows = dict[str, Allowance]

T = TypeVar("T")


class Held:
    """What is known. Everything in it is as it was told; `Allowance.at` says what still holds."""

    def __init__(self) -> None:
        self._of: dict[Account, dict[str, _Windows]] = {}

    def put(self, allowance: Allowance) -> bool:
        """Whether it says anything that was not known."""
        models = self._of.setdefault((allowance.provider, allowance.key), {})
        windows = models.setdefault(allowance.model, {})
        before = windows.get(allowance.window)
        windows[allowance.window] = allowance
        _drop_the_first(windows, _MOST_WINDOWS)
        _drop_the_first(models, _MOST_MODELS)
        return before is None or replace(before, seen_at=allowance.seen_at) != allowance

    def of(self, account: Account, model: str) -> Iterable[Allowance]:
        """What counts the requests for one model; WHOLE_KEY is what counts all."""
        return self._of.get(account, {}).get(model, {}).values()

    def next_reset(self, now: float) -> float | None:
        """When the next window begins anew; None where that is known of none."""
        known = (each.resets_at for models in self._of.values() for each in _all(models))
        return min((moment for moment in known if moment is not None and moment > now), default=None)

    def of_provider(self, provider: str) -> Iterator[Allowance]:
        for (name, _), models in self._of.items():
            if name == provider:
                yield from _all(models)

    def drop_balances(self, account: Account) -> None:
        windows = self._of.get(account, {}).get(WHOLE_KEY, {})
        for name in [name for name, each in windows.items() if each.source is AllowanceSource.BALANCE]:
            del windows[name]

    def forget(self, provider: str) -> None:
        for account in [account for account in self._of if account[0] == provider]:
            del self._of[account]

    def snapshot(self) -> list[dict[str, Any]]:
        """As plain values, which `restore` understands."""
        return [msgspec.to_builtins(allowance) for models in self._of.values() for allowance in _all(models)]

    def restore(self, rows: Iterable[Any], now: float) -> list[Account]:
        """Take up what still holds and of which nothing newer is known; the keys it is about."""
        accounts: dict[Account, None] = {}
        for row in rows:
            allowance = _allowance(row)
            if allowance is None or allowance.has_begun_anew(now):
                continue
            account = (allowance.provider, allowance.key)
            if all(each.window != allowance.window for each in self.of(account, allowance.model)):
                self.put(allowance)
                accounts[account] = None
        return list(accounts)


def _all(models: dict[str, _Windows]) -> Iterator[Allowance]:
    return (allowance for windows in models.values() for allowance in windows.values())


def _allowance(row: Any) -> Allowance | None:
    """Another version may have written what this one cannot read; it is told anew soon enough."""
    try:
        return msgspec.convert(row, Allowance)
    except msgspec.ValidationError as error:
        _log.info("a kept allowance is left out: %s", error)
        return None


def _drop_the_first(entries: dict[str, T], most: int) -> None:
    if len(entries) > most:
        del entries[next(iter(entries))]
