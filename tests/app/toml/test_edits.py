"""An edit changes what it says and keeps every other character."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.toml.edits import Assign, Edit, Remove, TomlEditError, edited
from app.toml.layout import Layout
from app.toml.scan import Entry, KeyPath, Kind
from app.toml.trees import is_same, value_at, with_value, without_value
from tests.app.toml.documents import documents

EXAMPLE = files("resources").joinpath("config.example.toml").read_text("utf-8")

TREES = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda child: st.one_of(
        st.lists(child, max_size=3), st.dictionaries(st.text(max_size=3), child, max_size=3)
    ),
    max_leaves=5,
)


def paths_of(tree: Any, path: KeyPath = ()) -> list[KeyPath]:
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    below = [found for step, child in children for found in paths_of(child, (*path, step))]
    return [path, *below] if path else below


def is_subsequence(lines: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(line in rest for line in lines)


def end_of_pairs(layout: Layout, header: Entry) -> int:
    inside = [e.value.end for e in layout.entries if header.value.start <= e.key.start < header.value.end]
    return max(inside, default=header.key.end)


def lines_without(text: str, path: KeyPath) -> list[str]:
    """The lines that an edit of the path has no business with: those outside its sections and pairs."""
    layout, lines = Layout(text), text.splitlines()
    touched: set[int] = set()
    for entry in layout.entries:
        is_around = path[: len(entry.path)] == entry.path and not entry.is_header
        if entry.path[: len(path)] == path or is_around:
            end = end_of_pairs(layout, entry) if entry.is_header else entry.value.end
            first, _ = layout.line_and_column(entry.key.start)
            last, _ = layout.line_and_column(max(entry.key.start, end - 1))
            touched |= set(range(first, last + 1))
            if entry.is_header:
                touched |= set(comments_around(lines, first, last))
    return [line for number, line in enumerate(lines, start=1) if number not in touched and line.strip()]


def comments_around(lines: list[str], first: int, last: int) -> Iterator[int]:
    """The numbers of the comment lines that touch a section."""
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
        yield first
    while last < len(lines) and lines[last].lstrip().startswith("#"):
        last += 1
        yield last


def is_one_of_several_sections(text: str, path: KeyPath) -> bool:
    layout = Layout(text)
    sections = [e for e in layout.entries if e.kind is Kind.TABLE_ELEMENT and e.path[:-1] == path[:-1]]
    return len(sections) > 1 and path in {section.path for section in sections}


def without_empty(tree: Any, path: KeyPath) -> Any:
    """A table or array whose last part was removed may be there, empty, or be gone with it."""
    for length in range(len(path) - 1, 0, -1):
        if value_at(tree, path[:length]) in ({}, []) and isinstance(path[length - 1], str):
            tree = without_value(tree, path[:length])
    return tree


@given(documents(), st.data())
def test_any_value_of_any_document_can_be_set(text: str, data: st.DataObject) -> None:
    tree = tomllib.loads(text)
    path = data.draw(st.sampled_from(paths_of(tree) or [("new",)]))
    value = data.draw(TREES)

    if is_one_of_several_sections(text, path) and not isinstance(value, dict):
        with pytest.raises(TomlEditError, match="can only be a table"):
            edited(text, [Assign(path, value)])
        return
    result = edited(text, [Assign(path, value)])

    assert is_same(tomllib.loads(result), with_value(tree, path, value))
    assert is_subsequence(lines_without(text, path), result.splitlines())


@given(documents(), st.data())
def test_any_value_of_any_document_can_be_removed(text: str, data: st.DataObject) -> None:
    tree = tomllib.loads(text)
    path = data.draw(st.sampled_from(paths_of(tree) or [("absent",)]))

    result = edited(text, [Remove(path)])

    assert without_empty(tomllib.loads(result), path) == without_empty(without_value(tree, path), path)
    assert is_subsequence(lines_without(text, path), result.splitlines())


CASES: list[tuple[str, Edit, str]] = [
    ("a = 1 # one\n", Assign(("a",), 2), "a = 2 # one\n"),
    ("", Assign(("routing", "enabled"), False), "[routing]\nenabled = false\n"),
    ("", Assign(("version",), 1), "version = 1\n"),
    ("# top\n", Assign(("a", "b"), 1), "# top\n\n[a]\nb = 1\n"),
    ("x = 1", Assign(("a", "b"), 1), "x = 1\n\n[a]\nb = 1"),
    (
        "[a]\nx = 1\n\n# about b\n[b]\n",
        Assign(("a", "y"), 2),
        "[a]\nx = 1\ny = 2\n\n# about b\n[b]\n",
    ),
    ("[a]\r\nx = 1\r\n", Assign(("a", "y"), 2), "[a]\r\nx = 1\r\ny = 2\r\n"),
    ("# c\n[b]\n", Assign(("a",), 2), "a = 2\n\n# c\n[b]\n"),
    ("  [a]\n\tx = 1\n", Assign(("a", "y"), 2), "  [a]\n\tx = 1\n\ty = 2\n"),
    ("a = { x = 1 }\n", Assign(("a", "y"), 2), "a = { x = 1, y = 2 }\n"),
    ("a = {}\n", Assign(("a", "y"), 2), "a = { y = 2 }\n"),
    ("a.x = 1\nb = 2\n", Assign(("a", "y"), 2), "a.x = 1\na.y = 2\nb = 2\n"),
    ("t = { a.x = 1 }\n", Assign(("t", "a", "y"), 2), "t = { a.x = 1, a.y = 2 }\n"),
    (
        "[p.x]\nk = 1\n[z]\n",
        Assign(("p", "my.host", "on"), True),
        '[p.x]\nk = 1\n\n[p."my.host"]\non = true\n\n[z]\n',
    ),
    (
        '[prices."p/m"]\ninput = 1\n',
        Assign(("prices", "p/m", "input"), 2.5),
        '[prices."p/m"]\ninput = 2.5\n',
    ),
    (
        "s = [\n  1, # one\n  2, # two\n]\n",
        Assign(("s",), [1, 2, 3]),
        "s = [\n  1, # one\n  2, # two\n  3,\n]\n",
    ),
    (
        "s = [\n  1, # one\n  2 # two\n]\n",
        Assign(("s",), [1, 2, 3]),
        "s = [\n  1, # one\n  2, # two\n  3\n]\n",
    ),
    ("s = [\n  1, # one\n  2, # two\n]\n", Assign(("s",), [2]), "s = [\n  2, # two\n]\n"),
    ("s = [1, 3]\n", Assign(("s",), [1, 2, 3]), "s = [1, 2, 3]\n"),
    ("s = [{ w = 1 }, 'x'] # s\n", Assign(("s", 0, "w"), 2), "s = [{ w = 2 }, 'x'] # s\n"),
    (
        "[[r]]\na = 1\n\n# two\n[[r]]\na = 2\n",
        Assign(("r", 0, "b"), 3),
        "[[r]]\na = 1\nb = 3\n\n# two\n[[r]]\na = 2\n",
    ),
    (
        "[[r]]\na = 1\n\n[z]\n",
        Assign(("r", 1), {"a": 2}),
        "[[r]]\na = 1\n\n[[r]]\na = 2\n\n[z]\n",
    ),
    ("[[r]]\na = 1\n", Assign(("r",), [{"a": 0}, {"a": 1}]), "[[r]]\na = 0\n\n[[r]]\na = 1\n"),
    ("a = 1 # one\n# two\nb = 2\n", Remove(("a",)), "# two\nb = 2\n"),
    ("a = { x = 1, y = 2 }\n", Remove(("a", "x")), "a = { y = 2 }\n"),
    ("a = { x = 1, y = 2 }\n", Remove(("a", "y")), "a = { x = 1 }\n"),
    ("[a]\nx = 1\n\n# about b\n[b]\ny = 1\n", Remove(("a",)), "# about b\n[b]\ny = 1\n"),
    ("[a]\nx = 1\n\n# about b\n[b]\ny = 1\n# y = 2\n", Remove(("b",)), "[a]\nx = 1\n\n"),
    ("[a]\n# x = 1\n\n# far\n\n[b]\n", Remove(("a",)), "# far\n\n[b]\n"),
    ("a = { x = 1 }\n", Remove(("a", "x")), "a = {}\n"),
    ("a = { x.y = 1 }\n", Remove(("a", "x", "y")), "a = {}\n"),
    ("a = [ 1 ]\n", Remove(("a", 0)), "a = []\n"),
    ("[[r]]\na = 1\n[r.t]\nx = 1\n[[r]]\na = 2\n", Remove(("r", 0)), "[[r]]\na = 2\n"),
    ("x = 1\ny = 2", Remove(("y",)), "x = 1"),
    ("x = 1\n", Remove(("absent", "key")), "x = 1\n"),
]


@pytest.mark.parametrize(("text", "edit", "expected"), CASES)
def test_an_edit_reads_as_if_a_person_had_made_it(text: str, edit: Edit, expected: str) -> None:
    assert edited(text, [edit]) == expected


@given(st.data())
def test_edits_of_the_example_keep_every_other_line(data: st.DataObject) -> None:
    text = EXAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        tree = tomllib.loads(text)
        path = data.draw(st.sampled_from(paths_of(tree)))
        value = {} if isinstance(value_at(tree, path), dict) else data.draw(TREES)
        edit = data.draw(st.sampled_from([Remove(path), Assign(path, value)]))
        kept, text = lines_without(text, path), edited(text, [edit])

        assert is_subsequence(kept, text.splitlines())


def test_setting_what_is_there_already_changes_nothing() -> None:
    tree = tomllib.loads(EXAMPLE)

    assert edited(EXAMPLE, [Assign((name,), value) for name, value in tree.items()]) == EXAMPLE
