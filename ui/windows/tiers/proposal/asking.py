"""Makes proposals and writes one, beside the loop and without a terminal; no key is ever shown."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.desk.desk import Desk
from app.desk.errors import told
from app.found_keys.found_key import FoundKey
from app.proposal.here import keys_here, proposal_with
from app.proposal.proposal import Proposal
from app.providers.carrying_out import drop
from app.settings import Loaded, SettingsFile
from app.tiers.undoing import Before
from app.tiers.writing import Outcome, written
from proxy.local.found import LocalServer
from proxy.providers.presets import preset


@dataclass(frozen=True, slots=True, eq=False)
class KeyFound:
    """A key that the proposal would use; only its place is told. Each is itself: secrets have no hash."""

    key: FoundKey = field(repr=False)

    @property
    def label(self) -> str:
        known = preset(self.key.provider)
        return self.key.provider if known is None else known.label

    @property
    def where(self) -> str:
        return self.key.where

    @property
    def stays(self) -> bool:
        """It is read from the environment, and needs no copy."""
        return bool(self.key.variable)


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal, and what it was made of."""

    made: Proposal = field(repr=False)
    loaded: Loaded
    servers: Sequence[LocalServer]
    speeds: Mapping[str, float]
    keys: tuple[KeyFound, ...] = ()
    """All that a proposal with every key would use."""


class Proposing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._program = desk.program
        self._file = SettingsFile(desk.program.home)

    async def asked(self) -> Asked:
        """With the keys that can be used without copying any: those are asked about."""
        watch = self._program.gateway.watch
        servers = await watch.look() if watch is not None else ()
        with told():
            return await asyncio.to_thread(self._first, servers, self._program.gateway.speeds_near)

    async def with_keys(self, asked: Asked, used: Collection[KeyFound]) -> Asked:
        """The same with these keys."""
        with told():
            return await asyncio.to_thread(self._again, asked, used)

    async def write(self, asked: Asked) -> Outcome:
        """The keys and the file, both or neither; then it is in force."""
        with told():
            outcome = await asyncio.to_thread(
                written, asked.made, asked.loaded, self._file, self._program.home, self._program.keyring
            )
            await self._program.reload()
            return outcome

    async def take_back(self, outcome: Outcome) -> None:
        """The file as it was before; what came into the keyring with it goes again."""
        with told():
            await asyncio.to_thread(Before(self._program.home).put_back)
            await self._program.reload()
            if outcome.stored:
                await asyncio.to_thread(drop, "the proposal", outcome.stored, self._program.keyring)

    def _first(self, servers: Sequence[LocalServer], speeds: Mapping[str, float]) -> Asked:
        loaded = self._file.load()
        found = keys_here(loaded.settings, self._program.environ)
        best = self._made(found, Asked(Proposal(), loaded, servers, speeds))
        keys = tuple(KeyFound(new.key) for new in best.made.providers if new.key is not None)
        return self._again(replace(best, keys=keys), [each for each in keys if each.stays])

    def _again(self, asked: Asked, used: Collection[KeyFound]) -> Asked:
        return self._made([each.key for each in asked.keys if each in used], asked)

    def _made(self, keys: Sequence[FoundKey], of: Asked) -> Asked:
        settings = of.loaded.settings
        return replace(of, made=proposal_with(keys, self._program.home, settings, of.servers, of.speeds))
