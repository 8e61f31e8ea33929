"""What the policies promise, on sessions that are made up."""

from collections.abc import Sequence
from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.savings.billing import Billing
from benchmarks.savings.figures import Figures, figures
from benchmarks.savings.oracle import cheapest_plan
from benchmarks.savings.policies import BASELINE, OURS, POLICIES, wanted
from benchmarks.savings.replay import Line, Story, replay, story
from benchmarks.savings.session import Session
from benchmarks.savings.world import DAY, LADDERS, config_of, counted_by, shipped_prices
from proxy.config import TIER_NAMES, Config
from proxy.routing.selection.decision import Decision, SelectionResult
from proxy.routing.selection.reasons import Reason
from proxy.routing.service import Service
from tests.benchmarks.savings.made import HAIKU, OPUS, SONNET, Talk, codex

LADDER: Final = LADDERS["claude-code"]
CONFIG: Final = config_of(LADDER)
MIXED: Final = ("REASONING", "SIMPLE", "MEDIUM", "COMPLEX")


def talk(model: str = OPUS) -> Talk:
    mixed = Talk(model)
    for text in ("Design the whole of it.", "Where is it?", "Rename it.", "Make it faster everywhere."):
        mixed.typed(text, tools=2, result="What a file holds. ")
    return mixed


def told(session: Session, labels: Sequence[str]) -> Story:
    return story(session, labels, LADDER)


async def lines_of(policy: str, what: Story, config: Config = CONFIG) -> tuple[Line, ...]:
    return await replay(what, POLICIES[policy](what, config), config)


async def figures_of(policy: str, what: Story) -> Figures:
    return figures(await lines_of(policy, what))


@pytest.fixture
def mixed() -> Story:
    return told(talk().session(), talk().labels(*MIXED))


async def test_always_asks_what_the_client_names_and_the_top_tier_is_never_too_weak(mixed: Story) -> None:
    lines = await lines_of(BASELINE, mixed)
    assert {line.choice.service for line in lines} == {Service("anthropic", OPUS)}
    assert not any(line.is_below or line.is_switch for line in lines)
    assert sum(line.is_above for line in lines) == sum(label != "REASONING" for label in mixed.labels)


async def test_always_is_too_weak_where_the_client_names_less_than_is_needed() -> None:
    weak = talk(HAIKU)
    sums = await figures_of(BASELINE, told(weak.session(), weak.labels(*MIXED)))
    assert (sums.below, sums.below_typed) == (6, 2)


async def test_one_model_in_two_tiers_is_good_enough_for_both(mixed: Story) -> None:
    weak = talk("claude-haiku-4-5-20251001")
    lines = await lines_of(BASELINE, told(weak.session(), weak.labels(*["MEDIUM"] * 4)))
    assert {(line.floor, line.reach) for line in lines} == {("SIMPLE", "MEDIUM")}
    assert not any(line.is_below or line.is_above for line in lines)


async def test_a_model_that_is_no_ladders_counts_by_its_price() -> None:
    strange = talk("claude-sonnet-4-6")
    lines = await lines_of(BASELINE, told(strange.session(), strange.labels(*MIXED)))
    assert {line.reach for line in lines} == {"COMPLEX"}


async def test_the_oracle_is_never_too_weak_and_never_dearer_than_the_top_model(mixed: Story) -> None:
    ours, always = await figures_of("oracle", mixed), await figures_of(BASELINE, mixed)
    assert ours.below == 0
    assert ours.nano < always.nano


def cost(plan: Sequence[Service], what: Story) -> int:
    billing = Billing(CONFIG, shipped_prices())
    return sum(
        billing.bill(service, what.prompts[at], request.answer.output_tokens, DAY + request.at).nano
        for at, (service, request) in enumerate(zip(plan, what.session.requests, strict=True))
    )


@settings(max_examples=25, deadline=None)
@given(
    turns=st.lists(
        st.tuples(st.sampled_from(TIER_NAMES), st.sampled_from([5.0, 200.0, 400.0])), min_size=1, max_size=5
    )
)
def test_the_oracle_finds_the_cheapest_of_all_ways(turns: list[tuple[str, float]]) -> None:
    grown = Talk()
    for at, (_, pause) in enumerate(turns):
        grown.typed(f"Do number {at}.", pause=pause)
    what = told(grown.session(), [label for label, _ in turns])
    enough = [
        {LADDER.service(tier) for tier in TIER_NAMES[TIER_NAMES.index(label) :]} for label in what.labels
    ]
    best = min(cost(plan, what) for plan in product(*enough))
    plan = cheapest_plan(what, CONFIG)
    assert cost(plan, what) == best
    assert all(service in allowed for service, allowed in zip(plan, enough, strict=True))


