"""What a stage is: a name, and one function from a context and candidates to what is left of them."""

from dataclasses import dataclass
from typing import Protocol

import msgspec

from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.reasons import Reason
from proxy.routing.service import Candidate
from proxy.wire.failure import FailureKind


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody can be asked: a sentence for the user, and what it means to the client."""

    sentence: str
    kind: FailureKind = FailureKind.NO_SERVICE
    status: int | None = None
    tokens: int | None = None
    """Of a prompt that is too long, and the most that anybody takes."""
    maximum: int | None = None


class StageResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Candidates that are left, or a pick, or a refusal; each with its reasons."""

    context: SelectionContext
    candidates: Candidates = ()
    pick: Candidate | None = None
    source: str = ""
    refusal: Refusal | None = None
    order: Candidates = ()
    """With a pick: who stands beside it, in the order in which they would be asked instead."""
    explored: bool = False
    reasons: tuple[Reason, ...] = ()


class Stage(Protocol):
    """One step of a selection. It looks at nothing but what it is given, and changes nothing."""

    @property
    def name(self) -> str: ...

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult: ...


def final_result(
    context: SelectionContext,
    pick: Candidate,
    source: str,
    *reasons: Reason,
    order: Candidates = (),
    explored: bool = False,
) -> StageResult:
    """The stage has found the service. The selector looks at it once more before it believes that."""
    return StageResult(
        context=context, pick=pick, source=source, order=order, explored=explored, reasons=reasons
    )


def filter_result(context: SelectionContext, candidates: Candidates, *reasons: Reason) -> StageResult:
    """The stage leaves these; they may be all that came."""
    return StageResult(context=context, candidates=candidates, reasons=reasons)


def refused_result(context: SelectionContext, refusal: Refusal, *reasons: Reason) -> StageResult:
    """Nobody can be asked, and no later stage could change that."""
    return StageResult(context=context, refusal=refusal, reasons=reasons)
