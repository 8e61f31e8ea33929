"""What is remembered of allowances, and who is marked when one is used up."""

import json
import math
from typing import Any

import pytest

from proxy.routing.health.key import Key
from proxy.secret import Secret
from tests.proxy.configured import configured
from tests.proxy.upstream.allowances.bench import KEY, NOW, Bench, balance, counted, plan

OTHER = Key("p", "keyring:other")
ON_KEY = ("", "keyring")
ON_SERVICE = ("m", "")


def test_the_newest_word_on_a_window_counts() -> None:
    bench = Bench()
    bench.heard(plan(0.2, 900))
    bench.passed = 5
    bench.heard(plan(0.3, 900))
    (window,) = bench.allowances.of("p")
    assert (window.used_percent, window.seen_at) == (pytest.approx(30), NOW + 5)


def test_a_window_that_began_anew_is_unknown() -> None:
    bench = Bench()
    bench.heard(plan(0.9, 900))
    bench.passed = 901
    (window,) = bench.allowances.of("p")
    assert (window.window, window.used, window.resets_at) == ("unified 5h", None, None)


def test_each_model_and_each_key_has_windows_of_its_own() -> None:
    bench = Bench()
    bench.heard(counted(10, 5))
    bench.heard(counted(20, 5), model="n")
    bench.heard(counted(30, 5), of=OTHER)
    found = {(each.key, each.model): each.remaining for each in bench.allowances.of("p")}
    assert found == {("keyring", "m"): 10, ("keyring", "n"): 20, ("keyring:other", "m"): 30}
    assert bench.allowances.of("q") == []


@pytest.mark.parametrize("status", [200, 429, 500])
def test_a_plan_that_is_used_up_takes_its_key_out_until_the_reset(status: int) -> None:
    bench = Bench()
    bench.heard({**plan(1.0, 3000), **plan(0.5, 9000, "7d")}, status)
    assert bench.marks() == {ON_KEY: pytest.approx(3000)}
    bench.passed = 3001
    assert bench.marks() == {}


def test_of_several_the_last_to_heal_counts() -> None:
    bench = Bench()
    bench.heard({**plan(1.0, 3000), **plan(1.0, 9000, "7d")})
    assert bench.marks() == {ON_KEY: pytest.approx(9000)}


def test_a_later_answer_that_shows_it_free_restores_it() -> None:
    bench = Bench()
    bench.heard(plan(1.0, 3000), 429)
    bench.heard(plan(0.99, 3000))
    assert bench.marks() == {}


def test_an_answer_that_says_nothing_of_it_restores_nothing() -> None:
    bench = Bench()
    bench.heard(plan(1.0, 3000), 429)
    bench.heard({"content-type": "application/json"})
    bench.heard(plan(0.1, 9000, "7d"))
    assert bench.marks() == {ON_KEY: pytest.approx(3000)}


@pytest.mark.parametrize("seconds", [0, 5, 60])
def test_a_window_of_a_minute_is_pacing_and_marks_nobody(seconds: int) -> None:
    bench = Bench()
    bench.heard({**plan(1.0, seconds), **counted(0, seconds)})
    assert bench.marks() == {}


def test_what_does_not_say_when_it_heals_marks_nobody() -> None:
    bench = Bench()
    bench.heard({"anthropic-ratelimit-unified-5h-status": "rejected", "x-ratelimit-remaining-requests": "0"})
    assert bench.marks() == {}


def test_the_week_of_one_model_marks_nobody() -> None:
    bench = Bench()
    bench.heard({**plan(0.2, 3000), **plan(1.0, 9000, "7d_opus")})
    assert bench.marks() == {}


def test_what_is_counted_by_model_takes_that_model_out_and_no_other() -> None:
    bench = Bench()
    bench.heard(counted(0, 3000))
    assert bench.marks() == {ON_SERVICE: pytest.approx(3000)}
    bench.heard(counted(50, 3000), model="n")
    assert bench.marks() == {ON_SERVICE: pytest.approx(3000)}
    bench.heard(counted(1, 3000))
    assert bench.marks() == {}


@pytest.mark.parametrize(
    ("key", "table"),
    [(KEY, {"keys": ["keyring", "keyring:other"]}), (Key("p", "client:codex"), {"key": "client"})],
)
def test_a_model_that_another_key_may_still_ask_is_not_taken_out(key: Key, table: dict[str, Any]) -> None:
    bench = Bench()
    bench.heard(counted(0, 3000), of=key, **table)
    assert bench.marks() == {}
    assert [each.key for each in bench.allowances.of("p")] == [key.label]


