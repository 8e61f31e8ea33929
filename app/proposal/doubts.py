"""What keeps a local model down, and may be another thing tomorrow."""

from typing import Final

from app.proposal.memory import in_words, is_tight
from app.proposal.windows import WIDE_WINDOW
from proxy.local.found import LocalModel, LocalServer

_SLOWEST: Final = 5.0
"""Tokens a second. Below it an answer takes minutes."""


def doubt_about(
    model: LocalModel, server: LocalServer, window: int | None, speed: float | None, memory: int | None
) -> str:
    """The heaviest one; empty where there is none."""
    doubts = (_tight(model, server, memory), _slow(speed), _not_loaded(model, server, window))
    return next(filter(None, doubts), "")


def _tight(model: LocalModel, server: LocalServer, memory: int | None) -> str:
    if memory is None or not is_tight(model, server, memory):
        return ""
    return f"with an agent's prompts it is tight in {in_words(memory)} of memory"


def _slow(speed: float | None) -> str:
    return "it was seen to take minutes for an answer" if speed is not None and speed < _SLOWEST else ""


def _not_loaded(model: LocalModel, server: LocalServer, window: int | None) -> str:
    if window is not None or model.is_loaded is not False or not server.sort.cuts_prompts:
        return ""
    return f"loaded by a request it may get few tokens: load it with {WIDE_WINDOW:,} at least"
