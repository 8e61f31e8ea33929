"""The log's line about an exchange names the service that its outcome is about."""

import logging

import pytest

from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.routing.service import Service
from proxy.server.logged import LogRecorder
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

NEAR, FAR = Attempt(Service("near", "m")), Attempt(Service("far", "big"))
GONE = Failure(FailureKind.CONNECTION, "The provider far cannot be reached.")
NO_KEY = Failure(FailureKind.NO_SERVICE, "The key of far is missing.")


def exchange(*attempts: Attempt, outcome: Outcome) -> Exchange:
    return Exchange(
        "req_1", Surface.MESSAGES, "sdk", "m", Format.ANTHROPIC, attempts=list(attempts), outcome=outcome
    )


def answered() -> Exchange:
    told = exchange(FAR, NEAR, outcome=Outcome.ANSWERED)
    told.serving, told.status = NEAR, 200
    return told


def failed(refused_by: Attempt | None, failure: Failure) -> Exchange:
    told = exchange(FAR, NEAR, outcome=Outcome.FAILED)
    told.refused_by, told.failure = refused_by, failure
    return told


def broken_off() -> Exchange:
    told = failed(NEAR, GONE)
    told.serving = FAR
    return told


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (answered(), "messages -> near/m after 2 attempts: 200"),
        (failed(FAR, GONE), "messages -> far/big after 2 attempts: The provider far cannot be reached."),
        (failed(None, NO_KEY), "messages -> nobody after 2 attempts: The key of far is missing."),
        (broken_off(), "messages -> far/big after 2 attempts: The provider far cannot be reached."),
        (exchange(NEAR, outcome=Outcome.CANCELLED), "messages -> near/m: the client hung up"),
        (exchange(outcome=Outcome.CANCELLED), "messages -> nobody: the client hung up"),
    ],
    ids=["answered", "refused", "no key", "broken off", "hung up", "hung up early"],
)
def test_one_line_tells_of_one_service(told: Exchange, line: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="tierwise.server"):
        LogRecorder().record(told)
    assert caplog.messages == [line]
