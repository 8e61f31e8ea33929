"""The settings in force: what config.toml says, and over it what is switched for a while.

Whatever changes them, a hand in the file, a switch or an overlay's end, comes through here: the running
gateway gets the new ones at once, and then whoever listens is told. A file that is broken changes nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from app.configuration.problem import ConfigError
from app.errors import UserError
from app.home import Home
from app.settings import Loaded, Settings, SettingsFile, Wanted
from app.switches.alarm import Alarm
from app.switches.kept import Kept
from app.switches.overlay import Overlays, in_words, laid_over, next_end, standing, taking_back, with_switch
from app.switches.writing import check, write
from proxy.config import ServerConfig
from proxy.config.switch import Lasting, Switch, Until, What
from proxy.server.admin import Reloaded, Switched

_log = logging.getLogger("tierwise.app")


class InForce:
    """Those of one home. `use` is called on the loop with every settings that come into force."""

    def __init__(self, home: Home, use: Callable[[Settings], None], now: Callable[[], float]) -> None:
        self.file = SettingsFile(home)
        self._use = use
        self._now = now
        self._kept = Kept(home.run)
        self._alarm = Alarm(self._on_end, now)
        self._noting: set[asyncio.Task[None]] = set()
        self._changing = asyncio.Lock()
        self._told_problem = ""
        self._written: Loaded | None = None
        self._loaded: Loaded | None = None
        self._overlays: Overlays = {}
        self._told: tuple[Loaded, Overlays] | None = None
        self._is_over = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def loaded(self) -> Loaded:
        """What holds now."""
        if self._loaded is None:
            raise RuntimeError("the application has not started")
        return self._loaded

    @property
    def written(self) -> Loaded:
        """What the file says, or said when it was last in order."""
        if self._written is None:
            raise RuntimeError("the application has not started")
        return self._written

    @property
    def ends(self) -> Mapping[What, Until]:
        """When each overlay ends."""
        overlays = self._overlays.items()
        return {what: "run" if each.until is None else each.until for what, each in overlays}

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back, on the loop, after every change; the answer ends it."""
        self._listeners.append(changed)

        def stop() -> None:
            if changed in self._listeners:
                self._listeners.remove(changed)

        return stop

    async def start(self) -> None:
        written = await asyncio.to_thread(self.file.load_at_start)
        self._overlays = await asyncio.to_thread(self._kept.read)
        await self._taken(written)

    def stop(self) -> None:
        """A change that is under way is still written; the next start puts it into force."""
        self._is_over = True
        self._alarm.set(None)
        for task in self._noting:
            task.cancel()

    async def reload(self) -> Reloaded:
        """Read the file again. Open requests finish as they began."""
        async with self._changing:
            try:
                written = await asyncio.to_thread(self.file.load)
            except ConfigError as error:
                # A file that stays unreadable is looked at again and again.
                if str(error) != self._told_problem:
                    _log.warning("config.toml is not applied, the running configuration stays:\n%s", error)
                self._told_problem = str(error)
                self._written = replace(self.written, problems=error.problems)
                await self._settled()
                return self._unchanged(error)
            return await self._taken(written)

    async def edit(self, wanted: Wanted, ends: Sequence[What] = ()) -> Reloaded:
        """Make all of these edits or none. Of `ends` only the file counts from now on."""
        async with self._changing:
            try:
                written = await asyncio.to_thread(self.file.edit_by, wanted)
            except UserError as error:
                return self._unchanged(error)
            self._overlays = {what: each for what, each in self._overlays.items() if what not in ends}
            return await self._taken(written)

    async def switch(self, switches: Sequence[Switch]) -> Switched:
        """Make all of these switches or none. Those for a while need no file that is in order."""
        async with self._changing:
            for_good = [each for each in switches if each.lasting is Lasting.ALWAYS]
            written, undo = self.written, list[Switch]()
            try:
                for each in switches:
                    check(each.what, written.settings)
                if for_good:
                    written, undo = await asyncio.to_thread(write, self.file, for_good)
            except UserError as error:
                refused = self._unchanged(error)
                return Switched(refused.applied, refused.config_version, refused.problems, refused.notices)
            undo += taking_back(switches, self._overlays, self._now())
            for each in switches:
                self._overlays = with_switch(self._overlays, each, written.settings, self._now())
                _log.info("%s", in_words(each))
            done = await (self._taken(written) if for_good else self._settled())
            return Switched(done.applied, done.config_version, done.problems, done.notices, tuple(undo))

    def _unchanged(self, error: UserError) -> Reloaded:
        problems = error.problems if isinstance(error, ConfigError) else [error]
        return Reloaded(
            applied=False,
            config_version=self.loaded.version,
            problems=[str(problem) for problem in problems],
            notices=[],
        )

    async def _taken(self, written: Loaded) -> Reloaded:
        """What the file says now is in force."""
        self._take(written)
        return await self._settled()

    async def _settled(self) -> Reloaded:
        self._settle()
        await asyncio.to_thread(self._kept.write, self._overlays)
        return Reloaded(
            applied=True,
            config_version=self.written.version,
            problems=[],
            notices=[str(notice) for notice in self.written.notices],
        )

    def _on_end(self) -> None:
        """What has ended is so at once; a restart hears of it when the turn comes."""
        self._settle()
        task = asyncio.get_running_loop().create_task(self._noted())
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _noted(self) -> None:
        async with self._changing:
            await asyncio.to_thread(self._kept.write, self._overlays)

    def _take(self, written: Loaded) -> None:
        self._told_problem = ""
        if written != self._written:
            for notice in written.notices:
                _log.warning("%s", notice)
            if self._written is not None:
                _log.info("configuration %s is in force", written.version)
                _warn_about_restart(written.settings.server, self._written.settings.server)
        self._written = written

    def _settle(self) -> None:
        """Put into force what the file says and what is laid over it now, and tell it if it is news."""
        if self._is_over:
            return
        settings = self.written.settings
        self._overlays = standing(self._overlays, settings, self._now())
        self._loaded = replace(self.written, settings=laid_over(settings, self._overlays))
        self._alarm.set(next_end(self._overlays))
        self._use(self._loaded.settings)
        news = (self._loaded, self._overlays)
        if news != self._told:
            self._told = news
            self._tell()

    def _tell(self) -> None:
        for changed in tuple(self._listeners):
            try:
                changed()
            except Exception:  # noqa: BLE001 -- one listener's bug is nobody else's, least of all the gateway's
                _log.exception("a change of the settings could not be shown")


def _warn_about_restart(new: ServerConfig, running: ServerConfig) -> None:
    if (new.host, new.port) != (running.host, running.port):
        _log.warning("the new address %s:%d is used after a restart", new.host, new.port)
