"""Bills, calculated by hand in dollars, and what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.money.cost import NANO, Cost, cost_of
from proxy.money.rates import FREE, Prices, Rate
from proxy.wire.anthropic.usage import read_usage as read_anthropic
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.gemini.usage import read_usage as read_gemini
from proxy.wire.openai_chat.usage import read_usage as read_chat

CLAUDE = Prices(Rate(3.0), Rate(15.0), Rate(0.3), Rate(3.75), Rate(6.0))
GPT = Prices(Rate(1.25), Rate(10.0), Rate(0.125))
GEMINI = Prices(
    Rate(1.25, ((200_000, 2.5),)), Rate(10.0, ((200_000, 15.0),)), Rate(0.125, ((200_000, 0.25),))
)
DEEPSEEK = Prices(Rate(0.66), Rate(1.98), Rate(0.022))


def dollars(usage: Usage, prices: Prices) -> float | None:
    cost = cost_of(usage, prices)
    return None if cost is None else cost.total / NANO


@pytest.mark.parametrize(
    ("usage", "prices", "expected"),
    [
        # .006 + .009 + .00375 + .012
        (Usage(2000, 30_000, 1000, 0, 800), CLAUDE, 0.03075),
        # of the 1,000 written 400 are kept for an hour: .006 + .009 + .00225 + .0024 + .012
        (Usage(2000, 30_000, 1000, 400, 800), CLAUDE, 0.03165),
        # .00375 + .00375 + .005, and the 300 of reasoning are among the 500
        (Usage(3000, 30_000, None, None, 500, 300), GPT, 0.0125),
        # the longest prompt at the lower price: .125 + .0125 + .01
        (Usage(100_000, 100_000, None, None, 1000), GEMINI, 0.1475),
        # one token more doubles all of it: .2500025 + .025 + .015
        (Usage(100_001, 100_000, None, None, 1000), GEMINI, 0.2900025),
        # .00066 + .0011 + .00198
        (Usage(1000, 50_000, None, None, 1000), DEEPSEEK, 0.00374),
        (Usage(10_000, 5000, 100, 50, 10_000), FREE, 0.0),
        # a prompt that was cached altogether
        (Usage(0, 30_000, None, None, 0), CLAUDE, 0.009),
        (Usage(cache_read=30_000), CLAUDE, 0.009),
        # no price for caches: all of it is input
        (Usage(1000, 1000, 1000, 500, 0), Prices(Rate(2.0), Rate(8.0)), 0.006),
        # no price for an hour: that of writing
        (Usage(0, 0, 1000, 1000, 0), Prices(Rate(2.0), Rate(8.0), None, Rate(2.5)), 0.0025),
        # only the known parts
        (Usage(input=1000), CLAUDE, 0.003),
        (Usage(output=1000), CLAUDE, 0.015),
        # more for an hour than was written is a count that makes no sense
        (Usage(0, 0, 100, 900, 0), CLAUDE, 0.0006),
        # a single cached token has a price
        (Usage(0, 1, None, None, 0), DEEPSEEK, 0.000000022),
        (Usage(0, 0, 0, 0, 0), CLAUDE, 0.0),
    ],
)
def test_a_bill_is_what_it_is_by_hand(usage: Usage, prices: Prices, expected: float) -> None:
    assert dollars(usage, prices) == pytest.approx(expected, abs=0.5 / NANO)


@pytest.mark.parametrize(
    ("usage", "prices"),
    [
        (UNKNOWN, CLAUDE),
        (Usage(reasoning=500), CLAUDE),
        (Usage(1000, output=10), Prices(Rate(3.0))),
        (Usage(1000, output=10), Prices(output=Rate(3.0))),
        (Usage(0, 1000, output=10), Prices(output=Rate(3.0))),
        (Usage(1000, output=10), Prices()),
    ],
)
def test_what_nobody_counted_or_priced_has_no_cost(usage: Usage, prices: Prices) -> None:
    assert cost_of(usage, prices) is None


def test_a_price_that_is_not_needed_need_not_be_known() -> None:
    assert cost_of(Usage(1000, output=0), Prices(Rate(0.02))) == Cost(input=20_000)


def test_the_parts_are_told_apart() -> None:
    usage = Usage(2000, 30_000, 1000, 400, 800)
    assert cost_of(usage, CLAUDE) == Cost(6_000_000, 9_000_000, 4_650_000, 12_000_000)


def test_all_ways_of_counting_the_same_tokens_cost_the_same() -> None:
    disjoint = read_anthropic(
        b'{"input_tokens":2000,"cache_read_input_tokens":30000,"cache_creation_input_tokens":1000,'
        b'"output_tokens":800}'
    )
    inclusive = read_chat(
        b'{"prompt_tokens":33000,"completion_tokens":800,"completion_tokens_details":{"reasoning_tokens":300},'
        b'"prompt_tokens_details":{"cached_tokens":30000,"cache_write_tokens":1000}}'
    )
    for usage in (disjoint, inclusive):
        cost = cost_of(usage, CLAUDE)
        assert cost is not None
        assert cost.total == 30_750_000


def test_thoughts_that_stand_beside_the_answer_are_paid_as_output_once() -> None:
    usage = read_gemini(
        b'{"promptTokenCount":33000,"cachedContentTokenCount":30000,"candidatesTokenCount":500,'
        b'"thoughtsTokenCount":300,"totalTokenCount":33800}'
    )
    # 3,000 fresh, 30,000 from the cache, 800 out: .00375 + .00375 + .008
    assert dollars(usage, GEMINI) == pytest.approx(0.0155)


def test_hits_and_misses_of_a_cache_are_a_prompt() -> None:
    usage = read_chat(
        b'{"prompt_tokens":51000,"completion_tokens":1000,"prompt_cache_hit_tokens":50000,'
        b'"prompt_cache_miss_tokens":1000}'
    )
    assert dollars(usage, DEEPSEEK) == pytest.approx(0.00374)


counts = st.integers(min_value=0, max_value=3_000_000)
amounts = st.floats(min_value=0, max_value=200, allow_nan=False)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    written = draw(counts)
    return Usage(draw(counts), draw(counts), written, draw(st.integers(0, written)), draw(counts))


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    base, higher = sorted((draw(amounts), draw(amounts)))
    return Rate(base, draw(st.sampled_from([(), ((200_000, higher),)])))


all_prices = st.builds(
    Prices, rates(), rates(), st.none() | rates(), st.none() | rates(), st.none() | rates()
)


@given(usages(), all_prices, st.sampled_from(["input", "cache_read", "output"]), counts)
def test_more_tokens_never_cost_less(usage: Usage, prices: Prices, kind: str, more: int) -> None:
    grown = usage.updated(Usage(**{kind: getattr(usage, kind) + more}))
    before, after = cost_of(usage, prices), cost_of(grown, prices)
    assert before is not None
    assert after is not None
    assert 0 <= before.total <= after.total


@given(usages(), st.builds(Prices, *[st.builds(Rate, amounts)] * 5))
def test_without_steps_the_whole_is_the_sum_of_its_parts(usage: Usage, prices: Prices) -> None:
    parts = [
        Usage(input=usage.input),
        Usage(cache_read=usage.cache_read, input=0),
        Usage(cache_write=usage.cache_write, cache_write_1h=usage.cache_write_1h, input=0),
        Usage(output=usage.output),
    ]
    costs = [cost_of(part, prices) for part in parts]
    whole = cost_of(usage, prices)
    assert whole is not None
    assert whole.total == sum(cost.total for cost in costs if cost is not None)
