"""The tactics that go by latency, speed and tokens: who is best, who is unknown, and who is explored."""

from random import Random

import pytest

from proxy.config import Tactic
from proxy.routing.balance.exploring import EXPLORED_SHARE
from proxy.routing.balance.figures import Figures
from proxy.routing.balance.tactics import order_by
from tests.proxy.routing.balance.pools import NO_EXPLORING, a_view, candidate, chance, names, shares

POOL = [candidate(name) for name in "abc"]


def latency(ms: float) -> Figures:
    return Figures(latency_ms=ms, samples=5)


def speed(tokens: float, samples: int = 5) -> Figures:
    return Figures(speed=tokens, samples=samples, speed_samples=samples)


def tokens(count: int) -> Figures:
    return Figures(tokens=count, samples=1)


@pytest.mark.parametrize(
    ("figures", "expected", "note"),
    [
        pytest.param({"a": 300, "b": 100, "c": 200}, "bca", "latency 100 ms", id="the lowest first"),
        pytest.param({}, "abc", "latency assumed 0 ms", id="nothing known: as listed"),
        pytest.param({"b": 100, "c": 300}, "bac", "latency 100 ms", id="unknown counts as the mean"),
        pytest.param({"b": 100}, "abc", "latency assumed 100 ms", id="unknown beside one is equal to it"),
        pytest.param({"a": 100}, "abc", "latency 100 ms", id="equal ones as listed"),
        pytest.param({"a": 100, "b": 0}, "bca", "latency 0 ms", id="zero is a number"),
    ],
)
def test_latency(figures: dict[str, float], expected: str, note: str) -> None:
    view = a_view({name: latency(ms) for name, ms in figures.items()})
    order = order_by("latency", POOL, view, NO_EXPLORING)
    assert (names(order), order.note, order.explored) == (expected, note, False)


@pytest.mark.parametrize(
    ("figures", "expected", "note"),
    [
        pytest.param({"a": speed(40)}, "abc", "speed 40.0 tokens/s", id="known and better than assumed"),
        pytest.param({"a": speed(20)}, "bca", "speed assumed 25.0 tokens/s", id="known to be slow"),
        pytest.param(
            {"a": speed(26), "b": speed(90, 4)}, "abc", "speed 26.0 tokens/s", id="four are too few"
        ),
        pytest.param({"a": speed(60), "b": speed(80)}, "bac", "speed 80.0 tokens/s", id="the fastest"),
        pytest.param({}, "abc", "speed assumed 25.0 tokens/s", id="nothing known: as listed"),
    ],
)
def test_speed(figures: dict[str, Figures], expected: str, note: str) -> None:
    order = order_by("speed", POOL, a_view(figures), NO_EXPLORING)
    assert (names(order), order.note, order.explored) == (expected, note, False)


@pytest.mark.parametrize(
    ("weights", "used", "in_flight", "expected"),
    [
        pytest.param("111", {"a": 30, "b": 10, "c": 20}, {}, "bca", id="the fewest first"),
        pytest.param("131", {"a": 30, "b": 60, "c": 40}, {}, "bac", id="per weight"),
        pytest.param("111", {"a": 10}, {}, "bca", id="nothing seen is no tokens"),
        pytest.param("111", {}, {"a": 2, "b": 1, "c": 1}, "bca", id="equal: fewest in flight"),
        pytest.param("011", {"b": 20, "c": 10}, {}, "cba", id="no weight comes last"),
        pytest.param("000", {"a": 20, "b": 10}, {}, "cba", id="no weights at all are equal"),
    ],
)
def test_least_tokens(weights: str, used: dict[str, int], in_flight: dict[str, int], expected: str) -> None:
    pool = [candidate(name, int(weight)) for name, weight in zip("abc", weights, strict=True)]
    view = a_view({name: tokens(count) for name, count in used.items()}, in_flight)
    assert names(order_by("least_tokens", pool, view, NO_EXPLORING)) == expected


def test_least_tokens_says_what_it_compared() -> None:
    pool = [candidate("a", 3), candidate("b", 1)]
    order = order_by("least_tokens", pool, a_view({"a": tokens(60), "b": tokens(30)}), NO_EXPLORING)
    assert order.note == "tokens 60 weight 3"


@pytest.mark.parametrize(
    ("tactic", "best"),
    [("latency", latency(100)), ("speed", speed(40)), ("least_tokens", Figures(samples=5))],
)
def test_a_small_share_goes_to_who_is_not_the_best(tactic: Tactic, best: Figures) -> None:
    other = Figures(latency_ms=200, speed=10, samples=9, speed_samples=9, tokens=100)
    found = shares(tactic, POOL[:2], a_view({"a": best, "b": other}))
    assert found["b"] == pytest.approx(EXPLORED_SHARE, abs=0.006)


def test_of_two_equally_unknown_ones_each_is_explored_half_the_time() -> None:
    found = shares("speed", POOL, a_view({"a": speed(40)}), draws=40_000)
    assert found["b"] == pytest.approx(EXPLORED_SHARE / 2, abs=0.003)
    assert found["c"] == pytest.approx(EXPLORED_SHARE / 2, abs=0.003)


def test_who_is_explored_is_the_one_least_is_known_of_and_the_rest_stay_in_order() -> None:
    figures = {"a": latency(300), "b": latency(100), "c": Figures(latency_ms=200, samples=6)}
    order = order_by("latency", POOL, a_view(figures), chance(0.019, 0.9))
    assert (names(order), order.explored, order.note) == ("abc", True, "latency 300 ms")
    assert not order_by("latency", POOL, a_view(figures), chance(0.02)).explored


def test_who_weighs_nothing_is_not_explored() -> None:
    pool = [candidate("a"), candidate("b", 0), candidate("c")]
    assert shares("least_tokens", pool, a_view())["b"] == 0


def test_a_new_service_is_known_by_its_speed_before_long() -> None:
    random, samples, requests = Random(3), 0, 0
    while samples < 5:
        requests += 1
        view = a_view({"a": speed(40), "b": speed(80, samples)})
        samples += order_by("speed", POOL[:2], view, random).explored
    assert requests < 600
    assert names(order_by("speed", POOL[:2], a_view({"a": speed(40), "b": speed(80)}), NO_EXPLORING)) == "ba"
