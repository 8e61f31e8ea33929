"""A decision as JSON, for windows, commands and other programs."""

from collections.abc import Iterable
from typing import Any

from proxy.routing.rules.situation import Step
from proxy.routing.score.score import Score
from proxy.routing.selection.decision import Decision, Verdict
from proxy.routing.selection.economics import Economics
from proxy.routing.selection.sentence import sentence


def told(decision: Decision) -> dict[str, Any]:
    """Everything that can be told of it; none of it is a word of the prompt."""
    service = decision.service
    return {
        "service": None if service is None else str(service),
        "provider": None if service is None else service.provider,
        "model": None if service is None else service.model,
        "tier": decision.tier,
        "source": decision.source,
        "stages": list(decision.stages),
        "rule": decision.rule,
        "matched_rule_index": decision.result.matched_rule_index,
        "wanted_tier": decision.wanted,
        "score": _score(decision.score),
        "reasons": told_reasons(decision),
        "sentence": sentence(decision),
        "candidates": [_candidate(each) for each in decision.verdicts],
        "session": {"id": decision.session.id, "from": decision.session.origin},
        "economics": _economics(decision.economics),
        "config_version": decision.config_version,
        "route": decision.route,
        "kind": decision.kind.value,
        "turn": "tool" if decision.is_tool_turn else "typed",
        "order": [str(each.service) for each in decision.candidates],
        "explored": decision.is_explored,
        "judged": [
            {"rule": trace.rule, "holds": trace.holds, "steps": _steps(trace.steps)}
            for trace in decision.judged
        ],
    }


def told_reasons(decision: Decision) -> list[dict[str, str]]:
    """What each stage has found, in the order in which it was found."""
    return [{"stage": each.stage, "text": each.text} for each in decision.reasons]


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    contributions = [
        {"signal": each.signal, "points": each.points, "evidence": each.evidence}
        for each in score.contributions
    ]
    return {"value": score.value, "contributions": contributions}


def _economics(found: Economics | None) -> dict[str, Any] | None:
    """The two sides of leaving a service that has the prompt cached; None where nobody thought of it."""
    if found is None:
        return None
    return {
        "verdict": found.verdict,
        "from": found.here,
        "to": found.there,
        "warm_prefix_tokens": found.prefix,
        "stay_usd": found.stay_usd,
        "switch_usd": found.switch_usd,
        "switch_once_usd": found.once_usd,
        "break_even_turns": found.break_even,
        "expected_turns": found.expected,
    }


def _candidate(each: Verdict) -> dict[str, Any]:
    return {
        "service": str(each.service),
        "kept": each.dropped_by is None,
        "dropped_by": each.dropped_by,
        "why": each.why,
    }


def _steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "signal": step.signal,
            "op": step.op,
            "value": step.value,
            "holds": step.holds,
            "found": step.found,
            "note": step.note,
        }
        for step in steps
    ]
