"""How a tool's work went, told by what it answered: numbers, and never its words.

What a format or a tool says in so many words is *stated*: an error flag, an exit code, an answer that begins
with the complaint. Everything else is evidence in the output of programs, and only worth something where
a program ran: a file that was read may quote any failure.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec import Raw, Struct
from msgspec.structs import replace

from proxy.routing.signals import failing
from proxy.routing.signals.blocks import Shown
from proxy.routing.signals.leniently import Leniently, first, text
from proxy.routing.signals.seen import Answered
from proxy.routing.signals.testing import Tests, tests_in
from proxy.wire.reading import ABSENT, given

_HEAD: Final = 1_500
_TAIL: Final = 4_000
"""Characters of an answer that are looked at."""
_PIECES: Final = 50
"""Blocks at either end of an answer; real ones have few."""
_LAST: Final = 80
"""Lines in which programs sum up and complain."""
_LONGEST: Final = 300
"""Characters of a line that are read."""

_CODE_WITHIN: Final = (300, 200)
"""Characters at either end where an exit code is told."""
_CODE: Final = re.compile(
    r"(?:^|[\n{,\[(<])[\s\"']{0,4}+(?:error: )?+(?:the )?+(?:shell |bash )?+(?:command |process |script )?+"
    r"(?:failed |completed |finished |ended )?+(?:with )?+(?:non-zero )?+"
    r"(?:exit(?:ed)?+(?: with)?+(?: non-zero)?+[ _-]?+(?:code|status)|return ?code)"
    r"[\"']?+[>:=]{0,2}+ {0,3}+(-?\d{1,10}+)"
)


class Outcome(Struct, frozen=True, gc=False):
    call: int
    """Which call it is the outcome of."""
    failed: bool = False
    is_stated: bool = False
    severity: int = failing.SOUND
    signature: int = 0
    """The same whenever something fails in the same way; 0 if it did not fail, or nobody says how."""
    tests: Tests = "none"
    answer: int = 0
    """The same when the same was answered again."""


def key_of(call: str) -> int:
    """Ids are compared, and never kept."""
    return hash(call)


class _Response(Struct, gc=False):
    """What Gemini's functions respond: any object, though one of these two is asked for."""

    output: Raw = ABSENT
    error: Raw = ABSENT


_RESPONSE = Leniently(_Response)


def outcome_of(answer: Answered) -> Outcome:
    content, is_error = _plain(answer)
    said = _ends_of(content)
    read = _Read.of(said.lower())
    code, tests = _code_in(read.low), tests_in(read.lines)
    if is_error or code or (code is None and failing.complains(read.opening)):
        told = failing.telling_line(read.opening, read.lines)
        severity = _severity(told, read, code, tests)
        return Outcome(
            key_of(answer.call),
            failed=True,
            is_stated=True,
            severity=severity,
            signature=failing.signature_of(told),
            tests=tests,
            answer=hash(said),
        )
    return _unstated(Outcome(key_of(answer.call), tests=tests, answer=hash(said)), read)


class _Read(NamedTuple):
    low: str
    opening: str
    """The first line."""
    lines: list[str]
    """The last ones."""

    @classmethod
    def of(cls, low: str) -> "_Read":
        head = low[:_LONGEST].lstrip().partition("\n")[0].rstrip()
        last = low[-_TAIL:].splitlines()[-_LAST:]
        return cls(low, head, [bare[:_LONGEST] for line in last if (bare := line.strip())])


def _unstated(well: Outcome, read: _Read) -> Outcome:
    """A pipe hides exit codes, so what a program wrote last may tell of a failure nevertheless."""
    severity = failing.ERROR if well.tests == "failed" else failing.severity_at_the_end(read.lines)
    if severity == failing.SOUND or well.tests == "passed":
        return well
    signature = failing.signature_of(failing.telling_line(read.opening, read.lines))
    return replace(well, failed=True, severity=severity, signature=signature)


def _severity(told: str, read: _Read, code: int | None, tests: Tests) -> int:
    if failing.is_declined(read.low[:_LONGEST]):
        return failing.SOUND
    if code in failing.CRASH_CODES:
        return failing.CRASH
    if tests == "failed":
        return failing.ERROR
    return failing.SMALL if code in failing.SMALL_CODES else failing.severity_of(told, read.lines)


def _code_in(low: str) -> int | None:
    """An exit code that is told before the output of a program, or behind it."""
    if "exit" not in low and "return" not in low:
        return None
    head, tail = _CODE_WITHIN
    if (found := _CODE.search(low, 0, head)) is None:
        found = next(reversed(list(_CODE.finditer(low, max(0, len(low) - tail)))), None)
    return None if found is None else int(found[1])


def _plain(answer: Answered) -> tuple[str | Sequence[Shown] | Shown | None, bool | None]:
    """What an answer says, out of Gemini's object if it is in one."""
    raw = answer.content
    if not isinstance(raw, Raw):
        return raw, answer.is_error
    response = _RESPONSE.read(raw)
    if given(response.error) is not None:
        return text(response.error) or _written(response.error), True
    said = raw if given(response.output) is None else response.output
    return text(said) or _written(said), answer.is_error


def _written(raw: Raw) -> str:
    """JSON as it is written; of much only what is looked at."""
    if first(raw) not in "{[":
        return ""
    held = memoryview(raw)
    looked = bytes(held) if len(held) <= _HEAD + _TAIL else bytes(held[:_HEAD]) + bytes(held[-_TAIL:])
    return looked.decode("utf-8", "replace")


def _ends_of(content: str | Sequence[Shown] | Shown | None) -> str:
    """The beginning and the end of what was said; objects that are written as text, in lines."""
    if isinstance(content, Shown):
        content = content.text
    if content is None:
        return ""
    said = content if isinstance(content, str) else _joined(content)
    if len(said) > _HEAD + _TAIL:
        said = f"{said[:_HEAD]}\n{said[-_TAIL:]}"
    return said.replace("\\n", "\n") if said.startswith("{") else said


def _joined(several: Sequence[Shown]) -> str:
    """Blocks behind one another, each with its ends alone."""
    held: Iterable[Shown] = several
    if len(several) > 2 * _PIECES:
        held = [*several[:_PIECES], *several[-_PIECES:]]
    said = (one.text for one in held if one.text)
    return "\n".join(each if len(each) <= _HEAD + _TAIL else each[:_HEAD] + each[-_TAIL:] for each in said)
