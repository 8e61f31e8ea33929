"""What is packed is read again, byte for byte."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.savings.record.filler import filler
from benchmarks.savings.record.packing import save
from benchmarks.savings.session import (
    ENDING,
    SHARED,
    Answer,
    Called,
    Request,
    Session,
    names,
    read,
    shared,
    written,
)

INSTRUCTIONS = filler("Some long instructions of a vendor, which are the same every time. " * 20)


def asked(body: Mapping[str, Any], **others: Any) -> Request:
    answer = Answer(7, "Done.", (Called("Bash", {"command": "ls"}),))
    plain = Request(
        "messages", "/v1/messages", {"x-app": "cli"}, written(body), 0.0, False, 0, "main", -1, answer
    )
    return replace(plain, **others)


def session(*requests: Request, name: str = "one") -> Session:
    return Session(name, "bug-fixes", "claude-code", "claude-opus-4-8", True, requests)


def test_a_session_is_read_as_it_was_saved(tmp_path: Path) -> None:
    first = {"model": "m", "system": INSTRUCTIONS, "messages": [{"role": "user", "content": "fix it"}]}
    more = [{"role": "assistant", "content": "I do"}, {"role": "user", "content": "go on — schön\n"}]
    told = session(
        asked(first, typed=True),
        asked({"model": "small", "messages": []}, call="title", headers={"x-app": "cli", "x-one": "1"}),
        asked(first | {"messages": first["messages"] + more}, at=12.5, turn=1),
        asked({"stream": True, "model": "m"}, at=80.0, call="subagent", agent=0, headers={}),
    )
    save(told, tmp_path)
    assert read("one", tmp_path) == told
    assert names(tmp_path) == ("one",)
    assert [one.model for one in told.requests] == ["m", "small", "m", "m"]


@pytest.fixture
def grown(tmp_path: Path) -> Session:
    """Forty requests, each with one more message of four kilobytes."""
    messages = [{"role": "user", "content": f"{n} " + "text " * 800} for n in range(40)]
    told = session(*(asked({"system": INSTRUCTIONS, "messages": messages[: n + 1]}) for n in range(40)))
    save(told, tmp_path)
    return told


def test_what_a_conversation_repeats_is_kept_once(grown: Session, tmp_path: Path) -> None:
    assert sum(len(one.body) for one in grown.requests) > 3_000_000
    assert (tmp_path / f"one{ENDING}").stat().st_size < 12_000


def test_a_text_of_all_sessions_is_kept_once_and_goes_with_the_last_of_them(
    grown: Session, tmp_path: Path
) -> None:
    shared.cache_clear()
    save(replace(grown, name="two"), tmp_path)
    assert list(shared(tmp_path).values()) == [INSTRUCTIONS]
    assert read("two", tmp_path).requests == grown.requests
    for name in ("one", "two"):
        save(session(asked({"model": "m"}), name=name), tmp_path)
    shared.cache_clear()
    assert shared(tmp_path) == {}


def test_the_same_session_is_the_same_file(grown: Session, tmp_path: Path) -> None:
    before = [(tmp_path / name).read_bytes() for name in (f"one{ENDING}", SHARED)]
    save(grown, tmp_path)
    assert [(tmp_path / name).read_bytes() for name in (f"one{ENDING}", SHARED)] == before


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=2), inner, max_size=3),
    max_leaves=8,
)
_bodies = st.dictionaries(
    st.sampled_from(["model", "messages", "system", "tools", "stream"]), _values | st.lists(_values)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@example(bodies=[{"model": 1, "messages": [0, {"a": 1}]}, {"model": True, "messages": [False, {"a": True}]}])
@given(bodies=st.lists(_bodies, min_size=1, max_size=5))
def test_any_bodies_come_back_byte_for_byte(bodies: list[dict[str, Any]], tmp_path: Path) -> None:
    told = session(*map(asked, bodies))
    save(told, tmp_path)
    shared.cache_clear()
    assert [one.body for one in read("one", tmp_path).requests] == [one.body for one in told.requests]
    assert [json.loads(one.body) for one in told.requests] == bodies
