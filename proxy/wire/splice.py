"""A request's top-level values, read and replaced in its bytes; all other bytes stay as they came.

One scan of msgspec finds every member's value without taking it apart. Only when something is to be
replaced are the members walked, key by key: a value found in the scan is as long as it was found to be,
if it stands there again; any other, an earlier one of two equal keys for example, is measured by the
parser of the standard library. That one also reads what msgspec refuses and clients send nevertheless:
half a surrogate pair, from text that was cut inside an emoji.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

import msgspec
from msgspec import Raw

from proxy.wire.reading import reading_request


class Set(NamedTuple):
    """Puts JSON at a path of keys; objects missing on the way are made."""

    path: tuple[str, ...]
    value: bytes


class Remove(NamedTuple):
    """Takes the member at a path of keys away, if it is there."""

    path: tuple[str, ...]


Edit = Set | Remove

# None of the repetitions gives back what it took, so no input makes them slow or large.
_KEY = re.compile(rb'[ \t\n\r]*+("(?:[^"\\]++|\\.)*+")[ \t\n\r]*+:[ \t\n\r]*+', re.DOTALL)
_START = re.compile(rb"[ \t\n\r]*+\{[ \t\n\r]*+")
_AFTER = re.compile(rb"[ \t\n\r]*+([,}])")
_REST = re.compile(rb"[ \t\n\r]*+")

_scan = msgspec.json.Decoder(dict[str, Raw]).decode
_measure = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str).raw_decode


class _Member(NamedTuple):
    """Where a member stands: from the quote of its key to the end of its value."""

    key: str
    start: int
    value: int
    end: int


class Body:
    """A request's JSON object. Raises the Failure of a bad request for anything else."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with reading_request():
            self._scanned = _scanned(data)
            self._walked = None if self._scanned is not None else list(_members(data, {}))

    def value(self, key: str) -> Raw | None:
        """The JSON of a top-level value; the last one where a key stands twice, as every parser has it."""
        if self._scanned is not None:
            return self._scanned.get(key)
        ours = [member for member in self._walked or () if member.key == key]
        return Raw(self.data[ours[-1].value : ours[-1].end]) if ours else None

    def spliced(self, edits: Sequence[Edit]) -> bytes:
        """The bytes with the edits made, in their order."""
        if not edits:
            return self.data
        with reading_request():
            if self._walked is None:
                self._walked = list(_members(self.data, self._scanned or {}))
            return _rewritten(self.data, self._walked, edits)


def spliced(data: bytes, edits: Sequence[Edit]) -> bytes:
    return Body(data).spliced(edits)


def _scanned(data: bytes) -> dict[str, Raw] | None:
    """Every value by its key, or None for what only the forgiving parser reads."""
    try:
        return _scan(data)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _members(data: bytes, known: dict[str, Raw]) -> Iterator[_Member]:
    start = _START.match(data)
    if start is None:
        raise ValueError("an object is expected at the beginning")
    position = start.end()
    more = not data.startswith(b"}", position)
    if not more:
        position += 1
    text: str | None = None
    while more:
        key = _KEY.match(data, position)
        if key is None:
            raise ValueError(f"a key is expected (byte {position})")
        name = str(json.loads(key[1].decode()))
        end = _known_end(data, key.end(), known.get(name))
        if end is None:
            # Every byte is one character of Latin-1, so places stay the same.
            text = data.decode("latin-1") if text is None else text
            end = _measure(text, key.end())[1]
        found = _AFTER.match(data, end)
        if found is None:
            raise ValueError(f"a comma or the end of the object is expected (byte {end})")
        yield _Member(name, key.start(1), key.end(), end)
        more, position = found[1] == b",", found.end()
    if _REST.fullmatch(data, position) is None:
        raise ValueError(f"something follows the end of the object (byte {position})")


def _known_end(data: bytes, position: int, value: Raw | None) -> int | None:
    """Where the value ends, if it is the one that the scan found for its key."""
    if value is None:
        return None
    text = bytes(value)
    end = position + len(text)
    return end if data.startswith(text, position) and _AFTER.match(data, end) else None


def _rewritten(data: bytes, members: list[_Member], edits: Sequence[Edit]) -> bytes:
    by_key: dict[str, list[Edit]] = {}
    for edit in edits:
        by_key.setdefault(edit.path[0], []).append(edit)

    pieces: list[bytes] = []
    copied = 0  # up to here `data` is in the pieces, or is left out
    kept = False
    for index, member in enumerate(members):
        changes = by_key.get(member.key)
        if changes is None:
            kept = True
            continue
        old = data[member.value : member.end]
        new = _edited(old, changes)
        if new is None and kept:
            # With its comma, which stands before it.
            pieces.append(data[copied : members[index - 1].end])
            copied = member.end
        elif new is None:
            # Nothing stands before it, so the comma after it goes.
            last = index + 1 == len(members)
            pieces.append(data[copied : member.start])
            copied = member.end if last else members[index + 1].start
        else:
            kept = True
            pieces += [data[copied : member.value], new]
            copied = member.end
    there = {member.key for member in members}
    added = [(key, _edited(None, changes)) for key, changes in by_key.items() if key not in there]
    new_text = b",".join(b"%s:%s" % (_as_json(key), value) for key, value in added if value is not None)
    if new_text:
        end = members[-1].end if members else data.index(b"{") + 1
        pieces += [data[copied:end], b"," if kept else b"", new_text]
        copied = max(copied, end)
    return b"".join([*pieces, data[copied:]])


def _edited(value: bytes | None, edits: Sequence[Edit]) -> bytes | None:
    """What becomes of the value of a member; None is a member that is not there."""
    for edit in edits:
        inner = edit.path[1:]
        if not inner:
            value = edit.value if isinstance(edit, Set) else None
        elif isinstance(edit, Set):
            value = _within(value if _is_object(value) else b"{}", Set(inner, edit.value))
        elif _is_object(value):
            value = _within(value, Remove(inner))
    return value


def _within(value: bytes, edit: Edit) -> bytes:
    return _rewritten(value, list(_members(value, _scanned(value) or {})), [edit])


def _is_object(value: bytes | None) -> TypeGuard[bytes]:
    return value is not None and _START.match(value) is not None


def _as_json(key: str) -> bytes:
    return json.dumps(key).encode()
