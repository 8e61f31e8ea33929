"""A desk over a home in which nothing runs: its settings and its record, for screenshots and tests.

No door is opened, nobody is served, and nothing is asked from any network. Everything else is real: settings
can be switched, rows that are put into `ledger` are written, and both are told to those who listen.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType

from app.application import Application, Options
from app.desk.desk import Desk
from app.home import Home
from app.instance import InstanceLock
from app.keyring.store import Keyring
from app.secrets import Secrets
from proxy.exchange import Origin
from proxy.gateway import Gateway
from proxy.ledger.ledger import Ledger

_LOOK_BACK_SECONDS = 2.0
_NOTHING: Mapping[str, str] = MappingProxyType({})


class RecordedApplication(Application):
    """An application as far as it can be asked without clients."""

    def __init__(
        self,
        home: Home,
        origin: Origin,
        environ: Mapping[str, str],
        keyring: Keyring | None,
        now: Callable[[], float],
    ) -> None:
        super().__init__(home, InstanceLock(home), Options(origin=origin), environ, now)
        self._secrets = Secrets(home, environ, keyring)
        self._now = now
        self._ledger: Ledger | None = None

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            raise RuntimeError("the home has not been opened")
        return self._ledger

    async def start(self) -> None:
        await self._in_force.start()
        settings = self.loaded.settings
        self._closing.callback(self._in_force.stop)
        self._closing.push_async_callback(self._secrets.close)
        self._ledger = Ledger(self.home.database, self.home.backups, settings, self._now)
        self._ledger.start()
        self._closing.push_async_callback(self._ledger.stop)
        self._gateway = Gateway(
            settings,
            self._secrets,
            self._tokens,
            self,
            ledger=self._ledger,
            origin=self._options.origin,
            now=self._now,
        )
        self._gateway.port = settings.server.port
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_BACK_SECONDS):
                await self._gateway.look_back()


@asynccontextmanager
async def opened(
    home: Home,
    *,
    origin: Origin = Origin.CLIENT,
    environ: Mapping[str, str] = _NOTHING,
    keyring: Keyring | None = None,
    now: Callable[[], float] = time.time,
) -> AsyncIterator[Desk]:
    """The home is prepared if it is not. `origin` is what counts in it, `now` the clock that days go by.

    Keys are looked for in `environ` and `keyring`; without one, in that of the system.
    """
    await asyncio.to_thread(home.prepare)
    application = RecordedApplication(home, origin, environ, keyring, now)
    try:
        await application.start()
        yield Desk(application, is_live=False)
    finally:
        await application.stop()
