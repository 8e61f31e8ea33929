"""What exchanges cost, and what they would have cost, in dollars that were worked out by hand.

A million tokens cost, in dollars:

                  input   output   cache read   write, 5 min   write, 1 h
    haiku 4.5         1        5         0.10           1.25            2
    opus 4.8          5       25         0.50           6.25           10
    gpt-5          1.25       10        0.125         (none)       (none)
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.exchange import Attempt, Exchange, Outcome, Purpose, Surface
from proxy.ledger.accounting import REPORTED, Account, Accounting
from proxy.ledger.record import recorded
from proxy.ledger.store.schema import Flag
from proxy.secret import Secret
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure, FailureKind
from tests.proxy.ledger.made import (
    CONFIG,
    NOW,
    attempt,
    catalogue,
    config_of,
    exchange,
    failed,
    refused,
    settled,
    write,
    writing,
)

OPUS, HAIKU, LOCAL = "anthropic/claude-opus-4-8", "anthropic/claude-haiku-4-5", "ollama/qwen3-coder:30b"
GPT = "openai/gpt-5"
RENTED = "openai/rented"

COLD = Usage(input=0, cache_read=0, cache_write=100_000, output=10_000)
WARM = Usage(input=0, cache_read=100_000, cache_write=10_000, output=10_000)
WARMER = Usage(input=0, cache_read=110_000, cache_write=10_000, output=10_000)


def usd(nano: int | None) -> float | None:
    return None if nano is None else nano / 1e9


def money(account: Account) -> tuple[float | None, float | None, float | None]:
    """Cost, baseline, and the baseline if its cache had done what the real one did."""
    return usd(account.cost), usd(account.baseline), usd(account.baseline_alike)


def accounts(*exchanges: Exchange, config: Any = CONFIG) -> list[Account]:
    return [each.account for each in settled(*exchanges, config=config)]


def one(*attempts: Attempt, config: Any = CONFIG, **overrides: Any) -> Account:
    (account,) = accounts(exchange(*attempts, **overrides), config=config)
    return account


def along(*turns: tuple[str, Usage, float], **overrides: Any) -> list[tuple[float | None, float | None]]:
    """Cost and baseline of the turns of one session: who served, what was used, seconds after the last."""
    at, exchanges = NOW, []
    for service, usage, after in turns:
        at += after
        exchanges.append(exchange(attempt(service, usage=usage), received=at, **overrides))
    return [(usd(each.cost), usd(each.baseline)) for each in accounts(*exchanges)]


def has(account: Account, flag: Flag) -> bool:
    return bool(account.flags & flag)


# -- one exchange ------------------------------------------------------------------------------------


def test_the_model_that_was_asked_for_saves_nothing() -> None:
    account = one(attempt(OPUS, usage=WARM))
    assert money(account) == (0.3625, 0.3625, 0.3625)  # .05 + .0625 + .25
    assert (account.price_source, account.compared_with) == ("catalogue", "claude-opus-4-8")


def test_a_cheaper_model_saves_the_difference() -> None:
    account = one(attempt(HAIKU, usage=COLD))
    assert money(account) == (0.175, 0.875, 0.875)  # .125 + .05; .625 + .25


def test_a_local_model_costs_nothing_and_is_compared_without_its_cache() -> None:
    account = one(attempt(LOCAL, usage=Usage(input=100_000, output=10_000)))
    assert money(account) == (0.0, 0.875, 0.75)  # written at 6.25; sent at 5
    assert account.price_source == "local"
    assert has(account, Flag.LOCAL)


def test_a_local_model_costs_nothing_however_much_it_has_done() -> None:
    account = one(attempt(LOCAL, usage=UNKNOWN))
    assert money(account) == (0.0, None, None)
    assert account.price_source == "local"


CLOUD = "ollama/gpt-oss:120b-cloud"
PASSED_ON = [
    pytest.param(lambda **more: attempt(CLOUD, **more), id="as its name says"),
    pytest.param(lambda **more: attempt(LOCAL, leaves=True, **more), id="as its server said"),
]


@pytest.mark.parametrize("passed_on", PASSED_ON)
def test_what_a_local_server_passes_on_is_neither_local_nor_free(passed_on: Callable[..., Attempt]) -> None:
    account = one(passed_on(usage=Usage(input=100_000, output=10_000)))
    assert (account.cost, account.price_source) == (None, "unpriced")
    assert has(account, Flag.UNPRICED)
    assert has(account, Flag.PASSED_ON)
    assert not has(account, Flag.LOCAL)


@pytest.mark.parametrize("passed_on", PASSED_ON)
def test_what_was_passed_on_costs_what_the_user_says_also_afterwards(
    passed_on: Callable[..., Attempt],
) -> None:
    made = passed_on(usage=Usage(input=1_000_000, output=1_000_000))
    priced = config_of(prices={str(made.service): {"input": 0.1, "output": 0.2}})
    assert usd(one(made, config=priced).cost) == pytest.approx(0.3)
    record = recorded(exchange(made))
    then = Accounting(config_of(), catalogue()).settled(record, 1)
    now = Accounting(priced, catalogue()).settled(record, 1, then)
    assert (then.cost, usd(now.cost)) == (None, pytest.approx(0.3))
    assert has(now, Flag.PASSED_ON)


@pytest.mark.parametrize("passed_on", PASSED_ON)
def test_what_was_passed_on_and_came_to_nothing_is_no_freer_afterwards(
    passed_on: Callable[..., Attempt],
) -> None:
    broken = passed_on(outcome=Outcome.FAILED, status=200, usage=UNKNOWN)
    record = recorded(exchange(broken, attempt(HAIKU)))
    then = Accounting(config_of(), catalogue()).settled(record, 1)
    now = Accounting(config_of(), catalogue()).settled(record, 1, then)
    assert then.tries[0] is None
    assert now.tries == then.tries


def test_a_local_model_costs_what_the_user_says() -> None:
    config = config_of(prices={LOCAL: {"input": 0.1, "output": 0.2}})
    account = one(attempt(LOCAL, usage=Usage(input=1_000_000, output=1_000_000)), config=config)
    assert usd(account.cost) == pytest.approx(0.3)
    assert account.price_source == "user"


def test_what_is_written_for_an_hour_costs_more_on_both_sides() -> None:
    usage = Usage(input=0, cache_write=100_000, cache_write_1h=100_000, output=0)
    account = one(attempt(HAIKU, usage=usage), cache_seconds=3600)
    assert money(account) == (0.2, 1.0, 1.0)


def test_a_failure_that_led_elsewhere_is_free_where_nothing_was_used() -> None:
    account = one(refused(HAIKU), attempt(OPUS, usage=COLD))
    assert money(account) == (0.875, 0.875, 0.875)
    assert account.tries == (0, 875_000_000)
    assert account.other_cost == 0
    assert not has(account, Flag.PARTIAL)


def test_what_a_failed_attempt_used_is_paid_for_and_saves_less_than_nothing() -> None:
    broken = refused(HAIKU, usage=Usage(input=100_000, output=2_000))
    account = one(broken, attempt(OPUS, usage=COLD))
    assert usd(account.other_cost) == 0.11  # .1 + .01
    assert money(account) == (0.985, 0.875, 0.875)
    assert account.tries == (110_000_000, 875_000_000)


@pytest.mark.parametrize("purpose", [Purpose.CASCADE, Purpose.JUDGE, Purpose.SHADOW])
def test_what_was_tried_and_not_served_is_paid_for(purpose: Purpose) -> None:
    tried = attempt(HAIKU, usage=COLD, purpose=purpose)
    account = one(tried, attempt(OPUS, usage=COLD))
    assert usd(account.other_cost) == 0.175
    assert money(account) == (1.05, 0.875, 0.875)


def test_an_attempt_of_which_nobody_knows_what_it_used_leaves_the_cost_partial() -> None:
    cut = attempt(HAIKU, status=200, outcome=Outcome.FAILED, usage=UNKNOWN)
    account = one(cut, attempt(OPUS, usage=COLD))
    assert account.tries[0] is None
    assert usd(account.cost) == 0.875
    assert has(account, Flag.PARTIAL)


def test_an_answer_that_nobody_counted_has_no_known_cost() -> None:
    account = one(attempt(OPUS, usage=UNKNOWN))
    assert money(account) == (None, None, None)
    assert not has(account, Flag.UNPRICED)


def test_nobody_served_and_nobody_is_paid() -> None:
    (account,) = accounts(failed(refused(), refused(OPUS)))
    assert money(account) == (0.0, None, None)
    assert account.price_source is None


def test_nobody_served_and_somebody_is_paid_all_the_same() -> None:
    (account,) = accounts(failed(refused(HAIKU, usage=Usage(input=100_000, output=0))))
    assert money(account) == (0.1, None, None)


def test_an_answer_that_was_hung_up_on_is_priced_as_far_as_it_is_known() -> None:
    cut = attempt(HAIKU, outcome=Outcome.CANCELLED, usage=Usage(input=100_000, output=None))
    account = one(cut, outcome=Outcome.CANCELLED)
    assert usd(account.cost) == 0.1
    assert has(account, Flag.PARTIAL)


@pytest.mark.parametrize(
    ("usage", "outcome", "is_partial"),
    [
        (COLD, Outcome.ANSWERED, False),
        (COLD, Outcome.CANCELLED, True),
        (COLD, Outcome.FAILED, True),
        (Usage(input=5), Outcome.ANSWERED, True),
        (Usage(output=5), Outcome.ANSWERED, True),
    ],
)
def test_counts_that_are_not_the_whole_are_partial(usage: Usage, outcome: Outcome, is_partial: bool) -> None:
    assert has(one(attempt(usage=usage), outcome=outcome), Flag.PARTIAL) is is_partial


def test_a_service_without_a_price_is_unknown_and_never_free() -> None:
    account = one(attempt(RENTED, usage=COLD))
    assert money(account) == (None, None, None)
    assert account.price_source == "unpriced"
    assert has(account, Flag.UNPRICED)


def test_a_subscription_has_no_cost_and_is_not_compared() -> None:
    own = attempt(OPUS, usage=COLD, key="client:claude-code")
    account = one(own, credential=Secret("sk-ant-oat-made-up"))
    assert money(account) == (None, None, None)
    assert account.price_source is None
    assert has(account, Flag.SUBSCRIPTION)
    assert not has(account, Flag.UNPRICED)


def test_a_clients_own_key_is_paid_by_the_token() -> None:
    own = attempt(OPUS, usage=COLD, key="client:claude-code")
    assert usd(one(own, credential=Secret("sk-ant-api-made-up")).cost) == 0.875


def test_what_the_provider_says_it_charged_is_believed() -> None:
    usage = Usage(input=1_000_000, output=0, cost_usd=0.25)
    account = one(attempt(RENTED, usage=usage), requested_model="gpt-5", cache_seconds=0)
    assert money(account) == (0.25, 1.25, 1.25)
    assert account.price_source == REPORTED
    assert not has(account, Flag.UNPRICED)


def test_what_the_provider_charged_is_what_its_own_service_would_have_charged() -> None:
    usage = Usage(input=1_000_000, output=0, cost_usd=1.3)
    account = one(attempt(GPT, usage=usage), requested_model=GPT)
    assert money(account) == (1.3, 1.3, 1.3)


@pytest.mark.parametrize("said", [0.0, None])
def test_a_local_server_that_reports_no_charge_is_local(said: float | None) -> None:
    assert one(attempt(LOCAL, usage=Usage(input=5, output=5, cost_usd=said))).price_source == "local"


def test_a_dated_name_of_the_very_model_that_served_saves_nothing() -> None:
    """The tiers have the model under its short name, the client asks for it by its date."""
    usage = Usage(input=3_000, cache_read=50_000, cache_write=0, output=100)
    account = one(attempt(HAIKU, usage=usage), requested_model="claude-haiku-4-5-20251001")
    assert account.compared_with == "claude-haiku-4-5-20251001"
    assert account.cost == account.baseline == account.baseline_alike == 8_500_000


# -- with what it is compared ------------------------------------------------------------------------


@pytest.mark.parametrize("requested", ["auto", "simple", "made-up-model", None])
def test_the_reference_stands_in_and_that_is_said(requested: str | None) -> None:
    account = one(attempt(HAIKU, usage=COLD), requested_model=requested)
    assert money(account) == (0.175, 0.875, 0.875)
    assert account.compared_with == OPUS
    assert has(account, Flag.REFERENCE)


@pytest.mark.parametrize("requested", ["auto", "made-up-model", None])
def test_without_a_reference_there_is_nothing_to_compare_with(requested: str | None) -> None:
    account = one(attempt(HAIKU, usage=COLD), requested_model=requested, config=config_of())
    assert money(account) == (0.175, None, None)
    assert account.compared_with is None
    assert not has(account, Flag.REFERENCE)


# -- along a session ---------------------------------------------------------------------------------


def test_a_cheaper_model_with_a_warm_cache_is_compared_with_a_warm_cache() -> None:
    assert along((HAIKU, COLD, 0), (HAIKU, WARM, 60), (HAIKU, WARMER, 60)) == [
        (0.175, 0.875),
        (0.0725, 0.3625),  # .01 + .0125 + .05; .05 + .0625 + .25
        (0.0735, 0.3675),
    ]


def test_a_switch_that_breaks_a_warm_cache_can_cost_more_than_it_saves() -> None:
    """Asked for haiku, which had the prompt cached; opus reads it anew, and so does haiku afterwards."""
    asked = {"requested_model": "claude-haiku-4-5"}
    cold_again = Usage(input=0, cache_read=0, cache_write=120_000, output=10_000)
    assert along(
        (HAIKU, COLD, 0),
        (OPUS, Usage(input=0, cache_read=0, cache_write=110_000, output=10_000), 200),
        (HAIKU, cold_again, 200),
        **asked,
    ) == [
        (0.175, 0.175),
        (0.9375, 0.0725),  # .6875 + .25; .01 + .0125 + .05
        (0.2, 0.0735),  # .15 + .05; .011 + .0125 + .05
    ]


def test_a_local_turn_in_a_warm_session_saves_only_what_a_warm_turn_costs() -> None:
    assert along((OPUS, COLD, 0), (LOCAL, Usage(input=110_000, output=10_000), 60)) == [
        (0.875, 0.875),
        (0.0, 0.3625),
    ]


def test_after_its_time_the_baselines_cache_is_cold_too() -> None:
    later = Usage(input=110_000, output=10_000)
    assert along((LOCAL, Usage(input=100_000, output=10_000), 0), (LOCAL, later, 301)) == [
        (0.0, 0.875),
        (0.0, 0.9375),  # .6875 + .25
    ]


def test_a_prompt_that_is_kept_for_an_hour_is_still_warm_then() -> None:
    turns = (LOCAL, Usage(input=100_000, output=10_000), 0), (LOCAL, Usage(input=110_000, output=0), 3000)
    assert along(*turns, cache_seconds=3600) == [(0.0, 1.25), (0.0, 0.15)]  # 1.0 + .25; .05 + .1


def test_after_it_was_made_shorter_a_conversation_is_cold() -> None:
    short = Usage(input=10_000, output=0)
    assert along((LOCAL, Usage(input=100_000, output=0), 0), (LOCAL, short, 10), (LOCAL, short, 10)) == [
        (0.0, 0.625),
        (0.0, 0.0625),
        (0.0, 0.005),
    ]


def test_a_subagent_does_not_disturb_the_conversation_around_it() -> None:
    turns = [(LOCAL, Usage(input=tokens, output=0), 10) for tokens in (100_000, 20_000, 100_000, 20_000)]
    assert along(*turns) == [(0.0, 0.625), (0.0, 0.125), (0.0, 0.05), (0.0, 0.01)]


def test_models_that_are_asked_for_in_turn_have_caches_of_their_own() -> None:
    usage = Usage(input=100_000, output=0)
    asked = ("claude-opus-4-8", "claude-haiku-4-5", "claude-opus-4-8", "claude-haiku-4-5")
    made = [exchange(attempt(LOCAL, usage=usage), requested_model=model) for model in asked]
    assert [usd(each.baseline) for each in accounts(*made)] == [0.625, 0.125, 0.05, 0.01]


def test_an_automatic_cache_reads_at_its_price_and_writes_at_none() -> None:
    usage = Usage(input=100_000, output=10_000)
    turns = [(LOCAL, usage, after) for after in (0, 599, 601)]
    expected = [(0.0, 0.225), (0.0, 0.1125), (0.0, 0.225)]  # .125 + .1; .0125 + .1
    assert along(*turns, requested_model="gpt-5", cache_seconds=0) == expected


def test_a_marked_prompt_is_not_marked_for_who_does_not_ask() -> None:
    usage = Usage(input=100_000, output=0)
    assert along((LOCAL, usage, 0), (LOCAL, usage, 1), cache_seconds=0) == [(0.0, 0.5), (0.0, 0.5)]


def test_without_a_session_every_turn_stands_alone() -> None:
    usage = Usage(input=100_000, output=0)
    assert along((LOCAL, usage, 0), (LOCAL, usage, 1), session=None) == [(0.0, 0.625), (0.0, 0.625)]


@pytest.mark.parametrize("unknown", [RENTED, "anthropic/unheard-of"])
def test_a_turn_without_a_known_price_has_warmed_the_baselines_cache(unknown: str) -> None:
    usage = Usage(input=100_000, output=0)
    assert along((unknown, usage, 0), (LOCAL, usage, 10)) == [(None, None), (0.0, 0.05)]


# -- the levers --------------------------------------------------------------------------------------

COUNTS = st.none() | st.integers(0, 300_000)
USAGES = st.just(UNKNOWN) | st.builds(
    Usage,
    input=COUNTS,
    cache_read=COUNTS,
    cache_write=COUNTS,
    cache_write_1h=COUNTS,
    output=COUNTS,
    cost_usd=st.none() | st.floats(0, 100),
)
ATTEMPTS = st.builds(
    lambda service, usage, outcome, purpose: attempt(service, usage=usage, outcome=outcome, purpose=purpose),
    st.sampled_from([OPUS, HAIKU, LOCAL, GPT, RENTED, "gone/model"]),
    USAGES,
    st.sampled_from(list(Outcome)),
    st.sampled_from(list(Purpose)),
)
EXCHANGES = st.builds(
    lambda attempts, is_served, requested, outcome, session, after: exchange(
        *attempts,
        serving=attempts[-1] if is_served else None,
        requested_model=requested,
        outcome=outcome,
        session=session,
        received=NOW + after,
        cache_seconds=300,
    ),
    st.lists(ATTEMPTS, min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from(["claude-opus-4-8", "claude-haiku-4-5", "gpt-5", "auto", "made-up", None]),
    st.sampled_from(list(Outcome)),
    st.sampled_from([None, "a", "b"]),
    st.integers(0, 2_000),
)

_SUMMED = """
select sum(baseline), sum(compared_cost),
    sum(saved_routing + saved_local + saved_avoided + saved_caching + saved_retries),
    sum(estimated_baseline), sum(estimated_cost), sum(cost) from quarters
