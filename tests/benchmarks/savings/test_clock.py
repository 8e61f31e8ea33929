from typing import Any

from multidict import CIMultiDict

from benchmarks.savings.record.clock import times
from benchmarks.savings.record.playing import Played
from benchmarks.savings.record.scenario import Act, Step
from proxy.wire.format import Format
from tests.fakes.script import Asked

ASKED = Asked(Format.ANTHROPIC, "/v1/messages", CIMultiDict(), {}, "m")


def played(call: str = "main", *acts: Act, tokens: int = 70, agent: int = -1, wait: float = 0.0) -> Played:
    told: dict[str, Any] = {
        "asked": ASKED,
        "turn": 0,
        "typed": bool(wait),
        "text": "",
        "thought": "",
        "calls": (),
    }
    return Played(call=call, agent=agent, output_tokens=tokens, step=Step(acts=acts), wait=wait, **told)


READ = Act("r", "x.py")


def test_an_answer_takes_its_time_and_a_tool_as_well() -> None:
    assert times([played("main", READ), played(), played(wait=60.0)]) == [0.0, 4.0, 67.0]


def test_the_title_is_asked_for_beside_the_first_request() -> None:
    assert times([played("title"), played("main", READ), played()]) == [0.0, 0.0, 4.0]


def test_a_title_takes_no_time_from_the_first_turn() -> None:
    assert times([played(), played("title"), played(wait=10.0)]) == [0.0, 0.0, 13.0]


def test_agents_work_side_by_side_and_the_last_is_waited_for() -> None:
    began = [played("main", Act("a", "x | y"), Act("a", "x | z"))]
    agents = [
        played("subagent", READ, agent=0),
        played("subagent", READ, agent=1),
        played("subagent", agent=1, tokens=700),
        played("subagent", agent=0),
    ]
    assert times([*began, *agents, played()]) == [0.0, 5.0, 5.0, 9.0, 9.0, 21.0]


def test_a_tool_takes_no_less_and_no_more_than_people_bear() -> None:
    first, second, third = times(
        [played("main", READ, tokens=0), played("main", READ, tokens=70_000), played()]
    )
    assert (first, second, third) == (0.0, 3.0, 33.0)
