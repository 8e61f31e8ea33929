"""Decisions for tests of what is told of them."""

from typing import Any

from proxy.routing.selection.decision import Decision, SelectionResult
from proxy.routing.selection.reasons import Reason
from proxy.routing.service import Candidate, Service

PICK = Service("ollama", "qwen3")
OTHER = Service("anthropic", "claude-opus-4-8")


def decided(*reasons: Reason, source: str = "tier", pick: Service | None = PICK, **more: Any) -> Decision:
    result = SelectionResult(
        service=pick, source=source, evaluated_stages=("health", "smart_routing"), reasons=reasons
    )
    candidates = () if pick is None else (Candidate(pick, tier="SIMPLE"), Candidate(OTHER, tier="COMPLEX"))
    return Decision(result=result, candidates=candidates, **more)
