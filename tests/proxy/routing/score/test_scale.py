"""The scale of scores."""

from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.score.courtesy import without_courtesy
from proxy.routing.score.scale import UNIT, points_at

PLACES = st.floats(-15, 15)


@given(PLACES, st.floats(0.001, 5))
def test_more_evidence_is_always_worth_something(place: float, more: float) -> None:
    assert 0 < points_at(place) < points_at(place + more) < 100


@given(st.floats(-1000, 1000))
def test_no_place_is_too_far_out(place: float) -> None:
    assert 0 <= points_at(place) <= 100


def test_the_middle_of_the_line_is_the_middle_of_the_scale() -> None:
    assert points_at(0) == 50
    assert round(points_at(10 / UNIT) - points_at(0)) == 10


@given(st.text(max_size=300))
def test_courtesy_leaves_something_of_every_text(text: str) -> None:
    assert bool(without_courtesy(text).strip()) == bool(text.strip())


def test_courtesy_says_nothing() -> None:
    bare = "fix the parser"
    polite = (
        "please fix the parser",
        "Hi, can you please fix the parser",
        "fix the parser, thanks!",
        "ok, fix the parser",
    )
    assert {without_courtesy(text) for text in polite} == {bare}
    assert without_courtesy("thanks") == "thanks"
