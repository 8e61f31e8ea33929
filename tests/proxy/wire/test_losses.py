"""The page of what gets lost is true, and nothing that can get lost is missing in it."""

from proxy.wire.target import Loss
from tools.format_reference import PAGE, reference, sampled

OF_NO_FORMAT = {
    Loss.BILLING_HEADER,
    Loss.LINKED_RESULT,
    Loss.LONE_CALL,
    Loss.LONE_RESULT,
    Loss.MAX_TOKENS,
}
"""They depend on the history or on one model's limits."""


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run `python -m tools.format_reference`"


def test_everything_that_can_get_lost_is_asked_for() -> None:
    assert sampled() == set(Loss) - OF_NO_FORMAT
