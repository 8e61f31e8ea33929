"""Exchanges with the real server as files, told so that recording them again gives the same files.

A file holds the request line, the request body on one line, the status line, and the answer's body as it
came. What differs from run to run is replaced: ids are numbered in the order of their appearance, times are
made equal, measured times are 1.5, probabilities are rounded, and the model's folder is left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from re import Match

FOLDER = Path(__file__).parents[1] / "proxy" / "wire" / "recordings" / "llama"
SUFFIX = ".http"


@dataclass(frozen=True)
class Recording:
    method: str
    path: str
    request: bytes
    status: int
    content_type: str
    body: bytes


def read(file: Path) -> Recording:
    request_line, request, status_line, body = file.read_bytes().split(b"\n", 3)
    method, path = request_line.decode().split(" ")
    status, _, content_type = status_line.decode().partition(" ")
    return Recording(method, path, request, int(status), content_type, body)


def write(file: Path, recording: Recording) -> None:
    request_line = f"{recording.method} {recording.path}".encode()
    status_line = f"{recording.status} {recording.content_type}".encode()
    file.write_bytes(b"\n".join([request_line, recording.request, status_line, recording.body]))


def recorded(name: str) -> Recording:
    return read(FOLDER / f"{name}{SUFFIX}")


def normalised(body: bytes, model: Path) -> bytes:
    """The body without what differs from run to run."""
    body = body.replace(str(model.parent).encode() + b"/", b"")
    numbers = count(1)
    ids: dict[bytes, bytes] = {}

    def numbered(found: Match[bytes]) -> bytes:
        prefix, random = found[1], found[2]
        if random not in ids:
            ids[random] = b"%032d" % next(numbers)
        return prefix + ids[random]

    replacements: list[tuple[bytes, bytes | Callable[[Match[bytes]], bytes]]] = [
        (rb'("(?:[a-z]+[-_])?)([A-Za-z0-9]{32})(?=")', numbered),
        (rb"(<__media_)([A-Za-z0-9]{32})(?=__>)", numbered),
        (rb'(?<=")((?:created|created_at|completed_at)":)[0-9]+', rb"\g<1>1700000000"),
        (rb'(?<=_ms":)[0-9.e+-]+', rb"1.5"),
        (rb'(?<=_per_second":)[0-9.e+-]+', rb"1.5"),
        (rb'(?<="logprob":)-?[0-9.e+-]+', lambda found: b"%.2f" % max(float(found[0]), -1000.0)),
    ]
    for pattern, replacement in replacements:
        body = re.sub(pattern, replacement, body)
    return body
