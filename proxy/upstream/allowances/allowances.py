"""All that is known of allowances: heard on the way, asked for, kept; and marked where it is used up."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from proxy.config import Config, ProviderConfig
from proxy.money.quota import Allowance, AllowanceKind
from proxy.routing.health.key import Key
from proxy.routing.health.news import News
from proxy.upstream.allowances.held import WHOLE_KEY, Account, Held
from proxy.upstream.allowances.marking import Board, Marking
from proxy.upstream.allowances.passive import read_allowances, tells_limits
from proxy.upstream.asked import Addressee

_FIRST_REFUSAL = 300


class Allowances:
    """Everything here happens on the loop, also the snapshot."""

    def __init__(
        self,
        board: Board,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`wall` is in seconds since 1970, `clock` the one that the board goes by."""
        self._wall = wall
        self._held = Held()
        self._news = News()
        self._marking = Marking(board, wall, clock)
        self._empty: set[Account] = set()
        """Keys whose money or credit was all spent when we last asked."""

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back whenever something else is known of them; the answer ends that.

        A window that begins anew does so by itself: `next_reset` says when to look again.
        """
        return self._news.listen(changed)

    def heard(self, whom: Addressee, status: int, headers: Mapping[str, str]) -> None:
        """An answer of any sort has come, with these headers."""
        account = (whom.key.provider, whom.key.label)
        if account in self._empty and status < _FIRST_REFUSAL:
            self._was_topped_up(account)
        if not tells_limits(headers):
            return
        model = whom.candidate.service.model
        is_news = [self._held.put(each) for each in read_allowances(headers, whom.key, model, self._wall())]
        self._settle(account)
        if _is_only_key(whom):
            self._marking.settle(whom.candidate.service, self._held.of(account, model))
        if any(is_news):
            self._news.tell()

    def asked(self, key: Key, balances: Iterable[Allowance]) -> None:
        """What a provider answered when it was asked about a key; earlier answers count no more."""
        account = (key.provider, key.label)
        self._held.drop_balances(account)
        for allowance in balances:
            self._held.put(allowance)
        self._settle(account)
        self._news.tell()

    def of(self, provider: str) -> list[Allowance]:
        """As they are known now."""
        now = self._wall()
        return [allowance.at(now) for allowance in self._held.of_provider(provider)]

    def next_reset(self) -> float | None:
        """In how many seconds the next window begins anew; None where that is known of none."""
        now = self._wall()
        moment = self._held.next_reset(now)
        return None if moment is None else moment - now

    @property
    def now(self) -> float:
        """The moment by the clock of allowances, in seconds since 1970."""
        return self._wall()

    def reconfigured(self, before: Config, config: Config) -> None:
        """Forget providers that are gone, or are another account or place under the same name."""
        for name, table in before.providers.items():
            if name not in config.providers or _identity(config.providers[name]) != _identity(table):
                self._forget(name)

    def snapshot(self) -> list[dict[str, Any]]:
        """All of it as plain values, to be kept over a restart."""
        return self._held.snapshot()

    def restore(self, rows: Iterable[Any]) -> None:
        """Go on with a snapshot: past windows are left out, and what is used up is marked again.

        What counts by model is not marked, for nobody says whether its key is still the only one.
        """
        for account in self._held.restore(rows, self._wall()):
            self._settle(account)
        self._news.tell()

    def _forget(self, provider: str) -> None:
        self._held.forget(provider)
        self._marking.forget(provider)
        self._empty = {account for account in self._empty if account[0] != provider}
        self._news.tell()

    def _was_topped_up(self, account: Account) -> None:
        """It has served, so what is known of its balance is not true any more."""
        self._held.drop_balances(account)
        self._settle(account)
        self._news.tell()

    def _settle(self, account: Account) -> None:
        of_key = list(self._held.of(account, WHOLE_KEY))
        self._marking.settle(Key(*account), of_key)
        self._empty.discard(account)
        if any(each.kind is AllowanceKind.RESOURCE and each.is_used_up for each in of_key):
            self._empty.add(account)


def _is_only_key(whom: Addressee) -> bool:
    """Whether nobody else is kept from a model when this key has nothing left for it."""
    return len(whom.provider.config.key_forms) == 1 and not whom.key.is_clients_own


def _identity(table: ProviderConfig) -> tuple[object, ...]:
    return table.kind, table.base_url, table.key_forms
