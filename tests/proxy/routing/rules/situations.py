"""Requests to judge rules on, each a few words long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from proxy.config import Condition, RuleConfig
from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.rules import Judged, Rule, Situation, compiled
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Signals


@dataclass
class Asked:
    """What rules read of a request."""

    surface: str = "messages"
    client: str = "claude-code"
    model: str = "claude-opus-4-8"
    family: str = "opus"
    kind: str = "main"
    headers: Mapping[str, str] = field(default_factory=dict)
    turns: int = 1
    tool_count: int = 0
    extra_tools: int | None = None
    tools_used: frozenset[str] = frozenset()
    tokens: int = 1000
    images: int = 0
    documents: int = 0
    thinking: bool = False
    system_text: str = ""
    user_text: str = ""
    latest_user_text: str = ""


def situation(
    *,
    now: float = 0.0,
    session_age: float | None = None,
    spent_today: float | None = None,
    figures: Mapping[Service, Figures] | None = None,
    in_flight: Mapping[Service, int] | None = None,
    pool: tuple[Candidate, ...] = (),
    **asked: Any,
) -> Situation:
    known, busy = figures or {}, in_flight or {}
    return Situation(
        signals=cast("Signals", Asked(**asked)),
        now=now,
        session_age=session_age,
        spent_today=spent_today,
        figures=lambda service: known.get(service, NO_FIGURES),
        in_flight=lambda service: busy.get(service, 0),
        pool=pool,
    )


def asks(signal: str, op: str, value: Any = None, *, ignore_case: bool = False) -> Condition:
    return Condition(signal=signal, op=op, value=value, ignore_case=ignore_case)


def rule(*when: Condition) -> Rule:
    return compiled(RuleConfig(name="r", when=when, tier="SIMPLE"), 0, ())


def judged(condition: Condition, seen: Situation) -> Judged:
    """How a rule of this one condition is judged; it must be a sound one."""
    made = rule(condition)
    assert made.broken == ""
    return made.judge(seen)
