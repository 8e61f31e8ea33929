"""Asking providers how much is left, when somebody wants to know: once with every key, and in time."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

import msgspec

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Surface
from proxy.money.quota import Allowance, AllowanceSource
from proxy.providers.credentials import credential
from proxy.providers.entrance import Auth, Entrance
from proxy.providers.headers import request_headers
from proxy.providers.provider import Provider
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.allowances.endpoints import Question, questions
from proxy.upstream.attempt import Caller
from proxy.upstream.call import Call
from proxy.upstream.deadline import Deadline
from proxy.upstream.keys import Keys
from proxy.upstream.refused_key import naming
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

_SECONDS = 10.0
"""For all providers together."""
_LONGEST = 256 * 1024
_NOT_FOR_THIS_KEY = (401, 403)


class Balances:
    """Asks, and tells what it learns to those who remember it."""

    def __init__(self, caller: Caller, keys: Keys, allowances: Allowances, seconds: float = _SECONDS) -> None:
        self._caller = caller
        self._keys = keys
        self._allowances = allowances
        self._seconds = seconds

    async def refresh(self, config: Config) -> Mapping[str, Failure]:
        """Ask every enabled provider that can be asked; the failures of those who did not tell, by name."""
        asked = [
            Provider(name, table)
            for name, table in config.providers.items()
            if table.enabled and questions(Provider(name, table))
        ]
        deadline = Deadline.after(self._seconds, "for balances")
        found = await asyncio.gather(*(self._failure(each, config, deadline) for each in asked))
        return {each.name: failure for each, failure in zip(asked, found, strict=True) if failure is not None}

    async def _failure(self, provider: Provider, config: Config, deadline: Deadline) -> Failure | None:
        """What kept a provider from telling; None if it told."""
        try:
            await self._ask(provider, config, deadline)
        except Failure as failure:
            return failure
        return None

    async def _ask(self, provider: Provider, config: Config, deadline: Deadline) -> None:
        if config.routing.local_only and not provider.is_local:
            raise Failure(
                FailureKind.NO_SERVICE,
                f"The provider {provider.name} is not asked: local_only keeps to servers of this machine.",
            )
        missing = provider.why_not_configured()
        if missing is not None:
            raise Failure(FailureKind.NO_SERVICE, missing)
        nobodys = Exchange("", Surface.CHAT, "tierwise", None, Format.OPENAI_CHAT)
        async with self._caller.in_time(provider.name, deadline):
            keys = await self._keys.of(provider, nobodys)
        failures = [await self._key_failure(provider, key, deadline) for key in keys]
        for failure in filter(None, failures):
            raise failure

    async def _key_failure(self, provider: Provider, key: Key, deadline: Deadline) -> Failure | None:
        try:
            self._allowances.asked(key, await self._told(provider, key, deadline))
        except Failure as failure:
            return failure
        return None

    async def _told(self, provider: Provider, key: Key, deadline: Deadline) -> Sequence[Allowance]:
        found: list[Allowance] = []
        for question in questions(provider):
            status, data, headers = await self._answer(provider, key, question, deadline)
            if status in _NOT_FOR_THIS_KEY and not question.is_for_all_keys:
                continue
            if status != 200:
                raise naming(provider.name, read_error(status, data, headers))
            found += self._read(provider, key, question, data)
        return found

    async def _answer(
        self, provider: Provider, key: Key, question: Question, deadline: Deadline
    ) -> tuple[int, bytes, Mapping[str, str]]:
        url = question.url(provider.base)
        place = Entrance(format=Format.OPENAI_CHAT, url=url, stream_url=url, auth=Auth.BEARER, model="")
        plain = request_headers(place, provider, (), same_format=True)
        async with self._caller.in_time(provider.name, deadline):
            proof = await credential(provider, place, key.secret)
            auth = await proof.headers("GET", url, plain, b"")
        call = Call(
            service=Service(provider.name, ""),
            config=provider.config,
            method="GET",
            url=url,
            shown_url=place.shown_url,
            headers=[*plain, *auth.items()],
            body=None,
            is_official=provider.is_official,
            takes_seat=False,
        )
        async with AsyncExitStack() as stack:
            raw = await stack.enter_async_context(self._caller.answer(call, Attempt(call.service), deadline))
            return raw.status, await raw.whole(_LONGEST), raw.headers

    def _read(self, provider: Provider, key: Key, question: Question, data: bytes) -> Iterator[Allowance]:
        now = self._allowances.now
        for told in question.read(_object(provider, question, data), provider, now):
            yield Allowance(
                provider=provider.name,
                key=key.label,
                window=told.window,
                kind=told.kind,
                used_percent=told.used_percent,
                limit=told.limit,
                remaining=told.remaining,
                unit=told.unit,
                resets_at=told.resets_at,
                seen_at=now,
                source=AllowanceSource.BALANCE,
            )


def _object(provider: Provider, question: Question, data: bytes) -> Mapping[str, Any]:
    unreadable = Failure(FailureKind.BAD_ANSWER, f"The balance of {provider.name} cannot be read.")
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable from error
    if not isinstance(told, Mapping) or question.proof not in told:
        raise unreadable
    return told
