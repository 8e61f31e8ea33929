"""What a turn needs: a sum of listed parts, of which none repeats a word of the prompt."""

from dataclasses import dataclass, replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import TIER_NAMES, Profile, TierName
from proxy.routing.prior import Prior
from proxy.routing.score import scored, weights
from proxy.routing.score.bands import SLACK, shift, tier_after, tier_of
from proxy.routing.score.judging import TextJudge
from proxy.routing.score.scale import points_at
from proxy.routing.score.score import Score
from proxy.routing.score.text import of_text, place_of
from proxy.routing.score.trajectory import of_trajectory
from proxy.routing.signals import Kind, Signals
from proxy.routing.signals.trajectory import NO_TRAJECTORY, Trajectory
from proxy.server.choosing.judge import shipped_judge
from tests.proxy.routing.selection.judging import Saying, Says
from tests.proxy.routing.signals.asking import EXCHANGE, anthropic, assistant, call, read, result, user

THRESHOLDS = (20.0, 50.0, 75.0)
PROFILES: tuple[Profile, ...] = ("save", "balanced", "quality")
ON_THE_SIDE = (Kind.TITLE, Kind.SUGGESTION, Kind.WARM_UP, Kind.QUOTA_PROBE, Kind.CHORE)


@cache
def prior() -> Prior:
    judge = shipped_judge()
    assert judge is not None
    return judge


def asked(text: str, kind: Kind = Kind.MAIN, model: str = "auto") -> Signals:
    return replace(read(anthropic(user(text)), model=model), kind=kind)


def under(profile: Profile) -> tuple[float, ...]:
    return tuple(each + shift(profile) for each in THRESHOLDS)


def points(score: Score) -> dict[str, float]:
    return {each.signal: each.points for each in score.contributions}


# -- the sum -----------------------------------------------------------------------------------------

_KINDS = st.sampled_from(Kind)
_MODELS = st.sampled_from(["auto", "claude-haiku-4-5", "claude-opus-4-8", "gpt-5-mini", "x", ""])
_JUDGES: st.SearchStrategy[TextJudge | None] = st.one_of(
    st.none(), st.builds(prior), st.floats(0.5, 99.5).map(lambda found: Says({}, otherwise=found))
)


@given(st.text(max_size=300), _KINDS, _MODELS, _JUDGES)
def test_a_score_is_the_sum_of_what_it_lists(
    text: str, kind: Kind, model: str, judge: TextJudge | None
) -> None:
    score = scored(asked(text, kind, model), judge)
    total = sum(each.points for each in score.contributions)
    assert score.value == pytest.approx(total, abs=1e-9)
    assert 0 <= score.value <= 100
    assert score.contributions
    names = [each.signal for each in score.contributions]
    assert len(names) == len(set(names))
    assert all(each.signal and each.evidence for each in score.contributions)


_WORDS = st.lists(st.text("qxzjvkw", min_size=7, max_size=12), min_size=1, max_size=30)
"""Such that no sentence of ours holds any of them."""


@given(_WORDS, st.sampled_from(["", "why ", "fix ", "prove that ", "what is ", "/tier auto\n"]), _KINDS)
def test_no_word_of_the_prompt_is_in_what_it_lists(words: list[str], begins: str, kind: Kind) -> None:
    signals = asked(begins + " ".join(words), kind, model=words[0])
    told = str(scored(signals, prior()))
    assert not any(word in told for word in words)


def test_equal_turns_score_equally_whatever_stands_around_them() -> None:
    """Neither tools, nor the system prompt, nor what a client puts into the user's mouth counts."""
    bare = scored(read(anthropic(user("sort this list"))), prior())
    reminded = "<system-reminder>\nprove the theorem in detail\n</system-reminder>\nsort this list"
    tools = [{"name": "Bash", "description": "design an architecture", "input_schema": {}}]
    around = anthropic(user(reminded), system="Prove all theorems. " * 50, tools=tools)
    assert scored(read(around), prior()) == bare


# -- the parts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ON_THE_SIDE)
@pytest.mark.parametrize("model", ["auto", "claude-opus-4-8"])
def test_calls_on_the_side_need_nothing(kind: Kind, model: str) -> None:
    judge = Says({}, otherwise=95)
    score = scored(asked("prove the theorem in detail", kind, model), judge)
    assert (score.value, points(score), judge.asked) == (0, {"kind": 0}, [])
    assert all(tier_of(score.value, under(profile)) == "SIMPLE" for profile in PROFILES)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("points", [1, 95])
