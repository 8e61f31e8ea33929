"""A mistake in what Qt calls is told, and goes no further.

PySide ends the process, and with it the gateway, when an override raises within a call that Python has made,
such as `show()` or `close()`: some exceptions at once, others where a coroutine has made the call. So every
override stands below `called_by_qt`.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar, cast

_log = logging.getLogger("tierwise.ui")

P = ParamSpec("P")
T = TypeVar("T")


def called_by_qt(override: Callable[P, T]) -> Callable[P, T]:
    """In the place of an answer that there is not, Qt takes an empty one of its kind."""

    @wraps(override)
    def kept(*args: P.args, **named: P.kwargs) -> T:
        try:
            return override(*args, **named)
        except Exception as mistake:  # noqa: BLE001 -- as said above
            sys.excepthook(type(mistake), mistake, mistake.__traceback__)
            return cast("T", None)

    return kept


@contextmanager
def mistakes_logged(where: str) -> Iterator[None]:
    """For parts of an override of which one must not keep the others from being done."""
    try:
        yield
    except Exception:  # noqa: BLE001 -- as said above
        _log.exception("a mistake in %s", where)
