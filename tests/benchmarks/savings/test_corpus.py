"""The recorded sessions hold what the savings are measured on, and nothing that is not ours."""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.savings.labels import labels, labels_of
from benchmarks.savings.record.filler import is_filler
from benchmarks.savings.record.scenario import COMPACT, Step, scenario
from benchmarks.savings.record.scenario import names as scenarios
from benchmarks.savings.session import SESSIONS, Request, Session, names, read
from proxy.routing.signals import Looked, Signals, signals
from proxy.routing.signals.memo import Messages
from proxy.wire.format import Format
from proxy.wire.splice import Body

CLASSES = {"short-questions", "bug-fixes", "refactors", "explorations", "subagents", "compactions"}
TIERS = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")
MOST_BYTES = 1_500_000
LONG = 60_000 * 4
"""Bytes of a body of some sixty thousand tokens."""
SHOWING = {"Bash", "Read", "exec_command"}
"""Tools whose results are output of our programs and our files."""
OF_SOME_MACHINE = re.compile(
    r"/tmp/(?:recording|claude)|/root/|/home/(?!dev\b)|127\.0\.0\.1:\d|[Bb]earer |made-up"
)
OF_THIS_MACHINE = (str(Path(__file__).resolve().parents[3]), sys.base_prefix + "/")

each_session = pytest.mark.parametrize("name", names())


@cache
def heads() -> tuple[Session, ...]:
    """All sessions without their requests, which are large together."""
    told = (read(name) for name in names())
    return tuple(Session(one.name, one.cls, one.client, one.model, one.held, ()) for one in told)


def bodies(session: Session) -> Iterator[dict[str, Any]]:
    return (json.loads(one.body) for one in session.requests)


def texts_of(session: Session) -> list[str]:
    """What the scenario says, and what was said for it; the longest first, for one may hold another."""
    turns = scenario(session.name).turns
    steps = [step for turn in turns for step in turn.steps]
    said = [one.answer.text for one in session.requests]
    told = {*(turn.text for turn in turns), *_prompts(steps), *said} - {""}
    return sorted(told, key=len, reverse=True)


def _prompts(steps: list[Step]) -> list[str]:
    return [act.told.split(" | ", 1)[1] for step in steps for act in step.acts if act.doing == "a"]


def is_ours_or_filler(text: str, ours: list[str]) -> bool:
    for known in ours:
        text = text.replace(known, " ")
    return is_filler(text)


def instructions(body: dict[str, Any]) -> Iterator[str]:
    system = body.get("system", [])
    yield from [system] if isinstance(system, str) else (block["text"] for block in system)
    for message in body.get("messages", []):
        if message["role"] == "system":
            yield message["content"]
    for item in body.get("input", []):
        if item.get("role") in ("developer", "system"):
            yield from (part["text"] for part in item["content"])


def descriptions(value: Any, name: str = "") -> Iterator[str]:
    """All that explains something in tools and their schemas: whatever is no name."""
    match value:
        case str() if name not in ("name", "type", "$schema", "enum", "required", "role", "syntax"):
            yield value
        case dict():
            for inner, held in value.items():
                yield from descriptions(held, inner)
        case list():
            for held in value:
                yield from descriptions(held, name)


def of_the_user(body: dict[str, Any]) -> Iterator[str]:
    """Texts in the user's name, and results of tools that show nothing of ours."""
    called: dict[str, str] = {}
    for message in body.get("messages", []):
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        called |= {block["id"]: block["name"] for block in blocks if block["type"] == "tool_use"}
        if message["role"] == "user":
            yield from (block["text"] for block in blocks if block["type"] == "text")
            yield from _results(blocks, called)
    for item in body.get("input", []):
        if item.get("role") == "user":
            yield from (part["text"] for part in item["content"])


def _results(blocks: list[dict[str, Any]], called: dict[str, str]) -> Iterator[str]:
    for block in blocks:
        if block["type"] != "tool_result":
            continue
        content = block["content"]
        text = content if isinstance(content, str) else "\n".join(part["text"] for part in content)
        if called[block["tool_use_id"]] not in SHOWING:
            yield text
        else:
            yield from re.findall(r"<system-reminder>.*?</system-reminder>", text, re.DOTALL)


def test_there_are_sessions_of_each_class_by_both_clients() -> None:
    counted = Counter(one.cls for one in heads())
    assert set(counted) == CLASSES
    assert sum(counted.values()) >= 30
    assert min(counted.values()) >= 5
    clients = Counter(one.client for one in heads())
    assert min(clients["claude-code"], clients["codex"]) >= 8
    models = Counter(one.model for one in heads() if one.client == "claude-code")
    assert set(models) == {"claude-opus-4-8", "claude-sonnet-4-5"}
    assert abs(models["claude-opus-4-8"] - models["claude-sonnet-4-5"]) <= 4


@pytest.mark.parametrize("cls", sorted(CLASSES))
def test_about_half_of_each_class_is_kept_for_reporting(cls: str) -> None:
    held = [one.held for one in heads() if one.cls == cls]
    assert abs(held.count(True) - held.count(False)) <= 2


def test_every_scenario_is_recorded_and_labelled() -> None:
    assert list(names()) == scenarios()
    assert set(labels()) == {*names(), "sides"}


def test_the_recordings_are_small() -> None:
    assert sum(file.stat().st_size for file in SESSIONS.iterdir()) < MOST_BYTES


def test_some_sessions_are_long() -> None:
    longest = [max(len(one.body) for one in read(name).requests) for name in names()]
    assert sum(size > LONG for size in longest) >= 3


