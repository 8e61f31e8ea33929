"""How requests reach one provider: over its pool of connections, and through its proxy if it has one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from proxy.upstream.detour import NEEDS_CREDENTIALS, Detour
from proxy.upstream.pool import Pool


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one provider."""

    pool: Pool
    detour: Detour | None = None

    async def request(
        self,
        method: str,
        url: URL,
        *,
        data: bytes | None,
        headers: Iterable[tuple[str, str]],
        timeout: aiohttp.ClientTimeout,
    ) -> aiohttp.ClientResponse:
        """The head of the answer, to be released or closed by its reader; Failure where the proxy refuses.

        Nobody is followed elsewhere: the request carries a credential, and it is this provider's.
        """
        options: dict[str, Any] = {
            "data": data,
            "headers": tuple(headers),
            "timeout": timeout,
            "allow_redirects": False,
        }
        if self.detour is None:
            return await self.pool.request(method, url, **options)
        return await self._through(self.detour, method, url, options)

    def died_unused(self, error: BaseException) -> bool:
        """Whether a request failed only because its connection had died before it: repeat it, once."""
        return self.pool.died_unused(error)

    async def _through(
        self, proxy: Detour, method: str, url: URL, options: Mapping[str, Any]
    ) -> aiohttp.ClientResponse:
        try:
            answer = await self.pool.request(method, url, **options, **proxy.request_options())
        except Exception as error:
            failure = None if self.pool.died_unused(error) else proxy.failure(error)
            if failure is None:
                raise
            # What the error holds of the request to the proxy includes its credentials.
            raise failure from None
        if answer.status == NEEDS_CREDENTIALS and proxy.answers_for_itself(str(url)):
            answer.close()
            raise proxy.refusal(answer.status)
        return answer
