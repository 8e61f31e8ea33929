"""Throws a switch as the user meant it, and takes back what was ordered as long as that is still so.

Where a switch leaves nobody to ask, the user is asked first. What somebody else has said since, in the file,
by another window or by command, is the last word: then nothing is taken back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.configuration.problem import ConfigError
from app.desk.desk import Desk
from app.errors import UserError
from app.switches.consequence import consequence
from app.tiers.lists import tree_of
from app.toml.scan import KeyPath
from app.toml.trees import is_same, value_at
from proxy.config.switch import Switch, value_in
from proxy.server.admin import Switched
from ui.frame.page import Host

Confirm = Callable[[str, str, str], Awaitable[bool]]
"""A question, what follows from it, and the word for yes."""
TakeBack = Callable[[], Coroutine[None, None, None]]


class ChangedSinceError(UserError):
    """What an order left is not there any more, so taking it back would take something else."""

    kind = "changed"


async def switched(desk: Desk, confirm: Confirm, switch: Switch) -> Switched | None:
    """What came of it, with what takes it back; None where the user was asked and said no.

    A UserError says why it could not be done; then nothing has changed.
    """
    follows = consequence(desk.settings, switch)
    advice = _tr("It can be switched back at any time.")
    if follows and not await confirm(follows, advice, _tr("Switch anyway")):
        return None
    return await desk.switch(switch)


async def way_back(desk: Desk, keys: Collection[KeyPath], back: Callable[[], Awaitable[object]]) -> TakeBack:
    """For an order that has just been carried out, and which `back` reverses: what does so only as long as
    these keys are as it left them; else it raises a ChangedSinceError."""
    left = await _said(desk, keys)

    async def take_back() -> None:
        if not is_same(await _said(desk, keys), left):
            raise ChangedSinceError(
                _tr("It was changed since, and that would be lost. So nothing was undone.")
            )
        await back()

    return take_back


async def told_undoable(
    desk: Desk,
    host: Host,
    sentence: str,
    keys: Collection[KeyPath],
    back: Callable[[], Awaitable[object]],
    turn: AbstractAsyncContextManager[object] | None = None,
) -> None:
    """Say what has just been done to these keys, with the way back, which waits for its turn."""
    take_back = await way_back(desk, keys, back)

    async def undo() -> None:
        async with turn or nullcontext():
            await take_back()
            host.say(_tr("It is as it was before."))

    host.say(sentence, undo)


async def _said(desk: Desk, keys: Collection[KeyPath]) -> list[list[Any]]:
    """Of each key what the file says, and what holds instead for a while."""
    tree = await asyncio.to_thread(_tree, desk)
    ends, settings = desk.ends(), desk.settings
    return [
        [value_at(tree, key), *([value_in(settings, what), ends[what]] for what in ends if what == key)]
        for key in keys
    ]


def _tree(desk: Desk) -> dict[str, Any]:
    """A broken file says nothing that counts."""
    try:
        return tree_of(desk.program.file)
    except ConfigError:
        return {}


def _tr(text: str) -> str:
    return QCoreApplication.translate("switching", text)
