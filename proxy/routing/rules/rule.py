"""A smart rule, compiled once and judged for every typed turn.

Compiling never fails. A rule that can never be judged is `broken` and says why; it holds for nothing, and the
rules beside it go on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from proxy.config import Finding, KeyPath, RuleConfig, TierName
from proxy.routing.rules.conditions import (
    Test,
    UnfitError,
    compiled_conditions,
    signals_in,
    unfit_conditions,
)
from proxy.routing.rules.situation import TOO_SLOW, Judged, Situation, Step
from proxy.routing.service import Candidate

_NEVER = Judged(holds=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """Where requests go for which all its conditions hold: to its services, or to a tier."""

    name: str
    index: int
    services: tuple[Candidate, ...] = ()
    """Empty if it names a tier."""
    tier: TierName | None = None
    strict: bool = False
    broken: str = ""
    """Why it can never hold, in one sentence; empty if it can."""
    looks_at: frozenset[str] = frozenset()
    """The signals that it may ask for."""
    _when: Test | None = field(default=None, repr=False, compare=False)

    def judge(self, situation: Situation) -> Judged:
        if self._when is None:
            return _NEVER
        trace: list[Step] = []
        verdict = self._when(situation, trace)
        is_unknown = verdict is None and any(step.note == TOO_SLOW for step in trace)
        return Judged(verdict is True, tuple(trace), is_unknown)


def compiled(config_rule: RuleConfig, index: int, candidates: tuple[Candidate, ...]) -> Rule:
    """A rule that is ready to be judged, or broken."""
    when, broken = None, ""
    try:
        when = compiled_conditions(config_rule.when)
    except UnfitError as unfit:
        broken = f"{_written(unfit.finding.path)}: {unfit.finding.message}"
    return Rule(
        config_rule.name,
        index,
        candidates,
        config_rule.tier,
        config_rule.strict,
        broken,
        frozenset() if broken else signals_in(config_rule.when),
        when,
    )


def rule_findings(rule: RuleConfig) -> Iterator[Finding]:
    """What keeps a rule from ever being judged: notices, their paths relative to the rule."""
    yield from unfit_conditions(rule.when)


def _written(path: KeyPath) -> str:
    """A path as people write it: when[1].any[0].value."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
