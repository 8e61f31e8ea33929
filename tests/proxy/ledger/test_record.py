"""What the loop hands over."""

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.exchange import Exchange, Outcome
from proxy.ledger.record import recorded
from proxy.routing.health.key import Key
from proxy.secret import Secret
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure, FailureKind
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import a_record

_CLIENTS_OWN = Key.of_client("anthropic", "claude-code", Secret("any")).label
_INTEGERS = st.none() | st.integers(-(2**70), 2**70)
_USAGES = st.builds(
    Usage,
    input=_INTEGERS,
    cache_read=_INTEGERS,
    cache_write=_INTEGERS,
    cache_write_1h=_INTEGERS,
    output=_INTEGERS,
    reasoning=_INTEGERS,
    cost_usd=st.none() | st.floats(),
)


class Body:
    """Stands for the megabytes of a request."""


def _failed_while_it_held(body: Body) -> Exchange:
    def send(_body: Body) -> None:
        raise Failure(FailureKind.OVERLOADED, "Nobody is there.")

    try:
        send(body)
    except Failure as failure:
        return made.failed(made.refused(failure=failure), failure=failure)
    raise AssertionError


def test_nothing_of_a_request_is_held_by_its_record() -> None:
    """While a disk is full thousands wait; a failure's traceback alone would hold every body."""
    body = Body()
    exchange = _failed_while_it_held(body)
    assert exchange.failure is not None
    failure, freed = weakref.ref(exchange.failure), weakref.ref(body)
    record = recorded(exchange)
    del exchange, body
    gc.collect()

    assert (failure(), freed()) == (None, None)
    assert (record.error, record.tries[0].error) == ("overloaded", "overloaded")


def test_nothing_of_a_request_is_held_by_the_decision_about_it() -> None:
    about = made.signals_of("the plan is to rob a bank")
    exchange = made.exchange(decision=made.decided(about))
    assert about.latest_user_text, "the request was read"
    freed = weakref.ref(about)
    record = recorded(exchange)
    del exchange, about
    gc.collect()

    assert freed() is None
    assert record.decision is not None
    assert record.decision.rule == "private"


def test_times_are_milliseconds_after_it_was_opened() -> None:
    exchange = made.exchange(
        made.attempt(began=100.25, first_byte=100.5, ended=101.0),
        received=1_780_000_000.125,
        opened=100.0,
        decided=100.125,
        closed=101.5,
    )
    record = recorded(exchange)
    (one,) = record.tries

    assert (record.received, record.decided, record.ended) == (1_780_000_000_125, 125, 1500)
    assert (one.began, one.first_byte, one.ended) == (250, 500, 1000)


def test_what_never_came_to_an_end_was_cancelled_when_it_was_closed() -> None:
    record = a_record(made.attempt(ended=None, outcome=None), outcome=None, closed=None)

    assert (record.outcome, record.ended) == (Outcome.CANCELLED, 0)


def test_the_attempt_that_served_is_marked() -> None:
    first, second = made.attempt(), made.attempt("ollama/qwen3")
    record = recorded(made.exchange(first, second, serving=first))

    assert [each.serves for each in record.tries] == [True, False]


@pytest.mark.parametrize(
    "usage",
    [
        Usage(input=10**9 + 1),
        Usage(output=-1),
        Usage(input=2**64),
        Usage(input=1, reasoning=-(2**64)),
        Usage(input=1, cost_usd=-0.01),
        Usage(input=1, cost_usd=float("nan")),
        Usage(input=1, cost_usd=float("inf")),
        Usage(input=1, cost_usd=float("-inf")),
        Usage(input=1, cost_usd=10.0**7),
        Usage(),
    ],
)
def test_counts_that_nobody_believes_are_unknown(usage: Usage) -> None:
    assert a_record(made.attempt(usage=usage)).tries[0].usage is UNKNOWN


@pytest.mark.parametrize("usage", [Usage(input=0), Usage(output=10**9), Usage(input=1, cost_usd=0.0)])
def test_counts_that_may_be_are_kept(usage: Usage) -> None:
    assert a_record(made.attempt(usage=usage)).tries[0].usage == usage


@given(_USAGES)
def test_whatever_a_provider_says_can_be_accounted_for(usage: Usage) -> None:
    (settled,) = made.settled(made.exchange(made.attempt(usage=usage)))

    assert settled.account.cost is None or 0 <= settled.account.cost < 2**63


@pytest.mark.parametrize(
    ("token", "key", "is_paid_by_subscription"),
    [
        ("sk-ant-oat01-abc", _CLIENTS_OWN, True),
        ("sk-ant-oat01-abc", "main", False),
        ("sk-ant-api03-abc", _CLIENTS_OWN, False),
        (None, _CLIENTS_OWN, False),
    ],
)
def test_a_subscription_pays_when_the_clients_own_login_was_used(
    token: str | None, key: str, is_paid_by_subscription: bool
) -> None:
    credential = None if token is None else Secret(token)

    assert a_record(made.attempt(key=key), credential=credential).on_subscription is is_paid_by_subscription
