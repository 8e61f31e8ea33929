"""Throws a switch as the user meant it: where that leaves nobody to ask, the user is asked first."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QCoreApplication

from app.desk.desk import Desk
from app.switches.consequence import consequence
from proxy.config.switch import Switch
from proxy.server.admin import Switched

Confirm = Callable[[str, str, str], Awaitable[bool]]
"""A question, what follows from it, and the word for yes."""


async def switched(desk: Desk, confirm: Confirm, switch: Switch) -> Switched | None:
    """What came of it, with what takes it back; None where the user was asked and said no.

    A UserError says why it could not be done; then nothing has changed.
    """
    follows = consequence(desk.settings, switch)
    advice = _tr("It can be switched back at any time.")
    if follows and not await confirm(follows, advice, _tr("Switch anyway")):
        return None
    return await desk.switch(switch)


def _tr(text: str) -> str:
    return QCoreApplication.translate("switching", text)
