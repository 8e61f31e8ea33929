"""When a switch to another model pays: against the notes' sizes, against a simulation, and by its laws."""

from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.money.break_even import MOST_TURNS, NEVER, BreakEven, Side, Turnover, break_even
from proxy.money.caching import CacheRules, CacheSimulation, Turn, cache_rules
from proxy.money.catalogue import FILE, Catalogue
from proxy.money.cost import NANO, cost_of
from proxy.money.rates import FREE, Prices, Rate
from proxy.wire.canonical import Usage
from resources import resource

MARKED = cache_rules("anthropic")
AUTOMATIC = cache_rules("openai")
NOW = 1_780_000_000.0


@cache
def catalogue() -> Catalogue:
    return Catalogue(resource(FILE).read_bytes())


def listed(kind: str, model: str, cached: int = 0) -> Side:
    """A model at the catalogue's prices."""
    found = catalogue().find(kind, model, at=NOW)
    assert found is not None
    assert found.prices is not None
    return Side(found.prices, cache_rules(kind, model), cached)


def claude(model: str, cached: int = 0) -> Side:
    return listed("anthropic", f"claude-{model}", cached)


def prices(input_: float, output: float, read: float | None = None, written: float | None = None) -> Prices:
    return Prices(
        Rate(input_),
        Rate(output),
        None if read is None else Rate(read),
        None if written is None else Rate(written),
    )


def judged(stay: Side, switch: Side, turnover: Turnover) -> BreakEven:
    found = break_even(stay, switch, turnover)
    assert found is not None
    return found


def after(prefix: int, turns: float = 10.0) -> Turnover:
    """The turn that follows one whose prompt had so many tokens."""
    return Turnover(prompt=prefix + 2000, turns=turns)


# -- sizes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "prefix", "turns"),
    [
        ("opus-4-8", "haiku-4-5", 30_000, 0.8),
        ("opus-4-8", "haiku-4-5", 100_000, 1.7),
        ("opus-4-8", "sonnet-4-6", 30_000, 5.0),
        ("opus-4-8", "sonnet-4-6", 100_000, 9.9),
        ("sonnet-4-6", "haiku-4-5", 30_000, 1.7),
        ("sonnet-4-6", "haiku-4-5", 100_000, 3.3),
    ],
)
def test_the_nearer_the_prices_and_the_longer_the_prompt_the_longer_it_takes(
    here: str, there: str, prefix: int, turns: float
) -> None:
    found = judged(claude(here, prefix), claude(there), after(prefix))
    assert found.turns == pytest.approx(turns, abs=0.05)
    assert found.pays


def test_what_a_switch_costs_once_is_reading_the_prefix_uncached_and_writing_it() -> None:
    """102,000 tokens are written at 1.25 dollars instead of 2,000 of them, and 100,000 read at 0.10."""
    found = judged(claude("opus-4-8", 100_000), claude("haiku-4-5"), after(100_000))
    assert found.once_usd == pytest.approx(0.1 * (1.25 - 0.10))


def test_a_cache_that_asks_nothing_for_writing_still_reads_the_prefix_uncached_first() -> None:
    stay, switch = prices(5, 25, 0.5), prices(0.25, 2, 0.025)
    found = judged(Side(stay, AUTOMATIC, 30_000), Side(switch, AUTOMATIC), after(30_000))
    assert found.once_usd == pytest.approx(0.03 * (0.25 - 0.025))


def test_a_vendor_that_charges_writing_unasked_is_taken_at_its_word() -> None:
    there = Side(prices(1, 5, 0.1, 1.25), AUTOMATIC)
    found = judged(claude("opus-4-8", 30_000), there, after(30_000))
    assert found.once_usd == pytest.approx(0.03 * (1.25 - 0.1))


def test_without_a_price_of_its_own_what_is_cached_costs_as_much_as_what_is_not() -> None:
    there = Side(prices(1, 5), AUTOMATIC)
    found = judged(claude("opus-4-8", 30_000), there, after(30_000))
    assert found.once_usd == 0


def test_a_prefix_that_the_target_still_has_is_not_paid_again() -> None:
    stay = claude("opus-4-8", 100_000)
    cold, half, warm = (
        judged(stay, claude("sonnet-4-6", cached), after(100_000)) for cached in (0, 50_000, 100_000)
    )
    assert cold.once_usd == pytest.approx(2 * half.once_usd)
    assert warm.once_usd == 0
    assert warm.turns == 0


