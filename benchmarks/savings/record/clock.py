"""When each request of a recorded session was sent, as if the model and the tools had taken their time."""

from collections.abc import Sequence
from zlib import crc32

from benchmarks.savings.record.playing import Played
from benchmarks.savings.record.scenario import Act

_TOKENS_PER_SECOND = 70
_FIRST_TOKEN_SECONDS = 2.0
_LEAST, _MOST = 3.0, 30.0
"""Seconds from a request that ends in a call of a tool to the one that brings its result."""
_TOOL_SECONDS = {"r": 1.0, "e": 1.0, "w": 1.0, "a": 1.0}


def times(played: Sequence[Played]) -> list[float]:
    """Seconds since the beginning, for each of them. Agents have clocks of their own, which start when they
    are called; the main thread goes on when the last of them is done."""
    main, agents = 0.0, dict[int, float]()
    told: list[float] = []
    for one in played:
        match one.call:
            case "title":
                told.append(told[-1] if told else one.wait)
                continue
            case "subagent":
                began = agents.get(one.agent, main)
                told.append(began)
                agents[one.agent] = began + _taken(one)
                continue
        main = max([main, *agents.values()]) + one.wait
        agents.clear()
        told.append(main)
        main += _taken(one)
    return [round(one, 1) for one in told]


def _taken(one: Played) -> float:
    answering = _FIRST_TOKEN_SECONDS + one.output_tokens / _TOKENS_PER_SECOND
    if not one.step.acts:
        return answering
    working = sum(map(_working, one.step.acts))
    return min(_MOST, max(_LEAST, answering + working))


def _working(act: Act) -> float:
    """A command takes one to twelve seconds, the same one always the same."""
    return _TOOL_SECONDS.get(act.doing) or 1 + crc32(act.told.encode()) % 12
