"""Recorded agent sessions: what a client sent in each request, byte for byte, and what it was answered.

A recording is a file of JSON lines. The first line tells of the session. Each line after it is one request,
told by what differs from an earlier one: conversations grow at their end, so a request of 200 KB is a line of
some hundred bytes. Long texts that many sessions have in common lie once in `SHARED`, by their digest.
`benchmarks.savings.record` writes these files.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SESSIONS = Path(__file__).with_name("sessions")
SHARED = "shared.json.gz"
ENDING = ".jsonl.gz"
BLOB = "@"
"""The only member of an object that stands for a shared value."""


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a client's tool."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    output_tokens: int
    """With those of the thinking, of which the text that clients get is a summary."""
    text: str
    calls: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class Request:
    surface: str
    """`messages` or `responses`."""
    path: str
    headers: Mapping[str, str]
    """In lower case; without credentials and whatever belongs to one connection."""
    body: bytes
    at: float
    """Seconds since the session began."""
    typed: bool
    """It carries a text that was just typed. The others bring results of tools, or are side calls."""
    turn: int
    """The typed turn that it belongs to, from 0."""
    call: str
    """What it is for: `main`, `subagent`, `title` or `compaction`."""
    agent: int
    """Which subagent of the session asks, from 0; -1 is the main thread."""
    answer: Answer

    @property
    def model(self) -> str:
        return str(json.loads(self.body)["model"])


@dataclass(frozen=True, slots=True)
class Session:
    name: str
    cls: str
    client: str
    model: str
    """What its main thread asks for."""
    held: bool
    """Kept for reporting: nothing is tuned on it."""
    requests: tuple[Request, ...]


def names(folder: Path = SESSIONS) -> tuple[str, ...]:
    return tuple(sorted(file.name.removesuffix(ENDING) for file in folder.glob(f"*{ENDING}")))


def read(name: str, folder: Path = SESSIONS) -> Session:
    with gzip.open(folder / f"{name}{ENDING}", "rt", encoding="utf-8") as lines:
        head, *told = map(json.loads, lines)
    return Session(**head, requests=tuple(_requests(told, shared(folder))))


@cache
def shared(folder: Path = SESSIONS) -> Mapping[str, Any]:
    return dict(json.loads(gzip.decompress((folder / SHARED).read_bytes())))


def written(body: Mapping[str, Any]) -> bytes:
    """As the clients write JSON, all of them."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _requests(lines: Sequence[dict[str, Any]], blobs: Mapping[str, Any]) -> Iterator[Request]:
    known: list[tuple[dict[str, str], dict[str, Any]]] = []
    for line in lines:
        headers, body = ({}, {}) if line["like"] is None else known[line["like"]]
        headers = {name: value for name, value in (headers | line["headers"]).items() if value is not None}
        body = _grown(body, line["body"], blobs)
        known.append((headers, body))
        yield Request(
            surface=line["surface"],
            path=line["path"],
            headers=headers,
            body=written(body),
            at=line["at"],
            typed=line["typed"],
            turn=line["turn"],
            call=line["call"],
            agent=line["agent"],
            answer=_answer(line["answer"]),
        )


def _answer(told: dict[str, Any]) -> Answer:
    calls = tuple(Called(**call) for call in told["calls"])
    return Answer(told["output_tokens"], told["text"], calls)


def _grown(before: Mapping[str, Any], members: Sequence[Any], blobs: Mapping[str, Any]) -> dict[str, Any]:
    """A member is told by its name alone where it is what it was; with a value where it is another one; and
    with a number and a list where it is so many of its items from before, and then these."""
    body: dict[str, Any] = {}
    for member in members:
        match member:
            case str(name):
                body[name] = before[name]
            case [name, value]:
                body[name] = _filled(value, blobs)
            case [name, kept, items]:
                body[name] = [*before[name][:kept], *_filled(items, blobs)]
            case _:
                raise ValueError(f"no member of a body is told like this: {member!r}")
    return body


def _filled(value: Any, blobs: Mapping[str, Any]) -> Any:
    match value:
        case {"@": str(digest), **others} if not others:
            return blobs[digest]
        case dict():
            return {name: _filled(inner, blobs) for name, inner in value.items()}
        case list():
            return [_filled(inner, blobs) for inner in value]
        case _:
            return value
