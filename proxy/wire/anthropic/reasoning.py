"""How much to think: `thinking` and `output_config.effort`, read and written.

The format knows two ways to ask for thinking. Newer models think as much as the task needs, steered by an
effort; older ones are given a budget of tokens. A budget stands under conditions that the effort is free of.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import BUDGETS, Reasoning
from proxy.wire.reading import decoded, members_of
from proxy.wire.target import Thinks

SMALLEST_BUDGET = 1024
_EFFORTS = frozenset(("low", "medium", "high", "xhigh", "max"))
_USUAL_EFFORT = "high"
_BY_BUDGET = (Thinks.BUDGET, Thinks.TOGGLE)
_SUMMARISED = "summarized"


class _Thinking(Struct):
    type: str
    budget_tokens: int | None = None
    display: str | None = None


_THINKING = msgspec.json.Decoder(_Thinking)
_NAMED = ("type", "budget_tokens", "display")


def read_reasoning(thinking: Raw | None, effort: str | None) -> Reasoning | None:
    if thinking is None:
        return Reasoning(effort=effort) if effort is not None else None
    asked = decoded(_THINKING, thinking)
    members = members_of(thinking)
    if asked.type not in ("enabled", "disabled", "adaptive"):
        return Reasoning(effort=effort, extra=members)
    extra = {name: raw for name, raw in members.items() if name not in _NAMED}
    summarised = asked.display == _SUMMARISED
    if asked.display is not None and not summarised:
        extra["display"] = members["display"]
    return Reasoning(
        enabled={"enabled": True, "disabled": False}.get(asked.type),
        adaptive=asked.type == "adaptive",
        effort=effort,
        budget=asked.budget_tokens,
        summary="auto" if summarised else None,
        extra=extra or None,
    )


class Asked(Struct, frozen=True):
    """What is to be written: the `thinking` object and the effort, if any."""

    thinking: Mapping[str, Any] | None = None
    effort: str | None = None

    @property
    def thinks(self) -> bool:
        return self.thinking is not None and self.thinking["type"] != "disabled"

    @property
    def budget(self) -> int | None:
        return None if self.thinking is None else self.thinking.get("budget_tokens")


NOTHING = Asked()


def asked_of(reasoning: Reasoning | None, thinks: Thinks | None, *, own: bool) -> Asked:
    """What to write. `own` says that the client spoke this format, and so chose these words itself."""
    if reasoning is None or thinks is Thinks.NOT:
        return NOTHING
    extra: dict[str, Any] = {**(reasoning.extra or {})} if own else {}
    effort = None if thinks in _BY_BUDGET or reasoning.effort == "none" else _effort(reasoning.effort)
    if "type" in extra:
        return Asked(extra, effort)
    if reasoning.is_off:
        return Asked({"type": "disabled", **extra}, effort)
    if thinks is Thinks.EFFORT or (own and not _asks_to_think(reasoning) and thinks not in _BY_BUDGET):
        return Asked(None, effort or _nearest(reasoning.budget))
    if not _asks_to_think(reasoning) and reasoning.effort is None:
        return NOTHING
    if reasoning.summary is not None:
        extra = {"display": _SUMMARISED, **extra}
    if thinks in _BY_BUDGET or (thinks is None and reasoning.budget):
        budget = reasoning.budget or BUDGETS.get(reasoning.effort or "", BUDGETS[_USUAL_EFFORT])
        return Asked({"type": "enabled", "budget_tokens": budget, **extra}, effort)
    return Asked({"type": "adaptive", **extra}, effort or _nearest(reasoning.budget))


def is_lost(reasoning: Reasoning | None, asked: Asked) -> bool:
    """Whether anything of it is told no longer. A target that cannot think need not be told not to."""
    if reasoning is None or reasoning.is_off:
        return False
    if _asks_to_think(reasoning) and not asked.thinks and asked.effort is None:
        return True
    return (
        reasoning.effort is not None and asked.effort is None and (asked.budget in (None, reasoning.budget))
    )


def _asks_to_think(reasoning: Reasoning) -> bool:
    return bool(reasoning.enabled or reasoning.adaptive or reasoning.budget)


def _effort(effort: str | None) -> str | None:
    """The nearest of the efforts that the format knows; a word that nobody knows is passed on."""
    return "low" if effort == "minimal" else effort


def _nearest(budget: int | None) -> str | None:
    if budget is None:
        return None
    fitting = (effort for effort in BUDGETS if effort in _EFFORTS and BUDGETS[effort] >= budget)
    return next(fitting, "max")