async def test_naive_decides_on_every_request_as_if_it_were_the_first(mixed: Story) -> None:
    alone = [
        (await lines_of("naive", told(_only(mixed.session, at), [mixed.labels[at]])))[0].choice.tier
        for at in range(len(mixed.session.requests))
    ]
    assert [line.choice.tier for line in await lines_of("naive", mixed)] == alone


def _only(session: Session, at: int) -> Session:
    one = session.requests[at]
    return Session(session.name, session.cls, session.client, session.model, held=False, requests=(one,))


@pytest.mark.parametrize("policy", ["affinity", OURS])
async def test_what_a_tool_came_to_stays_with_who_asked_for_it(policy: str, mixed: Story) -> None:
    by_turn: dict[int, set[Service]] = {}
    for line in await lines_of(policy, mixed):
        by_turn.setdefault(line.request.turn, set()).add(line.choice.service)
    assert [len(services) for services in by_turn.values()] == [1] * 4


async def test_affinity_goes_where_the_score_says_whatever_is_cached(mixed: Story) -> None:
    for line in await lines_of("affinity", mixed):
        decision = line.choice.decision
        assert decision is not None
        if line.request.typed:
            assert line.choice.tier == wanted(decision)
            assert line.choice.service == LADDER.service(line.choice.tier)


async def test_ours_is_what_the_product_decides(mixed: Story) -> None:
    for line in await lines_of(OURS, mixed):
        decision = line.choice.decision
        assert decision is not None
        assert (line.choice.service, line.choice.tier) == (decision.service, decision.tier)


async def test_the_product_is_told_what_was_billed(mixed: Story) -> None:
    policy = POLICIES[OURS](mixed, CONFIG)
    lines = await replay(mixed, policy, CONFIG)
    world = policy._product.choosing.world  # type: ignore[attr-defined] # a look inside
    [live] = world.affinity.live(policy._product.now())  # type: ignore[attr-defined] # the same
    last = lines[-1]
    assert live.pin.service == last.choice.service
    assert live.pin.prefix == (last.usage.cache_read or 0) + (last.usage.cache_write or 0) > 0


async def test_the_product_learns_from_bills_how_much_a_model_counts(mixed: Story) -> None:
    """No model counts as the product estimates; where bills did, there would be nothing to learn."""
    policy = POLICIES[OURS](mixed, CONFIG)
    services = {line.choice.service for line in await replay(mixed, policy, CONFIG)}
    world = policy._product.choosing.world  # type: ignore[attr-defined] # a look inside
    learned = world.calibration.ratios(services)
    assert learned.keys() == services
    for service, ratio in learned.items():
        assert abs(ratio - counted_by(service)) <= abs(1 - counted_by(service)) / 2


@pytest.mark.parametrize("policy", POLICIES)
async def test_codex_has_a_ladder_of_its_own_and_a_cache_that_nobody_pays_for(policy: str) -> None:
    session = codex("Where is it?", "And now?", "Design it anew, and prove that no race is left.")
    labels = ["SIMPLE", "SIMPLE", "COMPLEX"]
    what = story(session, labels, LADDERS["codex"])
    lines = await lines_of(policy, what, config_of(what.ladder))
    assert {line.choice.service.provider for line in lines} == {"openai"}
    assert all(line.usage.cache_write == 0 for line in lines)
    assert (lines[1].usage.cache_read or 0) % 128 == 0 < (lines[1].usage.cache_read or 0)
    assert policy in ("naive", "affinity", OURS) or not any(line.is_below for line in lines)


def decided(*reasons: Reason, tier: str = "MEDIUM") -> Decision:
    result = SelectionResult(service=Service("anthropic", HAIKU), reasons=reasons)
    return Decision(result=result, tier=next(each for each in TIER_NAMES if each == tier))


@pytest.mark.parametrize(
    ("reasons", "tier"),
    [
        ([Reason("tier.score", (62.5, "COMPLEX"))], "COMPLEX"),
        ([Reason("tier.score", (62.5, "COMPLEX")), Reason("tier.off", ("COMPLEX", "REASONING"))], "COMPLEX"),
        ([Reason("tier.score", (5.0, "SIMPLE")), Reason("affinity.warm", ("SIMPLE", SONNET, 9))], "SIMPLE"),
        ([Reason("tier.services"), Reason("affinity.pinned", (SONNET, 3))], "MEDIUM"),
        ([], "MEDIUM"),
    ],
)
def test_the_tier_that_is_wanted_is_the_one_that_the_score_says(reasons: list[Reason], tier: str) -> None:
    assert wanted(decided(*reasons)) == tier
