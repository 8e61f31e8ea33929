"""What text costs is the sum of what its characters cost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.estimate import tokens_in, tokens_in_each
from proxy.wire.text_cost import tokens_of_each

TEXTS = st.text() | st.text(alphabet='abz Z09"\\.{}é你😀', max_size=400)
VALUES = st.lists(
    TEXTS
    | st.sampled_from(
        [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
            {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
            {"media_type": "application/pdf", "data": "A" * 80},
            {"data": "A" * 80},
            {"media_type": "text/plain"},
            {"signature": "A" * 40, "text": "x"},
            {"source": {"type": "url"}},
            '"type":"url" and "data:a/b;base64,',
        ]
    ),
    max_size=6,
)


ASCII = [("a", 0.24), (" ", 0.24), ("7", 0.5), ('"', 0.36), ("\\", 0.36), ("{", 0.74), ("\n", 0.74)]
OTHERS = [("é", 0.6), ("你", 1.1), ("—", 1.1), ("😀", 2.5)]


def tokens_of(text: bytes) -> float:
    return tokens_of_each([text])[0]


@pytest.mark.parametrize(("character", "tokens"), [*ASCII, *OTHERS])
@pytest.mark.parametrize("count", [1, 2, 999, 1310, 1311, 70_000])
def test_a_character_costs_the_same_however_often_it_stands_there(
    character: str, tokens: float, count: int
) -> None:
    assert tokens_of((character * count).encode()) == pytest.approx(tokens * count)


@given(TEXTS, TEXTS)
def test_two_texts_cost_what_each_costs(one: str, other: str) -> None:
    texts = [one.encode(), other.encode()]
    apart = [tokens_of(text) for text in texts]

    assert tokens_of_each(texts) == apart
    assert tokens_of(b"".join([texts[0], b" ", texts[1]])) == pytest.approx(sum(apart) + 0.24)


@pytest.mark.parametrize(("escaped", "tokens"), [("\\u4f60", 1.43), ("\\u0416", 1.19), ("\\n", 0.6)])
def test_what_is_escaped_costs_about_what_it_stands_for(escaped: str, tokens: float) -> None:
    assert tokens_of(escaped.encode()) == pytest.approx(tokens, abs=0.01)


def test_what_is_escaped_counts_where_it_stands() -> None:
    texts = [b"plain", b"\\u0416\\u0416", b"", b"\\", b"u", b"\\u4f60", b"plain"]

    assert tokens_of_each(texts) == [tokens_of(text) for text in texts]


@given(VALUES, st.booleans())
def test_many_values_cost_what_each_costs_by_itself(values: list[object], ensure_ascii: bool) -> None:
    raws = [json.dumps(one, ensure_ascii=ensure_ascii).encode("utf-8", "replace") for one in values]

    assert tokens_in_each(raws, range(len(raws))) == [tokens_in(raw) for raw in raws]


def test_only_the_values_that_are_named_are_looked_through_for_files() -> None:
    sealed = b'{"signature":"' + b"A" * 1000 + b'"}'
    as_text, looked_through = tokens_in_each([sealed, sealed], [1])

    assert (as_text, looked_through) == (tokens_of(sealed), tokens_in(sealed))
    assert looked_through < as_text
