"""The laws of selection; chance; room for pins; and that looking on changes nothing."""

import sqlite3
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from proxy.ledger.store.words import Words, all_words
from proxy.ledger.traces.form import unpacked
from proxy.ledger.traces.packing import packed
from proxy.ledger.traces.reading import decision_of
from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.pins import Pin
from proxy.routing.affinity.threads import Thread
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Signals
from proxy.wire.canonical import Usage
from tests.proxy.configured import configured
from tests.proxy.ledger.writers import a_record
from tests.proxy.routing.selection.arbitrary import NEVER, Case, cases, sessions
from tests.proxy.routing.selection.laws import Law, selected
from tests.proxy.routing.selection.laws_of_tiers import LAWS
from tests.proxy.routing.selection.simulator import AFTER_A_CALL, HI, Simulator

Sample = list[tuple[Case, Decision]]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """The same cases on every run, so many that each law has something to say about some of them."""
    found: Sample = []

    @settings(max_examples=400, derandomize=True, phases=(Phase.generate,), database=None)
    @given(cases())
    def collect(case: Case) -> None:
        found.append((case, selected(case)))

    @settings(max_examples=200, derandomize=True, phases=(Phase.generate,), database=None)
    @given(sessions())
    def collect_sessions(case: Case) -> None:
        found.append((case, selected(case)))

    collect()
    collect_sessions()
    return found


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds(law: Law, sample: Sample) -> None:
    met = sum(law(case, decision) for case, decision in sample)
    assert met >= 2, "it had hardly anything to say"


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(cases() | sessions())
def test_all_laws_hold_of_cases_that_are_new_on_every_run(case: Case) -> None:
    decision = selected(case)
    for law in LAWS:
        law(case, decision)


def test_what_a_session_was_weighed_by_is_kept_in_the_record_and_read_back(sample: Sample) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table words (id integer primary key, word text not null unique)")
    words, weighed = Words(connection), 0
    for _, decision in sample:
        data = packed(a_record(decision=decision), words)
        assert data is not None
        kept = unpacked(data).decision
        assert kept is not None
        again = decision_of(kept, all_words(connection))
        assert (again.wanted, again.economics) == (decision.wanted, decision.economics)
        assert again.score == decision.score
        weighed += decision.economics is not None
    connection.close()
    assert weighed >= 10


@pytest.mark.parametrize("seed", range(20))
def test_room_is_made_by_the_oldest_pin_that_awaits_no_tools_result(seed: int) -> None:
    random, affinity, most = Random(seed), Affinity(), 8
    sitting: list[tuple[str, bool]] = []
    for number in range(40):
        session, awaits = f"s{number}", random.random() < 0.5
        pin = Pin(provider="A", model="m", locked_at=0, first_locked=0, expires_at=9, awaits_result=awaits)
        if len(sitting) == most:
            sitting.remove(next((each for each in sitting if not each[1]), sitting[0]))
        sitting.append((session, awaits))
        affinity.put(Thread("r", "sdk", session), "", pin, 0, most)
        threads = [f"s{at}" for at in range(number + 1)]
        kept = {name for name in threads if affinity.remembered(Thread("r", "sdk", name)) is not None}
        assert kept == {name for name, _ in sitting}


PROVIDER = {"kind": "openai-compatible", "base_url": "http://a.example/v1", "key": "none"}


@pytest.mark.parametrize("weights", [(1,), (3, 1), (1, 1, 1), (0, 5, 5), (100, 10, 1), (0, 0)])
def test_shares_are_those_of_the_weights(weights: tuple[int, ...]) -> None:
    entries = [{"provider": "A", "model": f"m{at}", "weight": each} for at, each in enumerate(weights)]
    route = {"name": "r", "use": "pool", "tactic": "random", "services": entries}
    selector = Selector(configured(providers={"A": PROVIDER}, routes=[route]))
    request, random, draws = Request(signals=Signals(model="smart")), Random(7), 8000
    drawn = Counter(selector.select(request, Snapshot(), random).service for _ in range(draws))
    total = sum(weights) or len(weights)
    for at, weight in enumerate(weights):
        share = (weight if sum(weights) else 1) / total
        assert drawn[Service("A", f"m{at}")] / draws == pytest.approx(share, abs=0.02)


def traces(simulator: Simulator) -> dict[str, Any]:
    """All of the world that a decision may look at."""
    world, now = simulator.world, simulator.clock()
    listed = [Service(each.provider, each.model) for each in simulator.config.services]
    pinned = list(world.affinity.live(now))
    return {
        "pins": [(each.thread, each.partition, each.pin) for each in pinned],
        "pins that have changed": world.affinity.changed,
        "calls": len(world.call_ids),
        "cursors": dict(world.cursors),
        "board": world.board.snapshot(),
        "in flight": {each: world.in_flight.count(each) for each in listed},
        "figures": {each: world.statistics.figures(each, now) for each in listed},
        "beliefs": [(each.thread, dict(world.beliefs.of(each.thread, now))) for each in pinned],
        "threads believed in": len(world.beliefs),
        "ratios": world.calibration.ratios(listed),
        "override": world.override,
        "turns": world.turns.remaining,
    }


@pytest.mark.parametrize("tactic", ["priority", "random", "round_robin", "latency", "speed", "capacity"])
def test_deciding_changes_nothing_in_the_world(tactic: str) -> None:
    route = {
        "name": "r",
        "use": "pool",
        "tactic": tactic,
        "services": ["A/m", "B/m", "C/m"],
        "rules": [
            {
                "name": "P0",
                "when": [{"signal": "model", "op": "equals", "value": "other"}],
                "services": ["C/m"],
            }
        ],
    }
    simulator = Simulator({"providers": dict.fromkeys("ABC", PROVIDER), "routes": [route]})
    simulator.usage = Usage(input=10, cache_read=5000, output=20)
    simulator.ask(calls=["toolu_1"])
    simulator.ask(session="s2", model="other")
    simulator.measure("A/m", 40, 6)
    simulator.open("B/m")
    simulator.clock.at += 31  # half open: whoever is really sent is the probe
    simulator.limit("C/m")
    before = traces(simulator)
    for body in (HI, AFTER_A_CALL):
        for session in ("s1", "s2", "new", None):
            for model in ("smart", "other", "A/m"):
                simulator.decide(body, session=session, model=model)
                simulator.decide(body, session=session, model=model, service=Service("B", "m"))
    assert traces(simulator) == before
    assert simulator.ask(session="s9").service is not None
    assert traces(simulator) != before


def test_a_large_model_that_only_another_rule_names_does_not_forbid_the_largest_of_the_base_pool() -> None:
    """Sizes are estimated; so who is asked at all may not hang on a rule that does not hold."""
    never = {"name": "never", "when": [NEVER], "services": ["A/large"]}
    for rules in ([], [never]):
        route = {"name": "r", "use": "pool", "services": ["A/small"], "rules": rules}
        selector = Selector(configured(providers={"A": PROVIDER}, routes=[route]))
        sizes = {Service("A", "small"): Abilities(1000), Service("A", "large"): Abilities(9000)}
        request = Request(signals=Signals(model="smart", tokens=2000))
        decision = selector.select(request, Snapshot(abilities=sizes), Random(1))
        assert decision.service == Service("A", "small"), decision.refusal
