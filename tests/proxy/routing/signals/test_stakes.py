"""What makes work hard, by the words for it."""

import pytest

from proxy.routing.signals.stakes import Stake, stakes_in


@pytest.mark.parametrize(
    ("text", "stakes"),
    [
        ("two jobs run at the same time and deadlock", {Stake.CONCURRENCY}),
        ("it sometimes fails, find out why", {Stake.DOUBT}),
        ("make the import faster", {Stake.SPEED}),
        ("it runs out of memory", {Stake.SPEED}),
        ("it eats all my memory", {Stake.SPEED}),
        ("it takes too much memory", {Stake.SPEED}),
        ("refactor the parser", {Stake.SCOPE}),
        ("split it without breaking the callers", {Stake.CARE}),
        ("how should we store sessions? compare the trade-offs", {Stake.DESIGN}),
        ("is the upload safe from path traversal", {Stake.SECURITY}),
        ("Design a SECURE queue", {Stake.DESIGN, Stake.SECURITY}),
    ],
)
def test_the_words_for_it_are_found(text: str, stakes: set[Stake]) -> None:
    assert stakes_in(text) == stakes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "update the author name",
        "rename trace to span",
        "block the page header",
        "the secretary's address is wrong",
        "run the tests and verify they pass",
        "what does git stash do?",
        "unlock() is misspelled",
        "update the lock file",
        "show twice the amount",
        "add a memory field to the form",
        "send the proposal by mail",
        "take the first approach",
    ],
)
def test_words_that_only_contain_them_are_others(text: str) -> None:
    assert stakes_in(text) == frozenset()


def test_of_a_long_text_both_ends_count() -> None:
    filler = "the quick fox " * 500
    assert stakes_in(f"deadlock {filler}") == {Stake.CONCURRENCY}
    assert stakes_in(f"{filler} deadlock") == {Stake.CONCURRENCY}
    assert stakes_in(f"{filler} deadlock {filler}") == frozenset()
