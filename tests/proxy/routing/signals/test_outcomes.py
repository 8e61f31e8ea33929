"""How the work of a tool went, told by what it answered."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.structs import replace

from proxy.routing.signals.blocks import Shown
from proxy.routing.signals.outcomes import Outcome, outcome_of
from proxy.routing.signals.seen import Answered


def outcome(content: Any, *, is_error: bool | None = None) -> Outcome:
    return outcome_of(Answered("call_1", content, is_error))


PASSED = {
    "pytest": "....\n=========== 12 passed, 1 warning in 63.40s (0:01:03) ===========",
    "pytest, quiet": "....\n4 passed in 0.02s\n",
    "unittest": "....\n-----\nRan 4 tests in 0.001s\n\nOK\n",
    "jest": "PASS src/a.test.js\nTest Suites: 1 passed, 1 total\nTests:       3 passed, 3 total\nTime: 0.5 s",
    "vitest": " ✓ src/a.test.ts (3 tests)\n\n Test Files  1 passed (1)\n      Tests  3 passed (3)\n",
    "mocha": "\n  3 passing (20ms)\n",
    "go": "ok  \texample.com/m\t0.003s\n?   \texample.com/m/x\t[no test files]\n",
    "cargo": "test a ... ok\n\ntest result: ok. 3 passed; 0 failed; 0 ignored; finished in 0.00s\n",
    "nextest": "     Summary [   0.005s] 3 tests run: 3 passed, 0 skipped\n",
    "rspec": "Finished in 0.1 seconds\n10 examples, 0 failures\n",
    "minitest": "10 runs, 20 assertions, 0 failures, 0 errors, 0 skips",
    "maven": "[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS",
    "dotnet": "Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total:     5",
    "phpunit": "OK (5 tests, 10 assertions)",
    "bun": " 3 pass\n 0 fail\nRan 3 tests across 1 file. [10ms]",
    "deno": "ok | 3 passed | 0 failed (5ms)",
    "node": "# tests 3\n# pass 3\n# fail 0",
    "ctest": "100% tests passed, 0 tests failed out of 5",
    "gtest": "[==========] 3 tests ran.\n[  PASSED  ] 3 tests.",
    "swift": "\t Executed 2 tests, with 0 failures (0 unexpected) in 0.002 (0.003) seconds",
    "playwright": "  3 passed (5.0s)",
    "exunit": "5 tests, 0 failures",
}
FAILED = {
    "pytest": "FAILED tests/test_a.py::test_b - assert 3 == 4\n===== 1 failed, 3 passed in 0.12s =====",
    "pytest, collecting": "ERROR tests/test_a.py\n!!!! Interrupted !!!!\n===== 1 error in 0.12s =====",
    "unittest": "AssertionError: 1 != 2\n-----\nRan 4 tests in 0.001s\n\nFAILED (failures=1)\n",
    "jest": "  ● adds\n\nTest Suites: 1 failed, 1 total\nTests:       1 failed, 2 passed, 3 total\nTime: 1 s",
    "jest, a suite": "Test Suites: 1 failed, 1 total\nTests:       0 total\nSnapshots:   0 total",
    "vitest": " Test Files  1 failed | 3 passed (4)\n      Tests  1 failed | 10 passed (11)\n",
    "mocha": "  3 passing (20ms)\n  1 failing\n\n  1) adds:\n     AssertionError\n",
    "go": "--- FAIL: TestAdd (0.00s)\n    add_test.go:8: got 3\nFAIL\nFAIL\texample.com/m\t0.003s\nFAIL\n",
    "cargo": "thread 'b' panicked at src/lib.rs:1:9\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n",
    "rspec": "10 examples, 2 failures\n\nFailed examples:\n\nrspec ./spec/a_spec.rb:3 # A works\n",
    "maven": "[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0\n[INFO] BUILD FAILURE",
    "gradle": "5 tests completed, 1 failed\n\n* What went wrong:\n> There were failing tests.\nBUILD FAILED",
    "dotnet": "Failed!  - Failed:     1, Passed:     5, Skipped:     0, Total:     6",
    "phpunit": "FAILURES!\nTests: 5, Assertions: 10, Failures: 1.",
    "bun": " 2 pass\n 1 fail\nRan 3 tests across 1 file.",
    "deno": "FAILED | 2 passed | 1 failed (5ms)",
    "ctest": "80% tests passed, 1 tests failed out of 5",
    "gtest": "[  PASSED  ] 2 tests.\n[  FAILED  ] 1 test, listed below:",
    "exunit": "5 tests, 1 failure",
}


@pytest.mark.parametrize("said", PASSED.values(), ids=PASSED)
def test_tests_that_passed_are_known_by_their_summary(said: str) -> None:
    assert (outcome(said).tests, outcome(said).failed) == ("passed", False)


@pytest.mark.parametrize("said", FAILED.values(), ids=FAILED)
def test_tests_that_failed_are_known_by_their_summary(said: str) -> None:
    found = outcome(said)

    assert (found.tests, found.failed, found.severity) == ("failed", True, 2)


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("Exit code 2\nmake: *** No rule to make target 'x'.  Stop.", 2),
        ("Exit code 1\ncat: foo: No such file or directory", 1),
        ("Exit code: 1\nWall time: 0.1 seconds\nOutput:\nboom", 2),
        ("Chunk ID: a1\nWall time: 0.05 seconds\nProcess exited with code 2\nOutput:\nboom", 2),
        ('{"output":"error: bad\\n","metadata":{"exit_code":1,"duration_seconds":0.1}}', 2),
        ('{"success": false, "message": "no"}', 2),
        ("Exit code: 124\nWall time: 10 seconds\nOutput:\ncommand timed out after 10000 milliseconds\n", 3),
        ("Exit code: 139\nOutput:\n", 3),
        ("total 0\n[The command completed with exit code 1.]", 2),
        ("<returncode>1</returncode>\n<output>\nboom</output>", 2),
        ("<tool_use_error>String to replace not found in file.\nString: x</tool_use_error>", 1),
        ("apply_patch verification failed: Failed to find expected lines in /a/b.py:\nfoo", 1),
        ("/bin/bash: line 1: foo: command not found", 1),
        ("Error: File does not exist", 1),
    ],
)
def test_what_says_that_it_failed_is_believed(said: str, severity: int) -> None:
    found = outcome(said)

    assert (found.failed, found.is_stated, found.severity) == (True, True, severity)


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.\n", 2),
        ("a.c:3:1: error: expected ';'\n2 errors generated.\n", 2),
        ('running\nTraceback (most recent call last):\n  File "/a.py", line 3\nValueError: bad 3', 2),
        ("npm ERR! code ELIFECYCLE\nnpm ERR! errno 1", 2),
        ("starting\nSegmentation fault (core dumped)", 3),
        ("FATAL ERROR: Reached heap limit - JavaScript heap out of memory", 3),
        ("panic: runtime error: index out of range\n\ngoroutine 1 [running]:", 3),
        ("Killed", 3),
    ],
)
def test_the_end_of_a_programs_output_tells_a_failure_that_no_exit_code_told(
    said: str, severity: int
) -> None:
    found = outcome(said)

    assert (found.failed, found.is_stated, found.severity) == (True, False, severity)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "a\nb\n",
        "No files found",
        "Checked 10 files, no errors.",
        "Exit code: 0\nWall time: 0.1 seconds\nOutput:\nthat an error is a word\nand the end",
        "Success. Updated the following files:\nM a.py",
        "apply_patch: patch applied to a.py",
        "# How errors are handled\nAn error is an error.\n",
        "ok",
    ],
)
def test_what_went_well_is_no_failure(said: str) -> None:
    assert replace(outcome(said), answer=0) == Outcome(hash("call_1"))


def test_an_error_flag_is_believed_whatever_was_said() -> None:
    found = outcome("all fine", is_error=True)

    assert (found.failed, found.is_stated, found.severity > 0, found.signature != 0) == (
        True,
        True,
        True,
        True,
    )


def test_what_the_user_declined_is_no_failure_to_speak_of() -> None:
    found = outcome("The user doesn't want to proceed with this tool use.", is_error=True)

    assert (found.failed, found.severity) == (True, 0)


@pytest.mark.parametrize("content", [FAILED["pytest"], Shown(text=FAILED["pytest"])])
def test_a_block_says_the_same_as_a_string(content: Any) -> None:
    blocks = [Shown(text="collected 4 items"), Shown(type="image"), Shown(text=FAILED["pytest"])]

    assert replace(outcome(blocks), answer=0) == replace(outcome(content), answer=0)


def test_the_same_answer_is_known_again() -> None:
    assert outcome("3 left").answer == outcome([Shown(text="3 left")]).answer
    assert outcome("3 left").answer != outcome("2 left").answer


def test_an_object_that_answers_is_read_for_its_output_or_its_error() -> None:
    assert outcome(Raw(b'{"output":"1 failed in 2s"}')).tests == "failed"
    assert outcome(Raw(b'{"error":"no such file"}')).is_stated
    assert outcome(Raw(b'{"stdout":"x","exit_code":1}')).is_stated
    assert not outcome(Raw(b'{"output":"fine","error":null}')).failed


def test_only_the_ends_of_an_answer_are_looked_at() -> None:
    hidden = "Segmentation fault\n"

    assert not outcome("line\n" * 2000 + hidden + "line\n" * 2000).failed
    assert outcome("line\n" * 4000 + hidden).failed


SAME = (
    (
        "/tmp/run-1/a.py:10: ValueError: bad thing at 0x7f001122\n1 failed in 0.12s",
        "/home/me/b/a.py:99: ValueError: bad thing at 0x7faabbcc\n1 failed, 3 passed in 14.7s",
    ),
    ("--- FAIL: TestAdd (0.00s)\nFAIL\nFAIL\tm\t0.1s", "--- FAIL: TestAdd (12.3s)\nFAIL\nFAIL\tm\t2s"),
    (
        "FAILED /a/tests/test_x.py::test_add - assert 3 == 4\n1 failed in 1s",
        "FAILED /b/tests/test_x.py::test_add - assert 5 == 4\n1 failed in 2s",
    ),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_failure_is_recognised_at_another_time_and_place(one: str, other: str) -> None:
    assert outcome(one).signature == outcome(other).signature != 0


def test_two_failures_are_two() -> None:
    one = "FAILED tests/test_x.py::test_add - assert 3 == 4\n1 failed in 1s"
    other = "FAILED tests/test_x.py::test_subtract - KeyError: 'a'\n1 failed in 1s"

    assert outcome(one).signature != outcome(other).signature


@pytest.mark.parametrize(
    "said",
    [
        "Exit code 1",
        "Error: Exit code 1",
        "Command failed with exit code 3.",
        "Exit code: 1\nWall time: 0.1 seconds\nOutput:\n",
        "Process exited with code 1\nOutput:\n",
        '{"output":"","metadata":{"exit_code":1,"duration_seconds":0.1}}',
        "<returncode>1</returncode>\n<output>\n</output>",
    ],
)
def test_an_exit_code_alone_tells_no_failure_from_others(said: str) -> None:
    found = outcome(said)

    assert (found.failed, found.severity, found.signature) == (True, 2, 0)


_pieces = st.lists(
    st.sampled_from(
        [*PASSED.values(), *FAILED.values(), "exit code ", "-1", "\n", "{", '"error":', "\\n", ": "]
    )
    | st.text(max_size=40)
).map("".join)


@given(said=_pieces, is_error=st.none() | st.booleans())
def test_no_answer_makes_it_raise_and_only_failures_have_signatures(said: str, is_error: bool | None) -> None:
    found = outcome(said, is_error=is_error)

    assert found.failed or not found.signature
    assert found.failed or not (is_error or found.severity or found.is_stated)