def test_a_cold_conversation_is_free_to_go_to_who_is_cheaper() -> None:
    found = judged(claude("opus-4-8"), claude("sonnet-4-6"), after(100_000, turns=1))
    assert found.pays
    assert found.once_usd < 0
    assert found.turns == 0


@pytest.mark.parametrize(("turns", "pays"), [(9, False), (11, True)])
def test_it_pays_when_the_conversation_stays_for_longer_than_it_takes(turns: float, pays: bool) -> None:
    found = judged(claude("opus-4-8", 100_000), claude("sonnet-4-6"), after(100_000, turns))
    assert found.pays is pays
    assert (found.turns < turns) is pays
    assert found.expected == turns


def test_a_prompt_that_is_kept_for_an_hour_costs_more_to_write() -> None:
    stay, switch = claude("opus-4-8", 100_000), claude("haiku-4-5")
    hour = judged(stay, switch, Turnover(prompt=102_000, asked_seconds=3600))
    assert hour.once_usd == pytest.approx(0.1 * (2.0 - 0.1))


def test_without_marks_nothing_is_kept_where_marks_are_wanted() -> None:
    turnover = Turnover(prompt=102_000, asked_seconds=0, turns=1, new=2000, output=0)
    found = judged(Side(prices(5, 25, 0.5), AUTOMATIC, 100_000), claude("haiku-4-5"), turnover)
    assert found.switch_usd == pytest.approx(0.102)
    assert found.stay_usd == pytest.approx(0.1 * 0.5 + 0.002 * 5)


def test_a_prompt_too_short_to_be_cached_costs_nothing_to_move() -> None:
    found = judged(claude("opus-4-8"), claude("haiku-4-5"), Turnover(prompt=1000, new=10, turns=2))
    assert found.once_usd == 0
    assert found.stay_usd == pytest.approx((1000 + 1010) * 5e-6 + 2 * 800 * 25e-6)


def test_long_prompts_pay_the_step_that_they_reach_on_the_way() -> None:
    rate = Prices(Rate(1.0, ((100_000, 2.0),)), Rate(0.0))
    turnover = Turnover(prompt=99_000, new=1000, turns=3)
    found = judged(Side(rate, AUTOMATIC), Side(FREE, AUTOMATIC), turnover)
    assert found.stay_usd == pytest.approx(0.099 + 0.100 + 2 * 0.101)


def test_what_is_on_this_machine_costs_nothing_whatever_it_must_read() -> None:
    found = judged(claude("haiku-4-5", 100_000), Side(FREE, cache_rules("ollama")), after(100_000, 1))
    assert (found.pays, found.once_usd, found.switch_usd, found.turns) == (True, 0, 0, 0)


def test_from_one_free_model_to_another_there_is_nothing_to_save() -> None:
    here, there = Side(FREE, cache_rules("ollama"), 30_000), Side(FREE, cache_rules("vllm"))
    found = judged(here, there, after(30_000))
    assert (found.pays, found.turns) == (False, NEVER)


@pytest.mark.parametrize("unknown", [Prices(), Prices(Rate(1.0)), Prices(output=Rate(1.0))])
def test_what_has_no_price_cannot_be_compared(unknown: Prices) -> None:
    known, other = claude("haiku-4-5"), Side(unknown, AUTOMATIC)
    assert break_even(known, other, after(30_000)) is None
    assert break_even(other, known, after(30_000)) is None


@pytest.mark.parametrize(("turns", "expected"), [(-3.0, 1.0), (0.0, 1.0), (1e9, MOST_TURNS)])
def test_this_turn_is_always_expected_and_none_beyond_all_knowledge(turns: float, expected: float) -> None:
    assert judged(claude("opus-4-8"), claude("haiku-4-5"), after(30_000, turns)).expected == expected


@pytest.mark.parametrize(
    ("pace", "asked_seconds", "cached"),
    [(75.0, 300, 100_000), (76.0, 300, 0), (76.0, 3600, 100_000)],
    ids=["still warm", "cold by then", "kept for an hour"],
)
def test_the_way_back_reads_what_was_said_meanwhile_or_all_of_it(
    pace: float, asked_seconds: int, cached: int
) -> None:
    """After four turns the prompt has 110,000 tokens, 108,000 of which would have been there to read."""
    turnover = Turnover(prompt=102_000, turns=4, back=1.0, pace=pace, asked_seconds=asked_seconds)
    found = judged(claude("opus-4-8", 100_000), claude("haiku-4-5"), turnover)
    written = 10.0 if asked_seconds == 3600 else 6.25
    assert found.back_usd == pytest.approx((108_000 - cached) * (written - 0.5) * 1e-6)


