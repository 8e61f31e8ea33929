"""The scanner finds every key and value that tomllib sees, where it stands."""

import tomllib
from typing import Any

import pytest
from hypothesis import given

from app.toml.scan import Entry, KeyPath, Kind, scan
from tests.app.toml.documents import documents


def leaves(tree: Any, path: KeyPath = ()) -> dict[KeyPath, Any]:
    """Every value that holds no other one, by path."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found: dict[KeyPath, Any] = {}
    for step, child in children:
        found |= leaves(child, (*path, step))
    return found or ({path: tree} if path else {})


def parsed(text: str) -> Any:
    return tomllib.loads(f"v = {text}")["v"]


def at(tree: Any, path: KeyPath) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def found_in(text: str, kind: Kind) -> list[tuple[KeyPath, str, str]]:
    return [(e.path, e.key.of(text), e.value.of(text)) for e in scan(text) if e.kind is kind]


@given(documents())
def test_every_leaf_is_found_and_its_slice_means_the_same(text: str) -> None:
    tree = tomllib.loads(text)
    entries = scan(text)
    places = {entry.path: entry for entry in entries if not entry.is_header}

    for path, value in leaves(tree).items():
        entry = places.get(path)
        if entry is None:  # an empty [table] has a header and no value
            assert value == {}
            assert path in {entry.path for entry in entries if entry.is_header}
        else:
            assert parsed(entry.value.of(text)) == value


@given(documents())
def test_every_value_found_is_one_that_tomllib_sees_too(text: str) -> None:
    tree = tomllib.loads(text)

    for entry in scan(text):
        if entry.is_header:
            assert isinstance(at(tree, entry.path), dict)
        else:
            assert parsed(entry.value.of(text)) == at(tree, entry.path)


@given(documents())
def test_a_key_is_sliced_as_it_is_written(text: str) -> None:
    for entry in scan(text):
        if entry.kind is Kind.ELEMENT:
            assert entry.key.of(text) == ""
        else:
            names = list(_names(tomllib.loads(f"{entry.key.of(text)} = 0")))
            own = [step for step in entry.path if isinstance(step, str)]
            assert own[-len(names) :] == names


def _names(tree: Any) -> Any:
    while isinstance(tree, dict):
        ((name, tree),) = tree.items()
        yield name


@given(documents())
def test_bodies_of_headers_follow_each_other_and_hold_their_pairs(text: str) -> None:
    header: Entry | None = None
    for entry in scan(text):
        if entry.is_header:
            assert header is None or header.value.end <= entry.key.start
            header = entry
        elif header is not None:
            assert header.value.start <= entry.key.start <= entry.value.end <= header.value.end


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a = 1 # one", [(("a",), "a", "1")]),
        ("a.b . c=1", [(("a", "b", "c"), "a.b . c", "1")]),
        ("'x.y'.\"z\\u0041\" = 1", [(("x.y", "zA"), "'x.y'.\"z\\u0041\"", "1")]),
        ('a = """\n"""""', [(("a",), "a", '"""\n"""""')]),
        ("a = '''x = 1\n[b]''' # c", [(("a",), "a", "'''x = 1\n[b]'''")]),
        ("a = 1979-05-27 07:32:00 # date", [(("a",), "a", "1979-05-27 07:32:00")]),
        ('a = "#"\r\nb = 2\r\n', [(("a",), "a", '"#"'), (("b",), "b", "2")]),
        ("[a]\nb = {c = 1}", [(("a", "b"), "b", "{c = 1}"), (("a", "b", "c"), "c", "1")]),
        ("[[a]]\n[[a]]\n[[a.b]]\nc = 1", [(("a", 1, "b", 0, "c"), "c", "1")]),
        (
            "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2",
            [(("a", 0, "b", "c"), "c", "1"), (("a", 1, "b", "c"), "c", "2")],
        ),
    ],
)
def test_pairs(text: str, pairs: list[tuple[KeyPath, str, str]]) -> None:
    tomllib.loads(text)
    assert found_in(text, Kind.PAIR) == pairs


def test_array_elements_stand_between_comments() -> None:
    text = "a = [ # start\n  1, # one\n  # two\n  [2, 3] ,\n]"

    assert found_in(text, Kind.ELEMENT) == [
        (("a", 0), "", "1"),
        (("a", 1), "", "[2, 3]"),
        (("a", 1, 0), "", "2"),
        (("a", 1, 1), "", "3"),
    ]


def test_a_body_reaches_to_the_next_header() -> None:
    text = "x = 1\n[ a ] # c\ny = 2\n\n[[b]]"

    assert found_in(text, Kind.TABLE) == [(("a",), "a", " # c\ny = 2\n\n")]
    assert found_in(text, Kind.TABLE_ELEMENT) == [(("b", 0), "b", "")]