"""
_COUNTED = """
select coalesce(sum(baseline), 0), coalesce(sum(case when baseline is not null then cost end), 0),
    coalesce(sum(coalesce(cost, other_cost)), 0) from exchanges
"""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EXCHANGES, min_size=1, max_size=12))
def test_the_levers_add_up_to_what_was_saved(tmp_path: Path, exchanges: list[Exchange]) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        for table in ("exchanges", "tries", "traces", "quarters"):
            scribe.connection.execute(f"delete from {table}")
        write(scribe, exchanges)
        baseline, cost, levers, estimated, estimated_cost, all_cost = scribe.connection.execute(
            _SUMMED
        ).fetchone()
        counted = scribe.connection.execute(_COUNTED).fetchone()
    assert levers == baseline - cost
    assert (baseline, cost, all_cost) == counted
    assert 0 <= estimated <= baseline
    assert 0 <= estimated_cost <= cost


@pytest.mark.parametrize(
    ("lever", "exchanges", "dollars"),
    [
        ("saved_routing", lambda: [exchange(attempt(HAIKU, usage=COLD))], 0.7),
        ("saved_local", lambda: [exchange(attempt(LOCAL, usage=Usage(input=100_000, output=0)))], 0.5),
        ("saved_caching", lambda: [exchange(attempt(LOCAL, usage=Usage(input=100_000, output=0)))], 0.125),
        (
            "saved_retries",
            lambda: [exchange(refused(usage=Usage(input=100_000, output=0)), attempt(OPUS, usage=COLD))],
            -0.1,
        ),
    ],
)
def test_every_lever_has_its_part(tmp_path: Path, lever: str, exchanges: Any, dollars: float) -> None:
    with writing(tmp_path / "tierwise.db") as scribe:
        write(scribe, exchanges())
        ((nano,),) = scribe.connection.execute(f"select sum({lever}) from quarters").fetchall()
    assert usd(nano) == dollars


# -- what is not known is not nothing ----------------------------------------------------------------


def test_a_client_that_hangs_up_before_the_first_byte_leaves_the_cost_unknown() -> None:
    cut = attempt(status=None, outcome=Outcome.CANCELLED, first_byte=None, usage=UNKNOWN)
    account = one(cut, serving=None, outcome=Outcome.CANCELLED)
    assert (account.cost, account.baseline) == (None, None)


@pytest.mark.parametrize(
    ("status", "kind", "cost"),
    [
        (None, FailureKind.CONNECTION, 0),
        (None, FailureKind.TIMEOUT, None),
        (529, FailureKind.OVERLOADED, 0),
        (200, FailureKind.BROKEN_OFF, None),
    ],
)
def test_only_a_refusal_and_a_door_that_stays_shut_are_sure_to_be_free(
    status: int | None, kind: FailureKind, cost: int | None
) -> None:
    tried = attempt(status=status, outcome=Outcome.FAILED, failure=Failure(kind, "no"), usage=UNKNOWN)
    assert one(tried, serving=None, outcome=Outcome.FAILED).cost == cost


def test_a_stream_that_broke_off_uncounted_says_so() -> None:
    cut = attempt(outcome=Outcome.FAILED, failure=Failure(FailureKind.BROKEN_OFF, "no"), usage=UNKNOWN)
    account = one(cut, outcome=Outcome.FAILED)
    assert account.cost is None
    assert has(account, Flag.PARTIAL)


def test_vectors_are_whole_without_output_and_no_chat_model_stands_in_for_theirs() -> None:
    made = attempt("openai/text-embedding-3-small", usage=Usage(1_000_000))
    known = one(made, surface=Surface.EMBEDDINGS, requested_model="text-embedding-3-small")
    assert money(known) == (0.02, 0.02, 0.02)
    assert not has(known, Flag.PARTIAL)
    unknown = one(made, surface=Surface.EMBEDDINGS, requested_model="auto")
    assert (unknown.cost, unknown.baseline) == (20_000_000, None)


def test_what_ran_here_stays_free_when_its_provider_has_moved_away() -> None:
    here = config_of(providers={"box": {"kind": "openai-compatible", "base_url": "http://127.0.0.1:9/v1"}})
    away = config_of(providers={"box": {"kind": "openai", "base_url": "https://api.openai.com/v1"}})
    record = recorded(exchange(attempt("box/gpt-5")))
    then = Accounting(here, catalogue()).settled(record, 1)
    now = Accounting(away, catalogue()).settled(record, 1, then)
    assert (then.cost, now.cost) == (0, 0)
    assert has(now, Flag.LOCAL)
    fresh = Accounting(away, catalogue()).settled(record, 1)
    assert fresh.cost
    assert Accounting(here, catalogue()).settled(record, 1, fresh).cost == fresh.cost


def test_only_what_was_written_for_an_hour_is_priced_so() -> None:
    mixed = attempt(usage=Usage(0, 0, 10_000, 2_000, 100))
    account = one(mixed, cache_seconds=3600)
    assert account.baseline == account.baseline_alike
