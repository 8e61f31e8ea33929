"""Rate limits: the many ways in which vendors say when to come back."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Literal

from aiohttp import web

from tests.fakes.fault import Fault
from tests.fakes.formats.text import encoded
from tests.fakes.serving import Serving

Style = Literal[
    "retry-after", "retry-after-date", "retry-after-ms", "anthropic", "x-ratelimit", "google", "none"
]


def rate_limited(style: Style = "retry-after", seconds: float = 7) -> Fault:
    """Every style but Google's, which is an error body of its own, goes with every format."""

    async def happen(serving: Serving) -> web.StreamResponse:
        if style == "google":
            return web.Response(body=_google(seconds), status=429, content_type="application/json")
        reply = serving.speech.error(429, "Rate limit reached. Please slow down.")
        headers = {**reply.headers, **_HEADERS[style](seconds)}
        return web.Response(body=reply.body, status=429, headers=headers)

    return Fault(f"rate limited ({style})", happen)


def in_words(seconds: float) -> str:
    """As OpenAI writes a duration: 1m2.5s."""
    if seconds < 1:
        return f"{seconds * 1000:g}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:g}m{rest:g}s" if minutes else f"{rest:g}s"


def _date(seconds: float) -> Mapping[str, str]:
    return {"retry-after": formatdate(time.time() + seconds, usegmt=True)}


def _anthropic(seconds: float) -> Mapping[str, str]:
    reset = (
        datetime.fromtimestamp(time.time() + seconds, UTC)
        .isoformat(timespec="seconds")
        .replace("+00:00", "Z")
    )
    kinds = ("requests", "tokens", "input-tokens", "output-tokens")
    of_each = {"limit": "1000", "remaining": "0", "reset": reset}
    return {f"anthropic-ratelimit-{kind}-{name}": told for kind in kinds for name, told in of_each.items()}


def _x_ratelimit(seconds: float) -> Mapping[str, str]:
    of_each = {"limit": "1000", "remaining": "0", "reset": in_words(seconds)}
    return {
        f"x-ratelimit-{name}-{kind}": told
        for kind in ("requests", "tokens")
        for name, told in of_each.items()
    }


_HEADERS: Mapping[str, Callable[[float], Mapping[str, str]]] = {
    "retry-after": lambda seconds: {"retry-after": f"{seconds:g}"},
    "retry-after-date": _date,
    "retry-after-ms": lambda seconds: {"retry-after-ms": f"{seconds * 1000:g}"},
    "anthropic": _anthropic,
    "x-ratelimit": _x_ratelimit,
    "none": lambda _seconds: {},
}


def _google(seconds: float) -> bytes:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}],
        },
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{seconds:g}s"},
    ]
    message = f"You exceeded your current requests per minute. Please retry in {seconds:g}s."
    error = {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}
    return encoded({"error": error})
