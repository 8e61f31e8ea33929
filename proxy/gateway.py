"""Wires the parts of the gateway together, and opens and closes its door."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from aiohttp import http_exceptions, web

from proxy import log
from proxy.config import Config
from proxy.exchange import OpenExchanges, Origin, new_id
from proxy.ledger.ledger import Ledger
from proxy.local.surroundings import Surroundings
from proxy.local.watch import Watch
from proxy.providers import facts
from proxy.secret import SecretSource
from proxy.server import (
    admin,
    explain_page,
    openapi,
    override_page,
    proposal_page,
    quota_page,
    sessions_page,
    surfaces,
    switch_page,
    trial_page,
)
from proxy.server.answers import Answers
from proxy.server.application import build
from proxy.server.bookkeeping import Bookkeeping
from proxy.server.choosing.choosing import Choosing
from proxy.server.choosing.judge import shipped_judge
from proxy.server.choosing.keeping import Keeping
from proxy.server.choosing.world import World
from proxy.server.counting import Counting
from proxy.server.dashboard.state import State
from proxy.server.endpoint import Endpoint
from proxy.server.explaining import Explaining
from proxy.server.listening import BACKLOG, listen
from proxy.server.local_told import nobody_looks
from proxy.server.logged import LogRecorder
from proxy.server.loops import LoopGuard
from proxy.server.model_pages import AskedNames, ModelPages
from proxy.server.near import Near
from proxy.server.offered import Offered
from proxy.server.quotas import Quotas
from proxy.server.recent import Recent
from proxy.server.serving import Serving
from proxy.server.tokens import Tokens
from proxy.server.trial import Trial
from proxy.upstream.outward import Outward
from proxy.upstream.recorder import Recorder
from proxy.version import __version__

_log = log.area("gateway")

_HEADER_LIMIT = 64 * 1024
_ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_TELL_STREAMS_SECONDS = 1.0
# aiohttp waits up to twice this long for handlers that are still running.
_CLEANUP_SECONDS = 0.2


class Gateway:
    """The running gateway: `start` opens the door, `stop` closes it and tells the open streams why."""

    def __init__(
        self,
        config: Config,
        secrets: SecretSource,
        tokens: Tokens,
        program: admin.Program,
        recorder: Recorder | None = None,
        ledger: Ledger | None = None,
        origin: Origin = Origin.CLIENT,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
        surroundings: Surroundings | None = None,
    ) -> None:
        """`clock` never goes back; the health of services is measured by it.

        Without surroundings no model servers are looked for, and nothing is known of configured ones.
        """
        self.host = config.server.host
        self.port = 0
        self._tokens = tokens
        self._program = program
        self._started = time.monotonic()
        self._exchanges = OpenExchanges()
        self._secrets = secrets
        self._near = None if surroundings is None else Near(config, surroundings, lambda: self.port)
        self._outward = self._outward_of(config, clock)
        self._books = Bookkeeping(ledger, self._outward, recorder or LogRecorder(), origin)
        world = self._world(now, clock)
        self._choosing = Choosing(config, world, judge=shipped_judge(), count=self._outward.counter.tokens)
        self._keeping = Keeping(self._choosing.world, ledger)
        if self._near is not None:
            self._near.join(self._outward, world)
        self._recent = Recent()
        self.answers = self._answers(None if ledger is None else self._state(ledger))
        self._closing = AsyncExitStack()

    @property
    def config(self) -> Config:
        """What the next request is served by."""
        return self._outward.config

    @property
    def url(self) -> str:
        """How programs on this machine reach it, whatever else it listens on."""
        host = _ON_THIS_MACHINE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def watch(self) -> Watch | None:
        """What keeps up with the model servers of this machine; None where nobody looks for any."""
        return None if self._near is None else self._near.watch

    @property
    def speeds_near(self) -> Mapping[str, float]:
        """Tokens a second of services on this machine, where anybody has measured them."""
        return {} if self._near is None else self._near.speeds()

    def apply(self, config: Config) -> None:
        """Use this configuration from the next request on. Address and port stay until a restart."""
        self._outward.apply(config)
        self._books.apply(config)
        self._choosing.apply(config)
        if self._near is not None:
            self._near.apply(config)
        self._keeping.look_for_keys(config)

    async def look_back(self) -> None:
        """Know what was spent, and what was known of quotas, where nothing is started."""
        await self._books.recall()

    async def start(self, port: int) -> None:
        """Listen on this port, or on a free one for 0; the door opens when everything behind it stands."""
        listener = listen(self.host, port)
        self.port = listener.getsockname()[1]
        async with AsyncExitStack() as undo:
            undo.callback(listener.close)
            undo.push_async_callback(self._outward.close)
            await self._books.start()
            undo.push_async_callback(self._books.stop)
            self._keeping.start(self.config)
            undo.push_async_callback(self._keeping.stop)
            await asyncio.to_thread(_load)
            runner = self._runner(self._endpoints())
            undo.push_async_callback(runner.cleanup)
            await runner.setup()
            undo.push_async_callback(self._end_exchanges)
            await self._keeping.restored()
            if self._near is not None:
                self._near.start()
                undo.push_async_callback(self._near.stop)
            site = web.SockSite(runner, listener, backlog=BACKLOG)
            await site.start()
            undo.push_async_callback(site.stop)
            self._closing = undo.pop_all()
        _log.info("listening on %s", self.url)

    async def stop(self) -> None:
        """Stop accepting, let every open stream end with its format's error event, then close."""
        await self._closing.aclose()

    def _runner(self, endpoints: list[Endpoint]) -> web.AppRunner:
        application = build(endpoints, self._tokens, lambda: self.config, new_id)
        return web.AppRunner(
            application,
            access_log=None,
            logger=_http_log(),
            handle_signals=False,
            handler_cancellation=True,
            auto_decompress=False,
            max_field_size=_HEADER_LIMIT,
            max_line_size=_HEADER_LIMIT,
            shutdown_timeout=_CLEANUP_SECONDS,
        )

    def _endpoints(self) -> list[Endpoint]:
        table: list[Endpoint] = []

        def describe() -> dict[str, Any]:
            return openapi.describe(table, __version__)

        def config() -> Config:
            return self.config

        out, asked, loops = self._outward, AskedNames(), LoopGuard(self._outward.mark)
        serving = Serving(
            self._choosing,
            out.upstream,
            self._exchanges,
            self._tokens,
            self._books,
            loops,
            asked,
            self._recent,
            self._books.begun,
        )
        counting = Counting(self._choosing, out.counter, self._tokens, loops)
        pages = ModelPages(config, out.catalogue, asked)
        table += surfaces.endpoints(serving, counting, pages)
        table += trial_page.endpoints(self.answers)
        table += quota_page.endpoints(self.answers.quotas)
        table += explain_page.endpoints(self.answers)
        table += sessions_page.endpoints(self.answers)
        table += override_page.endpoints(self._choosing.world)
        table += proposal_page.endpoints(self._program)
        table += switch_page.endpoints(config, self._program)
        if self._near is not None:
            table += self._near.endpoints(self._program)
        table += admin.endpoints(self._program, self._health, describe)
        table += self._books.endpoints(self.answers, self._program)
        return table

    def _outward_of(self, config: Config, clock: Callable[[], float]) -> Outward:
        if self._near is None:
            return Outward(config, self._secrets, self._is_us, clock)
        near = self._near
        return Outward(config, self._secrets, self._is_us, clock, near.neighbours, near.doubt)

    def _world(self, now: Callable[[], float], clock: Callable[[], float]) -> World:
        out = self._outward
        return World(
            board=out.board,
            keys=out.keys,
            catalogue=out.catalogue,
            in_flight=out.in_flight,
            neighbours=None if self._near is None else self._near.neighbours,
            budget=self._books.budget,
            now=now,
            steady=clock,
        )

    def _answers(self, state: State | None) -> Answers:
        def config() -> Config:
            return self.config

        out, near = self._outward, self._near
        return Answers(
            state=state,
            config=config,
            world=self._choosing.world,
            explaining=Explaining(self._choosing, self._recent, out.upstream),
            newest=self._recent,
            quotas=Quotas(config, out.balances, out.allowances, self._books.budgets),
            offered=Offered(config, out.catalogue),
            trial=Trial(config, out.upstream, out.catalogue, self._books),
            servers=near.told if near is not None else lambda: nobody_looks(self.config),
        )

    def _state(self, ledger: Ledger) -> State:
        return State(
            config=lambda: self.config,
            secrets=self._secrets,
            ledger=ledger,
            board=self._outward.board,
            counters=self._books.counters,
            origin=self._books.origin,
            port=lambda: self.port,
            uptime=lambda: time.monotonic() - self._started,
            open_requests=lambda: len(self._exchanges),
            budgets=self._books.budgets,
            repricing=self._books.repricing,
            override=lambda: override_page.told(self._choosing.world),
            leaves=self._choosing.world.prices.leaves,
            judges_texts=self._choosing.selector.judge is not None,
            now=self._choosing.world.now,
            ends=self._program.ends,
        )

    def _is_us(self, url: str) -> bool:
        """Whether an address of a provider is our own."""
        parts = urlsplit(url)
        own = {self.host, "127.0.0.1", "::1", "localhost"}
        return parts.port == self.port and (parts.hostname or "") in own

    def _health(self) -> admin.Health:
        uptime = round(time.monotonic() - self._started, 1)
        return admin.Health("ok", __version__, uptime, len(self._exchanges))

    async def _end_exchanges(self) -> None:
        self._outward.upstream.stop()
        self._books.end_streams()
        if self._near is not None:
            self._near.end_streams()
        try:
            async with asyncio.timeout(_TELL_STREAMS_SECONDS):
                await self._exchanges.all_ended()
        except TimeoutError:
            _log.warning("%d requests did not end in time and are cut", len(self._exchanges))


def _load() -> None:
    """The formats, what reads answers, and what models take: a tenth of a second, for which no request should
    wait."""
    for name in ("proxy.wire.sides", "proxy.upstream.back.whole", "proxy.upstream.back.translated"):
        import_module(name)
    facts.load()


def _http_log() -> logging.Logger:
    """The logger of the HTTP server: one line for a malformed request, which it would quote whole."""
    logger = log.area("http")
    if not logger.filters:
        logger.addFilter(_without_the_request)
    return logger


def _without_the_request(record: logging.LogRecord) -> bool:
    """A malformed request may hold a key; and anybody on this machine can send one."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, http_exceptions.HttpProcessingError):
        record.exc_info = None
        record.msg, record.args = "a malformed request was refused: %s", (type(error).__name__,)
        record.levelno, record.levelname = logging.INFO, "INFO"
    return True