def test_what_pays_one_way_need_not_pay_there_and_back() -> None:
    stay, switch = claude("opus-4-8", 100_000), claude("haiku-4-5")
    one_way = Turnover(prompt=102_000, turns=4, pace=120.0)
    there, round_trip = (judged(stay, switch, replace(one_way, back=back)) for back in (0.0, 1.0))
    assert (there.pays, round_trip.pays) == (True, False)
    assert round_trip.once_usd == pytest.approx(there.once_usd + there.back_usd)
    assert round_trip.switch_usd == pytest.approx(there.switch_usd + there.back_usd)
    assert round_trip.turns > 4 > there.turns


def test_the_way_back_to_a_model_on_this_machine_is_free() -> None:
    turnover = Turnover(prompt=102_000, back=1.0, pace=1000.0)
    assert judged(Side(FREE, cache_rules("ollama"), 100_000), claude("haiku-4-5"), turnover).back_usd == 0


# -- laws -------------------------------------------------------------------------------------------

PRICE = st.floats(0.01, 100.0).map(lambda price: round(price, 4))
RULES = st.builds(CacheRules, is_automatic=st.booleans(), least=st.sampled_from([1, 1024, 4096]))
TURNOVERS = st.builds(
    Turnover,
    prompt=st.integers(1, 400_000),
    new=st.integers(0, 8000),
    output=st.integers(1, 4000),
    turns=st.floats(1, 40).map(lambda turns: round(turns, 2)),
    asked_seconds=st.sampled_from([0, 300, 3600]),
    pace=st.floats(1, 600),
)
BACK = st.floats(0, 1)


@st.composite
def any_prices(draw: st.DrawFn) -> Prices:
    """As vendors set them: who reads from a cache pays less than who sends anew, who writes more."""
    input_ = draw(PRICE)
    steps = ((draw(st.integers(1, 300_000)), 2.0),) if draw(st.booleans()) else ()

    def rate(price: float) -> Rate:
        return Rate(price, tuple((start, price * times) for start, times in steps))

    read = draw(st.none() | st.floats(0, 1).map(lambda share: rate(input_ * share)))
    written = draw(st.none() | st.floats(1, 2).map(lambda times: rate(input_ * times)))
    hour = None if written is None else draw(st.none() | st.just(rate(2 * input_)))
    return Prices(rate(input_), rate(draw(PRICE)), read, written, hour)


@st.composite
def sides(draw: st.DrawFn) -> Side:
    rules = draw(RULES)
    found = draw(any_prices())
    if rules.is_automatic:
        found = replace(found, cache_write=None, cache_write_1h=None)
    return Side(found, rules)


def cheaper(dear: Prices, share: float) -> Prices:
    def lower(rate: Rate | None) -> Rate | None:
        if rate is None:
            return None
        return Rate(rate.base * share, tuple((start, price * share) for start, price in rate.steps))

    return Prices(
        lower(dear.input),
        lower(dear.output),
        lower(dear.cache_read),
        lower(dear.cache_write),
        lower(dear.cache_write_1h),
    )


SHARES = st.floats(0.05, 0.95)


@given(sides(), SHARES, TURNOVERS)
def test_with_nothing_cached_who_is_cheaper_in_each_price_always_pays(
    side: Side, share: float, turnover: Turnover
) -> None:
    assert judged(side, replace(side, prices=cheaper(side.prices, share)), turnover).pays


@given(sides(), SHARES, TURNOVERS, st.integers(0, 400_000))
def test_who_is_dearer_in_each_price_never_pays(
    side: Side, share: float, turnover: Turnover, cached: int
) -> None:
    low = replace(side, prices=cheaper(side.prices, share))
    found = judged(low, replace(side, cached=cached), turnover)
    assert not found.pays
    assert found.turns == NEVER


@given(sides(), TURNOVERS, st.integers(0, 400_000))
def test_between_equals_there_is_nothing_to_gain(side: Side, turnover: Turnover, cached: int) -> None:
    alike = replace(side, cached=cached)
    found = judged(alike, alike, turnover)
    assert (found.pays, found.once_usd, found.saved_per_turn_usd) == (False, 0, 0)
    assert found.stay_usd == found.switch_usd


