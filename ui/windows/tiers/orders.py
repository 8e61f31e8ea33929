"""Carries out what is ordered on this page, one order after the other, and knows the way back from each."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from app.desk.desk import Desk
from app.settings import Settings
from app.switches.consequence import consequence
from app.tiers.lists import tree_of
from app.toml.edits import Assign, Edit, Remove
from app.toml.scan import KeyPath
from app.toml.trees import ABSENT, value_at
from proxy.config import TierName
from proxy.config.switch import Switch, tier_services, with_value
from ui.frame.page import Host
from ui.switching import switched, told_undoable
from ui.windows.tiers.lists import Change, Services
from ui.windows.tiers.speech import tr


class Orders:
    """Each looks at what holds when its turn comes: keys may be pressed faster than files are written."""

    def __init__(self, desk: Desk, host: Host) -> None:
        self._desk = desk
        self._host = host
        self._turn = asyncio.Lock()

    @property
    def settings(self) -> Settings:
        """Those in force."""
        return self._desk.settings

    async def rearrange(self, change: Change, remark: str = "") -> bool:
        """One write for all tiers that it concerns; whether anything was changed. The remark is told, too."""
        async with self._turn:
            made = change(self._desk.settings)
            before = self._lists(made.lists)
            if before == dict(made.lists):
                return False
            switches = [Switch(tier_services(tier), services) for tier, services in made.lists.items()]
            if not await self._meant(switches):
                return False
            back = (await self._desk.switch(*switches)).undo
            await self._tell(f"{made.sentence} {remark}".rstrip(), switches, back)
            return True

    async def switch(self, wanted: Switch, sentence: str) -> None:
        async with self._turn:
            done = await switched(self._desk, self._host.confirmed, wanted)
            if done is not None:
                await self._tell(sentence, [wanted], done.undo)

    async def write(self, path: KeyPath, value: Any, sentence: str) -> None:
        """None takes the key out of the file, so that what is shipped counts again."""
        async with self._turn:
            before = value_at(await asyncio.to_thread(tree_of, self._desk.program.file), path)
            await self._desk.write(_edit(path, ABSENT if value is None else value))
            await self._say(sentence, [path], lambda: self._desk.write(_edit(path, before)))

    async def _meant(self, switches: Sequence[Switch]) -> bool:
        """Asked about before it leaves nobody; what one of them takes another one may have given."""
        settings = self._desk.settings
        for each in switches:
            if follows := consequence(settings, each):
                advice = tr("It can be undone at any time.")
                return await self._host.confirmed(follows, advice, tr("Do it anyway"))
            if each.value is not None:
                settings = with_value(settings, each.what, each.value)
        return True

    async def _tell(self, sentence: str, made: Sequence[Switch], back: Sequence[Switch]) -> None:
        await self._say(sentence, [each.what for each in made], lambda: self._desk.switch(*back))

    async def _say(
        self, sentence: str, keys: Collection[KeyPath], back: Callable[[], Awaitable[object]]
    ) -> None:
        await told_undoable(self._desk, self._host, sentence, keys, back, self._turn)

    def _lists(self, of: Mapping[TierName, Services]) -> dict[TierName, Services]:
        return {tier: self._desk.settings.tier(tier).services for tier in of}


def _edit(path: KeyPath, value: Any) -> Edit:
    return Remove(path) if value is ABSENT else Assign(path, value)
