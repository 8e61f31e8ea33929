"""The tools that requests offer: how many, and what they are called."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals.offered import Offered, offered, total


def read(tools: Any) -> Offered:
    return offered([json.dumps(tools).encode()])[0]


@pytest.mark.parametrize(
    ("tools", "count", "names"),
    [
        ([], 0, set()),
        ([{"name": "Read"}, {"name": "Bash"}], 2, {"Read", "Bash"}),
        ([{"type": "web_search_20250305", "name": "web_search"}], 1, {"web_search"}),
        ([{"type": "function", "function": {"name": "sh"}}], 1, {"sh"}),
        ([{"type": "custom", "custom": {"name": "patch"}}], 1, {"patch"}),
        ([{"type": "web_search"}, {"type": "function", "name": "sh"}], 2, {"web_search", "sh"}),
        (
            [{"type": "namespace", "name": "n", "tools": [{"name": "a"}, {"name": "b"}]}],
            2,
            {"n.a", "n.b"},
        ),
        (
            [{"functionDeclarations": [{"name": "ls"}, {"name": "cat"}]}, {"googleSearch": {}}],
            3,
            {"ls", "cat"},
        ),
        ([{"function_declarations": [{"name": "ls"}]}], 1, {"ls"}),
        ([{"name": 7}, {"name": "Read"}, {"function": "odd"}], 3, {"Read"}),
        ([{"name": "x" * 400}], 1, {"x" * 128}),
        ({"name": "Read"}, 0, set()),
        ("Read", 0, set()),
    ],
)
def test_tools_are_counted_and_named(tools: Any, count: int, names: set[str]) -> None:
    found = read(tools)

    assert (found.count, found.names) == (count, names)


def test_tools_in_two_members_are_taken_together() -> None:
    found = total([read([{"name": "a"}]), read([{"name": "b"}, {"name": "a"}])])

    assert (found.count, found.names) == (3, {"a", "b"})
    assert total([]) == Offered(0, 0)


_odd = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "type", "function", "custom", "tools"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_odd)
def test_no_tools_make_it_fail(tools: Any) -> None:
    found = read(tools)

    assert all(name and len(name) <= 128 for name in found.names)
    assert found.count >= 0
