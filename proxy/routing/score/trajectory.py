"""What the results of tools say about the turn that follows them."""

from proxy.routing.score import weights
from proxy.routing.signals.trajectory import Trajectory

_CRASH, _ERROR = 3, 2
_OFTEN = 2


def of_trajectory(seen: Trajectory) -> tuple[float, str] | None:
    """The strongest finding alone: they tell of the same work."""
    if seen.repeated >= _OFTEN:
        return (weights.REPEATED_FAILURE, f"the same failure {seen.repeated} times")
    if seen.spinning:
        return (weights.SPINNING, f"{seen.results} results of tools without progress")
    if seen.severity >= _CRASH:
        return (weights.CRASHED, "a tool crashed")
    if seen.tests == "failing" or seen.severity >= _ERROR:
        return (weights.FAILING, "tests or tools fail")
    if seen.is_green:
        return (weights.GREEN, "tests pass again")
    if seen.exploring:
        return (weights.EXPLORING, "reading and searching only")
    return None
