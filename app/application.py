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
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass
from typing import Any

from app.door import opened
from app.home import Home
from app.in_force import InForce
from app.instance import Instance, InstanceLock
from app.keyring.store import Keyring
from app.local.first_look import advice, once_looked
from app.local.here import surroundings
from app.local.using import use_edits
from app.prices import price_edits
from app.proposal.here import proposal_here
from app.secrets import Secrets
from app.settings import Loaded, Settings, SettingsFile, Wanted
from app.tokens.issued import Tokens
from app.toml.edits import Edit
from proxy.config import TierName
from proxy.config.switch import Switch, Until, What, provider_enabled, tier_enabled
from proxy.exchange import Origin
from proxy.gateway import Gateway
from proxy.ledger.ledger import Ledger
from proxy.local.found import LocalServer
from proxy.secret import Secret
from proxy.server.admin import Reloaded, Switched
from proxy.version import __version__

_log = logging.getLogger("tierwise.app")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said for this run only."""

    port: int | None = None
    """None: the configured one; 0: any free one."""
    origin: Origin = Origin.CLIENT
    """What is recorded as the reason of clients' requests."""


class Application:
    """One running Tierwise, in one home."""

    def __init__(
        self,
        home: Home,
        lock: InstanceLock,
        options: Options,
        environ: Mapping[str, str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self.home = home
        self.stop_requested = asyncio.Event()
        self._lock = lock
        self._options = options
        self._environ = environ
        self._in_force = InForce(home, self._use, now)
        self._secrets = Secrets(home, environ)
        self._tokens = Tokens(home, self._secrets, environ)
        self._show: Callable[[], None] | None = None
        self._closing = AsyncExitStack()
        self._gateway: Gateway | None = None

    # -- what others ask ---------------------------------------------------------------------------

    @property
    def file(self) -> SettingsFile:
        """config.toml."""
        return self._in_force.file

    @property
    def loaded(self) -> Loaded:
        """The settings in force: those of the file, and over them what is switched for a while."""
        return self._in_force.loaded

    def on_settings(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back, on the loop, whenever those have changed, by whomever; the answer ends it."""
        return self._in_force.listen(changed)

    def ends(self) -> Mapping[What, Until]:
        """What is switched for a while, and until when."""
        return self._in_force.ends

    @property
    def gateway(self) -> Gateway:
        if self._gateway is None:
            raise RuntimeError("the application has not started")
        return self._gateway

    @property
    def has_providers(self) -> bool:
        """Whether the file has any to ask; one that is off for a while is one."""
        return any(provider.enabled for provider in self._in_force.written.settings.providers.values())

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
            self._in_force.written.settings,
            servers,
            self._environ,
            self.gateway.speeds_near,
        )
        return made.as_json()

    @property
    def keyring(self) -> Keyring:
        return self._secrets.keyring

    @property
    def environ(self) -> Mapping[str, str]:
        return self._environ

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
        """Read config.toml again, and keys when they are next needed: they may have been changed elsewhere.

        A broken file changes nothing; open requests finish as they began.
        """
        outcome = await self._in_force.reload()
        if outcome.applied:
            self._secrets.forget()
        return outcome

    async def edit(self, *edits: Edit) -> Reloaded:
        """Make all of these edits of config.toml or none, and apply them."""
        return await self._edited(lambda _settings, _tree: edits)

    async def set_price(self, service: str, prices: Mapping[str, float]) -> Reloaded:
        """Write what a service costs into config.toml and apply it; without prices the catalogue's hold."""
        return await self.edit(*price_edits(service, prices))

    async def use_local(self, server: LocalServer, name: str, model: str, tier: TierName) -> Reloaded:
        """Write into config.toml that a model that was found serves a tier before all others.

        What kept the two from it for a while does so no longer.
        """
        return await self._edited(
            lambda settings, tree: use_edits(server, name, model, tier, settings, tree),
            ends=(tier_enabled(tier), provider_enabled(name)),
        )

    async def switch(self, *switches: Switch) -> Switched:
        """Make all of these switches or none; the next request is served by what they say."""
        return await self._in_force.switch(switches)

    async def _edited(self, wanted: Wanted, ends: Sequence[What] = ()) -> Reloaded:
        """Keys are read again only where the providers became others: a locked keyring prompts for each."""
        before = self._in_force.written.settings.providers
        outcome = await self._in_force.edit(wanted, ends)
        if self._in_force.written.settings.providers != before:
            self._secrets.forget()
        return outcome

    # -- the life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        async with AsyncExitStack() as undo:
            changed = await self._watch(undo)
            await self._in_force.start()
            undo.callback(self._in_force.stop)
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

    def _use(self, settings: Settings) -> None:
        if self._gateway is not None:
            self._gateway.apply(settings)

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
        await opened(gateway, server.port if self._options.port is None else self._options.port)
        undo.push_async_callback(gateway.stop)
        self._gateway = gateway
        if gateway.config is not self.loaded.settings:  # what was switched for a while ended meanwhile
            self._use(self.loaded.settings)

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

        watch = await asyncio.to_thread(self._in_force.file.watch, on_change)
        undo.push_async_callback(asyncio.to_thread, watch.stop)
        return changed

    async def _take_up(self) -> None:
        """The file may have changed. What was switched here is in force already, and keys stay known."""
        before = self._in_force.written.version
        if (await self._in_force.reload()).config_version != before:
            self._secrets.forget()

    async def _reload_whenever(self, changed: asyncio.Event) -> None:
        while True:
            await changed.wait()
            changed.clear()
            try:
                await self._take_up()
            except Exception:  # noqa: BLE001 -- a bug in one reload must not end all later ones
                _log.exception("config.toml could not be applied; the running configuration stays")
