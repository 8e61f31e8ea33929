"""Who issued a call is known to the conversation that got it, and to no other."""

import pytest

from proxy.routing.affinity.call_ids import CallIds, CallIssuer
from tests.proxy.routing.affinity.made import HAIKU, LOCAL, OPUS

BY_HAIKU = CallIssuer(HAIKU, "SIMPLE", "small talk")
BY_LOCAL = CallIssuer(LOCAL)
RANDOM = "toolu_01A09q90qw90lq917835lq9"


def remembering(session: str, *ids: str, most: int = 100) -> CallIds:
    calls = CallIds(most)
    calls.remember("sdk", session, ids, BY_HAIKU)
    return calls


def test_a_result_finds_who_issued_its_call() -> None:
    calls = remembering("one", RANDOM)
    assert calls.issuer("sdk", "one", [RANDOM]) == CallIssuer(HAIKU, "SIMPLE", "small talk")


def test_of_several_results_the_first_that_is_known_tells() -> None:
    calls = remembering("one", "call_b7d1", "call_c4e5")
    calls.remember("sdk", "one", ["call_c4e5"], BY_LOCAL)
    assert calls.issuer("sdk", "one", ["call_a0f2", "call_c4e5", "call_b7d1"]) == BY_LOCAL
    assert calls.issuer("sdk", "one", ["call_a0f2"]) is None
    assert calls.issuer("sdk", "one", []) is None


@pytest.mark.parametrize(("client", "session"), [("codex", "one"), ("sdk", "two"), ("sdk", "")])
def test_the_ids_of_a_session_are_its_own(client: str, session: str) -> None:
    assert remembering("one", RANDOM).issuer(client, session, [RANDOM]) is None


def test_what_was_issued_to_nobody_in_particular_is_not_looked_for_in_a_session() -> None:
    assert remembering("", RANDOM).issuer("sdk", "one", [RANDOM]) is None


@pytest.mark.parametrize(
    "random",
    [
        RANDOM,
        "call_vEV9OaXYoKR3mBCxwAmPZmHD",
        "D681PevKs",
        "chatcmpl-tool-8f2c4a6e0b1d4c7f9a3e5d7b9c1f2a4e",
        "function-call-12345678901234567890",
        "3b1d7c0a-52e8-4f5f-9a5e-6f6a0c9d1234",
    ],
)
def test_without_a_session_ids_that_chance_made_are_enough(random: str) -> None:
    assert remembering("", random).issuer("sdk", "", [random]) == BY_HAIKU


@pytest.mark.parametrize(
    "common", ["", "0", "17", "call_0", "call-12", "functions.read_file:3", "read_file", "weather"]
)
def test_without_a_session_counted_calls_and_names_are_nobodys(common: str) -> None:
    calls = remembering("", common)
    assert calls.issuer("sdk", "", [common]) is None
    assert len(calls) == 0


def test_without_a_session_an_id_that_two_have_issued_is_nobodys_ever_after() -> None:
    calls = remembering("", "call_Zero")
    calls.remember("sdk", "", ["call_Zero"], BY_LOCAL)
    assert calls.issuer("sdk", "", ["call_Zero"]) is None
    calls.remember("sdk", "", ["call_Zero"], BY_HAIKU)
    assert calls.issuer("sdk", "", ["call_Zero"]) is None
    assert calls.issuer("sdk", "", ["call_Zero", RANDOM]) is None


def test_without_a_session_an_answer_may_be_noted_as_often_as_one_likes() -> None:
    calls = remembering("", RANDOM)
    calls.remember("sdk", "", [RANDOM], BY_HAIKU)
    assert calls.issuer("sdk", "", [RANDOM]) == BY_HAIKU


def test_in_a_session_even_counted_calls_are_known_and_the_last_to_issue_one_counts() -> None:
    calls = remembering("one", "functions.read_file:3")
    calls.remember("sdk", "one", ["functions.read_file:3"], CallIssuer(OPUS))
    assert calls.issuer("sdk", "one", ["functions.read_file:3"]) == CallIssuer(OPUS)


def test_the_oldest_are_forgotten_first() -> None:
    calls = remembering("one", "call_a", "call_b", "call_c", most=3)
    calls.remember("sdk", "one", ["call_a"], BY_HAIKU)
    calls.remember("sdk", "one", ["call_d"], BY_HAIKU)
    assert [id_ for id_ in "abcd" if calls.issuer("sdk", "one", [f"call_{id_}"])] == ["a", "c", "d"]
    assert len(calls) == 3


def test_a_very_long_id_is_judged_at_once() -> None:
    endless = "a_" * 50_000 + "!"
    assert remembering("", endless).issuer("sdk", "", [endless]) == BY_HAIKU
