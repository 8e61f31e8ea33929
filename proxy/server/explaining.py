"""Decides about a request as serving would, without anything that follows from it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from proxy.config import Config
from proxy.exchange import Exchange, Surface
from proxy.providers.entrance import Task
from proxy.providers.provider import Provider
from proxy.providers.speakers import speakers
from proxy.routing.customs import Customs
from proxy.routing.rules import read_ahead
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Said
from proxy.routing.selection.route import Route
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Service
from proxy.routing.signals import Looked, Messages, Signals, signals
from proxy.server.choosing.choosing import Choosing
from proxy.server.incoming import forced_tier, probed
from proxy.server.question import Question, envelope_in, question_in
from proxy.server.recent import Recent
from proxy.server.referring import answer_referred_to, not_found
from proxy.upstream.asked import Asked, aside
from proxy.upstream.refusing import nobody
from proxy.upstream.upstream import Upstream
from proxy.wire.failure import Failure, FailureKind

_KEYS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Explained:
    """What was decided, and to whom a refusal without words of its own belongs."""

    decision: Decision
    refusal: str


class Explaining:
    """Asks the same questions as serving, and leaves no trace of it."""

    def __init__(self, choosing: Choosing, recent: Recent, upstream: Upstream) -> None:
        self._choosing = choosing
        self._recent = recent
        self._upstream = upstream

    @property
    def config(self) -> Config:
        return self._choosing.selector.config

    async def question(self, data: bytes) -> Question:
        """A Failure for what is no request."""
        envelope = await aside(lambda: envelope_in(data), len(data))
        if envelope.id is None:
            return await aside(lambda: question_in(envelope), len(data))
        past = self._recent.find(envelope.id)
        if past is None:
            sentence = (
                f"There is no recent request {envelope.id[:100]}: the newest ones are kept, until a stop."
            )
            raise Failure(FailureKind.NOT_FOUND, sentence)
        return await aside(past.question, len(past.body or b""))

    async def explained(self, question: Question) -> Explained:
        selector = self._choosing.selector
        exchange = question.exchange()
        said = Said(
            service=probed(question.headers, selector),
            issuer=self._issuer(question, exchange),
            tier=forced_tier(question.headers),
            speakers=tuple(speakers(selector.config, question.format, _task(question))),
        )
        route = selector.route(question.client, question.surface, question.model, question.profile)
        looked = question.looked(route.affinity.anonymous)
        customs = self._choosing.world.messages.customs
        read = await aside(lambda: _read(looked, route, customs), len(question.body.data))
        await self._look_for_keys(selector, read)
        idly = Random()  # noqa: S311 -- an idle question must not change whose turn it is next
        decision = self._choosing.decide(selector, read, exchange, said, idly)
        is_odd = looked.format is not question.format
        asked = Asked(
            exchange, question.body, (), task=_task(question), written_in=looked.format if is_odd else None
        )
        if counted := await self._choosing.counted(selector, asked, read, decision):
            decision = self._choosing.decide(selector, read, exchange, said, idly, counted)
        return Explained(decision, refusal_of(decision, question, selector.config))

    def _issuer(self, question: Question, exchange: Exchange) -> Service | None:
        referred_to = answer_referred_to(Asked(exchange, question.body, ()))
        if referred_to is None:
            return None
        issuer = self._upstream.issuer_of(referred_to)
        if issuer is None:
            raise not_found(referred_to)
        return issuer.service

    async def _look_for_keys(self, selector: Selector, read: Signals) -> None:
        """A keyring may be slow; what is not known in time is taken for well."""
        config = selector.config
        names = {each.service.provider for each in selector.route_of(read).able}
        keys = self._choosing.world.keys
        with suppress(TimeoutError):
            async with asyncio.timeout(_KEYS_SECONDS):
                await asyncio.gather(*(keys.look(Provider(name, config.providers[name])) for name in names))


def refusal_of(decision: Decision, question: Question, config: Config) -> str:
    """Why nobody can be asked, in the words that its client would read; empty where somebody can."""
    refusal = decision.refusal or (None if decision.candidates else Refusal(""))
    if refusal is None:
        return ""
    return refusal.sentence or nobody(question.surface, question.model, config).sentence


def _read(looked: Looked, route: Route, customs: Customs) -> Signals:
    """Without a memo, which would keep what was only asked about; but with what is known of its client."""
    found = signals(looked, Messages(customs=customs))
    read_ahead(route.rules, found)
    return found


def _task(question: Question) -> Task:
    return Task.EMBED if question.surface is Surface.EMBEDDINGS else Task.ANSWER