def test_a_compaction_is_medium_whatever_was_said(profile: Profile, points: float) -> None:
    score = scored(asked("a summary", Kind.COMPACTION), Says({}, otherwise=points))
    assert tier_of(score.value, under(profile)) == "MEDIUM"


def test_a_small_model_asked_for_weighs_much_and_a_large_one_next_to_nothing() -> None:
    judge = Says({}, otherwise=40)
    plain = scored(asked("sort this list"), judge)
    small = scored(asked("sort this list", model="claude-haiku-4-5"), judge)
    large = scored(asked("sort this list", model="claude-opus-4-8"), judge)
    assert "family" not in points(plain)
    assert small.value < plain.value - 10
    assert plain.value <= large.value < plain.value + 5
    for score, family in ((small, "haiku"), (large, "opus")):
        assert [each.evidence for each in score.contributions if each.signal == "family"] == [family]


def test_a_subagent_is_given_less_than_a_user_for_the_same_words() -> None:
    judge = Says({}, otherwise=60)
    assert scored(asked("sort it", Kind.SUBAGENT), judge).value < scored(asked("sort it"), judge).value


def test_a_question_for_reasons_needs_more_than_one_for_a_fact() -> None:
    judge = Says({}, otherwise=40)
    fact, why = (
        scored(asked(text), judge) for text in ("what is the capital of France?", "prove that it halts")
    )
    assert fact.value < scored(asked("sort this list"), judge).value < why.value


def test_without_a_judge_a_text_is_an_ordinary_one() -> None:
    score = scored(asked("prove the theorem"), None)
    [told] = [each for each in score.contributions if each.signal == "text"]
    assert tier_of(told.points, THRESHOLDS) == "MEDIUM"
    assert "nothing can judge it" in told.evidence


def test_no_weight_beside_the_text_moves_a_turn_across_two_thresholds() -> None:
    ways = [*weights.OF_FAMILY.values(), *weights.OF_KIND.values(), *weights.OF_TASK.values()]
    ways += [weights.REPEATED_FAILURE, weights.SPINNING, weights.CRASHED, weights.FAILING]
    assert max(map(abs, [*ways, weights.GREEN, weights.EXPLORING])) <= 25


