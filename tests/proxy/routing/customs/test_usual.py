"""Which tools a client brings with it, and which somebody added."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.customs import Customs
from proxy.routing.customs.usual import MOST_NAMES, MOST_SESSIONS
from tests.proxy.routing.customs.calls import TOOLS, asks, goes_on, learned, works

NEW = frozenset(f"New{n}" for n in range(12))
MCP = frozenset({"mcp__tracker__list", "mcp__tracker__close"})
PLUGIN = frozenset({"tracker_list"})


def after(*sessions: frozenset[str]) -> Customs:
    return learned(*[works(n, tools) for n, tools in enumerate(sessions)])


@pytest.mark.parametrize(("sessions", "usual"), [(0, None), (1, None), (2, None), (3, TOOLS), (200, TOOLS)])
def test_tools_are_usual_once_three_sessions_offered_them(
    sessions: int, usual: frozenset[str] | None
) -> None:
    assert after(*[TOOLS] * sessions).usual_tools("made") == usual


def test_one_long_session_decides_nothing() -> None:
    customs = learned(*[works(1) for _ in range(50)], works(2))

    assert customs.usual_tools("made") is None
    assert customs.extra_tools("made", TOOLS) is None


def test_calls_without_tools_are_no_sessions_here() -> None:
    customs = learned(works(1), works(2), *[asks(n) for n in range(90)], *[goes_on(n) for n in range(90)])
    assert customs.usual_tools("made") is None

    customs.note(works(3))

    assert customs.usual_tools("made") == TOOLS


def test_twelve_tools_that_an_update_brings_are_extra_for_three_sessions() -> None:
    customs = after(*[TOOLS] * 50)
    extra = []
    for session in range(100, 105):
        extra.append(customs.extra_tools("made", TOOLS | NEW))
        customs.note(works(session, TOOLS | NEW))

    assert extra == [12, 12, 12, 0, 0]
    assert customs.usual_tools("made") == TOOLS | NEW


def test_tools_that_an_update_takes_away_are_forgotten_as_soon() -> None:
    assert after(*[TOOLS | NEW] * 50, *[TOOLS] * 3).usual_tools("made") == TOOLS


def test_the_tools_of_an_mcp_server_are_extra_however_often_one_project_offers_them() -> None:
    customs = after(*[TOOLS] * 40, *[TOOLS | MCP] * 9)

    assert customs.usual_tools("made") == TOOLS
    assert customs.extra_tools("made", TOOLS | MCP) == 2


def test_an_mcp_server_that_is_always_there_is_usual() -> None:
    assert after(*[TOOLS | MCP] * 5).extra_tools("made", TOOLS | MCP) == 0


def test_what_four_of_five_sessions_offer_is_usual() -> None:
    mostly = [*[TOOLS | MCP] * 4, TOOLS] * 4
    rarely = [*[TOOLS | MCP] * 3, TOOLS, TOOLS] * 4

    assert after(*mostly).usual_tools("made") == TOOLS | MCP
    assert after(*rarely).usual_tools("made") == TOOLS


def test_another_s_tools_that_some_sessions_offer_are_extra() -> None:
    customs = after(*[TOOLS] * 9, TOOLS | PLUGIN, TOOLS | PLUGIN)

    assert customs.extra_tools("made", TOOLS | PLUGIN) == 1


def test_agents_of_a_session_that_are_offered_fewer_take_nothing_away() -> None:
    fewer = frozenset({"Read", "Grep"})
    customs = learned(*[call for n in range(5) for call in (works(n), works(n, fewer))])

    assert customs.usual_tools("made") == TOOLS
    assert customs.extra_tools("made", fewer) == 0


def test_only_the_last_sessions_count() -> None:
    never_again = [TOOLS | MCP] * MOST_SESSIONS
    counted = after(*never_again, *[TOOLS] * 11, *[TOOLS | MCP] * 39)

    assert MCP.isdisjoint(counted.usual_tools("made") or MCP)


def test_more_tools_than_any_client_has_are_not_learned_from() -> None:
    many = frozenset(f"t{n}" for n in range(MOST_NAMES + 1))

    assert after(many, many, many).usual_tools("made") is None


@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), min_size=3, max_size=12), st.data())
def test_in_which_order_a_session_s_calls_and_older_sessions_come_changes_nothing(
    sessions: list[frozenset[str]], data: st.DataObject
) -> None:
    calls = [works(n, frozenset({tool})) for n, tools in enumerate(sessions[-3:]) for tool in sorted(tools)]
    earlier = list(enumerate(sessions[:-3], 100))
    moved = data.draw(st.permutations(earlier))
    one = learned(*[works(n, tools) for n, tools in earlier], *calls)
    other = learned(*[works(n, tools) for n, tools in moved], *calls)

    assert one.usual_tools("made") == other.usual_tools("made")
    for order in permutations(sessions[-3:]):
        assert after(*sessions[:-3], *order).usual_tools("made") == one.usual_tools("made")
