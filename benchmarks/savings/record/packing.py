"""Writes a recording: each request by what differs from an earlier one; long texts once for all of them."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import Any

from benchmarks.savings.record.filler import is_filler
from benchmarks.savings.session import BLOB, ENDING, SHARED, Request, Session

_LONG = 400
_NO_BLOBS: Mapping[str, Any] = {}


def save(session: Session, folder: Path) -> None:
    """The shared texts of earlier recordings stay, as far as a recording still has them."""
    blobs: dict[str, Any] = dict(_read_shared(folder))
    lines = [_head(session), *_lines(session.requests, blobs)]
    told = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    _write(folder / f"{session.name}{ENDING}", told)
    all_told = "".join(gzip.decompress(file.read_bytes()).decode() for file in folder.glob(f"*{ENDING}"))
    used = {digest: blobs[digest] for digest in sorted(blobs) if f'"{BLOB}":"{digest}"' in all_told}
    _write(folder / SHARED, json.dumps(used, ensure_ascii=False, separators=(",", ":")))


def _read_shared(folder: Path) -> Mapping[str, Any]:
    file = folder / SHARED
    return json.loads(gzip.decompress(file.read_bytes())) if file.exists() else _NO_BLOBS


def _write(file: Path, text: str) -> None:
    """Without the time of day, so that the same recording is the same file."""
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _head(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in ("name", "cls", "client", "model", "held")}


def _lines(requests: Sequence[Request], blobs: dict[str, Any]) -> list[dict[str, Any]]:
    bodies = [json.loads(one.body) for one in requests]
    return [_line(place, requests, bodies, blobs) for place in range(len(requests))]


def _line(
    place: int, requests: Sequence[Request], bodies: Sequence[dict[str, Any]], blobs: dict[str, Any]
) -> dict[str, Any]:
    one = requests[place]
    whole: tuple[int | None, list[Any]] = None, _members({}, bodies[place])
    grown = [(like, _members(bodies[like], bodies[place])) for like in _likely(place, requests)]
    like, members = min([whole, *grown], key=lambda each: len(json.dumps(each[1])))
    before: Mapping[str, str] = {} if like is None else requests[like].headers
    gone = dict.fromkeys(name for name in before if name not in one.headers)
    told = asdict(one) | {"like": like, "body": [_shared(member, blobs) for member in members]}
    told["headers"] = gone | {name: value for name, value in one.headers.items() if before.get(name) != value}
    return told


def _likely(place: int, requests: Sequence[Request]) -> set[int]:
    """The last request of the same thread, the last for the same purpose, and the last of the main thread."""
    one, earlier = requests[place], range(place)
    thread = [n for n in earlier if requests[n].agent == one.agent and requests[n].call == one.call]
    purpose = [n for n in earlier if requests[n].call == one.call]
    main = [n for n in earlier if requests[n].call == "main"]
    return {found[-1] for found in (thread, purpose, main) if found}


def _members(before: Mapping[str, Any], body: Mapping[str, Any]) -> list[Any]:
    members: list[Any] = []
    for name, value in body.items():
        if name in before and _is_same(before[name], value):
            members.append(name)
        elif isinstance(value, list) and isinstance(before.get(name), list):
            pairs = zip(before[name], value, strict=False)
            kept = sum(1 for _ in takewhile(lambda pair: _is_same(*pair), pairs))
            members.append([name, kept, value[kept:]])
        else:
            members.append([name, value])
    return members


def _is_same(one: Any, other: Any) -> bool:
    """Written alike, too: to Python 1 is the same as true."""
    return one == other and json.dumps(one) == json.dumps(other)


def _shared(value: Any, blobs: dict[str, Any], name: str = "") -> Any:
    match value:
        case ["tools", list(tools)]:
            return ["tools", _blob(tools, blobs)]
        case str() if len(value) >= _LONG and is_filler(value):
            return _blob(value, blobs)
        case dict():
            return {inner: _shared(held, blobs) for inner, held in value.items()}
        case list():
            return [_shared(held, blobs) for held in value]
        case _:
            return value


def _blob(value: Any, blobs: dict[str, Any]) -> dict[str, str]:
    digest = blake2b(json.dumps(value).encode(), digest_size=8).hexdigest()
    blobs[digest] = value
    return {BLOB: digest}
