"""How much is told in the log, until the program ends."""

import logging

_LOGGER = logging.getLogger("tierwise")


def log_level() -> str:
    """One of `app.commands.context.LEVELS`."""
    return logging.getLevelName(_LOGGER.getEffectiveLevel()).lower()


def set_log_level(level: str) -> None:
    _LOGGER.setLevel(level.upper())
    _LOGGER.info("the log tells %s and graver", level)
