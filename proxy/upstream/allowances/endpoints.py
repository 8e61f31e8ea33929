"""Where providers tell how much money or credit is left, and how to read what they say.

Only what vendors document. A provider is known by its kind, or by its host where it is used under a general
kind; asked is only below the address that the user has given.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from proxy.config.address import host_of
from proxy.money.quota import AllowanceKind
from proxy.providers.entrances.joining import origin, without
from proxy.providers.provider import Provider

_UNSPOKEN = ("/v1", "/beta", "/anthropic")
"""How addresses end whose formats are spoken there; the balance stands beside them."""
_DECIMAL = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_NOVITA_UNITS = 10_000
"""Of a dollar."""


@dataclass(frozen=True, slots=True)
class Told:
    """One amount as a vendor tells it."""

    window: str
    remaining: float | None
    unit: str
    limit: float | None = None
    used_percent: float | None = None
    kind: AllowanceKind = AllowanceKind.RESOURCE
    resets_at: float | None = None


Reading = Callable[[Mapping[str, Any], Provider, float], Iterator[Told]]
"""The answer's JSON, whose it is, and the moment in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Question:
    """One address to ask."""

    url: Callable[[str], str]
    """Made from the provider's base."""
    read: Reading
    proof: str
    """The field without which an answer is none."""
    is_for_all_keys: bool = True
    """False where ordinary keys are refused, which then means nothing."""


def questions(provider: Provider) -> Sequence[Question]:
    """What to ask this provider; nothing for one that documents no such address."""
    of_kind = _BY_KIND.get(provider.config.kind)
    if of_kind is not None:
        return of_kind
    return next((asked for host, asked in _BY_HOST.items() if host_of(provider.base) == host), ())


def _openrouter_key(told: Mapping[str, Any], _provider: Provider, now: float) -> Iterator[Told]:
    """A key without a limit of its own has none that could be told."""
    data = _inner(told, "data")
    limit, left = _number(data.get("limit")), _number(data.get("limit_remaining"))
    if limit is None or left is None:
        return
    resets_at = _openrouter_reset(data.get("limit_reset"), now)
    kind = AllowanceKind.RESOURCE if resets_at is None else AllowanceKind.LIMIT
    yield Told("limit of the key", left, "usd", limit, _percent(limit, left), kind, resets_at)


def _openrouter_reset(span: Any, now: float) -> float | None:
    """At midnight UTC; weeks begin on Monday."""
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = {
        "daily": today + timedelta(days=1),
        "weekly": today + timedelta(days=7 - today.weekday()),
        "monthly": (today.replace(day=1) + timedelta(days=32)).replace(day=1),
    }
    return ends[span].timestamp() if span in ends else None


def _openrouter_credits(told: Mapping[str, Any], _provider: Provider, _now: float) -> Iterator[Told]:
    data = _inner(told, "data")
    bought, used = _number(data.get("total_credits")), _number(data.get("total_usage"))
    if bought is not None and used is not None:
        yield Told("credits", bought - used, "usd", bought, _percent(bought, bought - used))


def _deepseek(told: Mapping[str, Any], _provider: Provider, _now: float) -> Iterator[Told]:
    """One amount for each currency, of which any pays. Those that are empty only matter if all are."""
    entries = told.get("balance_infos")
    amounts = [
        Told("balance", _number(entry.get("total_balance")), str(entry.get("currency", "")).lower())
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping) and _number(entry.get("total_balance")) is not None
    ]
    full = [each for each in amounts if each.remaining and each.remaining > 0]
    is_blocked = told.get("is_available") is False
    for each in full or amounts[:1] or [Told("balance", None, "")]:
        window = f"balance {each.unit}" if len(full) > 1 else each.window
        yield Told(window, each.remaining, each.unit, used_percent=100.0 if is_blocked else None)


def _moonshot(told: Mapping[str, Any], provider: Provider, _now: float) -> Iterator[Told]:
    """The currency is not told; it is that of the platform's country."""
    left = _number(_inner(told, "data").get("available_balance"))
    currency = {".ai": "usd", ".cn": "cny"}.get(host_of(provider.base)[-3:], "")
    if left is not None:
        yield Told("balance", left, currency)


def _novita(told: Mapping[str, Any], _provider: Provider, _now: float) -> Iterator[Told]:
    left = _number(told.get("availableBalance"))
    if left is not None:
        yield Told("balance", left / _NOVITA_UNITS, "usd")


def _inner(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = told.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _percent(limit: float, left: float) -> float | None:
    return max(0.0, 100 * (1 - left / limit)) if limit > 0 else None


_OPENROUTER = (
    Question(lambda base: f"{without(base, '/v1')}/v1/key", _openrouter_key, "data"),
    Question(
        lambda base: f"{without(base, '/v1')}/v1/credits",
        _openrouter_credits,
        "data",
        is_for_all_keys=False,
    ),
)
_DEEPSEEK = (Question(lambda base: f"{without(base, *_UNSPOKEN)}/user/balance", _deepseek, "is_available"),)
_MOONSHOT = (Question(lambda base: f"{without(base, *_UNSPOKEN)}/v1/users/me/balance", _moonshot, "data"),)
_NOVITA = (
    Question(lambda base: f"{origin(base)}/openapi/v1/billing/balance/detail", _novita, "availableBalance"),
)

_BY_KIND: Mapping[str, Sequence[Question]] = {
    "openrouter": _OPENROUTER,
    "deepseek": _DEEPSEEK,
    "moonshot": _MOONSHOT,
}
_BY_HOST: Mapping[str, Sequence[Question]] = {
    "openrouter.ai": _OPENROUTER,
    "api.deepseek.com": _DEEPSEEK,
    "api.moonshot.ai": _MOONSHOT,
    "api.moonshot.cn": _MOONSHOT,
    "api.novita.ai": _NOVITA,
}
