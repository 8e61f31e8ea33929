"""What providers bill for a prompt, by its content. Whoever is measured has no say in it, and no part of it.

Anthropic keeps what a client marks: a request writes its prompt up to each of its marks, and reads the
longest prefix that was written before and ends at one of its marks, or at one of the pieces shortly before
it. What follows the last mark is plain input. OpenAI keeps every prompt, and of a new one reads what it has
in common with one of them, in steps. A prefix is there from the request on that wrote it, for a time that
begins anew with every use.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from benchmarks.savings.prompts import Mark, Prompt
from proxy.config import Config
from proxy.money.book import PriceBook
from proxy.money.catalogue import Catalogue
from proxy.money.cost import cost_of
from proxy.money.rates import Priced, Prices
from proxy.routing.service import Service
from proxy.wire.canonical import Usage

MOST_MARKS: Final = 4
LOOKBACK: Final = 20
"""Pieces, the marked one included."""
HOUR: Final = 3600

_LEAST_BY_MODEL: Final = (
    (re.compile(r"(opus|fable|mythos)-5"), 512),
    (re.compile(r"opus-4-7"), 2048),
    (re.compile(r"opus-4-[56]|haiku-4-5"), 4096),
    (re.compile(r"haiku"), 2048),
)
LEAST: Final = 1024
STEP: Final = 128
AUTOMATIC_SECONDS: Final = 600.0
_MOST_PROMPTS: Final = 16
_MARKED: Final = frozenset({"anthropic", "anthropic-compatible", "azure-anthropic", "bedrock"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A prefix in a cache."""

    place: int
    """Of its last piece."""
    since: float
    until: float
    seconds: float
    """For how long after each use."""

    def is_there(self, at: float) -> bool:
        return self.since < at <= self.until

    def used(self, at: float) -> "Kept":
        return Kept(self.place, self.since, at + self.seconds, self.seconds)


@dataclass(frozen=True, slots=True)
class Held:
    """What one model's cache holds. It never changes: whoever uses it gets the one that comes after."""

    marked: Mapping[bytes, Kept] = field(default_factory=dict)
    """By what the prefix is known by."""
    prompts: tuple[tuple[Prompt, Kept], ...] = ()
    """Whole ones, where they are kept unasked."""


NOTHING_HELD = Held()


@dataclass(frozen=True, slots=True)
class Bill:
    usage: Usage
    nano: int
    """In nano-dollars."""
    held: Held = NOTHING_HELD
    """By the cache, from now on."""


class Billing:
    """The caches and prices of all vendors, for one way through one session."""

    def __init__(self, config: Config, catalogue: Catalogue) -> None:
        self._config = config
        self._book = PriceBook(config, catalogue)
        self._held: dict[str, Held] = {}
        self._known: dict[Service, Priced] = {}

    def bill(self, service: Service, prompt: Prompt, output: int, at: float) -> Bill:
        """The service's cache holds the prompt from now on."""
        name = self.cache(service, at)
        bill = self.quote(service, prompt, output, at, self._held.get(name, NOTHING_HELD))
        self._held[name] = bill.held
        return bill

    def quote(self, service: Service, prompt: Prompt, output: int, at: float, held: Held) -> Bill:
        """What it would be billed if its cache held this."""
        if self._config.providers[service.provider].kind in _MARKED:
            usage, after = _by_marks(prompt, held, least_of(service.model), at)
        else:
            usage, after = _by_prefix(prompt, held, at)
        usage = replace(usage, output=output)
        cost = cost_of(usage, self.prices(service, at))
        if cost is None:
            raise LookupError(f"the prices of {service} are not known")
        return Bill(usage, cost.total, after)

    def prices(self, service: Service, at: float) -> Prices:
        prices = self._priced(service, at).prices
        if prices is None:
            raise LookupError(f"nobody knows what {service} costs")
        return prices

    def cache(self, service: Service, at: float) -> str:
        """The name of the cache that it has; the same for all names of one model."""
        return f"{service.provider} {self._priced(service, at).id or service.model}"

    def _priced(self, service: Service, at: float) -> Priced:
        """Looked up once: no session is longer than prices last."""
        known = self._known.get(service)
        if known is None:
            known = self._known[service] = self._book.of(service, at)
        return known


def least_of(model: str) -> int:
    """The tokens that a marked prompt must have to be kept."""
    return next((least for names, least in _LEAST_BY_MODEL if names.search(model)), LEAST)


def _by_marks(prompt: Prompt, held: Held, least: int, at: float) -> tuple[Usage, Held]:
    marks = [mark for mark in prompt.marks[-MOST_MARKS:] if prompt.tokens[mark.place] >= least]
    live = {known: kept for known, kept in held.marked.items() if kept.until >= at}
    read_to = max((_found(prompt, live, mark, at) for mark in marks), default=-1)
    read = _tokens_to(prompt, read_to)
    end = _tokens_to(prompt, max((mark.place for mark in marks), default=-1))
    hour_end = _tokens_to(prompt, max((mark.place for mark in marks if mark.seconds >= HOUR), default=-1))
    new = {prompt.chain[mark.place]: Kept(mark.place, at, at + mark.seconds, mark.seconds) for mark in marks}
    used = {
        known: kept.used(at)
        for known, kept in live.items()
        if kept.place <= read_to and prompt.chain[kept.place] == known and kept.is_there(at)
    }
    usage = Usage(prompt.total - end, read, end - read, max(0, hour_end - read))
    return usage, Held({**live, **new, **used})


def _found(prompt: Prompt, live: Mapping[bytes, Kept], mark: Mark, at: float) -> int:
    """The last piece of the longest prefix that this mark finds; -1: none."""
    for place in range(mark.place, max(-1, mark.place - LOOKBACK), -1):
        kept = live.get(prompt.chain[place])
        if kept is not None and kept.is_there(at):
            return place
    return -1


def _by_prefix(prompt: Prompt, held: Held, at: float) -> tuple[Usage, Held]:
    live = [(one, kept) for one, kept in held.prompts if kept.until >= at]
    common = max((_common(prompt, one) for one, kept in live if kept.is_there(at)), default=0)
    read = common - common % STEP if common >= LEAST else 0
    place = len(prompt.chain) - 1
    used = [(one, kept.used(at) if _common(prompt, one) == one.total else kept) for one, kept in live]
    mine = Kept(place, at, at + AUTOMATIC_SECONDS, AUTOMATIC_SECONDS)
    return Usage(prompt.total - read, read, 0, 0), Held(prompts=(*used[-_MOST_PROMPTS:], (prompt, mine)))


def _common(one: Prompt, other: Prompt) -> int:
    """The tokens with which both begin."""
    length = min(len(one.chain), len(other.chain))
    same = bisect_left(range(length), 1, key=lambda place: one.chain[place] != other.chain[place])
    return _tokens_to(one, same - 1)


def _tokens_to(prompt: Prompt, place: int) -> int:
    return prompt.tokens[place] if place >= 0 else 0
