"""An edit that cannot be made is refused in a sentence that says why."""

import functools
from importlib.resources import files

import pytest

from app.toml.edits import Assign, Edit, TomlEditError, edited

EXAMPLE = files("resources").joinpath("config.example.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Assign((), 1), "name a key"),
        (Assign(("routes", 7, "strict"), True), r"no place for \[7\]"),
        (Assign(("server", "port", "x"), 1), "no place for x"),
        (Assign(("routes", "x"), 1), "no place for x"),
        (Assign(("ui", "language"), "\ud83d"), r"half a character \(U\+D83D\) cannot be written"),
        (Assign(("providers", "\udc00", "kind"), "ollama"), "half a character"),
        (
            Assign(
                ("providers", "x", "headers"), functools.reduce(lambda deep, _: {"a": deep}, range(3000), {})
            ),
            "nested too deeply",
        ),
    ],
)
def test_an_edit_without_a_place_is_refused(edit: Edit, message: str) -> None:
    with pytest.raises(TomlEditError, match=message):
        edited(EXAMPLE, [edit])
