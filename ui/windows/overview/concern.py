"""A concern: one thing that needs the user, and all that it can be judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from app.desk.standing import Standing
from ui.windows.overview.orders import Order, Visit
from ui.windows.overview.speech import Part, tr

_LONGEST_ON_A_BUTTON: Final = 18


class Severity(IntEnum):
    """How much it matters; the lowest first."""

    BAD = 0
    """Requests fail, or something is lost."""
    WARN = 1
    """Something works in another way than was wished."""
    NOTE = 2
    """It may be meant so, or could be better."""


@dataclass(frozen=True, slots=True)
class Concern:
    """`key` says which one it is, so that it stays the same one while its words change."""

    key: str
    severity: Severity
    sentence: str
    button: str
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What has been answered so far."""

    standing: Standing
    now: float
    problems: Sequence[str] = ()
    """Why config.toml is not in force."""
    overview: Part | None = None
    usage: Part | None = None
    routing: Part | None = None
    has_first_steps: bool = False
    """Whether somebody without any provider is told what to do anyway."""


def at_provider(key: str, severity: Severity, sentence: str, name: str) -> Concern:
    button = tr("Open %1", name) if len(name) <= _LONGEST_ON_A_BUTTON else tr("Open it")
    return Concern(key, severity, sentence, button, Visit("providers", name))
