"""What is believed to be cached of each thread at each service: in memory, on the loop, without a clock.

An answer tells how much of its prompt was read from a cache, and how much was written. Where prompts are
cached only as far as the client marks them, that is all there is. Where every prompt is cached, the whole of
it is believed to be, because writing is not reported by most.

Such a belief may be wrong: a host has many machines, or does not cache at all. So it is checked against the
next answer. What was believed and not read has been a mistake; after two in a row nothing is believed of that
service until it reports a read again. A host nobody knows must report one before anything is believed.

Servers on this machine keep what they computed last in a few slots, and report it or do not. They are
believed to have it until other conversations have taken those slots, or the model is unloaded.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from proxy.money.caching import CacheRules
from proxy.routing.caches.trust import Trust
from proxy.routing.service import Service

MOST_THREADS = 4000
MOST_SERVICES = 8
_MOST_SLOTS = 500


def begins_anew(prompt: int, before: int) -> bool:
    """A conversation that was compacted, or cleared, goes on with less than half of what it had."""
    return 2 * prompt < before


class Belief(Struct, frozen=True, gc=False):
    """Times are those of the clock that was noted by."""

    prefix: int
    """Tokens from the beginning of the prompt."""
    until: float
    noted: float


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """What an answer tells of the cache; None is what it does not tell."""

    prompt: int
    read: int | None = None
    written: int | None = None
    output: int = 0
    asked_seconds: int = 0
    """For how long the client wanted its prompt cached; zero where it does not say."""


@dataclass(slots=True)
class _Known:
    """Of one thread."""

    prompt: int = 0
    """Of its last turn."""
    at: "OrderedDict[Service, Belief]" = field(default_factory=OrderedDict)


class Beliefs:
    """By thread and service; what was noted longest ago is forgotten first."""

    def __init__(self) -> None:
        self._threads: OrderedDict[bytes, _Known] = OrderedDict()
        self._slots: OrderedDict[Service, list[bytes | None]] = OrderedDict()
        self._trust = Trust()

    def __len__(self) -> int:
        """How many threads something is known of."""
        return len(self._threads)

    # -- asking ------------------------------------------------------------------------------------

    def knows(self, thread: bytes) -> bool:
        """Whether any answer to it was noted."""
        return thread in self._threads

    def of(self, thread: bytes, now: float) -> Mapping[Service, Belief]:
        """Where something of it is still cached."""
        known = self._threads.get(thread)
        if known is None:
            return {}
        return {
            service: belief
            for service, belief in known.at.items()
            if now <= belief.until and self._trust.is_believed(service)
        }

    # -- writing -----------------------------------------------------------------------------------

    def note(
        self, thread: bytes | None, service: Service, answer: Answer, now: float, rules: CacheRules
    ) -> None:
        """A service has answered. `now` is when it read the prompt, because caches count from then.

        None stands for a prompt that belongs to no thread, such as a title's: it takes its place all the
        same, where there are few.
        """
        if rules.slots:
            self._take_slot(thread, service, rules.slots)
        if thread is None:
            return
        self.restarted(thread, answer.prompt)
        known = self._threads.setdefault(thread, _Known())
        self._threads.move_to_end(thread)
        known.prompt = answer.prompt
        before = known.at.pop(service, None)
        if rules.is_automatic:
            was_warm = before is not None and now <= before.until
            self._trust.note(service, answer.read, was_warm=was_warm, rules=rules)
        prefix = _prefix(answer, rules)
        if prefix:
            asked = 0 if rules.is_automatic else answer.asked_seconds
            known.at[service] = Belief(prefix, now + max(rules.seconds, asked), now)
        while len(known.at) > MOST_SERVICES:
            known.at.popitem(last=False)
        while len(self._threads) > MOST_THREADS:
            self._threads.popitem(last=False)

    def restarted(self, thread: bytes, prompt: int) -> bool:
        """Whether a prompt of this size begins anew; then nothing that is cached of the thread is of use."""
        known = self._threads.get(thread)
        if known is None or not begins_anew(prompt, known.prompt):
            return False
        del self._threads[thread]
        return True

    def release(self, fits: Callable[[Service], bool]) -> None:
        """Forget all of these services: they are other ones now."""
        for thread, known in tuple(self._threads.items()):
            for service in tuple(known.at):
                if fits(service):
                    del known.at[service]
            if not known.at:
                del self._threads[thread]
        for service in tuple(self._slots):
            if fits(service):
                del self._slots[service]
        self._trust.release(fits)

    # -- inside ------------------------------------------------------------------------------------

    def _take_slot(self, thread: bytes | None, service: Service, slots: int) -> None:
        """What a thread takes, the one that rested longest has lost."""
        users = self._slots.setdefault(service, [])
        self._slots.move_to_end(service)
        if thread in users:
            users.remove(thread)
        users.append(thread)
        while len(users) > slots:
            loser = users.pop(0)
            known = None if loser is None else self._threads.get(loser)
            if known is not None:
                known.at.pop(service, None)
        while len(self._slots) > _MOST_SLOTS:
            self._slots.popitem(last=False)


def _prefix(answer: Answer, rules: CacheRules) -> int:
    """How much of the prompt is cached after this answer; zero where it is too short to be."""
    if not rules.is_automatic:
        kept = (answer.read or 0) + (answer.written or 0)
    elif rules.slots:
        kept = answer.prompt + answer.output  # a slot also holds what was computed of the answer
    else:
        kept = answer.prompt
    return kept if kept >= rules.least else 0
