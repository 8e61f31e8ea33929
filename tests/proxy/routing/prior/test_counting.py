"""What words count for, and how they are remembered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.prior.counting import CAP, COUNTS, Words, bare, packed, unpacked
from proxy.routing.prior.vocabulary import KINDS, KINDS_OF


def counts(text: str) -> dict[str, int]:
    """Of a text, without what occurs not at all."""
    found = unpacked(Words().total(text.split()))
    return {name: count for name, count in zip(COUNTS, found, strict=True) if count}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gold", {}),
        ("Because,", {"clauses": 1, "conditions": 1}),
        ("(unless)", {"clauses": 1, "limits": 1}),
        ("isn't", {"negations": 1, "compounds": 1}),
        ("isn\u2019t", {"negations": 1, "compounds": 1}),
        ("end-to-end", {"design": 1, "compounds": 1}),
        ("42", {"numbers": 1}),
        ("$400", {"numbers": 1}),
        ("a=b", {"operators": 1, "signs": 1, "compounds": 1}),
        ("-", {"operators": 1}),
        ("+ 7", {"operators": 1, "compounds": 1, "numbers": 1}),
        ("$x$", {"notation": 1, "compounds": 1}),
        ("\\frac", {"notation": 1, "compounds": 1}),
        ("call(me)", {"signs": 1, "compounds": 1}),
        ("(aside)", {}),
        ("______", {}),
        ("snake_case", {"signs": 1, "compounds": 1}),
        ("x2", {"numbers": 1}),
        ("A.", {"marks": 1}),
        ("(b) c: D)", {"marks": 3}),
        ("a I. Z.", {}),
        ("first second third", {"sequence": 3}),
    ],
)
def test_words_count_for_what_they_are(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


def test_no_count_runs_into_the_next() -> None:
    """As many of the last kind before a field ends as a text can have words."""
    for place, kind in enumerate(KINDS):
        word = next(word for word in _words_of(kind))
        total = unpacked(Words().total([word] * CAP))
        assert total[place] == CAP
        assert set(total) <= {0, CAP}


def _words_of(kind: str) -> list[str]:
    return [word for word, kinds in KINDS_OF.items() if KINDS.index(kind) in kinds and word.isalpha()]


@given(st.lists(st.text(st.characters(exclude_categories=()), min_size=1).filter(str.strip), max_size=30))
def test_the_memory_changes_nothing(texts: list[str]) -> None:
    tokens = [token for text in texts for token in text.split()]
    small = Words(size=4)
    once = [small.total([token]) for token in tokens]
    assert once == [packed(token) for token in tokens]
    assert small.total(tokens) == sum(once)


def test_the_memory_is_bounded_and_keeps_what_is_used() -> None:
    read: list[str] = []

    def reading(token: str) -> int:
        read.append(token)
        return 1

    words = Words(size=100, read=reading)
    for number in range(1_000):
        words.total(["often", f"once{number}"])
        assert len(words) <= 100
    assert read.count("often") == 1


def test_no_word_is_kept() -> None:
    words = Words(size=4)
    words.total(["open", "sesame,", "then", "close", "sesame"])
    kept = [held for memory in (words._young, words._old) for held in memory.items()]

    assert kept
    assert {type(held) for pair in kept for held in pair} == {int}


def test_long_words_are_not_kept() -> None:
    words = Words()
    words.total(["x" * 41, "y" * 40])
    assert len(words) == 1


@given(st.text(min_size=1))
def test_a_bare_word_has_no_marks_around_it(token: str) -> None:
    assert bare(f"({token}),") == bare(token)
