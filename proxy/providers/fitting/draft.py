"""The top-level values of one request as they are to be, and why.

Values are taken apart when they are asked for, so the long ones never are. What is to be edited is found at
the end, by comparison: a value that was changed and changed back is no edit and leaves no reason.
"""

import json
from typing import Any, Final

import msgspec

from proxy.wire.reading import reading_request
from proxy.wire.splice import Body, Edit, Remove, Set

_ABSENT: Final = object()
Path = tuple[str, ...]


class Draft:
    """Paths are one or two keys long: a value, or a member of an object that is one."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._before: dict[str, Any] = {}
        self._now: dict[str, Any] = {}
        self._because: dict[Path, str] = {}

    def get(self, *path: str) -> Any:
        """The value, None where there is none."""
        value = self._value(path[0])
        if len(path) > 1:
            value = value.get(path[1]) if isinstance(value, dict) else None
        return None if value is _ABSENT else value

    def number(self, *path: str) -> int | None:
        value = self.get(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def has(self, *path: str) -> bool:
        """Whether it is there, be it as null."""
        value = self._value(path[0])
        if len(path) == 1:
            return value is not _ABSENT
        return isinstance(value, dict) and path[1] in value

    def is_changed(self, name: str) -> bool:
        return name in self._before and self._now[name] != self._before[name]

    def set(self, path: Path, value: Any, because: str) -> None:
        holder = self._value(path[0])
        if len(path) == 1:
            self._now[path[0]] = value
        else:
            self._now[path[0]] = {**(holder if isinstance(holder, dict) else {}), path[1]: value}
        self._because[path] = because

    def drop(self, path: Path, because: str) -> None:
        """Takes it away, and the object with it that it was alone in."""
        if not self.has(*path):
            return
        rest = {}
        if len(path) > 1:
            rest = {name: value for name, value in self._now[path[0]].items() if name != path[1]}
        self._now[path[0]] = rest or _ABSENT
        self._because[path] = because

    def result(self) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
        edits = [edit for name in self._now if self.is_changed(name) for edit in self._edits(name)]
        reasons = [reason for edit in edits for reason in self._reasons(edit.path)]
        return tuple(edits), tuple(dict.fromkeys(reasons))

    def _value(self, name: str) -> Any:
        if name not in self._now:
            raw = self._body.value(name)
            self._before[name] = self._now[name] = _ABSENT if raw is None else _read(bytes(raw))
        return self._now[name]

    def _edits(self, name: str) -> list[Edit]:
        before, now = self._before[name], self._now[name]
        if now is _ABSENT:
            return [Remove((name,))]
        if not (isinstance(before, dict) and isinstance(now, dict)):
            return [Set((name,), msgspec.json.encode(now))]
        gone: list[Edit] = [Remove((name, member)) for member in before if member not in now]
        changed = [member for member in now if member not in before or now[member] != before[member]]
        return gone + [Set((name, member), msgspec.json.encode(now[member])) for member in changed]

    def _reasons(self, path: Path) -> list[str]:
        exact = self._because.get(path) or self._because.get(path[:1])
        if exact is not None:
            return [exact]
        return [reason for other, reason in self._because.items() if other[0] == path[0]]


def _read(raw: bytes) -> Any:
    """Clients send what only the forgiving parser reads: half a surrogate pair, NaN."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        with reading_request():
            return json.loads(raw.decode("utf-8", "replace"))
