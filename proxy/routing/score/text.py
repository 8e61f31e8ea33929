"""What the learned scorer says of a turn's text, in points."""

from math import log
from typing import Final

from proxy.routing.score.courtesy import without_courtesy
from proxy.routing.score.judging import Judgement, TextJudge

_CENTRE: Final = 0.385
"""The probability that is half the scale."""
_STEEPNESS: Final = 4.44
"""Probabilities of single texts lie close together, because a text alone tells little; tiers do not."""
_UNJUDGED: Final = -0.62
"""Of a text that nothing can judge: 35 points, MEDIUM in each of the profiles."""
_NAMED: Final = 3
_WORTH_NAMING: Final = 0.03


def of_text(text: str, judge: TextJudge | None) -> tuple[float, str]:
    """Where it stands on the line of the scale, and why."""
    if not text.strip():
        return _UNJUDGED, "nothing was said"
    if judge is None:
        return _UNJUDGED, "taken for an ordinary one, for nothing can judge it"
    judged = judge.judge(without_courtesy(text))
    return place_of(judged.value), _evidence(judged)


def place_of(probability: float) -> float:
    """Of all probabilities no two become the same."""
    return _STEEPNESS * (log(probability / (1 - probability)) - log(_CENTRE / (1 - _CENTRE)))


def _evidence(judged: Judgement) -> str:
    """What speaks for failing, and what against it."""
    strong = [each for each in judged.parts if abs(each.share) >= _WORTH_NAMING][:_NAMED]
    raises = " and ".join(each.feature for each in strong if each.share > 0)
    lowers = " and ".join(each.feature for each in strong if each.share < 0)
    told = [f"{raises} for it" if raises else "", f"{lowers} against it" if lowers else ""]
    chance = f"a small model fails on {judged.value:.0%} of such texts"
    return ": ".join([chance, *filter(None, [", ".join(filter(None, told))])])
