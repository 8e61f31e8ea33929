"""Which providers cannot be asked for want of a key, as far as it can be told without a keyring."""

import asyncio
from collections.abc import Iterable, Mapping

from proxy.exchange import Exchange
from proxy.providers.provider import Provider
from proxy.secret import Secret
from proxy.server.question import Question
from proxy.upstream.keys import Keys
from proxy.wire.failure import Failure

_SOME_SECRET = Secret("not looked at")


def keyless(
    providers: Iterable[Provider], question: Question, environ: Mapping[str, str]
) -> Mapping[str, str]:
    """Why each of them cannot be asked; those that can, or may, are not in it."""
    return asyncio.run(_keyless(providers, question.exchange(), Keys(_Environment(environ))))


class _Environment:
    """The environment's. What a keyring should hold is taken to be there: opening one may ask the user."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def get(self, name: str) -> Secret | None:
        scheme, _, variable = name.partition(":")
        if scheme != "env":
            return _SOME_SECRET
        value = self._environ.get(variable, "")
        return Secret(value) if value else None


async def _keyless(providers: Iterable[Provider], exchange: Exchange, keys: Keys) -> Mapping[str, str]:
    missing: dict[str, str] = {}
    for each in providers:
        if (why := each.why_not_configured()) is not None:
            missing[each.name] = why
            continue
        try:
            await keys.of(each, exchange)
        except Failure as failure:
            missing[each.name] = failure.sentence
    return missing
