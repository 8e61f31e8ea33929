"""Serving a request: from its plan to the last byte of its answer, and its record."""

import asyncio
import math
import time
from collections.abc import Callable

from aiohttp import web
from multidict import CIMultiDict

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange, Kept, OpenExchanges, Origin, Outcome, Surface
from proxy.providers.entrance import Task
from proxy.providers.speakers import speakers
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Said
from proxy.routing.selection.selector import Selector
from proxy.routing.service import Plan, Service
from proxy.server.choosing.choosing import Choosing
from proxy.server.choosing.plans import plan_of
from proxy.server.headers import about, passed_on
from proxy.server.incoming import Named, forced_tier, incoming, looked_at, probed
from proxy.server.loops import LoopGuard
from proxy.server.model_pages import AskedNames
from proxy.server.recent import Recent
from proxy.server.referring import answer_referred_to, not_found
from proxy.server.relay import ClientGoneError, Relay
from proxy.server.tokens import Tokens
from proxy.upstream.asked import Asked
from proxy.upstream.judging import ErrorAnswer
from proxy.upstream.recorder import Recorder
from proxy.upstream.refusing import RefusedError
from proxy.upstream.upstream import Upstream
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.formats import ERRORS

_log = log.area("server")

PING_SECONDS = 5.0
"""Clients and what stands between take a connection for dead after some tens of seconds of silence."""


