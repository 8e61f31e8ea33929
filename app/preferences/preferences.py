"""Sets one key of config.toml at a time, and knows the way back from each."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

import msgspec

from app.configuration.problem import ConfigError
from app.errors import UserError
from app.home import Home
from app.settings import Settings, SettingsFile
from app.switches.consequence import consequence
from app.tiers.lists import tree_of
from app.toml.edits import Assign, Edit, Remove
from app.toml.scan import KeyPath
from app.toml.trees import ABSENT, value_at, without_value
from proxy.config.switch import LOCAL_ONLY, Switch
from proxy.server.admin import Switched

T = TypeVar("T")

Value = bool | int | float | str
TakeBack = Callable[[], Coroutine[None, None, None]]
"""Makes it as it was before. PreferenceError if that cannot be done."""


class PreferenceError(UserError):
    """The key could not be set; the file is as it was."""

    kind = "preference"


class Orders(Protocol):
    """Whoever carries out what is wanted; when it returns it is in force. The desk does."""

    @property
    def settings(self) -> Settings:
        """Those in force."""
        ...

    async def write(self, *edits: Edit) -> None: ...

    async def switch(self, *switches: Switch) -> Switched: ...


class Standing(msgspec.Struct, frozen=True):
    """How things stand now."""

    written: Settings
    """What the file says; those in force where it says nothing that can be understood."""
    in_force: Settings
    """The same, with what is switched for a while."""
    problems: tuple[str, ...] = ()
    """Why the file as it is now is not what holds."""


class Preferences:
    """Those of one running program."""

    def __init__(self, home: Home, orders: Orders) -> None:
        self._file = SettingsFile(home)
        self._orders = orders

    async def standing(self) -> Standing:
        try:
            written = (await asyncio.to_thread(self._file.load)).settings
        except ConfigError as error:
            in_force = self._orders.settings
            return Standing(in_force, in_force, tuple(str(problem) for problem in error.problems))
        return Standing(written, self._orders.settings)

    async def set(self, path: KeyPath, value: Value) -> TakeBack:
        """Write it for good, and give the way back to what the file said, or did not say."""
        before = await self._tree()
        await _carried_out(self._orders.write(Assign(path, value)))

        async def take_back() -> None:
            now = await self._tree()
            if value_at(now, path) != value:
                raise _changed_since()
            await _carried_out(self._orders.write(_way_back(before, now, path)))

        return take_back

    async def set_local_only(self, *, is_on: bool) -> TakeBack:
        """For good too; what was switched for a while ends with it."""
        done = await _carried_out(self._orders.switch(Switch(LOCAL_ONLY, is_on)))

        async def take_back() -> None:
            if self._orders.settings.routing.local_only is not is_on:
                raise _changed_since()
            await _carried_out(self._orders.switch(*done.undo))

        return take_back

    def consequence_of_local_only(self, *, is_on: bool) -> str:
        """What should be asked about before; mostly nothing."""
        return consequence(self._orders.settings, Switch(LOCAL_ONLY, is_on))

    async def _tree(self) -> dict[str, Any]:
        return await _carried_out(asyncio.to_thread(tree_of, self._file))


def _changed_since() -> PreferenceError:
    """By hand, by command or by another window: whoever speaks last is heard."""
    return PreferenceError("It was changed since, and that would be lost. So nothing was undone.")


def _way_back(before: dict[str, Any], now: dict[str, Any], path: KeyPath) -> Edit:
    """To the value of before, or to none; a table that was made for the key alone goes with it."""
    said = value_at(before, path)
    if said is not ABSENT:
        return Assign(path, said)
    table = path[:-1]
    others = without_value(now, path)
    is_for_it_alone = value_at(before, table) is ABSENT and not value_at(others, table)
    return Remove(table if is_for_it_alone else path)


async def _carried_out(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    except UserError as error:
        first, *others = str(error).splitlines()
        more = f" (and {len(others)} more)" if others else ""
        raise PreferenceError(f"Nothing was changed: {first}{more}") from error
