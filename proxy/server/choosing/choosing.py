"""Decides for every request who is asked. `Choosing.follow` is told what becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import Random

from proxy.config import Config
from proxy.exchange import Exchange, Origin
from proxy.providers.entrance import Task
from proxy.routing.names import is_auto, plain
from proxy.routing.rules import read_ahead
from proxy.routing.score.judging import TextJudge
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import NOTHING_SAID, Request, Said
from proxy.routing.selection.selector import Selector
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Looked, Signals, signals
from proxy.server.choosing.following import Following
from proxy.server.choosing.world import NOTHING_COUNTED, World
from proxy.upstream.asked import Asked, aside

Count = Callable[[Asked, Candidate, Config], Awaitable[int | None]]


class Choosing:
    """One gateway's. Its selector is replaced when the configuration is."""

    def __init__(
        self,
        config: Config,
        world: World,
        random: Random | None = None,
        judge: TextJudge | None = None,
        count: Count | None = None,
    ) -> None:
        """`count` asks a server near how many tokens a request has."""
        self._count = count
        self.world = world
        self.selector = Selector(config, judge)
        self._random = random or Random()  # noqa: S311 -- it spreads requests, and guards nothing
        self.follow = Following(world, lambda: self.selector)
        world.prices.reconfigured(config)

    def apply(self, config: Config) -> None:
        """Sessions stay where they are, but with services that are configured otherwise now."""
        before, self.selector = self.selector, Selector(config, self.selector.judge)
        selector = self.selector
        self.world.prices.reconfigured(config)
        changed = selector.changed_since(before)
        if changed:
            self.world.call_ids.release(lambda issuer: issuer.service.provider in changed)
            self.world.beliefs.release(lambda service: service.provider in changed)
        self.world.affinity.release(lambda pin: selector.service_version(pin.service) != pin.service_version)

    async def signals(self, selector: Selector, asked: Asked, looked: Looked) -> Signals:
        """With the texts that its rules look at; beside the loop where the body is large."""

        def read() -> Signals:
            found = signals(looked, self.world.messages)
            read_ahead(selector.route_of(found).rules, found)
            return found

        return await aside(read, len(asked.body.data))

    async def select(
        self, selector: Selector, asked: Asked, looked: Looked, said: Said = NOTHING_SAID
    ) -> Decision:
        """Who is to be asked; the exchange knows from here on, and knows its session."""
        exchange = asked.exchange
        read = await self.signals(selector, asked, looked)
        near = self.world.neighbours
        if near is not None:
            await near.first_look(selector.config)
        decision = self.decide(selector, read, exchange, said)
        if await self.world.keys_looked_for(selector, selector.route_of(read), decision):
            decision = self.decide(selector, read, exchange, said)
        while near is not None and await near.looked_at_again(
            decision.service, decision.tokens, selector.config
        ):
            decision = self.decide(selector, read, exchange, said)
        if counted := await self.counted(selector, asked, read, decision):
            decision = self.decide(selector, read, exchange, said, counted=counted)
        if near is not None:
            near.wanted(each.service.provider for each in decision.candidates)
        exchange.decision, exchange.session = decision, decision.session.id
        exchange.source = decision.source
        if decision.service is not None and exchange.origin in (Origin.CLIENT, Origin.DEMO):
            self.world.messages.customs.note(read.call)
        return decision

    async def counted(
        self, selector: Selector, asked: Asked, read: Signals, decision: Decision
    ) -> Mapping[Service, int]:
        """Where an estimate is too close to a window to trust it, its server is asked, if it counts."""
        if self._count is None or asked.task is not Task.ANSWER:
            return NOTHING_COUNTED
        route = selector.route_of(read)
        doubtful = self.world.near_their_limits(selector, route, read, decision)
        counts = await asyncio.gather(*(self._count(asked, each, selector.config) for each in doubtful))
        found = zip(doubtful, counts, strict=True)
        return {each.service: count for each, count in found if count is not None}

    def decide(
        self,
        selector: Selector,
        signals: Signals,
        exchange: Exchange | None = None,
        said: Said = NOTHING_SAID,
        random: Random | None = None,
        counted: Mapping[Service, int] = NOTHING_COUNTED,
    ) -> Decision:
        """Who is to be asked, without any effect."""
        route = selector.route_of(signals)
        thread = selector.listening_thread(signals, route)
        asked = (said.service, said.issuer, selector.direct.named(signals.model))
        named = [each for each in asked if each is not None]
        if not is_auto(signals.model):
            named += self.world.near(Service(name, plain(signals.model)) for name in said.speakers)
        caller = self.follow.issuer(signals)
        snapshot = self.world.snapshot(selector, route, thread, exchange, caller, named, counted)
        return selector.select(Request(signals=signals, said=said), snapshot, random or self._random)
