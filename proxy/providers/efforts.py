"""The words for how hard to think, in their order."""

from collections.abc import Sequence

_ORDER = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def nearest(effort: str, known: Sequence[str]) -> str:
    """The largest known effort that is not larger, else the smallest; any, where nothing is known of it."""
    if not known or effort in known or effort not in _ORDER:
        return effort
    wanted = _ORDER.index(effort)
    below = [each for each in known if each in _ORDER and _ORDER.index(each) <= wanted]
    if not below:
        return known[0]
    return _thinking_at_all(max(below, key=_ORDER.index), known, wanted)


def _thinking_at_all(found: str, known: Sequence[str], wanted: int) -> str:
    """Who wants to think a little is not told to think nothing."""
    if found != "none" or wanted == 0:
        return found
    return next((each for each in known if each != "none"), found)
