"""Decisions, as they were made, out of their traces; those of another version as far as it goes."""

from collections.abc import Callable, Mapping
from typing import Final, get_args

from msgspec import ValidationError, convert

from proxy.config import TIER_NAMES, TierName
from proxy.ledger.traces.form import (
    EXPLORED,
    TOOL_TURN,
    KeptDecision,
    KeptPart,
    KeptReason,
    KeptRule,
    KeptStep,
    KeptVerdict,
)
from proxy.routing.rules.situation import Step
from proxy.routing.score.score import Contribution, Score
from proxy.routing.selection.context import RuleTrace
from proxy.routing.selection.decision import Decision, SelectionResult, Verdict
from proxy.routing.selection.economics import Economics
from proxy.routing.selection.reasons import Reason, Value
from proxy.routing.selection.stage import Refusal
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Kind, SessionId
from proxy.routing.signals.session import Origin

Name = Callable[[Value], str]
"""A word by its number; empty for none."""

_KINDS: Final = {kind.value: kind for kind in Kind}
_ORIGINS: Final[Mapping[str, Origin]] = {origin: origin for origin in get_args(Origin)}


def decision_of(kept: KeptDecision, words: Mapping[int, str]) -> Decision:
    """Without its effects, and without the parameters of its candidates."""

    def name(number: Value) -> str:
        return words.get(number, "") if isinstance(number, int) else ""

    verdicts = tuple([_verdict(each, name) for each in kept.verdicts])
    return Decision(
        result=SelectionResult(
            service=None if kept.model is None else Service(name(kept.provider), name(kept.model)),
            source=name(kept.source),
            evaluated_stages=tuple([name(stage) for stage in kept.stages]),
            matched_rule_index=kept.rule_index,
            reasons=tuple([_reason(each, name) for each in kept.reasons]),
        ),
        candidates=tuple([Candidate(each.service) for each in verdicts if each.dropped_by is None]),
        refusal=Refusal(kept.refusal) if kept.refusal else None,
        route=name(kept.route),
        rule=name(kept.rule) or None,
        tier=_tier(name(kept.tier)),
        wanted=_tier(name(kept.wanted)),
        economics=_economics(kept.economics),
        score=None if kept.score is None else Score(kept.score, tuple([_part(p, name) for p in kept.parts])),
        judged=tuple([_rule(each, name) for each in kept.rules]),
        verdicts=verdicts,
        comparison=_reason(kept.comparison, name) if kept.comparison else None,
        session=SessionId(None, _ORIGINS.get(name(kept.session_from), "none")),
        kind=_KINDS.get(name(kept.kind), Kind.MAIN),
        is_tool_turn=bool(kept.marks & TOOL_TURN),
        is_explored=bool(kept.marks & EXPLORED),
        config_version=name(kept.config_version),
    )


def _tier(name: str) -> TierName | None:
    return next((each for each in TIER_NAMES if each == name), None)


def _economics(kept: tuple[str | int | float | None, ...]) -> Economics | None:
    """What another version has kept otherwise is left out."""
    try:
        return convert(kept, Economics) if kept else None
    except ValidationError:
        return None


def _reason(kept: KeptReason, name: Name) -> Reason:
    code, *values = kept
    return Reason(name(code), tuple(values))


def _part(kept: KeptPart, name: Name) -> Contribution:
    return Contribution(name(kept.signal), kept.points, kept.evidence)


def _rule(kept: KeptRule, name: Name) -> RuleTrace:
    return RuleTrace(name(kept.name), kept.holds, tuple([_step(each, name) for each in kept.steps]))


def _step(kept: KeptStep, name: Name) -> Step:
    return Step(name(kept.signal), name(kept.op), name(kept.value), kept.holds, kept.found, name(kept.note))


def _verdict(kept: KeptVerdict, name: Name) -> Verdict:
    provider, model, *told = kept
    dropped_by = name(told[0]) if told else ""
    why = _reason(tuple(told[1:]), name) if len(told) > 1 else None
    return Verdict(Service(name(provider), name(model)), dropped_by or None, why)
