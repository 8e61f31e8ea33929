"""A mistake in an override of Qt's is logged, and goes no further.

PySide ends the process when an override raises within a call that a coroutine has made, such as `close()` or
`show()`, and with it the gateway. So what an override calls that is not its own is called within this.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_log = logging.getLogger("tierwise.ui")


@contextmanager
def mistakes_logged(where: str) -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001 -- as said above
        _log.exception("a mistake in %s", where)
