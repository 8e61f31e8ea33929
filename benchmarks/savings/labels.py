"""The least tier that does each request of a recorded session well, by the judgement in `labels.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.savings.session import Request, Session

LABELS = Path(__file__).with_name("labels.toml")
_SIDES = "sides"


def labels_of(session: Session) -> tuple[str, ...]:
    """One for each request, in their order."""
    return tuple(_label(request, labels()[session.name]) for request in session.requests)


@cache
def labels() -> dict[str, Any]:
    return tomllib.loads(LABELS.read_text(encoding="utf-8"))


def _label(request: Request, judged: dict[str, Any]) -> str:
    """What a tool brings belongs to the turn that it was called in."""
    if request.call == "main":
        return str(judged["typed"][request.turn])
    if request.call == "subagent":
        return str(judged["subagents"][request.agent])
    return str(labels()[_SIDES][request.call])
