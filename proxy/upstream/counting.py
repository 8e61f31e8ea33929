"""Counting the tokens of a prompt where it is going to be read: exact, and only on request."""

from contextlib import AsyncExitStack
from dataclasses import replace

import msgspec

from proxy.config import Config
from proxy.exchange import Attempt
from proxy.providers.entrance import Task
from proxy.providers.entrances import entrance
from proxy.providers.provider import Provider
from proxy.routing.service import Candidate, Plan
from proxy.upstream.asked import Addressee, Asked
from proxy.upstream.attempt import Caller
from proxy.upstream.deadline import Deadline
from proxy.upstream.exact import counted, counting, loading_nothing
from proxy.upstream.issued import Issued
from proxy.upstream.keys import Keys
from proxy.upstream.learned import NOTHING
from proxy.upstream.preparing import prepared
from proxy.wire.failure import Failure

_SECONDS = 10.0
_SECONDS_HERE = 1.0
"""For a count that a decision waits for."""


class Counter:
    """Asks providers that count. It is no exchange: nobody's health, pins or record hear of it."""

    def __init__(self, caller: Caller, keys: Keys) -> None:
        self._caller = caller
        self._keys = keys

    async def count(self, asked: Asked, plan: Plan, config: Config) -> bytes | None:
        """The provider's own answer; None where it is not to be asked, or does not know."""
        if not plan.candidates:
            return None
        candidate = plan.candidates[0]
        provider = Provider(candidate.service.provider, config.providers[candidate.service.provider])
        if not _counts(provider, candidate, plan, asked):
            return None
        try:
            async with AsyncExitStack() as stack:
                deadline = Deadline.after(_SECONDS, "for a count")
                async with self._caller.in_time(provider.name, deadline):
                    key, *_ = await self._keys.of(provider, asked.exchange)
                    whom = Addressee(candidate, provider, key)
                    ready = await prepared(asked, whom, Issued(), NOTHING)
                call = replace(loading_nothing(ready.call), takes_seat=False)
                raw = await stack.enter_async_context(
                    self._caller.answer(call, Attempt(candidate.service), deadline)
                )
                answer = await raw.whole(64 * 1024)
                return answer if raw.status == 200 and _is_count(answer) else None
        except Failure:
            return None  # an estimate is better than no count

    async def tokens(self, asked: Asked, candidate: Candidate, config: Config) -> int | None:
        """As the server near that would be asked counts them; None where it does not, or takes long."""
        provider = Provider(candidate.service.provider, config.providers[candidate.service.provider])
        deadline = Deadline.after(_SECONDS_HERE, "for a count")
        try:
            async with AsyncExitStack() as stack:
                async with self._caller.in_time(provider.name, deadline):
                    key, *_ = await self._keys.of(provider, asked.exchange)
                    ready = await prepared(asked, Addressee(candidate, provider, key), Issued(), NOTHING)
                call = counting(ready.call)
                if call is None:
                    return None
                raw = await stack.enter_async_context(
                    self._caller.answer(call, Attempt(candidate.service), deadline)
                )
                answer = await raw.whole(64 * 1024)
                return counted(answer) if raw.status == 200 else None
        except Failure:
            return None


class _Count(msgspec.Struct):
    input_tokens: int | None = None
    totalTokens: int | None = None  # noqa: N815 -- Google's name


def _is_count(answer: bytes) -> bool:
    """Not every server that answers there counts."""
    try:
        told = msgspec.json.decode(answer, type=_Count)
    except msgspec.DecodeError:
        return False
    return told.input_tokens is not None or told.totalTokens is not None


def _counts(provider: Provider, candidate: Candidate, plan: Plan, asked: Asked) -> bool:
    """One local service that counts is asked as it costs nothing; others where the user wants it."""
    found = entrance(provider, candidate.service.model, asked.format, Task.COUNT)
    if found is None or found.format is not asked.format:
        return False
    only_local = provider.is_local and len(plan.candidates) == 1
    return only_local or provider.config.count_tokens == "provider"
