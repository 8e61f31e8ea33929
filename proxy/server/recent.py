"""The newest requests of clients, kept in memory for whoever wants to look at one again, and gone on exit.

It is the only place that holds what was said once a request is over. Nothing of it is logged or stored.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from multidict import CIMultiDict

from proxy.config import TierName
from proxy.exchange import Exchange, Origin, Surface
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.sentence import Missed, sentence
from proxy.routing.service import Service
from proxy.routing.signals import Messages, signals
from proxy.server.question import Question
from proxy.upstream.asked import Asked
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.proof import may_prove
from proxy.wire.splice import Body

MOST = 200
MOST_BYTES = 8 * 1024 * 1024
_LONGEST_PREVIEW = 200
_LOOKED_AT = (Origin.CLIENT, Origin.DEMO)


@dataclass(frozen=True, kw_only=True)
class Past:
    """A request that is over, without anything that proves who sent it."""

    id: str
    when: float
    """Seconds since 1970."""
    surface: Surface
    client: str
    profile: str
    model: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    """Of those that prove something only the names, which rules may ask for."""
    address: str = field(repr=False)
    has_credential: bool
    """Whether it brought its own along, which is not kept."""
    body: bytes | None = field(repr=False)
    """None for one that is too large to be kept."""
    decision: Decision = field(repr=False)
    served: Service | None
    tier: TierName | None
    missed: tuple[Missed, ...]

    @property
    def sentence(self) -> str:
        return sentence(self.decision, self.served, self.missed)

    @cached_property
    def preview(self) -> str:
        """The first words of what was typed last; read when somebody looks, and slow for a large body."""
        if self.body is None:
            return ""
        read = signals(self.question().looked(), Messages())
        return read.latest_user_text[:_LONGEST_PREVIEW]

    def told(self) -> dict[str, Any]:
        """For those who pick one; as slow as the preview."""
        return {
            "id": self.id,
            "when": self.when,
            "client": self.client,
            "surface": self.surface.value,
            "model": self.model or None,
            "kind": self.decision.kind.value,
            "tier": self.tier,
            "service": None if self.served is None else str(self.served),
            "sentence": self.sentence,
            "preview": self.preview,
        }

    def question(self) -> Question:
        """The request as if it came again; a Failure for one whose body is not kept."""
        if self.body is None:
            raise Failure(FailureKind.NOT_FOUND, f"The body of {self.id} was too large to be kept.")
        return Question(
            surface=self.surface,
            body=Body(self.body),
            client=self.client,
            profile=self.profile,
            model=self.model,
            headers=CIMultiDict(self.headers),
            address=self.address,
            has_credential=self.has_credential,
        )


class Recent:
    """At most so many, and of their bodies at most so many bytes in all; the oldest go first."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._past: deque[Past] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._past)

    @property
    def bytes(self) -> int:
        """Of all bodies together."""
        return self._bytes

    def note(self, asked: Asked, address: str) -> None:
        """A request is over. What was asked to try a service out is nobody's work."""
        exchange, decision = asked.exchange, asked.exchange.decision
        if decision is None or exchange.origin not in _LOOKED_AT:
            return
        size = len(asked.body.data)
        self._past.append(_past(asked, exchange, decision, address, keeps_body=size <= self._most_bytes))
        self._bytes += size if size <= self._most_bytes else 0
        while len(self._past) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._past.popleft().body or b"")

    def find(self, id_: str) -> Past | None:
        return next((past for past in self._past if past.id == id_), None)

    def newest_first(self) -> Iterator[Past]:
        return reversed(self._past)


def _past(asked: Asked, exchange: Exchange, decision: Decision, address: str, *, keeps_body: bool) -> Past:
    serving = exchange.serving
    return Past(
        id=exchange.id,
        when=exchange.received,
        surface=exchange.surface,
        client=exchange.client,
        profile=exchange.profile,
        model=exchange.requested_model or "",
        headers=tuple([(name, "" if may_prove(name) else value) for name, value in asked.headers]),
        address=address,
        has_credential=exchange.credential is not None,
        body=asked.body.data if keeps_body else None,
        decision=decision,
        served=None if serving is None else serving.service,
        tier=decision.tier if serving is None else serving.tier,
        missed=tuple(
            (attempt.service, attempt.failure.kind)
            for attempt in exchange.attempts
            if attempt.failure is not None and attempt is not serving
        ),
    )
