"""One logger per area, and the request that a line belongs to."""

import logging
from contextvars import ContextVar

current_request: ContextVar[str] = ContextVar("current_request", default="-")


def area(name: str) -> logging.Logger:
    """The logger of one area, such as `server` or `upstream`."""
    return logging.getLogger(f"tierwise.{name}")
