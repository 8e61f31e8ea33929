"""The trace of an exchange that is over, for the thread that writes."""

from typing import Final

from msgspec.structs import astuple

from proxy.ledger.record import Record
from proxy.ledger.store.words import Words
from proxy.ledger.traces.form import (
    EXPLORED,
    TOOL_TURN,
    KeptDecision,
    KeptPart,
    KeptReason,
    KeptRule,
    KeptStep,
    KeptVerdict,
    Trace,
    encoded,
)
from proxy.routing.rules.situation import Step
from proxy.routing.score.score import Contribution
from proxy.routing.selection.context import RuleTrace
from proxy.routing.selection.decision import Decision, Verdict
from proxy.routing.selection.reasons import Reason

_LONGEST: Final = 200
_LONGEST_REFUSAL: Final = 1000
_MOST: Final = 2**53


def packed(record: Record, words: Words) -> bytes | None:
    """None where there is nothing to tell."""
    notes = tuple([each.notes for each in record.tries])
    if not any(notes):
        notes = ()
    if record.decision is not None:
        return encoded(Trace((), notes, _decision(record.decision, words)))
    if not record.reasons and not notes:
        return None
    return encoded(Trace(record.reasons, notes))


def _decision(decision: Decision, words: Words) -> KeptDecision:
    result, score = decision.result, decision.score
    service, compared, refusal = result.service, decision.comparison, decision.refusal
    return KeptDecision(
        words[decision.route],
        words[decision.rule],
        result.matched_rule_index,
        None if service is None else words[service.provider],
        None if service is None else words[service.model],
        words[result.source],
        words[decision.tier],
        tuple([words[name] for name in result.evaluated_stages]),
        tuple([_reason(each, words) for each in result.reasons]),
        None if score is None else score.value,
        () if score is None else tuple([_part(each, words) for each in score.contributions]),
        tuple([_rule(each, words) for each in decision.judged]),
        tuple([_verdict(each, words) for each in decision.verdicts]),
        () if compared is None else _reason(compared, words),
        words[decision.session.origin],
        words[decision.kind],
        (TOOL_TURN if decision.is_tool_turn else 0) | (EXPLORED if decision.is_explored else 0),
        words[decision.config_version],
        "" if refusal is None else _text(refusal.sentence, _LONGEST_REFUSAL),
        words[decision.wanted],
        () if decision.economics is None else astuple(decision.economics),
    )


def _reason(reason: Reason, words: Words) -> KeptReason:
    return (words[reason.code], *[_text(each) if isinstance(each, str) else each for each in reason.values])


def _part(part: Contribution, words: Words) -> KeptPart:
    return KeptPart(words[part.signal], part.points, _text(part.evidence))


def _rule(rule: RuleTrace, words: Words) -> KeptRule:
    return KeptRule(words[rule.rule], rule.holds, tuple([_step(each, words) for each in rule.steps]))


def _step(step: Step, words: Words) -> KeptStep:
    found = _short(step.found)
    return KeptStep(
        words[step.signal], words[step.op], words[step.value], step.holds, found, words[step.note]
    )


def _verdict(verdict: Verdict, words: Words) -> KeptVerdict:
    service, why = verdict.service, verdict.reason
    if why is not None:
        stage = words[verdict.dropped_by]
        return words[service.provider], words[service.model], stage, *_reason(why, words)
    if verdict.dropped_by is not None:
        return words[service.provider], words[service.model], words[verdict.dropped_by]
    return words[service.provider], words[service.model]


def _text(text: str, longest: int = _LONGEST) -> str:
    """Clients may name any model, and some of what they may name can neither be stored nor shown."""
    if len(text) <= longest and text.isascii():
        return text
    return text[:longest].encode("utf-8", "replace").decode()


def _short(number: float | None) -> float | None:
    """Whole numbers take less room as such, if they are not beyond all bounds."""
    if isinstance(number, float) and number.is_integer() and abs(number) < _MOST:
        return int(number)
    return number