def test_a_clients_own_plan_is_a_matter_of_that_client() -> None:
    bench = Bench()
    bench.heard(plan(1.0, 3000), of=Key.of_client("p", "claude-code", Secret("own")))
    assert bench.marks() == {("", "client:claude-code"): pytest.approx(3000)}


def test_an_empty_balance_takes_the_key_out_until_it_is_topped_up() -> None:
    bench = Bench()
    bench.allowances.asked(KEY, [balance(0.0)])
    assert bench.marks() == {ON_KEY: math.inf}
    bench.passed = 1e7
    bench.heard(plan(0.1, 2e7), 402)
    assert bench.marks() == {ON_KEY: math.inf}
    bench.allowances.asked(KEY, [balance(0.01)])
    assert bench.marks() == {}


def test_a_key_that_serves_has_been_topped_up_or_never_was_empty() -> None:
    bench = Bench()
    bench.allowances.asked(KEY, [balance(-0.5)])
    bench.heard({}, 200, of=OTHER)
    assert bench.marks() == {ON_KEY: math.inf}
    bench.heard({}, 200)
    assert bench.marks() == {}
    assert bench.allowances.of("p") == []


def test_a_balance_that_is_told_no_more_is_forgotten_and_headers_stay() -> None:
    bench = Bench()
    bench.heard(plan(0.1, 3000))
    bench.allowances.asked(KEY, [balance(1.0, "balance usd"), balance(2.0, "balance cny")])
    bench.allowances.asked(KEY, [balance(3.0)])
    assert sorted(each.window for each in bench.allowances.of("p")) == ["balance", "unified 5h"]


def test_a_mark_that_somebody_else_has_set_stays() -> None:
    bench = Bench()
    bench.board.quota_exhausted(KEY, None)
    bench.heard(plan(0.1, 3000))
    assert bench.marks() == {ON_KEY: math.inf}


def test_a_snapshot_brings_back_what_still_holds_with_its_marks() -> None:
    before = Bench()
    before.heard({**plan(0.4, 100), **plan(1.0, 9000, "7d"), **counted(0, 8000)})
    before.allowances.asked(OTHER, [balance(0.0, key=OTHER)])
    kept = json.loads(json.dumps(before.allowances.snapshot()))
    after = Bench(passed=200)
    after.allowances.restore(kept)
    found = {each.window: each for each in after.allowances.of("p")}
    assert set(found) == {"unified 7d", "requests", "balance"}
    assert found["requests"] == next(each for each in before.allowances.of("p") if each.window == "requests")
    assert after.marks() == {ON_KEY: pytest.approx(9000), ("", "keyring:other"): math.inf}


def test_what_was_heard_since_is_newer_than_a_snapshot() -> None:
    before = Bench()
    before.heard(plan(1.0, 3000))
    after = Bench(passed=10)
    after.heard(plan(0.1, 3000))
    after.allowances.restore(before.allowances.snapshot())
    assert [each.used_percent for each in after.allowances.of("p")] == [pytest.approx(10)]
    assert after.marks() == {}


@pytest.mark.parametrize(
    "row", [None, 3, {}, {"provider": "p"}, {"provider": "p", "kind": "new", "seen_at": 0}]
)
def test_what_another_version_kept_is_left_out(row: object) -> None:
    bench = Bench()
    bench.allowances.restore([row])
    assert bench.allowances.snapshot() == []


@pytest.mark.parametrize(
    ("after", "stays"),
    [
        ({"p": {"kind": "deepseek", "timeouts": {"idle": 3}}}, True),
        ({"p": {"kind": "deepseek", "base_url": "https://elsewhere.test"}}, False),
        ({"p": {"kind": "deepseek", "key": "env:K"}}, False),
        ({}, False),
    ],
)
def test_another_account_under_the_same_name_begins_anew(after: dict[str, Any], stays: bool) -> None:
    bench = Bench()
    bench.allowances.asked(KEY, [balance(0.0)])
    bench.allowances.reconfigured(
        configured(providers={"p": {"kind": "deepseek"}}), configured(providers=after)
    )
    assert bool(bench.allowances.of("p")) is stays
    assert bool(bench.marks()) is stays


def test_names_that_are_invented_with_every_answer_fill_no_memory() -> None:
    bench = Bench()
    for number in range(300):
        bench.heard({f"x-ratelimit-remaining-{number}": "1"})
        bench.heard({"x-ratelimit-remaining-tokens": "1"}, model=f"m{number}")
    assert len(bench.allowances.of("p")) <= 250