@given(sides(), sides(), TURNOVERS, st.integers(0, 200_000), st.integers(0, 200_000))
def test_the_more_is_cached_here_the_less_it_pays_and_the_more_is_cached_there_the_more(
    stay: Side, switch: Side, turnover: Turnover, some: int, more: int
) -> None:
    """As long as what is cached is long enough to be kept at all."""
    stay, switch = replace(stay, cached=some), replace(switch, cached=some)
    found = judged(stay, switch, turnover)
    warmer_here = judged(replace(stay, cached=some + more), switch, turnover)
    warmer_there = judged(stay, replace(switch, cached=some + more), turnover)
    assert warmer_here.stay_usd <= found.stay_usd + 1e-12
    assert warmer_there.switch_usd <= found.switch_usd + 1e-12
    assert found.pays or not warmer_here.pays
    assert warmer_there.pays or not found.pays


@given(sides(), SHARES, TURNOVERS, st.integers(0, 400_000), st.floats(0, 40))
def test_what_pays_in_some_turns_pays_in_more(
    side: Side, share: float, turnover: Turnover, cached: int, more: float
) -> None:
    stay, switch = replace(side, cached=cached), replace(side, prices=cheaper(side.prices, share))
    found = judged(stay, switch, turnover)
    longer = judged(stay, switch, replace(turnover, turns=turnover.turns + more))
    assert longer.pays or not found.pays


@given(sides(), sides(), TURNOVERS, st.integers(0, 400_000), BACK, BACK)
def test_the_likelier_it_comes_back_the_less_it_pays(
    stay: Side, switch: Side, turnover: Turnover, cached: int, one: float, other: float
) -> None:
    """Unless it comes back to more than it left: nobody leaves what is cold for what he meets again warm."""
    seldom, often = (
        judged(replace(stay, cached=cached), switch, replace(turnover, back=back))
        for back in sorted((one, other))
    )
    assume(seldom.back_usd >= 0)
    assert seldom.pays or not often.pays
    assert seldom.stay_usd == often.stay_usd


@given(sides(), sides(), TURNOVERS, st.integers(0, 400_000), BACK)
def test_the_sums_are_made_of_what_is_told(
    stay: Side, switch: Side, turnover: Turnover, cached: int, back: float
) -> None:
    found = judged(replace(stay, cached=cached), switch, replace(turnover, back=back))
    saved = found.saved_per_turn_usd * found.expected - found.once_usd
    assert found.stay_usd - found.switch_usd == pytest.approx(saved, abs=1e-9)
    if found.turns > 0 and abs(found.turns - found.expected) > 1e-6:
        assert found.pays == (found.turns < found.expected)


# -- turn by turn -----------------------------------------------------------------------------------


def simulated(side: Side, turnover: Turnover) -> float:
    """What the turns cost when each is looked up in a simulated cache and paid as the ledger does."""
    simulation, total = CacheSimulation(), 0.0

    def cost(prompt: int, at: float) -> float:
        sent = Usage(input=prompt, output=turnover.output)
        turn = Turn(usage=sent, at=at, asked_seconds=turnover.asked_seconds, is_own=False)
        paid = cost_of(simulation.usage("talk", side.rules, turn), side.prices)
        assert paid is not None
        return paid.total / NANO

    if side.cached:
        cost(side.cached, 0.0)
    for turn in range(int(turnover.turns)):
        total += cost(turnover.prompt + turn * turnover.new, 10.0 * (turn + 1))
    return total


@given(sides(), sides(), TURNOVERS, st.integers(1, 12), st.floats(0, 1), st.floats(0, 1))
def test_it_agrees_with_a_simulation_that_goes_turn_by_turn(
    stay: Side, switch: Side, turnover: Turnover, turns: int, here: float, there: float
) -> None:
    turnover = replace(turnover, turns=float(turns))
    stay = replace(stay, cached=int(here * turnover.prompt))
    switch = replace(switch, cached=int(there * turnover.prompt))
    assume(all(each.cached == 0 or each.cached >= each.rules.least for each in (stay, switch)))
    found = judged(stay, switch, turnover)
    rounding = 4 * turns / NANO
    assert found.stay_usd == pytest.approx(simulated(stay, turnover), abs=rounding)
    assert found.switch_usd == pytest.approx(simulated(switch, turnover), abs=rounding)