class Serving:
    """Answers the requests of clients, on all surfaces."""

    def __init__(
        self,
        choosing: Choosing,
        upstream: Upstream,
        exchanges: OpenExchanges,
        tokens: Tokens,
        recorder: Recorder,
        loops: LoopGuard,
        names: AskedNames,
        recent: Recent,
        on_begun: Callable[[Exchange, Service], None] = lambda _exchange, _service: None,
    ) -> None:
        """`on_begun` is told who is going to be asked first."""
        self._choosing = choosing
        self._upstream = upstream
        self._exchanges = exchanges
        self._tokens = tokens
        self._recorder = recorder
        self._loops = loops
        self._names = names
        self._recent = recent
        self._on_begun = on_begun

    async def serve(
        self,
        request: web.Request,
        surface: Surface,
        task: Task = Task.ANSWER,
        named: Named | None = None,
    ) -> web.StreamResponse:
        self._loops.check(request.headers)
        with self._exchanges.counted():
            selector = self._choosing.selector
            config = selector.config
            asked = await incoming(request, surface, config, self._tokens, task, named)
            exchange = asked.exchange
            if config.ledger.keep_bodies_days:
                exchange.kept = Kept(asked.body.data)
            try:
                return await self._relayed(request, asked, selector)
            except RefusedError as refusal:
                return _refused(exchange, refusal)
            except Failure as failure:
                _note_failure(exchange, failure)
                raise
            except (ClientGoneError, ConnectionError):
                raise
            except Exception:
                _note_failure(exchange, _our_mistake())
                raise
            finally:
                exchange.closed = time.monotonic()
                exchange.outcome = exchange.outcome or Outcome.CANCELLED
                if exchange.decision is not None:
                    self._choosing.follow.over(exchange, exchange.decision)
                if exchange.outcome is Outcome.ANSWERED:
                    self._names.note(exchange.requested_model)
                self._recorder.record(exchange)
                self._recent.note(asked, request.remote or "")

    async def _relayed(self, request: web.Request, asked: Asked, selector: Selector) -> web.StreamResponse:
        exchange, config = asked.exchange, selector.config
        decision = await self._decision(request, asked, selector)
        exchange.decided = time.monotonic()
        plan = plan_of(decision)
        self._choosing.follow.sent(exchange, decision)
        if plan.candidates:
            self._on_begun(exchange, plan.candidates[0].service)
        relay = Relay(request, exchange)
        if not exchange.streamed:
            return await self._answered(asked, plan, config, relay)
        async with relay.kept_alive(PING_SECONDS):
            return await self._answered(asked, plan, config, relay)

    async def _decision(self, request: web.Request, asked: Asked, selector: Selector) -> Decision:
        """Who is asked, in which order, and why."""
        said = Said(
            service=probed(request.headers, selector),
            issuer=self._issuer(asked),
            tier=forced_tier(request.headers),
            speakers=tuple(speakers(selector.config, asked.format, asked.task)),
        )
        if said.service is not None:
            asked.exchange.origin = Origin.PROBE
        looked = looked_at(request, asked, selector)
        decision = await self._choosing.select(selector, asked, looked, said)
        is_refused = decision.refusal is not None and decision.refusal.kind is FailureKind.NO_SERVICE
        if said.issuer is not None and said.service is None and is_refused:
            raise not_found(answer_referred_to(asked) or "")
        return decision

    def _issuer(self, asked: Asked) -> Service | None:
        """Who gave the answer that the request goes on from."""
        referred_to = answer_referred_to(asked)
        if referred_to is None:
            return None
        issuer = self._upstream.issuer_of(referred_to)
        if issuer is None:
            raise not_found(referred_to)
        asked.exchange.key = issuer.key
        return issuer.service

    async def _answered(self, asked: Asked, plan: Plan, config: Config, relay: Relay) -> web.StreamResponse:
        exchange = asked.exchange
        answer = None
        try:
            async with self._upstream.answer(asked, plan, config) as answer:
                if exchange.decision is not None:
                    self._choosing.follow.begun(exchange, exchange.decision, answer)
                await relay.begin(answer)
                async for chunk in answer.chunks():
                    if exchange.kept is not None:
                        exchange.kept.add(chunk)
                    await relay.write(chunk)
            await relay.finish()
        except RefusedError as refusal:
            if not relay.has_begun:
                raise
            exchange.refused_by = refusal.attempt
            await self._broken_off(exchange, relay, refusal.failure)
        except Failure as failure:
            if not relay.has_begun:
                raise
            if answer is not None and answer.is_complete:
                exchange.outcome = Outcome.ANSWERED  # its connection merely did not end well
                await relay.complete(failure)
            else:
                await self._broken_off(exchange, relay, failure)
        except (ClientGoneError, ConnectionError, asyncio.CancelledError):
            if answer is not None and answer.is_complete:
                exchange.outcome = Outcome.ANSWERED  # it hung up when it had everything
            raise
        except Exception:
            if not relay.has_begun:
                raise
            _log.exception("serving broke off")
            await self._broken_off(exchange, relay, _our_mistake())
        else:
            exchange.failure = answer.heard.failure
            exchange.outcome = Outcome.FAILED if exchange.failure is not None else Outcome.ANSWERED
        return relay.response

    async def _broken_off(self, exchange: Exchange, relay: Relay, failure: Failure) -> None:
        exchange.outcome, exchange.failure = Outcome.FAILED, failure
        await relay.break_off(failure)


def _our_mistake() -> Failure:
    return Failure(FailureKind.INTERNAL, "Tierwise made a mistake; its log says more.")


def _note_failure(exchange: Exchange, failure: Failure) -> None:
    exchange.outcome, exchange.failure = Outcome.FAILED, failure
    exchange.status = ERRORS[exchange.format].status(failure)


def _refused(exchange: Exchange, refusal: RefusedError) -> web.Response:
    _note_failure(exchange, refusal.failure)
    exchange.refused_by = refusal.attempt
    if refusal.answer is None:
        raise refusal.failure
    return _as_it_came(exchange, refusal.answer, refusal.failure.retry_after)


def _as_it_came(exchange: Exchange, answer: ErrorAnswer, wait: float | None) -> web.Response:
    """A provider's error in the client's own format needs no words of ours, but whole seconds to wait."""
    headers: CIMultiDict[str] = passed_on(answer.headers)
    if wait is not None and not headers.get("retry-after", "").isdigit():
        headers["retry-after"] = str(math.ceil(wait))
    headers.update(about(exchange))
    exchange.status = answer.status
    return web.Response(status=answer.status, headers=headers, body=answer.body)
