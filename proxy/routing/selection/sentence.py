"""A decision in one sentence, for somebody who wonders at midnight why a request went where it went.

It says who was asked, what kind of turn it was and what settled it, in words of ours and of the
configuration. Nothing of what the request says is in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from proxy.routing.selection.comparison import comparison_text
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.phrases import ASIDES, SEVERAL_BROKEN, TAILS, clause_of, tail_of
from proxy.routing.selection.reasons import Reason, reason
from proxy.routing.service import Service
from proxy.routing.signals import Kind
from proxy.wire.failure import FailureKind

Missed = tuple[Service, FailureKind]
"""A service that was asked and did not answer, and why."""

_TYPED: Final = {
    Kind.MAIN: "typed turn",
    Kind.SUBAGENT: "turn of a subagent",
    Kind.COMPACTION: "compaction of a session",
    Kind.TITLE: "title for a session",
    Kind.SUGGESTION: "suggestion for the user",
    Kind.WARM_UP: "warm-up call",
    Kind.QUOTA_PROBE: "quota probe",
    Kind.COUNT: "token count",
    Kind.CHORE: "chore on the side",
}
_TOOL: Final = {Kind.MAIN: "tool result", Kind.SUBAGENT: "tool result of a subagent"}
_STAYS: Final = frozenset({"affinity.pinned", "affinity.only", "affinity.history"})
_ABOUT_EMBEDDINGS: Final = frozenset({"passthrough.embeddings", "smart_routing.embeddings"})

_FAILED: Final = {
    FailureKind.BAD_REQUEST: "refused the request",
    FailureKind.UNAUTHENTICATED: "its key was refused",
    FailureKind.QUOTA: "quota used up",
    FailureKind.FORBIDDEN: "not allowed",
    FailureKind.NOT_FOUND: "nothing at its address",
    FailureKind.MODEL_NOT_FOUND: "model not found",
    FailureKind.METHOD_NOT_ALLOWED: "refused the request",
    FailureKind.TOO_LARGE: "request too large",
    FailureKind.CONTEXT_OVERFLOW: "context window too small",
    FailureKind.CONTENT_FILTER: "its content filter stopped it",
    FailureKind.RATE_LIMIT: "rate limited",
    FailureKind.NO_SERVICE: "not available",
    FailureKind.OVERLOADED: "overloaded",
    FailureKind.SERVER: "error at the provider",
    FailureKind.CONNECTION: "not reachable",
    FailureKind.BAD_ANSWER: "unreadable answer",
    FailureKind.BROKEN_OFF: "answer broke off",
    FailureKind.TIMEOUT: "took too long",
    FailureKind.STOPPING: "Tierwise was stopping",
    FailureKind.INTERNAL: "mistake of Tierwise",
}

_WISHES: Final = frozenset({"tier.header", "tier.command", "tier.override", "tier.model"})
_MOVED: Final = frozenset(
    {"affinity.up", "affinity.down", "affinity.restarted", "affinity.free", "affinity.pays"}
)
_SETTLED_ELSEWHERE: Final = {
    "affinity": ("tier.score", "tier.inherited", "tier.rule", "tier.off", "load_balancer.", "health.marked"),
    "smart_routing": ("tier.score", "load_balancer.only"),
    "tier": ("load_balancer.only",),
}
"""Findings that say nothing about a service which another stage has found."""
_STRONGER: Final = {
    "smart_routing.matched": frozenset(
        {"tier.rule", "smart_routing.nobody", "smart_routing.unwell", "smart_routing.slow_strict"}
    ),
    "smart_routing.inherited": frozenset({"affinity.tool_turn", "affinity.call"}),
    "tier.header": frozenset({"affinity.forced", "smart_routing.asked"}),
    "tier.model": frozenset({"affinity.forced", "smart_routing.asked"}),
    "tier.command": frozenset({"affinity.forced", "smart_routing.asked"}),
    "tier.override": frozenset({"affinity.forced", "smart_routing.asked"}),
    "tier.slack": _MOVED,
    "tier.score": _MOVED,
}
"""Findings that another one says better."""
_MOST_CLAUSES: Final = 3


def sentence(decision: Decision, served: Service | None = None, failures: Sequence[Missed] = ()) -> str:
    """Before it is carried out, or with who has answered in the end and who was asked in vain."""
    if decision.refusal is not None:
        told = decision.refusal.sentence or "No configured service can take this request"
        return _ended(f"Not sent: {_small(told)}")
    picked = decision.service
    if picked is None:
        return "Not sent: no configured service can take this request."
    if served is None and failures:
        return _ended(f"Not answered: {_missed(failures)}")
    where = served or picked
    moved = _why_elsewhere(where, picked, failures)
    clauses = [*moved, *_why(decision)]
    compared = decision.comparison
    if compared is not None and where == picked:
        clauses.append(comparison_text(compared))
    told = "; ".join(clause for clause in clauses if clause)
    return _ended(f"Sent to {where}: {told}" if told else f"Sent to {where}")


def _why(decision: Decision) -> Iterator[str]:
    """What kind of turn it is, and the findings that settled who is asked, then asides."""
    found = sorted(_telling(decision), key=lambda each: each.code in ASIDES)
    tail = next((each for code in TAILS for each in found if each.code == code), None)
    turn = _turn(decision)
    if turn:
        yield turn + ("" if tail is None else tail_of(tail))
    clauses = [clause_of(each) for each in found if each is not tail or each.code == "affinity.only"]
    yield from [clause for clause in clauses if clause][:_MOST_CLAUSES]


def _telling(decision: Decision) -> Iterator[Reason]:
    """The findings that had a part in it, each thing said once."""
    codes = {each.code for each in decision.reasons}
    aside = _SETTLED_ELSEWHERE.get(decision.source, ())
    marked = 0
    for each in _together(decision.reasons):
        if each.code.startswith(aside) or codes & _STRONGER.get(each.code, frozenset()):
            continue
        if each.code in _WISHES and decision.is_tool_turn:
            continue  # wishes are for typed turns
        if each.code == "health.marked":
            marked += 1
            if marked > 1 or each.values[:1] == (str(decision.service),):
                continue
        yield each


def _together(found: Sequence[Reason]) -> Sequence[Reason]:
    """Rules that are broken are all told of in one breath."""
    others = [each for each in found if each.code != "smart_routing.broken"]
    broken = len(found) - len(others)
    return found if broken < 2 else [*others, reason(SEVERAL_BROKEN, broken)]


def _turn(decision: Decision) -> str:
    codes = {each.code for each in decision.reasons}
    if codes & _ABOUT_EMBEDDINGS:
        return "request for embeddings"
    if decision.is_tool_turn:
        return _TOOL.get(decision.kind, _TYPED[decision.kind])
    if decision.kind is not Kind.MAIN:
        return _TYPED[decision.kind]
    if codes & _STAYS:
        return "follow-up"
    return "" if decision.source in ("probe_pin", "passthrough") else _TYPED[Kind.MAIN]


def _why_elsewhere(where: Service, picked: Service, failures: Sequence[Missed]) -> Iterator[str]:
    """What kept those who would have come first from answering."""
    before = [each for each in failures if each[0] != where]
    if before:
        yield f"{_missed(before)}, so the next in line was asked"
    elif where != picked:
        yield f"{picked} could not be asked any more, so the next in line was"


def _missed(failures: Iterable[Missed]) -> str:
    """Each service once, with what it failed of last."""
    last = dict(failures)
    each = [f"{service} failed ({_FAILED[kind]})" for service, kind in last.items()]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if text.startswith(("The ", "No ", "Nobody ", "Every ")) else text


def _ended(text: str) -> str:
    """On one line, whatever a name of the configuration holds."""
    return " ".join(text.split()).rstrip(".: ") + "."
