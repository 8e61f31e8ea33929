"""What each kind of failure means for the exchange: another key, another service, or the client's to hear."""

from itertools import pairwise

import pytest

from proxy.routing.service import Candidate, Service
from proxy.upstream.judging import Failed, ends_the_exchange, is_about_the_key, most_useful
from proxy.wire.failure import Failure, FailureKind

ENDS = {"bad_request", "too_large", "content_filter", "stopping", "internal"}
OF_THE_KEY = {"unauthenticated", "forbidden", "quota", "rate_limit"}
FROM_THE_MOST_USEFUL = [
    FailureKind.CONTEXT_OVERFLOW,
    FailureKind.RATE_LIMIT,
    FailureKind.OVERLOADED,
    FailureKind.QUOTA,
    FailureKind.UNAUTHENTICATED,
    FailureKind.MODEL_NOT_FOUND,
    FailureKind.BAD_REQUEST,
    FailureKind.TIMEOUT,
    FailureKind.SERVER,
    FailureKind.CONNECTION,
    FailureKind.NO_SERVICE,
]


def failed(kind: FailureKind, sentence: str = "No.") -> Failed:
    return Failed(candidate=Candidate(Service("p", "m")), failure=Failure(kind, sentence))


@pytest.mark.parametrize("kind", FailureKind, ids=lambda kind: kind.value)
def test_every_kind_of_failure_leads_on_or_ends_the_exchange(kind: FailureKind) -> None:
    assert ends_the_exchange(Failure(kind, "No.")) == (kind.value in ENDS)


@pytest.mark.parametrize("kind", FailureKind, ids=lambda kind: kind.value)
def test_another_key_is_tried_where_the_key_is_what_failed(kind: FailureKind) -> None:
    assert is_about_the_key(Failure(kind, "No.")) == (kind.value in OF_THE_KEY)


@pytest.mark.parametrize(("more", "less"), list(pairwise(FROM_THE_MOST_USEFUL)))
def test_the_more_useful_of_two_failures_is_told(more: FailureKind, less: FailureKind) -> None:
    better, worse = failed(more), failed(less)
    assert most_useful([worse, better]) is better
    assert most_useful([better, worse]) is better


def test_of_equally_useful_failures_the_first_is_told() -> None:
    first, second = failed(FailureKind.SERVER, "one"), failed(FailureKind.SERVER, "two")
    assert most_useful([first, second]) is first