@each_session
def test_a_session_is_played_as_its_scenario_says(name: str) -> None:
    session, told = read(name), scenario(name)
    typed = [turn for turn in told.turns if turn.text != COMPACT]
    assert (session.cls, session.client, session.model) == (told.cls, told.client, told.model)
    assert 3 <= len(typed) <= 12
    assert 5 <= len(session.requests) <= 60
    assert [one.turn for one in session.requests if one.typed] == list(range(len(typed)))
    for request in session.requests:
        assert request.typed <= (request.call == "main")
        text = json.dumps(typed[request.turn].text)[1:-1].encode()
        assert not request.typed or text in json.dumps(json.loads(request.body)).encode()
    asked = {one.model for one in session.requests if one.call == "main"}
    assert asked == {session.model}


@each_session
def test_time_goes_on(name: str) -> None:
    requests = read(name).requests
    times = [one.at for one in requests]
    assert times == sorted(times)
    assert times[0] == 0
    waits = [after.at - before.at for before, after in pairwise(requests) if after.typed and after.turn]
    assert all(8 <= wait <= 2700 for wait in waits)


def test_caches_grow_cold_now_and_then() -> None:
    breaks = [
        after.at - before.at
        for session in map(read, names())
        for before, after in pairwise(session.requests)
        if after.typed and after.turn
    ]
    assert 0.08 <= sum(wait > 300 for wait in breaks) / len(breaks) <= 0.3


@each_session
def test_a_conversation_grows_at_its_end(name: str) -> None:
    """A cache finds what was sent before, up to where a mark has moved, unless the client has summed up."""
    session = read(name)
    before: list[Any] = []
    summed_up = False
    for request, body in zip(session.requests, bodies(session), strict=True):
        messages = [_unmarked(one) for one in body.get("messages") or body["input"]]
        if request.call == "main":
            assert summed_up or messages[: len(before)] == before
            before, summed_up = messages, False
        summed_up |= request.call == "compaction"
    assert session.cls != "compactions" or "compaction" in {one.call for one in session.requests}
    assert session.cls != "subagents" or "subagent" in {one.call for one in session.requests}


def _unmarked(message: dict[str, Any]) -> Any:
    content = message.get("content")
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    bare = [{name: held for name, held in block.items() if name != "cache_control"} for block in blocks]
    return {**message, "content": bare}


@each_session
def test_answers_come_back_with_the_next_request(name: str) -> None:
    """They are billed by what the model has thought as well, so never by less than what was said."""
    session = read(name)
    for request in session.requests:
        said = request.answer.text + "".join(json.dumps(dict(one.arguments)) for one in request.answer.calls)
        assert request.answer.output_tokens >= len(said) // 5
    mains = [one for one in session.requests if one.call == "main"]
    for before, after in pairwise(mains):
        for call in before.answer.calls:
            assert call.name.encode() in after.body or b"being continued" in after.body


@each_session
def test_no_words_of_a_vendor_are_kept(name: str) -> None:
    session = read(name)
    ours = texts_of(session)
    seen: set[str] = set()
    for body in bodies(session):
        vendors = [*instructions(body), *descriptions(body.get("tools", []))]
        assert [text for text in vendors if text not in seen and not is_filler(text)] == []
        others = [text for text in of_the_user(body) if text not in seen]
        assert [text[:200] for text in others if not is_ours_or_filler(text, ours)] == []
        seen.update(vendors, others)


def test_nothing_tells_of_the_machine_that_recorded() -> None:
    for file in SESSIONS.iterdir():
        told = gzip.decompress(file.read_bytes()).decode()
        assert OF_SOME_MACHINE.findall(told) == [], file.name
        assert [path for path in OF_THIS_MACHINE if path in told and path != "/usr/"] == [], file.name


@each_session
def test_every_turn_and_every_agent_has_a_label(name: str) -> None:
    session, judged = read(name), labels()[name]
    agents = {one.agent for one in session.requests} - {-1}
    assert len(judged["typed"]) == sum(one.typed for one in session.requests)
    assert len(judged.get("subagents", [])) == len(agents)
    assert len(labels_of(session)) == len(session.requests)
    assert set(labels_of(session)) <= set(TIERS)


@pytest.mark.parametrize(
    ("tier", "least", "most"),
    [("SIMPLE", 0.35, 0.45), ("MEDIUM", 0.25, 0.34), ("COMPLEX", 0.17, 0.25), ("REASONING", 0.07, 0.12)],
)
def test_the_labels_are_those_of_a_day_of_work(tier: str, least: float, most: float) -> None:
    typed = [label for name in names() for label in labels()[name]["typed"]]
    assert least <= typed.count(tier) / len(typed) <= most


@each_session
def test_a_proxy_sees_what_each_call_is_for(name: str) -> None:
    """The filler has left standing what a call is known by."""
    session = read(name)
    wrong = [
        (place, one.call) for place, one in enumerate(session.requests) if _kind(one, session) != one.call
    ]
    assert wrong == []


@each_session
def test_a_proxy_reads_what_was_typed_and_nothing_else(name: str) -> None:
    typed = [turn.text for turn in scenario(name).turns if turn.text != COMPACT]
    session = read(name)
    read_texts = [_signals(one, session).latest_user_text for one in session.requests if one.typed]
    assert read_texts == typed


def _kind(request: Request, session: Session) -> str:
    return str(_signals(request, session).kind)


def _signals(request: Request, session: Session) -> Signals:
    looked = Looked(
        body=Body(request.body),
        format=Format.ANTHROPIC if request.surface == "messages" else Format.RESPONSES,
        surface=request.surface,
        client=session.client,
        headers=request.headers,
    )
    return signals(looked, Messages())
