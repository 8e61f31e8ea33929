"""Whether tests ran and how they ended, told by the lines with which their runners sum them up.

Lines are short, in lower case, and stripped at both ends.

Nearly every runner counts in a line of its own: so many passed, so many failed. What such lines have in
common is read here, so that a runner that nobody named is understood as well; only those that end with
phrases instead are listed.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

Tests = Literal["passed", "failed", "none"]

_BEGINS_PASSED: Final = (
    *("test result: ok", "pass\t", "ok  \t", "ok \t", "ok\t", "ok (", "passed!  -", "all tests passed"),
    *("test run successful", "all specs passed", "[  passed  ]", "100% tests passed"),
)
_BEGINS_FAILED: Final = (
    *("test result: failed", "fail\t", "--- fail:", "failed (failures=", "failed (errors=", "failures!"),
    *("some tests failed", "there were failing tests", "> there were failing tests", "test run failed"),
    *("failed!  -", "error: test failed", "[  failed  ]", "failed (unexpected", "** test failed **"),
)
_BEGINS: Final = ("ok", "test run", "** test")
"""Of what counts neither what passed nor what failed."""
_WHOLE: Final[dict[str, Tests]] = {"pass": "passed", "fail": "failed", "** test succeeded **": "passed"}

_DECORATION: Final = " \t=-_#*[]>|!│✓✔✗✘✖\u00d7\u2139\u276f"
_HEADS: Final = (
    *("tests ", "tests:", "test suites:", "test files ", "test run with", "executed ", "done ", "summary "),
    *("failed |", "ok |", "pass ", "pass:", "fail ", "fail:", "info] tests run", "error] tests run"),
    *("warning] tests run", "total"),
)
_COUNT: Final = re.compile(
    r"(\d{1,7}+) (?:tests? |specs? |unexpected )?+"
    r"(passed|passing|pass|failed|failing|failures?|fail|errors?|examples?|specs?|tests?|runs)\b"
    r"|\b(pass(?:ed)?|fail(?:ed|ures)?|errors)[:=]?+ {1,8}+(\d{1,7}+)"
    r"|\btests(?: run)?+[: ] {0,9}+(\d{1,7}+)(?=[ ,])"
)
_FAILING: Final = frozenset({"failed", "failing", "failure", "failures", "fail"})
_ERRORS: Final = frozenset({"error", "errors"})
_PASSING: Final = frozenset({"passed", "passing", "pass"})
_TOOK: Final = re.compile(r" in [\d.:]{1,12}+ ?(?:s\b|seconds|ms\b|m\b)")


def tests_in(lines: Iterable[str]) -> Tests:
    """Where several runs are summed up, one that failed decides."""
    found: Tests = "none"
    has_run = False
    for line in lines:
        told = _told(line, has_run=has_run)
        if told == "failed":
            return told
        if told == "passed":
            found = told
        has_run = has_run or (line.startswith("ran ") and " test" in line)
    return found


def is_summary(line: str) -> bool:
    """Whether a line counts tests, and so says nothing about which of them failed, or how."""
    return _told(line, has_run=True) != "none"


def _told(line: str, *, has_run: bool) -> Tests:
    if not ("pass" in line or "fail" in line or "error" in line or line.startswith(_BEGINS)):
        return "none"
    if line.startswith(_BEGINS_FAILED):
        return "failed"
    if line.startswith(_BEGINS_PASSED):
        return "passed"
    if line == "ok":
        return "passed" if has_run else "none"
    return _WHOLE.get(line) or _counted(line.lstrip(_DECORATION))


def _counted(line: str) -> Tests:
    begins_with_number = line[:1].isdigit()
    if not begins_with_number and not line.startswith(_HEADS):
        return "none"
    counts: dict[str, int] = {}
    for found in _COUNT.finditer(line):
        what, number = (found[2], found[1]) if found[1] else (found[3] or "tests", found[4] or found[5])
        counts[what] = counts.get(what, 0) + int(number)
    failed = [counts[what] for what in _FAILING & counts.keys()]
    errors = [counts[what] for what in _ERRORS & counts.keys()]
    passed = [counts[what] for what in _PASSING & counts.keys()]
    if begins_with_number and not failed and not passed and not _TOOK.search(line):
        return "none"
    if any(failed) or any(errors):
        return "failed"
    ran = passed or [
        count for what, count in counts.items() if what.startswith(("test", "example", "run", "spec"))
    ]
    return "passed" if any(ran) else "none"
