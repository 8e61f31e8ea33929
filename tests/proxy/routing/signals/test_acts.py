"""What a call of a tool does, and whether it is the same call again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from proxy.routing.signals.acts import act_of, sort_of
from proxy.routing.signals.seen import Called
from proxy.routing.signals.shell import sort_of_shell


def called(name: str, arguments: Any, id_: str = "1") -> Called:
    return Called(name, id_, Raw(json.dumps(arguments).encode()))


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        *(
            (name, "edit")
            for name in ("Edit", "Write", "MultiEdit", "apply_patch", "str_replace", "write_to_file")
        ),
        *(
            (name, "edit")
            for name in ("replace_in_file", "NotebookEdit", "mcp__fs__edit_lines", "create_text_file")
        ),
        *(
            (name, "read")
            for name in ("Read", "read_file", "LS", "list_dir", "mcp__fs__read_text_file", "readFile")
        ),
        *((name, "search") for name in ("Grep", "Glob", "search_files", "codebase_search", "WebSearch")),
        *((name, "run") for name in ("Bash", "shell", "exec_command", "run_terminal_cmd", "local_shell")),
        *((name, "delegate") for name in ("Task", "Agent", "spawn_agent", "new_task")),
        *(
            (name, "other")
            for name in ("TodoWrite", "update_plan", "create_issue", "mcp__x__list_outputs", "", "job")
        ),
        *(
            (name, "wait")
            for name in ("BashOutput", "TaskOutput", "KillShell", "write_stdin", "get_terminal_output")
        ),
        *((name, "wait") for name in ("mcp__x__wait", "job_status", "stop_background_process")),
    ],
)
def test_tools_are_known_by_name(name: str, sort: str) -> None:
    assert sort_of(name) == sort


@pytest.mark.parametrize(
    ("command", "sort"),
    [
        ('cd /x && rg "a|b; c" src | head -5', "search"),
        ("find . -name '*.py' | xargs grep foo", "search"),
        ("git grep foo", "search"),
        ("sed -n 1,20p a.py", "read"),
        ("ls -la && cat x.txt 2>/dev/null", "read"),
        ("git log --oneline | head", "read"),
        ("git diff HEAD~1 -- a.py", "read"),
        ("pytest -q 2>&1 | tail -20", "run"),
        ("FOO=1 timeout 30 python -m pytest > out.txt", "run"),
        ("cargo test && cat log", "run"),
        ("git commit -m 'a; b'", "run"),
        ("python - <<EOF\nprint(open('x'))\nEOF", "run"),
        ("sed -i s/a/b/ x", "edit"),
        ("cat > a.py <<EOF\nimport x\nEOF", "edit"),
        ("echo hi > a.txt", "edit"),
        ("apply_patch <<'EOF'\n*** Begin Patch\n*** End Patch\nEOF", "edit"),
        ("git apply fix.patch", "edit"),
        ("", "run"),
    ],
)
def test_a_command_is_known_by_the_programs_it_starts(command: str, sort: str) -> None:
    assert act_of(called("Bash", {"command": command, "description": "x"})).sort == sort
    assert act_of(called("shell", {"command": ["bash", "-lc", command]})).sort == sort
    assert act_of(Called("exec_command", "1", json.dumps({"cmd": command}))).sort == sort


def test_a_command_in_words_needs_no_shell() -> None:
    assert act_of(called("shell", {"command": ["rg", "-n", "foo|bar; baz"]})).sort == "search"
    assert act_of(called("shell", {"command": ["apply_patch", "*** Begin Patch\n"]})).sort == "edit"
    assert act_of(called("shell", {"commands": ["ls -l"]})).sort == "read"
    assert sort_of_shell("python x.py") == "run"


def test_an_editor_that_only_shows_a_file_reads() -> None:
    shows, changes = ({"command": does, "path": "a"} for does in ("view", "create"))

    assert act_of(called("str_replace_based_edit_tool", shows)).sort == "read"
    assert act_of(called("str_replace_based_edit_tool", changes)).sort == "edit"


def test_the_same_call_again_is_recognised_by_name_and_arguments() -> None:
    first, again = called("Read", {"path": "a"}, "1"), called("Read", {"path": "a"}, "2")

    assert act_of(first).signature == act_of(again).signature
    assert act_of(first).call != act_of(again).call
    assert act_of(first).signature != act_of(called("Read", {"path": "b"})).signature
    assert act_of(first).signature != act_of(called("View", {"path": "a"})).signature


def test_long_arguments_differ_by_their_length_though_they_begin_alike() -> None:
    short, long = ({"path": "a", "content": "x" * size} for size in (2000, 2001))

    assert act_of(called("Write", short)).signature != act_of(called("Write", long)).signature


@given(name=st.text(max_size=200), arguments=st.text(max_size=200) | st.binary(max_size=50).map(Raw))
def test_nothing_that_a_model_writes_makes_it_raise(name: str, arguments: Raw | str) -> None:
    assert act_of(Called(name, "", arguments)) == act_of(Called(name, "", arguments))
    sort_of_shell(str(arguments))
