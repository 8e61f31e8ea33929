"""What providers bill for a prompt, by its content.

The caches are worked out here, and whoever is measured has no say in what they hold. But the bill is not
independent of the product in everything: the tokens of a prompt's pieces begin with the product's estimate,
because no vendor tells them piece by piece, and its price list and its sums make dollars of them. So that its
calibration has something to do, each model counts more or fewer tokens than are estimated, by a fixed ratio.
Answers have as many as were recorded, whoever gives them.

Anthropic keeps what a client marks: a request writes its prompt up to each of its marks, and reads the
longest prefix that was written before and ends at one of its marks, or at one of the pieces shortly before
it. What follows the last mark is plain input. OpenAI keeps every prompt, and of a new one reads what it has
in common with one of them, in steps. A prefix is there from the request on that wrote it, for a time that
begins anew with every use.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from benchmarks.savings.prompts import Counted, Mark, Prompt
from benchmarks.savings.world import counted_by
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

    def __init__(
        self, config: Config, catalogue: Catalogue, counted: Callable[[Service], float] = counted_by
    ) -> None:
        """`counted` tells a model's tokens for one that is estimated."""
        self._config = config
        self._counted = counted
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
        counted = Counted(prompt, self._counted(service))
        if self._config.providers[service.provider].kind in _MARKED:
            usage, after = _by_marks(counted, held, least_of(service.model), at)
        else:
            usage, after = _by_prefix(counted, held, at)
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


def _by_marks(counted: Counted, held: Held, least: int, at: float) -> tuple[Usage, Held]:
    prompt = counted.prompt
    marks = [mark for mark in prompt.marks[-MOST_MARKS:] if counted.to(mark.place) >= least]
    live = {known: kept for known, kept in held.marked.items() if kept.until >= at}
    read_to = max((_found(prompt, live, mark, at) for mark in marks), default=-1)
    read = counted.to(read_to)
    end = counted.to(max((mark.place for mark in marks), default=-1))
    hour_end = counted.to(max((mark.place for mark in marks if mark.seconds >= HOUR), default=-1))
    new = {prompt.chain[mark.place]: Kept(mark.place, at, at + mark.seconds, mark.seconds) for mark in marks}
    used = {
        known: kept.used(at)
        for known, kept in live.items()
        if kept.place <= read_to and prompt.chain[kept.place] == known and kept.is_there(at)
    }
    usage = Usage(counted.total - end, read, end - read, max(0, hour_end - read))
    return usage, Held({**live, **new, **used})


def _found(prompt: Prompt, live: Mapping[bytes, Kept], mark: Mark, at: float) -> int:
    """The last piece of the longest prefix that this mark finds; -1: none."""
    for place in range(mark.place, max(-1, mark.place - LOOKBACK), -1):
        kept = live.get(prompt.chain[place])
        if kept is not None and kept.is_there(at):
            return place
    return -1


def _by_prefix(counted: Counted, held: Held, at: float) -> tuple[Usage, Held]:
    prompt = counted.prompt
    live = [(one, kept) for one, kept in held.prompts if kept.until >= at]
    common = counted.to(max((_common(prompt, one) for one, kept in live if kept.is_there(at)), default=-1))
    read = common - common % STEP if common >= LEAST else 0
    place = len(prompt.chain) - 1
    used = [(one, kept.used(at) if _common(prompt, one) == kept.place else kept) for one, kept in live]
    mine = Kept(place, at, at + AUTOMATIC_SECONDS, AUTOMATIC_SECONDS)
    return Usage(counted.total - read, read, 0, 0), Held(prompts=(*used[-_MOST_PROMPTS:], (prompt, mine)))


def _common(one: Prompt, other: Prompt) -> int:
    """The last piece of what both begin with; -1: they begin differently."""
    length = min(len(one.chain), len(other.chain))
    return bisect_left(range(length), 1, key=lambda place: one.chain[place] != other.chain[place]) - 1
