"""A fault: something other than an answer that a fake does with a request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Fault:
    """`happen` is given the Serving of the request, and does to it what the name says."""

    name: str
    happen: Callable[[Any], Awaitable[web.StreamResponse]] = field(repr=False)
