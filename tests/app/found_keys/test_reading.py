"""Files of other clients, whole and broken."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.found_keys.reading import tree_of, variables_of


@pytest.mark.parametrize(
    ("name", "content", "tree"),
    [
        ("a.json", b'{"a": {"b": 1}}', {"a": {"b": 1}}),
        ("a.json", b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ("a.json", b'{"a": 1', None),
        ("a.json", b"\xff\xfe{}", None),
        ("a.json", b"[" * 100_000, None),
        ("a.toml", b"[a]\nb = 1\n", {"a": {"b": 1}}),
        ("a.toml", b"[a\n", None),
        (".env", b"A=1\nexport B='x y' # note\n", {"A": "1", "B": "x y"}),
    ],
)
def test_a_file_is_understood_or_means_nothing(
    tmp_path: Path, name: str, content: bytes, tree: object
) -> None:
    (tmp_path / name).write_bytes(content)
    assert tree_of(tmp_path / name) == tree


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_what_is_no_file_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    assert tree_of(tmp_path / "folder.json") is None
    assert tree_of(tmp_path / "pipe.json") is None
    assert tree_of(tmp_path / "absent.json") is None


def test_more_than_settings_ever_are_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_bytes(b'{"a": "' + b"x" * 1_000_000 + b'"}')
    assert tree_of(tmp_path / "long.json") is None


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("A=b", "A", "b"),
        ("  export A = b  ", "A", "b"),
        ('A="b # c"', "A", "b # c"),
        ("A=b # c", "A", "b"),
        ("A=b#c", "A", "b#c"),
        ("A=", "A", ""),
    ],
)
def test_an_assignment_is_read_as_shells_read_it(line: str, name: str, value: str) -> None:
    assert variables_of(line) == {name: value}


@pytest.mark.parametrize("line", ["# A=b", "1A=b", "just words", ""])
def test_other_lines_assign_nothing(line: str) -> None:
    assert variables_of(line) == {}


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(name.isascii() for name in variables_of(text))
