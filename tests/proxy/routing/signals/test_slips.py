"""Words that were typed in haste."""

import pytest

from proxy.routing.signals.follow_ups import is_errand
from proxy.routing.signals.replies import is_short_reply
from proxy.routing.signals.slips import Hasty

KNOWN = Hasty(["yes", "go", "on", "fine", "commit", "continue"])


@pytest.mark.parametrize(
    "word", ["yes", "yyes", "goo", "oon", "commit", "coommit", "comit", "cmmit", "contimue"]
)
def test_a_slip_is_the_word(word: str) -> None:
    assert word in KNOWN


@pytest.mark.parametrize("word", ["", "find", "line", "yet", "one", "is", "omit", "container", "continent"])
def test_another_word_is_another_word(word: str) -> None:
    assert word not in KNOWN


@pytest.mark.parametrize("text", ["go oon", "yyes", "yes, do thaat", "contniue", "do itt"])
def test_a_reply_with_a_slip_is_still_one(text: str) -> None:
    assert is_short_reply(text)


@pytest.mark.parametrize("text", ["find it", "text", "then parse", "fix it"])
def test_what_is_near_to_a_reply_is_none(text: str) -> None:
    assert not is_short_reply(text)


@pytest.mark.parametrize("text", ["coommit", "comit that", "reanme foo to bar"])
def test_an_errand_with_a_slip_is_still_one(text: str) -> None:
    assert is_errand(text)
