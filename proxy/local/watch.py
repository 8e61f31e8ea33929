"""Keeping up with the servers here: often while somebody looks on, seldom otherwise, at once in doubt.

Every round looks at the servers that are known, and every full one looks around for others too. What turned
out to be no model server is left alone for a while, unless somebody else listens there now.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress

import aiohttp

from proxy import log
from proxy.config import Config
from proxy.local.asking import asking_session
from proxy.local.found import LocalServer, State
from proxy.local.glancing import glances
from proxy.local.pace import USUAL_PACE, Pace
from proxy.local.picture import Picture
from proxy.local.place import Place
from proxy.local.surroundings import Surroundings, all_places, configured, expected, in_either_protocol
from proxy.local.telling import Telling

_log = log.area("local")


class Watch:
    """One gateway's view of the servers around it."""

    def __init__(
        self,
        config: Config,
        surroundings: Surroundings,
        our_ports: Callable[[], set[int]] = set,
        is_busy: Callable[[Place], bool] = lambda _place: False,
        *,
        is_asked_for: bool = False,
        pace: Pace = USUAL_PACE,
    ) -> None:
        """`is_busy` says whether a server is at work for us.

        What a user asks for by hand is done whatever [local] says of looking by itself.
        """
        self._is_asked_for = is_asked_for
        self._config = config
        self._places = all_places(config)
        self._surroundings = surroundings
        self._our_ports = our_ports
        self._is_busy = is_busy
        self._pace = pace
        self._picture = Picture(pace, our_ports, time.monotonic)
        self._known = self._picture.known
        self._telling = Telling()
        self._watchers = 0
        self._doubted: set[Place] = set()
        self._woken = asyncio.Event()
        self._looking = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None
        self._asked: asyncio.Task[None] | None = None
        """The look that was asked for last."""
        self._rounds = 0
        self._due = 0.0
        """When the next round is, by the loop's clock. Doubts are looked into in between, and move it not."""
        self._is_stopped = False
        self.has_looked = False

    @property
    def servers(self) -> tuple[LocalServer, ...]:
        return self._known.servers

    @property
    def revision(self) -> int:
        """Another one when what is known has changed."""
        return self._telling.revision

    @property
    def is_on(self) -> bool:
        return not self._is_stopped and (self._config.local.enabled or self._is_asked_for)

    def server_of(self, provider: str) -> LocalServer | None:
        """The server that a provider is configured with, as far as it is known."""
        known = [self._known.at(place) for place in self._places.get(provider, ())]
        running = [each for each in known if each is not None and each.state is not State.GONE]
        return next(iter([*running, *known]), None)

    def start(self) -> None:
        self._expect()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """For good. Whoever looks around just now gets what was found so far."""
        self._is_stopped = True
        tasks = [each for each in (self._task, self._asked) if each is not None]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with self._looking:
            self._surroundings.stop()
            if self._session is not None:
                await self._session.close()

    def apply(self, config: Config) -> None:
        self._config = config
        self._places = all_places(config)
        self._picture.give_another_chance()
        self._expect()
        self._begin_anew()

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back, on the loop, whenever something has changed; the answer ends that."""
        return self._telling.listen(changed)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While somebody looks on, changes are seen within seconds."""
        self._watchers += 1
        self._begin_anew()
        try:
            yield
        finally:
            self._watchers -= 1

    def doubt(self, provider: str) -> None:
        """A connection to its server has failed, or it is wanted though it was gone: it is looked at now."""
        places = self._places.get(provider, ())
        if places and self.is_on:
            self._doubted.update(places)
            self._woken.set()

    async def look_at(self, provider: str) -> None:
        """Look at its server now; whoever asks waits for what comes of it."""
        places = self._places.get(provider, ())
        if places and self.is_on:
            self._picture.give_another_chance(places)
            await self._look_again(places)

    async def look(self) -> tuple[LocalServer, ...]:
        """Look around now, also where nothing was before; with whoever else has asked for that meanwhile."""
        if not self.is_on:
            return self.servers
        if self._asked is None or self._asked.done():
            self._picture.give_another_chance()
            self._asked = asyncio.create_task(self._look_around())
        looking = self._asked
        await asyncio.wait([looking])  # who no longer waits ends it for nobody else
        if not looking.cancelled():
            looking.result()
        return self.servers

    def _begin_anew(self) -> None:
        """With a full round, now."""
        self._rounds, self._due = 0, 0.0
        self._woken.set()

    # -- the rounds ------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                if self.is_on:
                    await self._round()
            except Exception:  # noqa: BLE001 -- a bug in one round must not end all later ones
                _log.exception("looking for model servers failed")
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._due or self._now() + self._pause()):
                    await self._woken.wait()

    async def _round(self) -> None:
        """A full one that is wanted while another one is under way comes after that."""
        doubted, self._doubted = self._doubted, set()
        self._picture.give_another_chance(doubted)
        if self._now() < self._due:
            await self._look_again(doubted)
            return
        self._due = math.inf  # whoever wants one sooner says so while it runs
        try:
            await self._regular_round()
        finally:
            if self._due == math.inf:
                self._due = self._now() + self._pause()

    async def _regular_round(self) -> None:
        is_full = bool(self._watchers) or self._rounds % self._pace.sweep_every == 0
        self._rounds += 1
        if is_full:
            await self._look_around()
        else:
            await self._look_again({*self._known.running(), *configured(self._config)})

    async def _look_around(self) -> None:
        async with self._looking:
            if not self.is_on:
                return
            scene, where = await self._surroundings.where(self._config, self._our_ports())
            if self._picture.see(scene, where):
                self._telling.changed()
            await self._look_at({*self._known.running(), *where.sure, *where.perhaps})
            if not self.has_looked and self.is_on:
                self.has_looked = True
                self._telling.changed()

    async def _look_again(self, places: Iterable[Place]) -> None:
        async with self._looking:
            await self._look_at(places)

    async def _look_at(self, places: Iterable[Place]) -> None:
        """Those that were looked at in vain for the first time are looked at again at once."""
        asked = self._picture.to_ask(places)
        await self._note_all(asked)
        if self._picture.doubtful(asked):
            await asyncio.sleep(self._pace.doubt)
            await self._note_all(dict.fromkeys(self._picture.doubtful(asked)))

    async def _note_all(self, places: Mapping[Place, LocalServer | None]) -> None:
        if self._session is None:
            self._session = asking_session()
        async with aclosing(glances(self._session, places.items())) as looks:
            async for seen in looks:
                if not self.is_on:
                    return
                if self._picture.note(seen, is_busy=self._is_busy(seen.place)):
                    self._telling.changed()

    def _expect(self) -> None:
        either = in_either_protocol(self._config)
        changed = self._known.expect(expected(self._config) if self.is_on else {}, either)
        if not self.is_on:
            changed = self._known.forget_all() or changed
        if changed:
            self._telling.changed()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _pause(self) -> float:
        is_loading = any(each.state is State.LOADING for each in self.servers)
        if self._watchers:
            return self._pace.loading if is_loading else self._pace.watched
        return self._pace.watched if is_loading else self._pace.unwatched
