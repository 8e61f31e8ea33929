"""The application without a face: starts everything in order, and stops it in the opposite one.

    watch       config.toml is looked at before it is read, so that no change falls between
    settings    what the user wants; the last good version where the file is broken
    tokens      who may talk to us
    ledger      the record, which opens its file beside all else
    gateway     the door; from here on clients are served
    announce    instance.json, so that other processes find us
    reload      changes of config.toml are applied as they come

Each step that succeeded leaves its own undoing behind, so a start that fails half-way and a stop are
the same walk back.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass
from typing import Any

from app.configuration.problem import ConfigError
from app.errors import UserError
from app.home import Home
from app.instance import Instance, InstanceLock
from app.local.first_look import advice, once_looked
from app.local.here import surroundings
from app.local.using import use_edits
from app.ports import port_taken
from app.prices import price_edits
from app.proposal.here import proposal_here
from app.secrets import Secrets
from app.settings import Loaded, SettingsFile
from app.tiers.lists import tree_of
from app.tokens.issued import Tokens
from proxy.config import TierName
from proxy.exchange import Origin
from proxy.gateway import Gateway
from proxy.ledger.ledger import Ledger
from proxy.local.found import LocalServer
from proxy.secret import Secret
from proxy.server.admin import Reloaded
from proxy.server.listening import BadAddressError, PortForbiddenError, PortTakenError
from proxy.version import __version__

_log = logging.getLogger("tierwise.app")


class AddressError(UserError):
    """The configured host is not an address of this machine."""

    kind = "address"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said for this run only."""

    port: int | None = None
    """None: the configured one; 0: any free one."""
    origin: Origin = Origin.CLIENT
    """What is recorded as the reason of clients' requests."""


