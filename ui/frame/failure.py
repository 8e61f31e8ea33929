"""How work that a click has begun says that it failed: to the user, and to the log what only we can mend."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.errors import UserError

_log = logging.getLogger("tierwise.ui")


def failure_told(say: Callable[[str], None], error: BaseException, where: str) -> None:
    """The sentence of an error that has one; the whole of it in the log, if it is a mistake of ours."""
    if isinstance(error, UserError):
        say(str(error))
        return
    say(QCoreApplication.translate("frame", "That failed for a reason that only the log knows."))
    _log.error("something in %s failed", where, exc_info=error)
