"""A decision as it is shown with its exchange: as it was made, and in a sentence what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proxy.exchange import Purpose
from proxy.ledger.traces.form import Trace
from proxy.ledger.traces.reading import decision_of
from proxy.routing.selection.sentence import Missed, sentence
from proxy.routing.selection.told import told
from proxy.routing.service import Service
from proxy.wire.failure import FailureKind

Attempts = Sequence[Mapping[str, Any]]

_KINDS = {kind.value: kind for kind in FailureKind}


def shown_decision(trace: Trace, attempts: Attempts, words: Mapping[int, str]) -> dict[str, Any] | None:
    """None where nothing was decided, or where it is no longer kept."""
    if trace.decision is None:
        return None
    decision = decision_of(trace.decision, words)
    return {
        **told(decision),
        "session": {"from": decision.session.origin},
        "sentence": sentence(decision, _served(attempts), tuple(_missed(attempts))),
    }


def reasons_of(trace: Trace, decision: Mapping[str, Any] | None) -> list[str]:
    """As sentences, whoever has found them."""
    if decision is None:
        return list(trace.reasons)
    return [each["text"] for each in decision["reasons"]]


def _served(attempts: Attempts) -> Service | None:
    return next((_service(each) for each in attempts if each["serves"]), None)


def _missed(attempts: Attempts) -> Iterator[Missed]:
    for each in attempts:
        kind = _KINDS.get(each["error"])
        if kind is not None and not each["serves"] and each["purpose"] == Purpose.ANSWER:
            yield _service(each), kind


def _service(attempt: Mapping[str, Any]) -> Service:
    return Service(attempt["provider"], attempt["model"])