class Application:
    """One running Tierwise, in one home."""

    def __init__(self, home: Home, lock: InstanceLock, options: Options, environ: Mapping[str, str]) -> None:
        self.home = home
        self.stop_requested = asyncio.Event()
        self._lock = lock
        self._options = options
        self._environ = environ
        self._file = SettingsFile(home)
        self._secrets = Secrets(home, environ)
        self._tokens = Tokens(home, self._secrets, environ)
        self._show: Callable[[], None] | None = None
        self._closing = AsyncExitStack()
        self._reloading = asyncio.Lock()
        self._told_problem = ""
        self._loaded: Loaded | None = None
        self._gateway: Gateway | None = None

    # -- what others ask ---------------------------------------------------------------------------

    @property
    def loaded(self) -> Loaded:
        if self._loaded is None:
            raise RuntimeError("the application has not started")
        return self._loaded

    @property
    def gateway(self) -> Gateway:
        if self._gateway is None:
            raise RuntimeError("the application has not started")
        return self._gateway

    @property
    def has_providers(self) -> bool:
        return any(provider.enabled for provider in self.loaded.settings.providers.values())

    def local_servers(self) -> Sequence[LocalServer] | None:
        """The model servers of this machine; None as long as nobody has looked for any."""
        watch = self.gateway.watch
        return watch.servers if watch is not None and watch.has_looked else None

    def on_local_servers(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back, on the loop, whenever that has changed; the answer ends it."""
        watch = self.gateway.watch
        return watch.listen(changed) if watch is not None else lambda: None

    def watching_local_servers(self) -> AbstractContextManager[None]:
        """As long as somebody looks on, changes are seen within seconds."""
        watch = self.gateway.watch
        return watch.watched() if watch is not None else nullcontext()

    async def proposal(self) -> Mapping[str, Any]:
        """What could be added to the configuration, by what is on this machine now."""
        watch = self.gateway.watch
        servers = await watch.look() if watch is not None else ()
        made = await asyncio.to_thread(
            proposal_here,
            self.home,
            self.loaded.settings,
            servers,
            self._environ,
            self.gateway.speeds_near,
        )
        return made.as_json()

    def client_token(self) -> Secret:
        """The token for programs that have none of their own yet."""
        return self._tokens.default_client

    def admin_token(self) -> Secret:
        return self._tokens.admin

    # -- what others tell us -----------------------------------------------------------------------

    def has_window(self, show: Callable[[], None]) -> None:
        """Say how the window is brought to the front; before the start, so that it can be announced."""
        self._show = show

    def show(self) -> bool:
        if self._show is None:
            return False
        self._show()
        return True

    def request_stop(self) -> None:
        self.stop_requested.set()

    async def reload(self) -> Reloaded:
        """Read config.toml again. A broken file changes nothing; open requests finish as they began."""
        async with self._reloading:
            return await self._reload()

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded:
        """Write what a service costs into config.toml and apply it; without prices the catalogue's hold."""
        async with self._reloading:
            try:
                await asyncio.to_thread(self._file.edit, *price_edits(service, prices))
            except UserError as error:
                return self._unchanged(error)
            return await self._reload()

    async def use_local(self, server: LocalServer, name: str, model: str, tier: TierName) -> Reloaded:
        """Write into config.toml that a model that was found serves a tier before all others."""
        async with self._reloading:
            try:
                await asyncio.to_thread(self._use, server, name, model, tier)
            except UserError as error:
                return self._unchanged(error)
            return await self._reload()

    def _use(self, server: LocalServer, name: str, model: str, tier: TierName) -> None:
        edits = use_edits(server, name, model, tier, self._file.load().settings, tree_of(self._file))
        self._file.edit(*edits)

    def _unchanged(self, error: UserError) -> Reloaded:
        return Reloaded(applied=False, config_version=self.loaded.version, problems=[str(error)], notices=[])

    async def _reload(self) -> Reloaded:
        try:
            loaded = await asyncio.to_thread(self._file.load)
        except ConfigError as error:
            if str(error) != self._told_problem:  # a file that stays unreadable is looked at again and again
                _log.warning("config.toml is not applied, the running configuration stays:\n%s", error)
            self._told_problem = str(error)
            return Reloaded(
                applied=False,
                config_version=self.loaded.version,
                problems=[str(problem) for problem in error.problems],
                notices=[],
            )
        self._told_problem = ""
        self._warn_about_restart(loaded)
        self._apply(loaded)
        self._secrets.forget()
        _log.info("configuration %s is in force", loaded.version)
        return Reloaded(
            applied=True,
            config_version=loaded.version,
            problems=[],
            notices=[str(notice) for notice in loaded.notices],
        )

    # -- the life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        async with AsyncExitStack() as undo:
            changed = await self._watch(undo)
            self._apply(await asyncio.to_thread(self._file.load_at_start))
            undo.push_async_callback(self._secrets.close)
            await self._tokens.start()
            undo.push_async_callback(self._tokens.stop)
            await self._open_gateway(undo)
            self._advise_once()
            await asyncio.to_thread(self._announce)
            reloading = asyncio.create_task(self._reload_whenever(changed))
            undo.callback(reloading.cancel)
            self._closing = undo.pop_all()

    async def stop(self) -> None:
        await self._closing.aclose()

    def _apply(self, loaded: Loaded) -> None:
        for notice in loaded.notices:
            _log.warning("%s", notice)
        self._loaded = loaded
        if self._gateway is not None:
            self._gateway.apply(loaded.settings)

    async def _open_gateway(self, undo: AsyncExitStack) -> None:
        server = self.loaded.settings.server
        if server.allow_remote:
            _log.warning(
                "allow_remote is on: other machines can reach Tierwise at %s with a token", server.host
            )
        gateway = Gateway(
            self.loaded.settings,
            self._secrets,
            self._tokens,
            self,
            ledger=self._ledger_begun(undo),
            origin=self._options.origin,
            surroundings=surroundings(self._environ),
        )
        try:
            await gateway.start(server.port if self._options.port is None else self._options.port)
        except PortTakenError as error:
            raise await asyncio.to_thread(port_taken, error.host, error.port) from error
        except PortForbiddenError as error:
            raise AddressError(
                f"This user may not listen on port {error.port}: ports below 1024 need rights, and Windows "
                "reserves some. Set `port` under [server] in config.toml to another one, or use --port."
            ) from error
        except BadAddressError as error:
            raise AddressError(
                f"Tierwise cannot listen at {error}. Set `host` under [server] in config.toml to 127.0.0.1."
            ) from error
        undo.push_async_callback(gateway.stop)
        self._gateway = gateway

    def _advise_once(self) -> None:
        """Who has nothing configured is told what there is, as soon as somebody has looked."""

        def advise() -> None:
            if not self.has_providers:
                _log.info("%s", advice(self.local_servers() or ()))

        if self.gateway.watch is not None:
            once_looked(self.gateway.watch, advise)

    def _ledger_begun(self, undo: AsyncExitStack) -> Ledger:
        """It opens its file in its own time; meanwhile, and whatever is wrong with it, clients are served."""
        if days := self.loaded.settings.ledger.keep_bodies_days:
            _log.warning("prompts and answers are kept for %d days, as `keep_bodies_days` says", days)
        ledger = Ledger(self.home.database, self.home.backups, self.loaded.settings)
        ledger.start()
        undo.push_async_callback(ledger.stop)
        return ledger

    def _announce(self) -> None:
        self._lock.announce(
            Instance(
                pid=os.getpid(),
                url=self.gateway.url,
                admin_token=self.admin_token().reveal(),
                version=__version__,
                has_window=self._show is not None,
            )
        )

    async def _watch(self, undo: AsyncExitStack) -> asyncio.Event:
        """The event that is set whenever config.toml has changed from now on."""
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()

        def on_change() -> None:
            loop.call_soon_threadsafe(changed.set)

        watch = await asyncio.to_thread(self._file.watch, on_change)
        undo.push_async_callback(asyncio.to_thread, watch.stop)
        return changed

    async def _reload_whenever(self, changed: asyncio.Event) -> None:
        while True:
            await changed.wait()
            changed.clear()
            try:
                await self.reload()
            except Exception:  # noqa: BLE001 -- a bug in one reload must not end all later ones
                _log.exception("config.toml could not be applied; the running configuration stays")

    def _warn_about_restart(self, loaded: Loaded) -> None:
        new, running = loaded.settings.server, self.loaded.settings.server
        if (new.host, new.port) != (running.host, running.port):
            _log.warning("the new address %s:%d is used after a restart", new.host, new.port)
