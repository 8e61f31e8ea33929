"""How work with tools has gone, in lifelike stories, the same in every format."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals import Messages, signals
from proxy.routing.signals.trajectory import NO_TRAJECTORY, Trajectory
from proxy.wire.format import Format
from tests.proxy.routing.signals.asking import REMINDER, looked, read
from tests.proxy.routing.signals.stories import Did, Told, body, edited, looked_at, ran, searched

FORMATS = (Format.ANTHROPIC, Format.OPENAI_CHAT, Format.RESPONSES, Format.GEMINI)
FAILS = "FAILED tests/test_a.py::test_add - assert 3 == 4\n===== 1 failed, 3 passed in 0.12s ====="
PASSES = "===== 4 passed in 0.10s ====="
NOT_APPLIED = "<tool_use_error>String to replace not found in file.</tool_use_error>"


def suite(at: int, answer: str = FAILS) -> Any:
    return ran("pytest -q", answer.replace("0.1", f"{at}.1"))


def seen(told: Told, written: Format = Format.ANTHROPIC) -> Trajectory:
    return read(body(told, written), written).trajectory


STORIES: dict[str, tuple[Told, dict[str, Any]]] = {
    "a fix that ends green": (
        ["fix it", looked_at(), suite(1), edited(), suite(2, PASSES)],
        {"results": 4, "failures": 1, "edits": 1, "tests": "passing", "is_green": True},
    ),
    "an edit that is tested": (
        ["add it", edited(), ran("pytest", PASSES)],
        {"results": 2, "edits": 1, "tests": "passing", "is_green": True},
    ),
    "tests that passed all the time": (
        ["is all well?", ran("pytest", PASSES)],
        {"results": 1, "tests": "passing"},
    ),
    "the same failing test three times": (
        ["fix it", suite(1), edited("a"), suite(2), edited("b"), suite(3)],
        {"results": 5, "severity": 2, "failures": 3, "repeated": 3, "edits": 2, "tests": "failing"},
    ),
    "other tests that fail three times": (
        ["fix it", *(ran(f"pytest {one}", f"FAILED {one} - {one}Error\n1 failed in 1s") for one in "abc")],
        {"results": 3, "severity": 2, "failures": 3, "repeated": 3, "spinning": True, "tests": "failing"},
    ),
    "endless greps": (
        ["where is it?", *(searched(words) for words in ("a", "b", "a", "b", "a", "c"))],
        {"results": 6, "exploring": True, "spinning": True},
    ),
    "greps that find their way": (
        ["where is it?", *(searched(words) for words in "abcdefgh")],
        {"results": 8, "exploring": True},
    ),
    "a file that speaks of failures": (
        ["read it", *(looked_at(path, f"{FAILS}\nSegmentation fault") for path in "abc")],
        {"results": 3, "exploring": True},
    ),
    "an edit that is not applied": (
        ["change it", looked_at(), edited(answer=NOT_APPLIED, is_error=True)],
        {"results": 2, "severity": 1, "failures": 1},
    ),
    "an edit that is applied at last": (
        [
            "change it",
            edited(answer=NOT_APPLIED, is_error=True),
            edited(answer=NOT_APPLIED, is_error=True),
            edited(),
        ],
        {"results": 3, "severity": 1, "failures": 2, "edits": 1},
    ),
    "a segmentation fault": (
        ["run it", ran("./a.out", "Segmentation fault (core dumped)")],
        {"results": 1, "severity": 3, "failures": 1, "repeated": 1},
    ),
    "a crash that was overcome by the same call": (
        ["run it", ran("./a.out", "Segmentation fault (core dumped)"), edited(), ran("./a.out", "fine")],
        {"results": 3, "failures": 1, "edits": 1},
    ),
    "a build that fails three times without an edit": (
        ["build it", *(ran(f"make {one}", f"a.c:1: error: {one}{one}{one}") for one in "xyz")],
        {"results": 3, "severity": 2, "failures": 3, "repeated": 1, "spinning": True},
    ),
    "a crash long ago": (
        ["go", ran("./a.out", "Killed"), *(looked_at(path) for path in "abcdef")],
        {"results": 7, "failures": 1, "repeated": 1},
    ),
    "a search that fails": (
        ["look", ran("grep x y", "Exit code 2\ngrep: y: No such file or directory", is_error=True)],
        {"results": 1, "severity": 1, "failures": 1},
    ),
    "searches that find nothing": (
        ["look", *(ran(f"grep {one} src", "Exit code 1", is_error=True) for one in "ab")],
        {"results": 2, "severity": 1, "failures": 2},
    ),
    "files that are not there": (
        ["look", *(ran(f"cat {one}", f"Exit code 1\ncat: {one}: No such file or directory") for one in "ab")],
        {"results": 2, "severity": 1, "failures": 2},
    ),
    "files that differ": (
        ["compare", *(ran(f"diff {one} x", "Exit code 1\n1c1\n< a\n> b", is_error=True) for one in "abc")],
        {"results": 3, "severity": 1, "failures": 3},
    ),
    "programs that only tell that they failed": (
        ["build it", *(ran(f"make {one}", "Exit code 2", is_error=True) for one in "ab")],
        {"results": 2, "severity": 2, "failures": 2},
    ),
    "the same page over and over": (
        ["wait for it", *(ran("curl -s host/state", f"{at} of 9") for at in range(8))],
        {"results": 8},
    ),
    "the same page with the same words": (
        ["wait for it", *(ran("curl -s host/state", "none") for _ in range(8))],
        {"results": 8, "spinning": True},
    ),
    "words alone": (["hello", "and again"], {}),
}


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize(("told", "expected"), STORIES.values(), ids=STORIES)
def test_a_story_is_understood_in_every_format(told: Told, expected: dict[str, Any], written: Format) -> None:
    assert seen(told, written) == Trajectory(**expected)


@pytest.mark.parametrize(("told", "expected"), [story for story in STORIES.values() if story[1]])
def test_at_the_next_typed_turn_it_is_the_work_for_the_request_before(
    told: Told, expected: dict[str, Any]
) -> None:
    assert seen([*told, "and now the next"]) == Trajectory(**expected)
    assert seen([*told, "and now the next", "or rather that"]) == NO_TRAJECTORY


def test_what_was_done_for_earlier_requests_does_not_count() -> None:
    assert seen(["one", suite(1), suite(2), "two", looked_at()]) == Trajectory(results=1)


def test_answering_the_typed_turn_again_looks_at_what_was_done_before_it() -> None:
    asked = read(body(["fix it", suite(1), "again", looked_at()], Format.ANTHROPIC))

    assert (asked.trajectory.failures, asked.as_typed().trajectory.failures) == (0, 1)


def test_only_the_last_results_are_looked_at() -> None:
    told: Told = ["go", suite(1), *(looked_at(str(path)) for path in range(30))]

    assert seen(told) == Trajectory(results=24, exploring=True)


def test_results_of_calls_side_by_side_find_their_calls() -> None:
    calls = [
        {"type": "tool_use", "id": "b", "name": "Bash", "input": {"command": "pytest"}},
        {"type": "tool_use", "id": "r", "name": "Read", "input": {"file_path": "a"}},
    ]
    results = [
        {"type": "tool_result", "tool_use_id": "r", "content": FAILS},
        {"type": "tool_result", "tool_use_id": "b", "content": PASSES},
    ]
    talk = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": calls},
        {"role": "user", "content": results},
    ]

    assert read({"messages": talk}).trajectory == Trajectory(results=2, tests="passing")


def test_what_a_user_declined_neither_fails_nor_edits() -> None:
    told: Told = ["go", edited(answer="The user doesn't want to proceed with this tool use.", is_error=True)]

    assert seen(told) == Trajectory(results=1)


def test_waiting_for_the_same_again_is_no_spinning() -> None:
    polls = [
        {
            "type": kind,
            "call_id": str(at),
            "name": "write_stdin",
            "arguments": '{"chars":""}',
            "output": "...",
        }
        for at in range(9)
        for kind in ("function_call", "function_call_output")
    ]
    asked = read({"input": [{"role": "user", "content": "go"}, *polls]}, Format.RESPONSES)

    assert asked.trajectory == Trajectory(results=9)


@pytest.mark.parametrize("tool", ["BashOutput", "TaskOutput", "write_stdin", "KillShell"])
@pytest.mark.parametrize("answers", [["still at it"] * 9, [f"line {at}" for at in range(9)]])
def test_polling_in_the_background_is_no_spinning(tool: str, answers: list[str]) -> None:
    told: Told = ["go", *(Did(tool, {"id": "b1"}, answer) for answer in answers)]

    assert seen(told) == Trajectory(results=9)


def test_tests_that_ran_in_the_background_count() -> None:
    told: Told = ["go", ran("pytest &", "b1"), Did("BashOutput", {"id": "b1"}, FAILS)]

    assert (seen(told).tests, seen(told).severity) == ("failing", 2)


def test_one_failure_that_is_polled_twice_is_no_repeated_one() -> None:
    polls = [Did("TaskOutput", {"id": "b1"}, FAILS), Did("TaskOutput", {"id": "b1"}, f"more\n{FAILS}")]

    assert seen(["go", *polls]).repeated == 0
    assert seen(["go", *polls, suite(1), suite(2)]).repeated == 2


_steps = st.lists(
    st.sampled_from(
        [
            *(looked_at(path) for path in "ab"),
            *(searched(words) for words in "ab"),
            edited(),
            edited(answer=NOT_APPLIED, is_error=True),
            *(ran("pytest", answer) for answer in (FAILS, PASSES)),
            ran("./a.out", "Killed"),
            ran("make", "Exit code 2\nmake: *** [all] Error 2", is_error=True),
        ]
    ),
    max_size=40,
)
_words = st.sampled_from(["hello", "fix it", "ok", "Traceback (most recent call last):", "1 failed in 2s"])


@given(done=_steps, one=_words, other=_words)
def test_it_depends_on_nothing_but_what_was_done(done: list[Any], one: str, other: str) -> None:
    plain = body([one, *done], Format.ANTHROPIC)
    dressed = body([other, *done], Format.ANTHROPIC)
    dressed["system"] = f"{one} segmentation fault"
    dressed["tools"] = [{"name": "Bash", "input_schema": {"type": "object"}}]
    dressed["messages"].insert(1, {"role": "user", "content": REMINDER})

    assert read(plain).trajectory == read(dressed).trajectory


@given(done=_steps)
def test_a_story_is_the_same_in_all_formats_and_within_its_bounds(done: list[Any]) -> None:
    told = seen(["go", *done])

    assert all(seen(["go", *done], written) == told for written in FORMATS)
    assert told.results == min(len(done), 24)
    assert told.failures <= told.results
    assert told.repeated <= told.failures
    assert not (told.exploring and (told.edits or told.failures))
    assert told.is_green <= (told.tests == "passing")


@given(done=_steps)
def test_a_conversation_that_grows_tells_what_it_tells_at_once(done: list[Any]) -> None:
    known = Messages()
    for end in range(len(done) + 1):
        grown = signals(looked(body(["go", *done[:end]], Format.ANTHROPIC)), known).trajectory

    assert grown == seen(["go", *done])


def test_no_words_of_results_or_calls_are_kept() -> None:
    known = Messages()
    told: Told = ["go", ran("open sesame", "error: sesame\n1 failed in 2s"), looked_at("sesame")]
    assert signals(looked(body(told, Format.ANTHROPIC)), known).trajectory.failures == 1
    kept = [*known.facts._young.values()]

    assert all(one.deeds is not None for one in kept if one.has_tools)
    assert "sesame" not in json.dumps([msgspec.to_builtins(one, enc_hook=str) for one in kept])


_ODD = [None, 3, "x", [], {}, [3], {"text": 5}, [{"type": "text", "text": 7}], True]


@pytest.mark.parametrize("odd", _ODD)
def test_odd_values_count_as_nothing(odd: Any) -> None:
    call = {"type": "tool_use", "id": odd, "name": odd, "input": odd}
    result = {"type": "tool_result", "tool_use_id": odd, "content": odd, "is_error": odd}
    anthropic = [{"role": "user", "content": "go"}, {"role": "assistant", "content": [call]}]
    chat = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "tool_calls": [{"id": odd, "function": {"name": odd, "arguments": odd}}]},
        {"role": "tool", "tool_call_id": odd, "content": odd},
    ]
    items = [
        {"role": "user", "content": "go"},
        {"type": "custom_tool_call", "call_id": odd, "name": odd, "input": odd, "arguments": odd},
        {"type": "function_call_output", "call_id": odd, "output": odd, "success": odd},
    ]
    parts = [
        {"role": "user", "parts": [{"text": "go"}]},
        {"role": "model", "parts": [{"functionCall": {"name": odd, "args": odd}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": odd, "response": odd}}]},
    ]

    told = [
        read({"messages": [*anthropic, {"role": "user", "content": [result]}]}).trajectory,
        read({"messages": chat}, Format.OPENAI_CHAT).trajectory,
        read({"input": items}, Format.RESPONSES).trajectory,
        read({"contents": parts}, Format.GEMINI).trajectory,
    ]

    assert [one.results for one in told if not one.failures] == [1] * (3 if odd is True else 4)
