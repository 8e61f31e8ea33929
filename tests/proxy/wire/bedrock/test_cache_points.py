"""Cache marks in requests to Converse: blocks of their own, for the models that take them."""

from typing import Any

import pytest
from msgspec.structs import replace

from proxy.wire.canonical import (
    Text,
    ToolResult,
)
from proxy.wire.target import Loss
from tests.proxy.wire.bedrock.asking import (
    ASK,
    CALL,
    CLAUDE,
    HOUR,
    LLAMA,
    LOOK,
    MARK,
    NOVA_2,
    UNKNOWN,
    asked,
    user,
)


def test_a_cache_mark_is_a_block_behind_what_it_marks() -> None:
    request = asked(
        user(Text("a", cache=MARK), Text("b", cache=HOUR)),
        system=(Text("s", cache=MARK),),
        tools=(replace(LOOK, cache=MARK),),
    )
    point, hour = {"cachePoint": {"type": "default"}}, {"cachePoint": {"type": "default", "ttl": "1h"}}
    assert request.body["system"] == [{"text": "s"}, point]
    assert request.body["toolConfig"]["tools"][1] == point
    assert request.turns[0][1] == [{"text": "a"}, point, {"text": "b"}, hour]
    assert request.lost == set()


def test_a_cache_mark_in_a_result_stands_behind_the_result() -> None:
    """Inside it is refused."""
    result = ToolResult("call_1", (Text("seen", cache=MARK),))
    request = asked(ASK, CALL, user(result), tools=(LOOK,))
    assert [list(block) for block in request.turns[2][1]] == [["toolResult"], ["cachePoint"]]
    assert request.lost == set()


@pytest.mark.parametrize(
    ("model", "target", "points"),
    [
        (CLAUDE, {}, 1),
        (NOVA_2, {}, 0),
        (LLAMA, {}, 0),
        (UNKNOWN, {}, 0),
        (UNKNOWN, {"takes_cache_marks": True}, 1),
        (CLAUDE, {"refuses": frozenset(["cachePoint"])}, 0),
    ],
)
def test_only_models_that_take_cache_points_get_them(model: str, target: dict[str, Any], points: int) -> None:
    request = asked(user(Text("a", cache=MARK)), model=model, target=target)
    assert request.written.body.count(b"cachePoint") == points
    assert request.lost == (set() if points else {Loss.CACHE_MARKS})


def test_an_hour_is_dropped_where_it_is_refused() -> None:
    request = asked(user(Text("a", cache=HOUR)), target={"refuses": frozenset(["cachePoint.ttl"])})
    assert request.turns[0][1][1] == {"cachePoint": {"type": "default"}}
    assert request.lost == {Loss.CACHE_MARKS}


def test_a_mark_on_nothing_is_lost() -> None:
    assert asked(user(Text("", cache=MARK), Text("x"))).lost == {Loss.CACHE_MARKS}