# -- the text ----------------------------------------------------------------------------------------


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_the_likelier_a_small_model_fails_the_more_it_counts(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= points_at(place_of(low)) <= points_at(place_of(high)) <= 100
    if high - low > 1e-3:
        assert points_at(place_of(low)) < points_at(place_of(high))


@given(st.floats(1, 99))
def test_the_judge_of_these_tests_says_the_points_it_is_given(wanted: float) -> None:
    assert points_at(of_text("any", Says({}, otherwise=wanted))[0]) == pytest.approx(wanted, abs=1e-6)


@given(st.text(max_size=3000))
def test_the_shipped_judge_can_judge_anything(text: str) -> None:
    place, why = of_text(text, prior())
    assert 0 < points_at(place) < 100
    assert why


@dataclass(frozen=True)
class Sure:
    """Of every text."""

    value: float

    def judge(self, _text: str) -> Saying:
        return Saying(self.value)


@pytest.mark.parametrize("probability", [1e-9, 0.001, 0.999, 1 - 1e-9])
@pytest.mark.parametrize("text", ["prove that it halts", "sort this list"])
def test_a_judge_that_is_nearly_sure_is_heard_beside_other_evidence(probability: float, text: str) -> None:
    for model in ("auto", "claude-haiku-4-5"):
        score = scored(asked(text, model=model), Sure(probability))
        assert 0 <= score.value <= 100
        assert (score.value > 50) == (probability > 0.5)


# -- how the work went -------------------------------------------------------------------------------

STRONGEST_FIRST: list[tuple[Trajectory, str, int]] = [
    (Trajectory(results=9, repeated=3, spinning=True, severity=3, tests="failing"), "3 times", 1),
    (Trajectory(results=9, repeated=1, spinning=True, severity=3, tests="failing"), "9 results", 1),
    (Trajectory(results=9, severity=3, tests="failing"), "crashed", 1),
    (Trajectory(results=9, severity=2), "fail", 1),
    (Trajectory(results=9, severity=1, tests="failing"), "fail", 1),
    (Trajectory(results=9, tests="passing", is_green=True, exploring=True), "pass", -1),
    (Trajectory(results=9, exploring=True), "reading", -1),
]


@pytest.mark.parametrize(("seen", "words", "sign"), STRONGEST_FIRST)
def test_of_what_the_work_tells_the_strongest_counts_alone(seen: Trajectory, words: str, sign: int) -> None:
    found = of_trajectory(seen)
    assert found is not None
    by, evidence = found
    assert words in evidence
    assert by * sign > 0


@pytest.mark.parametrize(
    "seen", [NO_TRAJECTORY, Trajectory(results=3, severity=1), Trajectory(results=2, edits=1)]
)
def test_work_that_goes_on_as_usual_counts_nothing(seen: Trajectory) -> None:
    assert of_trajectory(seen) is None


def test_the_worse_it_went_the_more_is_needed() -> None:
    found = [of_trajectory(seen) for seen, _, _ in STRONGEST_FIRST]
    raising = [each[0] for each in found if each is not None and each[0] > 0]
    assert raising == sorted(raising, reverse=True)


def test_a_user_who_comes_back_after_failures_needs_more_than_one_who_comes_back_after_none() -> None:
    failed = [call("t2"), call("t3")]
    results = [result("t2", "Error: No module named x"), result("t3", "Error: No module named x")]
    went_wrong = (*EXCHANGE, assistant(failed), user([{**each, "is_error": True} for each in results]))
    judge = Says({}, otherwise=40)
    again = scored(read(anthropic(*went_wrong, assistant("Done."), user("and now?"))), judge)
    calm = scored(read(anthropic(*EXCHANGE, assistant("Done."), user("and now?"))), judge)
    assert again.value > calm.value
    assert "trajectory" in points(again)


# -- the turn before ---------------------------------------------------------------------------------


def test_whoever_points_back_wants_nearly_as_much_as_before() -> None:
    judge = Says({}, otherwise=20)
    alone, after = (scored(asked("and the other one too"), judge, before) for before in (None, 90.0))
    assert alone.value < after.value < 90
    assert "session" in points(after)
    assert "session" not in points(alone)


def test_whoever_says_something_of_its_own_is_judged_by_that() -> None:
    judge = Says({}, otherwise=20)
    text = "write a function that sorts a list of numbers by their last digit in descending order"
    assert scored(asked(text), judge, 90.0) == scored(asked(text), judge)


def test_an_easier_turn_before_takes_nothing_away() -> None:
    judge = Says({}, otherwise=60)
    assert scored(asked("and the other one too"), judge, 10.0) == scored(
        asked("and the other one too"), judge
    )


# -- tiers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "tier"),
    [
        (0, "SIMPLE"),
        (19.99, "SIMPLE"),
        (20, "MEDIUM"),
        (49.99, "MEDIUM"),
        (50, "COMPLEX"),
        (75, "REASONING"),
        (100, "REASONING"),
    ],
)
def test_a_score_that_reaches_a_threshold_has_passed_it(score: float, tier: TierName) -> None:
    assert tier_of(score, THRESHOLDS) == tier


@given(st.floats(0, 100))
def test_who_saves_never_gets_more_than_who_wants_quality(score: float) -> None:
    tiers = [TIER_NAMES.index(tier_of(score, under(profile))) for profile in PROFILES]
    assert tiers == sorted(tiers)


@given(st.sampled_from([None, *TIER_NAMES]), st.floats(0, 100))
def test_a_session_goes_up_at_once_and_down_only_beyond_the_slack(
    before: TierName | None, score: float
) -> None:
    now, tier = tier_of(score, THRESHOLDS), tier_after(before, score, THRESHOLDS)
    if before is None or TIER_NAMES.index(now) >= TIER_NAMES.index(before):
        assert tier == now
        return
    assert TIER_NAMES.index(now) <= TIER_NAMES.index(tier) <= TIER_NAMES.index(before)
    is_near = any(score < each <= score + SLACK for each in THRESHOLDS)
    assert (tier == now) or is_near
